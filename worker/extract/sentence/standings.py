"""The words that say whether a figure is reached, under way, planned or required."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter

from worker.extract.language.reading_text import ReadingText
from worker.extract.language.words_before import is_actor
from worker.extract.sentence.rules import Answer
from worker.facts import load_facts
from worker.patterns import any_of

_FULFILLED = re.compile("完成了?(?:[0-9.]+%|百分之)(?!的)")
_NEAR = 8  # characters
#: 去年开工的新院区10月投用: what came about last year describes a thing that more is told of.
_OF_A_THING = re.compile("[^,;:。0-9、]{1,8}的(?! ?[0-9])")


@dataclass(frozen=True)
class StatusWords:
    """The patterns of ``worker/data/status.toml``; ``kinds`` says what each word that ``intent`` finds is."""

    intent: re.Pattern[str]
    kinds: Mapping[str, str]
    works: re.Pattern[str]
    when: re.Pattern[str]
    won: re.Pattern[str]
    to_semicolon: frozenset[str]
    estimates: frozenset[str]
    by_programme: re.Pattern[str]
    nouns: re.Pattern[str]
    things: re.Pattern[str]
    all_done: re.Pattern[str]
    subjects: re.Pattern[str]
    compared: re.Pattern[str]
    ongoing: re.Pattern[str]
    required: re.Pattern[str]
    limits: re.Pattern[str]
    shortens: re.Pattern[str]
    bounds: re.Pattern[str]
    plan_bounds: re.Pattern[str]
    done: re.Pattern[str]
    columns: frozenset[str]
    aims: re.Pattern[str]
    aims_done: re.Pattern[str]
    level_left: re.Pattern[str]
    level_reached: re.Pattern[str]


class Standings:
    """The words for plans and results in a sentence: ``reading.text[start:end]``."""

    def __init__(self, reading: ReadingText, start: int, end: int) -> None:
        self.start = start
        self._said = [
            said
            for match in words_of_status().intent.finditer(reading.text, start, end)
            for said in _said(reading, match, start, end)
        ]

    def last_before(self, place: int) -> tuple[Answer, int] | None:
        """What the last word for plans or results before a place says, and where that word ends."""
        at = bisect_right(self._said, place, key=attrgetter("end"))
        return next(((said.answer, said.end) for said in reversed(self._said[:at]) if place <= said.until), None)


@dataclass(frozen=True, slots=True)
class _StatusWord:
    """A word for plans or results that ends at ``end``, and how far its word holds."""

    end: int
    until: int
    answer: Answer


def _said(reading: ReadingText, match: re.Match[str], start: int, end: int) -> Iterator[_StatusWord]:
    """What a word says of the figures after it; hopes and the plans of a modal verb end at the next semicolon."""
    before = reading.text[max(start, match.start() - 8) : match.start()]
    kind = words_of_status().kinds[match.group()]
    if kind == "reached":
        is_of_thing = match.group() in ("去年", "上年") and _OF_A_THING.match(reading.text, match.end(), end)
        if not words_of_status().compared.search(before) and not is_of_thing:
            yield _StatusWord(match.end(), end, Answer("achieved", match.group()))
    elif kind == "planned" and match.group() not in words_of_status().to_semicolon:
        yield _StatusWord(match.end(), end, Answer("planned", match.group()))
    elif kind == "planned" or _plans(reading, match, kind, before):
        stop = reading.text.find(";", match.end(), end)
        yield _StatusWord(match.end(), end if stop < 0 else stop, Answer("planned", match.group()))


def _plans(reading: ReadingText, match: re.Match[str], kind: str, before: str) -> bool:
    """Whether a word that may speak of plans does so there, by what stands around it."""
    words = words_of_status()
    if kind == "striving":
        if words.things.match(reading.text, match.end()):  # 资金争取工作取得进展: what was striven for has a name
            return False
        if words.when.match(reading.text, match.end()):
            return True
        if words.won.match(reading.text, match.end()):
            return False
        is_work = bool(words.works.match(reading.text, match.end()))
        return is_work or _before_verb(reading, match.end(), activities=True)
    if kind == "work":
        return bool(words.works.match(reading.text, match.end())) and not words.nouns.search(before)
    if kind != "modal" or not _is_modal(reading, match, before):
        return False
    is_noun = match.group() == "计划" and (
        words.nouns.search(before) or _is_programme(reading, match) or _is_fulfilled(reading, match)
    )
    return not is_noun and _before_verb(reading, match.end(), activities=len(match.group()) > 1)


def _is_programme(reading: ReadingText, match: re.Match[str]) -> bool:
    """Whether 计划 is the programme that the verb before it names, and has reached somebody: 营养改善计划惠及学生46万人."""
    if not words_of_status().by_programme.match(reading.text, match.end()):
        return False
    name = reading.text[max(0, match.start() - 2) : match.start()]
    return len(name) > 1 and reading.words.tag(name) in ("v", "vn")


def _is_fulfilled(reading: ReadingText, match: re.Match[str]) -> bool:
    """Whether so much of the plan of something was done, and nothing of anything is planned: 货运量计划完成105%."""
    if not _FULFILLED.match(reading.text, match.end()):
        return False
    before = reading.words.cut(reading.text[max(0, match.start() - _NEAR) : match.start()])
    owner = before[-1] if before else None
    return owner is not None and owner.tag[0] == "n" and len(owner.text) > 1 and not is_actor(owner.text)


def _is_modal(reading: ReadingText, match: re.Match[str], before: str) -> bool:
    """Whether 会 is a verb there, neither part of a word (会议, 社会) nor without somebody who will."""
    if match.group() != "会":
        return True
    return (
        bool(words_of_status().subjects.search(before))
        and len(reading.words.longest(reading.text, match.start()) or "") < 2
    )


def _before_verb(reading: ReadingText, place: int, *, activities: bool) -> bool:
    """Whether a verb stands there, adverbs before it or not: 将(进一步)达到.

    An activity is one after 计划, or before a number: 将审批事项下放 speaks of an approval, 将建设80个 of what is done.
    """
    for _ in range(2):
        word = reading.words.longest(reading.text, place) or reading.text[place : place + 1]
        place += len(word)
        tag = reading.words.tag(word)
        if tag[0] != "d":
            named = words_of_status().things.match(reading.text, place)
            if named and words_of_status().all_done.match(reading.text, named.end()):
                return False  # 计划新开工项目全部开工
            if tag == "vn":
                return reading.text[place : place + 1].isdigit() or (
                    activities and not words_of_status().things.match(reading.text, place)
                )
            return tag in ("v", "vi", "vg")
    return False


@lru_cache(maxsize=1)
def words_of_status() -> StatusWords:
    """The patterns of ``worker/data/status.toml``, built once a process."""
    facts = load_facts("status")
    planned, required, aims, levels = facts["planned"], facts["required"], facts["aims"], facts["levels"]
    # Where several begin at one place, those of the first kind are meant.
    intent = {
        "other": planned["not_in"],
        "planned": planned["words"],
        "striving": planned["striving"],
        "work": planned["before_works"],
        "modal": planned["before_verbs"],
        "reached": facts["reached"]["words"],
    }
    kinds: dict[str, str] = {}
    for kind, words in intent.items():
        kinds = dict.fromkeys(words, kind) | kinds
    return StatusWords(
        intent=re.compile("|".join(map(any_of, intent.values()))),
        kinds=kinds,
        works=re.compile(any_of(planned["works"])),
        when=re.compile(rf"(?:{any_of(planned['when'])}|到?[0-9]{{4}} ?年|到?[0-9]{{1,2}} ?月)"),
        won=re.compile(f"{any_of(planned['won'])}|..(?:{any_of(planned['money'])})"),
        to_semicolon=frozenset(planned["to_semicolon"]),
        estimates=frozenset(planned["estimates"]),
        by_programme=re.compile(any_of(planned["by_programme"])),
        nouns=re.compile(f"(?:{any_of(planned['not_after'])})[^,;:。、]{{0,5}}$"),
        things=re.compile(any_of(planned["not_before"])),
        all_done=re.compile(any_of(planned["all_done"])),
        subjects=re.compile(f"(?:{any_of(planned['after_subjects'])})$"),
        compared=re.compile(f"(?:{any_of(facts['reached']['not_after'])})$"),
        ongoing=_apart(**{of: facts["ongoing"][of] for of in ("words", "not_after", "not_before")}),
        required=re.compile(any_of(required["words"])),
        limits=re.compile(any_of(required["limits"])),
        shortens=re.compile(any_of(required["shortens"])),
        bounds=_bounds(required["bounds"]),
        plan_bounds=_bounds(required["bounds"] + required["plan_bounds"]),
        done=re.compile(any_of(required["done"])),
        columns=frozenset(facts["columns"]["words"]),
        aims=re.compile(f"(?:{any_of(aims['between'])})?(?P<aim>{any_of(aims['words'])})"),
        aims_done=re.compile(any_of(aims["done"])),
        level_left=re.compile(f"(?:{any_of(levels['from'])})[^,;:。]{{0,24}}$"),
        level_reached=re.compile(f"[^,;:。]{{0,24}}?(?:{any_of(levels['to'])})(?:到|至|为)"),
    )


def _apart(words: Iterable[str], not_after: Iterable[str], not_before: Iterable[str]) -> re.Pattern[str]:
    """Any of these words with none of the others before it, which is looked at from its first character on, or behind it."""
    guard = "".join(f"(?<!{re.escape(other)}.)" for other in not_after)
    ordered = sorted(words, key=lambda word: (-len(word), word))
    any_word = "|".join(f"{re.escape(word[0])}{guard}{re.escape(word[1:])}" for word in ordered)
    return re.compile(f"(?:{any_word})(?!{any_of(not_before)})")


def _bounds(words: Iterable[str]) -> re.Pattern[str]:
    """A bound right before a figure, before what it is measured by (不低于标准的60%), or before a list of figures."""
    return re.compile(
        f"(?P<bound>{any_of(words)})(?:[^,;:。0-9]{{1,12}}的)?(?:约|近)?(?:[0-9.]+[^,;:。0-9、和至]{{0,4}}[、和至])*$"
    )
