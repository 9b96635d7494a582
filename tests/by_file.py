"""With ``--by-file`` each of several processes looks only into the files of tests that it runs.

Otherwise every process imports every file and makes every test, to know the tests by their number, and runs a few of them:
that takes longer than most of what is run. Here a file is what is handed out, and its tests are made where they are run.
What is told of them is the same, but for the time before and after a test where all was well and quick.
"""

import gc
from collections.abc import Generator, Sequence
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

#: What is before and after a test is told where it took as long, as it may be among the slowest.
TOLD_S = 0.1
#: Marks files that are run by one process, as they share a service and a browser.
TOGETHER = "page"
#: Folders of tests that start programs and wait for them, and so take longest.
LONG = ("tests/acceptance/", "tests/faults/", "tests/golden/", "tests/integration/")
#: That many processes of several begin with what does not wait. It computes all the time, and is kept for the end: what
#: waits leaves a processor idle as soon as nothing else is left.
OF_SHORT = 1


class WholeFile(pytest.Item):
    """A file with its tests, which are not known yet."""

    def __init__(self, *, within: Sequence[pytest.Collector], **settings: Any) -> None:
        super().__init__(nodeid=within[0].nodeid, path=within[0].path, **settings)
        self.within = within

    def runtest(self) -> None:
        raise NotImplementedError("its tests are run instead")


def dealt(files: Sequence[pytest.Item], processes: int) -> list[pytest.Item]:
    """An equal number for each process, one's after the other's; what takes long first, so that at the end no one waits.

    Each process that is given what starts programs needs servers of its own for it, so not all of them are.
    """
    together = [file for file in files if file.get_closest_marker(TOGETHER)]
    others = [file for file in files if file not in together]
    long = [file for file in others if file.nodeid.startswith(LONG)]
    short = [file for file in others if file not in long]
    of_long = max(1, processes - OF_SHORT)
    piles = [long[number::of_long] for number in range(of_long)] + [[] for _ in range(processes - of_long)]
    piles[0] = together + piles[0]
    for number, pile in enumerate(piles):
        lacking = max(0, (len(files) + number) // processes - len(pile))
        pile += short[:lacking]
        del short[:lacking]
    return [file for pile in [*piles, short] for file in pile]


class ByFile:
    """What one of the processes does."""

    def __init__(self, processes: int) -> None:
        self._processes = processes
        self._is_within = False

    @pytest.hookimpl(wrapper=True)
    def pytest_collect_file(self, parent: pytest.Collector) -> Generator[None, list[Any], list[Any]]:
        within = yield
        return [WholeFile.from_parent(parent, name=within[0].path.name, within=within)] if within else []

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> Generator[None]:
        """Marks and words choose tests, and never a file."""
        files = list(items)
        yield
        if not self._is_within:
            items[:] = dealt(files, self._processes)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> bool:
        if isinstance(item, WholeFile):
            self._run(item, nextitem)
        else:
            for report in runtestprotocol(item, log=False, nextitem=nextitem):
                if report.when == "call" or not report.passed or report.duration > TOLD_S:
                    item.ihook.pytest_runtest_logreport(report=report)
        return True

    def _run(self, whole: WholeFile, nextitem: pytest.Item | None) -> None:
        session = whole.session
        place = session.items.index(whole)  # what is told of a test is looked for there
        tests = self._look_into(whole)
        if not tests:  # what the file before it has left for this one goes
            session._setupstate.teardown_exact(nextitem)
        try:
            for test, following in zip(tests, [*tests[1:], nextitem], strict=False):
                session.items[place] = test
                test.config.hook.pytest_runtest_protocol(item=test, nextitem=following)
                if session.shouldfail or session.shouldstop:
                    break
        finally:
            session.items[place] = whole

    def _look_into(self, whole: WholeFile) -> list[pytest.Item]:
        gc.disable()
        self._is_within = True
        try:
            tests = [test for one in whole.within for test in whole.session.genitems(one)]
            whole.config.hook.pytest_collection_modifyitems(session=whole.session, config=whole.config, items=tests)
            return tests
        finally:
            self._is_within = False
            gc.enable()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--by-file", action="store_true", help="each of several processes looks into the files it runs only"
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("by_file") and hasattr(config, "workerinput"):
        config.pluginmanager.register(ByFile(config.workerinput["workercount"]))
