"""What people say of the documents of a folder, with the places that they name."""

import re
from dataclasses import dataclass
from pathlib import Path

from panels.corrections import FILE_NAME, Corrections, Place, corrections
from panels.errors import CodebookError
from worker.structure import gazetteer
from worker.structure.chains import NamedPlace, read_chain
from zhibiao import terminal
from zhibiao.exits import Failed, WrongUsage
from zhibiao.wording import fault, say

MOST_TOLD = 5
_GROUPS = {"place", "year", "title", "region_code"}
_EXAMPLE = r"(?P<place>[^/]+)/(?P<year>\d{4})"


@dataclass(frozen=True)
class Said:
    """A ``documents.csv``, None for the one in the folder, if any; a pattern over paths; a file of reviews, None for the service's."""

    documents: Path | None = None
    pattern: str | None = None
    reviews: Path | None = None


def corrections_of(said: Said, place: Path) -> Corrections:
    """What people say of the documents of a folder.

    Raises:
        Failed: a file cannot be read, or has a mistake.
        WrongUsage: the pattern cannot be used.
    """
    file = said.documents or place / FILE_NAME
    try:
        rows = corrections(file.read_bytes(), file.name) if said.documents or file.exists() else ()
        pattern = re.compile(said.pattern) if said.pattern else None
    except CodebookError as error:
        raise Failed(str(error)) from error
    except OSError as error:
        raise Failed(f"{file}: {fault(error)}") from error
    except re.error as error:
        raise WrongUsage(say("usage.no_regex", pattern=repr(said.pattern), error=error)) from error
    names = set(pattern.groupindex) if pattern else set()
    if pattern and not (names and names <= _GROUPS):
        raise WrongUsage(say("usage.no_groups", example=_EXAMPLE))
    return Corrections(rows, pattern, locate)


def locate(name: str, code: str, year: int | None) -> Place:
    """The place that a person means: by its code, or by a name with or without the places above it, in full or short.

    >>> locate("苏州市吴江区", "", 2023).code, locate("广州", "", 2023).name, locate("朝阳区", "", 2023).several
    ('320509', '广州市', True)
    """
    if code:
        where = gazetteer.located_code(code, year)
        return Place(name or gazetteer.named(code, year), code, where.province, where.city)
    chain = read_chain(name, lambda text, at: at == len(text))
    named = chain[0] if chain else NamedPlace(name)
    full = gazetteer.full_name(named.name)
    where = gazetteer.locate(full, named.above, name, year)
    is_clear = where.code is not None or not gazetteer.is_known(full) or full == "全国"
    return Place(full, where.code, where.province, where.city, several=not is_clear)


def tell_unused(said: Corrections, paths: list[str]) -> None:
    """Say on standard error which rows are of no document."""
    unused = said.unused(paths)
    for path in unused[:MOST_TOLD]:
        terminal.err().print(say("table.no_such_path", file=FILE_NAME, path=path))
    if len(unused) > MOST_TOLD:
        terminal.err().print(say("table.more_such_paths", count=len(unused) - MOST_TOLD))
