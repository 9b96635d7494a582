"""Names as the file writes them, beside their simplified form."""

import re

from schemas.report import Document, OriginalNames
from worker.draft import Draft

_BLANKS = re.compile(r"\s")


def original_names(draft: Draft, document: Document) -> OriginalNames | None:
    """The title, issuer and region in the file's own script; None for a report in simplified script.

    A name is looked for in the text as it was before conversion, which keeps every place, then in the labels of the
    page. One that stands nowhere as a whole, because it was put together from parts, is None.
    """
    if document.script != "traditional" or draft.unconverted is None:
        return None
    simple, written = draft.text.now, draft.unconverted
    labels = [(label.value, draft.text.raw[label.start : label.end]) for label in draft.labels]

    def original(name: str | None) -> str | None:
        if not name:
            return None
        places = re.search(r"\s*".join(map(re.escape, _BLANKS.sub("", name))), simple)
        if places:
            return _with_blanks_of(name, _BLANKS.sub("", written[places.start() : places.end()]))
        return next((_part(value, raw, name) for value, raw in labels if _part(value, raw, name)), None)

    return OriginalNames(
        title=original(document.title), issuer=original(document.issuer), region=original(document.region)
    )


def _with_blanks_of(name: str, written: str) -> str:
    chars = iter(written)
    return "".join(char if char.isspace() else next(chars) for char in name)


def _part(value: str, raw: str, name: str) -> str | None:
    """The part of a label's raw value that reads ``name``, if no repair changed its length."""
    at = value.find(name)
    return raw[at : at + len(name)] if at >= 0 and len(value) == len(raw) else None
