"""Print each report as it arrives, and its figures. What comes while this is not running is missed; consume.py has it.

python examples/subscribe.py                      all reports
python examples/subscribe.py region:湛江市         those about one place
python examples/subscribe.py 'period:202?'        a pattern
"""

import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import redis

URL = os.environ.get("ZHIBIAO_REDIS_URL") or f"unix://{Path('state/redis/redis.sock').absolute()}"
SITE = os.environ.get("ZHIBIAO_SITE")  # of several services on one Redis


def channel(client: redis.Redis) -> str:
    """Where the reports are told; a server's databases share its channels, so those of database 1 have names of their own."""
    database = client.connection_pool.connection_kwargs.get("db")
    service = (f"zhibiao.{SITE}" if SITE else "zhibiao") + (f"@{database}" if database else "")
    return ":".join([service, "results", *sys.argv[1:]])


def messages() -> Iterator[str]:
    """What is published while this listens; subscribes again after Redis was away."""
    client = redis.Redis.from_url(URL, decode_responses=True, socket_timeout=10, health_check_interval=5)
    wanted = channel(client)
    failures = 0
    while True:
        pubsub = client.pubsub(ignore_subscribe_messages=True)
        try:
            pubsub.psubscribe(wanted)
            print(f"listening on {wanted}", file=sys.stderr, flush=True)
            while True:
                message = pubsub.get_message(timeout=2)
                failures = 0
                if message:
                    yield message["data"]
        except (redis.ConnectionError, redis.TimeoutError) as error:
            print("waiting for Redis:", error, file=sys.stderr, flush=True)
        pubsub.close()
        time.sleep(min(5.0, 0.1 * 2**failures))
        failures = min(failures + 1, 10)


def main() -> None:
    """Listen until Ctrl-C, or until nobody reads what is printed."""
    newest: dict[str, int] = {}  # by document: its highest revision holds, though it may say what an earlier one said
    for message in messages():
        report = json.loads(message)["data"]
        if report["revision"] < newest.get(report["id"], 0):
            continue
        newest[report["id"]] = report["revision"]
        path, title = report["source"]["path"], report["document"]["title"]
        print(path, report["revision"], title, len(report["metrics"]), sep="\t", flush=True)
        for one in report["metrics"]:
            print("", one["indicator"], one["value"], one["unit"], sep="\t", flush=True)


if __name__ == "__main__":
    if {"-h", "--help"} & {*sys.argv[1:]}:
        print(__doc__)
        sys.exit()
    try:
        main()
    except (BrokenPipeError, KeyboardInterrupt):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
