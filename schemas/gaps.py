"""Which warnings say that numbers of a report are lost or were left out."""

from collections.abc import Iterable
from typing import Final

#: Codes of warnings that stand for text or numbers that could not be read: what is not found there may be stated all the same.
GAPS: Final = frozenset(
    {
        *("byte_damage", "decode_damage", "broken_sentence", "digit_lost", "doubtful_number", "torn_number"),
        *("unread_number", "unread_cell", "crowded_figures", "number_formats", "table_not_read", "page_without_text"),
    }
)


def has_gaps(codes: Iterable[str]) -> bool:
    """Whether any of a report's warnings stands for something that could not be read.

    >>> has_gaps(["issuer_disagrees", "torn_number"]), has_gaps(["issuer_disagrees"])
    (True, False)
    """
    return not GAPS.isdisjoint(codes)
