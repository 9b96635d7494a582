"""Print each report as it arrives. What comes while this is not running is missed; consume.py misses nothing.

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
    for message in pubsub.listen():
        report = json.loads(message["data"])["data"]
        print(report["source"]["path"], report["document"]["title"], len(report["metrics"]), sep="\t", flush=True)


if __name__ == "__main__":
    main()
