"""Which errors say that a file is damaged, and which say nothing about it.

A parser that is not ours stumbles over damaged bytes with errors of any kind, and some wrap whatever they meet. A time
limit is delivered as an exception in the middle of that, and a full memory is one, too. Neither may become a result: a
report without a page, or a sound file refused for good. So no reader catches ``Exception``: it names the kinds that
damage leads to, and hands what it caught to :func:`pass_on` before it believes it.
"""

import errno
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from xml.parsers import expat

Kinds = tuple[type[Exception], ...]

#: What code raises that trusts the bytes it reads.
STUMBLES: Kinds = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    RecursionError,
    TypeError,
    ValueError,
    lzma.LZMAError,
    struct.error,
    zlib.error,
)
# What may lie behind these and means no more than they do.
_BEHIND: Kinds = (ImportError, OSError, RuntimeError, StopIteration, SyntaxError, expat.ExpatError, zipfile.BadZipFile)
_ZLIB_NO_MEMORY = "Error -4 "  # Z_MEM_ERROR of zlib.h
_EXPAT_NO_MEMORY = expat.errors.codes[expat.errors.XML_ERROR_NO_MEMORY]


def pass_on(error: Exception, *own: type[Exception]) -> None:
    """Raise what is behind a caught error, if that is no damage: full memory, time that is up, or an unknown kind.

    Behind it are its causes, what was being handled when it was raised, and the errors among its arguments. ``own`` are
    the kinds of the library's own.

    Raises:
        MemoryError: memory was full, whatever the library made of it.
        Exception: the first error behind it that is of no kind known here.
    """
    known = (*STUMBLES, *_BEHIND, *own)
    for link in _behind(error):
        if _is_full_memory(link):
            raise MemoryError(f"{type(link).__name__}: {link}") from link
        if isinstance(link, TimeoutError) or not isinstance(link, known):
            raise link


def pass_on_exhausted(error: BaseException) -> None:
    """Raise what is behind the error of a parser of others, whose kinds nobody knows, if memory or time gave out.

    A time limit is brought out by :mod:`worker.time_limit`, whatever becomes of it here.

    Raises:
        MemoryError: memory was full, whatever was made of it.
        TimeoutError: a wait that was in vain; the error itself.
    """
    for link in _behind(error):
        if _is_full_memory(link):
            raise MemoryError(f"{type(link).__name__}: {link}") from link
        if isinstance(link, TimeoutError):
            raise link


def _behind(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        link = waiting.pop()
        if id(link) not in seen:
            seen.add(id(link))
            yield link
            near = (link.__cause__, link.__context__, *link.args)
            waiting += [one for one in near if isinstance(one, BaseException)]


def _is_full_memory(error: BaseException) -> bool:
    match error:
        case MemoryError():
            return True
        case OSError():
            return error.errno == errno.ENOMEM
        case zlib.error():
            return str(error).startswith(_ZLIB_NO_MEMORY)
        case expat.ExpatError() | SyntaxError():  # the second is what ElementTree makes of the first
            return getattr(error, "code", None) == _EXPAT_NO_MEMORY
    return False
