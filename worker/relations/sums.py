"""Sums of parts: ``共划转编制102名,其中行政编制19名,事业编制83名``; ``12个镇和3个街道共15家单位``.

A sum that fails is a contradiction only where the grammar says that the parts are all there are, or where the numbers
are long and one wrong digit explains the difference.
"""

import re
from collections.abc import Iterator, Sequence

from worker.figure import LONGEST_CLAUSE
from worker.relations.arithmetic import Finding, is_one_digit_off, sum_of
from worker.relations.grammar import Grammar
from worker.relations.terms import Row, Term

MOST_PARTS = 25
FARTHEST = 25  # figures between a part and its whole
#: From this many digits on, a difference of one digit is hardly ever chance (36 neighbours among 9000 numbers).
SURE_DIGITS = 4
#: From this size on, three figures in a row hardly ever add up by chance.
SURE_TOTAL = 100
LOOK_BACK = 3  # sentences

_JOINED = re.compile(r"[^,;:。]*(?:、|和|与|及)[^,;:。]*")
_ORDINAL = re.compile(r"第([一二三四五六七八九])(类|档|组|等|种|批)[^,;:。]*$")
_NUMERALS = "一二三四五六七八九"


def find_sums(rows: Sequence[Row], grammar: Grammar) -> Iterator[Finding]:
    """The sums of a report, one for each total at most."""
    for at, row in enumerate(rows):
        previous = rows[at - 1] if at and rows[at - 1][-1].sentence.paragraph == row[0].sentence.paragraph else ()
        taken: set[int] = set()
        for finding in (
            *_among(row, previous, grammar),
            *_before_total(row, previous, grammar),
            *_ordinals(row, rows[max(0, at - LOOK_BACK) : at]),
            *_in_a_row(row, grammar),
        ):
            total = finding.members[0].start
            if total not in taken:
                taken.add(total)
                yield finding


def is_additive(figure: Term, grammar: Grammar) -> bool:
    """Whether it is a count or an amount, and neither a share, a change, a mean nor an extreme."""
    return (
        figure.family != "%"
        and figure.change is None
        and not grammar.not_additive.search(figure.clause.before)
        and (figure.value is not None or bool(figure.damage))
    )


def whole_of(row: Row, previous: Row, at: int, grammar: Grammar) -> Term | None:
    """The figure that ``row[at]`` can be part of: the nearest before it, in the sentence before where 其中 opens this one.

    What a bracket adds that has been closed since is no whole: 审结188件(含上年结转15件)，其中维持97件.
    """
    if at == 0:
        before = previous[-FARTHEST:] if grammar.among.match(row[0].clause.gap.lstrip()) else ()
        return next((figure for figure in reversed(before) if figure.family == row[at].family), None)
    closed = 0
    for place in range(at - 1, max(0, at - FARTHEST) - 1, -1):
        gap = row[place + 1].clause.gap
        closed += gap.count(")") - gap.count("(")
        if closed <= 0 and row[place].family == row[at].family:
            return row[place]
    return None


def _among(row: Row, previous: Row, grammar: Grammar) -> Iterator[Finding]:
    for at, first in enumerate(row):
        opener = grammar.among.search(first.clause.gap)
        whole = whole_of(row, previous, at, grammar) if opener else None
        if not opener or whole is None or not whole.amount or not is_additive(whole, grammar):
            continue
        everything = list(_parts(row, at, grammar, in_bracket="(" in first.clause.gap[: opener.start()]))
        is_list = first.clause.gap.startswith(":", opener.end())
        nearest = everything if is_list else _up_to_semicolon(everything, row[at + 1 : at + MOST_PARTS])
        yield from _best(whole, everything, nearest, grammar)


def _parts(row: Row, at: int, grammar: Grammar, *, in_bracket: bool) -> Iterator[Term]:
    first = row[at]
    if not is_additive(first, grammar):
        return
    yield first
    for figure in row[at + 1 : at + MOST_PARTS]:
        if grammar.among.search(figure.clause.gap) or (in_bracket and ")" in figure.clause.gap):
            return
        if figure.family == first.family and is_additive(figure, grammar):
            yield figure


def _up_to_semicolon(parts: Row, following: Row) -> Row:
    """Those before the first of the figures that ``following`` has behind a semicolon."""
    end = next((figure.start for figure in following if ";" in figure.clause.gap), None)
    return [part for part in parts if end is None or part.start < end]


def _best(whole: Term, everything: Row, nearest: Row, grammar: Grammar) -> Iterator[Finding]:
    for count in range(len(everything), 1, -1):
        finding = sum_of([whole, *everything[:count]])
        if finding.verdict == "holds":
            yield finding
            return
    if len(nearest) > 1:
        finding = sum_of([whole, *nearest])
        if finding.verdict == "holds_within_rounding" or _must_hold(finding, grammar):
            yield finding


def _must_hold(finding: Finding, grammar: Grammar) -> bool:
    whole, *parts = finding.members
    if grammar.open_list.search(parts[-1].clause.after) or parts[0].sentence != whole.sentence:
        return False
    if len(parts) == 2:
        pair = grammar.pair_of(parts[0].clause.whole, parts[1].clause.whole)
        if pair and pair.is_closed(whole.clause.whole):
            return True
    return whole.digits >= SURE_DIGITS and is_one_digit_off(sum_of, finding.members)


def _before_total(row: Row, previous: Row, grammar: Grammar) -> Iterator[Finding]:
    for at, total in enumerate(row):
        if at < 2 or not total.amount or not is_additive(total, grammar):
            continue
        said = grammar.total.search(total.clause.lead)
        if not said:
            continue
        joined, listed = _list_before(row, at)
        first = next(place for place, figure in enumerate(row) if figure is listed[0])
        if grammar.plus.search(listed[0].clause.gap):
            yield from _added_to_one_before(total, listed, [*previous, *row[:first]], grammar)
            continue
        added = len(listed) == 2 and bool(grammar.plus.search(listed[1].clause.gap))
        yield from _of_list(
            total,
            joined,
            listed,
            grammar,
            added=added,
            close=len(total.clause.gap) - len(total.clause.lead) + said.start() <= 8,
        )


def _added_to_one_before(total: Term, listed: Row, before: Row, grammar: Grammar) -> Iterator[Finding]:
    """``…收入30亿元,增长4%。加补助20亿元、转贷5亿元,收入总计55亿元``: the first part stands somewhere before."""
    parts = [figure for figure in listed if figure.family == total.family and is_additive(figure, grammar)]
    for first in reversed(before[-FARTHEST:]):
        if first.family == total.family and is_additive(first, grammar):
            finding = sum_of([total, first, *parts])
            if finding.verdict == "holds":
                yield finding
                return


def _list_before(row: Row, at: int) -> tuple[list[Term], list[Term]]:
    """The figures before the total that 、 or 和 joins to each other, and those with a comma between as well."""
    joined, listed = [row[at - 1]], [row[at - 1]]
    for place in range(at - 1, max(0, at - MOST_PARTS), -1):
        if re.search("[;:。]", row[place].clause.gap):
            break
        if len(joined) == len(listed) and _is_joined(row[place]):
            joined.insert(0, row[place - 1])
        listed.insert(0, row[place - 1])
    return joined, listed


def _is_joined(figure: Term) -> bool:
    return len(figure.clause.gap) <= LONGEST_CLAUSE and bool(_JOINED.fullmatch(figure.clause.gap))


def _of_list(total: Term, joined: Row, listed: Row, grammar: Grammar, *, added: bool, close: bool) -> Iterator[Finding]:
    same = [figure for figure in listed if figure.family == total.family and is_additive(figure, grammar)]
    for count in range(len(joined), 1, -1):
        finding = sum_of([total, *joined[-count:]])
        if finding.holds and close and all(_countable(part, total, grammar) for part in joined[-count:]):
            yield finding
            return
    for count in range(len(same), 1, -1):
        finding = sum_of([total, *same[-count:]])
        if finding.verdict == "holds" and (added or total.amount >= SURE_TOTAL):
            yield finding
            return
    whole_list = 1 < len(joined) < MOST_PARTS and all(
        part.family == total.family and is_additive(part, grammar) for part in joined
    )
    # 新开线路7条、加密3条,线路总数达到126条: what has a name of its own may count more than the list.
    unnamed = not re.split("[,、]", grammar.total.split(total.clause.lead)[0])[-1].strip()
    if (
        whole_list
        and close
        and unnamed
        and not grammar.open_list.search(total.clause.gap)
        and total.clause.after in ("", "单位")
    ):
        yield sum_of([total, *joined])
    elif added and len(same) == 2:
        yield sum_of([total, *same])


def _countable(part: Term, total: Term, grammar: Grammar) -> bool:
    """Whether parts of one unit can be counted in another: 12个镇 and 3个街道 are 15家."""
    units = {part.family, total.family}
    return is_additive(part, grammar) and (len(units) == 1 or units <= grammar.generic_units - {"元", "次", "人", "名"})


def _ordinals(row: Row, before: Sequence[Row]) -> Iterator[Finding]:
    """``第一类…10个,第二类…28个,第三类…13个`` are what was counted before."""
    parts: list[Term] = []
    counter = ""
    for figure in row:
        match = _ORDINAL.search(figure.clause.lead)
        if match and match[1] == _NUMERALS[len(parts) : len(parts) + 1] and counter in ("", match[2]):
            parts.append(figure)
            counter = match[2]
    if len(parts) < 2 or len({part.family for part in parts}) > 1 or not all(part.value for part in parts):
        return
    earlier = [figure for other in reversed(before) for figure in reversed(other)]
    earlier = [figure for figure in earlier if figure.sentence.paragraph == row[0].sentence.paragraph]
    whole = next(
        (figure for figure in earlier if figure.family == parts[0].family and figure.value and not figure.change), None
    )
    if whole is None or not _shares_a_word(parts[0].clause.before, whole.clause.gap + whole.clause.tail):
        return
    finding = sum_of([whole, *parts])
    announced = any(figure.unit == counter and figure.value == len(parts) for figure in earlier)
    if finding.holds or announced:
        yield finding


def _in_a_row(row: Row, grammar: Grammar) -> Iterator[Finding]:
    """A whole and the parts that follow it at once, with nothing to say so but their words and their size."""
    for at, whole in enumerate(row[:-2]):
        if not is_additive(whole, grammar):
            continue
        following = [figure for figure in row[at + 1 : at + 8] if figure.family == whole.family]
        parts = following[:2]
        counts = [part for part in parts if is_additive(part, grammar) and (part.value or part.damage)]
        if len(counts) < 2 or _is_parted(parts, row[at + 1 : at + 8]):
            continue
        adds_up = whole.amount == parts[0].amount + parts[1].amount
        if not adds_up and parts[0] is not row[at + 1]:
            continue
        pair = grammar.pair_of(parts[0].clause.whole, parts[1].clause.whole)
        believable = (
            pair or _common_end(parts[0].clause.before, parts[1].clause.before) >= 2 or whole.amount >= SURE_TOTAL
        )
        demanded = pair and pair.closed_for.search(whole.clause.whole)
        wanted = believable if adds_up else demanded
        if wanted:
            finding = sum_of([whole, *parts])
            if adds_up or not finding.holds:
                yield finding


def _is_parted(parts: Row, following: Row) -> bool:
    return any(";" in figure.clause.gap for figure in following if figure.start <= parts[-1].start)


def _common_end(one: str, other: str) -> int:
    length = 0
    while length < min(len(one), len(other)) and one[-1 - length] == other[-1 - length]:
        length += 1
    return length


def _shares_a_word(one: str, other: str) -> bool:
    one = one[-LONGEST_CLAUSE:]
    return any(one[at : at + 2] in other for at in range(len(one) - 1))
