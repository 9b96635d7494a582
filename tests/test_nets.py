"""What a net may catch: a time limit and a full memory pass through all of them, or the attempt is counted and made again.

Reads the syntax trees of what takes part in reading a report, and asks for each ``except`` and each ``suppress`` what
the classes named there really are.
"""

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from billiard.exceptions import SoftTimeLimitExceeded, TimeLimitExceeded

ROOT = Path(__file__).parents[1]
READING = [
    *(ROOT / "worker").rglob("*.py"),
    *(ROOT / "delivery").rglob("*.py"),
    ROOT / "zhibiao" / "commands" / "extract.py",
]

PASSING = (SoftTimeLimitExceeded, TimeLimitExceeded, MemoryError)

# module, function -> why it may catch them
KEEPS = {
    ("worker.attempts", "_count_and_read"): "the attempt is noted with what ended it, and made again",
    ("worker.tasks", "read_report"): "the task is tried again",
    ("worker.readers.apart", "_told"): "it goes to the worker's process as it is, and is raised there",
    ("worker.readers.apart", "_pickled"): "what cannot be pickled is told in words",
    ("worker.readers.pdf", "write"): "it is raised as soon as the C code that wrote has come back",
    ("worker.readers.foreign", "read"): "full memory is passed on first, and worker.time_limit brings a time limit out",
    ("delivery.relay", "_deliver"): "no report is read there; the event is not acknowledged, and delivered again",
    ("delivery.relay", "_pass_on_together"): "the same of several events, each of which comes again by itself",
}

# Loaded inside functions: the name there -> what it stands for.
DEFERRED = {"pypdfium2": "pypdfium2", "python_calamine": "python_calamine", "pdfplumber": "pdfplumber"}


def nets(tree: ast.AST, function: str = "") -> Iterator[tuple[str, int, ast.expr | None, bool]]:
    """Function, line, what is caught (None: all) and whether it is raised again, for each net."""
    for node in ast.iter_child_nodes(tree):
        inside = node.name if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else function
        if isinstance(node, ast.ExceptHandler):
            last = node.body[-1]
            yield inside, node.lineno, node.type, isinstance(last, ast.Raise) and last.exc is None
        elif isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "suppress":
            kinds = ast.Tuple([*node.args], ast.Load())
            yield inside, node.lineno, ast.fix_missing_locations(ast.copy_location(kinds, node)), False
        yield from nets(node, inside)


def caught(kinds: ast.expr | None, names: dict[str, Any]) -> list[str]:
    """Which of those that are to pass are caught."""
    if kinds is None:
        return [error.__name__ for error in PASSING]
    found = eval(compile(ast.Expression(kinds), "net", "eval"), names)  # noqa: S307 - our own code
    return [error.__name__ for error in PASSING if issubclass(error, found)]


def wrong_nets(module: str, source: bytes, names: dict[str, Any]) -> Iterator[str]:
    for function, line, kinds, raised_again in nets(ast.parse(source)):
        held = [] if raised_again or (module, function) in KEEPS else caught(kinds, names)
        if held:
            yield f"{module}:{line} in {function or 'the module'} catches {', '.join(held)}"


def names_of(module: str) -> dict[str, Any]:
    from worker.readers import pdf

    return {
        **{name: import_module(library) for name, library in DEFERRED.items()},
        "own": pdf._errors_of_pdfminer(),
        **vars(import_module(module)),
    }


def test_no_net_in_the_reading_of_a_report_holds_a_time_limit_or_full_memory() -> None:
    found = []
    for file in sorted(READING):
        module = ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        found += wrong_nets(module, file.read_bytes(), names_of(module))

    assert found == []


def test_the_exceptions_are_needed() -> None:
    """Each of them catches what is to pass; one that no longer does comes out of the table."""
    for module, function in KEEPS:
        tree = ast.parse((ROOT / f"{module.replace('.', '/')}.py").read_bytes())
        kinds = [kinds for inside, _, kinds, _ in nets(tree) if inside == function]
        assert any(caught(one, names_of(module)) for one in kinds), (module, function)


def test_there_are_nets_to_look_at() -> None:
    assert len([net for file in READING for net in nets(ast.parse(file.read_bytes()))]) > 30


_ALL_THREE = ["SoftTimeLimitExceeded", "TimeLimitExceeded", "MemoryError"]


@pytest.mark.parametrize(
    ("code", "names", "held"),
    [
        ("try:\n    pass\nexcept:\n    pass", {}, _ALL_THREE),
        ("try:\n    pass\nexcept Exception as error:\n    raise ValueError from error", {}, _ALL_THREE),
        ("try:\n    pass\nexcept (KeyError, BaseException):\n    pass", {}, _ALL_THREE),
        ("try:\n    pass\nexcept KINDS:\n    pass", {"KINDS": (KeyError, MemoryError)}, ["MemoryError"]),
        ("import contextlib\nwith contextlib.suppress(KeyError, Exception):\n    pass", {}, _ALL_THREE),
        ("with suppress(*KINDS):\n    pass", {"KINDS": (KeyError, MemoryError)}, ["MemoryError"]),
        ("try:\n    pass\nexcept BaseException:\n    undo = 1\n    raise", {}, []),
        ("try:\n    pass\nexcept (ValueError, OSError, RuntimeError):\n    pass", {}, []),
    ],
)
def test_the_rule_notices_a_wide_net(code: str, names: dict[str, Any], held: list[str]) -> None:
    line = 2 if code.startswith("import") else 1 if code.startswith("with") else 3
    wanted = [f"module:{line} in the module catches {', '.join(held)}"] if held else []

    assert list(wrong_nets("module", code.encode(), names)) == wanted
