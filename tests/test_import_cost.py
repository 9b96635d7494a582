"""Importing a module of ours opens nothing, starts nothing and loads nothing."""

import json
import subprocess
import sys
from pathlib import Path

from tests.modules import ROOT, our_modules

# Runs in a process of its own. An event counts when the innermost module body on the stack is one of ours, and no
# import lies between: then a line of ours, run by an import, opened or started something.
_WATCH = """
import importlib, json, logging, os, sys, threading
import pydantic, pydantic_settings

root, modules = sys.argv[1], sys.argv[2:]
class Warm(pydantic_settings.BaseSettings):  # pydantic looks for its plug-ins when the first model is made
    name: str = ""

found, current = [], ""

def watch(event, arguments):
    if event not in WATCHED:
        return
    frame = sys._getframe(1)
    while frame is not None:
        path = frame.f_code.co_filename
        if path.startswith("<frozen importlib"):
            return
        if frame.f_code.co_name == "<module>":
            if path.startswith(root) and "site-packages" not in path:
                found.append(f"{os.path.relpath(path, root)}:{frame.f_lineno} {event} {arguments[0]!r}")
            return
        frame = frame.f_back

WATCHED = {"open", "os.mkdir", "os.listdir", "os.scandir", "os.remove", "os.rename", "os.fork", "os.posix_spawn",
           "os.system", "subprocess.Popen", "socket.__new__", "socket.connect", "socket.bind", "sqlite3.connect",
           "os.putenv", "fcntl.flock", "tempfile.mkstemp"}
handlers = list(logging.getLogger().handlers)
sys.addaudithook(watch)
for current in modules:
    importlib.import_module(current)
if threading.enumerate() != [threading.main_thread()]:
    found.append(f"threads: {threading.enumerate()}")
if logging.getLogger().handlers != handlers:
    found.append(f"handlers: {logging.getLogger().handlers}")
if "jieba" in sys.modules and sys.modules["jieba"].dt.initialized:
    found.append("jieba's dictionary is loaded")
print(json.dumps(found))
"""


def cost_of_importing(root: Path, modules: list[str], cwd: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", _WATCH, str(root), *modules],
        check=True,
        cwd=cwd,
        env={"PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=600,
    )
    return list(json.loads(done.stdout))


def test_importing_any_module_costs_nothing(tmp_path: Path) -> None:
    """No file is opened, no socket, thread or process started, no dictionary loaded, no log handler set."""
    modules = [module for module in our_modules() if not module.endswith(".__main__")]  # to import that is to run it

    assert cost_of_importing(ROOT, modules, tmp_path) == []


#: Each code alone in a module of its own, and what is said of it.
COSTLY = {
    "file": ("open(__file__).close()", "file.py:1 open "),
    "internet": ("import socket\nsocket.socket().close()", "internet.py:2 socket.__new__ "),
    "program": ("import subprocess\nsubprocess.run(['true'])", "program.py:2 subprocess.Popen "),
    "thread": ("import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()", "threads: "),
    "handler": ("import logging\nlogging.basicConfig()", "handlers: "),
    "inside": ("class A:\n    text = open(__file__).read()", "inside.py:1 open "),
}


def test_a_costly_import_is_noticed(tmp_path: Path) -> None:
    for name, (code, _) in COSTLY.items():
        (tmp_path / f"costly_{name}.py").write_text(code)

    found = cost_of_importing(tmp_path, [f"costly_{name}" for name in COSTLY], tmp_path)

    said = [one.removeprefix("costly_") for one in found]
    assert [cost for _, cost in COSTLY.values() if not any(one.startswith(cost) for one in said)] == []
    assert len(said) == len(COSTLY)
