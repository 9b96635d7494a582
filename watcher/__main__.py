"""``python -m watcher``: watch the inbox until SIGTERM or SIGINT."""

import signal
import sys

import structlog
from pydantic import ValidationError

from delivery import logs
from watcher.service import Watcher
from watcher.settings import WatcherSettings

log = structlog.get_logger()


def main() -> int:
    """Exit status 0 after a stop by signal, 2 where the settings are wrong or could lose reports."""
    try:
        settings = WatcherSettings()
        logs.configure(settings, "watcher")
        watcher = Watcher(settings)
    except (ValidationError, ValueError) as error:
        print(f"watcher: {error}", file=sys.stderr)  # noqa: T201 - logging may not be set up yet
        return 2
    if refused := watcher.refusals():
        for reason in refused:
            log.error("refused", why=reason)
        return 2
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: watcher.stop())
    watcher.run()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
