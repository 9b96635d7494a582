"""What is read now, kept to be compared with: ``make golden`` writes ``figures``, ``words`` and ``sentences`` below
``tests/golden``.

Nobody says that these figures are right; ``tests/gold`` is for that. They are there so that no change of them goes
unseen: a test fails when one is read otherwise, and whoever meant that runs ``make golden`` and reads the difference, one
figure a line. Of the held reports, whose faults nobody is to look at, a line is a hash. Reports of others, whose texts may not
lie here, have one hash each in ``others.txt``; they are read where ``ZHIBIAO_REPORTS`` names their folder.
"""

import hashlib
import os
import sys
import time
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks import words as words_in_sentences
from benchmarks.annotated import ROOT, Annotated, invented, seeds
from benchmarks.words import DATA, REMARKS
from schemas.metric import Metric
from schemas.report import Report
from worker.errors import BadReport
from worker.pipeline import read_report
from worker.report_writer import Origin
from worker.tools import load_tools

GOLDEN = ROOT / "tests" / "golden"
OTHERS = GOLDEN / "others.txt"
CASES = ROOT / "tests" / "cases"
#: Files of cases whose texts are read like reports; those of one line under a title that gives them a year.
READ_CASES = (
    *("candidates", "confidence", "figures", "hard_cases", "indicators", "linking", "relations", "reports", "status"),
    "times",
)
TITLE = "云山县2023年工作总结\n"
COLUMNS = "quote | value | unit | qualifier | change | period | status | scope | actor | indicator | id | section"
#: Tables of places and of characters' readings: a line a row would be as long as they are.
COUNTED = {"regions", "readings"}


def reports() -> Iterator[Annotated]:
    """The reports whose figures are kept: the seeds, and the invented ones."""
    yield from seeds()
    yield from invented()


def figures(annotated: Annotated) -> list[str]:
    """The document data and the figures of a report as it is read now, a line each."""
    report = _read(annotated.data, annotated.gold.get("file") or annotated.gold["source"])
    lines = lines_of(report)
    return [_short_hash(line.encode()) for line in lines] if annotated.is_held else lines


def lines_of(report: Report) -> list[str]:
    """The document data and the figures that were read, a line each."""
    return [*_document(report), COLUMNS, *map(_line, report.metrics)]


def figures_of_cases(name: str) -> list[str]:
    """All figures in the texts of a file of cases, each text under its id; the cases themselves look at some fields only."""
    content = tomllib.loads((CASES / f"{name}.toml").read_text(encoding="utf-8"))
    lines = [COLUMNS]
    for row in (row for rows in content.values() for row in rows if "text" in row):
        text = row["text"].strip()
        report = _read((text if "\n" in text else TITLE + text).encode(), f"{name}.txt")
        lines += [f"# {row['id']}", *map(_line, report.metrics)]
    return lines


def _read(data: bytes, name: str) -> Report:
    origin = Origin("golden", Path(name).name, name, hashlib.sha256(data).hexdigest())
    return read_report(data, origin, load_tools(), time.perf_counter)


def _document(report: Report) -> Iterator[str]:
    document = report.document.model_dump(exclude={"original"})
    return (f"{name}: {value}" for name, value in document.items() if value is not None)


def _line(metric: Metric) -> str:
    value = metric.value + (f"~{metric.value_high}" if metric.value_high else "")
    section = metric.section[-1] if metric.section else ""
    fields = (
        *(metric.source.quote, value, metric.unit, metric.qualifier, metric.change, metric.period, metric.status),
        *(metric.scope, metric.actor, metric.indicator, metric.indicator_id, section),
    )
    return " | ".join((field or "").replace("\n", "⏎").replace("|", "¦") for field in fields).rstrip()


def others(folder: Path) -> dict[str, str]:
    """By path, a line for each report of others in a folder: its path, its hash, how many figures it has, the hash of these."""
    lines = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "README.md"):
        name, data = path.relative_to(folder).as_posix(), path.read_bytes()
        try:
            report = _read(data, name)
        except BadReport as error:
            count, read = 0, error.code
        else:
            count, read = len(report.metrics), "\n".join([*_document(report), *map(_line, report.metrics)])
        lines[name] = f"{name} {_short_hash(data)} {count} {_short_hash(read.encode())}"
    return lines


def _short_hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def words(table: str) -> list[str]:
    """What a data file holds, a line each with its place: ``qualifiers.about.before: 大约``."""
    content = tomllib.loads((DATA / f"{table}.toml").read_text(encoding="utf-8"))
    return [f"{place}: {word}" for place, word in _leaves(content, "")]


def _leaves(part: Any, place: str) -> Iterator[tuple[str, Any]]:
    if isinstance(part, Mapping):
        for key, value in part.items():
            if key not in REMARKS:
                yield from _leaves(value, f"{place}.{key}".lstrip("."))
    elif isinstance(part, list):
        for one in part:
            yield from _leaves(one, f"{place}.{_name(one)}" if isinstance(one, Mapping) else place)
    else:
        yield place, str(part).replace("\n", "⏎")


def _name(row: Mapping[str, Any]) -> str:
    """What tells a row of a table from the others: its first value."""
    return next((str(value) for key, value in row.items() if key not in REMARKS and isinstance(value, str)), "row")


def tables() -> list[str]:
    """The data files whose words are kept."""
    return sorted(path.stem for path in DATA.glob("*.toml") if path.stem not in COUNTED)


def figures_file(annotated: Annotated) -> Path:
    """Where the figures of a report are kept."""
    return GOLDEN / "figures" / f"{annotated.group.replace(' ', '-')}-{annotated.name}.txt"


def cases_file(name: str) -> Path:
    """Where the figures of a file of cases are kept."""
    return GOLDEN / "figures" / f"cases-{name}.txt"


def sentences(table: str) -> list[str]:
    """The sentences of a data file's words with what is to be seen in them, but for those that are not read so yet."""
    return [one.line() for one in words_in_sentences.sentences(table) if not one.gap]


def sentences_file(table: str) -> Path:
    """Where the sentences of a data file's words are kept."""
    return GOLDEN / "sentences" / f"{table}.jsonl"


def words_file(table: str) -> Path:
    """Where the words of a data file are kept."""
    return GOLDEN / "words" / f"{table}.txt"


def main() -> int:
    """Write them anew; says which have changed."""
    kept = {figures_file(one): figures(one) for one in reports()}
    kept |= {cases_file(one): figures_of_cases(one) for one in READ_CASES}
    kept |= {words_file(one): words(one) for one in tables()}
    kept |= {sentences_file(one): sentences(one) for one in words_in_sentences.tables()}
    if reports_folder := os.environ.get("ZHIBIAO_REPORTS"):
        kept[OTHERS] = [*others(Path(reports_folder)).values()]
    for folder in ("figures", "words", "sentences"):
        (GOLDEN / folder).mkdir(parents=True, exist_ok=True)
        for path in {*(GOLDEN / folder).iterdir()} - kept.keys():
            path.unlink()
    for path, lines in kept.items():
        text = "".join(f"{line}\n" for line in lines)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"{path.relative_to(ROOT)} has changed; git diff shows how")
    return 0


if __name__ == "__main__":
    sys.exit(main())
