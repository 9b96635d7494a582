"""``zhibiao`` and ``python -m zhibiao``."""

import sys

INTERRUPTED = 130  # as zhibiao.exits has it, which is not loaded yet when this is needed


def run() -> None:
    """The command line; Ctrl-C ends it quietly even while it is being loaded."""
    try:
        from zhibiao.cli import main

        main()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    run()
