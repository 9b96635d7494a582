"""How many small faults do the tests notice? ``python -m benchmarks.mutants --seed 1 [--number 20] [--seconds 3600]``.

Draws single faults at random, puts each into a copy of the tree and runs the tests that can see its package until one
fails. Prints a line for each as it ends, with the test that noticed it, and every fault that none noticed as a diff; then
the share that was noticed for each package. The operator is drawn before the file and the file before the place, so that
rare kinds and small files come as often as others. The same seed draws the same faults of the same tree.

A test that runs into its time limit has noticed the fault, but may have done so because the machine was busy: it is
counted and told apart. A test that starts programs and waits for them must fail twice, or the fault counts as unnoticed.

Faults that change nothing that anybody could see are listed in ``benchmarks/equivalents.toml``, each with its reason, and
words of the data files in ``tests/cases/unneeded_words.toml``; they are drawn like others, not run, and counted apart. A row of it that is no fault of this tree stops the run.

Left out are the tests of how work grows, which take long and look at nothing else, and the list of the data files' words,
which notices every deletion and says nothing of whether a report is read otherwise. Nothing is asked of reports that are
not in the tree, so that everybody gets the same shares.
"""

import argparse
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from difflib import unified_diff
from functools import cache
from itertools import zip_longest
from pathlib import Path

from benchmarks.annotated import ROOT
from benchmarks.idle_words import lacks_idle_words_alone
from benchmarks.mutations import Mutation, is_fault, mutations_of

SUFFIXES = (".py", ".toml", ".lua")
WORDS = ("tests/golden", "tests/unit/words", "tests/unit/extract", "tests/unit/clean", "tests/unit/structure")
FIELDS = (
    *("tests/unit/relations", "tests/unit/confidence", "tests/unit/linking"),
    *("tests/unit/test_rules_scored.py", "tests/test_docs.py"),
)
EXPORTING = tuple(f"tests/unit/zhibiao/test_{name}.py" for name in ("export", "review", "view", "cli"))
ROOMS = tuple(
    f"tests/unit/page/test_{name}.py" for name in ("panel_room", "figures_room", "compare_room", "other_rooms")
)
#: Takes long, and looks at nothing but names of places.
NO_GAZETTEER = "--ignore=tests/unit/structure/test_every_place.py"
READING = (*WORDS, NO_GAZETTEER)
FIGURES = (*READING, *FIELDS)
#: Package -> the tests that can see it, those that notice most first: these run by themselves, as most faults are noticed
#: before the others would have been collected. Its own doctests come last.
PACKAGES: dict[str, tuple[str, ...]] = {
    "worker/extract": FIGURES,
    "worker/data": (*WORDS, *FIELDS, "tests/unit/readers", "tests/unit/test_catalogue.py"),
    "worker/structure": (*WORDS, *FIELDS),
    "worker/clean": ("tests/unit/clean", *READING),
    "worker/readers": ("tests/unit/readers", *READING),
    "worker/relations": ("tests/unit/relations", *FIGURES),
    "worker/linking": ("tests/unit/linking", "tests/unit/test_catalogue.py", *FIGURES),
    "worker/confidence": ("tests/unit/confidence", *FIGURES),
    "worker/stages": FIGURES,
    "worker/recognition": ("tests/unit/recognition", *FIGURES),
    "worker": (
        *("tests/unit/worker_runtime", "tests/unit/test_edits.py", "tests/unit/test_patterns.py", *FIGURES),
        *("tests/unit/test_tools.py", "tests/integration/test_worker.py"),
    ),
    "watcher": (
        *("tests/unit/watcher", "tests/integration/test_watcher.py", "tests/integration/test_watcher_faults.py"),
        *("tests/integration/test_watcher_observers.py", "tests/integration/test_watcher_recovery.py"),
        *("tests/integration/test_status_answers.py", "tests/integration/test_risks.py"),
    ),
    "delivery": (
        *(
            "tests/unit/delivery",
            "tests/unit/zhibiao/test_settings.py",
            "tests/integration/test_delivery.py",
            "tests/integration/test_worker.py",
        ),
        *("tests/integration/test_relay.py", "tests/integration/test_relay_order.py"),
        *("tests/integration/test_watcher.py", "tests/faults/test_stream_readers.py"),
    ),
    "store": ("tests/unit/store", *ROOMS, "tests/unit/zhibiao/test_export.py", "tests/integration/test_store_live.py"),
    "panels": ("tests/unit/panels", *(f"tests/unit/zhibiao/test_{name}.py" for name in ("panel", "review")), *ROOMS),
    "exports": ("tests/unit/exports", *EXPORTING, "tests/unit/panels", "tests/unit/store", *ROOMS),
    "page": ("tests/unit/page", "tests/test_two_languages.py"),
    "schemas": ("tests/unit/schemas", "tests/golden", "tests/unit/extract/test_rows.py", "tests/unit/zhibiao"),
    "zhibiao": (
        *("tests/unit/zhibiao", "tests/unit/panels", "tests/unit/watcher/test_status.py", "tests/test_docs.py"),
        *("tests/integration/test_embedded.py", "tests/integration/test_status_answers.py", "tests/acceptance"),
    ),
}
#: Rules of the whole tree, which are read off the syntax trees at once.
EVERYWHERE = ("tests/unit/test_values.py", "tests/test_errors.py")
#: Tests that start programs and wait for them: a busy machine alone may make one fail.
WAITING = ("tests/integration", "tests/faults", "tests/acceptance")
OPTIONS = (
    *("-x", "-q", "--tb=no", "-rfE", "-p", "no:cacheprovider", "--hypothesis-seed=0", "--timeout=300"),
    *("-m", "not faults and not compose and not growth", "-k", "not test_every_word_is_still_there"),
)
#: Reports that not everybody has are not read; what is compiled is kept, as to compile it takes longer than many a test.
UNSET = ("ZHIBIAO_REPORTS", "PYTHONDONTWRITEBYTECODE")
#: How pytest ends that was given nothing but what it has run before.
_NO_TESTS = 5
LIMIT_S = 2400
STOP_S = 60
NOTICED, TIMED_OUT, UNNOTICED, SAME, NOT_RUN = "noticed", "timed out", "unnoticed", "equivalent", "not run"
COPIED = (
    *("schemas", "delivery", "watcher", "worker", "exports", "panels", "store", "page", "zhibiao"),
    *("tests", "benchmarks", "seeds", "docs", "examples", "docker", "monitoring", ".ci", ".github"),
)


@dataclass(frozen=True)
class Mutant:
    """A fault in a file of a package; ``path`` is below the tree's root."""

    package: str
    path: Path
    mutation: Mutation

    def diff(self, text: str) -> str:
        """What it changes."""
        before, after = (source.splitlines() for source in (text, self.mutation.apply(text)))
        return "\n".join(unified_diff(before, after, str(self.path), self.mutation.operator, n=2, lineterm=""))

    def lines(self, text: str) -> tuple[str, str]:
        """The changed lines before and after, without the spaces around each."""
        lines = self.diff(text).split("\n")[2:]
        gone, come = (" ".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+")
        return gone, come

    def is_equivalent(self, text: str) -> bool:
        """Whether it is listed as one that changes nothing, or takes such a word away."""
        is_word = self.mutation.operator == "word" and lacks_idle_words_alone(
            self.path, text, self.mutation.apply(text)
        )
        return is_word or (str(self.path), *self.lines(text)) in equivalents()


@cache
def equivalents() -> frozenset[tuple[str, str, str]]:
    """The faults that nobody can see: the file, its lines before and after, without the spaces around each."""
    rows = tomllib.loads((ROOT / "benchmarks" / "equivalents.toml").read_text("utf-8"))["fault"]
    return frozenset((row["file"], row["before"], row["after"]) for row in rows)


def files_of(package: str, root: Path = ROOT) -> list[Path]:
    """The files of a package with those below it, but for what is a package of its own in :data:`PACKAGES`."""
    inner = [root / other for other in PACKAGES if other.startswith(f"{package}/")]
    return [
        path.relative_to(root)
        for path in sorted((root / package).rglob("*"))
        if path.suffix in SUFFIXES and not any(path.is_relative_to(other) for other in inner)
    ]


def drawn(package: str, number: int, seed: int, root: Path = ROOT) -> list[Mutant]:
    """So many different mutants of a package, or all where there are fewer."""
    pools: dict[str, dict[Path, list[Mutant]]] = {}
    for path in files_of(package, root):
        for mutation in mutations_of((root / path).read_text("utf-8"), path.suffix):
            pools.setdefault(mutation.operator, {}).setdefault(path, []).append(Mutant(package, path, mutation))
    chance = random.Random(f"{seed} {package}")
    found: list[Mutant] = []
    while pools and len(found) < number:
        operator = chance.choice(sorted(pools))
        path = chance.choice(sorted(pools[operator]))
        mutants = pools[operator][path]
        mutant = mutants.pop(chance.randrange(len(mutants)))
        if not mutants:
            del pools[operator][path]
        if not pools[operator]:
            del pools[operator]
        if is_fault((root / path).read_text("utf-8"), mutant.mutation, path.suffix):
            found.append(mutant)
    return found


def stale(root: Path = ROOT) -> list[str]:
    """The rows of equivalents that are no fault of this tree: file and line before."""
    return [
        f"{file}: {before}" for file, before, after in sorted(equivalents()) if not is_made(root, file, before, after)
    ]


def is_made(root: Path, file: str, before: str, after: str) -> bool:
    """Whether the mutator makes this fault; only places in a line of ``before`` are tried, as a diff takes long."""
    path = Path(file)
    if not (root / path).is_file():
        return False
    text = (root / path).read_text("utf-8")
    for mutation in mutations_of(text, path.suffix):
        start = text.rfind("\n", 0, mutation.start) + 1
        near = text[start:].partition("\n")[0].strip() in before
        if near and Mutant("", path, mutation).lines(text) == (before, after):
            return True
    return False


@dataclass(frozen=True)
class Verdict:
    """What came of a mutant: one of the outcomes above, by which test, after how many seconds."""

    outcome: str
    test: str = ""
    took_s: float = 0


def copy(root: Path, to: Path) -> None:
    """Copy what the tests need of a tree, with the compiled modules."""
    for path in root.iterdir():
        if path.name in COPIED:
            shutil.copytree(path, to / path.name)
        elif path.is_file() and path.name != ".git":
            shutil.copy2(path, to)


def arguments_for(packages: Sequence[str]) -> list[str]:
    """What pytest is to run for faults in these packages, each once, in order; the rules of the whole tree come second."""
    seen = [test for package in packages for test in (*PACKAGES[package], package)]
    chosen = [seen[0], *EVERYWHERE, *seen[1:]]
    needs_gazetteer = any(NO_GAZETTEER not in PACKAGES[one] and set(WORDS) <= {*PACKAGES[one]} for one in packages)
    return [test for test in dict.fromkeys(chosen) if not (needs_gazetteer and test == NO_GAZETTEER)]


def nearest(path: Path, root: Path = ROOT) -> list[str]:
    """The unit tests that name a module: they notice most of its faults, and are collected in a second."""
    package, name = ".".join(path.parent.parts), path.stem
    named = re.compile(rf"\b{re.escape(package)}(?:\.{name}\b| import (?:\w+, )*{name}\b)")
    tests = sorted((root / "tests" / "unit").rglob("test_*.py")) if path.suffix == ".py" else []
    return [str(test.relative_to(root)) for test in tests if named.search(test.read_text("utf-8"))]


def run_of(tree: Path, tests: Sequence[str], limit_s: float | None = LIMIT_S) -> Verdict:
    """The first of the tests that fails in a tree, if one does; ``limit_s`` is for all of them."""
    environ = {name: value for name, value in os.environ.items() if name not in UNSET} | {"PYTHONPATH": str(tree)}
    began = time.monotonic()
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
        with subprocess.Popen(
            [sys.executable, "-m", "pytest", *OPTIONS, *tests],
            cwd=tree, env=environ, stdout=output, stderr=subprocess.STDOUT,
        ) as run:  # fmt: skip
            try:
                code = run.wait(limit_s)
            except subprocess.TimeoutExpired:
                stop(run)
                return Verdict(TIMED_OUT, "all of them", time.monotonic() - began)
        output.seek(0)
        return verdict(code, output.read(), time.monotonic() - began)


def stop(run: subprocess.Popen[bytes]) -> None:
    """End it so that it stops what it has started; by force where it does not."""
    run.send_signal(signal.SIGINT)
    try:
        run.wait(STOP_S)
    except subprocess.TimeoutExpired:
        run.kill()


def verdict(code: int, output: str, took_s: float) -> Verdict:
    """What a run of pytest says, by its exit code and its summary."""
    if code in (0, _NO_TESTS):
        return Verdict(UNNOTICED, "", took_s)
    lines = [line for line in output.splitlines() if line.startswith(("FAILED ", "ERROR "))]
    test, _, why = (lines[0] if lines else f"ERROR pytest (exit code {code})").partition(" ")[2].partition(" - ")
    return Verdict(TIMED_OUT if "from pytest-timeout" in why else NOTICED, test, took_s)


def judged(root: Path, mutant: Mutant) -> Verdict:
    """What the tests say of a copy of the tree with the mutant in it."""
    text = (root / mutant.path).read_text("utf-8")
    with tempfile.TemporaryDirectory(prefix="zhibiao-mutant-") as folder:
        tree = Path(folder)
        copy(root, tree)
        (tree / mutant.path).write_text(mutant.mutation.apply(text), "utf-8")
        for compiled in (tree / mutant.path.parent / "__pycache__").glob(f"{mutant.path.stem}.*"):
            compiled.unlink()
        first, *others = arguments_for([mutant.package])
        near = nearest(mutant.path, root)
        passed = [f"--ignore={test}" for test in near]
        found = Verdict(UNNOTICED)
        for tests in filter(None, (near, [first, *passed], [*others, *passed])):
            step = run_of(tree, tests)
            found = replace(step, took_s=found.took_s + step.took_s)
            if found.outcome != UNNOTICED:
                break
        if found.test.startswith(WAITING) and run_of(tree, [found.test]).outcome == UNNOTICED:
            return Verdict(UNNOTICED, f"{found.test}, once of two times", found.took_s)
        return found


@cache
def passes(root: Path, test: str) -> bool:
    """Whether a test passes without any fault, with all its rows: one may be called by what a fault has changed."""
    return run_of(root, [test.partition("[")[0]]).outcome == UNNOTICED


def confirmed(root: Path, found: Verdict) -> Verdict:
    """A verdict that does not count a test which fails whatever is put into the tree."""
    if found.outcome != NOTICED or "::" not in found.test or passes(root, found.test):
        return found
    return replace(found, outcome=UNNOTICED, test=f"{found.test}, which fails without any fault")


def results(
    root: Path, packages: Sequence[str], number: int, seed: int, until: float, jobs: int, *, is_checked: bool = True
) -> Iterator[tuple[Mutant, Verdict]]:
    """The mutants with what came of them, each as soon as it has ended; none is begun any more once nobody asks.

    Each package has its turn with one, so that as many of each have ended when time is over. Where the tests were not run
    without a fault before, ``is_checked`` is False, and each that notices one is run so.
    """

    def ended(mutant: Mutant) -> Verdict:
        if mutant.is_equivalent((root / mutant.path).read_text("utf-8")):
            return Verdict(SAME)
        if time.monotonic() >= until:
            return Verdict(NOT_RUN)
        return judged(root, mutant) if is_checked else confirmed(root, judged(root, mutant))

    rows = zip_longest(*(drawn(package, number, seed, root) for package in packages))
    mutants = [mutant for row in rows for mutant in row if mutant]
    pool = ThreadPoolExecutor(jobs)
    try:
        running = {pool.submit(ended, mutant): mutant for mutant in mutants}
        for future in as_completed(running):
            yield running[future], future.result()
    finally:
        pool.shutdown(cancel_futures=True)


def main() -> int:
    """Print survivors and scores; 1 where a test fails without any fault, or an equivalent is none any more."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--number", type=int, default=20, help="mutants of each package")
    parser.add_argument("--packages", nargs="*", default=list(PACKAGES), choices=list(PACKAGES), metavar="PACKAGE")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="begin no further mutant after so long")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--unchecked", action="store_true", help="run without a fault only the tests that notice one")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="zhibiao-mutants-") as folder:
        root = Path(folder)
        copy(ROOT, root)  # whoever works on the tree meanwhile changes nothing here
        return sample(root, chosen)


def sample(root: Path, chosen: argparse.Namespace) -> int:
    """Draw, run and print."""
    if gone := stale(root):
        print("benchmarks/equivalents.toml lists what is no fault of this tree:", *gone, sep="\n  ")
        return 1
    until = time.monotonic() + chosen.seconds
    tests = [*arguments_for(chosen.packages), *(["--collect-only"] if chosen.unchecked else [])]
    found = run_of(root, tests, limit_s=None)
    if found.outcome != UNNOTICED:
        print(f"{found.test} fails without any fault")
        return 1
    print("unchecked" if chosen.unchecked else f"the tests pass without any fault ({found.took_s:.0f} s)", flush=True)
    tallies: dict[str, Counter[str]] = {package: Counter() for package in chosen.packages}
    try:
        for mutant, ended in results(
            root, chosen.packages, chosen.number, chosen.seed, until, chosen.jobs, is_checked=not chosen.unchecked
        ):
            tallies[mutant.package][ended.outcome] += 1
            print(line_of(mutant, ended, (root / mutant.path).read_text("utf-8")), flush=True)
    finally:
        print("\n".join(table(tallies, chosen.seed)), flush=True)
    return 0


def line_of(mutant: Mutant, ended: Verdict, text: str) -> str:
    """A line for a mutant, with its diff where somebody has to look at it."""
    line = text.count("\n", 0, mutant.mutation.start) + 1
    what = f"{mutant.path}:{line} ({mutant.mutation.operator})"
    told = f"{ended.outcome:11s}{ended.took_s:5.0f} s  {what}  {ended.test}".rstrip()
    return f"{told}\n{mutant.diff(text)}\n" if ended.outcome in (UNNOTICED, TIMED_OUT) else told


def table(tallies: dict[str, Counter[str]], seed: int) -> Iterator[str]:
    """The share of each package; what timed out is among what was noticed."""
    yield f"{'package':20s}{'run':>9s}{NOTICED:>9s}{'share':>7s}{TIMED_OUT:>11s}{SAME:>12s}{NOT_RUN:>9s}   seed {seed}"
    for package, tally in tallies.items():
        noticed = tally[NOTICED] + tally[TIMED_OUT]
        run = noticed + tally[UNNOTICED]
        share = f"{noticed / run:7.0%}" if run else "      -"
        yield f"{package:20s}{run:9d}{noticed:9d}{share}{tally[TIMED_OUT]:11d}{tally[SAME]:12d}{tally[NOT_RUN]:9d}"


if __name__ == "__main__":
    sys.exit(main())
