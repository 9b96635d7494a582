"""Damage made on purpose: each function takes clean text and gives what some program would have made of it."""

import random
import re
import unicodedata
from collections.abc import Callable, Mapping

from worker.clean.gbk import char_of
from worker.facts import load_facts

_WIDE = str.maketrans(",:;()?!%", "，：；（）？！％")
_HALF = str.maketrans("，：；（）？！％", ",:;()?!%")
_INNER_COMMA = re.compile(r"(?<=\d)，(?=\d{3})")
#: Stands before 。？！ in the bytes and is seen by nobody.
_MARK = b"\x01"


def printed(text: str) -> str:
    """Text as an office prints it: full-width marks, paragraphs indented by two ideographic spaces."""
    wide = _INNER_COMMA.sub(",", text.translate(_WIDE))
    return "\n".join(f"\u3000\u3000{line}" if line.strip() else "" for line in wide.split("\n"))


def glossed(text: str, rng: random.Random, decode: Callable[[bytes], str], share: float) -> str:
    """Traditional text as a site leaves it that glosses characters by search and replace over GBK bytes.

    A ``share`` of the characters that GB2312 lacks is glossed. The replacement knows no character boundaries, and
    neither does the mark that is put before the ends of sentences.
    """
    data = text.encode("gbk", errors="ignore")
    for char, reading in _glosses(text, rng, share).items():
        key = char.encode("gbk")
        data = data.replace(key, key + f"({reading})".encode("gbk"))
    for end in "。？！":
        key = end.encode("gbk")
        data = data.replace(key, _MARK + key)
    return decode(data)


def _glosses(text: str, rng: random.Random, share: float) -> Mapping[str, str]:
    readings: dict[str, str] = {}
    for syllable, characters in load_facts("readings")["readings"].items():
        for char in characters:
            readings.setdefault(char, syllable)
    rare = sorted({char for char in text if char in readings and not _has(char, "gb2312") and _has(char, "gbk")})
    return {char: readings[char] for char in rare if rng.random() < share}


def _has(char: str, encoding: str) -> bool:
    return char.encode(encoding, errors="ignore") != b""


def swallowing(data: bytes) -> str:
    """Decode GBK like programs that put ``?`` for two bytes that are no pair and drop pairs that no table has."""
    out: list[str] = []
    place = 0
    while place < len(data):
        lead = data[place]
        if lead < 0x80:
            out.append(chr(lead) if lead != _MARK[0] else "")
            place += 1
            continue
        trail = data[place + 1] if place + 1 < len(data) else 0
        valid = trail >= 0x40 and trail != 0x7F
        out.append((char_of(lead, trail) or "") if valid else "?")
        place += 2
    return "".join(out)


def folding(data: bytes) -> str:
    """As :func:`swallowing`, with full-width marks made half-width afterwards and indents gone."""
    text = swallowing(data).translate(_HALF)
    return "\n".join(line.strip() for line in text.split("\n"))


def replacing(data: bytes) -> str:
    """Decode GBK like programs that put U+FFFD for one byte and go on with the next."""
    return data.decode("gbk", errors="replace").replace(_MARK.decode(), "")


def misread(text: str, written: str, read: str) -> str:
    """Text written in one encoding and read in another."""
    data = text.encode(written, errors="ignore")
    if read == "latin-1":
        return "".join(_western(byte) for byte in data)
    return data.decode(read, errors="replace")


def _western(byte: int) -> str:
    """A byte as the web reads Latin-1: as windows-1252, control characters where that has none."""
    return bytes((byte,)).decode("cp1252", errors="ignore") or chr(byte)


def spaced(text: str, rng: random.Random) -> str:
    """Text as typesetting leaves it: spaces between Han characters and digits, and around marks."""
    text = re.sub(r"(?<=[\u4e00-\u9fff])(?=\d)|(?<=\d)(?=[\u4e00-\u9fff])", lambda _: rng.choice(("", " ")), text)
    return re.sub(r"(?<=[，。、；：（“])", lambda _: rng.choice(("", "", " ")), text)


def wrapped(text: str, width: int) -> str:
    """Text cut into lines of one width, wherever a number stands."""
    lines = []
    for line in text.split("\n"):
        lines += [line[place : place + width] for place in range(0, len(line), width)] or [""]
    return "\n".join(lines)


def look_alikes(text: str, rng: random.Random) -> str:
    """Text as PDF files give it: compatibility ideographs, radicals, full-width digits, characters of no width."""
    forms = _look_alikes()
    out = []
    for char in text:
        if char in forms and rng.random() < 0.5:
            out.append(forms[char])
        elif char.isascii() and char.isdigit():
            out.append(chr(ord(char) + 0xFEE0))
        else:
            out.append(char + ("\u200b" if rng.random() < 0.01 else ""))
    return "".join(out)


def _look_alikes() -> Mapping[str, str]:
    forms: dict[str, str] = {}
    for code in [*range(0x2F00, 0x2FD6), *range(0xF900, 0xFB00)]:
        meant = unicodedata.normalize("NFKC", chr(code))
        if len(meant) == 1 and meant != chr(code):
            forms[meant] = chr(code)
    return forms


def scanned(text: str, rng: random.Random, share: float) -> str:
    """Text as character recognition gives it: letters for digits, digits apart, marks lost, decimal points gone."""
    out = []
    for place, char in enumerate(text):
        if char in "01" and rng.random() < share:
            out.append({"0": "O", "1": "l"}[char])
        elif char.isdigit() and text[place + 1 : place + 2].isdigit() and rng.random() < share:
            out.append(f"{char} ")
        elif char in "、·" and rng.random() < share:
            out.append("?" if char == "·" else char)
        else:
            out.append(char)
    return "".join(out)


def with_bytes_lost(data: bytes, rng: random.Random, count: int) -> bytes:
    """A file that lost some of its bytes above ASCII, one here and one there."""
    places = [place for place, byte in enumerate(data) if byte >= 0x80]
    gone = set(rng.sample(places, min(count, len(places))))
    return bytes(byte for place, byte in enumerate(data) if place not in gone)
