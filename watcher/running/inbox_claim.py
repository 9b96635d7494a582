"""One service at a time for one inbox of a machine, whatever their state folders: two would both read every file.

A name in the kernel that goes with its process, and not a lock on the folder: nothing is left behind in the inbox, and
it can be unmounted as before. Linux has such names, one set for each network namespace: services in containers of their
own do not see each other's.
"""

import os
import socket
import sys
from contextlib import suppress
from pathlib import Path

ALARM = "inbox-taken"
_NAMES = Path("/proc/net/unix")
_MOST_BYTES = 107  # of a name, its leading NUL apart


class InboxClaim:
    """The claim of the service over ``state`` on ``inbox``, which exists."""

    def __init__(self, inbox: Path, state: Path) -> None:
        self._inbox, self._state = inbox.absolute(), state.absolute()
        self._held: list[socket.socket] = []

    def take(self) -> bool:
        """Whether the inbox is this service's now, or nobody can tell."""
        if self._held or not (name := _name_of(self._inbox)):
            return True
        try:
            self._held = [_bound(name)]
        except OSError:
            return False
        with suppress(OSError):
            self._held.append(_bound(_label(name, self._state)))
        return True

    def release(self) -> None:
        """Let another have it."""
        for one in self._held:
            one.close()
        self._held = []

    def refusal(self) -> str | None:
        """Why this service may not watch the inbox, with the other one's state folder; None where none is known to.

        One that is just ending is not named any more, and one over the same state folder is this service.
        """
        name = _name_of(self._inbox)
        with suppress(OSError):
            lines = _NAMES.read_bytes().splitlines() if name else []
            labels = [line.rpartition(b" @")[2] for line in lines if b" @" + name + b":" in line]
            others = [label for label in labels if label != _label(name, self._state)]
            if others:
                return self._in_words(others[0].removeprefix(name + b":").decode(errors="replace"))
        return None

    def in_words(self) -> str:
        """What keeps this service waiting."""
        return self.refusal() or self._in_words("another state folder")

    def _in_words(self, state: str) -> str:
        return (
            f"inbox {self._inbox}: is watched by the service over {state}, which runs: both would read every file; "
            "stop one of them, or name another folder with ZHIBIAO_INBOX"
        )


def _name_of(inbox: Path) -> bytes:
    """By what the folder is, under whichever of its paths; empty where there are no such names."""
    if sys.platform != "linux":
        return b""
    try:
        found = inbox.stat()
    except OSError:
        return b""
    return f"zhibiao-inbox-{found.st_dev}-{found.st_ino}".encode()


def _label(name: bytes, state: Path) -> bytes:
    """The name, and the end of the state folder's path; what is no sign on a line of its own stands as a question mark."""
    path = bytes(byte if byte > ord(" ") else ord("?") for byte in os.fsencode(state))
    most = _MOST_BYTES - len(name) - 1
    return name + b":" + (path if len(path) <= most else b"..." + path[3 - most :])


def _bound(name: bytes) -> socket.socket:
    made = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        made.bind(b"\0" + name)
    except OSError:
        made.close()
        raise
    return made
