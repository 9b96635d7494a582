"""One way to connect to Redis, and which errors mean that it is away for now."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, cast

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from schemas.names import Names

#: What :func:`connect` gives, for annotations of those who do not import ``redis``.
Client = redis.Redis


class Refused(redis.RedisError):
    """The server answers, and refuses for now: its disk is full (MISCONF) or its replicas are away (NOREPLICAS)."""


#: Redis is not there, does not answer in time, or refuses for now: loading, out of memory, read-only, disk full, a replica
#: without its master, a cluster that is not whole or moves its data.
UNREACHABLE: Final[tuple[type[Exception], ...]] = (
    redis.ConnectionError,  # the base of BusyLoadingError, too
    redis.TimeoutError,
    redis.OutOfMemoryError,
    redis.ReadOnlyError,
    redis.exceptions.ClusterDownError,  # the base of MasterDownError, too
    redis.exceptions.TryAgainError,
    Refused,
)

#: The same, and whatever else a server answers in place of what it was asked for: a key of another type, a command that
#: this user may not give, a broken script. It says nothing of what was to be done, and may be mended at any time.
FAULTS: Final[tuple[type[Exception], ...]] = (*UNREACHABLE, redis.ResponseError)

# Also seen inside a message: before version 7 a script's error begins "Error running script ... -OOM command".
_REFUSALS = re.compile(r"\b(MISCONF|NOREPLICAS|MASTERDOWN|OOM|READONLY|LOADING|TRYAGAIN|CLUSTERDOWN)\b")
#: What the library has classes for loses the server's word: the word, by the class.
_WORDS: Final[tuple[tuple[type[Exception], str], ...]] = (
    (redis.AuthenticationError, "WRONGPASS"),
    (redis.BusyLoadingError, "LOADING"),
    (redis.OutOfMemoryError, "OOM"),
    (redis.ReadOnlyError, "READONLY"),
    (redis.exceptions.MasterDownError, "MASTERDOWN"),
    (redis.exceptions.ClusterDownError, "CLUSTERDOWN"),
    (redis.exceptions.TryAgainError, "TRYAGAIN"),
    (redis.exceptions.NoPermissionError, "NOPERM"),
)
# Up to the last @ of the word: a password may hold an @ that nobody has quoted.
_PASSWORD = re.compile(r"(?<=://)([^/?#@:\s]*):\S*@")
_QUERY_PASSWORD = re.compile(r"([?&](?:password|ssl_password)=)[^&#\s]*", re.IGNORECASE)
_QUICK_S = 2.0


class _Client(redis.Redis):
    """Tells refusals that pass from errors that do not, and knows the names of its site on its database."""

    names = Names()

    def parse_response(self, connection: Any, command_name: Any, **options: Any) -> Any:
        with _telling():
            return super().parse_response(connection, command_name, **options)  # type: ignore[no-untyped-call]


class _Asking:
    """A connection whose PING, with which the library looks at it after a while, may be refused as anything else may."""

    def check_health(self) -> None:
        with _telling():
            super().check_health()  # type: ignore[misc]


@contextmanager
def _telling() -> Iterator[None]:
    """Raise a refusal where the server's answer is one that passes."""
    try:
        yield
    except redis.ResponseError as error:
        if not isinstance(error, UNREACHABLE) and _REFUSALS.search(str(error)):
            raise Refused(str(error)) from error
        raise


def connect(
    url: str,
    site: str = "",
    *,
    read_timeout_s: float = 15.0,
    connect_timeout_s: float = 5.0,
    retry: Retry | None = None,
) -> redis.Redis:
    """A client for ``redis://``, ``rediss://`` (TLS) or ``unix://``, of one site; connects with the first command.

    Every call ends within the time limits; without ``retry`` redis-py's own applies, three quick tries. Commands may
    therefore reach the server twice. Replies are text.
    """
    options: dict[str, Any] = {} if url.startswith("unix://") else {"socket_keepalive": True}
    if retry:
        options["retry"] = retry
    client = cast(
        "_Client",
        _Client.from_url(
            url,
            decode_responses=True,
            # What others have put there need not be text: one such value would end the reading of all beside it.
            encoding_errors="backslashreplace",
            socket_timeout=read_timeout_s,
            socket_connect_timeout=connect_timeout_s,
            health_check_interval=25,
            **options,
        ),
    )
    pool = client.connection_pool
    pool.connection_class = type("Connection", (_Asking, pool.connection_class), {})
    client.names = Names(site, int(pool.connection_kwargs.get("db") or 0))
    return client


def names_of(client: redis.Redis) -> Names:
    """The names that a client of :func:`connect` uses; of any other, those of a service without a site."""
    return client.names if isinstance(client, _Client) else Names()


def connect_briefly(url: str, timeout_s: float = _QUICK_S, site: str = "") -> redis.Redis:
    """The same for who would rather go without an answer than wait: one try, ended after ``timeout_s``."""
    return connect(url, site, read_timeout_s=timeout_s, connect_timeout_s=timeout_s, retry=Retry(NoBackoff(), 0))


def redacted(url: str) -> str:
    """The URL, fit for logs and messages.

    >>> redacted("rediss://user:p@ss:word@host:6379/0?ssl_cert_reqs=required")
    'rediss://user:***@host:6379/0?ssl_cert_reqs=required'
    >>> redacted("unix:///run/redis.sock?password=secret&db=1")
    'unix:///run/redis.sock?password=***&db=1'
    """
    return _QUERY_PASSWORD.sub(r"\1***", _PASSWORD.sub(r"\1:***@", url))


def refused_with(error: BaseException) -> str | None:
    """The server's own word where it answers and refuses, as ``MISCONF`` or ``NOPERM``; None where it is not there.

    >>> refused_with(Refused("MISCONF Errors writing to the AOF file: No space left on device"))
    'MISCONF'
    >>> refused_with(redis.OutOfMemoryError("command not allowed when used memory > 'maxmemory'."))
    'OOM'
    >>> refused_with(redis.ConnectionError("Error 111 connecting to 127.0.0.1:1. Connection refused."))
    """
    if found := _REFUSALS.search(str(error)):
        return found[1]
    if isinstance(error, redis.AuthenticationError) and "required" in str(error).lower():
        return "NOAUTH"
    return next((word for kind, word in _WORDS if isinstance(error, kind)), None)


def answers(url: str) -> bool:
    """Whether a server is there and ready to serve this user, asked once."""
    with connect_briefly(url) as client:
        try:
            return bool(client.ping())
        except FAULTS:
            return False


def shut_down(url: str, timeout_s: float) -> bool:
    """Ask the server, if there is one, to end and keep its data; whether none is left after ``timeout_s``."""
    with connect(url, read_timeout_s=timeout_s, connect_timeout_s=_QUICK_S, retry=Retry(NoBackoff(), 0)) as client:
        try:
            client.shutdown()  # comes back when the server has closed the connection, its last act
        except UNREACHABLE:
            return False
    return True
