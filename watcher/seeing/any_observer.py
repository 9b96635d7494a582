"""Watches a tree on systems without inotify, with whatever observer watchdog has for them.

Only "something happened to this path" is trusted, so that every file goes by its stat signature.
"""

import os

from watchdog.events import FileDeletedEvent, FileSystemEvent, FileSystemEventHandler, FileSystemMovedEvent
from watchdog.observers import Observer

from watcher.seeing.inflow import Inflow


class AnyObserver:
    """An :class:`watcher.seeing.observe.Observer`."""

    def __init__(self, root: bytes, inflow: Inflow) -> None:
        self._observer = Observer()
        self._observer.schedule(_Handler(root, inflow), os.fsdecode(root), recursive=True)
        self._observer.start()

    def is_alive(self) -> bool:
        """Whether all of its threads run."""
        return self._observer.is_alive() and all(emitter.is_alive() for emitter in self._observer.emitters)

    def unwatched(self) -> int:
        """None that it would know of."""
        return 0

    def stop(self) -> None:
        """End its threads."""
        self._observer.stop()
        self._observer.join()


class _Handler(FileSystemEventHandler):
    def __init__(self, root: bytes, inflow: Inflow) -> None:
        self._prefix = os.path.join(root, b"")
        self._inflow = inflow

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.is_directory:
            # A tree may have been moved in, for which there are no single events.
            if event.event_type in ("created", "moved"):
                self._inflow.lose()
            return
        if isinstance(event, FileDeletedEvent | FileSystemMovedEvent):
            self._put(event.src_path, gone=True)
        if not isinstance(event, FileDeletedEvent):
            self._put(event.dest_path or event.src_path, gone=False)

    def _put(self, path: str | bytes, *, gone: bool) -> None:
        raw = os.fsencode(path)
        if raw.startswith(self._prefix):
            self._inflow.put(raw.removeprefix(self._prefix), "gone" if gone else "touched")
