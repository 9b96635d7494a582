"""Whether a figure is reached, under way, planned or required: the rules for it, and the words that they go by."""

import re
from functools import lru_cache

from worker.extract.sentence.rules import Answer, Field, first_of, only_with
from worker.extract.sentence.seen import Seen
from worker.extract.sentence.standings import words_of_status
from worker.extract.time.period_parts import last_month, years_of
from worker.patterns import Pattern

_ACHIEVED = Answer("achieved")
_LEAVES = re.compile("[由从]")
_RULED = re.compile("法定|规定|承诺")
_MISSED = Pattern("{status.missed.before}$")
_DEMAND = Pattern("{status.missed.demands}")
NEAR = 40  # characters before a figure that are looked at for what holds for a list of figures


@only_with("{status.levels.from}")
def level_left(seen: Seen) -> Answer | None:
    """A level that is left for another is reached, though the other is planned: 从77%提高到80%, 从209元、280元提高到217元."""
    words, figure = words_of_status(), seen.spot.figure
    left = words.level_left.search(seen.reading.text, max(0, figure.start - NEAR), figure.start)
    if not left or not words.level_reached.match(seen.reading.text, figure.end):
        return None
    other = first_of(_OTHERS, seen)
    return Answer("achieved") if other and other.value == "planned" else None


@only_with("{status.ongoing}")
def under_way(seen: Seen) -> Answer | None:
    """Its own clause says that it goes on: 正在, 在建."""
    return _in_clause(seen, words_of_status().ongoing, "ongoing")


@only_with("{status.required}")
def demanded(seen: Seen) -> Answer | None:
    """Its own clause says that a rule demands it: 应当, 不得."""
    return _in_clause(seen, words_of_status().required, "required")


@only_with("{status.missed.before}")
def level_missed(seen: Seen) -> Answer | None:
    """A level that is not reached, where a rule demands it: 离95%的要求还有差距, 未达到95%的标准."""
    demand = _DEMAND.match(_right(seen)) if _MISSED.search(_left(seen)) else None
    return Answer("required", demand.group()) if demand else None


def time_limit(seen: Seen) -> Answer | None:
    """A limit before a length of time is a rule."""
    if seen.reading.lexicon.kind_of(seen.spot.figure.unit) != "duration":
        return None
    left = _left(seen)
    limit = words_of_status().limits.search(left)
    if not limit or words_of_status().shortens.search(left):  # 压减办理时限43个工作日 has been done
        return None
    is_left = _LEAVES.match(left, limit.end()) and not _RULED.search(left, limit.start())  # 办理时限由15天压缩到3天
    return None if is_left else Answer("required", limit.group())


def bound_in_plan(seen: Seen) -> Answer | None:
    """A bound in a plan that tells others what to do; one for a time that the sentence states itself is an aim."""
    if not seen.clock.tells_others:
        return None
    if (
        seen.later is not None
        and seen.reading.text.find(seen.later, seen.passage.sentence.start, seen.spot.figure.start) >= 0
    ):
        return None  # 到2027年不低于93%
    bound = words_of_status().plan_bounds.search(seen.reading.text, _near(seen), seen.spot.figure.start)
    return Answer("required", bound["bound"]) if bound else None


def said_before(seen: Seen) -> Answer | None:
    """The last word for plans or results before it in its sentence, as far as that word holds."""
    found = seen.passage.standings.last_before(seen.spot.figure.start)
    if found is None:
        return None
    said, end = found
    if said.words in words_of_status().estimates and _is_over(seen):
        return None
    is_left_behind = said.value == "achieved" and bool(seen.stated) and seen.stated[-1].start >= end
    return None if is_left_behind and seen.later else said  # 去年已取消63项，今年再取消20项


@only_with("{status.aims}")
def aim_after(seen: Seen) -> Answer | None:
    """It is called an aim after it: 80%的目标."""
    words = words_of_status()
    aim = words.aims.match(_right(seen))
    return Answer("planned", aim["aim"]) if aim and not words.aims_done.search(_left(seen)) else None


def time_to_come(seen: Seen) -> Answer | None:
    """Its time is still to come, or its heading or title is one of plans."""
    return Answer("planned", seen.later) if seen.later else None


@only_with("{status.required.bounds}")
def bound(seen: Seen) -> Answer | None:
    """A bound right before it, of nothing that has been done."""
    words = words_of_status()
    found = words.bounds.search(seen.reading.text, _near(seen), seen.spot.figure.start)
    return Answer("required", found["bound"]) if found and not words.done.search(_left(seen)) else None


def achieved(seen: Seen) -> Answer:
    """Nothing says otherwise."""
    return _ACHIEVED


def _is_over(seen: Seen) -> bool:
    """Whether its time had ended when the report was given: 过去一年,预计实现产值20亿元 in January."""
    time = seen.clock.time_at(seen.stated, is_mean=seen.is_mean)
    period = time.period if time else seen.clock.heading.period
    if not period:
        return False
    if seen.clock.given:
        return last_month(period) < seen.clock.given
    return bool(seen.clock.this_year and years_of(period)[-1] < seen.clock.this_year)


def _in_clause(seen: Seen, pattern: re.Pattern[str], status: str) -> Answer | None:
    found = pattern.search(_left(seen)) or pattern.search(_right(seen))
    return Answer(status, found.group()) if found else None


def _left(seen: Seen) -> str:
    return seen.reading.text[seen.spot.left : seen.spot.figure.start]


def _right(seen: Seen) -> str:
    return seen.reading.text[seen.spot.figure.end : seen.spot.right]


def _near(seen: Seen) -> int:
    return max(seen.passage.standings.start, seen.spot.figure.start - NEAR)


_OTHERS = (
    under_way,
    demanded,
    level_missed,
    time_limit,
    bound_in_plan,
    said_before,
    aim_after,
    time_to_come,
    bound,
    achieved,
)

STATUS = Field("status", (level_left, *_OTHERS))


# A table has few headers, each of which is asked for with every figure below it.
@lru_cache(maxsize=4096)
def words_of_plans(header: str) -> str:
    """The words of a header, without its year and what it has in brackets, if they name a column of targets or budgets."""
    bare = re.sub(r"[(（].*?[)）]|^[0-9]{4}年度?|\s", "", header)
    return bare if bare in words_of_status().columns else ""
