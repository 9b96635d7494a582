"""Codebooks: those that come along can be used, and a mistake in one is told with its line and what would be right."""

import tomllib
from itertools import product
from pathlib import Path

import pytest

from exports.columns import rows_of
from panels.codebook import parse
from panels.errors import CodebookError
from tests.unit.panels.made import metric, report
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


@pytest.mark.parametrize(
    ("name", "kinds", "next_year", "planned"),
    [("disclosure", ("disclosure",), False, set()), ("rule_of_law", ("rule_of_law",), False, set()), ("work_report", ("government_work", "plan_execution"), True, {"deficit"})],
)  # fmt: skip
def test_what_a_shipped_codebook_is_for(
    name: str, kinds: tuple[str, ...], planned: set[str], *, next_year: bool
) -> None:
    """Each series has what was achieved; of work reports all have what is planned, and the deficit nothing else."""
    book = codebook_of(name)
    both = ("achieved", "planned") if next_year else ("achieved",)

    assert (book.kinds, book.next_year, book.plans) == (kinds, next_year, next_year)
    falls = {"energy_intensity", "carbon_intensity", "poverty_reduction"} if next_year else set()
    assert {one.key for one in book.series if one.direction != "none"} == falls
    assert {one.direction for one in book.series if one.key in falls} <= {"decrease"}
    assert {one.key for one in book.series if one.statuses != both} == planned
    assert {one.statuses for one in book.series if one.key in planned} <= {("planned",)}


NAMES = tomllib.loads((Path(__file__).parents[2] / "cases" / "codebooks.toml").read_text("utf-8"))
#: What a figure of an indicator is given in, "-" for a bare number; of some series it is something else.
UNITS = {
    ("disclosure", "count"): "件 个 条 宗 -", ("rule_of_law", "count"): "件 件次 宗 起 案 -", "person": "人 名 -", "money": "元", "percent": "%",
    "mass": "吨 斤", "length": "公里", "intensity": "微克/立方米 微克每立方米",
    "litigation_leaders_appeared": "件 件次 宗 起 案 人次 次 人 -", "enforcement_inspections_done": "件 件次 宗 起 案 次 人次 -",
    "enforcement_files_reviewed": "件 份 宗 卷 -", "mediation_committees": "个 家 -", "service_items_online": "项 件 -",
    "service_hotline_received": "件 件次 宗 个 -", "rule_of_law_meetings": "次 场 期", "rule_of_law_trained": "人 人次 名",
    "urban_new_jobs": "人", "poverty_reduction": "人 -", "energy_intensity": "%", "carbon_intensity": "%",
}  # fmt: skip
#: The measures of a series in per cent, and of those that differ.
MEASURES = {
    "%": "level share", "cpi_growth": "rate_of_change level", "poverty_reduction": "level difference", "m2_growth": "rate_of_change",
    "energy_intensity": "rate_of_change", "carbon_intensity": "rate_of_change",
}  # fmt: skip


@pytest.mark.parametrize("name", shipped())
def test_a_series_has_the_figures_of_its_indicator(name: str) -> None:
    """In whatever unit and measure reports give them; money in no pieces, shares in no money."""
    kind_of = load_catalogue().kinds
    for one in codebook_of(name).series:
        kind = next((kind_of[id_] for id_ in one.ids), "")
        is_growth = kind == "money" and one.measures == ("rate_of_change",)
        units = "%" if is_growth else UNITS.get(one.key) or UNITS.get((name, kind)) or UNITS[kind]
        default = MEASURES["%"] if units == "%" else "level"
        measures = MEASURES.get(one.key, "rate_of_change" if is_growth else default).split()
        assert {unit or "-" for unit in one.units} == {*units.split()}, one.key
        assert {*one.measures} == {*measures}, one.key
        for unit, measure in product(units.replace("-", "").split(" "), measures):
            figure = metric("", "5", unit, indicator_id=next(iter(one.ids), None), measure=measure)
            assert one.has(next(rows_of(report(figure)))) is bool(one.ids), (one.key, unit, measure)


@pytest.mark.parametrize(("name", "how"), [(name, how) for name, hows in NAMES.items() for how in hows])
def test_a_series_has_or_may_have_what_is_called_so(name: str, how: str) -> None:
    """Each name has a word of every group; one that has a word too many is another's."""
    by_key = {one.key: one for one in codebook_of(name).series}
    for key, called in NAMES[name][how].items():
        one = by_key[key]
        for words in called.split():
            figure = metric(words, "5", one.units[0], measure=one.measures[0])
            ask = one.may_be if how == "may_be" else one.has
            assert ask(next(rows_of(report(figure)))) is (how != "has_not"), (key, words)


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


@pytest.mark.parametrize("how", ['names = ["产值"]', 'words = [["产值"]]', 'ids = ["economy.gdp"]'])
def test_one_way_to_know_its_figures_is_enough(how: str) -> None:
    assert len(parse(GOOD.replace('ids = ["economy.gdp"]', how).encode(), "a.toml", KNOWN).series) == 1


@pytest.mark.parametrize("unit", ["万", "亿", "万维"])
def test_a_unit_that_only_looks_multiplied_is_one(unit: str) -> None:
    assert parse(GOOD.replace("元", unit).encode(), "a.toml", KNOWN).series[0].units == (unit,)
