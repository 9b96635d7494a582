"""What the command line says to people, in their language: a TOML file each, and no sentence of it in the code.

What programs read stays as it is: JSON, names of fields, codes, the messages in events, the log.
"""

import os
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal

from watcher.running.in_chinese import in_chinese
from watcher.running.sentences import Sentences

Language = Literal["en", "zh"]
LANGUAGES: Final[tuple[Language, ...]] = ("en", "zh")
#: What the person has typed, or may type.
_NAMES: Final = ("value", "values", "option", "command", "number", "range")
#: As POSIX has them: the first that is set decides.
_LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")


def say(key: str, **values: Any) -> str:
    """A sentence in the language that was chosen, English before any was: ``say("tail.waiting", redis=url)``.

    Raises:
        KeyError: there is none of this key, or a value is missing for it.
    """
    sentence = _sentences(_Chosen.language)[key]
    return sentence.format(**values) if values else sentence


def word_for(group: str, value: str) -> str:
    """The word for a value that reports and checks have, as ``kind.audit``; the value itself where there is none."""
    return _sentences(_Chosen.language).get(f"{group}.{value}", value)


def values_of(group: str) -> tuple[str, ...]:
    """The values that have a word in a group, as ``kind``."""
    return tuple(key.removeprefix(f"{group}.") for key in _sentences("en") if key.startswith(f"{group}."))


def value_for(group: str, given: str) -> str | None:
    """The value that a person means, who gives it itself or its word in any language; None where it is none's.

    >>> value_for("kind", "rule_of_law"), value_for("kind", "Rule of law"), value_for("kind", "foo")
    ('rule_of_law', 'rule_of_law', None)
    """
    meant = given.strip().casefold()
    known = {value: {value, *(_sentences(one)[f"{group}.{value}"] for one in LANGUAGES)} for value in values_of(group)}
    return next((value for value, words in known.items() if meant in {word.casefold() for word in words}), None)


def told(text: str) -> str:
    """A sentence of the watcher, which the ledger and events have in English, in the language that was chosen."""
    return in_chinese(text, "zh-Hans") if _Chosen.language == "zh" else text


def fault(error: OSError) -> str:
    """What the system says of a file or a port, in the language that was chosen; its own words where there are none for it."""
    return told(error.strerror or str(error))


def told_by_library(text: str) -> str:
    """What click says of a wrong call, in the language that was chosen; the text itself where it has no form."""
    return _of_library().said(text) if _Chosen.language == "zh" else text


def hint_for(code: str | None) -> str | None:
    """What would help about a file that failed with this code; None where that is not known."""
    return _sentences(_Chosen.language).get(f"hint.{code}")


def warning_told(code: str, message: str) -> str:
    """A warning of a report: for readers of Chinese what the page says of its kind, for its message is English alone.

    >>> warning_told("torn_number", "a number is torn")
    'torn_number: a number is torn'
    """
    words = _of_page().get(code) if _Chosen.language == "zh" else None
    return f"{words}（{code}）" if words else f"{code}: {message}"


def language() -> Language:
    """The language that was chosen."""
    return _Chosen.language


def speak(wanted: str = "auto") -> None:
    """Choose the language of this process: one of :data:`LANGUAGES`, or that of the locale."""
    _Chosen.language = next((one for one in LANGUAGES if one == wanted), of_locale(os.environ))


def of_locale(environ: Mapping[str, str]) -> Language:
    """Chinese where the locale is, else English.

    >>> of_locale({"LANG": "zh_CN.UTF-8"}), of_locale({"LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8"}), of_locale({})
    ('zh', 'en', 'en')
    """
    locale = next((environ[name] for name in _LOCALE if environ.get(name)), "")
    return "zh" if locale.lower().startswith("zh") else "en"


class _Chosen:
    # A process speaks to one person; threads of it speak the same.
    language: Language = "en"


@cache
def _of_library() -> Sentences:
    table = tomllib.loads(files("zhibiao").joinpath("wording", "library.toml").read_text("utf-8"))
    return Sentences(((row["en"], row["zh"]) for row in table["sentence"]), _NAMES)


@cache
def _of_page() -> Mapping[str, str]:
    table = tomllib.loads(files("page").joinpath("wording", "zh-Hans.report.toml").read_text("utf-8"))
    return dict(table["report"]["warning"])


@cache
def _sentences(language: Language) -> Mapping[str, str]:
    text = files("zhibiao").joinpath("wording", f"{language}.toml").read_text("utf-8")
    return dict(_flat("", tomllib.loads(text)))


def _flat(prefix: str, table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(f"{prefix}{key}.", value)
        else:
            yield f"{prefix}{key}", value
