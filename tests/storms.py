"""Writes a few names of an inbox again and again, faster than they can be read."""

import os
import time
from dataclasses import dataclass

from tests.watcher_rig import Rig, sha256

NAMES = ("a.txt", "通报.txt", "deep/b.txt")


@dataclass(frozen=True)
class Storm:
    """The number of the next content, and the last content of each name, by wire path."""

    next: int
    last: dict[str, bytes]


def storm(rig: Rig, way: str, per_s: float, lasts_s: float, first: int = 0) -> Storm:
    """Rename in, rewrite in place, or both in turn; ``first`` numbers the contents, so that none comes twice."""
    (rig.inbox / "deep").mkdir(exist_ok=True)
    began, number, last = time.monotonic(), first, {}
    while (now_s := time.monotonic() - began) < lasts_s:
        if (number - first) / per_s > now_s:
            time.sleep(0.001)
            continue
        name = NAMES[number % len(NAMES)]
        content = f"2023年，全市共办结案件{number}件。\n".encode() * (1 + number % 7)
        if way == "renamed" or (way == "both" and number % 2):
            part = rig.outside / "part"
            part.write_bytes(content)
            os.replace(part, rig.inbox / name)
        else:
            (rig.inbox / name).write_bytes(content)
        last[name] = content
        number += 1
    return Storm(number, last)


def is_over(rig: Rig, stormed: Storm) -> bool:
    """Whether the last content of each name is filed, and no earlier one is on its way: those were filed in between, too."""
    last = {path: rig.rows(path)[:1] for path in stormed.last}
    are_last = all(rows and rows[0].sha256 == sha256(stormed.last[path]) for path, rows in last.items())
    on_their_way = rig.counts().keys() & {"accepted", "queued"}
    return are_last and all(map(rig.is_filed, last)) and not on_their_way
