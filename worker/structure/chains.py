"""Chains of places' names, such as 江苏省苏州市吴江区, at the beginning of words."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from worker.facts import load_facts
from worker.structure import gazetteer

LONGEST_NAME = 4
SHORTEST_AUTONOMOUS_NAME, LONGEST_AUTONOMOUS_NAME = 2, 14
MOST_LEVELS = 6
#: A name of two characters needs more than itself to be one: 应县, 东区.
SURE_NAME = 3


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A place's own name, and the names that the text puts in front of it, outermost first; short names in full."""

    name: str
    above: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Unit:
    """One name of a chain: where it ends, its full name, and how it is known."""

    end: int
    name: str
    short: bool = False
    known: bool = True


IsEnd = Callable[[str, int], bool]


def read_chain(text: str, is_end: IsEnd, start: int = 0) -> tuple[NamedPlace, int] | None:
    """The chain of places at ``start`` that something fit stands after, and where it ends.

    A name of the gazetteer is taken whole and the longest first, and the place that it is goes on into the next such
    name. Only what the gazetteer does not have is read by its suffix, and never so that it ends inside one of its names.
    ``is_end(text, at)`` says whether a place's name can end at ``at``.
    """
    units = _search(text, start, (), is_end, set())
    return (_place(units), units[-1].end) if units else None


def known_chain(text: str) -> tuple[NamedPlace, int] | None:
    """The full names of the gazetteer that a text begins with, whatever follows, and where they end."""
    units: list[_Unit] = []
    while size := gazetteer.known_size(text, units[-1].end if units else 0):
        at = units[-1].end if units else 0
        if _is_generic(text[at : at + size], units) or (not units and size < SURE_NAME):
            break
        units.append(_Unit(at + size, text[at : at + size]))
    return (_place(units), units[-1].end) if units else None


def longest_chain(text: str) -> NamedPlace | None:
    """The places that a text begins with, as many as there are; for an organ's name, which goes on as it likes."""
    units: list[_Unit] = []
    while len(units) < MOST_LEVELS:
        at = units[-1].end if units else 0
        unit = next((one for one in _options(text, at, units) if not one.short or name_at(text, one.end)), None)
        if unit is None:
            break
        units.append(unit)
    return _place(units) if units else None


def name_at(text: str, at: int = 0) -> tuple[NamedPlace, int] | None:
    """The place of the gazetteer that stands at ``at`` by its full name or its short one, and where that ends."""
    size = gazetteer.known_size(text, at)
    short = 0 if size else gazetteer.short_size(text, at)
    if short:
        return NamedPlace(_shown(text[at : at + short])), at + short
    return (NamedPlace(text[at : at + size]), at + size) if size else None


def suffixed_name(text: str) -> str | None:
    """The name that a text begins with by its suffix alone, the shortest there is."""
    return next((unit.name for unit in _options(text, 0, ()) if not unit.known), None)


def is_place_word(name: str) -> bool:
    """Whether words only look like a place's name: 全市, 城镇."""
    return name in _place_words()


def _place(units: Sequence[_Unit]) -> NamedPlace:
    return NamedPlace(units[-1].name, tuple(unit.name for unit in units[:-1]))


def _search(text: str, at: int, done: tuple[_Unit, ...], is_end: IsEnd, dead: set[int]) -> tuple[_Unit, ...] | None:
    """The first chain that ends well; ``dead`` are the places that no chain gets on from, so that none is tried twice."""
    ends = bool(done) and is_end(text, at)
    if ends and not gazetteer.known_size(text, at) and not _zone(text, at):
        return done
    if len(done) < MOST_LEVELS and at not in dead:
        for unit in _options(text, at, done):
            if unit.short and (_zone(text, unit.end) or not (name_at(text, unit.end) or is_end(text, unit.end))):
                continue
            found = _search(text, unit.end, (*done, unit), is_end, dead)
            if found:
                return found
        dead.add(at)
    return done if ends else None


def _options(text: str, at: int, done: Sequence[_Unit]) -> Iterator[_Unit]:
    """What the next name of a chain may be: the best first."""
    corps = _corps().match(text, at)
    if corps:
        yield _Unit(corps.end(), corps[0])
    size = gazetteer.known_size(text, at)
    if size and not _is_generic(text[at : at + size], done, text[at + size :]):
        yield _Unit(at + size, text[at : at + size])
    short = 0 if size else gazetteer.short_size(text, at)
    if short and not is_place_word(text[at : at + short]):
        yield _Unit(at + short, _shown(text[at : at + short]), short=True)
    zone = _zone(text, at) if done else ""
    if zone:
        yield _Unit(at + len(zone), zone, known=False)
    for end in _suffixed(text, at):
        name = text[at:end]
        if done and name.startswith(_bodies()):
            return
        if end > at + max(size, short) and not _is_word_of_a_place(name) and not _cuts(text, at, end):
            yield _Unit(end, name, known=False)


def _is_generic(name: str, done: Sequence[_Unit], after: str = "") -> bool:
    """Whether a name of the gazetteer is only a word here: 城区, which some cities have as a district.

    It is a place where one of these cities stands in front of it, or an organ that every place has after it.
    """
    if not is_place_word(name) or gazetteer.lies_in(name, [unit.name for unit in done]):
        return False
    organs = tuple(load_facts("document")["organisations"]["of_a_place"])
    return not (not done and gazetteer.is_current(name) and after.startswith(organs))


def _is_word_of_a_place(name: str) -> bool:
    """Whether a name is such a word, or one after a level or a short name: 农村, 市农业农村, 长春农村. A zone is none."""
    if not name.endswith(_place_words()):
        return False
    places = load_facts("document")["places"]
    of_a_place = (*places["zones"], *places["also_suffixes"])
    befores = ((name.removesuffix(word), word) for word in _place_words() if name.endswith(word))
    return any(
        not before
        or before in places["levels"]
        or (word == "城市" and len(before) > 1)  # 云山城市建设投资公司; 聊城市 has one character before its 城
        or (word not in of_a_place and gazetteer.is_known(gazetteer.full_name(before)))
        for before, word in befores
    )


def _shown(short: str) -> str:
    """The full name for a short one; Hong Kong, Macao and Taiwan go by theirs."""
    return short if short in load_facts("document")["places"]["short_as_written"] else gazetteer.full_name(short)


def _zone(text: str, at: int) -> str:
    zones = load_facts("document")["places"]["zones"]
    return max((str(zone) for zone in zones if text.startswith(zone, at)), key=len, default="")


def _suffixed(text: str, at: int) -> Iterator[int]:
    """Where a name that begins at ``at`` may end by its suffix, the nearest first."""
    run = _inside().match(text, at)
    for end in range(at + 2, run.end() + 1 if run else 0):
        if any(
            text.endswith(suffix, at, end) and fewest <= end - at - len(suffix) <= most
            for suffix, fewest, most in _suffixes()
        ):
            yield end


def _cuts(text: str, at: int, end: int) -> bool:
    """Whether an end lies inside a name of the gazetteer or a word, or a name of it only stands after an 和."""
    if text[end - 1 : end + 1] in load_facts("document")["places"]["going_on"]:
        return True
    if any(start + gazetteer.known_size(text, start) > end for start in range(at, end)):
        return True
    joined = tuple(load_facts("document")["places"]["joined_by"])
    return text.startswith(joined, at) and bool(gazetteer.known_size(text, at + 1))


@lru_cache(maxsize=1)
def _place_words() -> tuple[str, ...]:
    return tuple(load_facts("document")["places"]["not_places"])


@lru_cache(maxsize=1)
def _bodies() -> tuple[str, ...]:
    return tuple(load_facts("document")["places"]["bodies"])


@lru_cache(maxsize=1)
def _suffixes() -> tuple[tuple[str, int, int], ...]:
    """Each suffix with the fewest and the most characters that stand in front of it."""
    return tuple(
        (word, SHORTEST_AUTONOMOUS_NAME, LONGEST_AUTONOMOUS_NAME)
        if word.startswith("自治")
        else (word, 1, LONGEST_NAME)
        for word in load_facts("document")["places"]["suffixes"]
    )


@lru_cache(maxsize=1)
def _inside() -> re.Pattern[str]:
    outside = load_facts("document")["places"]["outside"]
    return re.compile(f"[^{outside}\\W\\da-zA-Z_]{{0,{LONGEST_AUTONOMOUS_NAME + 3}}}")


@lru_cache(maxsize=1)
def _corps() -> re.Pattern[str]:
    places = load_facts("document")["places"]
    return re.compile("|".join([*places["beside"], places["corps"]]))
