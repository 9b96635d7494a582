"""What kind of report a text is, by the words that its title, its beginning or its headings tell it with."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from worker.facts import load_facts


def report_kind(title: str | None, opening: Sequence[str], headings: Sequence[str], source: str | None) -> str | None:
    """The kind's name as in ``worker/data/kinds.toml``; None where the words tell none, or several.

    The title tells; without one the report's first paragraphs (``现将…报告如下``, ``我代表…政府向大会报告工作``), then its headings. ``source`` is who
    put the text out: a newspaper's text is news where the title tells nothing.
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
    if title:
        return None
    clauses = [match[1] for words in opening for match in [_clause().search(words)] if match]
    told = _told("title", clauses) or _told("opening", opening) or _told("heading", headings)
    return told[0] if len(told) == 1 else None


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
