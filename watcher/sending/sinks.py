"""Do the sinks that are set get what is published?"""

from collections.abc import Iterable, Mapping

#: Whoever feeds a sink may be started after the watcher, and is started again when it dies.
GRACE_S = 30.0
#: The sink that is fed without being set: the store of `zhibiao up`, or of `python -m store`.
STORE = "store"
UNFED = "nobody feeds it: `zhibiao up` and `python -m delivery.relay`, or `python -m store`, do"


class SinkSigns:
    """Looks at the signs of life of those that feed the sinks; ``now_s`` is a monotonic time in seconds."""

    def __init__(self, now_s: float) -> None:
        self._seen_s: dict[str, float] = {}
        self._began_s = now_s

    def is_known(self, name: str) -> bool:
        """Whether somebody has fed it since the watcher began."""
        return name in self._seen_s

    def note(self, signs: Mapping[str, str | None], now_s: float) -> Iterable[tuple[str, str]]:
        """What is wrong with each sink, empty where nothing is; ``signs`` are by its name, None where there is none."""
        for name, sign in signs.items():
            if sign is not None:
                self._seen_s[name] = now_s
                yield name, sign
            else:
                is_late = now_s - self._seen_s.get(name, self._began_s) >= GRACE_S
                yield name, UNFED if is_late else ""
