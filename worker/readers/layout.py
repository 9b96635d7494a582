"""From lines set on pages to paragraphs: what runs along at the edge of each page goes, wrapped lines are joined."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_NUMBER = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(r"[\s\-—－–―·•.]*(?:第\s*)?#\s*(?:页)?(?:[\s/／,，]*(?:共\s*)?#\s*页?)?[\s\-—－–―·•.]*")
_MARKER = re.compile(
    r"[\s\u3000]*(?:[一二三四五六七八九十百]{1,4}[、．.]|[(（][一二三四五六七八九十百\d]{1,3}[)）]|\d{1,2}(?:[、．]|\.(?!\d))"
    r"|第[一二三四五六七八九十百\d]+[章节条部编]|[●•■◆▪◎★※①-⑳])"
)
_STOP = re.compile(r"[。！？!?：:；;”』」]\s*$")
_INDENTED = re.compile(r"[\u3000 \u2002\u2003]{2,}|\u3000")
_EDGE = 2  # lines looked at on top and at the bottom of a page
_SHORT_OF = 2.3  # characters by which a full line may fall short: a mark may not begin a line, a Latin word moves down
_CENTRED = 2.6  # characters from the left edge: more than the two that begin a paragraph
_SLACK = 0.6  # of a character: by so much an indent may be off


@dataclass(frozen=True, slots=True)
class LaidLine:
    """A line of a page, in points from the left and from the top.

    One that is ``apart``, a row of fields, neither goes on in the next nor goes on with the one before. ``torn`` are
    the places in its text where digits of two pieces meet.
    """

    text: str
    left: float
    right: float
    top: float
    bottom: float
    apart: bool = False
    torn: tuple[tuple[int, int], ...] = ()

    @property
    def size(self) -> float:
        """Height of a character, about its width in Chinese type."""
        return max(1.0, self.bottom - self.top)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph: its text by page, so that it may begin on one and end on the next.

    ``torn`` are the places in the whole text where digits of two lines, or of two pieces of a line, meet. It is
    ``apart`` if it is a row of fields with tabs between.
    """

    parts: tuple[tuple[int, str], ...]
    torn: tuple[tuple[int, int], ...] = ()
    apart: bool = False


def without_running_lines(pages: Sequence[Sequence[LaidLine]]) -> list[list[LaidLine]]:
    """The pages without headers, footers and page numbers.

    Such is a line among the first or last two of a page whose form, digits aside, stands there on at least half of the
    pages, and on three; or one that holds the page's number as the pages around it do.
    """
    edges = [_edges(page) for page in pages]
    forms = Counter(form for edge in edges for form in {_form(line) for line in edge})
    shift = _number_shift(edges)
    return [
        [line for line in page if not (line in edge and _runs(line, number, forms, len(pages), shift))]
        for number, (page, edge) in enumerate(zip(pages, edges, strict=True))
    ]


def _edges(page: Sequence[LaidLine]) -> list[LaidLine]:
    by_height = sorted(page, key=lambda line: line.top)
    return by_height if len(by_height) <= 2 * _EDGE else by_height[:_EDGE] + by_height[-_EDGE:]


def _form(line: LaidLine) -> str:
    return _NUMBER.sub("#", re.sub(r"\s+", "", line.text))


def _runs(line: LaidLine, number: int, forms: Counter[str], pages: int, shift: int | None) -> bool:
    form = _form(line)
    if _PAGE_NUMBER.fullmatch(form):
        first = _NUMBER.search(line.text)
        return shift is not None and first is not None and int(first.group()) == number + shift
    return forms[form] >= 3 and forms[form] * 2 >= pages


def _number_shift(edges: Sequence[Sequence[LaidLine]]) -> int | None:
    """What to add to a page's index, from 0, for the number printed on it; None where none is printed."""
    shifts: Counter[int] = Counter()
    for number, edge in enumerate(edges):
        found = {int(match.group()) - number for line in edge if (match := _number_alone(line))}
        shifts.update(found)
    if not shifts:
        return None
    shift, count = shifts.most_common(1)[0]
    return shift if count > 1 or (len(edges) == 1 and shift == 1) else None


def _number_alone(line: LaidLine) -> re.Match[str] | None:
    return _NUMBER.search(line.text) if _PAGE_NUMBER.fullmatch(_form(line)) and len(line.text) < 20 else None


def paragraphs(lines: Sequence[tuple[int, LaidLine]]) -> Iterator[Paragraph]:
    """Join the lines, each with its page, that go on in the next.

    A line goes on if it reaches the right edge of the text and the next neither begins an item nor is set in as the
    first line of a paragraph.
    """
    edges = _text_edges(lines)
    group: list[tuple[int, LaidLine]] = []
    for page, line in lines:
        if group and not _goes_on(group, line, edges):
            yield _paragraph(group)
            group = []
        group.append((page, line))
    if group:
        yield _paragraph(group)


def _text_edges(lines: Sequence[tuple[int, LaidLine]]) -> tuple[float, float]:
    if not lines:
        return 0.0, 0.0
    rights = sorted(line.right for _, line in lines)
    lefts = sorted(line.left for _, line in lines)
    return lefts[len(lefts) // 10], rights[min(len(rights) - 1, len(rights) * 9 // 10)]


def _goes_on(group: Sequence[tuple[int, LaidLine]], line: LaidLine, edges: tuple[float, float]) -> bool:
    previous = group[-1][1]
    if previous.apart or line.apart:
        return False
    if previous.right < edges[1] - _SHORT_OF * previous.size or _MARKER.match(line.text) or _INDENTED.match(line.text):
        return False
    if abs(previous.size - line.size) > 0.35 * max(previous.size, line.size):
        return False
    slack = _SLACK * line.size
    if len(group) > 1:  # the paragraph's second line shows where the others begin
        return line.left <= group[1][1].left + slack
    first = group[0][1]
    if first.left > edges[0] + _CENTRED * first.size and not _MARKER.match(first.text):
        return False
    if line.left > first.left + slack:
        return bool(_MARKER.match(first.text)) or not _STOP.search(first.text)
    if line.left < first.left - slack:
        return True
    return line.left <= edges[0] + slack or not _STOP.search(first.text)


def _paragraph(group: Sequence[tuple[int, LaidLine]]) -> Paragraph:
    first_page, first = group[0]
    whole = first.text.rstrip()
    pages, starts, torn = [first_page], [0], list(first.torn)
    for page, line in group[1:]:
        text = line.text.strip()
        if whole[-1:].isdigit() and text[:1].isdigit():
            torn.append((len(whole) - 1, len(whole) + 1))
        longer = joined(whole, text)
        begin = len(longer) - len(text) - (len(line.text) - len(line.text.lstrip()))
        torn += [(begin + start, begin + end) for start, end in line.torn]
        if page != pages[-1]:
            pages.append(page)
            starts.append(len(longer) - len(text))
        whole = longer
    ends = [*starts[1:], len(whole)]
    parts = tuple((page, whole[start:end]) for page, start, end in zip(pages, starts, ends, strict=True))
    return Paragraph(parts, tuple(torn), first.apart)


def joined(before: str, after: str) -> str:
    """Two lines as one, a space between only where two Latin words meet.

    >>> joined("共调解纠纷", "485件"), joined("GDP per", "capita")
    ('共调解纠纷485件', 'GDP per capita')
    """
    words = before[-1:].isascii() and after[:1].isascii() and before[-1:].isalpha() and after[:1].isalpha()
    return f"{before} {after}" if words else before + after
