"""Where events go: the form that all such places have, and how one is found by its URL (docs/extending.md)."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from importlib import import_module
from typing import Final, Protocol, cast, runtime_checkable
from urllib.parse import urlsplit

from delivery import plugins
from delivery.connect import redacted
from schemas.events import FailedEvent, ReportEvent, WithdrawnEvent

Event = ReportEvent | FailedEvent


@runtime_checkable
class Withdrawing(Protocol):
    """A sink that wants to hear of documents that were taken back, too; others are not told."""

    def withdraw(self, event: WithdrawnEvent) -> object:
        """The same as ``deliver``, for what was delivered before and holds no longer."""
        ...


@runtime_checkable
class Grouping(Protocol):
    """A sink that would rather keep several events as one, where several are there."""

    def together(self) -> AbstractContextManager[None]:
        """Around some deliveries, which are safe when it is left, all or none of them. What it raises means none."""
        ...


class Sink(Protocol):
    """A place that events go to. :class:`delivery.publish.Publisher`, Redis itself, is one."""

    def deliver(self, event: Event) -> object:
        """Keep an event; comes back when it is safe there. What it gives back is not looked at.

        The same event may come again, with the same ``id``. Whatever this raises means that it is not kept yet.
        """
        ...


Factory = Callable[[str], Sink]

# By the scheme of their URLs, each imported when it is used.
_OWN: Final = {
    "jsonl": ("delivery.json_lines", "json_lines"),
    **dict.fromkeys(("redis", "rediss", "unix"), ("delivery.publish", "another_redis")),
}


class UnknownSink(ValueError):
    """No sink has this scheme; says which there are."""


def factory_of(url: str, *, with_plugins: bool) -> Callable[[], Factory]:
    """What imports the function that opens the sink of a URL.

    A package of others can take no scheme that is ours, nor one that another package has.

    Raises:
        UnknownSink: there is none of this scheme, or there are several.
    """
    scheme = urlsplit(url).scheme
    if scheme in _OWN:
        module, name = _OWN[scheme]
        return lambda: cast("Factory", getattr(import_module(module), name))
    others = plugins.installed(plugins.SINKS) if with_plugins else ()
    found = [other for other in others if other.name == scheme]
    if len(found) == 1:
        return found[0].load
    if found:
        seen = " and ".join(other.origin for other in found)
        raise UnknownSink(f"{redacted(url)}: {seen} each have a sink {scheme!r}; one of them would be right")
    names = ", ".join([*_OWN, *dict.fromkeys(other.name for other in others)])
    raise UnknownSink(f"{redacted(url)}: there is no sink {scheme!r}; one of these would be right: {names}")


def unknown_sinks(urls: tuple[str, ...], *, with_plugins: bool) -> Iterator[str]:
    """What is wrong with the sinks that are set, one sentence each; nothing of them is imported."""
    for url in urls:
        try:
            factory_of(url, with_plugins=with_plugins)
        except UnknownSink as error:
            yield f"ZHIBIAO_SINKS: {error}"


def name_of(url: str) -> str:
    """The name under which Redis remembers how far a sink has come: another URL, another sink; but not another password.

    >>> name_of("redis://a:secret@host:6379/0") == name_of("redis://a:other@host:6379/0")
    True
    """
    digest = hashlib.sha256(redacted(url).encode()).hexdigest()
    return f"{urlsplit(url).scheme}-{digest[:8]}"
