"""A figure of prose as the rules for its fields see it: its sentence, the figures before it, and the time there."""

from collections.abc import Sequence
from dataclasses import dataclass

from worker.extract.language.reading_text import ReadingText
from worker.extract.sentence.clauses import Spot
from worker.extract.sentence.dealt_out import deals_out
from worker.extract.sentence.frames import Frame
from worker.extract.sentence.own_words import LISTED, OwnWords
from worker.extract.sentence.owner_words import Told, owners_of
from worker.extract.sentence.rules import words_found
from worker.extract.sentence.standings import Standings
from worker.extract.time.clock import Clock
from worker.extract.time.expressions import Time
from worker.figure import Said
from worker.once import Once
from worker.parts import Sentence
from worker.patterns import Pattern

_MEAN = Pattern("{growth.mean.yearly}")
_BESIDE = 40  # characters before and after a sentence that a rule may look at


@dataclass(frozen=True)
class Passage:
    """A sentence with the figures in it and the time there; ``headings`` are the titles that it stands under, outermost first.

    ``rank`` is that of the report's region (:func:`worker.extract.sentence.areas.rank_of`).
    """

    reading: ReadingText
    sentence: Sentence
    spots: Sequence[Spot]
    clock: Clock
    headings: tuple[str, ...] = ()
    rank: int | None = None

    @Once
    def words_found(self) -> int:
        """Which rules may find a word that they need in it or beside it."""
        first, end = self.sentence.start, max(self.sentence.end, *(spot.figure.end for spot in self.spots))
        return words_found(self.reading.text[max(0, first - _BESIDE) : end + _BESIDE])

    @Once
    def standings(self) -> Standings:
        """The words for plans and results in it."""
        return Standings(self.reading, self.sentence.body, max(spot.figure.start for spot in self.spots))

    @Once
    def owners(self) -> list[Told]:
        """What its words say of whose its figures are."""
        return owners_of(self.reading, self.sentence.body, self.spots, self.rank)

    @Once
    def own(self) -> OwnWords:
        """The words of its figures' clauses."""
        return OwnWords(self.reading, self.spots, self.clock.times)

    @Once
    def firsts(self) -> list[int]:
        """For each figure the one that its list starts with."""
        found: list[int] = []
        for index, spot in enumerate(self.spots):
            goes_on = index and spot.joint in LISTED and not deals_out(self.own.left(index))
            found.append(found[-1] if goes_on else index)
        return found


class Seen:
    """The figure ``passage.spots[index]``; ``said`` are its fields that are decided, ``frame`` what those before left.

    ``previous_end`` is where the figure before ends, or the sentence starts.
    """

    def __init__(self, passage: Passage, index: int, frame: Frame) -> None:
        self.passage = passage
        self.index = index
        self.frame = frame
        self.said: dict[str, Said] = {}
        self.reading = passage.reading
        self.clock = passage.clock
        self.spot = passage.spots[index]
        self.previous_end = passage.spots[index - 1].figure.end if index else passage.sentence.start

    @Once
    def is_mean(self) -> bool:
        """Whether its words call it a yearly mean."""
        return bool(_MEAN.search(self.reading.text, self.spot.left, self.spot.figure.start))

    @Once
    def stated(self) -> list[Time]:
        """The times that its sentence states before it, as far as they are not those of others."""
        return self.clock.stated_before(self.spot.figure.start, self.previous_end)

    @Once
    def later(self) -> str | None:
        """The words that put its time after the one that is reported on, if any do."""
        return self.clock.later_at(self.stated, is_mean=self.is_mean)

    @property
    def is_planned(self) -> bool:
        """Whether its status is that of a plan."""
        return self.said["status"].value == "planned"
