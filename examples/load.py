"""Load reports into a database: the figures of every reading, and a view of those that hold. Kill it, start several.

python examples/load.py [name of this consumer]                          writes figures.sqlite
DATABASE_URL=postgresql://user@host/name python examples/load.py         needs psycopg: pip install 'psycopg[binary]'
"""

import json
import os
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import redis

URL = os.environ.get("ZHIBIAO_REDIS_URL") or f"unix://{Path('state/redis/redis.sock').absolute()}"
DATABASE = os.environ.get("DATABASE_URL", "figures.sqlite")
SITE = os.environ.get("ZHIBIAO_SITE")  # of several services on one Redis
STREAMS = [f"zhibiao.{SITE}:{name}" if SITE else f"zhibiao:{name}" for name in ("results", "withdrawals")]
GROUP, NAME = "loader", (sys.argv[1:] or ["consumer-1"])[0]
LEFT_AFTER_MS = int(os.environ.get("LEFT_AFTER_MS", "60000"))  # who has had an entry for so long has died
IS_POSTGRES = DATABASE.startswith(("postgres://", "postgresql://"))
sql: Any = sqlite3
if IS_POSTGRES:
    import psycopg as sql
# Full, locked, stopped; the last two are what PostgreSQL says where two loaders make the tables at once.
AWAY = (sql.OperationalError, sql.InterfaceError, sql.IntegrityError, sql.InternalError)

DOCUMENT = ("title", "issuer", "region", "region_code", "period", "document_number", "published", "signed", "kind")
METRIC = (
    *("indicator", "indicator_id", "value", "value_high", "unit", "qualifier", "change", "measure", "period"),
    *("status", "scope", "actor", "sentence"),
)
# A reading is one event. `value` is exact text; `amount` is the same to calculate with, null for a fraction (2/3).
COLUMNS = {
    "readings": ("event", "document", "revision", "path", "sha256", *DOCUMENT),
    "figures": ("event", "number", "amount", "confidence", "starts", "ends", "page", "quote", *METRIC),
    "documents": ("document", "event", "revision"),
    "withdrawals": ("event", "why"),  # readings of documents that were taken back
}
KEYS = {"readings": "event", "figures": "event, number", "documents": "document", "withdrawals": "event"}
TYPES = {
    **dict.fromkeys(("revision", "number", "starts", "ends", "page"), "INTEGER"),
    "amount": "NUMERIC",
    "confidence": "NUMERIC",
}
VIEW = """current_figures AS SELECT r.document, r.revision, r.path, r.title, r.issuer, r.region, r.region_code, f.*
  FROM documents d JOIN readings r ON r.event = d.event JOIN figures f ON f.event = d.event
  WHERE d.event NOT IN (SELECT event FROM withdrawals)"""
# The highest revision holds; of one revision the reading that came last, which a newer version made.
HOLDS = """DO UPDATE SET event = excluded.event, revision = excluded.revision
  WHERE excluded.revision >= documents.revision"""


def opened() -> Any:
    """The database, with its tables."""
    database = sql.connect(DATABASE, **{"connect_timeout" if IS_POSTGRES else "timeout": 30})
    for name, columns in COLUMNS.items():
        typed = ", ".join(f"{column} {TYPES.get(column, 'TEXT')}" for column in columns)
        database.execute(f"CREATE TABLE IF NOT EXISTS {name} ({typed}, PRIMARY KEY ({KEYS[name]}))")
    if not IS_POSTGRES:  # who made it before may have left out what is left out now
        database.execute("BEGIN IMMEDIATE")
        database.execute("DROP VIEW IF EXISTS current_figures")
    database.execute(f"CREATE {'OR REPLACE VIEW' if IS_POSTGRES else 'VIEW IF NOT EXISTS'} {VIEW}")
    database.commit()
    return database


def insert(database: Any, table: str, rows: list[tuple[object, ...]], where_known: str = "DO NOTHING") -> int:
    """Put rows into a table; gives how many of them were not there."""
    marks = ", ".join(["%s" if IS_POSTGRES else "?"] * len(COLUMNS[table]))
    # PostgreSQL's text holds no NUL.
    clean = [[one.replace("\0", "") if isinstance(one, str) else one for one in row] for row in rows]
    cursor = database.cursor()
    statement = f"INSERT INTO {table} VALUES ({marks}) ON CONFLICT ({KEYS[table]}) {where_known}"  # noqa: S608 - all ours
    cursor.executemany(statement, clean)
    return int(cursor.rowcount)


def load(database: Any, event: dict[str, Any]) -> bool:
    """Store a reading, all of it or nothing; whether it is new. One that is there changes nothing, whenever it comes."""
    report, of_file = event["data"], event["data"]["source"]
    place = (event["id"], report["id"], report["revision"], event["subject"], of_file["sha256"])
    is_new = insert(database, "readings", [(*place, *map(report["document"].get, DOCUMENT))]) == 1
    if is_new:
        insert(database, "figures", [_figure(event["id"], *one) for one in enumerate(report["metrics"])])
        insert(database, "documents", [(report["id"], event["id"], report["revision"])], HOLDS)
    database.commit()
    return is_new


def withdraw(database: Any, event: dict[str, Any]) -> bool:
    """Note what was taken back, whether it has come already or comes yet; whether that is new."""
    taken = event["data"]
    is_new = insert(database, "withdrawals", [(one, taken.get("why")) for one in taken["events"]]) > 0
    database.commit()
    return is_new


def _figure(event_id: str, number: int, metric: dict[str, Any]) -> tuple[object, ...]:
    place, amount = metric["source"], None if "/" in metric["value"] else metric["value"]
    where = (place["start"], place["end"], place.get("page"), place["quote"])
    return (event_id, number, amount, metric.get("confidence"), *where, *map(metric.get, METRIC))


def entries(client: redis.Redis) -> Iterator[tuple[str, str, dict[str, str]]]:
    """First what this consumer took and did not finish, then what others left that died, then what is new."""
    for stream in STREAMS:
        if not client.exists(stream) or GROUP not in [group["name"] for group in client.xinfo_groups(stream)]:
            client.xgroup_create(stream, GROUP, id="0", mkstream=True)  # also after Redis has lost it: all comes again
    yield from _of_each(client.xreadgroup(GROUP, NAME, dict.fromkeys(STREAMS, "0")))
    while True:
        for stream in STREAMS:
            for entry_id, fields in client.xautoclaim(stream, GROUP, NAME, LEFT_AFTER_MS, count=10)[1]:
                yield stream, entry_id, fields
        yield from _of_each(client.xreadgroup(GROUP, NAME, dict.fromkeys(STREAMS, ">"), count=10, block=2000))


def _of_each(reply: Any) -> Iterator[tuple[str, str, dict[str, str]]]:
    for stream, lists in (reply or {}).items():
        for entry_id, fields in lists[0]:
            yield stream, entry_id, fields


def main() -> None:
    """Load until Ctrl-C, or until nobody reads what is printed."""
    failures = 0
    while True:
        try:
            client = redis.Redis.from_url(URL, decode_responses=True, protocol=3, socket_timeout=10)
            with closing(opened()) as database, client:
                for stream, entry_id, fields in entries(client):
                    event = json.loads((fields or {}).get("data", "{}"))  # none where the stream was trimmed before
                    if event.get("type") == "io.zhibiao.report.v1":
                        what = "new" if load(database, event) else "known"
                        print(
                            entry_id,
                            event["id"],
                            event["subject"],
                            event["data"]["revision"],
                            what,
                            sep="\t",
                            flush=True,
                        )
                    elif event.get("type") == "io.zhibiao.withdrawn.v1":
                        what = "withdrawn" if withdraw(database, event) else "known"
                        print(entry_id, event["id"], event["subject"], "", what, sep="\t", flush=True)
                    client.xack(stream, GROUP, entry_id)  # only now: who dies before gets it again
                    failures = 0
        except redis.RedisError as error:
            print("waiting for Redis:", error, file=sys.stderr, flush=True)
        except AWAY as error:
            print("waiting for the database:", error, file=sys.stderr, flush=True)
        time.sleep(min(5.0, 0.1 * 2**failures))
        failures = min(failures + 1, 10)


if __name__ == "__main__":
    if {"-h", "--help"} & {*sys.argv[1:]}:
        print(__doc__)
        sys.exit()
    try:
        main()
    except (BrokenPipeError, KeyboardInterrupt):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
