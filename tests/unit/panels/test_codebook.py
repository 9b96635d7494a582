"""Codebooks: those that come along can be used, and a mistake in one is told with its line and what would be right."""

from pathlib import Path

import pytest

from panels.codebook import parse
from panels.errors import CodebookError
from worker.linking.catalogue import load_catalogue
from zhibiao.commands.panel import codebook_of, shipped

KNOWN = frozenset(load_catalogue().ids.values())
FOLDER = Path(__file__).parents[3] / "panels" / "codebooks"


@pytest.mark.parametrize("name", shipped())
def test_a_shipped_codebook_can_be_used(name: str) -> None:
    """Its ids are the catalogue's, no figure belongs to two of its series, and it says where it is from."""
    book = codebook_of(name)

    assert len(book.series) > 20
    assert book.source
    assert book.kinds


GOOD = """title = "t"
[[series]]
key = "gdp"
title = "生产总值"
ids = ["economy.gdp"]
units = ["元"]
"""


def test_a_small_codebook() -> None:
    """A byte order mark, as editors on Windows leave it, is none of its business."""
    book = parse(b"\xef\xbb\xbf" + GOOD.encode(), "a.toml", KNOWN)

    assert [(series.key, series.ids, series.statuses) for series in book.series] == [
        ("gdp", ("economy.gdp",), ("achieved",))
    ]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (
            'title = "t"\n',
            "a.toml, line 1: there is no series; right would be: [[series]] with a key and a title for each",
        ),
        ('title = "t"\nseries = [\n', "a.toml, line "),
        ('title = "t"\nkinds = audit\n', "a.toml, line 2: it is not TOML: "),
        (
            GOOD.replace('title = "t"', 'titel = "t"'),
            "a.toml, line 1: 'titel' is no part of a codebook; right would be: one of title,",
        ),
        (GOOD.replace('key = "gdp"\n', ""), 'a.toml, line 2: a series has no key; right would be: key = "..."'),
        (
            GOOD.replace("economy.gdp", "economy.gpd"),
            "a.toml, line 5: 'economy.gpd' is no id of the catalogue; right would be: one of docs/indicators.md",
        ),
        (GOOD.replace("economy.gdp", "gdp"), "perhaps economy.gdp"),
        (
            GOOD + 'unit = "元"\n',
            "a.toml, line 7: 'unit' is no part of a series; right would be: one of key, title, ids,",
        ),
        (GOOD.replace('["元"]', '"元"'), "a.toml, line 6: units is '元'; right would be: a list, as"),
        *(
            (
                GOOD.replace("元", f"{much}元"),
                f"a.toml, line 6: {much}元 is the unit of no figure; right would be: 元: 万 and 亿 are multiplied out in values",
            )
            for much in ("万", "亿")
        ),
        (GOOD.replace('"t"', "7"), "a.toml, line 1: title is 7; right would be: text in quotes"),
        (
            GOOD.replace("[[series]]", "next_year = 1\n[[series]]"),
            "line 2: next_year is 1; right would be: true or false",
        ),
        (
            GOOD.replace("[[series]]", 'kinds = "audit"\n[[series]]'),
            "line 2: kinds is 'audit'; right would be: a list, as",
        ),
        (
            GOOD.replace('["元"]', '["元", "%"]'),
            "a.toml, line 6: 元 and % cannot be turned into each other; right would be: units of one kind",
        ),
        (GOOD.replace('["元"]', '["元", "件"]'), "a.toml, line 6: 元 and 件 cannot be turned into each other"),
        (
            GOOD + 'measures = ["growth"]\n',
            "a.toml, line 7: measures has 'growth'; right would be: one of level, difference,",
        ),
        (
            GOOD + 'statuses = ["done"]\n',
            "a.toml, line 7: statuses has 'done'; right would be: one of achieved, planned",
        ),
        (
            GOOD + 'direction = "down"\n',
            "a.toml, line 7: direction is 'down'; right would be: one of none, increase, decrease",
        ),
        (GOOD + 'words = ["能耗"]\n', "a.toml, line 7: words has '能耗'; right would be: lists of words"),
        (
            GOOD.replace('ids = ["economy.gdp"]\n', ""),
            "a.toml, line 3: nothing says which figures belong to 'gdp'; right would be: ids, names or words",
        ),
        (
            GOOD + GOOD.partition("\n")[2],
            "a.toml, line 8: the key 'gdp' is used twice; right would be: a key for each",
        ),
        (
            GOOD + GOOD.partition("\n")[2].replace('"gdp"', '"other"'),
            "a.toml, line 10: 'economy.gdp' is in 'gdp' and in 'other'",
        ),
    ],
)
def test_a_mistake_is_told_with_its_line(text: str, complaint: str) -> None:
    """What was seen, and what would be right."""
    with pytest.raises(CodebookError) as caught:
        parse(text.encode(), "a.toml", KNOWN)

    assert complaint in str(caught.value)


def test_text_that_is_not_utf_8_is_told_with_its_line() -> None:
    """As Notepad in China saves it."""
    with pytest.raises(CodebookError, match=r"a\.toml, line 4: it is not UTF-8; right would be: save it as UTF-8"):
        parse(
            GOOD.replace("生产总值", "").encode().replace(b'title = ""', 'title = "生产总值"'.encode("gbk")),
            "a.toml",
            KNOWN,
        )


def test_one_id_may_be_a_level_and_its_growth() -> None:
    """They differ in measure and unit."""
    growth = (
        GOOD.partition("\n")[2].replace('"gdp"', '"growth"').replace('["元"]', '["%"]\nmeasures = ["rate_of_change"]')
    )

    assert len(parse((GOOD + growth).encode(), "a.toml", KNOWN).series) == 2


@pytest.mark.parametrize(("statuses", "plans"), [("", False), ('statuses = ["achieved", "planned"]\n', True)])
def test_a_codebook_has_plans_where_a_series_has(statuses: str, *, plans: bool) -> None:
    assert parse((GOOD + statuses).encode(), "a.toml", KNOWN).plans is plans


@pytest.mark.parametrize("unit", ["万", "亿", "万维"])
def test_a_unit_that_only_looks_multiplied_is_one(unit: str) -> None:
    assert parse(GOOD.replace("元", unit).encode(), "a.toml", KNOWN).series[0].units == (unit,)
