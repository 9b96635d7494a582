"""What a report warns of, told on a terminal: a line for each place, with the words that stand there."""

from collections.abc import Iterable, Iterator

from page.shown.gaps import by_place, end_of
from schemas.report import ReportWarning
from schemas.visible import visible
from zhibiao import terminal
from zhibiao.wording import say, warning_told

#: Terminal columns of the words that are shown of a place.
MOST_WORDS = 60


def warning_lines(warnings: Iterable[ReportWarning], raw: str) -> Iterator[str]:
    """A line for each place that warnings tell of, ``raw`` being the text that they count in; several of one place are told once."""
    for group in by_place(warnings):
        first, *others = group
        line = say("extract.warning", told=warning_told(first.code, visible(first.message)))
        if words := _words(group, raw):
            line += say("extract.warned_words", words=words)
        codes = [code for code in dict.fromkeys(warning.code for warning in others) if code != first.code]
        yield line + (say("extract.warned_also", codes=", ".join(codes)) if codes else "")


def _words(group: tuple[ReportWarning, ...], raw: str) -> str:
    starts = [warning.start for warning in group if warning.start is not None]
    if not starts or not any(warning.end for warning in group):
        return ""
    words = raw[min(starts) : max(map(end_of, group))].strip()
    return terminal.shortened(visible(words.replace("\n", "↵").replace("\t", " ")), MOST_WORDS)
