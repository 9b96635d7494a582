"""Commands by which people say what is right: review, gold."""

from pathlib import Path
from typing import Any, get_args

import click

from schemas.metric import Change, Measure, Status
from zhibiao.calling.listed import Listed
from zhibiao.calling.options import AS_JSON
from zhibiao.settings import ServiceSettings, load
from zhibiao.wording import say


class Place(click.ParamType[tuple[int, int]]):
    """A place in the text of a report: START:END."""

    name = "start:end"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        """Its two ends."""
        start, _, end = str(value).partition(":")
        if not (start.isdecimal() and end.isdecimal() and int(start) < int(end)):
            self.fail(say("usage.no_place", value=repr(value)), param, ctx)
        return int(start), int(end)


def _reviewing(command: Any) -> Any:
    """What the commands have in common that say something of a figure."""
    for option in (
        click.option("--by", default="", metavar="NAME", help="Who says so."),
        click.option("--note", default="", help="Why."),
        click.option(
            "--folder", type=click.Path(path_type=Path), help="Where the report is.  [default: this service's archive]"
        ),
        click.option("--codebook", "codebook_", metavar="CODEBOOK", help="The one that has the series of --cell."),
        click.option(
            "--cell",
            nargs=3,
            type=(str, str, click.Choice(["achieved", "planned"])),
            metavar="SERIES YEAR STATUS",
            help="A cell of a panel, as gdp_growth 2025 achieved.",
        ),
        click.option("--at", "place", type=Place(), help="The figure's place in the decoded text."),
        click.argument("document"),
    ):
        command = option(command)
    return command


NUMBER = click.option(
    "--figure", "number", type=click.IntRange(min=1), help="The figure's number in the report, from 1."
)
VALUE = {
    "value": click.option("--value", metavar="NUMBER", help="The right value, 万 and 亿 multiplied out."),
    "value_high": click.option("--value-high", metavar="NUMBER", help="Upper end of a range."),
    "unit": click.option("--unit", help="Its unit.  [default: the figure's]"),
    "indicator": click.option("--indicator", metavar="NAME", help="What it counts."),
    "period": click.option("--period", help="Its time, as 2025, 2025H1 or 2025-01/2025-09."),
    "measure": click.option("--measure", type=click.Choice(get_args(Measure)), help="What kind of quantity it is."),
    "change": click.option("--change", type=click.Choice(get_args(Change)), help="Where it is a change, which way."),
    "status": click.option("--status", type=click.Choice(get_args(Status)), help="Whether it is reached."),
}


def _values(command: Any) -> Any:
    for option in reversed(VALUE.values()):
        command = option(command)
    return command


@click.group(cls=Listed)
def review() -> None:
    """Confirm, correct, strike or add figures.

    Every later panel and export respects it.

    DOCUMENT is a report's path below the folder, or its id. The figure is named by its place (--at), its number in the report
    (--figure) or the cell of a panel that it stands in (--cell); with a place and a cell both, it is said of that figure in that
    cell alone. All is one record, state/reviews.jsonl; docs/panel.md describes it.

    \b
    Examples:
      zhibiao review confirm 湛江/2025.txt --cell gdp_growth 2025 achieved --by wang
      zhibiao review correct 湛江/2025.txt --at 476:480 --value 5.5 --note 统计公报
      zhibiao review strike 8aaf162e351a6dcbfb43 --figure 12
      zhibiao review add 湛江/2025.txt --quote 十二起 --value 12 --unit 起 --indicator 行政复议案件 --period 2025
      zhibiao review list --orphans
    """


@review.command("confirm")
@_reviewing
@NUMBER
def review_confirm(note: str, by: str, **which: Any) -> None:
    """Say that a figure is right, or that it belongs in a cell."""
    from zhibiao.commands.review import judge

    judge(load(ServiceSettings), "confirm", _figure(**which), {"note": note, "by": by})


@review.command("strike")
@_reviewing
@NUMBER
def review_strike(note: str, by: str, **which: Any) -> None:
    """Say that a figure is none, or that it does not belong in a cell."""
    from zhibiao.commands.review import judge

    judge(load(ServiceSettings), "strike", _figure(**which), {"note": note, "by": by})


@review.command("correct")
@_reviewing
@NUMBER
@_values
def review_correct(**given: Any) -> None:
    """Say what is right: of the value, and of whatever else was read wrongly."""
    from zhibiao.commands.review import judge

    said = {name: given.pop(name) for name in (*VALUE, "note", "by")}
    judge(load(ServiceSettings), "correct", _figure(**given), said)


@review.command("add")
@_reviewing
@click.option("--quote", help="The figure as it stands in the text, once; in place of --at.")
@_values
def review_add(quote: str | None, **given: Any) -> None:
    """Add a figure that was not read: a piece of the text, and what it says."""
    if (quote is None) == (given["place"] is None):
        raise click.UsageError(say("usage.add_where"))
    from zhibiao.commands.review import add

    said = {name: given.pop(name) for name in (*VALUE, "note", "by")}
    add(load(ServiceSettings), _figure(**given), quote, said)


@review.command("undo")
@click.argument("line", required=False, type=click.IntRange(min=1))
@click.option("--by", default="", metavar="NAME", help="Who says so.")
def review_undo(line: int | None, by: str) -> None:
    """Take back the review in LINE of the record, as zhibiao review list numbers them; without it the last one."""
    from zhibiao.commands.review import undo

    undo(load(ServiceSettings), line, by)


@review.command("list")
@click.option("--orphans", is_flag=True, help="Those that fit no figure any more, and why.")
@click.option(
    "--folder", type=click.Path(path_type=Path), help="Where the reports are.  [default: this service's archive]"
)
@AS_JSON
def review_list(folder: Path | None, *, orphans: bool, as_json: bool) -> None:
    """Print the reviews that hold."""
    from zhibiao.commands.review import show

    show(load(ServiceSettings), folder, orphans=orphans, as_json=as_json)


def _figure(
    document: str,
    place: tuple[int, int] | None,
    cell: tuple[str, str, str] | None,
    codebook_: str | None,
    folder: Path | None,
    number: int | None = None,
) -> Any:
    from zhibiao.commands.review import Figure

    return Figure(document, folder, place, number, cell, codebook_)


@click.group(cls=Listed)
def gold() -> None:
    """Turn reviews into right answers, to measure the rules by.

    Each figure that a person has confirmed, corrected, added or struck becomes an annotation, as docs/annotation.md describes
    them: whoever works on the rules sees whether it is read rightly now.

    \b
    Examples:
      zhibiao gold export reports/ -o reviewed.jsonl
    """


@gold.command("export")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to write; without it standard output.",
)
def gold_export(folder: Path | None, file: Path | None) -> None:
    """Write the reviews of a folder's reports as annotations, a line for each report."""
    from zhibiao.commands.gold import export as run

    run(load(ServiceSettings), folder, file)
