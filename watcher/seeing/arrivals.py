"""Is a file complete? Pure: sightings and times in, verdicts out.

No single rule is right for every writer, so how a file came decides:

* renamed in, or hard-linked in, with no writer holding it: complete at once;
* written in place: after the last close, once it has been quiet for ``settle_s`` and no writer holds it;
* found by a walk: two equal stat signatures ``settle_s`` apart and no writer;
* without any content, or with a size that nobody has filled: after ``empty_grace_s``;
* where nobody can tell whether a writer holds it, or no close was seen: quiet for ``settle_unknown_s``.

A writer that closes, pauses for longer and opens again cannot be told from one that has finished; its later
content becomes the document's next revision.
"""

import heapq
from dataclasses import dataclass
from itertools import count
from typing import Literal

from watcher.seeing.sightings import Kind, StatSignature

Writer = Literal["free", "held", "unknown"]
Code = Literal["ready", "writer-open", "quiet", "unsure", "empty", "unfilled", "unreadable"]
Arrival = Literal["renamed", "created", "writing", "closed", "found"]

# A hard link and a writer's open both begin with "created"; the writer's next act follows within this time.
LINK_GRACE_S = 0.1
PROBE_AGAIN_S = 1.0


@dataclass(frozen=True, slots=True)
class Rules:
    """Waiting times in seconds."""

    settle_s: float
    settle_unknown_s: float
    empty_grace_s: float


@dataclass(frozen=True, slots=True)
class Readiness:
    """Why a file is not taken yet, or that it is ``ready``; ``since`` is when the present wait began."""

    code: Code
    since: float
    needs_s: float = 0.0
    detail: str = ""

    def text(self, now: float) -> str:
        """The verdict for people.

        >>> Readiness("quiet", since=10, needs_s=2).text(now=11.23)
        'quiet 1.2 of 2 s'
        >>> Readiness("writer-open", since=0).text(now=42.4)
        'writer-open 42 s'
        """
        waited = max(0.0, now - self.since)
        if self.code == "ready":
            return "ready"
        if self.code == "writer-open":
            return f"writer-open {waited:.0f} s"
        if self.code == "unreadable":
            return f"unreadable {waited:.0f} s: {self.detail}"
        return f"{self.code} {waited:.1f} of {self.needs_s:g} s"


@dataclass(slots=True)
class _Candidate:
    arrival: Arrival
    quiet_since: float
    due: float
    signature: StatSignature | None = None
    held_since: float | None = None
    verdict: Readiness | None = None


class Arrivals:
    """The files that have been noticed and are not known to be complete.

    ``newest_first``: of those that are due, the ones that came to be so last are looked at first, so that a fresh file
    does not wait behind a backlog, however that came. Files that became due at one time go in the order of their notes.
    """

    def __init__(self, rules: Rules, *, newest_first: bool = True) -> None:
        self._rules = rules
        self._sign = -1 if newest_first else 1
        self._candidates: dict[bytes, _Candidate] = {}
        self._queue: list[tuple[float, int, bytes]] = []
        self._due: list[tuple[float, int, bytes, float]] = []
        self._order = count()

    def __contains__(self, path: bytes) -> bool:
        return path in self._candidates

    def note(self, path: bytes, kind: Kind, now: float, signature: StatSignature | None = None) -> None:
        """Something was seen of a file; ``signature`` comes with ``seen``."""
        if kind == "gone":
            self.drop(path)
            return
        candidate = self._candidates.get(path)
        if kind in ("seen", "touched"):
            self._look_again(path, candidate, kind, now, signature)
        elif kind == "renamed":
            self._restart(path, "renamed", now, now)
        elif kind == "created":
            self._restart(path, "created", now, now + LINK_GRACE_S)
        elif kind == "closed":
            self._restart(path, "closed", now, now + self._rules.settle_s).held_since = None
        else:
            self._restart(path, "writing", now, now + self._rules.settle_s)

    def due(self, now: float, limit: int) -> list[bytes]:
        """Up to ``limit`` files to look at now, each once; each is either judged, postponed or dropped by the caller."""
        while self._queue and self._queue[0][0] <= now:
            due, order, path = heapq.heappop(self._queue)
            heapq.heappush(self._due, (self._sign * due, order, path, due))
        paths: dict[bytes, None] = {}
        while self._due and len(paths) < limit:
            _, _, path, due = heapq.heappop(self._due)
            if self._is_still(path, due):
                paths[path] = None  # forgotten and noted again at one time, a file is in the queue twice
        return list(paths)

    def next_due(self) -> float | None:
        """When the next file wants to be looked at; in the past for one that has been due and was not given yet."""
        while self._due:
            _, _, path, due = self._due[0]
            if self._is_still(path, due):
                return due
            heapq.heappop(self._due)
        while self._queue:
            due, _, path = self._queue[0]
            if self._is_still(path, due):
                return due
            heapq.heappop(self._queue)
        return None

    def _is_still(self, path: bytes, due: float) -> bool:
        """Whether a file is still to be looked at then, and not at another time, or never."""
        candidate = self._candidates.get(path)
        return candidate is not None and candidate.due == due

    def judge(
        self, path: bytes, signature: StatSignature, writer: Writer, now: float, *, is_unfilled: bool = False
    ) -> Readiness:
        """Say whether the file is complete, given how it looks now. A ready file is forgotten.

        ``is_unfilled``: it has a size, and yet no content (:mod:`watcher.seeing.preallocated`).
        """
        candidate = self._candidates.get(path)
        if candidate is None:
            raise KeyError(path)
        self._compare(candidate, signature, now)
        if writer == "held":
            return self._wait_for_writer(path, candidate, now)
        if candidate.held_since is not None:
            # The writer has gone since the last look, and may have written until a moment ago.
            candidate.held_since, candidate.arrival = None, "closed"
            candidate.quiet_since = max(candidate.quiet_since, now - PROBE_AGAIN_S)
        lack: Code | None = "empty" if signature.size == 0 else "unfilled" if is_unfilled else None
        needs = self._needed_quiet(candidate, writer)
        if lack:
            needs = max(needs, self._rules.empty_grace_s)
        due = candidate.quiet_since + needs
        if now >= due:
            self.drop(path)
            return Readiness("ready", now)
        code: Code = lack or ("unsure" if writer == "unknown" else "quiet")
        return self._wait(path, candidate, due, Readiness(code, candidate.quiet_since, needs))

    def postpone(self, path: bytes, until: float, why: str, now: float) -> None:
        """Look at a file that could not be opened again ``until`` then."""
        candidate = self._candidates.get(path) or self._restart(path, "found", now, until)
        waiting = candidate.verdict
        since = waiting.since if waiting and waiting.code == "unreadable" else now
        self._wait(path, candidate, until, Readiness("unreadable", since, detail=why))

    def drop(self, path: bytes) -> None:
        """Forget a file."""
        self._candidates.pop(path, None)

    def verdict(self, path: bytes) -> Readiness | None:
        """Why a file waits, None where it does not."""
        candidate = self._candidates.get(path)
        return candidate.verdict if candidate else None

    def verdicts(self) -> dict[bytes, Readiness]:
        """Every waiting file's verdict, for those looked at so far."""
        return {path: candidate.verdict for path, candidate in self._candidates.items() if candidate.verdict}

    def _look_again(
        self, path: bytes, candidate: _Candidate | None, kind: Kind, now: float, signature: StatSignature | None
    ) -> None:
        if candidate is None:
            self._restart(path, "found", now, now + self._rules.settle_s).signature = signature
        elif kind == "touched":
            if candidate.verdict and candidate.verdict.code == "unreadable":
                self._schedule(path, candidate, now)
        elif signature:
            self._compare(candidate, signature, now)

    def _compare(self, candidate: _Candidate, signature: StatSignature, now: float) -> None:
        known, candidate.signature = candidate.signature, signature
        if known and known != signature:
            # Changed without an event: from now on only quiet counts.
            candidate.quiet_since = now
            candidate.arrival = "writing" if candidate.arrival == "writing" else "found"

    def _needed_quiet(self, candidate: _Candidate, writer: Writer) -> float:
        rules = self._rules
        if candidate.arrival == "renamed":
            return 0.0 if writer == "free" else rules.settle_s
        if writer == "unknown" or candidate.arrival == "writing":
            return rules.settle_unknown_s
        return LINK_GRACE_S if candidate.arrival == "created" else rules.settle_s

    def _wait_for_writer(self, path: bytes, candidate: _Candidate, now: float) -> Readiness:
        candidate.arrival = "writing"
        if candidate.held_since is None:
            candidate.held_since = now
        return self._wait(path, candidate, now + PROBE_AGAIN_S, Readiness("writer-open", candidate.held_since))

    def _wait(self, path: bytes, candidate: _Candidate, due: float, verdict: Readiness) -> Readiness:
        candidate.verdict = verdict
        self._schedule(path, candidate, due)
        return verdict

    def _restart(self, path: bytes, arrival: Arrival, now: float, due: float) -> _Candidate:
        candidate = self._candidates.get(path)
        if candidate is None:
            candidate = self._candidates[path] = _Candidate(arrival, now, due)
        candidate.arrival, candidate.quiet_since, candidate.signature = arrival, now, None
        if candidate.held_since is None and due > now:
            candidate.verdict = Readiness("quiet", now, due - now)
        self._schedule(path, candidate, due)
        return candidate

    def _schedule(self, path: bytes, candidate: _Candidate, due: float) -> None:
        candidate.due = due
        heapq.heappush(self._queue, (due, next(self._order), path))
