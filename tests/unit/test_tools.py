"""The libraries behind reading, where Python has not compiled them yet."""

import os
import subprocess
import sys
from pathlib import Path

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
