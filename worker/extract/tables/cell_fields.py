"""The fields of a table's figure, on one screen: by its labels, its table's title, and what titles set."""

from typing import NamedTuple

from worker.extract.fields.measured import PARTS, measure_of_change, share_in_name, share_named
from worker.extract.sentence.rules import Answer, Field
from worker.extract.sentence.standings import words_of_status
from worker.extract.tables.cells import CellFigure
from worker.extract.time.clock import Clock
from worker.figure import Said
from worker.patterns import words_of


class SeenCell(NamedTuple):
    """A table's figure with the time at its place; ``said`` are its fields that are decided."""

    figure: CellFigure
    clock: Clock
    said: dict[str, Said]


def labels(seen: SeenCell) -> Answer:
    """The words of its row and its column, each once."""
    return Answer(seen.figure.indicator, seen.figure.label_words)


def label_of_change(seen: SeenCell) -> Answer | None:
    """A label that speaks of change, and the sign of the number."""
    return Answer(seen.figure.change, seen.figure.change_words) if seen.figure.change else None


def no_change(seen: SeenCell) -> Answer:
    """No label calls it a change."""
    return Answer(None)


def word_before(seen: SeenCell) -> Answer | None:
    """A sign or word in front of the number: ≥95, 约5."""
    told = seen.figure.told
    return Answer(told.qualifier, told.words) if told else None


def exact(seen: SeenCell) -> Answer:
    """Nothing else says how exact it is."""
    return Answer("exact")


def column(seen: SeenCell) -> Answer | None:
    """A label calls its column one of targets or budgets."""
    words = seen.figure.of_plans
    return Answer("planned", words) if words else None


def budget(seen: SeenCell) -> Answer | None:
    """Its table is a budget, by its title, or its column is one of budgets with none of accounts beside it."""
    return _planned(seen, seen.figure.budget)


def time_to_come(seen: SeenCell) -> Answer | None:
    """Its time is still to come, or its heading or title is one of plans."""
    return _planned(seen, seen.clock.later_of_cell(seen.figure.period, seen.figure.headers))


def bound(seen: SeenCell) -> Answer | None:
    """A bound in front of it, of nothing that has been done: ≥95."""
    told = seen.figure.told
    if told is None or seen.figure.is_of_accounts:
        return None
    is_bound = told.words in words_of("tables.signs.bounds") or words_of_status().bounds.search(told.words)
    return Answer("required", told.words) if is_bound else None


def achieved(seen: SeenCell) -> Answer:
    """Nothing says otherwise."""
    return Answer("achieved")


def _planned(seen: SeenCell, words: str | None) -> Answer | None:
    return Answer("planned", words) if words and not seen.figure.is_of_accounts else None


def label(seen: SeenCell) -> Answer | None:
    """The time that its nearest label states, or else its table's title."""
    return Answer(seen.figure.period, seen.figure.period_words) if seen.figure.period else None


def year_of_plan(seen: SeenCell) -> Answer | None:
    """A plan is not one of the months that the report's title is about, but of its year."""
    if seen.said["status"].value != "planned" or seen.clock.heading.period:
        return None
    return _year(seen)


def title(seen: SeenCell) -> Answer | None:
    """The time that the headings over the table set, or the report's title."""
    outlook = seen.clock.outlook
    return Answer(outlook.period, outlook.title) if outlook.period else None


def report(seen: SeenCell) -> Answer:
    """The report's own year."""
    return _year(seen)


def _year(seen: SeenCell) -> Answer:
    return Answer(str(seen.clock.year) if seen.clock.year else None)


def nobody(seen: SeenCell) -> Answer:
    """A table does not say whose its figures are but in its labels, which the name holds."""
    return Answer(None)


def change(seen: SeenCell) -> Answer | None:
    """A change: its rate, or its amount."""
    measure = measure_of_change(seen.said["change"], seen.figure.unit)
    return Answer(measure, seen.said["change"].words) if measure else None


def share(seen: SeenCell) -> Answer | None:
    """A part told as a proportion of its whole."""
    return share_named(seen.said["indicator"], seen.figure.unit)


def level(seen: SeenCell) -> Answer:
    """Nothing says otherwise."""
    return Answer("level")


CELL_FIELDS: tuple[Field[SeenCell], ...] = (
    Field("change", (label_of_change, no_change)),
    Field("qualifier", (word_before, exact)),
    Field("indicator", (labels,)),
    Field("status", (column, budget, time_to_come, bound, achieved)),
    Field("period", (label, year_of_plan, title, report)),
    Field("scope", (nobody,)),
    Field("actor", (nobody,)),
    Field("measure", (change, share, level)),
)


#: That of ``labels``, the only rule that goes by more of a figure than many others have, too.
_NAME = "indicator"
_BY_LABELS = f"{_NAME}.{labels.__name__}"


class CellFields:
    """Decides the fields of a table's figures at a place with this time: once for all that differ in their names alone."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._to_come: dict[str | None, bool] = {None: False}
        self._decided: dict[tuple[object, ...], dict[str, Said]] = {}

    def of(self, figure: CellFigure) -> dict[str, Said]:
        """The fields of a table's figure, by name."""
        period, is_part = figure.period, figure.unit in PARTS
        if period not in self._to_come:
            self._to_come[period] = period is not None and self._clock.is_to_come(period)
        seen_by_rules = (
            figure.unit,
            figure.change,
            figure.change_words,
            period,
            figure.period_words,
            figure.of_plans,
            figure.budget,
            figure.is_of_accounts,
            figure.told,
            share_in_name(figure.indicator, figure.unit) if is_part else "",
            figure.headers if self._to_come[period] else (),
        )
        said = self._decided.get(seen_by_rules)
        if said is None:
            said = self._decided[seen_by_rules] = decide(figure, self._clock)
        return {**said, _NAME: Said(figure.indicator, _BY_LABELS, figure.label_words)}


def decide(figure: CellFigure, clock: Clock) -> dict[str, Said]:
    """The fields of a table's figure, by name."""
    seen = SeenCell(figure, clock, {})
    for one in CELL_FIELDS:
        seen.said[one.name] = one.decide(seen)
    return seen.said
