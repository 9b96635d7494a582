"""Ledgers of earlier versions are brought up to date, those of newer ones are refused."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from watcher.ledger import schema
from watcher.ledger.database import Ledger, fault_of
from watcher.running.damage import FILE_NAME, UnusableLedger

#: Every form that the tables have had before: four under the number 1, and one under each later number.
FORMS = sorted((Path(__file__).parent / "ledgers").glob("version-*.sql"))
ROWS = (
    ("a", "queued", 1, 12.5),
    ("b", "published", 0, 13.5),
    ("b", "published", 0, 14.5),
    ("c", "quarantined", 0, 15.5),
)
SHAPE = "SELECT type, name, sql FROM sqlite_master WHERE tbl_name <> 'files' OR type <> 'table' ORDER BY name"


def version_of(form: Path) -> str:
    return form.stem.split("-")[1]


def older(path: Path, form: Path) -> None:
    """A ledger with rows, as the version with this form of the tables wrote it."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(form.read_text(encoding="utf-8"))
        has_arrived = "arrived_ns" in {row[1] for row in connection.execute("PRAGMA table_info(files)")}
        for number, row in enumerate(ROWS):
            columns = _columns(number, row, with_arrived=has_arrived)
            names, places = ", ".join(columns), ", ".join("?" * len(columns))
            connection.execute(f"INSERT INTO files ({names}) VALUES ({places})", tuple(columns.values()))  # noqa: S608
        if connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'kept'").fetchone()[0]:
            connection.execute("INSERT INTO kept VALUES (2, x'7b7d')")
            connection.execute("UPDATE files SET event_id = 'e' || id WHERE state = 'published'")
        connection.execute("INSERT INTO marks VALUES ('schema_version', ?), ('outcomes', '7-1')", (version_of(form),))


def _columns(number: int, row: tuple[str, str, int, float], *, with_arrived: bool) -> dict[str, object]:
    document, state, in_inbox, accepted_at = row
    columns = {
        "document": document,
        "raw": document.encode(),
        "path": document,
        "revision": number,
        "state": state,
        "in_inbox": in_inbox,
        "accepted_at": accepted_at,
        "changed_at": accepted_at,
        "size_bytes": 3,
        "signature": "1:2:3:4:5",
        "sha256": "c0ffee",
    }
    return {**columns, **({"arrived_ns": int(accepted_at * 1e9)} if with_arrived else {})}


@pytest.fixture(params=FORMS, ids=lambda form: form.stem)
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    older(tmp_path / FILE_NAME, request.param)
    return tmp_path / FILE_NAME


def test_all_forms_are_tried() -> None:
    assert [version_of(form) for form in FORMS] == [*"1111", *map(str, range(2, schema.VERSION))]


def test_an_older_ledger_has_its_rows_and_marks(path: Path) -> None:
    with closing(Ledger.open(path)) as ledger:
        ledger.check(path)
        rows = [row for id_ in (1, 2, 3, 4) if (row := ledger.get(id_))]
        assert [(row.document, row.state, int(row.in_inbox), row.accepted_at) for row in rows] == list(ROWS)
        assert [row.arrived_ns for row in rows] == [12_500_000_000, 13_500_000_000, 14_500_000_000, 15_500_000_000]
        assert ledger.mark("outcomes") == "7-1"
        assert ledger.summary() == {"queued": 1, "published": 2, "quarantined": 1}
        has_kept = ledger.kept(2) is not None
        assert [row.id for row in ledger.to_keep(10, 1.0)] == ([3] if has_kept else [])
        ledger.keep(4, b"{}")
        assert ledger.advance(1, "published", 20.0)
        assert ledger.summary() == {"published": 3, "quarantined": 1}


def test_an_older_ledger_becomes_what_a_new_one_is(path: Path, tmp_path: Path) -> None:
    """In all but a default of one column, which an added one has to have."""
    Ledger.open(path).close()
    Ledger.open(path).close()  # and once only
    new = tmp_path / "new.sqlite"
    Ledger.open(new).close()
    shapes = []
    for one in (path, new):
        with closing(sqlite3.connect(one)) as connection:
            columns = {row[1:4] for row in connection.execute("PRAGMA table_info(files)")}
            made = [(kind, name, " ".join((sql or "").split())) for kind, name, sql in connection.execute(SHAPE)]
            shapes.append((columns, [(kind, name, sql.replace("IF NOT EXISTS ", "")) for kind, name, sql in made]))
    assert shapes[0] == shapes[1]


def test_an_older_ledger_is_not_changed_by_who_only_reads(path: Path, tmp_path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(
        schema.OlderLedger, match=r"earlier version \(schema [123], this one needs 4\): start the service"
    ):
        Ledger.open(path, readonly=True)
    assert fault_of(tmp_path) is None  # `zhibiao up` goes on: its watcher brings it up to date
    assert path.read_bytes() == before


def test_an_older_ledger_tells_the_steps_from_then_on(path: Path, request: pytest.FixtureRequest) -> None:
    with closing(Ledger.open(path)) as ledger:
        assert ledger.steps(10) == [] or version_of(request.node.callspec.params["path"]) == "3"
        ledger.forget_steps(10, 10)
        assert ledger.advance(1, "published", 20.0)
        ledger.update(1, in_inbox=False, folder="processed", target=b"a")
        assert [(step.row.id, step.state) for step in ledger.steps(10)] == [(1, "published"), (1, "filed")]
        ledger.keep(3, b"{}", b"packed")
        assert ledger.kept_reading(3) == b"packed"


def test_a_step_that_fails_leaves_all_as_it_was(
    path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    def fails(_connection: sqlite3.Connection) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(schema, "_count_anew", fails)
    with pytest.raises(sqlite3.OperationalError):
        Ledger.open(path)
    monkeypatch.undo()
    with closing(sqlite3.connect(path)) as connection:
        version = connection.execute("SELECT value FROM marks WHERE name = 'schema_version'").fetchone()[0]
        assert version == version_of(request.node.callspec.params["path"])
        assert "replaces" not in {row[1] for row in connection.execute("PRAGMA table_info(files)")}
    with closing(Ledger.open(path)) as ledger:
        assert ledger.count("published") == 2


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ("5", "newer version (schema 5, this one knows none above 4): install that version again, or put back"),
        ("41", "newer version (schema 41, this one knows none above 4): install that version again, or put back"),
        ("0", "has schema version 0, where a number from 1 to 4 would be right"),
        ("two", "has schema version two, where a number from 1 to 4 would be right"),
    ],
)
@pytest.mark.parametrize("readonly", [False, True])
def test_other_versions_are_refused_in_one_line(tmp_path: Path, version: str, said: str, *, readonly: bool) -> None:
    with closing(Ledger.open(tmp_path / FILE_NAME)) as ledger:
        ledger.set_mark("schema_version", version)
    with pytest.raises(UnusableLedger) as refused:
        Ledger.open(tmp_path / FILE_NAME, readonly=readonly)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
    assert said in str(fault_of(tmp_path))
