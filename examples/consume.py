"""Take each report once, whatever happens: start it again, start several, each goes on where the group left off.

python examples/consume.py [name of this consumer]
"""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import redis

URL = os.environ.get("ZHIBIAO_REDIS_URL") or f"unix://{Path('state/redis/redis.sock').absolute()}"
STREAM, GROUP, NAME = "zhibiao:results", "example", (sys.argv[1:] or ["consumer-1"])[0]


def entries(client: redis.Redis) -> Iterator[tuple[str, dict[str, str]]]:
    """First what this consumer took and did not finish, then what is new, waiting for it."""
    yield from client.xreadgroup(GROUP, NAME, {STREAM: "0"}).get(STREAM, [[]])[0]
    while True:
        yield from client.xreadgroup(GROUP, NAME, {STREAM: ">"}, count=10, block=2000).get(STREAM, [[]])[0]


def main() -> None:
    """Read until Ctrl-C."""
    client = redis.Redis.from_url(URL, decode_responses=True, protocol=3)
    if not client.exists(STREAM) or GROUP not in [group["name"] for group in client.xinfo_groups(STREAM)]:
        client.xgroup_create(STREAM, GROUP, id="0", mkstream=True)
    for entry_id, fields in entries(client):
        event = json.loads(fields["data"])  # event["id"] is the same for every delivery: keep it with what you store
        print(entry_id, event["id"], event["subject"], len(event["data"]["metrics"]), sep="\t", flush=True)
        client.xack(STREAM, GROUP, entry_id)


if __name__ == "__main__":
    main()
