"""Where a text is damaged, for asking about many places."""

from bisect import bisect_right
from dataclasses import dataclass

from worker.edits import Text


@dataclass(frozen=True)
class Damage:
    """The flaws of a text in offsets of the raw text, sorted, overlapping ones joined."""

    text: Text
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    @classmethod
    def of(cls, text: Text) -> "Damage":
        """The damage that the text's stages found."""
        joined: list[list[int]] = []
        for flaw in sorted(text.flaws, key=lambda flaw: flaw.start):
            if joined and flaw.start <= joined[-1][1]:
                joined[-1][1] = max(joined[-1][1], flaw.end)
            else:
                joined.append([flaw.start, flaw.end])
        return cls(text, tuple(start for start, _ in joined), tuple(end for _, end in joined))

    def touches(self, start: int, end: int) -> bool:
        """Whether ``now[start:end]`` overlaps damage or stands right beside it."""
        if not self.starts:
            return False
        raw_start, raw_end = self.text.span(start, end)
        row = bisect_right(self.starts, raw_end) - 1
        return row >= 0 and self.ends[row] >= raw_start
