"""What a figure counts where the words after it go on to what is measured of that: 政务服务事项 of 1286项政务服务事项网上可办率达99.2%."""

from worker.extract.language.lexicon import Lexicon
from worker.extract.language.words import Word, Words, is_noun, joined
from worker.patterns import set_of, words_of

_COUNTING = frozenset({"person", "case", "item", "organisation", "vehicle", "document", "team", "place"})
_HOW_OFTEN = (None, "visit", "event")  # 31所学校开展学习活动120次: all of them did it
_RATES = ("percent", "tenth", "times")  # kinds of units that nothing is counted in


def carrier_in(found: tuple[str, str], words: Words, lexicon: Lexicon, units: tuple[str, str]) -> tuple[str, str]:
    """The noun and the predicate after a figure, without what the next figure measures.

    ``units`` are those of the two figures, which stand in one clause. A noun that the measure is a part of ends where its
    carrier does; a verb with its object leads to the next figure, and says nothing of this one.
    """
    noun, predicate = found
    if not noun or not counts(units[0], lexicon) or units[0] == units[1]:
        return found
    said = words.cut(predicate)
    names_thing = bool(said) and (is_noun(said[-1]) or said[-1].text.endswith(words_of("indicators.case_ends")))
    is_led = names_thing and lexicon.kind_of(units[1]) not in _HOW_OFTEN
    kept = words.cut(noun)
    is_measured = noun.endswith(words_of("indicators.measures"))
    if is_measured and noun.endswith("率") and lexicon.kind_of(units[1]) not in _RATES:
        is_measured = False
    carrier = _carrier(kept) if is_measured or is_led else kept
    return (joined(carrier), "" if is_led else predicate) if carrier else found


def counts(unit: str, lexicon: Lexicon) -> bool:
    """Whether a unit counts things, and measures nothing of them."""
    return lexicon.kind_of(unit) in _COUNTING and "/" not in unit


def _carrier(found: list[Word]) -> list[Word]:
    """The words before the measure and what describes it; all but what describes the next noun where there is none."""
    measured = found[-1].text.endswith(words_of("indicators.measures"))
    end = len(found) - int(measured)
    means = set_of("indicators.means")
    while end and (found[end - 1].tag[0] in "bdsv" or found[end - 1].text in means):
        end -= 1
    return found[:end]
