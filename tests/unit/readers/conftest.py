"""The writers of test files, as fixtures."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

FIXTURES = Path(__file__).parents[2] / "fixtures"


def _load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"zhibiao_fixture_{name}", FIXTURES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def pdfs() -> ModuleType:
    """The writer of PDF files."""
    return _load("pdf")


@pytest.fixture(scope="session")
def packages() -> ModuleType:
    """The writer of DOCX, XLSX, ODS and OFD files."""
    return _load("packages")
