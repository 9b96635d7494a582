"""What a worker needs where it runs alone: the inbox to read from, room for what it puts aside, and its own sign of life."""

import os
import tempfile
from collections.abc import Iterator

from worker import health
from worker.settings import WorkerSettings
from zhibiao.checks.check import Check, fail, ok
from zhibiao.wording import say


def look(settings: WorkerSettings, now_s: float) -> Iterator[Check]:
    """All checks of it; ``now_s`` is wall time."""
    inbox = settings.inbox.absolute()
    if inbox.is_dir() and os.access(inbox, os.R_OK | os.X_OK):
        yield ok("inbox", say("seen.inbox", folder=inbox))
    else:
        seen = say("seen.inbox_unreadable", folder=inbox, user=os.getuid())
        yield fail("inbox", seen, say("advice.worker_inbox"))
    folder = tempfile.gettempdir()
    if os.access(folder, os.W_OK | os.X_OK):
        yield ok("temporary files", folder)
    else:
        yield fail("temporary files", say("seen.temporary", folder=folder), say("advice.temporary"))
    if found := health.problem(now_s):
        yield fail("worker", found, say("advice.worker"))
    else:
        yield ok("worker", say("seen.worker"))
