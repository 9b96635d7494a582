"""``python -m page``: the page as a part of a service, beside its watcher and workers."""

import sys

from pydantic import ValidationError

from delivery import logs
from delivery.settings import complaints
from page.serving import serve
from page.settings import PageSettings

USAGE = 2


def main() -> None:
    """Serve until stopped; a port that is taken is waited for.

    Raises:
        SystemExit: a setting cannot be used, with status 2.
    """
    try:
        settings = PageSettings()
    except ValidationError as error:
        print(f"page: {complaints(PageSettings, error)}", file=sys.stderr)  # noqa: T201 - there is no log yet
        sys.exit(USAGE)
    logs.configure(settings, "page")
    serve(settings, waits=True)


if __name__ == "__main__":
    main()
