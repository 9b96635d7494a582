"""Figures of the report's prose and tables."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from schemas.metric import Metric, MetricSource
from schemas.report import ReportWarning
from worker.draft import Draft, Heading
from worker.extract.areas import rank_of
from worker.extract.candidates import Candidate, find_candidates
from worker.extract.cells import Table, read_cells
from worker.extract.classify import classify
from worker.extract.clauses import find_spots
from worker.extract.compounds import shares_unit, with_shared_units, with_steps
from worker.extract.crowds import find_crowds
from worker.extract.damage import Damage
from worker.extract.indicators import Namer
from worker.extract.outline import Outline
from worker.extract.owners import Owners
from worker.extract.page import Page, fold
from worker.extract.periods import Calendar
from worker.extract.qualifiers import changes_of, directed, qualifiers_of
from worker.extract.sentences import Sentence, find_sentences
from worker.extract.shares import name_parts
from worker.extract.sight import Verdict, sight
from worker.extract.status import Standing, Standings, is_level_left, standing_of_cell
from worker.extract.times import whole_years
from worker.extract.torn import TORN
from worker.extract.unread import find_unread
from worker.extract.vantage import Sections, calendar_of
from worker.stages.conclude import conclude
from worker.tools import Tools


@dataclass(frozen=True, slots=True)
class Explained:
    """A number of the text with its class: ``start`` and ``end`` in the raw text."""

    start: int
    end: int
    quote: str
    verdict: Verdict


def extract(draft: Draft, tools: Tools) -> Draft:
    """Read every figure of the text and of its tables, in reading order."""
    page = Page(fold(draft.text.now), tools.lexicon, tools.words)
    table = read_cells(draft, page)
    numbers = _classified(page, draft, table)
    prose = _metrics(page, draft, [candidate for candidate, verdict in numbers if verdict.kind == "metric"])
    metrics = prose + _cell_metrics(page, draft, table)
    in_order = tuple(sorted(metrics, key=lambda metric: metric.source.start))
    warnings = (*_crowds(numbers, draft), *_torn(numbers, draft), *_unread(numbers, page, table, draft))
    return conclude(draft.having(metrics=in_order).warned(*warnings), tools)


def explain(draft: Draft, tools: Tools) -> list[Explained]:
    """Every number of the text, figure or not, with the reason for its class."""
    page = Page(fold(draft.text.now), tools.lexicon, tools.words)
    rows = []
    for candidate, verdict in _classified(page, draft, read_cells(draft, page)):
        start, end = draft.text.span(candidate.start, candidate.end)
        rows.append(Explained(start, end, draft.text.raw[start:end], verdict))
    return rows


def _classified(page: Page, draft: Draft, table: Table) -> list[tuple[Candidate, Verdict]]:
    found = with_shared_units(page.text, with_steps(page.text, list(find_candidates(page.text, page.lexicon))))
    damage = Damage.of(draft.text)
    repaired = draft.text.now != draft.text.raw
    lost = any(flaw.code == "decode_damage" for flaw in draft.text.flaws)
    rows: list[tuple[Candidate, Verdict]] = []
    for candidate in found:
        if damage.touches(candidate.start, candidate.end):
            verdict = _DAMAGED
        elif table.covers(candidate.start):
            verdict = _IN_TABLE
        else:
            verdict = classify(sight(candidate, page))
        if repaired and verdict.kind == "metric" and _is_made_up(candidate, draft):
            verdict = _DAMAGED
        if lost and verdict.kind == "metric" and page.lexicon.kind_of(candidate.unit) is None:
            verdict = _UNSURE  # two lost bytes can turn 万户 into 洼, with nothing else to show for it
        rows.append((candidate, verdict))
        if verdict is _DAMAGED or verdict is TORN:
            _doubt_list(page.text, rows)
    figures = [place for place, (_, verdict) in enumerate(rows) if verdict.kind == "metric"]
    for start, end in find_crowds([rows[place][0] for place in figures]):
        for place in figures[start:end]:
            rows[place] = (rows[place][0], _CROWDED)
    return rows


def _doubt_list(text: str, rows: list[tuple[Candidate, Verdict]]) -> None:
    """Take back the numbers of a list whose unit stands at its last, which is damaged."""
    for place in range(len(rows) - 2, -1, -1):
        if not shares_unit(text, rows[place][0], rows[place + 1][0]):
            return
        rows[place] = (rows[place][0], _DAMAGED)


def _is_made_up(candidate: Candidate, draft: Draft) -> bool:
    """Whether repairs alone have made the digits: a torn character can look like one."""
    if not candidate.arabic:
        return False
    start, end = draft.text.span(candidate.start, candidate.end)
    return not any(char.isdigit() for char in draft.text.raw[start:end])


def _torn(numbers: Sequence[tuple[Candidate, Verdict]], draft: Draft) -> Iterator[ReportWarning]:
    """One warning for all numbers in pieces, with the place of the first."""
    torn = [candidate for candidate, verdict in numbers if verdict is TORN]
    if torn:
        start, end = draft.text.span(torn[0].start, torn[0].end)
        more = f" ({len(torn)} places)" if len(torn) > 1 else ""
        message = f"{draft.text.raw[start:end][:40]} may be part of a number{more}"
        yield ReportWarning(code="torn_number", message=message, start=start, end=end)


def _unread(
    numbers: Sequence[tuple[Candidate, Verdict]], page: Page, table: Table, draft: Draft
) -> Iterator[ReportWarning]:
    """One warning for all numbers of the prose that look like figures and are none, and one for those of tables."""
    prose = [(candidate.start, candidate.end) for candidate in find_unread(numbers, page)]
    kinds = (("unread_number", "a figure, perhaps", prose), ("unread_cell", "a cell of figures", table.unread))
    for code, what, places in kinds:
        if places:
            start, end = draft.text.span(*places[0])
            more = f" ({len(places)} places)" if len(places) > 1 else ""
            message = f"{draft.text.raw[start:end][:40]} is {what}, and could not be read{more}"
            yield ReportWarning(code=code, message=message, start=start, end=end)


def _crowds(numbers: Sequence[tuple[Candidate, Verdict]], draft: Draft) -> Iterator[ReportWarning]:
    figures = [number for number in numbers if number[1].kind == "metric" or number[1] is _CROWDED]
    for is_crowd, group in groupby(figures, key=lambda number: number[1] is _CROWDED):
        if is_crowd:
            crowd = [candidate for candidate, _ in group]
            start, end = draft.text.span(crowd[0].start, crowd[-1].end)
            message = f"{len(crowd)} numbers with hardly a word between them; none of them was read as a figure"
            yield ReportWarning(code="crowded_figures", message=message, start=start, end=end)


_CROWDED = Verdict("bare", "in a crowd of numbers with hardly a word between them")
_IN_TABLE = Verdict("cell", "in a table, read by its headers")
_UNSURE = Verdict("damaged", "without a known unit, in a text that has lost bytes")
_DAMAGED = Verdict("damaged", "touches damage that could not be repaired")


def _metrics(page: Page, draft: Draft, figures: Sequence[Candidate]) -> list[Metric]:
    calendar = calendar_of(draft, page)
    sections = Sections(page, calendar)
    namer = Namer(page)
    metrics: list[Metric] = []
    outline = Outline(draft.headings)
    part = -1
    at = 0
    for sentence in find_sentences(page.text):
        inside = []
        while at < len(figures) and figures[at].start < sentence.end:
            if figures[at].start >= sentence.start:
                inside.append(figures[at])
            at += 1
        headings = outline.above(sentence.start)
        if outline.part(sentence.start) != part:
            part = outline.part(sentence.start)
            calendar.enter(sections.under(headings))
        calendar.turn_to(page, sentence)
        if inside:
            metrics += _of_sentence(page, draft, sentence, inside, calendar, namer, headings)
    return metrics


def _of_sentence(
    page: Page,
    draft: Draft,
    sentence: Sentence,
    figures: Sequence[Candidate],
    calendar: Calendar,
    namer: Namer,
    headings: Sequence[Heading],
) -> list[Metric]:
    spots = find_spots(page, sentence.body, sentence.end, figures)
    changes = changes_of(page, spots)
    qualifiers = qualifiers_of(page, spots)
    heading = headings[-1].title if headings else ""
    names = name_parts(spots, namer.name_all(sentence.body, spots, changes, calendar.times, heading))
    section = tuple(_heading_text(heading) for heading in headings)
    words = draft.text.now[sentence.start : sentence.end].strip()
    written = draft.unconverted[sentence.start : sentence.end].strip() if draft.unconverted is not None else words
    metrics = []
    previous_end = sentence.start
    owners = Owners(page, sentence.body, rank_of(draft.document.region))
    standings = Standings(page, sentence.body, figures[-1].start)
    for spot, change, qualifier, name in zip(spots, changes, qualifiers, names, strict=True):
        figure = spot.figure
        start, end = draft.text.span(figure.start, figure.end)
        is_mean = bool(_MEAN.search(page.text, spot.left, figure.start))
        later = calendar.later_at(page, figure.start, previous_end, is_mean)
        # A bound for a time that the sentence states itself is an aim: 到2027年不低于93%.
        is_aim = later is not None and page.text.find(later, sentence.start, figure.start) >= 0
        standing = standings.of(spot, later, calendar.tells_others and not is_aim)
        period = calendar.period_at(figure.start, previous_end, is_mean, standing.status == "planned")
        if standing.status == "planned" and is_level_left(page, spot):
            standing, period = Standing(), calendar.year_before(period)
        if period and _EACH_YEAR.search(page.text, spot.left, figure.start):
            period = whole_years(period)
        owner = owners.of(spot)
        value, direction = (figure.value or "", change) if figure.high else directed(figure.value or "", change)
        metrics.append(
            Metric(
                indicator=name,
                value=value,
                value_high=figure.high,
                unit=figure.unit,
                qualifier=qualifier,
                change=direction,
                period=period,
                status=standing.status,
                status_words=standing.words,
                scope=owner.scope,
                actor=owner.actor,
                section=section,
                sentence=words,
                source=_source(draft, start, end, written if written != words else None),
            )
        )
        previous_end = figure.end
    return metrics


def _source(draft: Draft, start: int, end: int, sentence: str | None = None) -> MetricSource:
    page = bisect_right(draft.page_starts, start) or None  # 0 in a file without pages
    return MetricSource(start=start, end=end, quote=draft.text.raw[start:end], page=page, sentence=sentence)


_EACH_YEAR = re.compile("每年")
_MEAN = re.compile("年均|平均每年|每年平均")


def _cell_metrics(page: Page, draft: Draft, table: Table) -> list[Metric]:
    damage = Damage.of(draft.text)
    outline = Outline(draft.headings)
    calendar = calendar_of(draft, page)
    sections = Sections(page, calendar)
    metrics = []
    for figure in table.figures:
        if damage.touches(figure.start, figure.end):
            continue
        start, end = draft.text.span(figure.start, figure.end)
        headings = outline.above(figure.start)
        calendar.enter(sections.under(headings))
        later = figure.budget or calendar.later_of_cell(figure.period, figure.headers)
        standing = standing_of_cell(figure.headers, None if figure.is_of_accounts else later)
        metrics.append(
            Metric(
                indicator=figure.indicator,
                value=figure.value,
                unit=figure.unit,
                change=figure.change,
                period=figure.period or calendar.period_without(standing.status == "planned"),
                status=standing.status,
                status_words=standing.words,
                section=tuple(_heading_text(heading) for heading in headings),
                sentence=figure.words,
                source=_source(draft, start, end),
            )
        )
    return metrics


def _heading_text(heading: Heading) -> str:
    """The heading as a reader knows it: 一、…, (一)…, 1.…, 一是…."""
    number = heading.number
    if number.isdigit():
        return f"{number}.{heading.title}"
    if number.startswith("附"):
        return f"{number} {heading.title}"
    # A bare numeral is written with its stop; brackets, 一是 and 第一章 stand as they are.
    stop = "、" if number and all(char in "〇零一二三四五六七八九十百" for char in number) else ""
    return f"{number}{stop}{heading.title}"
