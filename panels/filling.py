"""Puts the figures of reports into the cells of a panel, and makes the panel."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from exports.columns import Row, rows_of
from exports.reviewed import Record, added_row, fitted, overlaid
from panels.cells import Found, Key, Panel, Stated, cell_of, offered_once
from panels.codebook import Codebook
from panels.documents import LeftOut, Source
from panels.series import Series, unit_of
from schemas.report import Report
from schemas.review import Review


def panel_of(codebook: Codebook, sources: list[Source], reviews: Iterable[Review] = ()) -> Panel:
    """The panel of the sources that are used, as people have reviewed it."""
    used = [source for source in sources if not source.why_not or source.is_aside]
    names = {source.place_key: source.place for source in used}
    filling = _Filling(codebook)
    record = Record(reviews)
    known = {source.report.id: source for source in sources}
    for source in used:
        figures, lost = _figures(source, record)
        if _is_for(codebook, source, [figure.row for figure in figures]):
            filling.take(source, figures)
            filling.lost += lost
        else:
            known[source.report.id] = replace(source, left_out=LeftOut("strange"))
    for source in sources:
        record.of(source.report, source.title_read)  # reviews of what is left out are of no stranger
    panel = Panel(codebook, list(known.values()), {}, filling.lost, record.strangers(), filling.of_others)
    by_key = {series.key: series for series in codebook.series}
    for key in {*filling.stated, *filling.expected, *filling.aside}:
        stated = filling.stated.get(key, [])
        where = filling.expected.get(key) or [figure.source for figure in stated]
        found = Found(stated, filling.near.get(key, []), filling.akin.get(key, []), where, filling.struck.get(key))
        panel.cells[key] = cell_of(key, names[key.place_key], by_key[key.series], found)
    panel.cells = offered_once(panel.cells)
    return panel


def needed_by(codebook: Codebook, reviews: Iterable[Review]) -> Callable[[Report, str | None], Report]:
    """What :func:`panel_of` needs of a report: the figures that may be of a series; of one that was reviewed all of them."""
    record = Record(reviews)

    def needed(report: Report, title: str | None) -> Report:
        metrics = report.metrics
        if not record.of(report, title):
            rows = zip(metrics, rows_of(report), strict=True)
            metrics = tuple(
                metric
                for metric, row in rows
                if any(one.has(row) or one.may_be(row) or one.is_akin(row) for one in codebook.series)
            )
        return report.model_copy(
            update={"metrics": metrics, "relations": (), "sections": (), "repairs": (), "warnings": ()}
        )

    return needed


@dataclass(frozen=True)
class _Figure:
    """A figure of a report: ``read`` as it was read, ``row`` as it was reviewed. ``own`` is what was said of it as such, ``said`` of cells."""

    read: Row
    row: Row
    own: Review | None = None
    said: tuple[Review, ...] = ()


def _figures(source: Source, record: Record) -> tuple[list[_Figure], list[Review]]:
    """The figures of a report with what people said of them, and the reviews that fit none."""
    rows = list(rows_of(source.report))
    found = fitted(record.of(source.report, source.title_read), source.report, rows)
    figures = [_reviewed(row, found.of_row.get(at, [])) for at, row in enumerate(rows)]
    for review in found.added:
        row = added_row(source.report, review)
        figures.append(_Figure(row, row, said=(review,)) if review.series else _Figure(row, row, own=review))
    return figures, found.lost


def _reviewed(read: Row, reviews: list[Review]) -> _Figure:
    """What was said of the figure as such holds in every cell, until more is said of one."""
    own = max((at for at, review in enumerate(reviews) if review.series is None), default=None)
    if own is None:
        return _Figure(read, read, said=tuple(reviews))
    return _Figure(read, overlaid(read, reviews[own]), reviews[own], tuple(reviews[own + 1 :]))


def _is_for(codebook: Codebook, source: Source, rows: list[Row]) -> bool:
    """Whether a report is one that a codebook is for: by its kind, or, where that is not known, by what stands in it."""
    if not codebook.kinds or source.report.document.kind is not None:
        return True
    return any(series.has(row) for row in rows for series in codebook.series)


@dataclass
class _Filling:
    """Figures on their way into cells: ``near`` may be meant by one, ``akin`` were read as another, ``expected`` are the sources that should fill it.

    ``aside`` are cells that reports which fill none may have something for.
    """

    codebook: Codebook
    stated: dict[Key, list[Stated]] = field(default_factory=lambda: defaultdict(list))
    near: dict[Key, list[Stated]] = field(default_factory=lambda: defaultdict(list))
    akin: dict[Key, list[Stated]] = field(default_factory=lambda: defaultdict(list))
    aside: set[Key] = field(default_factory=set)
    expected: dict[Key, list[Source]] = field(default_factory=lambda: defaultdict(list))
    struck: dict[Key, Review] = field(default_factory=dict)
    lost: list[Review] = field(default_factory=list)
    of_others: list[Review] = field(default_factory=list)

    def take(self, source: Source, figures: list[_Figure]) -> None:
        """Put the figures of a source where they belong, and note which cells it is the one to fill."""
        years = {"achieved": source.year, "planned": str(int(source.year) + self.codebook.next_year)}
        for series in () if source.is_aside else self.codebook.series:
            for status in series.statuses:
                self.expected[Key(source.place_key, years[status], series.key, status)].append(source)
        for figure in figures:
            # A figure belongs to one series: what a person has put into one is offered to no other.
            put = {review.series for review in figure.said if review.action != "strike"}
            own = [series for series in self.codebook.series if series.key in put or series.has(figure.row)]
            for series in self.codebook.series:
                if not any(review.series == series.key for review in figure.said):
                    if series in own or (not own and series.may_be(figure.row)):
                        self._put(series, figure, source, years, belongs=series in own)
                    elif not own and series.is_akin(figure.row):
                        self._put_near(series, figure, source, years, self.akin)
            self._put_reviewed(figure, source)

    def _put(self, series: Series, figure: _Figure, source: Source, years: dict[str, str], *, belongs: bool) -> None:
        row = figure.row
        status = str(row["status"])
        if (
            belongs
            and status in series.statuses
            and row["year"]
            and is_of_year(str(row["period"]), str(row["year"]))
            and _can_be(self.codebook, source, row)
        ):
            key = Key(source.place_key, str(row["year"]), series.key, status)
            if figure.own and figure.own.action == "strike":
                self.struck[key] = figure.own
            elif source.is_aside and figure.own is None:
                self.near[key].append(_stated(series, figure, source))
                self.aside.add(key)
            else:
                self.stated[key].append(_stated(series, figure, source))
            return
        self._put_near(series, figure, source, years, self.near)

    def _put_near(
        self, series: Series, figure: _Figure, source: Source, years: dict[str, str], into: dict[Key, list[Stated]]
    ) -> None:
        """Beside the cells that a figure may be meant by, though nothing puts it there."""
        if figure.own and figure.own.action == "strike":
            return
        for wanted in series.statuses:
            if _may_be_of(self.codebook, source, figure.row, years[wanted], wanted):
                into[Key(source.place_key, years[wanted], series.key, wanted)].append(_stated(series, figure, source))

    def _put_reviewed(self, figure: _Figure, source: Source) -> None:
        """What a person has said of a cell decides, whatever the rules would have said."""
        for review in figure.said:
            series = next((series for series in self.codebook.series if series.key == review.series), None)
            if series is None:
                self.of_others.append(review)
                continue
            key = Key(source.place_key, str(review.year), series.key, str(review.status))
            if review.action == "strike":
                self.struck[key] = review
                continue
            corrects = review.action in ("correct", "add")
            row = overlaid(figure.row, review) if corrects else figure.row
            if corrects and not series.takes(unit_of(row)):
                self.lost.append(review)
                continue
            self.stated[key].append(replace(_stated(series, replace(figure, row=row), source), review=review))


_NEAR_STATUS = {"planned": ("planned", "required"), "achieved": ("achieved", "ongoing", "required")}


def _may_be_of(codebook: Codebook, source: Source, row: Row, year: str, status: str) -> bool:
    """Whether a figure may be of a cell though its period or status does not say so.

    It has no period; it is a level at the end of a span; or it is of a year that it cannot be of.
    """
    if row["status"] not in _NEAR_STATUS[status]:
        return row["year"] == year and not _can_be(codebook, source, row)
    if row["year"] is not None:
        return row["year"] == year or not _can_be(codebook, source, row)
    period = str(row["period"] or "")
    return not period or (period.endswith(f"/{year}") and row["measure"] in ("level", "share"))


def _can_be(codebook: Codebook, source: Source, row: Row) -> bool:
    """Nothing was reached after the year that is reported on, and what plans the year after plans none before."""
    year = int(str(row["year"]))
    if row["status"] == "planned":
        return year > int(source.year) or not codebook.next_year
    return year <= int(source.year)


def is_of_year(period: str, year: str) -> bool:
    """Whether a period is a whole year, or as at its end."""
    return period in (year, f"..{year}", f"..{year}-12", f"..{year}-12-31", f"{year}-01/{year}-12")


def _stated(series: Series, figure: _Figure, source: Source) -> Stated:
    row = figure.row
    unit, change = unit_of(row), row["change"]
    high = row["value_high"]
    return Stated(
        row,
        source,
        series.signed(str(row["value"]), unit, change),
        None if high is None else series.signed(str(high), unit, change),
        figure.own,
        figure.read,
    )
