"""The architecture's arrows hold: docs/architecture.md says who may import whom, and this reads the syntax trees."""

import ast
import sys
from collections.abc import Iterator
from fnmatch import fnmatchcase
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.modules import PACKAGES, ROOT, Import, imports_of, our_imports, our_modules

# package -> packages of ours that it may import
ARROWS = {
    "schemas": set(),
    "delivery": {"schemas"},
    "watcher": {"delivery", "schemas"},
    "worker": {"delivery", "schemas"},
    "exports": {"schemas"},
    "panels": {"exports", "schemas"},
    "store": {"exports", "delivery", "schemas"},
    "page": {"store", "panels", "exports", "watcher", "delivery", "schemas"},
    "zhibiao": {"page", "store", "panels", "exports", "watcher", "worker", "delivery", "schemas"},
}

# library -> modules of ours that may import it
KEEPERS = {
    "redis": ("delivery.*",),
    "celery": (
        "delivery.queue",
        "delivery.celery_guard",
        "watcher.sending.broker",
        "worker.app",
        "worker.tasks",
        "worker.health",
        "worker.at_work",
        "worker.pool",
        "worker.last_words",
    ),
    "kombu": ("delivery.queue", "delivery.celery_guard", "worker.app", "worker.tasks", "worker.lease_renewal"),
    "billiard": ("worker.app", "worker.tasks", "worker.attempts", "worker.last_words"),
    "jieba": ("worker.tools",),
    "opencc": ("worker.tools", "page.script"),
    "watchdog": ("watcher.*",),
    "sqlite3": ("watcher.*", "exports.sqlite_file", "store.*"),
    "xlsxwriter": ("exports.xlsx_file",),
    "duckdb": ("exports.parquet_file",),
    "click": ("zhibiao.*",),
    "rich": ("zhibiao.*",),
    "starlette": ("page.*",),
    "uvicorn": ("page.serving",),
    "python_multipart": ("page.intake.uploads",),
    "jinja2": ("page.rendering",),
}

# The worker from the inside out; a module may import its own layer and those before it.
PACKAGE, FOUNDATION, PARTS, TOOLS, STAGES, PIPELINE, EDGE = range(7)
LAYERS = {
    "errors": FOUNDATION,
    "edits": FOUNDATION,
    "facts": FOUNDATION,
    "patterns": FOUNDATION,
    "once": FOUNDATION,
    "parts": FOUNDATION,
    "figure": FOUNDATION,
    "draft": FOUNDATION,
    "tools": TOOLS,
    "stages": STAGES,
    "report_writer": PIPELINE,
    "reading_writer": PIPELINE,
    "pipeline": PIPELINE,
}  # any other package is PARTS, any other module EDGE

# The rooms of a package from the inside out, and modules beside them that they need: each may import itself and what
# stands before it. Modules that are not named stand last.
ROOMS = {
    "watcher": (
        "settings",
        "running",
        "seeing",
        "ledger",
        "taking",
        "filing",
        "asking",
        "sending",
        "restoring",
        "risks",
        "health",
        "telemetry",
        "active",
    ),
    "zhibiao": (
        "settings",
        "wording",
        "terminal",
        "exits",
        "since",
        "board",
        "running",
        "checks",
        "commands",
        "calling",
    ),
    "worker.extract": ("language", "numbers", "time", "kinds", "sentence", "fields", "tables"),
}
MOST_FILES_BESIDE = 10

# What the page may ask of the watcher: where files are and why one failed, whether its ledger can be read, which names are left alone, how a file comes
# into a folder without following links, and the way back from quarantine. It has them from the one place that knows.
ASKED_BY_THE_PAGE = {
    "watcher.settings",
    "watcher.running.in_chinese",
    "watcher.whereabouts",
    "watcher.filing.put_back",
    "watcher.running.damage",
    "watcher.seeing.below_root",
    "watcher.seeing.ignored",
}

# What of the core touches the world all the same, and why.
EXCEPTIONS = {
    ("worker.facts", "importlib"): "reads the package's data files, once a process",
    ("worker.tools", "logging"): "keeps jieba quiet",
    ("worker.tools", "sys"): "loads jieba without a library that it can do without",
    ("worker.extract.language.words", "pathlib"): "reads the package's data files, once a process",
    ("worker.stages.decode", "importlib"): "loads the reader of a format when its first file comes",
    ("worker.readers.pdf", "logging"): "keeps pdfminer quiet",
    **dict.fromkeys(
        [("worker.readers.apart", name) for name in ("os", "signal", "sys", "threading")],
        "libraries that are no Python read in a process of their own, which they may end",
    ),
    **dict.fromkeys(
        [("worker.readers.office", name) for name in ("os", "shutil", "signal", "subprocess", "tempfile", "pathlib")],
        "legacy formats are read through LibreOffice, a program of its own",
    ),
}

READERS_OF_FILES = {module for module, library in EXCEPTIONS if library in ("importlib", "pathlib")}

TOUCHES_THE_WORLD = {
    *("asyncio", "glob", "http", "importlib", "logging", "multiprocessing", "os", "pathlib", "random", "secrets"),
    *("shutil", "signal", "socket", "ssl", "structlog", "subprocess", "sys", "tempfile", "threading", "time", "urllib"),
    *("uuid", "prometheus_client", "pydantic_settings"),
}
IN_MEMORY = {"BytesIO", "StringIO"}
ASKS_THE_CLOCK = {"now", "today", "utcnow"}


def layer_of(module: str) -> int:
    """Layer of a module of the worker."""
    _, _, below = module.partition(".")
    name = below.split(".")[0]
    if not name:
        return PACKAGE
    return LAYERS.get(name, PARTS if (ROOT / "worker" / name).is_dir() else EDGE)


def is_pure(module: str) -> bool:
    return module.split(".")[0] == "worker" and FOUNDATION <= layer_of(module) <= PIPELINE


def against_the_arrows(found: Import) -> bool:
    by = found.by.split(".")[0]
    return found.top in ARROWS and found.top != by and found.top not in ARROWS[by]


def against_the_keepers(found: Import) -> bool:
    return found.top in KEEPERS and not any(fnmatchcase(found.by, keeper) for keeper in KEEPERS[found.top])


def against_the_layers(found: Import, modules: dict[str, Path]) -> bool:
    inside = found.by.split(".")[0] == found.top == "worker"
    return inside and layer_of(found.target(modules)) > layer_of(found.by)


def room_of(module: str, package: str) -> int:
    """Place of a module in the order of its package; the package itself stands first."""
    name = module.removeprefix(package).strip(".").split(".")[0]
    rooms = ("", *ROOMS[package])
    return rooms.index(name) if name in rooms else len(rooms)


def against_the_rooms(found: Import, modules: dict[str, Path]) -> bool:
    target = found.target(modules)
    return any(
        f"{found.by}.".startswith(f"{package}.")
        and f"{target}.".startswith(f"{package}.")
        and room_of(target, package) > room_of(found.by, package)
        for package in ROOMS
    )


def impure(found: Import) -> bool:
    io = found.module == "io" and found.name not in {"", *IN_MEMORY}
    return is_pure(found.by) and (io or found.top in TOUCHES_THE_WORLD)


def named(imports: Iterator[Import]) -> list[str]:
    return [str(found) for found in imports]


def test_every_package_has_its_arrows() -> None:
    assert set(ARROWS) == set(PACKAGES)


def test_packages_import_along_the_arrows_only() -> None:
    assert named(found for found in our_imports() if against_the_arrows(found)) == []


def test_the_page_asks_the_watcher_no_more_than_it_may() -> None:
    asked = {
        found.target(our_modules())
        for found in our_imports()
        if found.by.startswith("page.") and found.top == "watcher"
    }

    assert asked <= ASKED_BY_THE_PAGE


def test_schemas_need_nothing_but_pydantic() -> None:
    allowed = {"pydantic", "schemas", *sys.stdlib_module_names}

    assert named(found for found in our_imports() if found.by.startswith("schemas") and found.top not in allowed) == []


def test_each_library_has_its_keepers() -> None:
    """What touches Redis, Celery, SQLite or the dictionaries is found in one place."""
    assert named(found for found in our_imports() if against_the_keepers(found)) == []


def test_worker_imports_inwards_only() -> None:
    assert named(found for found in our_imports() if against_the_layers(found, our_modules())) == []


def test_rooms_of_a_package_import_inwards_only() -> None:
    """Importing while a function runs counts, too: nothing in a room needs one that stands after it."""
    assert named(found for found in our_imports() if against_the_rooms(found, our_modules())) == []


@pytest.mark.parametrize("package", ROOMS)
def test_every_room_has_its_place(package: str) -> None:
    """A new sub-package is given one, and a name in the order is of something that there is."""
    folder = ROOT / Path(*package.split("."))
    below = {file.parent.name for file in folder.glob("*/__init__.py")}
    beside = {file.stem for file in folder.glob("[a-z]*.py")}

    assert below <= set(ROOMS[package]) <= below | beside


@pytest.mark.parametrize("package", ROOMS)
def test_few_files_lie_beside_the_rooms(package: str) -> None:
    """What is more than this wants a room."""
    assert len([file for file in (ROOT / Path(*package.split("."))).iterdir() if file.is_file()]) <= MOST_FILES_BESIDE


def test_nothing_imports_in_a_circle() -> None:
    """Importing while a function runs is left aside: it is how a part for one system only is chosen."""
    graph: dict[str, set[str]] = {module: set() for module in our_modules()}
    for found in our_imports():
        target = found.target(our_modules())
        # A module imports its own package by being in it; that is no arrow.
        if target in our_modules() and not found.deferred and not found.by.startswith(f"{target}."):
            graph[found.by].add(target)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(reversed(error.args[1])))


def test_core_of_the_worker_imports_nothing_that_touches_the_world() -> None:
    """Bytes in, values out: no disk, clock, queue, log, thread or chance."""
    found = [found for found in our_imports() if impure(found)]

    assert named(one for one in found if (one.by, one.top) not in EXCEPTIONS) == []
    assert {(one.by, one.top) for one in found} >= EXCEPTIONS.keys(), "an exception that is no longer needed"


def worldly_calls(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            match node.func:
                case ast.Name(id="open" | "print" | "input" | "breakpoint" as name):
                    yield node.lineno, name
                case ast.Attribute(value=ast.Name(id="datetime" | "date"), attr=name) if name in ASKS_THE_CLOCK:
                    yield node.lineno, name
                case ast.Attribute(value=ast.Name(id="io"), attr=name) if name not in IN_MEMORY:
                    yield node.lineno, f"io.{name}"
                case ast.Attribute(attr="read_text" | "read_bytes" | "write_text" | "write_bytes" as name):
                    yield node.lineno, name


def test_core_of_the_worker_calls_nothing_that_touches_the_world() -> None:
    found = [
        f"{module}:{line} calls {name}()"
        for module, file in our_modules().items()
        if is_pure(module) and module not in READERS_OF_FILES
        for line, name in worldly_calls(ast.parse(file.read_bytes()))
    ]

    assert found == []


def test_core_of_the_worker_is_what_it_was_meant_to_be() -> None:
    """The rules above look at the real modules, not at nothing."""
    assert {"worker.pipeline", "worker.edits", "worker.stages.decode", "worker.stages.extract"} <= {
        *filter(is_pure, our_modules())
    }
    assert len(our_modules()) > 30


@pytest.mark.parametrize(
    ("file", "code", "wrong"),
    [
        ("watcher/a.py", "import worker.pipeline", against_the_arrows),
        ("worker/a.py", "from watcher import ledger", against_the_arrows),
        ("schemas/a.py", "def f():\n    from delivery import queue", against_the_arrows),
        ("watcher/a.py", "import redis.exceptions", against_the_keepers),
        ("worker/stages/a.py", "from celery import Celery", against_the_keepers),
        ("worker/stages/a.py", "from io import open", impure),
        ("worker/readers/a.py", "import os.path", impure),
        (
            "worker/stages/a.py",
            "from ..pipeline import read_report",
            lambda found: against_the_layers(found, our_modules()),
        ),
        (
            "worker/extract/time/a.py",
            "from worker.extract.fields.periods import PERIOD",
            lambda found: against_the_rooms(found, our_modules()),
        ),
        (
            "worker/extract/tables/a.py",
            "from worker.extract.prose import figures_of_prose",
            lambda found: against_the_rooms(found, our_modules()),
        ),
        ("worker/edits.py", "from worker import stages", lambda found: against_the_layers(found, our_modules())),
        (
            "worker/clean/a.py",
            "from worker.stages.clean import clean",
            lambda found: against_the_layers(found, our_modules()),
        ),
        (
            "watcher/ledger/a.py",
            "def f():\n    from watcher.filing import sidecars",
            lambda found: against_the_rooms(found, our_modules()),
        ),
        ("watcher/seeing/a.py", "from watcher import service", lambda found: against_the_rooms(found, our_modules())),
        ("zhibiao/running/a.py", "import zhibiao.commands.up", lambda found: against_the_rooms(found, our_modules())),
    ],
)
def test_rules_notice_a_wrong_import(file: str, code: str, wrong, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / file
    path.parent.mkdir(parents=True)
    path.write_text(code)
    ((module, written),) = our_modules(tmp_path).items()

    assert [wrong(found) for found in imports_of(module, written)] == [True]
