"""Numbers that say which one, not how many: ranks, terms, meetings, marks of lists."""

import re

from worker.extract.kinds.surroundings import NumberKind, Sight
from worker.patterns import Pattern, set_of

_ORDINAL_LEFT = re.compile(
    r"第 ?$|第[一二三四五六七八九十]+个$|第[0-9一二三四五六七八九十]+(?:[、和及至到-][0-9一二三四五六七八九十]+)*[、和及至到-]$"
)
_TABLE_LEFT = re.compile(r"(?:^|[\n。(见如])附?[表图件] ?$|[,、和与至]附?[表图] ?$")
_TABLES = frozenset("表图件")
_RANK_LEFT = Pattern("{numbers.ranks}{numbers.ranks.among}?$")
_LAST_LEFT = Pattern("(?:{numbers.ranks}|{indicators.measures})(?:后|末|倒数)$")
_RANK_AFTER = Pattern("强(?!{numbers.ranks.no_best})")
_RANK_RIGHT = Pattern("{numbers.ranks.best}")
_TERM = Pattern("届|中全会|大{numbers.congresses}")
_MEETING = Pattern("[届次](?:[、和及至][一二三四五六七八九十]+次)*[^,。;、]{0,6}{numbers.meetings}")
_HELD = re.compile("[开行办]了?$")
_OF_PAGES_LEFT = re.compile(r"[0-9] ?页[,/ ]*共 ?$")
_LINE_START = re.compile(r"[\n。;:]\s*\(?$")
_LIST_MARK = re.compile(r"[、.．](?![0-9])|\)")
_MARK_AND_COUNT = re.compile(r"[0-9]{1,2}\.[0-9]{1,3}")
_POINT = Pattern("{numbers.points}(?!否)")


def find_ordinal(seen: Sight) -> NumberKind | None:
    """A place in an order."""
    candidate, left = seen.candidate, seen.left
    if "第" in left and _ORDINAL_LEFT.search(left):
        return NumberKind("ordinal", "第 stands before it")
    if not _TABLES.isdisjoint(left[-2:]) and _TABLE_LEFT.search(left):
        return NumberKind("ordinal", "the number of a table or an annex")
    if _RANK_LEFT.search(left) and not candidate.unit.endswith("年"):
        among_first = left.endswith("前") and candidate.unit not in set_of("numbers.ranks.no_ranks")
        if candidate.unit in set_of("numbers.ranks.units") or among_first:
            return NumberKind("ordinal", "a rank")
    if _LAST_LEFT.search(left) and candidate.unit in set_of("numbers.ranks.units"):
        return NumberKind("ordinal", "a rank")
    if _RANK_AFTER.match(seen.after) or (not candidate.unit and _RANK_RIGHT.match(seen.after)):
        return NumberKind("ordinal", "a rank")
    if not candidate.arabic and (_TERM.match(seen.after) or (candidate.unit == "期" and not candidate.high)):
        return NumberKind("ordinal", "the number of a congress, a term or a phase")
    if _MEETING.match(seen.after) and not _HELD.search(left):
        return NumberKind("ordinal", "the number of a meeting")
    return None


def find_marker(seen: Sight) -> NumberKind | None:
    """The mark of a list or of a point."""
    candidate, left, after = seen.candidate, seen.left, seen.after
    if candidate.form == "range":
        return None
    if left.endswith("(") and after.startswith(")") and len(seen.number) <= 3:
        return NumberKind("marker", "a number alone in brackets")
    if "页" in left and _OF_PAGES_LEFT.search(left) and after.lstrip().startswith("页"):
        return NumberKind("marker", "the number of pages")
    opens = not seen.follows_word and (not left.strip(" (") or _LINE_START.search(left))
    if opens and _MARK_AND_COUNT.fullmatch(seen.number) and candidate.unit in set_of("numbers.counted"):
        return NumberKind("vague", "a mark of a list and a count, or a decimal")
    if candidate.unit == "本" and _MARK_AND_COUNT.fullmatch(seen.number):
        return NumberKind("marker", "the mark of a point that 本 (this) begins")
    if opens and _LIST_MARK.match(after):
        return NumberKind("marker", "opens a line of a list")
    if not candidate.arabic and len(seen.number) <= 2 and _POINT.match(after):
        return NumberKind("marker", "counts off points: 一是, 二是")
    return None
