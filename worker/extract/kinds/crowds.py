"""Figures with hardly a word between them: a table that lost its form, or no report at all."""

from collections.abc import Iterator, Sequence

from worker.extract.numbers.scan import Candidate

#: So many figures, each this near the one before: reports put a name of more characters to each, and have no more than
#: some twenty in their longest lists (3、5、7个).
CROWD = 100
MOST_BETWEEN = 2  # characters


def find_crowds(figures: Sequence[Candidate]) -> Iterator[tuple[int, int]]:
    """Where figures crowd, as half-open ranges of places among them."""
    start = 0
    for end in range(1, len(figures) + 1):
        if end == len(figures) or figures[end].start - figures[end - 1].end > MOST_BETWEEN:
            if end - start >= CROWD:
                yield start, end
            start = end
