"""What is read now, kept to be compared with: ``make golden`` writes ``figures``, ``words`` and ``sentences`` below
``tests/golden``, and the commands with their options.

Nobody says that these figures are right; ``tests/gold`` is for that. They are there so that no change of them goes
unseen: a test fails when one is read otherwise, and whoever meant that runs ``make golden`` and reads the difference, one
figure a line, and below the figures whatever else is told of the report: headings, numbers that are no figures, relations,
repairs, warnings. Of the held reports, whose faults nobody is to look at, a line is a hash. Reports of others, whose texts may not
lie here, have one hash each in ``others.txt``; they are read where ``ZHIBIAO_REPORTS`` names their folder.
"""

import hashlib
import os
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks import words as words_in_sentences
from benchmarks.annotated import ROOT, Annotated, invented, seeds
from benchmarks.commands import commands
from benchmarks.words import DATA, REMARKS, Reading, reading_of
from schemas.metric import Metric
from schemas.report import RelationMember, Report
from worker.errors import BadReport
from worker.tools import load_tools

GOLDEN = ROOT / "tests" / "golden"
OTHERS = GOLDEN / "others.txt"
COMMANDS = GOLDEN / "commands.txt"
CASES = ROOT / "tests" / "cases"
#: Files of cases whose texts are read like reports; those of one line under a title that gives them a year.
READ_CASES = (
    *("candidates", "confidence", "damage", "figures", "hard_cases", "indicators", "linking", "natures", "relations"),
    *("reports", "rules", "status", "structure", "table_rules", "times"),
)
TITLE = "云山县2023年工作总结\n"
COLUMNS = "quote | value | unit | qualifier | change | measure | period | status | scope | actor | indicator | id | section | reasons"
#: Classes of numbers that are told as figures, where they are any.
FIGURES = {"metric", "cell"}
#: Tables of places and of characters' readings: a line a row would be as long as they are.
COUNTED = {"regions", "readings"}


def reports() -> Iterator[Annotated]:
    """The reports whose figures are kept: the seeds, and the invented ones."""
    yield from seeds()
    yield from invented()


def figures(annotated: Annotated) -> list[str]:
    """The document data and the figures of a report as it is read now, a line each."""
    lines = lines_of(_read(annotated.data, annotated.gold.get("file") or annotated.gold["source"]))
    return [_short_hash(line.encode()) for line in lines] if annotated.is_held else lines


def lines_of(reading: Reading) -> list[str]:
    """The document data, the figures that were read, and what else is told, a line each."""
    return [*_document(reading.report), COLUMNS, *_told(reading)]


def figures_of_cases(name: str) -> list[str]:
    """All figures in the texts of a file of cases, each text under its id; the cases themselves look at some fields only."""
    content = tomllib.loads((CASES / f"{name}.toml").read_text(encoding="utf-8"))
    lines = [COLUMNS]
    for row in (row for rows in content.values() for row in rows if "text" in row):
        text = row["text"].strip()
        lines.append(f"# {row.get('id') or row['rule']}")
        if "\n" in text:
            reading = _read(text.encode(), f"{name}.txt")
            lines += [*_document(reading.report), *_told(reading)]
        else:
            lines += _told(_read((TITLE + text).encode(), f"{name}.txt"), len(TITLE))
    return lines


def _read(data: bytes, name: str) -> Reading:
    return reading_of(data, load_tools(), name)


def _told(reading: Reading, begins: int = 0) -> Iterator[str]:
    """The figures, and all but the document data that stands beside them; no numbers of what stands before ``begins``."""
    report = reading.report
    yield from map(_line, report.metrics)
    for number in reading.numbers:
        if number.kind not in FIGURES and number.start >= begins:
            yield _joined("number", reading.text[number.start : number.end], number.kind, number.reason)
    for section in report.sections:
        yield _joined("heading", str(section.level), section.number, section.title, f"{section.start}-{section.end}")
    for relation in report.relations:
        quotes = (_quote(report, member) for member in relation.members)
        proved = relation.suggestion and f"{relation.suggestion.value}{relation.suggestion.unit}"
        yield _joined("relation", relation.formula, *quotes, relation.computed, relation.verdict, proved)
    for repair in report.repairs:
        yield _joined("repair", repair.kind, str(repair.count), *(f"{one.was}→{one.now}" for one in repair.examples))
    for warning in report.warnings:
        yield _joined("warning", warning.code, warning.message, f"{warning.start}-{warning.end}")


def _quote(report: Report, member: RelationMember) -> str:
    return f"{member.start}-{member.end}" if member.metric is None else report.metrics[member.metric].source.quote


def _document(report: Report) -> Iterator[str]:
    document = report.document.model_dump(exclude={"original"})
    return (f"{name}: {value}" for name, value in document.items() if value is not None)


def _line(metric: Metric) -> str:
    value = metric.value + (f"~{metric.value_high}" if metric.value_high else "")
    return _joined(
        *(metric.source.quote, value, metric.unit, metric.qualifier, metric.change, metric.measure, metric.period),
        *(metric.status, metric.scope, metric.actor, metric.indicator, metric.indicator_id, " > ".join(metric.section)),
        " ".join(metric.confidence_reasons),
    )


def _joined(*fields: str | None) -> str:
    return " | ".join((field or "").replace("\n", "⏎").replace("|", "¦") for field in fields).rstrip()


def others(folder: Path) -> dict[str, str]:
    """By path, a line for each report of others in a folder: its path, its hash, how many figures it has, the hash of these."""
    lines = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "README.md"):
        name, data = path.relative_to(folder).as_posix(), path.read_bytes()
        try:
            reading = _read(data, name)
        except BadReport as error:
            count, read = 0, error.code
        else:
            count, read = len(reading.report.metrics), "\n".join(lines_of(reading))
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
    kept[COMMANDS] = commands()
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
