"""The numbers that Word puts before paragraphs: 一、 (一) 1. are often in no text."""

from xml.etree.ElementTree import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS = "〇一二三四五六七八九"
_LEVELS = 9
_MOST_PATTERN = 255  # characters; Word takes no more, and each place in it can grow to nine digits
_MOST_DIGITS = 9  # int() refuses what strangers may write
_CHINESE = (
    "chineseCounting",
    "chineseCountingThousand",
    "chineseLegalSimplified",
    "taiwaneseCounting",
    "taiwaneseCountingThousand",
    "japaneseCounting",
    "ideographDigital",
)


class Numbering:
    """Counts the numbered paragraphs of one document, in their order."""

    def __init__(self, numbering: Element | None, styles: Element | None) -> None:
        self._levels = _levels(numbering) if numbering is not None else {}
        self._of_style = _of_styles(styles) if styles is not None else {}
        self._counts: dict[str, list[int]] = {}

    def next_number(self, paragraph: Element) -> str:
        """The text before this paragraph, "" where it has no number or a bullet."""
        number_id, level = self._place(paragraph)
        formats = self._levels.get(number_id)
        if not formats or level >= _LEVELS or level not in formats:
            return ""
        counts = self._counts.setdefault(number_id, [0] * _LEVELS)
        start = formats[level][2]
        counts[level] = max(counts[level], start - 1) + 1
        counts[level + 1 :] = [0] * (_LEVELS - level - 1)
        return self._written(formats, counts, level)

    def _place(self, paragraph: Element) -> tuple[str, int]:
        properties = paragraph.find(W + "pPr")
        if properties is None:
            return "", 0
        own = _num_pr(properties)
        style = properties.find(W + "pStyle")
        inherited = self._of_style.get(style.get(W + "val", ""), ("", 0)) if style is not None else ("", 0)
        return own or inherited

    @staticmethod
    def _written(formats: dict[int, tuple[str, str, int]], counts: list[int], level: int) -> str:
        kind, text, _ = formats[level]
        if kind in ("bullet", "none"):
            return ""
        for place in range(_LEVELS):
            if place in formats:
                text = text.replace(f"%{place + 1}", in_format(max(1, counts[place]), formats[place][0]))
        return text


def in_format(number: int, kind: str) -> str:
    """A number as Word writes it in one of its formats; decimal where the format is not known here.

    >>> [in_format(12, kind) for kind in ("decimal", "chineseCounting", "upperLetter")]
    ['12', '十二', 'L']
    """
    if kind in _CHINESE and 0 < number < 100:
        tens, ones = divmod(number, 10)
        before = "" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十"
        return before + (_DIGITS[ones] if ones else "")
    if kind in ("upperLetter", "lowerLetter") and 0 < number <= 26:
        return chr(ord("A" if kind == "upperLetter" else "a") + number - 1)
    if kind == "decimalEnclosedCircle" and 0 < number <= 20:
        return chr(0x2460 + number - 1)
    return str(number)


def _levels(root: Element) -> dict[str, dict[int, tuple[str, str, int]]]:
    abstract = {item.get(W + "abstractNumId", ""): _formats(item) for item in root.iter(W + "abstractNum")}
    found = {}
    for item in root.iter(W + "num"):
        link = item.find(W + "abstractNumId")
        if link is not None:
            found[item.get(W + "numId", "")] = abstract.get(link.get(W + "val", ""), {})
    return found


def _formats(item: Element) -> dict[int, tuple[str, str, int]]:
    """Level -> format, text with %1 for the number, first number."""
    found = {}
    for level in item.iter(W + "lvl"):
        place = level.get(W + "ilvl", "")
        if place.isdecimal():
            found[_int(place, 0)] = (
                _val(level, "numFmt"),
                _val(level, "lvlText")[:_MOST_PATTERN],
                _int(_val(level, "start"), 1),
            )
    return found


def _of_styles(root: Element) -> dict[str, tuple[str, int]]:
    found = {}
    for style in root.iter(W + "style"):
        properties = style.find(W + "pPr")
        place = _num_pr(properties) if properties is not None else None
        if place:
            found[style.get(W + "styleId", "")] = place
    return found


def _num_pr(properties: Element) -> tuple[str, int] | None:
    place = properties.find(W + "numPr")
    if place is None:
        return None
    number_id = _val(place, "numId")
    return (number_id, _int(_val(place, "ilvl"), 0)) if number_id else None


def _val(parent: Element, name: str) -> str:
    child = parent.find(W + name)
    return child.get(W + "val", "") if child is not None else ""


def _int(text: str, default: int) -> int:
    return int(text[:_MOST_DIGITS]) if text.isdecimal() else default
