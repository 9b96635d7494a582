"""What can be asked of the store. Any number of processes read while one writes."""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from store import bigrams
from store.asked import BY_READING, Asked, Where, beside_words, marks, where
from store.figure_rows import FACETS
from store.writing import VERSION

__all__ = ["Asked"]

PAGE = 50
#: What documents can be chosen by.
DOCUMENT_FIELDS = ("kind", "year", "place", "province")
_SEARCHED = "coalesce(title, '') || ' ' || coalesce(issuer, '') || ' ' || coalesce(place, '') || ' ' || path"
_TABLE = (
    "SELECT figures.*, sentences.text AS sentence_text, readings.title, readings.path, readings.id, readings.revision,"
    " readings.city, readings.issuer, readings.document_number, readings.year AS document_year, readings.event_id,"
    " readings.pipeline_version, readings.sha256"
)
#: Figures with what else is said of them: all that a table of figures has.
WITH_SENTENCES = (
    f"{_TABLE} FROM figures JOIN sentences USING (sentence) JOIN readings ON readings.reading = figures.reading"
)
#: The same, for conditions on their readings.
OF_READINGS = f"{_TABLE} FROM {BY_READING} JOIN sentences USING (sentence)"
_FOUND_SINCE = "figures.sentence IN (SELECT rowid FROM search WHERE search MATCH ? AND rowid >= ?)"
_MANY = 2000  # figures of one look, where all are wanted


class NoStore(Exception):
    """There is no store, or one of another version."""


class Count(NamedTuple):
    """How many of the newest figures have a value."""

    value: str
    figures: int


class Views:
    """The store in a file, to be read only."""

    def __init__(self, file: Path) -> None:
        """Open it.

        Raises:
            NoStore: it is not there, or of another version.
        """
        try:
            self._database = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)
            self._database.row_factory = sqlite3.Row
            found = self._database.execute("SELECT value FROM about WHERE name = 'version'").fetchone()
        except sqlite3.Error as error:
            raise NoStore(f"{file}: {error}; a service that runs, or zhibiao store rebuild, makes it") from error
        if found is None or found[0] != VERSION:
            self._database.close()
            raise NoStore(f"{file} is of another version; zhibiao store rebuild makes it anew")

    def rows(self, statement: str, values: Sequence[str | int | None] = ()) -> list[sqlite3.Row]:
        """What a statement of another module of the store finds."""
        return self._database.execute(statement, values).fetchall()

    def close(self) -> None:
        """Close it."""
        self._database.close()

    def figures(self, asked: Asked, before: int | None = None, limit: int = PAGE) -> list[sqlite3.Row]:
        """A page of the newest figures, those that came last first; ``before``: the last ``figure`` of the page before."""
        if bigrams.of_search(asked.words)[0] and not asked.fields:
            return self._searched(asked, before, limit)
        return self._page(where(self._database, asked), before, limit)

    def _page(self, found: Where, before: int | None, limit: int) -> list[sqlite3.Row]:
        """The figures are found first, and what else is said of them afterwards: of fifty, not of all."""
        if before is not None:
            found = found.below(before)
        page = f"SELECT figure FROM {found.source} WHERE {found.sql} ORDER BY {found.last_first} LIMIT ?"  # noqa: S608 - our own words
        rule = f" WHERE figures.figure IN ({page}) ORDER BY figures.figure DESC"
        return self._database.execute(WITH_SENTENCES + rule, [*found.values, limit]).fetchall()

    def _searched(self, asked: Asked, before: int | None, limit: int) -> list[sqlite3.Row]:
        """A page of what words find, however much that is: looks through the last readings first, and through more as needed."""
        phrases, _ = bigrams.of_search(asked.words)
        last = self._row("SELECT max(sentence) AS last FROM sentences", [])
        if before is not None:
            last = self._row(
                "SELECT max(sentence) AS last FROM sentences WHERE reading = (SELECT reading FROM figures WHERE figure = ?)",
                [before],
            )
        above, wanted = (last["last"] if last else None) or 0, limit + 1
        rest = beside_words(asked)
        ranged = f"{_FOUND_SINCE} AND {rest.sql} AND figures.sentence >= ?"
        while True:
            found = self._database.execute(
                "SELECT rowid FROM search WHERE search MATCH ? AND rowid <= ? ORDER BY rowid DESC LIMIT ?",
                [phrases, above, wanted],
            ).fetchall()
            first = self._first_beside(found[-1][0]) if len(found) == wanted else 0
            page = self._page(Where(ranged, [phrases, first, *rest.values, first]), before, limit)
            if len(page) == limit or not first:
                return page
            wanted *= 4

    def _first_beside(self, sentence: int) -> int:
        """The first sentence of the reading that a sentence is of."""
        found = self._row(
            "SELECT min(sentence) AS first FROM sentences WHERE reading = (SELECT reading FROM sentences WHERE sentence = ?)",
            [sentence],
        )
        return int(found["first"]) if found else 0

    def count(self, asked: Asked, most: int = 10_000) -> int:
        """How many figures meet it; counting ends at ``most``."""
        if not asked.words and not asked.min_confidence and len(asked.fields) == 1:
            found = self._database.execute(
                "SELECT figures FROM counts WHERE field = ? AND value = ?", asked.fields[0]
            ).fetchone()
            return int(found[0]) if found else 0
        met = where(self._database, asked, most)
        found = self._database.execute(
            f"SELECT count(*) FROM (SELECT 1 FROM {met.source} WHERE {met.sql} LIMIT ?)",  # noqa: S608 - our own words
            [*met.values, most],
        ).fetchone()
        return int(found[0])

    def every(self, asked: Asked) -> Iterator[sqlite3.Row]:
        """All figures that meet it, in the order of their pages; one in memory at a time."""
        before = None
        while page := self.figures(asked, before, _MANY):
            yield from page
            before = page[-1]["figure"]

    def facets(self, asked: Asked | None = None, most: int = 20) -> dict[str, list[Count]]:
        """The most frequent values of each field, of all newest figures, or of up to 10 000 that meet what is asked.

        A field that is asked for is counted as if it were not, so that its other values can be seen.
        """
        asked = asked or Asked()
        free = [field for field in FACETS if not asked.values(field)]
        counts = self._facets(asked, free, most)
        for field in FACETS:
            if field not in free:
                counts |= self._facets(asked.without(field), [field], most)
        return {field: counts[field] for field in FACETS}

    def _facets(self, asked: Asked, fields: Sequence[str], most: int) -> dict[str, list[Count]]:
        if asked == Asked():
            return {field: self._counted(field, most) for field in fields}
        met = where(self._database, asked)
        named = ", ".join(f"figures.{field}" for field in fields)
        found = self._database.execute(
            f"SELECT {named} FROM {met.source} WHERE {met.sql} LIMIT 10000",  # noqa: S608 - our own words
            met.values,
        ).fetchall()
        columns = zip(*found, strict=True) if found else ((),) * len(fields)
        counts = {field: Counter(filter(None, column)) for field, column in zip(fields, columns, strict=True)}
        return {
            field: [Count(*item) for item in sorted(seen.items(), key=lambda item: (-item[1], item[0]))[:most]]
            for field, seen in counts.items()
        }

    def series(
        self, indicator_id: str, places: Sequence[str] = (), status: str | None = "achieved"
    ) -> list[sqlite3.Row]:
        """The newest figures of an indicator, by place and period; those of any status for None."""
        where, values = ["figures.indicator_id = ?", "figures.is_newest = 1"], [indicator_id]
        if status is not None:
            where.append("figures.status = ?")
            values.append(status)
        if places:
            where.append(f"figures.place IN ({marks(places)})")
            values += places
        rule = f" WHERE {' AND '.join(where)} ORDER BY figures.place, figures.period LIMIT 5000"
        return self._database.execute(WITH_SENTENCES + rule, values).fetchall()

    def reading(self, document: str, revision: int | None = None) -> sqlite3.Row | None:
        """A document's newest reading, or the last one of a revision."""
        rule = "is_newest" if revision is None else "revision = ?"
        return self._row(
            f"SELECT * FROM readings WHERE id = ? AND {rule} ORDER BY reading DESC LIMIT 1",  # noqa: S608 - our own words
            [document, *([] if revision is None else [revision])],
        )

    def figures_of(self, reading: int) -> list[sqlite3.Row]:
        """All figures of a reading, in reading order."""
        return self._database.execute(
            f"SELECT figures.*, sentences.text AS sentence_text FROM {BY_READING} JOIN sentences USING (sentence)"  # noqa: S608 - our own words
            " WHERE readings.reading = ? ORDER BY figures.figure",
            [reading],
        ).fetchall()

    def documents(
        self, before: int | None = None, limit: int = PAGE, *, words: str = "", **fields: str | None
    ) -> list[sqlite3.Row]:
        """The newest readings, those that came last first, that have all the words in title, issuer, place or path.

        Raises:
            ValueError: a field is none of :data:`DOCUMENT_FIELDS`.
        """
        where, values = ["is_newest"], list[Any]()
        if before is not None:
            where.append("reading < ?")
            values.append(before)
        for name, value in fields.items():
            if name not in DOCUMENT_FIELDS:
                raise ValueError(f"{name} is none of {', '.join(DOCUMENT_FIELDS)}")
            if value:
                where.append(f"{name} = ?")
                values.append(value)
        for word in words.split():
            where.append(f"instr({_SEARCHED}, ?) > 0")
            values.append(word)
        return self._database.execute(
            f"SELECT * FROM readings WHERE {' AND '.join(where)} ORDER BY reading DESC LIMIT ?",  # noqa: S608 - our own words
            [*values, limit],
        ).fetchall()

    def document_values(self, field: str) -> list[str]:
        """What the newest readings have in one of :data:`DOCUMENT_FIELDS`, sorted."""
        if field not in DOCUMENT_FIELDS:
            raise ValueError(f"{field} is none of {', '.join(DOCUMENT_FIELDS)}")
        found = self._database.execute(
            f"SELECT DISTINCT {field} FROM readings WHERE is_newest AND {field} IS NOT NULL ORDER BY {field}"  # noqa: S608
        )
        return [row[0] for row in found]

    def readings_of(self, document: str) -> list[sqlite3.Row]:
        """All readings of a document: of every revision, and by whatever rules, the last first."""
        return self._database.execute(
            "SELECT * FROM readings WHERE id = ? ORDER BY revision DESC, reading DESC", [document]
        ).fetchall()

    def sizes(self) -> dict[str, int]:
        """How many documents, newest figures, readings in all, failures, and failures that are open there are."""
        asked = {
            "documents": "SELECT count(*) FROM readings WHERE is_newest",
            "figures": "SELECT coalesce(sum(figures), 0) FROM counts WHERE field = 'status'",
            "readings": "SELECT count(*) FROM readings",
            "failures": "SELECT count(*) FROM failures",
            "open_failures": "SELECT count(*) FROM open_failures",
        }
        return {name: int(self._database.execute(statement).fetchone()[0]) for name, statement in asked.items()}

    def failures(self, limit: int = PAGE) -> list[sqlite3.Row]:
        """Files that gave no report, the last first; ``is_open`` is 0 for one that gave a report afterwards."""
        is_open = "event_id IN (SELECT event_id FROM open_failures) AS is_open"
        return self._database.execute(
            f"SELECT *, {is_open} FROM failures ORDER BY failed_at DESC LIMIT ?",  # noqa: S608 - our own words
            [limit],
        ).fetchall()

    def _counted(self, field: str, most: int) -> list[Count]:
        rows = self._database.execute(
            "SELECT value, figures FROM counts WHERE field = ? ORDER BY figures DESC, value LIMIT ?", [field, most]
        )
        return [Count(row[0], row[1]) for row in rows]

    def _row(self, statement: str, values: list[Any]) -> sqlite3.Row | None:
        found: sqlite3.Row | None = self._database.execute(statement, values).fetchone()
        return found
