"""``python -m watcher``: watch the inbox until SIGTERM or SIGINT."""

import signal
import sys

from pydantic import ValidationError

from delivery import logs
from watcher.service import Watcher
from watcher.settings import WatcherSettings


def main() -> int:
    """Exit status 0 after a stop by signal, 2 where the settings are wrong."""
    try:
        settings = WatcherSettings()
        logs.configure(settings, "watcher")
        watcher = Watcher(settings)
    except (ValidationError, ValueError) as error:
        print(f"watcher: {error}", file=sys.stderr)  # noqa: T201 - logging may not be set up yet
        return 2
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: watcher.stop())
    watcher.run()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
