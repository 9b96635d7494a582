"""What a worker needs where it runs alone: the inbox to read from, room for what it puts aside, and its own sign of life."""

import os
import tempfile
from collections.abc import Iterator

from worker import health
from worker.settings import WorkerSettings
from zhibiao.checks.check import Check, fail, ok


def look(settings: WorkerSettings, now_s: float) -> Iterator[Check]:
    """All checks of it; ``now_s`` is wall time."""
    inbox = settings.inbox.absolute()
    if inbox.is_dir() and os.access(inbox, os.R_OK | os.X_OK):
        yield ok("inbox", f"can be read: {inbox}")
    else:
        seen = f"{inbox} is not there, or may not be read by user {os.getuid()}"
        yield fail("inbox", seen, "mount the inbox that the watcher has, or set ZHIBIAO_INBOX to where it is")
    folder = tempfile.gettempdir()
    if os.access(folder, os.W_OK | os.X_OK):
        yield ok("temporary files", folder)
    else:
        yield fail("temporary files", f"{folder} may not be written", "LibreOffice needs it: name another with TMPDIR")
    if found := health.problem(now_s):
        yield fail("worker", found, "start it, or look into its log")
    else:
        yield ok("worker", "shows signs of life")
