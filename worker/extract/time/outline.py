"""Under which headings a place stands."""

from bisect import bisect_right
from collections.abc import Sequence

from worker.parts import Heading


class Outline:
    """The headings over every place of a text. Built in one pass, because a text may have a heading a line."""

    def __init__(self, headings: Sequence[Heading]) -> None:
        opening: dict[int, list[Heading]] = {}
        for heading in headings:
            opening.setdefault(heading.start, []).append(heading)
        self._borders = sorted({border for heading in headings for border in (heading.start, heading.end)})
        self._above: list[tuple[Heading, ...]] = [()]
        for border in self._borders:
            going_on = [heading for heading in self._above[-1] if heading.end > border]
            self._above.append((*going_on, *opening.get(border, ())))

    def part(self, place: int) -> int:
        """The number of the stretch between two borders that ``place`` lies in; the headings change with it."""
        return bisect_right(self._borders, place)

    def above(self, place: int) -> tuple[Heading, ...]:
        """The headings whose parts hold ``place``, outermost first.

        >>> outline = Outline([Heading("一", "甲", 1, 0, 9, 1), Heading("(一)", "乙", 2, 4, 9, 5)])
        >>> [heading.title for heading in outline.above(3)], [heading.title for heading in outline.above(4)]
        (['甲'], ['甲', '乙'])
        """
        return self.over(self.part(place))

    def over(self, part: int) -> tuple[Heading, ...]:
        """The headings whose parts hold this stretch."""
        return self._above[part]
