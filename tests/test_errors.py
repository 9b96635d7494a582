"""Every declared error survives the queue, and tells a person what was seen and a program what it is."""

import ast
import pickle
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from worker.errors import BadReport, IngestError, Unavailable

ROOT = Path(__file__).parents[1]
# What makes an error of the decode stage; its arguments are code, message and perhaps place.
FACTORY = "refusal"
# A message with one of these says what would be right, or what the limit is, or why it cannot be known.
RIGHT = re.compile(
    r"would be right|allowed|at most|more than|\bneeds?\b|install|may be|for now|; |, then |in \{\} seconds|: "
)


def subclasses(of: type[IngestError]) -> set[type[IngestError]]:
    return {of}.union(*(subclasses(child) for child in of.__subclasses__()))


for file in sorted((ROOT / "worker").rglob("*.py")):
    if "class " in (source := file.read_text("utf-8")) and "IngestError" in source:
        import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))
CLASSES = sorted(subclasses(IngestError), key=lambda error: error.__name__)


@dataclass(frozen=True)
class Made:
    """A place in the code where an error is made."""

    where: str
    call: ast.Call
    code: ast.expr
    message: str

    @classmethod
    def of(cls, file: str, call: ast.Call) -> "Made":
        code = call.args[0] if call.args else ast.Constant(None)
        place = 1 if called(call) == FACTORY else 2
        message = call.args[place] if len(call.args) > place else ast.Constant("")
        return cls(f"{file}:{call.lineno}", call, code, text_of(message))


def called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def text_of(message: ast.expr) -> str:
    """The written part of a message, with ``{}`` for what is filled in; empty where it is made elsewhere."""
    match message:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(text_of(part) for part in parts)
        case ast.BinOp(left=left, right=right):
            return text_of(left) + text_of(right)
        case ast.FormattedValue():
            return "{}"
    return ""


def errors_made(root: Path = ROOT / "worker") -> Iterator[Made]:
    names = {error.__name__ for error in CLASSES} | {FACTORY}
    for file in sorted(root.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_bytes())):
            if isinstance(node, ast.Call) and called(node) in names:
                yield Made.of(str(file.relative_to(root)), node)


@cache
def made_in_the_worker() -> tuple[Made, ...]:
    """Read once, and only where a test asks for them: not in every process that collects."""
    return tuple(errors_made())


def test_the_errors_are_found() -> None:
    assert {BadReport, IngestError, Unavailable} <= set(CLASSES)
    assert len(made_in_the_worker()) > 20


def test_errors_are_made_with_positional_arguments() -> None:
    """Keyword arguments get lost when the queue pickles the exception."""
    assert [made.where for made in made_in_the_worker() if made.call.keywords] == []


def test_codes_are_words_for_programs() -> None:
    codes = {made.where: made.code.value for made in made_in_the_worker() if isinstance(made.code, ast.Constant)}

    assert {where: code for where, code in codes.items() if not re.fullmatch(r"[a-z]+(_[a-z]+)*", str(code))} == {}


def test_messages_say_what_was_seen_and_what_would_be_right() -> None:
    lacking = {
        made.where: made.message for made in made_in_the_worker() if made.message and not RIGHT.search(made.message)
    }

    assert lacking == {}


def test_messages_fit_behind_the_stage() -> None:
    """``stage decode at byte 0: <message>``: a part of a sentence, on one line, without a full stop."""
    written = {made.where: made.message for made in made_in_the_worker() if made.message}

    assert {where: text for where, text in written.items() if text.endswith(".") or "\n" in text} == {}


@pytest.mark.parametrize("error", CLASSES, ids=lambda error: error.__name__)
@pytest.mark.parametrize("place", [None, "byte 512"])
def test_errors_survive_pickling(error: type[IngestError], place: str | None) -> None:
    made = error("undecodable", "decode", "0xFF is neither UTF-8 nor GB18030; 报告 would be right", place)

    again = pickle.loads(pickle.dumps(made))  # noqa: S301 - our own bytes

    assert type(again) is error
    assert vars(again) == vars(made)
    assert (again.code, again.stage, again.message, again.place) == made.args


def test_an_error_tells_stage_place_and_message() -> None:
    assert str(BadReport("empty", "decode", "0 bytes")) == "stage decode: 0 bytes"
    assert str(BadReport("empty", "decode", "0 bytes", "page 3")) == "stage decode at page 3: 0 bytes"


def test_rules_notice_a_bad_error(tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text(
        "raise BadReport('Too Big', 'decode', message=f'oops {x}')\nrefusal('a', f'no {y}')"
    )

    first, second = errors_made(tmp_path)

    assert [keyword.arg for keyword in first.call.keywords] == ["message"]
    assert second.message == "no {}"
    assert not RIGHT.search(second.message)
