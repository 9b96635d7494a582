"""Other people's ways to get figures out of Chinese text, as one program: JSON in, JSON out.

Runs under the Python of ``.venv-rivals`` and imports nothing of this project. Standard input is
``{"tool": NAME, "texts": [...]}``; standard output is ``{"figures": ..., "seconds": ...}`` with one list of
``[start, end, value, unit]`` for each text (half-open, code points; value a plain decimal), and processor time without
the loading of the tool. A tool that is not installed gives ``{"missing": MESSAGE}``.
"""

import json
import logging
import re
import statistics
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from decimal import Decimal, InvalidOperation
from typing import Any

Figure = tuple[int, int, str, str]
Tool = Callable[[str], Iterator[Figure]]

ROUNDS = 3
WARMING_UP = "全年受理申请120件，同比增长5%。"

# What somebody writes in a few minutes: the units that come to mind, longest first. 年 is left out, because years are
# more frequent than durations.
_UNITS = (
    "个百分点|平方公里|平方米|立方米|千瓦时|工作日|个月|人次|件次|场次|户次|公里|公顷|小时|分钟|美元|%|％|元|人|名|个|件|宗|起|次|场|份|项|条|家|户|所|期|天|米|亩|吨|台|辆|"
    "处|座|部|篇|批|岁|分|倍"
)
_AFTER = rf"[余多]?(?P<times>[万亿]{{0,2}})[余多]?(?P<unit>{_UNITS})?"
_DIGITS = re.compile(rf"(?P<number>\d[\d,]*(?:\.\d+)?){_AFTER}")
_NUMERALS = re.compile(rf"(?P<number>[\d.零一二三四五六七八九十百千万亿两半]+){_AFTER}")
_TIMES = {"": 1, "万": 10**4, "亿": 10**8, "万亿": 10**12}

# Names of units in Microsoft's English and in JioNLP's results.
_MICROSOFT = {
    "Chinese yuan": "元", "Fen": "分", "United States dollar": "美元", "Square meter": "平方米", "Cubic meter": "立方米",
    "Square kilometer": "平方公里", "Kilometer": "公里", "Meter": "米", "Mu": "亩", "Ton": "吨", "Year": "岁", "Hectare": "公顷",
}  # fmt: skip
_JIONLP = {
    "year": "年",
    "month": "个月",
    "day": "天",
    "hour": "小时",
    "minute": "分钟",
    "second": "秒",
    "workday": "工作日",
}


def by_hand() -> Tool:
    """A regular expression: digits, 万 and 亿, a unit."""

    def find(text: str) -> Iterator[Figure]:
        for match in _DIGITS.finditer(text):
            value = Decimal(match["number"].replace(",", "")) * _TIMES.get(match["times"], 1)
            yield match.start(), match.end(), f"{value:f}", match["unit"] or ""

    return find


def with_cn2an() -> Tool:
    """The same expression for Chinese numerals as well, whose values cn2an gives."""
    import cn2an

    def find(text: str) -> Iterator[Figure]:
        for match in _NUMERALS.finditer(text):
            try:
                value = Decimal(str(cn2an.cn2an(match["number"], "smart"))) * _TIMES.get(match["times"], 1)
            except (ValueError, KeyError, InvalidOperation):  # KeyError: how cn2an ends on some runs of 千 and 万
                continue
            yield match.start(), match.end(), f"{value:f}", match["unit"] or ""

    return find


def microsoft() -> Tool:
    """Recognizers-Text for Chinese: numbers, percentages, dimensions, currencies and ages; the longest of a place."""
    import recognizers_number as numbers
    import recognizers_number_with_unit as units

    ways = (
        units.recognize_currency,
        units.recognize_dimension,
        units.recognize_age,
        numbers.recognize_percentage,
        numbers.recognize_number,
    )

    def find(text: str) -> Iterator[Figure]:
        taken: set[int] = set()
        for way in ways:
            for found in way(text, numbers.Culture.Chinese):
                places = range(found.start, found.end + 1)  # its ends are inclusive
                value = str((found.resolution or {}).get("value") or "")
                if not value or not taken.isdisjoint(places):
                    continue
                taken.update(places)
                unit = "%" if value.endswith("%") else _MICROSOFT.get(found.resolution.get("unit"), "")
                yield found.start, found.end + 1, value.rstrip("%"), unit

    return find


def jionlp() -> Tool:
    """JioNLP: sums of money and durations, the two that it extracts with their values."""
    with redirect_stdout(sys.stderr):
        import jionlp as library
    logging.disable(logging.CRITICAL)

    def find(text: str) -> Iterator[Figure]:
        for found in library.ner.extract_money(text, with_parsing=True):
            value = found["detail"]["num"]
            yield *found["offset"], value if isinstance(value, str) else value[0], found["detail"]["case"]
        for found in library.ner.extract_time(text, with_parsing=True):
            lengths = found["detail"]["time"]
            if found["type"] == "time_delta" and isinstance(lengths, dict) and len(lengths) == 1:
                ((unit, value),) = lengths.items()
                yield *found["offset"], str(value[0] if isinstance(value, list) else value), _JIONLP.get(unit, unit)

    return find


TOOLS: dict[str, Callable[[], Tool]] = {
    "regular expression": by_hand,
    "regular expression, cn2an": with_cn2an,
    "Recognizers-Text": microsoft,
    "JioNLP": jionlp,
}


def run(name: str, texts: list[str]) -> dict[str, Any]:
    """The figures that the tool finds in each text, and the median of the seconds it took for all of them."""
    try:
        find = TOOLS[name]()
    except ImportError as error:
        return {"missing": str(error)}
    list(find(WARMING_UP))
    seconds = []
    for _ in range(ROUNDS):
        started = time.process_time()
        figures = [list(find(text)) for text in texts]
        seconds.append(time.process_time() - started)
    return {"figures": figures, "seconds": statistics.median(seconds)}


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    order = json.load(sys.stdin)
    json.dump(run(order["tool"], order["texts"]), sys.stdout)
