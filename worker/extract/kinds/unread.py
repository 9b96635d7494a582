"""Numbers that look like figures and could not be read as such: what a reader must look up in the report."""

import re
from collections.abc import Iterator, Sequence

from worker.extract.kinds.surroundings import NEAR, NumberKind
from worker.extract.language.reading_text import ReadingText
from worker.extract.numbers.numerals import MULTIPLIERS
from worker.extract.numbers.scan import Candidate
from worker.patterns import Pattern

# Reasons of kinds that hold a quantity, whatever stands around it.
_QUANTITIES = frozenset(
    {
        "no value can be told from it",
        "a price as it is spoken",
        "what it counts cannot be read",
        "without a known unit, in a text that has lost bytes",
    }
)
# What leads to a quantity. After it a number without a unit is a figure whose unit is missing, or stands elsewhere.
_LED_TO = Pattern(
    "(?:{numbers.quantities}|{numbers.quantities.changed}[为到至]|[{numbers.quantities.measures}]为|比由[^,。]{0,10}的) ?$"
)
_NO_QUANTITY_FOLLOWS = Pattern(r" ?[A-Za-z\]〕/×*+=<>&_-]|\.[0-9]|{numbers.no_quantities}|[\u4e00-\u9fff]?网")
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+\.[0-9]+")


def is_unread(candidate: Candidate, verdict: NumberKind, reading: ReadingText) -> bool:
    """Whether a number that is no figure is likely to be one all the same.

    Dates, ordinals, marks of lists, names, codes and words are rightly none; so are numbers that nothing leads to.
    """
    if verdict.reason in _QUANTITIES:
        return True
    if verdict.kind != "bare" or not candidate.arabic or _NO_QUANTITY_FOLLOWS.match(reading.text, candidate.end):
        return False
    if candidate.form == "share":
        return True
    number = reading.text[candidate.start : candidate.number_end]
    led_to = _LED_TO.search(reading.text, max(0, candidate.start - NEAR), candidate.start)
    return candidate.form == "number" and (
        number[-1] in MULTIPLIERS or any(map(number.__contains__, MULTIPLIERS)) or bool(led_to)
    )


def find_unread(numbers: Sequence[tuple[Candidate, NumberKind]], reading: ReadingText) -> Iterator[Candidate]:
    """The numbers of a text that look like figures and are none."""
    return (candidate for candidate, verdict in numbers if is_unread(candidate, verdict, reading))
