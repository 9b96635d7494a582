"""How far each file has come, folded from its steps: pure, no clock and no Redis."""

from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import datetime

from schemas.events import FileStep

_MOST_FILES = 5000


@dataclass(frozen=True, slots=True)
class Progress:
    """One file: ``state`` as in :class:`schemas.events.FileStep`, but never ``filed``, which is :attr:`is_filed`."""

    path: str
    id: str
    revision: int | None
    round: int
    state: str
    code: str | None
    detail: str | None
    time: datetime
    number: int
    is_filed: bool = False

    @property
    def is_read(self) -> bool:
        """Whether there are figures to look at."""
        return self.state == "published"


def after(known: Progress | None, step: FileStep) -> Progress:
    """A file after one more step.

    A step that was told before changes nothing. Being filed away keeps what was known of the end that it comes after.
    """
    if known and step.number <= known.number and step.time <= known.time:
        return known
    if step.state == "filed" and known and (known.revision, known.round) == (step.revision, step.round):
        return replace(known, is_filed=True, number=step.number, time=step.time)
    is_filed = step.state == "filed"
    state = ("quarantined" if step.detail == "quarantine" else "published") if is_filed else step.state
    detail = None if is_filed else step.detail
    return Progress(
        step.path, step.id, step.revision, step.round, state, step.code, detail, step.time, step.number, is_filed
    )


class Board:
    """The files that have moved last, at most some thousand."""

    def __init__(self, most: int = _MOST_FILES) -> None:
        self._files: OrderedDict[str, Progress] = OrderedDict()
        self._most = most

    def note(self, step: FileStep) -> Progress:
        """Take one more step; gives what is known of its file now."""
        found = after(self._files.get(step.path), step)
        self._files[step.path] = found
        self._files.move_to_end(step.path)
        if len(self._files) > self._most:
            self._files.popitem(last=False)
        return found

    def get(self, path: str) -> Progress | None:
        """What is known of a file."""
        return self._files.get(path)

    def newest(self, limit: int) -> list[Progress]:
        """Those that moved last, the last first."""
        return [found for found, _ in zip(reversed(self._files.values()), range(limit), strict=False)]

    def clear(self) -> None:
        """Begin anew."""
        self._files.clear()
