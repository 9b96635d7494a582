"""The libraries behind reading, where Python has not compiled them yet."""

import io
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from worker import tools

LOAD = "from worker.tools import load_tools; load_tools()"


def test_sources_of_others_are_compiled_without_a_word(tmp_path: Path) -> None:
    """As in an image whose installer compiles nothing: no warning on the terminal, none that becomes an error."""
    environ = {
        **os.environ,
        "PYTHONPYCACHEPREFIX": str(tmp_path),
        "PYTHONDONTWRITEBYTECODE": "",
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    command = [sys.executable, "-W", "error", "-c", LOAD]
    loaded = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=False)

    assert (loaded.returncode, loaded.stdout, loaded.stderr) == (0, "", "")
    assert [*tmp_path.rglob("jieba/__init__.*.pyc")], "it was compiled"


def test_the_segmenter_is_given_its_words_and_looks_for_no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of its package, with what they begin with, which is no word; a word that is there twice counts twice in all.

    Where it looked by itself, it would read what any user of the machine may have put into the folder for temporary files.
    """
    monkeypatch.setattr(tools, "_AT_ONCE", 9)
    file = "甲乙丙 3 n\n甲 5 v\n丁戊 7 t\n甲 2 m\n".encode()
    tokenizer = SimpleNamespace(get_dict_file=lambda: io.BytesIO(file))

    assert tools._load_dictionary(tokenizer) == {"甲乙丙": "n", "甲": "m", "丁戊": "t"}
    assert tokenizer.FREQ == {"甲乙丙": 3, "甲乙": 0, "甲": 2, "丁戊": 7, "丁": 0}
    assert (tokenizer.total, tokenizer.initialized) == (17, True)


def test_a_module_is_hidden_while_libraries_are_loaded_and_back_afterwards() -> None:
    """As if it was not installed; one that was not there is not there again."""
    before = sys.modules["io"]
    with tools._without("io"), pytest.raises(ImportError):
        __import__("io")
    assert sys.modules["io"] is before
    with tools._without("no_such_module"):
        assert sys.modules["no_such_module"] is None
    assert "no_such_module" not in sys.modules


def test_tools_are_made_once() -> None:
    made = tools.load_tools()

    assert tools.load_tools() is made
    assert made.jieba.dt.initialized
    assert (made.to_simplified("審計"), made.readers) == ("审计", ())
