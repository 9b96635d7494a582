"""The numbers that Word puts before paragraphs, as it counts and writes them."""

from xml.etree.ElementTree import Element, fromstring

import pytest

from worker.readers.docx_numbering import Numbering, in_format

_NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def element(name: str, content: str) -> Element:
    return fromstring(f"<w:{name} {_NAMESPACE}>{content}</w:{name}>")  # noqa: S314 - our own


def level(place: int | str, kind: str, text: str, start: str = "") -> str:
    first = f'<w:start w:val="{start}"/>' if start else ""
    return f'<w:lvl w:ilvl="{place}">{first}<w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/></w:lvl>'


def paragraph(number: str = "", place: str = "", style: str = "") -> Element:
    styled = f'<w:pStyle w:val="{style}"/>' if style else ""
    at = f'<w:ilvl w:val="{place}"/>' if place else ""
    own = f'<w:numPr>{at}<w:numId w:val="{number}"/></w:numPr>' if number else ""
    return element("p", f"<w:pPr>{styled}{own}</w:pPr>")


def numbering(*levels: str, styles: Element | None = None) -> Numbering:
    kept = f'<w:abstractNum w:abstractNumId="7">{"".join(levels)}</w:abstractNum>'
    nums = "".join(
        f'<w:num w:numId="{at}"><w:abstractNumId w:val="{of}"/></w:num>' for at, of in (("1", 7), ("2", 7), ("3", 8))
    )
    return Numbering(element("numbering", f'{kept}{nums}<w:num w:numId="4"/>'), styles)  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        *(
            (kind, {1: "一", 9: "九", 10: "十", 11: "十一", 20: "二十", 29: "二十九", 99: "九十九", 100: "100", 0: "0"})
            for kind in (
                *("chineseCounting", "chineseCountingThousand", "chineseLegalSimplified", "taiwaneseCounting"),
                *("taiwaneseCountingThousand", "japaneseCounting", "ideographDigital"),
            )
        ),
        ("chineseCounting", dict(zip(range(1, 10), "一二三四五六七八九", strict=True))),
        ("upperLetter", {1: "A", 2: "B", 26: "Z", 27: "27", 0: "0"}),
        ("lowerLetter", {1: "a", 2: "b", 26: "z", 27: "27", 0: "0"}),
        ("decimalEnclosedCircle", {1: "①", 2: "②", 20: "⑳", 21: "21", 0: "0"}),
        ("decimal", {1: "1", 12: "12"}),
        ("unknown", {3: "3"}),
    ],
)
def test_a_number_in_each_format(kind: str, written: dict[int, str]) -> None:
    """Decimal beyond what a format has."""
    assert {number: in_format(number, kind) for number in written} == written


def test_each_level_of_a_list_is_counted_below_the_one_above() -> None:
    """From its start, and anew after one above; levels above that were never met are at one."""
    found = numbering(
        level(0, "chineseCounting", "%1、"), level(1, "decimal", "%1.%2", "3"), level(8, "decimal", "(%9)")
    )
    places = ["1", "0", "0", "1", "1", "0", "1", "8", "8", "1", "8"]

    said = [found.next_number(paragraph("1", place)) for place in places]
    assert said == ["一.3", "一、", "二、", "二.3", "二.4", "三、", "三.3", "(1)", "(2)", "三.4", "(1)"]
    assert found.next_number(paragraph("2")) == "一、"


def test_what_has_no_number_has_none() -> None:
    """A bullet, a level that the list has not, a list that is not there, no properties at all."""
    found = numbering(
        level(0, "bullet", "•%1"), level(1, "none", "x%2"), level("x", "decimal", "%1"), level(9, "decimal", "%1")
    )
    told = [paragraph("1", place) for place in ("0", "1", "2", "9", "999999999999")]
    told += [paragraph("3"), paragraph("4"), paragraph("5"), paragraph(), paragraph(style="none"), element("p", "")]

    assert [found.next_number(one) for one in told] == [""] * len(told)
    assert Numbering(None, None).next_number(paragraph("1")) == ""


def test_a_style_gives_what_a_paragraph_does_not_say_itself() -> None:
    """Its own number goes before; a style without one gives none."""
    place = '<w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="2"/></w:numPr></w:pPr>'
    styles = element(
        "styles",
        f'<w:style w:styleId="a">{place}</w:style><w:style w:styleId="b"><w:pPr/></w:style><w:style w:styleId="c"/>'
        '<w:style w:styleId="d"><w:pPr><w:numPr><w:ilvl w:val="1"/></w:numPr></w:pPr></w:style>',
    )
    found = numbering(level(0, "decimal", "%1."), level(1, "decimal", "%1)%2"), styles=styles)
    told = [paragraph(style="a"), paragraph("1", style="a"), *(paragraph(style=style) for style in "bcd")]

    assert [found.next_number(one) for one in told] == ["1)1", "1.", "", "", ""]


@pytest.mark.parametrize(
    ("start", "text", "written"),
    [
        ("5", "%1", "5"), ("0", "%1", "1"), ("", "%1", "1"), ("x", "%1", "1"), ("-3", "%1", "1"),
        ("1234567890", "%1", "123456789"), ("1", "a" * 300, "a" * 255),
    ],
)  # fmt: skip
def test_what_a_stranger_writes_is_bounded(start: str, text: str, written: str) -> None:
    """A start of nine digits, a text of 255 characters."""
    assert numbering(level(0, "decimal", text, start)).next_number(paragraph("1", "0")) == written
