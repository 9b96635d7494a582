"""Runs the tests in several processes, which are forks of the one that has collected them: ``pytest --forks 5``.

To collect ten thousand tests takes ten seconds of computing, and to import what they import and load its dictionaries is
part of it. Here that is done once. The tests are dealt out by groups, which stand in two pipes: those of whole services,
which wait much, and those of functions, which compute. Some processes begin with the one and some with the other, so that
there is always somebody who computes while others wait. What a test of a process says goes to the first as it ends.
"""

import atexit
import gc
import os
import signal
import struct
import sys
import traceback
import warnings
from collections.abc import Iterator, Sequence
from itertools import groupby
from multiprocessing.connection import Connection, Pipe, wait
from typing import Any

import pytest

from tests import forks

#: Whole services: dealt out by modules, as these share some, and in this order, the longest first. All that look with a
#: browser are one group, which has one browser and one service over the seeds.
WAITING = ("tests/page/", "tests/acceptance/", "tests/faults/", "tests/compose/", "tests/integration/")
_MOST_TOGETHER = 40
_NUMBER = struct.Struct("=H")
_SHARED = ("module", "class", "package")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--forks", type=int, default=0, help="run the tests in so many forks of this process")


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """In the place of pytest's own, where ``--forks`` asks for it."""
    options = session.config.option
    if options.forks < 2 or options.collectonly or session.testsfailed:
        return None
    _run(session, options.forks)
    return True


def groups(items: Sequence[pytest.Item]) -> tuple[list[list[pytest.Item]], list[list[pytest.Item]]]:
    """Those of services and those of functions; every test is in one group, and in the order it had."""
    waiting: list[list[pytest.Item]] = [[]]
    computing: list[list[pytest.Item]] = []
    for path, found in groupby(items, lambda item: item.nodeid.partition("::")[0]):
        module = list(found)
        if path.startswith(WAITING[0]):
            waiting[0] += module
        elif path.startswith(WAITING[1:]):
            waiting.append(module)
        else:
            most = len(module) if any(map(_shares, module)) else _MOST_TOGETHER
            computing += [module[at : at + most] for at in range(0, len(module), most)]
    ranked = sorted(filter(None, waiting), key=lambda group: _rank(group[0].nodeid))
    return ranked, computing


def _rank(name: str) -> int:
    return next(rank for rank, folder in enumerate(WAITING) if name.startswith(folder))


def _shares(item: pytest.Item) -> bool:
    """Whether something is made for the tests of its module together."""
    found: dict[str, Any] = getattr(item, "_fixtureinfo").name2fixturedefs  # noqa: B009 - private
    return any(made.scope in _SHARED and made.argname in item.fixturenames for made, *_ in found.values())  # type: ignore[attr-defined]


class _Dealt:
    """Groups by their numbers, in a pipe that all processes read from."""

    def __init__(self, dealt: list[list[pytest.Item]]) -> None:
        assert len(dealt) * _NUMBER.size < 1 << 16, "they do not fit into a pipe"
        self._dealt = dealt
        self._reads, writes = os.pipe()
        os.write(writes, b"".join(map(_NUMBER.pack, range(len(dealt)))))
        os.close(writes)

    def __iter__(self) -> Iterator[list[pytest.Item]]:
        while said := os.read(self._reads, _NUMBER.size):
            yield self._dealt[_NUMBER.unpack(said)[0]]

    def close(self) -> None:
        os.close(self._reads)


def _run(session: pytest.Session, number: int) -> None:
    config = session.config
    capture = config.pluginmanager.getplugin("capturemanager")
    config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]
    waiting, computing = groups(session.items)
    dealt = [_Dealt(waiting), _Dealt(computing)]
    if waiting:
        forks.begin()
    if capture:
        capture.stop_global_capturing()
    told: dict[Connection, int] = {}
    for place in range(number):
        hears, tells = Pipe(duplex=False)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a library may have threads, which a fork has not
            pid = os.fork()
        if not pid:
            _work(session, place, dealt if place % 2 == 0 else dealt[::-1], tells)
        tells.close()
        told[hears] = pid
    if capture:
        capture.start_global_capturing()
    for one in dealt:
        one.close()
    _hear(session, told)


def _hear(session: pytest.Session, told: dict[Connection, int]) -> None:
    """Hand on what the processes say, until all of them have ended."""
    config, hook = session.config, session.config.hook
    begun: dict[Connection, pytest.Item] = {}
    left = {item.nodeid for item in session.items}
    try:
        while told:
            for hears in wait(list(told)):
                assert isinstance(hears, Connection)
                try:
                    said = hears.recv()
                except EOFError:
                    _, status = os.waitpid(told.pop(hears), 0)
                    if hears in begun or status:
                        item = begun.get(hears, session.items[0])
                        left.discard(item.nodeid)
                        _fail(session, item, f"a process of the tests ended with {status}")
                    continue
                if isinstance(said, int):
                    item = begun[hears] = session.items[said]
                    hook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
                elif isinstance(said, str):
                    _fail(session, session.items[0], said)
                else:
                    item = begun.pop(hears)
                    left.discard(item.nodeid)
                    for data in said:
                        report = hook.pytest_report_from_serializable(config=config, data=data)
                        hook.pytest_runtest_logreport(report=report)
                    hook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
            if session.shouldfail:
                raise session.Failed(session.shouldfail)
            if session.shouldstop:
                raise session.Interrupted(session.shouldstop)
    finally:
        for pid in told.values():
            os.kill(pid, signal.SIGINT)
        for pid in told.values():
            os.waitpid(pid, 0)
    if left:
        _fail(session, session.items[0], f"{len(left)} tests were not run, one of them {min(left)}")


def _fail(session: pytest.Session, item: pytest.Item, why: str) -> None:
    report = pytest.TestReport(item.nodeid, item.location, {}, "failed", why, "call")
    session.config.hook.pytest_runtest_logreport(report=report)


class _Teller:
    """Keeps what the tests say in their process, and sends it."""

    def __init__(self, config: pytest.Config, tells: Connection) -> None:
        self._config, self._tells = config, tells
        self._said: list[Any] = []

    @pytest.hookimpl
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._said.append(self._config.hook.pytest_report_to_serializable(config=self._config, report=report))

    def ended(self) -> None:
        """Send what was said of a test."""
        self._tells.send(self._said)
        self._said = []


def _work(session: pytest.Session, place: int, dealt: Sequence[_Dealt], tells: Connection) -> None:
    """In the fork: run groups for as long as there are some; never comes back."""
    status = 1
    try:
        _begin(session.config, place)
        teller = _Teller(session.config, tells)
        session.config.pluginmanager.register(teller)
        numbers = {item: number for number, item in enumerate(session.items)}
        state = session._setupstate
        try:
            for group in (group for some in dealt for group in some):
                for item, following in zip(group, [*group[1:], session], strict=True):
                    tells.send(numbers[item])
                    session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
                    teller.ended()
        finally:
            state.teardown_exact(None)
            gc.collect()
            session.config._ensure_unconfigure()
        status = 0
    except KeyboardInterrupt:
        pass
    except BaseException:
        tells.send(traceback.format_exc())
    finally:
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _begin(config: pytest.Config, place: int) -> None:
    """Be a process of its own: silent, and with folders that no other has."""
    plugins = config.pluginmanager
    plugins.unregister(plugins.getplugin("terminalreporter"))
    with open(os.devnull, "r+b") as nothing:
        os.dup2(nothing.fileno(), 0)
    if capture := plugins.getplugin("capturemanager"):
        capture.start_global_capturing()
    factory = config._tmp_path_factory  # type: ignore[attr-defined]
    forks.branch()
    factory._basetemp = factory.mktemp(f"fork{place}", numbered=False)
