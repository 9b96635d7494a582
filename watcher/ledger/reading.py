"""What the ledger is asked.

What is asked each second, or by ``zhibiao status``, goes by an index or a count, however many files there have been.
"""

from collections.abc import Callable, Mapping
from typing import Final

from schemas.events import WithdrawnEvent
from watcher.ledger.connection import LedgerConnection
from watcher.ledger.rows import LOST, FileRow, State, Step
from watcher.seeing.arrivals import Readiness
from watcher.seeing.sightings import StatSignature

#: No wait in the ledger is as long as this, so that a longer one means that the wall clock was set back.
CLOCK_SET_BACK_S: Final = 300.0
_NEVER: Final = 1e18  # seconds
_DUE = f"(not_before <= ? OR not_before > ? + {CLOCK_SET_BACK_S})"
_ENDED = (
    "in_inbox AND state IN ('published', 'quarantined', 'duplicate') AND announced"
    " AND (state <> 'duplicate' OR EXISTS (SELECT 1 FROM files AS original"
    " WHERE original.id = files.duplicate_of AND original.state NOT IN ('accepted', 'queued')))"
)
_WITHOUT_A_PLACE = (
    "NOT in_inbox AND target IS NULL AND event_id IS NOT NULL AND revision IS NOT NULL AND NOT is_kept"
    " AND state IN ('published', 'quarantined', 'kept')"
)
# As the partial indexes in ledger.sql have them, word for word: SQLite goes by an index only where it finds its words.
_OPEN = "state IN ('accepted', 'queued')"
_UNFILED = "in_inbox AND state IN ('published', 'quarantined', 'duplicate')"
_REREADING = "replaces IS NOT NULL AND state IN ('accepted', 'queued')"
_REREAD = "replaces IS NOT NULL AND is_kept AND target IS NOT NULL"
_IN_QUARANTINE = "folder = 'quarantine' AND target IS NOT NULL AND NOT in_inbox"
#: Read again after Redis, or the archive, had lost its report: a newer row has it.
_HELD_BY_ANOTHER = (
    f"(code IS '{LOST}' AND EXISTS (SELECT 1 FROM files AS later"  # noqa: S608
    " WHERE later.document = files.document AND later.event_id = files.event_id AND later.id > files.id))"
)


class LedgerReading(LedgerConnection):
    """The questions; none of them changes anything."""

    def get(self, id_: int) -> FileRow | None:
        """The row with this id."""
        return self._one("WHERE id = ?", id_)

    def find(self, wire_path: str) -> list[FileRow]:
        """All rows of a path, newest first: a reading stands with the content that it is of, the one that holds before it."""
        rows = self._all("WHERE path = ? ORDER BY id DESC", wire_path)
        return sorted(rows, key=_by_content({row.id: row for row in rows}), reverse=True)

    def in_inbox(self, raw: bytes) -> FileRow | None:
        """The row of what lies at a path of the inbox now."""
        return self._one("WHERE raw = ? AND in_inbox", raw)

    def revisions(self, document: str) -> list[FileRow]:
        """All rows of a document that have a revision, the newest revision and its last round first."""
        return self._all("WHERE document = ? AND revision IS NOT NULL ORDER BY revision DESC, round DESC", document)

    def with_event(self, row: FileRow, event_id: str | None) -> FileRow | None:
        """The row of another revision of the document that an event was published for."""
        return self._one(
            "WHERE document = ? AND event_id = ? AND revision IS NOT NULL AND revision <> ? ORDER BY id DESC LIMIT 1",
            row.document,
            event_id,
            row.revision,
        )

    def newer_content(self, row: FileRow) -> FileRow | None:
        """The last row of the document with other content that came after ``row`` and was, or may yet be, read."""
        return self._one(
            "WHERE document = ? AND id > ? AND sha256 IS NOT NULL AND sha256 IS NOT ? AND replaces IS NULL"
            " AND state IN ('published', 'replaced', 'accepted', 'queued', 'quarantined', 'duplicate')"
            " ORDER BY id DESC LIMIT 1",
            row.document,
            row.id,
            row.sha256,
        )

    def original_of(self, sha256: str) -> FileRow | None:
        """The row that the same content came with first: published, else on its way."""
        return self._one(
            "WHERE sha256 = ? AND revision IS NOT NULL AND state IN ('published', 'accepted', 'queued')"
            f" AND code IS NOT '{LOST}'"
            " ORDER BY state = 'published' DESC, id LIMIT 1",
            sha256,
        )

    def by_hand_over(self, document: str, revision: int, round_: int) -> FileRow | None:
        """The row of a hand-over."""
        return self._one("WHERE document = ? AND revision = ? AND round = ?", document, revision, round_)

    def by_target(self, folder: str, target: bytes) -> FileRow | None:
        """The row whose file was given this place in an archive folder."""
        return self._one("WHERE folder = ? AND target = ?", folder, target)

    def known(self) -> dict[bytes, StatSignature]:
        """What lies in the inbox and is taken care of, by path."""
        with self._lock:
            rows = self._connection.execute("SELECT raw, signature FROM files WHERE in_inbox").fetchall()
        return {row["raw"]: StatSignature.parse(row["signature"]) for row in rows}

    def to_send(self, limit: int, now: float, *, newest_first: bool) -> list[FileRow]:
        """Accepted rows to hand over, in order; those to be read again are none of them."""
        order = "DESC" if newest_first else "ASC"
        return self._all(
            f"WHERE state = 'accepted' AND replaces IS NULL AND {_DUE} ORDER BY arrived_ns {order} LIMIT ?",
            now,
            now,
            limit,
        )

    def to_reread(self, limit: int, now: float) -> list[FileRow]:
        """Filed reports to hand over once more, in the order in which that was asked for."""
        return self._all(f"WHERE {_REREADING} AND state = 'accepted' AND {_DUE} ORDER BY id LIMIT ?", now, now, limit)

    def rereading(self) -> int:
        """How many filed reports are still to be read again, or are at it."""
        return self._number(f"SELECT count(*) FROM files WHERE {_REREADING}")  # noqa: S608

    def rereading_of(self, id_: int, since: float = _NEVER) -> FileRow | None:
        """The row that a row is to be read again by, or was, where that was asked for ``since`` then."""
        return self._one(
            "WHERE replaces = ? AND (state IN ('accepted', 'queued') OR accepted_at >= ?) ORDER BY id DESC LIMIT 1",
            id_,
            since,
        )

    def reread(self, limit: int, now: float) -> list[FileRow]:
        """Rows whose new reading is out, while that of another row lies in the archive."""
        return self._all(
            f"WHERE {_WITHOUT_A_PLACE} AND state = 'published' AND replaces IS NOT NULL AND {_DUE} LIMIT ?",
            now,
            now,
            limit,
        )

    def to_put_in_place(self, limit: int, now: float) -> list[FileRow]:
        """Rows whose new reading holds, and is not in the archive yet."""
        return self._all(f"WHERE {_REREAD} AND {_DUE} LIMIT ?", now, now, limit)

    def of_document(self, document: str) -> list[FileRow]:
        """All rows of a document, in the order in which they came."""
        return self._all("WHERE document = ? ORDER BY id", document)

    def repeats_of(self, document: str) -> list[FileRow]:
        """The last rows of other documents that said no more than this one, so that nothing was published of them."""
        return self._all(
            "WHERE sha256 IN (SELECT sha256 FROM files WHERE document = ?) AND state = 'duplicate' AND document <> ?"
            " AND duplicate_of IN (SELECT id FROM files WHERE document = ?)"
            " AND id = (SELECT max(id) FROM files AS later WHERE later.document = files.document) ORDER BY id",
            document,
            document,
            document,
        )

    def untold_withdrawals(self, limit: int) -> list[WithdrawnEvent]:
        """Events about documents that were taken back that are still to be published."""
        with self._lock:
            rows = self._connection.execute(
                "SELECT content FROM withdrawals WHERE told = 0 ORDER BY id LIMIT ?", (limit,)
            ).fetchall()
        return [WithdrawnEvent.model_validate_json(row["content"]) for row in rows]

    def withdrawals(self) -> list[WithdrawnEvent]:
        """All of them, in order."""
        with self._lock:
            rows = self._connection.execute("SELECT content FROM withdrawals ORDER BY id").fetchall()
        return [WithdrawnEvent.model_validate_json(row["content"]) for row in rows]

    def to_take_out(self, limit: int, now: float) -> list[FileRow]:
        """Withdrawn rows whose file is still in the archive of reports."""
        return self._all(f"WHERE taken_from IS NOT NULL AND {_DUE} LIMIT ?", now, now, limit)

    def holding(self, row: FileRow) -> FileRow:
        """The row of the reading that holds for a row's content: itself, unless it was read again."""
        while row.state == "replaced" and (
            later := self._one("WHERE replaces = ? AND state IN ('published', 'replaced') LIMIT 1", row.id)
        ):
            row = later
        return row

    def filed(self) -> list[int]:
        """Ids of the rows of reports that were filed and whose reading holds."""
        with self._lock:
            rows = self._connection.execute(
                "SELECT id FROM files WHERE state = 'published' AND folder = 'processed' AND target IS NOT NULL"
                " AND NOT in_inbox AND revision IS NOT NULL ORDER BY id"
            ).fetchall()
        return [row["id"] for row in rows]

    def silent(self, for_s: float, now: float) -> list[FileRow]:
        """Hand-overs without an end that were sent at least so long ago and need not wait, oldest first."""
        due = "(queued_at <= ? OR queued_at > ?)"  # sent in the future: the clock was set back
        return self._all(
            f"WHERE state = 'queued' AND {due} AND {_DUE} ORDER BY queued_at",
            now - for_s,
            now + CLOCK_SET_BACK_S,
            now,
            now,
        )

    def outstanding(self) -> int:
        """How many hand-overs are without an outcome."""
        return self.count("queued")

    def count(self, state: State) -> int:
        """How many rows are in a state."""
        with self._lock:
            row = self._connection.execute("SELECT files FROM counts WHERE state = ?", (state,)).fetchone()
        return int(row[0]) if row else 0

    def to_announce(self, limit: int) -> list[FileRow]:
        """Rows about which an event is still to be published."""
        return self._all("WHERE announced = 0 ORDER BY id LIMIT ?", limit)

    def to_file(self, limit: int, now: float) -> list[FileRow]:
        """Rows whose file is to be moved out of the inbox; duplicates once their original has ended."""
        return self._all(
            f"WHERE {_ENDED} AND {_DUE} ORDER BY not_before, id LIMIT ?",
            now,
            now,
            limit,
        )

    def archived(self) -> list[int]:
        """Ids of the rows whose event can be made again from the archive, in the order in which they ended."""
        with self._lock:
            rows = self._connection.execute(
                "SELECT id FROM files WHERE state IN ('published', 'quarantined', 'kept') AND revision IS NOT NULL"  # noqa: S608
                " AND event_id IS NOT NULL AND NOT in_inbox"
                f" AND (target IS NOT NULL OR id IN (SELECT file FROM kept)) AND NOT {_HELD_BY_ANOTHER}"
                " ORDER BY changed_at, id"
            ).fetchall()
        return [row["id"] for row in rows]

    def to_keep(self, limit: int, now: float) -> list[FileRow]:
        """Ended rows whose event lies nowhere: replaced or deleted before they were filed, or taken back."""
        return self._all(
            f"WHERE {_WITHOUT_A_PLACE} AND (replaces IS NULL OR state = 'kept') AND code IS NOT '{LOST}'"
            f" AND {_DUE} LIMIT ?",
            now,
            now,
            limit,
        )

    def kept(self, id_: int) -> bytes | None:
        """The JSON of a row's event, where the ledger keeps it."""
        with self._lock:
            row = self._connection.execute("SELECT content FROM kept WHERE file = ?", (id_,)).fetchone()
        return bytes(row[0]) if row else None

    def kept_reading(self, id_: int) -> bytes:
        """The packed reading of a row's report, where the ledger keeps it; else empty."""
        with self._lock:
            row = self._connection.execute("SELECT content FROM kept_readings WHERE file = ?", (id_,)).fetchone()
        return bytes(row[0]) if row else b""

    def steps(self, limit: int) -> list[Step]:
        """What has happened to files and was not told yet, in order."""
        with self._lock:
            found = self._connection.execute(
                "SELECT id, file, state, at FROM steps ORDER BY id LIMIT ?", (limit,)
            ).fetchall()
            files = {step["file"] for step in found}
            marks = ", ".join("?" * len(files))
            rows = {row.id: row for row in self._all(f"WHERE id IN ({marks})", *files)} if files else {}
        return [Step(step["id"], row, step["state"], step["at"]) for step in found if (row := rows.get(step["file"]))]

    def unfinished(self, limit: int) -> list[FileRow]:
        """Rows that have not ended, or whose file has not left the inbox, oldest first."""
        oldest = "SELECT id FROM (SELECT id FROM files WHERE {} ORDER BY accepted_at, id LIMIT ?)"
        return self._all(
            f"WHERE id IN ({oldest.format(_OPEN)} UNION ALL {oldest.format(_UNFILED)}) ORDER BY accepted_at, id LIMIT ?",
            limit,
            limit,
            limit,
        )

    def count_unfinished(self) -> int:
        """How many there are in all; files not complete yet included."""
        unfiled = f"SELECT (SELECT count(*) FROM files WHERE {_UNFILED}) + (SELECT count(*) FROM waiting)"  # noqa: S608
        return self.count("accepted") + self.count("queued") + self._number(unfiled)

    def quarantined(self) -> list[FileRow]:
        """Rows whose file lies in quarantine, as far as the watcher knows."""
        return self._all(f"WHERE {_IN_QUARANTINE} ORDER BY id")

    def failed_places(self) -> list[bytes]:
        """Where files that gave no report were filed below quarantine, as far as the watcher knows."""
        where = f"SELECT target FROM files WHERE {_IN_QUARANTINE} AND state = 'quarantined' ORDER BY id"  # noqa: S608
        with self._lock:
            return [bytes(row[0]) for row in self._connection.execute(where).fetchall()]

    def count_failed_unfiled(self) -> int:
        """How many files that gave no report are still on their way to quarantine."""
        return self._number(f"SELECT count(*) FROM files WHERE {_UNFILED} AND state = 'quarantined'")  # noqa: S608

    def summary(self) -> dict[str, int]:
        """How many rows are in each state; ``waiting`` are files not complete yet."""
        with self._lock:
            counts = self._connection.execute("SELECT state, files FROM counts WHERE files > 0").fetchall()
            waiting = self._connection.execute("SELECT count(*) FROM waiting").fetchone()[0]
        return {**{row[0]: row[1] for row in counts}, **({"waiting": waiting} if waiting else {})}

    def oldest(self) -> tuple[float | None, float | None]:
        """When the oldest row that has not ended was taken in, by the wall clock; since when the oldest file waits.

        What is read again is none: it was read before, and whatever is new goes first.
        """
        with self._lock:
            open_ = f"SELECT min(accepted_at) FROM files WHERE {_OPEN} AND replaces IS NULL"  # noqa: S608
            taken_at = self._connection.execute(open_).fetchone()[0]
            waiting_since = self._connection.execute("SELECT min(since) FROM waiting").fetchone()[0]
        return taken_at, waiting_since

    def waiting(self, wire_path: str) -> Readiness | None:
        """Why a file is not taken yet; times are of the monotonic clock."""
        with self._lock:
            row = self._connection.execute("SELECT * FROM waiting WHERE path = ?", (wire_path,)).fetchone()
        return Readiness(row["code"], row["since"], row["needs_s"], row["detail"]) if row else None

    def all_waiting(self, limit: int) -> dict[str, Readiness]:
        """Files that are not taken yet, by path, and why; the longest waiting first."""
        with self._lock:
            rows = self._connection.execute("SELECT * FROM waiting ORDER BY since LIMIT ?", (limit,)).fetchall()
        return {row["path"]: Readiness(row["code"], row["since"], row["needs_s"], row["detail"]) for row in rows}

    def mark(self, name: str) -> str | None:
        """A remembered value, such as the place in the stream of outcomes."""
        with self._lock:
            row = self._connection.execute("SELECT value FROM marks WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else None


def _by_content(rows: Mapping[int, FileRow]) -> Callable[[FileRow], tuple[int, bool, int]]:
    """Sorts by the row that a content came with, then puts readings that came to nothing before others, then by id."""

    def key(row: FileRow) -> tuple[int, bool, int]:
        first = row
        while first.replaces is not None and first.replaces in rows:
            first = rows[first.replaces]
        came_to_nothing = row.replaces is not None and row.state in ("kept", "superseded", "vanished")
        return first.id, not came_to_nothing, row.id

    return key
