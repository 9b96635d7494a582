"""Pinyin glosses that a site put after characters: ``報(bào)告``, ``人口(kou)(kou)``."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from worker.clean.script import HAN
from worker.edits import Edit
from worker.facts import load_facts

#: Letters of pinyin, tone marks included.
LETTERS = "a-züāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜêńňǹḿ"
_INSIDE = f" ?(?:[{LETTERS}] ?){{1,7}}[)）]"
_BRACKETED = f"[(（]{_INSIDE}"
_GLOSS = re.compile(_BRACKETED)
# Begins with the bracket and looks back for the character, because a scan for every character is slow.
_AFTER_CHARACTER = re.compile(f"[(（](?:(?<=[{HAN}].)|(?<=[{HAN}] .)){_INSIDE}(?: ?{_BRACKETED})*")

_Gloss = tuple[str, str, int, int]

#: A text is glossed when it has at least so many glosses with a reading of their character, on so many characters.
FEWEST_GLOSSES = 8
FEWEST_GLOSSED_CHARACTERS = 4


def find_glosses(text: str) -> Iterator[Edit]:
    """Propose the removal of all glosses of a glossed text.

    A gloss goes if it is a reading of the character before it, or bears a tone mark. Brackets such as ``(app)`` stay,
    and so do the few readings that a writer gives for rare names in a text that is not glossed throughout.
    """
    glosses = list(_glosses(text))
    if len(_glossed(glosses)) < FEWEST_GLOSSED_CHARACTERS:
        return
    for char, syllable, start, end in glosses:
        if is_reading(char, syllable) or (syllable != plain(syllable) and syllable in _marked_readings()):
            yield Edit(start, end, "", "gloss")


def glossed_characters(text: str) -> dict[str, set[str]]:
    """The characters of a glossed text by the readings printed after them; empty for any other text."""
    return _glossed(_glosses(text))


def _glossed(all_glosses: Iterable[_Gloss]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    glosses = 0
    characters: set[str] = set()
    for char, syllable, _, _ in all_glosses:
        if is_reading(char, syllable):
            glosses += 1
            characters.add(char)
            found.setdefault(syllable, set()).add(char)
    enough = glosses >= FEWEST_GLOSSES and len(characters) >= FEWEST_GLOSSED_CHARACTERS
    return found if enough else {}


def is_reading(char: str, syllable: str) -> bool:
    """Whether a character is read so; the tone need not be marked, but must be right where it is.

    >>> is_reading("報", "bào"), is_reading("口", "kou"), is_reading("口", "kòu")
    (True, True, False)
    """
    return char in with_reading(syllable)


@lru_cache(maxsize=4096)
def with_reading(syllable: str) -> str:
    """The characters that are read so, tones told apart where the syllable marks one."""
    table = _readings() if syllable == plain(syllable) else _marked_readings()
    return table.get(syllable, "")


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


def _glosses(text: str) -> Iterator[_Gloss]:
    """What may gloss a character: the character, the syllable, and the bracket's place with the space before it."""
    for match in _AFTER_CHARACTER.finditer(text):
        place = match.start() - (text[match.start() - 1] == " ")
        char = text[place - 1]
        for gloss in _GLOSS.finditer(text, match.start(), match.end()):
            yield char, gloss[0][1:-1].replace(" ", ""), place, gloss.end()
            place = gloss.end()
