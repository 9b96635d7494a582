"""Print each report as it arrives, and its figures. What comes while this is not running is missed; consume.py has it.

python examples/subscribe.py                      all reports
python examples/subscribe.py region:湛江市         those about one place
python examples/subscribe.py 'period:202?'        a pattern
"""

import json
import os
import sys
from pathlib import Path

import redis

URL = os.environ.get("ZHIBIAO_REDIS_URL") or f"unix://{Path('state/redis/redis.sock').absolute()}"
CHANNEL = ":".join(["zhibiao:results", *sys.argv[1:]])


def main() -> None:
    """Listen until Ctrl-C."""
    pubsub = redis.Redis.from_url(URL, decode_responses=True).pubsub(ignore_subscribe_messages=True)
    pubsub.psubscribe(CHANNEL)
    print(f"listening on {CHANNEL}", file=sys.stderr, flush=True)
    newest: dict[str, int] = {}  # by document: its highest revision holds, though it may say what an earlier one said
    for message in pubsub.listen():
        report = json.loads(message["data"])["data"]
        if report["revision"] < newest.get(report["id"], 0):
            continue
        newest[report["id"]] = report["revision"]
        path, title = report["source"]["path"], report["document"]["title"]
        print(path, report["revision"], title, len(report["metrics"]), sep="\t", flush=True)
        for one in report["metrics"]:
            print("", one["indicator"], one["value"], one["unit"], sep="\t", flush=True)


if __name__ == "__main__":
    main()
