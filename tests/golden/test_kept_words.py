"""Every word kept in ``tests/golden/words`` still does what it is in its data file for, where no sentence asks it.

The words come from the lists that ``make golden`` wrote, so one that is gone from its data file is asked all the same.
"""

from functools import cache

from benchmarks import golden
from schemas.report import Document
from worker.clean.labels import read_labels
from worker.clean.lines import lines_of
from worker.clean.page import read_page
from worker.clean.pagers import find_pagers
from worker.clean.script import script_of
from worker.edits import Text
from worker.figure import Figure, Place, Said
from worker.linking.catalogue import load_catalogue
from worker.linking.ids import id_of
from worker.parts import Cell
from worker.readers.reading import Reading
from worker.recognition.nature import Reading as Nature
from worker.recognition.nature import counts_nothing, speaks_of_software
from worker.stages.decode import read
from worker.tools import load_tools

BODY = "2023年，全县坚持依法行政，扎实推进法治政府建设各项工作，取得了积极成效，现将有关情况报告如下。"
OTHER = "全年共受理行政复议申请七百余宗，其中立案受理623宗，都已经按时办结完毕。"
#: A unit of each kind of quantity that the catalogue knows.
UNITS = {
    "count": "件", "person": "人", "visit": "人次", "money": "元", "percent": "%", "ratio": "倍", "duration": "天",
    "length": "公里", "area": "亩", "volume": "立方米", "mass": "吨", "energy": "千瓦时", "power": "千瓦", "score": "分",
    "intensity": "微克/立方米",
}  # fmt: skip


catalogue = cache(load_catalogue)


@cache
def table(name: str) -> dict[str, list[str]]:
    """The words of a data file by their places."""
    found: dict[str, list[str]] = {}
    for line in golden.words_file(name).read_text("utf-8").splitlines():
        place, _, word = line.partition(": ")
        found.setdefault(place, []).append(word)
    return found


def kept(name: str, place: str) -> list[str]:
    """The words at a place of a data file; ``*`` stands for any one row."""
    if "*" not in place:
        return table(name).get(place, [])
    start, _, end = place.partition("*")
    return [word for at, words in table(name).items() if at.startswith(start) and at.endswith(end) for word in words]


def labelled(text: str) -> list[tuple[str, str]]:
    lines = list(lines_of(text))
    found, _ = read_labels(lines, [line.text for line in lines])
    return [(one.name, text[one.start : one.end]) for one in found]


def test_labels_above_a_report() -> None:
    """Under the name of their row, each with what may stand below it."""
    for name in kept("labels", "label.*.name"):
        for word in (name, *kept("labels", f"label.{name}.also")):
            assert labelled(f"{word}：甲") == [(name, "甲")]
        [value] = kept("labels", f"label.{name}.value")
        below = {"2024年1月5日": value in ("date", "line"), "县政府办": value == "line"}
        for text, counts in below.items():
            assert labelled(f"{name}：\n{text}") == [(name, text if counts else "")]


def taken_off(text: str) -> str:
    """What is left of a text when the page around it is gone."""
    edits = read_page(text, script_of(load_tools().to_simplified)).edits
    return Text.of(text).apply(edits).now.strip()


def test_widgets_around_a_report() -> None:
    """Alone in their line they go; those that may be words of a report only beside another one."""
    for word in kept("boilerplate", "widgets.words"):
        assert taken_off(f"【{word}】\n工作报告\n{BODY}\n{word}") == f"工作报告\n{BODY}", word
    for word in kept("boilerplate", "widgets.beside"):
        assert taken_off(f"打印\n{word}\n工作报告\n{BODY}\n{BODY}") == f"工作报告\n{BODY}\n{BODY}", word
        assert word in taken_off(f"工作报告\n{BODY}\n{word}\n{BODY}\n{BODY}")


def test_links_to_the_pages_before_and_after() -> None:
    for word in kept("boilerplate", "pagers.words"):
        assert len(list(find_pagers(f"受理30宗。{word}：关于5个项目的通知"))) == 1, word


def page(body: str, head: str = "") -> Reading:
    return read(f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode())


def test_elements_whose_text_nobody_sees() -> None:
    for name in kept("pages", "skipped.elements"):
        now = page(f"<p>{BODY}</p><{name}>立案999宗。</{name}><p>{OTHER}</p>").text.now
        assert now == f"{BODY}\n{OTHER}", name


def test_elements_that_end_a_line() -> None:
    """What begins one and what follows one stands in a line of its own; one without an end holds nothing."""
    void = kept("pages", "void.elements")
    unseen = {*kept("pages", "skipped.elements"), *kept("pages", "around.elements")}
    for name in (one for one in kept("pages", "blocks.elements") if one not in unseen):
        end = "" if name in void else f"</{name}>{OTHER}"
        now = page(f"<p>{BODY}</p>{OTHER}<{name}>{OTHER}{end}").text.now
        assert now == "\n".join([BODY, OTHER, OTHER, *([OTHER] if end else [])]), name


def test_elements_that_have_no_end() -> None:
    """One that is hidden hides nothing that follows it."""
    for name in kept("pages", "void.elements"):
        now = page(f"<p>{BODY}</p><div><{name} style='display:none'>{OTHER}</div>").text.now
        assert now == f"{BODY}\n{OTHER}", name


def test_parts_around_a_report() -> None:
    """By their element, or by a word of their class or id, of which some count anywhere in it."""
    around = [f"<{name}>{OTHER}</{name}>" for name in kept("pages", "around.elements")]
    for word in kept("pages", "around.words"):
        around += [f"<div class='{word}'>{OTHER}</div>", f"<div id='{word.upper()}'>{OTHER}</div>"]
    around += [f"<div class='my{word}2'>{OTHER}</div>" for word in kept("pages", "around.stems")]
    for part in around:
        assert page(f"{part}<p>{BODY}</p><p>{BODY}</p>{part}").text.now == f"{BODY}\n{BODY}", part


def test_the_element_of_the_article() -> None:
    """Long lines beside it are none of the report."""
    for word in kept("pages", "article.words"):
        now = page(f"<div class='{word}'><p>{BODY}</p><p>{BODY}</p></div><p>{OTHER}</p>").text.now
        assert now == f"{BODY}\n{BODY}", word


def test_labels_of_a_page() -> None:
    for place, name in (("articletitle", "名称"), ("pubdate", "发布日期"), ("contentsource", "来源")):
        labels = page(f"<p>{BODY}</p>", f"<meta name={place} content=甲乙丙丁>").labels
        assert labels == () or [(one.name, one.value) for one in labels] == [(name, "甲乙丙丁")]
        labels = page(f"<p>{BODY}</p>", f"<meta name={place} content='甲乙丙丁'>").labels
        assert [(one.name, one.value) for one in labels] == [(name, "甲乙丙丁")]
    for name in kept("pages", "labels.names"):
        rows = f"<tr><td>{name}：</td><td>甲</td></tr><tr><td>索引号：</td><td>乙</td></tr>"
        assert ("甲", name) in [(one.value, one.name) for one in page(f"<table>{rows}</table><p>{BODY}</p>").labels]


def linked(name: str, unit: str, *, change: str | None = None, sentence: str = "") -> str | None:
    said = {"indicator": Said(name, "indicator.said"), "change": Said(change, "change.said")}
    figure = Figure(Place(0, 1, 0, 1), written="1", value="1", unit=unit, words=sentence, **said)
    return id_of(figure, catalogue(), load_tools().lexicon)


def test_wordings_of_the_catalogue() -> None:
    """With a unit of its kind each leads to its indicator."""
    wrong = []
    for id_ in kept("catalogue", "indicator.*.id"):
        [kind] = kept("catalogue", f"indicator.{id_}.unit_kind")
        for name in (*kept("catalogue", f"indicator.{id_}.name"), *kept("catalogue", f"indicator.{id_}.aliases")):
            if linked(name, UNITS[kind]) != id_:
                wrong.append((name, id_, linked(name, UNITS[kind])))

    assert wrong == []


def test_wordings_that_mean_an_indicator_only_sometimes() -> None:
    """Some where the number is its growth, some beside another word in the same sentence."""
    for place, names in table("catalogue").items():
        id_, _, of_what = place.removeprefix("indicator.").partition(
            ".growth" if place.endswith(".growth") else ".beside."
        )
        for name in names if of_what or place.endswith(".growth") else ():
            if place.endswith(".growth"):
                assert (linked(name, "%", change="increase"), linked(name, "%")) == (id_, None), name
            else:
                [kind] = kept("catalogue", f"indicator.{id_}.unit_kind")
                word = of_what.removesuffix(".names").removesuffix(".word")
                said = linked(name, UNITS[kind], sentence=f"其中{word}等"), linked(name, UNITS[kind], sentence="其中")
                assert place.endswith(".word") or said == (id_, None), name


NAME, ID = "规章本年制发件数", "disclosure.regulations.issued"


def test_words_around_a_wording() -> None:
    """Some add nothing wherever they stand, some at an edge; one word more of any other kind is another quantity."""
    around = [*((word, "") for word in (*kept("linking", "fillers"), *kept("linking", "before")))]
    around += [("", word) for word in kept("linking", "after")]
    for before, after in around:
        assert linked(f"{before}{NAME}{after}", "件") == ID, (before, after)
    assert linked(f"重点{NAME}", "件") is None
    assert linked(f"{NAME}重点", "件") is None


def test_words_of_a_change() -> None:
    """They go from the name of a change; words that only hold one, and terms that a change is reckoned in, are told apart."""
    words = catalogue().words
    assert [word for word in kept("linking", "changes") if words.without_change(f"甲{word}乙") != "甲乙"] == []
    assert [
        word for word in kept("linking", "no_changes") if words.without_change(f"甲{word}乙") != f"甲{word}乙"
    ] == []
    assert [word for word in kept("linking", "basis") if words.trimmed(f"甲{word}乙", is_change=True) != "甲乙"] == []
    assert [word for word in kept("linking", "means") if words.means.sub("", f"甲{word}乙") != "甲乙"] == []
    assert [word for word in kept("linking", "counters") if words.key(f"甲乙{word}") != words.key("甲乙")] == []


def test_words_that_say_the_same() -> None:
    """Each has another word with its key."""
    keys = [catalogue().words.key(word) for word in kept("linking", "same")]

    assert [word for word, key in zip(kept("linking", "same"), keys, strict=True) if keys.count(key) < 2] == []


def test_units_that_agree_with_an_indicator() -> None:
    """One of each kind of unit that its kind of quantity is told in; some units count no things, some any growth."""
    kinds = load_tools().lexicon.unit_kinds
    of_kind = {
        kind: (id_, name)
        for id_ in kept("catalogue", "indicator.*.id")
        for kind in kept("catalogue", f"indicator.{id_}.unit_kind")
        for name in kept("catalogue", f"indicator.{id_}.name")
    }
    special = {*kept("linking", "not_counted"), *kept("linking", "of_growth")}
    for kind, (id_, name) in of_kind.items():
        for unit_kind in kept("linking", f"kinds.{kind}"):
            unit = next((one for one, of in kinds.items() if of == unit_kind and one not in special), None)
            assert unit is None or linked(name, unit) == id_, (kind, unit_kind)
        for unit in kept("linking", f"also.{kind}"):
            assert linked(name, unit) == id_, unit
    for unit in kept("linking", "not_counted"):
        assert linked(NAME, unit) is None, unit
    for unit in kept("linking", "of_growth"):
        assert (linked(NAME, unit, change="increase"), linked(NAME, unit)) == (ID, None), unit


def test_words_that_reports_are_told_by() -> None:
    """Each is counted whole, those of programs apart; a label of identifiers makes a table that counts nothing."""

    def said(text: str, *figures: Figure) -> Nature:
        return Nature(text, Document(), figures)

    assert [word for word in kept("vocabulary", "words.row.words") if said(f"甲{word}甲").words != [word]] == []
    three = kept("vocabulary", "software.words")[:4]
    for word in kept("vocabulary", "software.words"):
        words = [word, *(one for one in three if one != word)][:4]
        told = speaks_of_software(said("，".join(words)))
        assert told == f"it has {len(words)} words of programs and their manuals", word
    for word in kept("vocabulary", "identifiers.words"):
        named = Figure(Place(0, 1, 0, 1), written="1", value="1", unit="", cell=Cell(0, 1, (), ())).having(
            indicator=Said(f"甲{word}", "indicator.said")
        )
        assert counts_nothing(said("甲", named)), word
