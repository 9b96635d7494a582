"""A watcher that is killed at a chosen step."""

import sys
import textwrap


def dying(module: str, owner: str, function: str, when: str) -> list[str]:
    """The watcher's command, ending itself by SIGKILL just before or after it calls a function."""
    program = f"""
        import os, runpy, signal
        import {module} as module
        owner = {"module." + owner if owner else "module"}
        real = owner.{function}

        def fatal(*args, **kwargs):
            if {when == "after"}:
                real(*args, **kwargs)
            os.kill(os.getpid(), signal.SIGKILL)

        owner.{function} = fatal
        runpy.run_module("watcher", run_name="__main__")
    """
    return [sys.executable, "-c", textwrap.dedent(program)]
