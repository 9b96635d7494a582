"""The search of the room Figures: what an address asks for, and the addresses that ask for more or less."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from page.script import simplified
from page.shown.seen import visible
from store.figure_rows import FACETS
from store.views import Asked

#: Names of fields in an address where they are others than the store's.
_NAMED = {"indicator_id": "indicator"}
SURE = 0.8


@dataclass(frozen=True)
class Condition:
    """One thing that is asked for: its field as the address names it, its value, and the address without it."""

    field: str
    value: str
    without: str


@dataclass(frozen=True)
class Search:
    """What an address of the room asks for."""

    asked: Asked

    @classmethod
    def of(cls, query: QueryParams) -> "Search":
        """That of an address; what no field is named by is left alone."""
        fields = {field: [value[:200] for value in query.getlist(_name(field))] for field in FACETS}
        sure = SURE if query.get("confidence") == str(SURE) else 0.0
        # What hides came along with what was pasted, and is in no index.
        words = "".join(char for char in query.get("q", "")[:400] if visible(char) == char)
        return cls(Asked.of(simplified(words.strip()), sure, **fields))

    @property
    def is_all(self) -> bool:
        """Whether nothing is asked for."""
        return self.asked == Asked()

    def url(self, suffix: str = "", **more: str) -> str:
        """The address of the search, or of a format of it."""
        pairs = [*_pairs(self.asked), *more.items()]
        return f"/figures{suffix}{'?' if pairs else ''}{urlencode(pairs)}"

    def toggled(self, field: str, value: str) -> str:
        """The address with one value of a field more, or less."""
        asked = self.asked
        if (field, value) in asked.fields:
            return Search(asked.without(field, value)).url()
        fields = tuple(sorted({*asked.fields, (field, value)}))
        return Search(Asked(asked.words, fields, asked.min_confidence)).url()

    def surer(self) -> str:
        """The address with only sure figures, or with all again."""
        asked = self.asked
        return Search(Asked(asked.words, asked.fields, 0.0 if asked.min_confidence else SURE)).url()

    def conditions(self) -> list[Condition]:
        """All that is asked for, each to be taken away."""
        return [Condition(name, value, Search(less).url()) for name, value, less in self.lessened()]

    def lessened(self) -> Iterator[tuple[str, str, Asked]]:
        """Each condition, and what is asked for without it."""
        asked = self.asked
        if asked.words:
            yield "q", asked.words, Asked("", asked.fields, asked.min_confidence)
        for field, value in asked.fields:
            yield _name(field), value, asked.without(field, value)
        if asked.min_confidence:
            yield "confidence", f"≥ {SURE}", Asked(asked.words, asked.fields)


def _name(field: str) -> str:
    return _NAMED.get(field, field)


def _pairs(asked: Asked) -> list[tuple[str, str]]:
    pairs = [("q", asked.words)] if asked.words else []
    pairs += [(_name(field), value) for field, value in asked.fields]
    return pairs + ([("confidence", str(SURE))] if asked.min_confidence else [])
