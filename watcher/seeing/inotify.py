"""Watches a tree on Linux, with watchdog's inotify layer.

Not with watchdog's ``Observer``: that holds every event behind a file moved out of the folder back for half a
second, which is what filing does all the time; its queues have no bound; and it keeps to itself that the kernel's
queue overflowed or that a folder could not be watched. (watchdog 7.1: ``InotifyMoveEventGrouper.delay``,
``EventQueue``, ``InotifyWatchGroup._add_callback``.)
"""

import errno
import os
import threading

import structlog
from watchdog.observers.inotify_c import (
    CallbackId,
    InotifyConstants,
    InotifyEvent,
    InotifyFD,
    Mask,
    WatchDescriptor,
)

from watcher.seeing.inflow import Inflow
from watcher.seeing.sightings import Kind

log = structlog.get_logger("watcher")

_MASK = Mask(
    InotifyConstants.IN_CREATE
    | InotifyConstants.IN_MODIFY
    | InotifyConstants.IN_CLOSE_WRITE
    | InotifyConstants.IN_ATTRIB
    | InotifyConstants.IN_MOVED_FROM
    | InotifyConstants.IN_MOVED_TO
    | InotifyConstants.IN_DELETE
    | InotifyConstants.IN_DELETE_SELF
    | InotifyConstants.IN_MOVE_SELF
    | InotifyConstants.IN_DONT_FOLLOW
    | InotifyConstants.IN_ONLYDIR
    | InotifyConstants.IN_EXCL_UNLINK
)
_SYSCTL = {errno.ENOSPC: "fs.inotify.max_user_watches", errno.EMFILE: "fs.inotify.max_user_instances"}


class InotifyObserver:
    """One kernel queue and one thread for a whole tree."""

    def __init__(self, root: bytes, inflow: Inflow) -> None:
        self._root = root
        self._inflow = inflow
        self._id = CallbackId(id(self))
        self._lock = threading.Lock()
        self._folders: dict[WatchDescriptor, bytes] = {}
        self._watches: dict[bytes, WatchDescriptor] = {}
        self._unwatched: set[bytes] = set()
        self._root_watched = True
        self._fd = self._open()
        self._fd.start()
        try:
            self._watch_tree(b"", None)
        except OSError:
            self.stop()
            raise

    def is_alive(self) -> bool:
        """Whether the thread runs and the root is still watched."""
        return self._fd.is_alive() and self._root_watched

    def unwatched(self) -> int:
        """How many folders the system's limits left out."""
        return len(self._unwatched)

    def stop(self) -> None:
        """End the thread."""
        self._fd.stop()
        self._fd.join()

    # Called by watchdog, in its thread

    def on_event(self, event: InotifyEvent) -> None:
        """One event of one watched folder."""
        folder = self._folders.get(event.wd)
        if folder is None:
            return
        if event.is_delete_self or event.is_move_self:
            self._root_watched = self._root_watched and folder != b""
            return
        path = os.path.join(folder, event.name) if folder else event.name
        if event.mask & InotifyConstants.IN_ISDIR:
            self._on_folder(path, event)
        elif event.name and (kind := _kind(event)):
            self._inflow.put(path, kind)

    def on_watch_deleted(self, wd: WatchDescriptor) -> None:
        """The kernel let go of a folder."""
        with self._lock:
            folder = self._folders.pop(wd, None)
            if folder is not None and self._watches.get(folder) == wd:
                del self._watches[folder]
        if folder == b"":
            self._root_watched = False
            self._inflow.wake()

    def on_queue_overflow(self) -> None:
        """The kernel dropped events, perhaps of new folders."""
        self._inflow.lose()
        try:
            self._watch_tree(b"", None)
        except OSError:
            self._root_watched = False

    # Internals

    def _open(self) -> InotifyFD:
        try:
            return InotifyFD()
        except OSError as error:
            _log_limit(error)
            raise

    def _on_folder(self, path: bytes, event: InotifyEvent) -> None:
        if event.is_moved_from:
            self._forget_tree(path)
        elif event.is_moved_to:
            self._watch_tree(path, "renamed")
        elif event.is_create:
            self._watch_tree(path, "touched")

    def _watch_tree(self, folder: bytes, report: Kind | None) -> None:
        """Watch a folder and those below it; ``report`` what they hold already, which had no events of its own."""
        self._watch(folder)
        try:
            entries = list(os.scandir(os.path.join(self._root, folder)))
        except OSError:
            if folder == b"":
                raise
            return
        for entry in entries:
            path = os.path.join(folder, entry.name) if folder else entry.name
            if entry.is_dir(follow_symlinks=False):
                self._watch_tree(path, report)
            elif report:
                self._inflow.put(path, report)

    def _watch(self, folder: bytes) -> None:
        with self._lock:
            if folder in self._watches:
                return
        try:
            wd = self._fd.add_callback(os.path.join(self._root, folder), _MASK, self, self._id)
        except OSError as error:
            if folder == b"":
                _log_limit(error)
                raise
            if error.errno in _SYSCTL:
                if not self._unwatched:
                    _log_limit(error)
                self._unwatched.add(folder)
            return
        if wd < 0:
            # watchdog keeps a refusal (EACCES) to itself.
            self._unwatched.add(folder)
            return
        self._unwatched.discard(folder)
        with self._lock:
            self._folders[wd] = folder
            self._watches[folder] = wd

    def _forget_tree(self, folder: bytes) -> None:
        with self._lock:
            inside = [path for path in self._watches if path == folder or path.startswith(folder + b"/")]
            gone = [self._watches.pop(path) for path in inside]
            for wd in gone:
                self._folders.pop(wd, None)
        self._fd.remove_callbacks([(wd, self._id) for wd in gone])


def _kind(event: InotifyEvent) -> Kind | None:
    if event.is_moved_to:
        return "renamed"
    if event.is_create:
        return "created"
    if event.is_modify:
        return "modified"
    if event.is_close_write:
        return "closed"
    if event.is_moved_from or event.is_delete:
        return "gone"
    return "touched" if event.is_attrib else None


def _log_limit(error: OSError) -> None:
    sysctl = _SYSCTL.get(error.errno or 0)
    if sysctl:
        log.warning("inotify_limit", sysctl=sysctl, advice=f"raise it with `sysctl {sysctl}=...`; until then: polling")
