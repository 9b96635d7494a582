"""How many small faults do the tests notice? ``python -m benchmarks.mutants --seed 1 [--number 20] [--seconds 3600]``.

Draws single faults at random, puts each into a copy of the tree and runs the tests that can see its package until one
fails. Prints the share that was noticed for each package, and every fault that was not, as a diff. The operator is drawn
before the file and the file before the place, so that rare kinds and small files come as often as others. The same seed
draws the same faults of the same tree.

Faults that change nothing that anybody could see are listed in ``benchmarks/equivalents.toml``, each with its reason; they
are drawn like others, not run, and counted apart.

Left out are the tests of how work grows, which take long and look at nothing else, and the list of the data files' words,
which notices every deletion and says nothing of whether a report is read otherwise.
"""

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from difflib import unified_diff
from functools import cache
from pathlib import Path

from benchmarks.annotated import ROOT
from benchmarks.mutations import Mutation, is_fault, mutations_of

SUFFIXES = (".py", ".toml", ".lua")
READING = ("tests/unit/extract", "tests/golden", "tests/unit/structure", "tests/unit/words", "tests/unit/clean")
FIGURES = (*READING, "tests/unit/relations", "tests/unit/confidence", "tests/unit/linking")
#: Package -> the tests that can see it, those that notice most first. Its own doctests come last.
PACKAGES: dict[str, tuple[str, ...]] = {
    "worker/extract": FIGURES,
    "worker/data": (*FIGURES, "tests/unit/readers"),
    "worker/structure": ("tests/unit/structure", *FIGURES),
    "worker/clean": ("tests/unit/clean", *READING),
    "worker/readers": ("tests/unit/readers", *READING),
    "worker/relations": ("tests/unit/relations", *FIGURES),
    "worker/linking": ("tests/unit/linking", *FIGURES),
    "worker/confidence": ("tests/unit/confidence", *FIGURES),
    "worker/stages": FIGURES,
    "worker": ("tests/unit/worker_runtime", "tests/unit/test_edits.py", *FIGURES, "tests/integration/test_worker.py"),
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
        *("tests/integration/test_watcher.py", "tests/faults/test_stream_readers.py"),
    ),
    "schemas": ("tests/unit/schemas", "tests/golden", "tests/unit/extract/test_rows.py", "tests/unit/zhibiao"),
    "zhibiao": ("tests/unit/zhibiao", "tests/test_docs.py", "tests/integration/test_embedded.py", "tests/acceptance"),
}
#: Rules of the whole tree, which are read off the syntax trees at once.
EVERYWHERE = ("tests/unit/test_values.py",)
OPTIONS = (
    *("-x", "-q", "-p", "no:cacheprovider", "--hypothesis-seed=0", "--timeout=120"),
    *("-m", "not faults and not compose and not growth", "-k", "not test_every_word_is_still_there"),
)
LIMIT_S = 1200
OUTCOMES: dict[bool | None, str] = {True: "noticed", False: "unnoticed", None: "not run"}
SAME = "equivalent"
COPIED = ("schemas", "delivery", "watcher", "worker", "zhibiao", "tests", "benchmarks", "seeds", "docs", "examples")


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

    def is_equivalent(self, text: str) -> bool:
        """Whether it is listed as one that changes nothing."""
        lines = self.diff(text).split("\n")[2:]
        gone, come = (" ".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+")
        return (str(self.path), gone, come) in equivalents()


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


def copy(root: Path, to: Path) -> None:
    """Copy what the tests need of a tree."""
    for path in root.iterdir():
        if path.name in COPIED:
            shutil.copytree(path, to / path.name, ignore=shutil.ignore_patterns("__pycache__"))
        elif path.is_file() and path.name != ".git":
            shutil.copy2(path, to)


def is_noticed(root: Path, package: str, mutant: Mutant | None) -> bool:
    """Whether a test fails in a copy of the tree with the mutant in it, or without one, or takes for ever."""
    with tempfile.TemporaryDirectory(prefix="zhibiao-mutant-") as folder:
        tree = Path(folder)
        copy(root, tree)
        if mutant:
            text = (root / mutant.path).read_text("utf-8")
            (tree / mutant.path).write_text(mutant.mutation.apply(text), "utf-8")
        environ = {**os.environ, "PYTHONPATH": folder, "PYTHONDONTWRITEBYTECODE": "1"}
        command = [sys.executable, "-m", "pytest", *OPTIONS, *EVERYWHERE, *dict.fromkeys(PACKAGES[package]), package]
        with subprocess.Popen(
            command, cwd=tree, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as run:
            try:
                return run.wait(LIMIT_S) != 0
            except subprocess.TimeoutExpired:
                run.send_signal(signal.SIGINT)  # so that it stops what it has started
                return True


def results(
    root: Path, packages: Sequence[str], number: int, seed: int, until: float, jobs: int
) -> Iterator[tuple[Mutant, bool | None]]:
    """Each package's mutants with whether they were noticed; None for those that were not run."""

    def judged(mutant: Mutant) -> bool | None:
        if time.monotonic() >= until or mutant.is_equivalent((root / mutant.path).read_text("utf-8")):
            return None
        return is_noticed(root, mutant.package, mutant)

    mutants = [mutant for package in packages for mutant in drawn(package, number, seed, root)]
    with ThreadPoolExecutor(jobs) as pool:
        yield from zip(mutants, pool.map(judged, mutants), strict=True)


def main() -> int:
    """Print survivors and scores; 1 where the tests of a package fail without any fault."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--number", type=int, default=20, help="mutants of each package")
    parser.add_argument("--packages", nargs="*", default=list(PACKAGES), choices=list(PACKAGES), metavar="PACKAGE")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="begin no further mutant after so long")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--unchecked", action="store_true", help="take it that the tests pass without a fault")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="zhibiao-mutants-") as folder:
        root = Path(folder)
        copy(ROOT, root)  # whoever works on the tree meanwhile changes nothing here
        return sample(root, chosen)


def sample(root: Path, chosen: argparse.Namespace) -> int:
    """Draw, run and print."""
    until = time.monotonic() + chosen.seconds
    failing = [] if chosen.unchecked else [package for package in chosen.packages if is_noticed(root, package, None)]
    if failing:
        print(f"the tests of {', '.join(failing)} fail without any fault")
        return 1
    tallies: dict[str, Counter[str]] = {package: Counter() for package in chosen.packages}
    for mutant, noticed in results(root, chosen.packages, chosen.number, chosen.seed, until, chosen.jobs):
        text = (root / mutant.path).read_text("utf-8")
        tallies[mutant.package][
            OUTCOMES[noticed] if noticed is not None or not mutant.is_equivalent(text) else SAME
        ] += 1
        if noticed is False:
            print(mutant.diff(text) + "\n", flush=True)
    print(f"{'package':20s}{'run':>9s}{'noticed':>9s}{'share':>7s}{SAME:>12s}{'not run':>9s}   seed {chosen.seed}")
    for package, tally in tallies.items():
        run = tally["noticed"] + tally["unnoticed"]
        share = f"{tally['noticed'] / run:7.0%}" if run else "      -"
        print(f"{package:20s}{run:9d}{tally['noticed']:9d}{share}{tally[SAME]:12d}{tally['not run']:9d}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
