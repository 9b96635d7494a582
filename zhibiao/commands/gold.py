"""``zhibiao gold export``: what people have reviewed as cases that reading is measured by."""

import json
from pathlib import Path
from typing import Any

import click

from exports.columns import rows_of
from exports.reviewed import Record, fitted
from panels.gold import annotation
from panels.reviews import FILE_NAME, Reviews, ReviewsError
from zhibiao import terminal
from zhibiao.commands.export import Source, folder_of
from zhibiao.exits import Failed
from zhibiao.settings import ServiceSettings
from zhibiao.wording import fault, say


def export(settings: ServiceSettings, folder: Path | None, file: Path | None) -> None:
    """Write an annotation a line for each reviewed report of ``folder``, or of the service's archive, to ``file`` or standard output.

    Raises:
        Failed: there is no folder, the record cannot be read, or nothing in it makes a case.
    """
    place = folder_of(settings, folder)
    try:
        record = Record(Reviews(settings.state / FILE_NAME).read())
    except ReviewsError as error:
        raise Failed(str(error)) from error
    cases = _cases(settings, place, record)
    strangers = len(record.strangers())
    if not cases:
        others = [say("table.strangers", count=strangers)] if strangers else []
        raise Failed("\n".join([say("why_not.no_case", folder=place), *others]))
    text = "".join(json.dumps(case, ensure_ascii=False) + "\n" for case in cases)
    if file is None:
        click.echo(text, nl=False)
    else:
        try:
            file.write_text(text, "utf-8")
        except OSError as error:
            raise Failed(f"{file}: {fault(error)}") from error
    figures = sum(len(case["metrics"]) for case in cases)
    struck = sum(len(case["no_figures"]) for case in cases)
    tell = terminal.err().print
    tell(say("gold.made", figures=figures, struck=struck, reports=len(cases)))
    if strangers:
        tell(say("table.strangers", count=strangers))


def _cases(settings: ServiceSettings, place: Path, record: Record) -> list[dict[str, Any]]:
    source = Source.of(place, settings, every_revision=False, apart_from=None)
    cases = []
    for report in source.reports(settings.max_file_bytes, 1):
        if reviews := record.of(report, report.document.title):
            rows = list(rows_of(report))
            cases.append(annotation(report, rows, fitted(reviews, report, rows)))
    return [case for case in cases if case is not None]
