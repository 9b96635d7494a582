"""What kind of report a text is, by the words that its title, its beginning or its headings tell it with."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from worker.facts import load_facts

#: Of what only one kind of body does: a word alone may be of others (法官 in a hospital's lawsuit).
_FEWEST_SIGNS = 2


def report_kind(title: str | None, opening: Sequence[str], headings: Sequence[str], source: str | None) -> str | None:
    """The kind's name as in ``worker/data/kinds.toml``; None where the words tell none, or several.

    The title tells; without one the report's first paragraphs (``现将…报告如下``, ``我代表…政府向大会报告工作``), then its headings. ``source`` is who
    put the text out: a newspaper's text is news where the title tells nothing. A court or a procuratorate is told by what it
    says of itself, too.
    """
    titled = _told("title", [title] if title else [])
    if titled:
        return titled[0] if len(titled) == 1 else None
    news = load_facts("kinds")["news"]
    if (
        (source and re.search(news["from"], source))
        or any(re.match(news["begins"], words) for words in opening[:1])
        or any(re.search(news["says"], words) for words in opening)
    ):
        return str(news["id"])
    if spoken := _spoken(title, opening):
        return spoken
    if title:
        return None
    clauses = [match[1] for words in opening for match in [_clause().search(words)] if match]
    told = _told("title", clauses) or _told("opening", opening) or _told("heading", headings)
    return told[0] if len(told) == 1 else None


def _spoken(title: str | None, opening: Sequence[str]) -> str | None:
    """The kind of a body that speaks of itself (我院), by several things that only such a body does; none where two kinds do them."""
    if title and not _is_account(title):
        return None
    said = "\n".join((title or "", *opening))
    kinds = [kind for kind in load_facts("kinds")["kind"] if "own" in kind and any(own in said for own in kind["own"])]
    counts = {kind["id"]: sum(word in said for word in kind["does"]) for kind in kinds}
    found = [name for name, count in counts.items() if count >= _FEWEST_SIGNS]
    return found[0] if len(found) == 1 else None


def _is_account(title: str) -> bool:
    """Whether a title calls its paper one that gives account: 2024年工作情况."""
    return title.endswith(tuple(load_facts("kinds")["accounts"]["words"]))


def _told(field: str, words: Iterable[str]) -> list[str]:
    """The kinds that the words tell, without those that another of them is over."""
    words = list(words)
    kinds = [
        kind
        for kind in load_facts("kinds")["kind"]
        if field in kind and any(_tells(kind, field, line) for line in words)
    ]
    beaten = {name for kind in kinds for name in kind.get("over", ())}
    return [kind["id"] for kind in kinds if kind["id"] not in beaten]


def _tells(kind: dict[str, Any], field: str, words: str) -> bool:
    return bool(re.search(kind[field], words)) and not ("unless" in kind and re.search(kind["unless"], words))


@lru_cache(maxsize=1)
def _clause() -> re.Pattern[str]:
    return re.compile(load_facts("kinds")["opening"]["clause"])
