"""Text of strangers made fit for a terminal: what acts or hides is shown as its escape, letters of all scripts stay."""

import unicodedata

#: Categories of characters that act or hide.
HIDDEN = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")  # control, bidi and zero-width, half characters, private use, separators


def visible(text: str) -> str:
    """Text fit for a terminal, on one line: each character that acts or hides is shown as its escape.

    >>> visible("a\\x1b[31m\\u202eb")
    'a\\\\x1b[31m\\\\u202eb'
    """
    if text.isprintable():  # most text is, and this is much quicker to tell
        return text
    return "".join(_escaped(char) if unicodedata.category(char) in HIDDEN else char for char in text)


def safe_json(text: str) -> str:
    """The same JSON value with the characters that act on a terminal as ``\\uXXXX``; letters of all scripts stay.

    >>> safe_json('"年\\u202e\\x9b"')
    '"年\\\\u202e\\\\u009b"'
    """
    if text.isprintable():
        return text
    return "".join(_json_escaped(char) if ord(char) >= 0x7F and _acts(char) else char for char in text)


def _acts(char: str) -> bool:
    return unicodedata.category(char) in HIDDEN


def _escaped(char: str) -> str:
    return f"\\x{ord(char):02x}" if char.isascii() else char.encode("ascii", "backslashreplace").decode()


def _json_escaped(char: str) -> str:
    units = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
