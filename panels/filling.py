"""Puts the figures of reports into the cells of a panel, and makes the panel."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from exports.columns import Row, rows_of
from panels.cells import Key, Panel, Stated, cell_of
from panels.codebook import Codebook
from panels.documents import Source
from panels.reviews import Review, matched
from panels.series import Series


def panel_of(codebook: Codebook, sources: list[Source], reviews: Iterable[Review] = ()) -> Panel:
    """The panel of the sources that are used, as people have reviewed it."""
    used = [source for source in sources if not source.why_not]
    names = {source.place_key: source.place for source in used}
    filling = _Filling(codebook)
    rows = {source.report.id: list(rows_of(source.report)) for source in used}
    said, orphans = matched(reviews, (row for of_source in rows.values() for row in of_source))
    strange = [source for source in used if not _is_for(codebook, source, rows[source.report.id])]
    for source in used:
        if source not in strange:
            filling.take(source, rows[source.report.id], said)
    known = [replace(source, why_not=_STRANGE) if source in strange else source for source in sources]
    panel = Panel(codebook, known, orphans=orphans)
    by_key = {series.key: series for series in codebook.series}
    for key in {*filling.stated, *filling.expected}:
        stated = filling.stated.get(key, [])
        where = filling.expected.get(key) or [figure.source for figure in stated]
        series = by_key[key.series]
        panel.cells[key] = cell_of(
            key, names[key.place_key], series, stated, filling.near.get(key, []), where, filling.struck.get(key)
        )
    return panel


_STRANGE = "its kind is not known, and it has none of the codebook's series"


def _is_for(codebook: Codebook, source: Source, rows: list[Row]) -> bool:
    """Whether a report is one that a codebook is for: by its kind, or, where that is not known, by what stands in it."""
    if not codebook.kinds or source.report.document.kind is not None:
        return True
    return any(series.has(row) for row in rows for series in codebook.series)


@dataclass
class _Filling:
    """Figures on their way into cells: ``near`` may be meant by one, ``expected`` are the sources that should fill it."""

    codebook: Codebook
    stated: dict[Key, list[Stated]] = field(default_factory=lambda: defaultdict(list))
    near: dict[Key, list[Stated]] = field(default_factory=lambda: defaultdict(list))
    expected: dict[Key, list[Source]] = field(default_factory=lambda: defaultdict(list))
    struck: dict[Key, Review] = field(default_factory=dict)

    def take(self, source: Source, rows: list[Row], said: dict[int, list[Review]]) -> None:
        """Put the figures of a source where they belong, and note which cells it is the one to fill."""
        years = {"achieved": source.year, "planned": str(int(source.year) + self.codebook.next_year)}
        for series in self.codebook.series:
            for status in series.statuses:
                self.expected[Key(source.place_key, years[status], series.key, status)].append(source)
        for row in rows:
            reviews = said.get(id(row), [])
            own = [series for series in self.codebook.series if series.has(row)]
            for series in own or [series for series in self.codebook.series if series.may_be(row)]:
                if not any(review.series == series.key for review in reviews):
                    self._put(series, row, source, years, belongs=bool(own))
            self._put_reviewed(row, source, reviews)

    def _put(self, series: Series, row: Row, source: Source, years: dict[str, str], *, belongs: bool) -> None:
        figure, status = _stated(series, row, source), str(row["status"])
        if (
            belongs
            and status in series.statuses
            and row["year"]
            and is_of_year(str(row["period"]), str(row["year"]))
            and _can_be(self.codebook, source, row)
        ):
            self.stated[Key(source.place_key, str(row["year"]), series.key, status)].append(figure)
            return
        for wanted in series.statuses:
            if _may_be_of(self.codebook, source, row, years[wanted], wanted):
                self.near[Key(source.place_key, years[wanted], series.key, wanted)].append(figure)

    def _put_reviewed(self, row: Row, source: Source, reviews: list[Review]) -> None:
        """What a person has said decides, whatever the rules would have said."""
        for review in reviews:
            series = next((series for series in self.codebook.series if series.key == review.series), None)
            if series is None:
                continue
            key = Key(source.place_key, review.year, series.key, review.status)
            if review.action == "strike":
                self.struck[key] = review
                continue
            figure = replace(_stated(series, row, source), review=review)
            if review.value is not None:  # the row stays what the report says
                right = series.signed(review.value, str(row["unit"] or ""), row["change"])
                figure = replace(figure, value=right, high=None)
            self.stated[key].append(figure)


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


def _stated(series: Series, row: Row, source: Source) -> Stated:
    unit, change = str(row["unit"] or ""), row["change"]
    high = row["value_high"]
    return Stated(
        row,
        source,
        series.signed(str(row["value"]), unit, change),
        None if high is None else series.signed(str(high), unit, change),
    )
