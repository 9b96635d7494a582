"""Labelled lines above a report: ``发文机关: 市政府办公室 发文日期: 2021年01月07日``."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from worker.clean.lines import Line
from worker.facts import load_facts

_BLANK = r"[ \u00a0\u3000\t]"
_DATE = re.compile(r"\d{4} ?[-年/.] ?\d{1,2}")
#: A line with nothing but a date and the time of day is the page's own; reports give no minutes below their title.
_TIMESTAMP = re.compile(
    r"\d{4}(?:-\d{1,2}-\d{1,2}|年\d{1,2}月\d{1,2}日|/\d{1,2}/\d{1,2}|\.\d{1,2}\.\d{1,2})"
    r"(?:[ \u00a0]+\d{1,2}(?:[:：]\d{2}){1,2}|[ \u00a0]+\d{1,2}时\d{2}分(?:\d{2}秒)?)"
)
#: The day before a page's first label: 2024年10月24日 09:30 来源：云山日报.
_DAY_BEFORE = re.compile(
    r"(?P<day>\d{4}(?:-\d{1,2}-\d{1,2}|年\d{1,2}月\d{1,2}日|/\d{1,2}/\d{1,2}|\.\d{1,2}\.\d{1,2}))"
    r"(?:[ \u00a0\u3000]+\d{1,2}(?:[:：]\d{2}){1,2})?[ \u00a0\u3000\t|｜]+"
)
LONGEST_LABELLED_LINE = 400
LONGEST_VALUE_BELOW = 60


@dataclass(frozen=True, slots=True)
class Labelled:
    """A label's canonical name and where its value stands in the text; an empty span where it has none."""

    name: str
    start: int
    end: int


def read_labels(lines: Sequence[Line], simple: Sequence[str]) -> tuple[list[Labelled], set[int]]:
    """The labelled values of the lines above a report, and the indexes of the lines that hold nothing else.

    ``simple`` are the lines' texts in simplified script. A line counts if it begins with a label; further labels in
    it follow a blank or a bar. A label that ends its line may have its value in the very next one.
    """
    found: list[Labelled] = []
    used: set[int] = set()
    for index, line in enumerate(lines):
        if index in used or len(line.text) > LONGEST_LABELLED_LINE:
            continue
        has_mark = ":" in simple[index] or "：" in simple[index]
        labels = list(_label_pattern().finditer(simple[index])) if has_mark else []
        if not labels and _TIMESTAMP.fullmatch(line.text):
            found.append(Labelled("发文日期", line.start, line.end))
            used.add(index)
        dated = _DAY_BEFORE.fullmatch(simple[index], 0, labels[0].start()) if labels else None
        if dated:
            found.append(Labelled("发文日期", line.start, line.start + dated.end("day")))
        elif not labels or labels[0].start() != 0:
            continue
        used.add(index)
        found += _values(line, labels)
        if not _has_value(found[-1]) and _continues(found[-1].name, lines, simple, index):
            below = lines[index + 1]
            found[-1] = Labelled(found[-1].name, below.start, below.end)
            used.add(index + 1)
    return found, used


def begins_with_label(simple: str) -> bool:
    """Whether a line in simplified script begins with a label of a page's metadata."""
    return len(simple) <= LONGEST_LABELLED_LINE and bool(_label_pattern().match(simple))


def _values(line: Line, labels: Sequence[re.Match[str]]) -> list[Labelled]:
    values = []
    for place, label in enumerate(labels):
        start = label.end()
        end = labels[place + 1].start() if place + 1 < len(labels) else len(line.text)
        value = line.text[start:end]
        inner = value.strip(" \u00a0\u3000\t|｜[]【】\"'")
        start += value.index(inner)
        name = _names()[re.sub(_BLANK, "", label["name"]).lower()]
        values.append(Labelled(name, line.start + start, line.start + start + len(inner)))
    return values


def _has_value(labelled: Labelled) -> bool:
    return labelled.end > labelled.start


def _continues(name: str, lines: Sequence[Line], simple: Sequence[str], index: int) -> bool:
    if index + 1 >= len(lines) or lines[index + 1].number != lines[index].number + 1:
        return False
    below = simple[index + 1]
    if len(below) > LONGEST_VALUE_BELOW or _label_pattern().match(below) or below[0] in "【[":
        return False
    expected = _expected()[name]
    return bool(_DATE.match(below)) if expected == "date" else expected == "line"


@lru_cache(maxsize=1)
def _label_pattern() -> re.Pattern[str]:
    alternatives = "|".join(f"{_BLANK}*".join(map(re.escape, word)) for word in _names())
    return re.compile(
        rf"(?:^|(?<=[ \u00a0\u3000\t|｜;；\]】]))[\[【(（]?(?P<name>{alternatives}){_BLANK}*[:：]{_BLANK}*",
        re.IGNORECASE,
    )


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    labels = load_facts("labels")["label"]
    return {word: label["name"] for label in labels for word in [label["name"], *label["also"]]}


@lru_cache(maxsize=1)
def _expected() -> dict[str, str]:
    return {label["name"]: label["value"] for label in load_facts("labels")["label"]}
