"""What the watcher says in English, and why the worker could not read a file, in Chinese for people.

These sentences are kept in the ledger and go out in events, where they stay as they are; whoever shows one to a reader of
Chinese asks here. ``data/sentences.toml`` has them by their form: ``same content as revision {revision} of {path}``;
``data/refusals.toml`` has those of the worker.
"""

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Final, Literal

from watcher.running.sentences import Sentences

Chinese = Literal["zh-Hans", "zh-Hant"]
#: What fills these is somebody's name for something, never a sentence of ours.
_NAMES: Final = ("path", "name", "other_name", "setting", "code")
_TABLES: Final = ("sentences.toml", "refusals.toml")


def in_chinese(text: str, language: Chinese) -> str:
    """The sentence in Chinese; itself where there is none for it, as for the words of a library.

    >>> in_chinese("same content as revision 1 of 2023/a.txt", "zh-Hans")
    '内容与 2023/a.txt 第 1 版相同'
    >>> in_chinese("attempt 4 in 8 s: not archived: No space left on device", "zh-Hant")
    '8 秒後第 4 次嘗試：沒有歸檔：磁碟已滿'
    >>> in_chinese("MemoryError at worker.pipeline:read:40", "zh-Hans")
    'MemoryError at worker.pipeline:read:40'
    """
    return _sentences(language).said(text)


@cache
def _sentences(language: Chinese) -> Sentences:
    return Sentences(((row["en"], row[language]) for row in rows()), _NAMES)


def rows() -> Iterator[dict[str, str]]:
    """Each sentence of the tables: ``en``, ``zh-Hans``, ``zh-Hant``."""
    for name in _TABLES:
        table = tomllib.loads(files("watcher.running").joinpath("data", name).read_text("utf-8"))
        yield from table["sentence"]
