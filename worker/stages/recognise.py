"""Tell whether the file is a report at all."""

from schemas.report import Document, ReportWarning
from worker.draft import Draft
from worker.recognition.nature import Reading, nature_of
from worker.tools import Tools

#: Warnings of figures that are not there or say too little; of a file that is no report all are left out.
_OF_FIGURES = {"unnamed_figure", "unread_number", "unread_cell", "torn_number", "crowded_figures"}


def recognise(draft: Draft, tools: Tools) -> Draft:
    """The draft; of a file that is no report without its figures, what was said of them, and all but its title and dates."""
    nature = nature_of(Reading(draft.text.now, draft.document, draft.figures))
    if nature.is_report:
        return draft
    document = draft.document
    warning = ReportWarning(
        code="not_a_report",
        message=f"{nature.seen}; {len(draft.figures)} figures left out; an authority's report, with its head and its words, "
        "would be right",
    )
    kept = tuple(one for one in draft.warnings if one.code not in _OF_FIGURES)
    return draft.having(
        figures=(),
        damaged=(),
        relations=(),
        document=Document(
            title=document.title, published=document.published, signed=document.signed, script=document.script
        ),
        warnings=kept,
    ).warned(warning)
