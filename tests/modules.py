"""Our modules, and what each imports, read from their syntax trees."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("schemas", "delivery", "watcher", "worker", "exports", "panels", "store", "page", "zhibiao")


@dataclass(frozen=True)
class Import:
    """``line`` of module ``by`` imports ``name`` from ``module`` (``name`` is empty for a plain import)."""

    by: str
    line: int
    module: str
    name: str = ""
    deferred: bool = False  # inside a function

    def __str__(self) -> str:
        return f"{self.by}:{self.line} imports {self.module}" + (f".{self.name}" if self.name else "")

    @property
    def top(self) -> str:
        return self.module.split(".")[0]

    def target(self, modules: dict[str, Path]) -> str:
        """The module of ours that it leads to."""
        inner = f"{self.module}.{self.name}"
        return inner if inner in modules else self.module


@cache
def our_modules(root: Path = ROOT) -> dict[str, Path]:
    """The file of each."""
    files = sorted(file for package in PACKAGES for file in (root / package).rglob("*.py"))
    return {_module_name(file.relative_to(root)): file for file in files}


def _module_name(file: Path) -> str:
    parts = file.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def our_imports() -> tuple[Import, ...]:
    """All of them. Reading takes seconds, so it is done once, and only where a test asks."""
    return tuple(found for module, file in our_modules().items() for found in imports_of(module, file))


def imports_of(module: str, file: Path) -> Iterator[Import]:
    """Those of one module, in no order."""
    for node, deferred in _statements(ast.parse(file.read_bytes(), str(file))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(module, node.lineno, alias.name, deferred=deferred)
        elif isinstance(node, ast.ImportFrom):
            package = module.split(".") if file.name == "__init__.py" else module.split(".")[:-1]
            above = package[: len(package) - node.level + 1] if node.level else []
            source = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                yield Import(module, node.lineno, source, alias.name, deferred)


def _statements(tree: ast.AST, *, deferred: bool = False) -> Iterator[tuple[ast.AST, bool]]:
    for node in ast.iter_child_nodes(tree):
        yield node, deferred
        yield from _statements(node, deferred=deferred or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
