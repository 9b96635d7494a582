"""What each stage adds to a draft and takes from it, where no whole report shows it."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from schemas.report import Document, ReportWarning
from worker.draft import Draft
from worker.edits import Edit, Flaw, Text
from worker.errors import BadReport
from worker.figure import Figure, Place, Said
from worker.parts import Cell, Heading, Label
from worker.pipeline import STAGES, read_report
from worker.report_writer import Origin
from worker.stages import clean, decode, extract, recognise, structure
from worker.tools import load_tools

TOOLS = load_tools()


def figure(at: int, name: str | None = None) -> Figure:
    place = Place(at, at + 1, at, at + 1)
    return Figure(place, written="3", value="3", unit="件", indicator=Said(name, "indicator.said"))


@pytest.mark.parametrize(
    ("figures", "told"),
    [
        ((), []),
        ((figure(0, "案件"),), []),
        ((figure(0, "案件"), figure(2)), [(2, 3, "3 has no name: what it measures cannot be told")]),
        ((figure(2), figure(1)), [(2, 3, "3 has no name: what it measures cannot be told (2 places)")]),
        ((figure(0, ""), figure(1), figure(2)), [(0, 1, "1 has no name: what it measures cannot be told (3 places)")]),
    ],
)
def test_figures_without_a_name_are_warned_of_once(
    figures: tuple[Figure, ...], told: list[tuple[int, int, str]]
) -> None:
    draft = Draft(b"", "a.txt", text=Text.of("123"))

    assert [(one.start, one.end, one.message) for one in extract._unnamed(figures, draft)] == told


def test_no_more_of_a_number_is_told_than_can_be_read() -> None:
    raw = "1" * 50
    long = figure(0)._replace(place=Place(0, 50, 0, 50))
    [warning] = extract._unnamed((long,), Draft(b"", "a.txt", text=Text.of(raw)))

    assert warning.message == f"{'1' * 40} has no name: what it measures cannot be told"
    assert (warning.code, warning.end) == ("unnamed_figure", 50)


@pytest.mark.parametrize(
    ("text", "unconverted", "original"),
    [
        ("总则", "總則", "總則"),
        ("一、总则", "一、總則", "總則"),
        ("一、总则", "一、总则", None),
        ("一、总则", None, None),
        ("一、别的", "一、別的", None),
    ],
)
def test_a_heading_has_its_title_in_the_script_of_the_file(
    text: str, unconverted: str | None, original: str | None
) -> None:
    draft = Draft(b"", "a.txt", text=Text.of(text), unconverted=unconverted)

    assert structure._original_title(draft, Heading("一", "总则", 1, 0, len(text), 0)) == original


@pytest.mark.parametrize(
    ("edit", "flaws", "left"),
    [
        (Edit(0, 1, "甲", "charset"), [(0, 1, "decode_damage")], []),
        (Edit(0, 1, "\ufffd", "charset"), [(0, 1, "decode_damage")], ["decode_damage"]),
        (Edit(0, 1, "甲", "spacing"), [(0, 1, "decode_damage")], ["decode_damage"]),
        (Edit(1, 2, "丙", "charset"), [(1, 2, "decode_damage")], ["decode_damage"]),
        (Edit(0, 1, "甲", "charset"), [(0, 2, "decode_damage")], ["decode_damage"]),
        (Edit(0, 1, "甲", "charset"), [(0, 1, "doubtful_number")], ["doubtful_number"]),
        (Edit(0, 1, "甲", "charset"), [(0, 1, "decode_damage"), (2, 3, "decode_damage")], ["decode_damage"]),
    ],
)
def test_a_flaw_goes_where_its_character_is_known_again(
    edit: Edit, flaws: list[tuple[int, int, str]], left: list[str]
) -> None:
    text = Text.of("\ufffd乙\ufffd").apply([edit])
    flawed = replace(text, flaws=tuple(Flaw(start, end, code, "damaged") for start, end, code in flaws))

    assert [flaw.code for flaw in clean._settled(flawed).flaws] == left


def test_a_report_is_dated_by_its_own_label_alone() -> None:
    labels = (Label("成文日期", "2021年01月06日", 0, 1), Label("发文日期", "2021年01月07日", 0, 1))

    assert str(clean._published(labels)) == "2021-01-07"
    assert clean._published(labels[:1]) is None


def test_of_what_is_no_report_no_figure_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor what was said of them; its title and its dates are."""
    monkeypatch.setattr(
        recognise, "nature_of", lambda _reading: SimpleNamespace(is_report=False, seen="a list of names")
    )
    codes = ("unnamed_figure", "unread_number", "unread_cell", "torn_number", "crowded_figures", "decode_damage")
    document = Document(title="通讯录", region="云山县", period="2023", kind="rule_of_law")
    draft = Draft(
        b"",
        "a.txt",
        text=Text.of("通讯录\n张三12\n"),
        document=document,
        figures=(figure(0),),
        damaged=(figure(1),),
        warnings=tuple(ReportWarning(code=code, message="a") for code in codes),
    )
    found = recognise.recognise(draft, TOOLS)

    assert (found.figures, found.damaged, found.relations) == ((), (), ())
    assert [one.code for one in found.warnings] == ["decode_damage", "not_a_report"]
    assert found.warnings[-1].message == (
        "a list of names; 1 figures left out; an authority's report, with its head and its words, would be right"
    )
    assert found.document == Document(title="通讯录")


@pytest.mark.parametrize(
    ("data", "code", "message"),
    [
        (b"", "empty", "0 bytes, none of them text; a report would be right"),
        (b" \n", "empty", "2 bytes, none of them text; a report would be right"),
        ("\u3000\u3000".encode(), "empty", "2 characters, all of them blank; a report would be right"),
        (
            b"\x89PNG\r\n\x1a\n" + bytes(64),
            "unsupported_format",
            "; a report in text, HTML, PDF, DOCX, XLSX, XLS, ODS or OFD would be right",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(data: bytes, code: str, message: str) -> None:
    with pytest.raises(BadReport) as refused:
        decode.decode(Draft(data, "a.txt"), TOOLS)

    assert (refused.value.code, refused.value.stage) == (code, "decode")
    assert refused.value.message.endswith(message)


def test_a_draft_has_all_that_was_decoded() -> None:
    draft = decode.decode(Draft("甲县工作报告\f受理12件\n".encode("gb18030"), "a.txt"), TOOLS)

    assert (draft.media_type, draft.text.raw) == ("text/plain", "甲县工作报告\f受理12件\n")
    assert draft.decoded == draft.text
    assert draft.encoding is not None
    assert draft.encoding.startswith("gb")
    assert draft.page_starts == (0, 7)


@pytest.mark.parametrize(
    ("form", "is_apart"), [("pdf", True), ("docx", False), ("spreadsheet", True), ("ofd", False), ("office", False)]
)
def test_each_format_has_its_reader_and_some_a_process_of_their_own(
    monkeypatch: pytest.MonkeyPatch, form: str, *, is_apart: bool
) -> None:
    monkeypatch.setattr(decode.sniff, "sniff", lambda _data: SimpleNamespace(reader=form, name=form))
    monkeypatch.setattr(decode, "import_module", lambda name: SimpleNamespace(read=lambda data: (name, data)))
    monkeypatch.setattr(decode.apart, "read", lambda read, data: ("apart", *read(data)))
    found: object = decode.read(b"a")

    assert found == (*(("apart",) if is_apart else ()), f"worker.readers.{form}", b"a")


def test_what_makes_too_large_an_event_is_refused_as_soon_as_it_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Numbers in the text and in its cells, before they are read, and figures before they are made."""
    asked: list[tuple[object, ...]] = []
    for module, name in (
        (decode, "refuse_many_numbers"), (decode, "refuse_crowded_numbers"), (extract, "refuse_many_figures"),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, lambda *given, name=name: asked.append((name, *given)))
    text = "受理12件，办结9件。"
    draft = decode.decode(Draft(text.encode(), "a.txt", most_event_bytes=99), TOOLS)
    extract.extract(draft, TOOLS)

    assert [row[0] for row in asked] == ["refuse_many_numbers", "refuse_crowded_numbers", "refuse_many_figures"]
    assert asked[0][1:] == (text, 99)
    assert asked[1][1:] == (text, 0)
    assert (asked[2][1], asked[2][2], *asked[2][4:]) == (text, [2, 8], 0, 99)


def test_what_stands_in_a_cell_is_no_heading() -> None:
    """The first cell of a text that begins with one, the last, and what stands between them."""
    text = "一、总则\n二、机构\n三、附则\n四、其他\n"
    cells = (Cell(10, 14, (), ("甲",)), Cell(0, 4, (), ("甲",)))
    found = structure.structure(Draft(text.encode(), "a.txt", text=Text.of(text), cells=cells), TOOLS)

    assert [one.title for one in found.sections] == ["机构", "其他"]


def test_each_stage_is_timed_and_told_when_it_starts_and_when_it_is_done() -> None:
    """Seconds by the clock that was given, as thousandths in the report."""
    took = [2.0**-at for at in range(1, 1 + len(STAGES))]
    ticks = iter([tick for at, one in enumerate(took) for tick in (10.0 * at, 10.0 * at + one)])
    told: list[tuple[str, float | None]] = []
    origin = Origin("0" * 20, "a.txt", "a.txt", "0" * 64)
    report = read_report(
        "甲县工作报告\n受理12件。\n".encode(), origin, TOOLS, lambda: next(ticks), lambda *one: told.append(one)
    )

    names = [name for name, _ in STAGES]
    assert told == [row for name, one in zip(names, took, strict=True) for row in ((name, None), (name, one))]
    assert report.pipeline.timings_ms == dict(
        zip(names, [500.0, 250.0, 125.0, 62.5, 31.25, 15.625, 7.812, 3.906, 1.953], strict=True)
    )
    assert list(ticks) == []
