"""Text written in one encoding and read in another: ``锛`` for ``，``, ``ÖÐ¹ú`` for ``中国``."""

import re
from codecs import getincrementaldecoder
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from worker.clean.fluency import Fluency
from worker.clean.script import Script
from worker.edits import Edit, Flaw
from worker.facts import load_facts

#: Kinds of characters, one letter each, so that a stretch of odd ones is found in one pass.
_ODD_STRETCH = re.compile(r"o(?:[^o]{0,6}o){5,}")
#: Bytes below 0x40 are part of no character in any of these encodings: digits, blanks and most marks stay as they are.
_TOKEN = re.compile(r"[^\x00-\x3f]*[^\x00-\x7f][^\x00-\x3f]*")
_REPLACEMENT = "\ufffd"
_NO_BYTE = b"\xff"
#: First bytes of quotation marks, dashes, 、 and 。, whose second byte is 0x80.
_PUNCTUATION_LEADS = (b"\xe2", b"\xe3")
_NUMERALS = "〇零一二三四五六七八九十百千万亿两"
_UNSCORED = re.compile(r"[\ufffd\s]")

#: A stretch is judged by this much of it.
SAMPLE_CHARS = 240
#: It is read anew if that reads like Chinese at all, and better than before by so much (see Fluency.score).
LEAST_FLUENT = -8.0
GAIN = 2.0
#: At most so much of the new reading may be unreadable.
MOST_LOST = 0.2
#: What lies between two stretches is read anew with them if it is no longer than this, or if they are most of the text.
LONGEST_GAP = 40
#: ... and a longer one is left alone if its beginning reads like Chinese.
LONGEST_SCORED = 2000
MOST_OF_TEXT = 0.5


@dataclass(frozen=True, slots=True)
class Misreading:
    """A text was ``written`` in one encoding and ``read`` in another."""

    written: str
    read: str

    def undone(self, text: str, count: Callable[[str], int]) -> str:
        """The text as it was written; replacement marks where bytes cannot be known. ``count`` gives words' frequencies."""
        return "".join(new for _, _, new in self.pieces(text, count))

    def pieces(self, text: str, count: Callable[[str], int]) -> Iterator[tuple[int, int, str]]:
        """The text's smallest parts that both encodings begin and end together: start, end, what was written there."""
        decoder = getincrementaldecoder(self.written)(errors="replace")
        start = 0
        written = ""
        encoded = self._bytes(text, count)
        for place, part in enumerate(encoded, 1):
            written += decoder.decode(part)
            lost_next = text[place : place + 1] == _REPLACEMENT
            if not decoder.getstate()[0] and not lost_next:
                yield start, place, written
                start, written = place, ""
        written += decoder.decode(b"", final=True)
        if written:
            yield start, len(text), written

    def _bytes(self, text: str, count: Callable[[str], int]) -> list[bytes]:
        """The bytes of each character as it was read; none or one for a mark that stands for a lost one."""
        encoded = [b"" if char == _REPLACEMENT else _encoded(char, self.read) for char in text]
        for place, char in enumerate(text):
            if char != _REPLACEMENT:
                continue
            before = b"".join(encoded[max(0, place - 4) : place])
            after = b"".join(encoded[place + 1 : place + 5])
            encoded[place] = _between(before, after, count) if self.written == "utf-8" else _NO_BYTE
        return encoded


def _between(before: bytes, after: bytes, count: Callable[[str], int]) -> bytes:
    """The byte that a replacement mark stands for between two pieces of UTF-8; else what makes the decoder put a mark.

    0x80 begins no pair in GBK, so it is what most marks inside a text stand for. It is taken only if the character
    that it completes makes a word with its neighbour, and a commoner one than any other byte would; never if it
    completes a numeral.
    """
    lead = _open_sequence(before)
    if not lead:
        return _NO_BYTE
    rest = after[: 2 - len(lead)]
    completed = _decoded(lead + b"\x80" + rest)
    if lead in _PUNCTUATION_LEADS:
        return b"\x80" if completed else b""
    left, right = _decoded(before[: -len(lead)][-3:])[-1:], _decoded(after[len(rest) :][:3])[:1]
    if lead == b"\xe3\x80":
        return b"\x80" if left in ("", "\u3000") else b""
    counts = dict.fromkeys(range(128, 192), 0)
    for byte in counts:
        char = _decoded(lead + bytes((byte,)) + rest)
        if char:
            counts[byte] = max(count(left + char), count(char + right))
    likeliest = max(counts, key=lambda byte: counts[byte])
    sure = likeliest == 0x80 and counts[likeliest] > 0 and completed not in _NUMERALS
    return b"\x80" if sure else b""


def _open_sequence(before: bytes) -> bytes:
    """The one or two bytes at the end of UTF-8 that begin a character of three and do not complete it."""
    for length in (1, 2):
        lead = before[-length:]
        if len(lead) == length and 0xE2 <= lead[0] <= 0xE9 and all(0x80 <= byte <= 0xBF for byte in lead[1:]):
            return lead
    return b""


def _decoded(encoded: bytes) -> str:
    return encoded.decode("utf-8", errors="ignore")


def find_misreadings(text: str, script: Script, fluency: Fluency) -> Iterator[Edit | Flaw]:
    """Propose the right reading of every stretch that was read in a wrong encoding.

    A stretch is found by its odd characters, and read anew only if the outcome reads like Chinese and far better.
    Digits and blanks inside it are no part of the edits, so that numbers keep their exact places. Words between two
    such stretches that read as well either way are doubtful.
    """
    stretches, unread = _stretches(text, script, fluency)
    if not stretches:
        return
    for start, end in unread:
        yield Flaw(start, end, "misread", f"read in a wrong encoding: {text[start : min(end, start + 20)]}")
    everywhere = sum(end - start for start, end, _ in stretches) > MOST_OF_TEXT * len(text)
    place = 0
    before = stretches[0][2]
    for start, end, misreading in [*stretches, (len(text), len(text), stretches[-1][2])]:
        if misreading == before and (everywhere or (place and start - place <= LONGEST_GAP)):
            yield from _gap(text, place, start, misreading, script, fluency)
        yield from _undone(text, start, end, misreading, fluency)
        place, before = end, misreading


def _stretches(
    text: str, script: Script, fluency: Fluency
) -> tuple[list[tuple[int, int, Misreading]], list[tuple[int, int]]]:
    """The misread stretches, and odd ones that no reading fits.

    A short one that cannot tell by itself is read like the others of the text.
    """
    if not _maybe_odd_stretch().search(text):
        return [], []
    places = []
    done = 0
    for stretch in _ODD_STRETCH.finditer(text.translate(_oddness_of(script))):
        if stretch.end() > done:
            start, done = _widened(text, max(stretch.start(), done), stretch.end(), done)
            places.append((start, done))
    known = {place: _best(text[place[0] : min(place[1], place[0] + SAMPLE_CHARS)], script, fluency) for place in places}
    others = Counter(found for found in known.values() if found).most_common()
    stretches = []
    for place in places:
        found = known[place]
        if not found and others and _gains(text[place[0] : place[1]], others[0][0], script, fluency):
            found = others[0][0]
        if found:
            stretches.append((*place, found))
    read = {stretch[:2] for stretch in stretches}
    return stretches, [place for place in places if place not in read]


def _gains(sample: str, misreading: Misreading, script: Script, fluency: Fluency) -> bool:
    new = "".join(misreading.undone(token[0], fluency.count) for token in _TOKEN.finditer(sample[:SAMPLE_CHARS]))
    return _is_readable(new) and _score(new, script, fluency) > _score(sample[:SAMPLE_CHARS], script, fluency) + GAIN


def _is_readable(new: str) -> bool:
    """Whether hardly any of it is lost."""
    return new.count(_REPLACEMENT) <= MOST_LOST * len(new)


def _score(text: str, script: Script, fluency: Fluency) -> float:
    return fluency.score(script.characters(_UNSCORED.sub("", text)))


def _gap(
    text: str, start: int, end: int, misreading: Misreading, script: Script, fluency: Fluency
) -> Iterator[Edit | Flaw]:
    """What lies between misread stretches: read anew word by word where that reads better, doubtful where it may.

    A long part that reads like Chinese as it stands was never misread: single words of it tell nothing.
    """
    if end - start > LONGEST_GAP and _score(text[start:end][:LONGEST_SCORED], script, fluency) >= LEAST_FLUENT:
        return
    for token in _TOKEN.finditer(text, start, end):
        new = misreading.undone(token[0], fluency.count)
        if new == token[0]:
            continue
        gain = _score(new[:SAMPLE_CHARS], script, fluency) - _score(token[0][:SAMPLE_CHARS], script, fluency)
        if _is_readable(new) and gain > (GAIN if _REPLACEMENT in new else 0):
            yield from _undone(text, token.start(), token.end(), misreading, fluency)
        elif new.count(_REPLACEMENT) < len(new) / 2:
            yield Flaw(token.start(), token.end(), "misread", f"read in a wrong encoding, or not: {token[0][:20]}")


def _undone(text: str, start: int, end: int, misreading: Misreading, fluency: Fluency) -> Iterator[Edit]:
    for token in _TOKEN.finditer(text, start, end):
        for first, last, new in misreading.pieces(token[0], fluency.count):
            sure = 1 - new.count(_REPLACEMENT) / max(len(new), 1)
            yield Edit(token.start() + first, token.start() + last, new, "charset", round(sure, 2))


def _best(sample: str, script: Script, fluency: Fluency) -> Misreading | None:
    """The misreading that, undone, makes the sample read best by far."""
    as_it_stands = _score(sample, script, fluency)
    best = None
    highest = max(LEAST_FLUENT, as_it_stands + GAIN)
    for entry in load_facts("misreadings")["misreading"]:
        misreading = Misreading(entry["written"], entry["read"])
        new = "".join(misreading.undone(token[0], fluency.count) for token in _TOKEN.finditer(sample))
        score = _score(new, script, fluency)
        if score > highest and _is_readable(new):
            best, highest = misreading, score
    return best


def _widened(text: str, start: int, end: int, least: int) -> tuple[int, int]:
    """A stretch with the rest of the words at its ends, as far as no plain ASCII parts them."""
    while start > least and not text[start - 1].isspace() and text[start - 1] > "\x3f":
        start -= 1
    while end < len(text) and not text[end].isspace() and text[end] > "\x3f":
        end += 1
    return start, end


def _encoded(char: str, encoding: str) -> bytes:
    try:
        # What is called latin-1 is often cp1252, whose other characters all come after those of latin-1: the first is Œ.
        encoded = char.encode("cp1252" if encoding == "latin-1" and char >= "Œ" else encoding)
    except UnicodeEncodeError:
        return _NO_BYTE
    return encoded if len(encoded) <= 2 else _NO_BYTE


class _Oddness(dict[int, str]):
    """``o`` for characters that Chinese reports hardly use, ``-`` for all others; filled as characters turn up.

    Odd are ideographs of neither GB 2312's first level nor traditional script, other scripts' letters with and
    without accents, and what is no character at all.
    """

    def __init__(self, script: Script) -> None:
        super().__init__()
        self._script = script

    def __missing__(self, code: int) -> str:
        kind = "o" if self._is_odd(chr(code)) else "-"
        if code <= 0xFFFF:  # no text can fill the memory with the million others
            self[code] = kind
        return kind

    def _is_odd(self, char: str) -> bool:
        if "\u4e00" <= char <= "\u9fff":
            first_level = b"\xb0\xa1" <= _encoded(char, "gb2312") <= b"\xd7\xf9"
            return not first_level and self._script.telling(char)[0] == 0
        if "\u0080" <= char <= "\u04ff":
            return char not in "\u00a0\u00b7\u00d7\u00b0\u00b1\u00b2\u00b3"
        return (
            "\u3040" <= char <= "\u312f"
            or "\u2500" <= char <= "\u257f"
            or "\ue000" <= char <= "\uf8ff"
            or char == "\ufffd"
        )


@lru_cache(maxsize=2)
def _oddness_of(script: Script) -> _Oddness:
    return _Oddness(script)


@lru_cache(maxsize=1)
def _maybe_odd_stretch() -> re.Pattern[str]:
    """What every stretch of odd characters matches, and hardly any text in simplified script."""
    first_level = "".join(
        bytes((row, place)).decode("gb2312", "ignore") for row in range(0xB0, 0xD8) for place in range(0xA1, 0xFF)
    )
    usual = (
        f"\x00-\x7f\u00a0\u00b7\u00d7\u00b0-\u00b3\u0500-\u24ff\u2580-\u303f\u3130-\u4dff{first_level}"
        "\ua000-\udfff\uf900-\ufffc\ufffe-\U0010ffff"
    )
    return re.compile(f"[^{usual}](?:[{usual}]{{0,6}}[^{usual}]){{5}}")
