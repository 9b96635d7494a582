"""``python -m watcher``: watch the inbox until SIGTERM or SIGINT."""

import signal
import sys

import structlog
from pydantic import ValidationError

from delivery import logs
from delivery.settings import complaints
from watcher.running.damage import UnusableLedger
from watcher.service import Watcher
from watcher.settings import WatcherSettings

log = structlog.get_logger("watcher")


def main() -> int:
    """Exit status 0 after a stop by signal, 2 where the settings are wrong or could lose reports, or the ledger is damaged."""
    try:
        settings = WatcherSettings()
        logs.configure(settings, "watcher")
        watcher = Watcher(settings)
    except ValidationError as error:  # logging may not be set up yet
        print(f"watcher: {complaints(WatcherSettings, error)}", file=sys.stderr)  # noqa: T201
        return 2
    except (ValueError, OSError) as error:
        print(f"watcher: {error}", file=sys.stderr)  # noqa: T201
        return 2
    if refused := watcher.refusals():
        for reason in refused:
            log.error("refused", why=reason)
        return 2
    for number in (signal.SIGTERM, signal.SIGINT):
        if number == signal.SIGINT and signal.getsignal(number) is signal.SIG_IGN:
            continue  # in the background of a script: Ctrl-C is meant for others
        signal.signal(number, lambda _number, _frame: watcher.stop())
    try:
        watcher.run()
    except UnusableLedger as error:
        log.error("refused", why=str(error))
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
