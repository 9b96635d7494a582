"""Options that commands of several subjects have."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from zhibiao import since


class Since(click.ParamType[str]):
    """A point in the past, turned into the id of a stream's entry."""

    name = "time|id"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The id from which to read."""
        try:
            return since.stream_id(value, datetime.now(UTC))
        except ValueError as error:
            self.fail(str(error), param, ctx)


def processes() -> int:
    """As many as there are cores; one where nobody can tell."""
    return os.cpu_count() or 1


SINCE = Since()
JOBS = click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=processes(),
    help="Files that are read at once.  [default: as many as there are cores]",
)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")


def of_documents(command: Any) -> Any:
    """What people say of documents and of their figures."""
    for option in (
        click.option(
            "--documents",
            type=click.Path(path_type=Path, dir_okay=False, exists=True),
            help="CSV that sets or corrects place, year and title by path.  [default: documents.csv in FOLDER]",
        ),
        click.option(
            "--path-pattern",
            "pattern",
            metavar="REGEX",
            help="Regular expression over the paths with groups place, year, title or region_code.",
        ),
        click.option(
            "--reviews",
            type=click.Path(path_type=Path, dir_okay=False),
            help="What people have said of figures.  [default: reviews.jsonl in the state folder]",
        ),
    ):
        command = option(command)
    return command
