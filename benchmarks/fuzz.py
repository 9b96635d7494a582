"""Feeds the pipeline what nobody would send: ``python -m benchmarks.fuzz [--seconds 600] [--seed 1] [--keep FOLDER]``.

Each input is a seed, or a generated file of another format, changed at random. Bytes must become a report or a declared
refusal, within a time limit, in one piece of memory. Every figure must quote the text where it says it stands, and the
quoted place must read to the figure's value again. ``--only N`` makes and reads input N once more.
"""

import argparse
import io
import random
import resource
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from tests.fixtures import packages
from tests.fixtures.pdf import PdfPage, pdf
from worker import pipeline
from worker.draft import Draft
from worker.errors import IngestError
from worker.extract.language.reading_text import fold
from worker.extract.numbers.joined import with_steps
from worker.extract.numbers.scan import find_candidates
from worker.report_writer import Origin, metrics_of
from worker.tools import Tools, load_tools

ROOT = Path(__file__).parents[1]
LIMIT_S = 20.0
LARGEST_BYTES = 60_000
CHILD_BYTES = 3_000_000_000
TEXT_ENCODINGS = ("utf-8", "gb18030", "big5", "utf-16", "utf-16-le", "utf-8-sig", "gbk", "utf-32")
# What formats and figures are made of, and what their readers stumble over.
TOKENS = (
    *(
        "0",
        "9",
        "12,345.6",
        "１２",
        "万",
        "亿",
        "％",
        "%",
        "个百分点",
        "一",
        "十",
        "百分之",
        "分之",
        "1至2",
        "∶",
        "2023年",
    ),
    *(
        "同比增长",
        "其中",
        "：",
        "；",
        "。",
        "\n",
        "\0",
        "\ufeff",
        "\u202e",
        "\x1b[31m",
        "\u3000",
        "\xa0",
        "\ufffd",
        "????",
    ),
    *("(bào)", "（bào）", "锟斤拷", "\U0002000b", "<", ">", "</p>", "<table>", "<td colspan=9999>", "<td rowspan=0>"),
    *("<!--", "<![CDATA[", "&#x110000;", "&nbsp;", "&lol;", "<?xml version='1.0'?>", "<!DOCTYPE x [<!ENTITY a 'a'>]>"),
    *(
        'w:val="-1"',
        "w:gridSpan",
        "99999999999",
        "-1",
        "1e999",
        "NaN",
        "/Length",
        "/Kids",
        "stream",
        "endobj",
        "xref",
        "<<",
    ),
)


@dataclass(frozen=True)
class Verdict:
    """What became of one input: ``kind`` is report, refused, or what went wrong."""

    kind: str
    detail: str = ""
    took_s: float = 0.0

    def is_wrong(self) -> bool:
        """Whether the pipeline broke a promise."""
        return self.kind not in ("report", "refused")


def corpus() -> list[bytes]:
    """Whole small files of every format, and stretches of the seeds."""
    texts = [path.read_text("utf-8") for path in sorted((ROOT / "seeds").glob("*.txt"))]
    pieces = [text[start : start + 1500] for text in texts for start in range(0, len(text), 1200)]
    lines = [line for line in texts[2].splitlines() if line.strip()]
    rows = [["地区", "2022年（万元）", "2023年（万元）"], ["赤坎区", "1,200.5", "1,300"], ["合计", "2400", "2,600"]]
    body = "".join(packages.paragraph(line) for line in lines[:12]) + packages.table(rows)
    html = "".join(f"<p>{line}</p>" for line in lines[:12]) + _html_table(rows)
    sheet = PdfPage().lines(60, 60, [line[:30] for line in lines[:14]]).table(60, 560, rows)
    cells = {f"{'ABC'[place]}{number + 1}": cell for number, row in enumerate(rows) for place, cell in enumerate(row)}
    ods_rows = "".join(
        "<table:table-row>"
        + "".join(f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>" for cell in row)
        + "</table:table-row>"
        for row in rows
    )
    made = [
        f"<html><head><meta charset=utf-8><title>报告</title></head><body>{html}</body></html>".encode(),
        packages.docx(body, word__numbering=packages.numbering("chineseCounting", "%1、")),
        packages.xlsx(cells, merged=["A1:B1"]),
        packages.ods(ods_rows),
        packages.ofd([[(20, 20 + 8 * number, 160, line[:30]) for number, line in enumerate(lines[:12])]]),
        pdf([sheet, PdfPage().lines(60, 60, [line[:30] for line in lines[14:24]])]),
        pdf([PdfPage().image()]),
    ]
    return [*(piece.encode() for piece in pieces), *made * (len(pieces) // len(made) + 1)]


def _html_table(rows: list[list[str]]) -> str:
    return "<table>" + "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows) + "</table>"


def make_input(number: int, seed: int, files: list[bytes]) -> bytes:
    """Input ``number`` of a run: the same for the same seed and files."""
    chance = random.Random(f"{seed}:{number}")
    data = chance.choice(files)
    if zipfile.is_zipfile(io.BytesIO(data)) and chance.random() < 0.9:
        return _inside_archive(data, chance)
    if not data.startswith((b"%PDF", b"PK")) and chance.random() < 0.3:
        data = data.decode("utf-8", "replace").encode(chance.choice(TEXT_ENCODINGS), "replace")
    for _ in range(chance.choice((0, 1, 1, 2, 4, 16))):
        data = chance.choice(_MUTATIONS)(data, chance, files)[:LARGEST_BYTES]
    return data


def _inside_archive(data: bytes, chance: random.Random) -> bytes:
    """The archive with one entry changed, so that the change gets past its checksums."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice(sorted(entries))
    for _ in range(chance.choice((1, 1, 3))):
        entries[name] = chance.choice(_MUTATIONS)(entries[name], chance, [entries[name]])
    return packages.package({key: value for key, value in entries.items() if chance.random() > 0.02})


def _flip(data: bytes, chance: random.Random, _files: list[bytes]) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 3, 20))):
        if changed:
            changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _cut(data: bytes, chance: random.Random, _files: list[bytes]) -> bytes:
    start, end = _stretch(data, chance)
    return data[:start] + data[end:]


def _end_early(data: bytes, chance: random.Random, _files: list[bytes]) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _repeat(data: bytes, chance: random.Random, _files: list[bytes]) -> bytes:
    start, end = _stretch(data, chance)
    return data[:end] + data[start:end] * chance.choice((1, 2, 50)) + data[end:]


def _insert(data: bytes, chance: random.Random, _files: list[bytes]) -> bytes:
    token = "".join(chance.choice(TOKENS) for _ in range(chance.choice((1, 1, 4))))
    at = chance.randrange(len(data) + 1)
    times = chance.choice((1, 1, 1, 500))
    return data[:at] + token.encode(chance.choice(("utf-8", "utf-8", "gb18030")), "replace") * times + data[at:]


def _splice(data: bytes, chance: random.Random, files: list[bytes]) -> bytes:
    other = chance.choice(files)
    start, end = _stretch(other, chance)
    at = chance.randrange(len(data) + 1)
    return data[:at] + other[start:end] + data[at:]


def _stretch(data: bytes, chance: random.Random) -> tuple[int, int]:
    start = chance.randrange(len(data) + 1)
    return start, min(len(data), start + chance.choice((1, 2, 3, 30, 300)))


Mutation = Callable[[bytes, random.Random, list[bytes]], bytes]
_MUTATIONS: tuple[Mutation, ...] = (_flip, _cut, _end_early, _repeat, _insert, _insert, _splice)


def judge(data: bytes, tools: Tools) -> Verdict:
    """Read one input as a worker would, and look at what came of it."""
    last: list[Draft] = []

    def keep(draft: Draft, _tools: Tools) -> Draft:
        last.append(draft)
        return draft

    stages = pipeline.STAGES
    pipeline.STAGES = (*stages, ("kept", keep))
    started = time.perf_counter()
    try:
        report = pipeline.read_report(data, Origin("id", "a.txt", "a.txt", "0" * 64), tools, time.perf_counter)
        report.model_dump_json().encode("utf-8")
        took_s = time.perf_counter() - started
        problem = next(_problems(last[-1], tools), "")
        return Verdict("wrong figure" if problem else "report", problem or report.source.media_type, took_s)
    except IngestError as error:
        return Verdict("refused", error.code, time.perf_counter() - started)
    except Exception:
        return Verdict("crash", traceback.format_exc(limit=-6), time.perf_counter() - started)
    finally:
        pipeline.STAGES = stages


def _problems(draft: Draft, tools: Tools) -> Iterator[str]:
    for metric in metrics_of(draft):
        source = metric.source
        quoted = draft.text.raw[source.start : source.end]
        if quoted != source.quote or not quoted:
            yield f"{source.start}:{source.end} is {quoted!r}, quoted as {source.quote!r}"
            continue
        start, end = draft.text.origin.now_position(source.start), draft.text.origin.now_position(source.end)
        words = fold(draft.text.now[start:end])
        found = with_steps(words, list(find_candidates(words, tools.lexicon)))
        in_cell = any(cell.start <= source.start < cell.end for cell in draft.cells)
        # A range whose unit is only known from the words after it reads as its two ends.
        seen = [value for candidate in found for value in (candidate.value, candidate.high) if value]
        wanted = [value for value in (metric.value, metric.value_high) if value]
        if seen != wanted and not (in_cell and _is_scaled(seen, metric.value)):
            yield f"{quoted!r} reads {seen}, stated as {wanted}"


def _is_scaled(seen: list[str], value: str) -> bool:
    """A cell's unit may stand in its header: then the value is the cell's number times a power of ten."""
    number = Fraction(seen[0]) if seen else None
    if number is None:
        return True  # a bare number of a cell is none of the prose's forms
    return number == 0 or str(abs(Fraction(value) / number)).strip("0") in ("1", "1/1")


def _serve(connection: Any) -> None:
    """The child: inputs in, verdicts out."""
    resource.setrlimit(resource.RLIMIT_AS, (CHILD_BYTES, CHILD_BYTES))
    tools = load_tools()
    while True:
        connection.send(judge(connection.recv_bytes(), tools))


class Reader:
    """A process that reads inputs, so that one that hangs or dies is seen; started anew when that happens."""

    def __init__(self) -> None:
        self._context = get_context("fork")
        self._start()

    def _start(self) -> None:
        self._connection, other = self._context.Pipe()
        self._process = self._context.Process(target=_serve, args=(other,), daemon=True)
        self._process.start()
        other.close()

    def read(self, data: bytes) -> Verdict:
        """The verdict over one input."""
        self._connection.send_bytes(data)
        try:
            if self._connection.poll(LIMIT_S):
                verdict: Verdict = self._connection.recv()
                return verdict
            kind = "too slow"
        except EOFError:
            kind = "died"
        self.close()
        status = self._process.exitcode
        self._start()
        return Verdict(kind, f"status {status}", LIMIT_S)

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.join()
        self._connection.close()


def run(seconds: float, seed: int, keep: Path) -> int:
    """Read inputs until the time is up; gives how many broke a promise."""
    files = corpus()
    load_tools()
    reader = Reader()
    counts: Counter[str] = Counter()
    slowest = (0.0, -1)
    wrong = number = 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        data = make_input(number, seed, files)
        verdict = reader.read(data)
        counts[verdict.kind if verdict.kind != "refused" else f"refused: {verdict.detail}"] += 1
        slowest = max(slowest, (verdict.took_s, number))
        if verdict.is_wrong():
            wrong += 1
            (keep / f"{seed}-{number}.bin").write_bytes(data)
            print(f"input {number} (seed {seed}, {len(data)} bytes): {verdict.kind}: {verdict.detail}", flush=True)
        number += 1
    reader.close()
    print(f"{number} inputs, {wrong} broke a promise, slowest {slowest[0]:.1f} s (input {slowest[1]}), seed {seed}")
    for kind, count in counts.most_common():
        print(f"{count:>7} {kind}")
    return wrong


def main() -> int:
    """Exit status 1 when an input broke a promise; the inputs lie in the folder that ``--keep`` names."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz")
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--only", type=int, help="number of one input to read again")
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "zhibiao-fuzz")
    options = parser.parse_args()
    options.keep.mkdir(parents=True, exist_ok=True)
    if options.only is None:
        return 1 if run(options.seconds, options.seed, options.keep) else 0
    verdict = judge(make_input(options.only, options.seed, corpus()), load_tools())
    print(verdict.kind, verdict.detail, f"{verdict.took_s:.2f} s")
    return int(verdict.is_wrong())


if __name__ == "__main__":
    sys.exit(main())
