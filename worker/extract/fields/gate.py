"""No name goes out that is empty, half a word or a bare act: the best reading that passes stands in its place, or none."""

import re
from collections.abc import Callable

from worker.extract.fields.in_frame import Naming
from worker.extract.language.name_faults import fault_of, is_bare_act, mended
from worker.extract.sentence.carriers import counts
from worker.extract.sentence.seen import Seen
from worker.figure import Said

_OF_MANY = re.compile("[百千万](?:人|户|车|平方公里)")
_PER = ("/", "每")


def may_stand(name: str, seen: Seen) -> bool:
    """Whether a name may be published; an act alone may where its unit counts how often: 起降60架次.

    A rate is never counted: what 12所 counts is no 达标率.
    """
    figure, text = seen.spot.figure, seen.reading.text
    is_each = text.startswith(_PER, figure.end)  # 普及率12.4部/百人
    is_each = is_each or bool(_OF_MANY.search(name))  # 万人起诉率107件
    if name.endswith("率") and counts(figure.unit, seen.reading.lexicon) and not is_each:
        return False
    fault = fault_of(name, seen.reading.words)
    return not fault or (fault == is_bare_act.__name__ and seen.spot.figure.unit.endswith("次"))


def passed(naming: Naming, said: Said, name: str) -> tuple[Said, str]:
    """The best name that may be published instead of one that may not, and why it is that; none where there is none."""
    words = naming.reading.words
    rows = ((candidate.__name__, candidate(naming, name)) for candidate in CANDIDATES)
    fit = (row for row in rows if not fault_of(row[1], words) and may_stand(row[1], naming.seen))
    rule, found = next(fit, (unnamed.__name__, unnamed(naming, name)))
    return Said(found, f"indicator.{rule}", said.words or naming.left), found


def without_marks(naming: Naming, name: str) -> str:
    """The name without halves of brackets, marks of notes, and the end of a bound: 以上的."""
    return mended(name)


def of_heading(naming: Naming, name: str) -> str:
    """What the heading or the short sentence before names, with the act."""
    thing = naming.label or naming.heading_thing
    act = name if is_bare_act(name, naming.reading.words) else ""
    return thing + act if thing and (act or not naming.index) else ""


def unnamed(naming: Naming, name: str) -> str:
    """No name at all: the report warns of it."""
    return ""


CANDIDATES: tuple[Callable[[Naming, str], str], ...] = (without_marks, of_heading)
