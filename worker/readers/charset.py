"""Tells the character encoding of Chinese text, broken bytes included."""

import codecs
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from worker.readers.reading import refusal

# The codec that takes the mark away with it: ``data.decode(encoding)`` is then the text that offsets count in.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HZ = b"~{"  # RFC 1843: GB 2312 in seven bits, between ~{ and ~}
_WIDE = ("utf-16-le", "utf-16-be")
_UNMARKED = ("utf-8", "gb18030", "big5hkscs", *_WIDE)
_SAMPLE = 20_000  # characters scored at each of three places
_LIKELY = 0.6  # right readings of real reports score 0.86 and more, wrong ones 0.5 and less
_FEW = 0.02  # a text with no larger a share of other characters is taken as ASCII
_MOST_DAMAGE = 0.05


@dataclass(frozen=True)
class Decoded:
    """A file's text, the codec it was decoded with and how many places of it are U+FFFD for want of a reading."""

    text: str
    encoding: str
    damaged: int


def decode_bytes(data: bytes) -> Decoded:
    """The text of ``data`` as its most plausible encoding gives it.

    A byte order mark decides; then strict UTF-8, or HZ inside ASCII; then, of UTF-8 with damage, GB18030, Big5 with the characters of
    Hong Kong and UTF-16, the one whose text holds the largest share of common characters.

    Raises:
        BadReport: ``undecodable``, if none of them gives plausible Chinese.
    """
    decoded = _decoded(data)
    if decoded.damaged > _MOST_DAMAGE * len(decoded.text):
        raise refusal(
            "undecodable",
            f"{decoded.damaged} of {len(decoded.text)} characters are lost even as {decoded.encoding}, the most "
            "plausible encoding; UTF-8, GB18030, Big5 or UTF-16 would be right",
            _first_damage(decoded),
        )
    return decoded


def _decoded(data: bytes) -> Decoded:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _most_plausible(data, (encoding,))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _most_plausible(data, _UNMARKED)
    if _HZ in data and data.isascii():
        shifted = _with_damage(data, "hz")
        if plausibility(shifted.text) >= _LIKELY:
            return shifted
    # Latin letters in UTF-16 are valid UTF-8 with a zero byte each.
    return _most_plausible(data, ("utf-8", *_WIDE)) if text.count("\0") > len(text) / 8 else Decoded(text, "utf-8", 0)


def _most_plausible(data: bytes, encodings: Sequence[str]) -> Decoded:
    readings = [_with_damage(data, encoding) for encoding in encodings]
    scores = [plausibility(reading.text) for reading in readings]
    best = max(range(len(readings)), key=lambda index: scores[index])
    if scores[best] >= _LIKELY:
        return readings[best]
    first = readings[0]
    if _foreign(first.text) <= _FEW:
        return first
    seen = ", ".join(f"{reading.encoding} {score:.2f}" for reading, score in zip(readings, scores, strict=True))
    raise refusal(
        "undecodable",
        f"in no encoding is this Chinese text (share of common characters: {seen}; {_LIKELY} is needed); "
        f"first bytes: {data[:8].hex(' ')}",
        "byte 0",
    )


def _foreign(text: str) -> float:
    sample = "".join(_samples(text))
    return sum(char > "\x7f" for char in sample) / max(1, len(sample))


def _with_damage(data: bytes, encoding: str) -> Decoded:
    text = data.decode(encoding, "replace")
    return Decoded(text, encoding, text.count("\ufffd"))


def _first_damage(decoded: Decoded) -> str:
    before = decoded.text[: decoded.text.index("\ufffd")]
    return f"byte {len(before.encode(decoded.encoding, 'replace'))}"


def plausibility(text: str) -> float:
    """Share of common Han and Chinese punctuation among the characters of ``text`` beyond ASCII; 0.0 if it has none."""
    common = common_characters()
    counted = [char for sample in _samples(text) for char in sample if char > "\x7f"]
    return sum(char in common for char in counted) / len(counted) if counted else 0.0


def _samples(text: str) -> Iterable[str]:
    if len(text) <= 3 * _SAMPLE:
        return (text,)
    middle = len(text) // 2
    return text[:_SAMPLE], text[middle : middle + _SAMPLE], text[-_SAMPLE:]


@lru_cache(maxsize=1)
def common_characters() -> frozenset[str]:
    """The first levels of GB/T 2312 (rows 16-55, 3755 characters) and of Big5 (A440-C67E, 5401), and punctuation.

    Both standards put the characters of everyday use there.
    """
    simplified = _characters("gb2312", range(0xB0, 0xD8), range(0xA1, 0xFF))
    traditional = _characters("big5", range(0xA4, 0xC7), (*range(0x40, 0x7F), *range(0xA1, 0xFF)))
    marks = {chr(code) for block in (range(0x3000, 0x3020), range(0xFF01, 0xFF5F)) for code in block}
    return frozenset(simplified | traditional | marks | set("·—‘’“”…①②③④⑤○●■％‰℃㎡×"))


def _characters(encoding: str, leads: Iterable[int], trails: Iterable[int]) -> set[str]:
    pairs = b"".join(bytes((lead, trail)) for lead in leads for trail in trails)
    return set(pairs.decode(encoding, "ignore"))
