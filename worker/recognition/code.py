"""Lines of programs, settings, logs and manuals."""

import re

# Marks of such a line: the grammars of Python, ECMAScript, C, SQL and POSIX sh; what logs begin with (ISO 8601 with a
# clock, a level); what a manual shows (CommonMark: code spans; options and commands of a shell); a key of YAML or JSON.
_MARKS = (
    r"[{};](?:[ \t]*//.*)?$",
    r"^(?:#!|//|/\*|#include|import\b|from [\w.]+ import\b|def |class \w|return\b|const |let |var |public |private |function\b)",
    r"^(?:(?:el)?if|for|while|switch|catch) ?\(|^(?:else|try|except|finally)\b|^(?:SELECT|INSERT|CREATE|UPDATE) ",
    r"^(?:[$>] )?(?:pip3?|npm|yarn|git|sudo|apt|docker|python3?|curl|wget|cargo|make|cd|export) [\w./-]",
    r"[A-Za-z_]\w*\([\w\"', .=]*\)",
    r"^\w+ ?(?:[=!<>]=|:=|\+=|->|=>|=) ?[\w\"'\[{(]",
    r"(?:^|[ \t])--[A-Za-z][\w-]+",
    r"`[^`\n]+`",
    r"^\[?\d{4}-\d\d-\d\d[ T]?\d\d:\d\d:\d\d",
    r"\b(?:DEBUG|INFO|WARN|WARNING|ERROR|FATAL|Traceback)\b",
    r"\b[\w-]+\.(?:py|js|ts|java|go|rs|cpp|sh|json|ya?ml|toml|exe|dll)\b",
    r"^- ?[\"']?[A-Za-z_][\w.-]*[\"']?:(?: |$)|^[\"']?[a-z_][\w.-]*[\"']?: ?(?:[\w\"'\[{-]|$)",
)
_MARK = re.compile("|".join(f"(?:{mark})" for mark in _MARKS), re.ASCII)
_FENCE = re.compile("```|~~~")
#: What of a line is looked at: a mark that stands later is one of a sentence.
LONGEST_LOOK = 300


def share_of_code(text: str) -> float:
    """Of the characters of a text, those on lines that read like code."""
    code = every = 0
    in_fence = False
    for line in map(str.strip, text.splitlines()):
        every += len(line)
        is_fence = bool(_FENCE.match(line))
        if is_fence or in_fence or _MARK.search(line[:LONGEST_LOOK]):
            code += len(line)
        in_fence ^= is_fence
    return code / every if every else 0.0
