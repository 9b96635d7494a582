"""Keep the report that holds for each document, whatever happens: start it again, start several, each goes on.

python examples/consume.py [name of this consumer]        writes reports.sqlite
"""

import json
import os
import sqlite3
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import redis

URL = os.environ.get("ZHIBIAO_REDIS_URL") or f"unix://{Path('state/redis/redis.sock').absolute()}"
SITE = os.environ.get("ZHIBIAO_SITE")  # of several services on one Redis
STREAM = f"zhibiao.{SITE}:results" if SITE else "zhibiao:results"
GROUP, NAME = "example", (sys.argv[1:] or ["consumer-1"])[0]
LEFT_AFTER_MS = int(os.environ.get("LEFT_AFTER_MS", "60000"))  # who has had an entry for so long has died
TABLE = "CREATE TABLE IF NOT EXISTS reports (document PRIMARY KEY, path, revision, event, report)"
# The highest revision holds, though it may say what an earlier one said. An event that comes twice changes nothing.
STORE = """INSERT INTO reports VALUES (?, ?, ?, ?, ?) ON CONFLICT (document) DO UPDATE SET
revision = excluded.revision, event = excluded.event, report = excluded.report WHERE excluded.revision >= revision"""


def entries(client: redis.Redis) -> Iterator[tuple[str, dict[str, str]]]:
    """First what this consumer took and did not finish, then what others left that died, then what is new."""
    if not client.exists(STREAM) or GROUP not in [group["name"] for group in client.xinfo_groups(STREAM)]:
        client.xgroup_create(STREAM, GROUP, id="0", mkstream=True)  # also after Redis has lost it: all comes again
    yield from client.xreadgroup(GROUP, NAME, {STREAM: "0"}).get(STREAM, [[]])[0]
    while True:
        yield from client.xautoclaim(STREAM, GROUP, NAME, LEFT_AFTER_MS, count=10)[1]
        yield from client.xreadgroup(GROUP, NAME, {STREAM: ">"}, count=10, block=2000).get(STREAM, [[]])[0]


def patient(client: redis.Redis) -> Iterator[tuple[str, dict[str, str]]]:
    """The same for ever: Redis may be away or frozen, or have lost the group."""
    failures = 0
    while True:
        try:
            for entry in entries(client):
                failures = 0
                yield entry
        except (redis.ConnectionError, redis.TimeoutError) as error:
            print("waiting for Redis:", error, file=sys.stderr)
        except redis.ResponseError as error:
            if not str(error).startswith(("NOGROUP", "BUSYGROUP", "UNBLOCKED")):
                raise
        time.sleep(min(5.0, 0.1 * 2**failures))
        failures = min(failures + 1, 10)


def main() -> None:
    """Read until Ctrl-C, or until nobody reads what is printed."""
    table = sqlite3.connect("reports.sqlite", isolation_level=None, timeout=30)
    table.execute(TABLE)
    client = redis.Redis.from_url(URL, decode_responses=True, protocol=3, socket_timeout=10)
    for entry_id, fields in patient(client):
        if "data" in fields:
            event = json.loads(
                fields["data"]
            )  # event["id"] is the same for every delivery: keep it with what you store
            report, path = event["data"], event["subject"]
            table.execute(STORE, (report["id"], path, report["revision"], event["id"], json.dumps(report)))
            print(entry_id, event["id"], path, report["revision"], len(report["metrics"]), sep="\t", flush=True)
        try:
            client.xack(STREAM, GROUP, entry_id)
        except redis.RedisError as error:
            print("not acknowledged, and so read again:", error, file=sys.stderr)


if __name__ == "__main__":
    if {"-h", "--help"} & {*sys.argv[1:]}:
        print(__doc__)
        sys.exit()
    try:
        main()
    except (BrokenPipeError, KeyboardInterrupt):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
