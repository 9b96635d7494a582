"""Text of strangers made fit for a page: what acts or hides is named, the way the text of a report names it."""

import unicodedata

from schemas.visible import HIDDEN


def visible(text: str) -> str:
    """The text on one line, each character that acts or hides by its number.

    >>> visible("a\\x1b[31m\\u202eb\\ue3081件")
    'a[U+001B][31m[U+202E]b[U+E308]1件'
    """
    if text.isprintable():
        return text
    return "".join(f"[U+{ord(char):04X}]" if unicodedata.category(char) in HIDDEN else char for char in text)
