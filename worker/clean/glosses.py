"""Pinyin glosses that a site put behind characters: ``報(bào)告``, ``人口(kou)(kou)``."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from worker.clean.script import HAN
from worker.edits import Edit
from worker.facts import load_facts

#: Letters of pinyin, tone marks included.
LETTERS = "a-züāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜêńňǹḿ"
_BRACKETED = f"[(（] ?(?:[{LETTERS}] ?){{1,7}}[)）]"
_GLOSS = re.compile(_BRACKETED)
_GLOSSED = re.compile(f"([{HAN}])((?: ?{_BRACKETED})+)")
_NO_LETTERS = str.maketrans("", "", " ()（）")

#: A text is glossed when it has at least so many glosses with a reading of their character, on so many characters.
FEWEST_GLOSSES = 8
FEWEST_GLOSSED_CHARACTERS = 4


def find_glosses(text: str) -> Iterator[Edit]:
    """Propose the removal of all glosses of a glossed text.

    A gloss goes if it is a reading of the character before it, or bears a tone mark. Brackets such as ``(app)`` stay,
    and so do the few readings that a writer gives for rare names in a text that is not glossed throughout.
    """
    if not is_glossed(text):
        return
    for match in _GLOSSED.finditer(text):
        place = match.start(2)
        for gloss in _GLOSS.finditer(match[2]):
            end = match.start(2) + gloss.end()
            syllable = _syllable(gloss)
            if is_reading(match[1], syllable) or (syllable != plain(syllable) and syllable in _marked_readings()):
                yield Edit(place, end, "", "gloss")
            place = end


def is_glossed(text: str) -> bool:
    """Whether a text is glossed throughout, and not just here and there."""
    return len(glossed_characters(text)) >= FEWEST_GLOSSED_CHARACTERS


def glossed_characters(text: str) -> dict[str, set[str]]:
    """The characters of a glossed text by the readings printed behind them; empty for any other text."""
    found: dict[str, set[str]] = {}
    glosses = 0
    characters: set[str] = set()
    for match in _GLOSSED.finditer(text):
        for gloss in _GLOSS.finditer(match[2]):
            syllable = _syllable(gloss)
            if is_reading(match[1], syllable):
                glosses += 1
                characters.add(match[1])
                found.setdefault(syllable, set()).add(match[1])
    enough = glosses >= FEWEST_GLOSSES and len(characters) >= FEWEST_GLOSSED_CHARACTERS
    return found if enough else {}


def is_reading(char: str, syllable: str) -> bool:
    """Whether a character is read so; the tone need not be marked, but must be right where it is.

    >>> is_reading("報", "bào"), is_reading("口", "kou"), is_reading("口", "kòu")
    (True, True, False)
    """
    if syllable == plain(syllable):
        return char in _readings().get(syllable, "")
    return char in _marked_readings().get(syllable, "")


def with_reading(syllable: str) -> str:
    """The characters that are read so, tones told apart where the syllable marks one."""
    table = _readings() if syllable == plain(syllable) else _marked_readings()
    return table.get(syllable, "")


@lru_cache(maxsize=4096)
def plain(syllable: str) -> str:
    """A syllable without its tone mark; ``ü`` stays.

    >>> plain("lǜ")
    'lü'
    """
    bare = "".join(c for c in unicodedata.normalize("NFD", syllable) if c not in "\u0300\u0301\u0304\u030c")
    return unicodedata.normalize("NFC", bare)


def _marked_readings() -> dict[str, str]:
    readings: dict[str, str] = load_facts("readings")["readings"]
    return readings


@lru_cache(maxsize=1)
def _readings() -> dict[str, str]:
    table: dict[str, str] = {}
    for syllable, characters in _marked_readings().items():
        table[plain(syllable)] = table.get(plain(syllable), "") + characters
    return table


def _syllable(gloss: re.Match[str]) -> str:
    return gloss[0].translate(_NO_LETTERS)
