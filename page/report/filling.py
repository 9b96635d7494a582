"""The room of a report filled into its template: for the service, and as one file that needs nothing else."""

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from importlib.resources import files
from typing import Any, get_args
from urllib.parse import urlencode

from markupsafe import Markup

from page.rendering import filled
from page.report.markup import MOST_LINKED, rows_of, text_of, value_of
from page.report.room import Figure, Room
from page.report.said import Said
from page.shown.numbers import grouped
from page.shown.periods import period_text
from page.shown.seen import visible
from page.whole_numbers import whole
from page.wording import Wording, of
from schemas.metric import Status

VIEWS = ("original", "clean", "both")
TABS = ("figures", "relations", "warnings", "rejected", "repairs", "reviews")
#: Of relations, warnings and numbers that were not taken: a report of millions of characters has tens of thousands, on tabs.
MOST_NOTED = 2000
#: So many figures are in the list at once: what a reader does not look at would cost a browser more than the text does.
WINDOW = 400
_LONGEST_QUOTE = 60
_PLACES = re.compile(r"\((\d+) places\)$")
_LONGEST_FIND = 100


@dataclass(frozen=True)
class Asked:
    """What of the room is asked for; all of it stands in the address."""

    figure: int | None = None
    view: str = VIEWS[0]
    tab: str = TABS[0]
    rejected: bool = False
    find: str = ""
    only_doubtful: bool = False
    start: int | None = None

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Asked":
        """By an address; what is not understood in it is as if it were not there."""
        view, tab = query.get("view", ""), query.get("tab", "")
        return cls(
            figure=whole(query.get("f", "")),
            view=view if view in VIEWS else VIEWS[0],
            tab=tab if tab in TABS else TABS[0],
            rejected=query.get("rejected") == "1",
            find=query.get("find", "")[:_LONGEST_FIND].strip(),
            only_doubtful=query.get("only") == "doubt",
            start=whole(query.get("from", "")),
        )

    def without(self, *names: str) -> str:
        """The rest of an address that keeps all but some of it: ``&view=clean``, empty where there is nothing to keep."""
        held = {
            "f": str(self.figure) if self.figure else "",
            "view": self.view if self.view != VIEWS[0] else "",
            "tab": self.tab if self.tab != TABS[0] else "",
            "rejected": "1" if self.rejected else "",
            "find": self.find,
            "only": "doubt" if self.only_doubtful else "",
            "from": str(self.start) if self.start else "",
        }
        kept = {name: value for name, value in held.items() if value and name not in names}
        return f"&{urlencode(kept)}" if kept else ""


@dataclass(frozen=True)
class Keep:
    """What links to something else of the same room keep of its address."""

    without_figure: str
    without_view: str
    without_tab: str
    without_rejected: str
    without_start: str


@dataclass(frozen=True)
class Links:
    """Addresses beside the room: its figures in other formats, comparisons, and the newest revision where this is another."""

    downloads: tuple[tuple[str, str], ...] = ()
    compare: tuple[tuple[str, str], ...] = ()
    newest: str | None = None


@dataclass(frozen=True)
class Frame:
    """What a room is shown in: its words, its address (empty in a file), what was said of it, and what forms send along.

    ``typed`` is what a form on the document said that could not be taken.
    """

    words: Wording
    address: str = ""
    said: Said = field(default_factory=Said)
    document: Mapping[str, str] = field(default_factory=dict)
    form_token: str = ""
    links: Links | None = None
    problem: tuple[str, str] | None = None
    typed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Hashes:
    """What a file's own rules allow to run in it."""

    styles: str
    script: str


def values_of(room: Room, frame: Frame, asked: Asked) -> dict[str, Any]:
    """What the template of the room is filled with."""
    figures = room.figures
    chosen = figures[asked.figure - 1] if asked.figure and asked.figure <= len(figures) else None
    listed = [figure for figure in figures if _is_asked(figure, asked)]
    keep = Keep(*(asked.without(name) for name in ("f", "view", "tab", "rejected", "from")))
    start = _start(listed, asked)
    shown, number = listed[start : start + WINDOW], chosen.number if chosen else None
    return {
        **_of_every_card(room, frame),
        **(_of_card(room, frame, chosen) if chosen else {"chosen": None}),
        "text": text_of(room, frame.words, keep.without_figure, frame.said, number),
        "rows": rows_of(shown, frame.words, keep.without_figure, frame.said, number),
        "is_linked": len(figures) <= MOST_LINKED,
        "listed": len(listed),
        "start": start,
        "window": WINDOW,
        "tabs": _tabs(room, frame.said),
        "view": asked.view,
        "tab": asked.tab,
        "show_rejected": asked.rejected,
        "find": asked.find,
        "only_doubtful": asked.only_doubtful,
        "keep": keep,
        "links": frame.links,
        "document_said": frame.document,
        "document_typed": frame.typed,
        "most_noted": MOST_NOTED,
        "problem": frame.problem,
    }


def all_rows(room: Room, frame: Frame) -> Markup:
    """The list of all figures, for the page's script, which shows a part of it at a time."""
    return rows_of(room.figures, frame.words, "", frame.said)


def card(room: Room, frame: Frame, figure: Figure) -> str:
    """The card of one figure."""
    return filled("report-card.html", frame.words, **_of_every_card(room, frame), **_of_card(room, frame, figure))


def file_of(room: Room, language: str) -> str:
    """The room as one HTML file: nothing is fetched, and nothing runs in it but what was put there."""
    words = of(language)
    frame = Frame(words)
    styles = _asset("page.css") + _asset("report.css")
    script = _asset("report.js")
    return filled(
        "report-file.html",
        words,
        **values_of(room, frame, Asked()),
        styles=Markup(f"<style>{styles}</style>"),  # noqa: S704 - our own files, named by their hashes in the policy
        script=Markup(f"<script>{script}</script>"),  # noqa: S704
        hashes=Hashes(_hash(styles), _hash(script)),
        cards=_cards(room, frame),
        rest=all_rows(room, frame) if len(room.figures) > WINDOW else "",
    )


def citation(room: Room, figure: Figure, address: str = "") -> str:
    """A figure with where it was said, as one would cite it."""
    report, metric = room.report, figure.metric
    document, own = report.document, report.document.original
    where = [
        (own and own.issuer) or document.issuer,
        f"《{(own and own.title) or document.title or report.source.name}》",
        document.document_number,
        document.published,
        f"第{metric.source.page}页" if metric.source.page else None,
    ]
    said = (
        f"“{metric.source.sentence or metric.sentence}”"
        if figure.reading.cell is None
        else f"{metric.indicator} {metric.source.quote}"
    )
    traced = f"{report.source.path} r{report.revision} [{metric.source.start}, {metric.source.end}) sha256 {report.source.sha256[:16]}"
    found = f"{address}?f={figure.number}" if address else ""
    return visible("，".join(part for part in where if part)) + f"：{visible(said)}（{visible(traced)}）{found}"


def _of_every_card(room: Room, frame: Frame) -> dict[str, Any]:
    told = {"said": frame.said, "address": frame.address, "form_token": frame.form_token}
    return {
        "room": room,
        "grouped": grouped,
        "when": partial(period_text, t=frame.words),
        "shortened": shortened,
        "percent": percent,
        "places_told": places_told,
        **told,
    }


def _of_card(room: Room, frame: Frame, figure: Figure) -> dict[str, Any]:
    right = frame.said.metric(figure)
    return {
        "chosen": figure,
        "right": right,
        "citation": citation(room, figure, frame.address),
        "value": Markup(value_of(right, frame.words)),  # noqa: S704 - escaped there
        "read_value": Markup(value_of(figure.metric, frame.words)),  # noqa: S704 - escaped there
        "row": rows_of([figure], frame.words, "", frame.said) if frame.address else "",
        "review": frame.said.of_figure.get(figure.number),
        "statuses": get_args(Status),
    }


def _cards(room: Room, frame: Frame) -> Iterator[Markup]:
    for figure in room.figures:
        yield Markup(card(room, frame, figure))  # noqa: S704 - a template has filled and escaped it


def _start(listed: Sequence[Figure], asked: Asked) -> int:
    """The place of the first figure that the list shows, so that the chosen one is among them."""
    if asked.start is not None:
        return min(asked.start, max(0, len(listed) - 1))
    at = next((at for at, figure in enumerate(listed) if figure.number == asked.figure), 0)
    return 0 if at < WINDOW else at - WINDOW // 2


def _is_asked(figure: Figure, asked: Asked) -> bool:
    if asked.only_doubtful and figure.is_sure:
        return False
    if not asked.find:
        return True
    metric = figure.metric
    told = f"{metric.indicator} {metric.value} {metric.unit} {metric.period or ''} {metric.source.quote}"
    return all(word in told for word in asked.find.split())


def _tabs(room: Room, said: Said) -> tuple[tuple[str, int], ...]:
    counts = (len(room.figures), len(room.sums), len(room.warnings), len(room.reading.rejected))
    return tuple(zip(TABS, (*counts, sum(repair.count for repair in room.report.repairs), said.count), strict=True))


def shortened(text: str) -> str:
    """A quote fit for a line: what hides or acts is shown, and the middle of a long one left out.

    >>> shortened("12" * 40)
    '121212121212121212121212121212…21212121212121212121212121212'
    """
    if len(text) > _LONGEST_QUOTE:
        half = _LONGEST_QUOTE // 2
        text = f"{text[:half]}…{text[-half + 1 :]}"
    return visible(text.replace("\n", "↵").replace("\t", " "))


def percent(share: float) -> str:
    """A share as people write it; a little is not nothing.

    >>> percent(0.0004), percent(0.126), percent(0.999)
    ('<1%', '13%', '99%')
    """
    return "<1%" if share < 0.01 else f"{min(round(share * 100), 99) if share < 1 else 100}%"


def places_told(message: str) -> int:
    """How many places a warning tells of that names the first, 0 where it is one.

    >>> places_told("digits in pieces (3 places)"), places_told("digits in pieces")
    (3, 0)
    """
    match = _PLACES.search(message)
    return int(match[1]) if match else 0


def _asset(name: str) -> str:
    return files("page").joinpath("static", name).read_text("utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
