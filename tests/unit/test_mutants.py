"""The mutator makes each kind of fault where it can, one at a time, and draws the same ones for the same seed."""

import math
import threading
import tomllib
from pathlib import Path

import pytest

from benchmarks import mutants
from benchmarks.annotated import ROOT
from benchmarks.idle_words import idle_words
from benchmarks.mutants import (
    COPIED,
    EVERYWHERE,
    NO_GAZETTEER,
    NOTICED,
    PACKAGES,
    TIMED_OUT,
    UNNOTICED,
    Mutant,
    Verdict,
    arguments_for,
    drawn,
    files_of,
    is_made,
    nearest,
    results,
    stale,
    verdict,
)
from benchmarks.mutations import Mutation, is_fault, mutations_of
from tests import modules

PYTHON = [
    ("comparison", "if a <= b: c()", ["if a < b: c()"]),
    ("comparison", "x = a in (b)", ["x = a not in (b)"]),
    ("comparison", "x = a is not b", ["x = a is b"]),
    ("and/or", "x = (a) and (b)", ["x = (a) or (b)"]),
    ("operand", "x = a or b or c", ["x = b or c", "x = a or c", "x = a or b"]),
    ("not", "x = not a", ["x = (a)"]),
    ("sign", "x = a[i + 1]", ["x = a[i - 1]"]),
    ("constant", "x = 7", ["x = 8"]),
    ("bool", "f(a, key=True)", ["f(a, key=False)"]),
    ("branches", "x = a if b else c", ["x = c if b else a"]),
    ("branches", "if a:\n    b()\nelse:\n    c()", ["if not (a):\n    b()\nelse:\n    c()"]),
    ("arguments", "f(a, b, k=1)", ["f(b, a, k=1)"]),
    ("keyword", "f(a, k=b, l=c)", ["f(a, l=c)", "f(a, k=b)"]),
    ("keyword", "f(k=b)", ["f()"]),
    ("element", "x = [a, b]", ["x = [b]", "x = [a]"]),
    ("key", "x = {'a': b, 'c': d}", ["x = {'c': d}", "x = {'a': b, }"]),
    ("guard", "def f():\n    if a:\n        return b\n    return c", ["def f():\n    pass\n    return c"]),
    ("guard", "x = [a for a in b if c]", ["x = [a for a in b if True]"]),
    ("statement", "def f():\n    '''Text.'''\n    self.n += 1", ["def f():\n    '''Text.'''\n    pass"]),
    ("alternative", "x = re.compile('(?:增|减|平)a|b')", [
        "x = re.compile('(?:减|平)a|b')", "x = re.compile('(?:增|平)a|b')", "x = re.compile('(?:增|减)a|b')",
        "x = re.compile('(?:增|减|平)a')",
    ]),
    ("alternative", "x = rf'{a}|年'", ["x = rf'{a}'", "x = rf'年'"]),
    ("character", "x = '[年月]'", ["x = '[月]'", "x = '[年]'"]),
]  # fmt: skip
TOML = [
    ("word", '[a]\nwords = ["一", "二"]\nsource = "三, 四"\n', ['[a]\nwords = ["二"]\nsource = "三, 四"\n',
                                                               '[a]\nwords = ["一"]\nsource = "三, 四"\n']),
    ("key", 'a = 1\nsource = "b"\n', ['source = "b"\n']),
    ("bool", "numeral = false\n", ["numeral = true\n"]),
]  # fmt: skip
LUA = [
    ("comparison", "if a == 1 then b() end", ["if a ~= 1 then b() end"]),
    ("argument", "redis.call('XADD', KEYS[1], '*')", ["redis.call('XADD', '*')", "redis.call('XADD', KEYS[1])"]),
    ("constant", "return 0 -- of 7", ["return 1 -- of 7"]),
    ("statement", "if a then\n  redis.call('DEL', a)\nend", ["if a then\nend"]),
]


@pytest.mark.parametrize(
    ("suffix", "operator", "text", "faulty"),
    [
        (suffix, *row)
        for suffix, rows in ((".py", PYTHON), (".toml", TOML), (".lua", LUA))
        for row in rows
    ],
)  # fmt: skip
def test_an_operator_makes_these_faults_and_no_other(suffix: str, operator: str, text: str, faulty: list[str]) -> None:
    found = [mutation for mutation in mutations_of(text, suffix) if mutation.operator == operator]

    assert sorted(mutation.apply(text) for mutation in found) == sorted(faulty)
    assert all(is_fault(text, mutation, suffix) for mutation in found)


def test_what_only_a_type_checker_reads_is_left_alone() -> None:
    """It notices by itself; but pydantic reads the types of fields when the program runs."""
    text = "def f(a: Union[b, c]) -> Union[d, e]:\n    return a\n\nclass A:\n    g: tuple[h, ...]\n"

    assert mutations_of(text, ".py") == []
    assert mutations_of("D = Literal['h', 'i']", ".py") == []
    assert mutations_of("D = Callable[[A, B], tuple[int, str]]", ".py") == []
    assert mutations_of("async def f() -> 'a|b':\n    pass", ".py") == []
    assert mutations_of("a = cast('b|c', d)", ".py") == [Mutation("arguments", 9, 17, "d, 'b|c'")]
    assert mutations_of("T = TypeVar('T', bound=A)\nclass B(dict[int, str], Generic[S, T]): ...", ".py") == []
    assert mutations_of("x = dict[a, b](c)", ".py") == []
    assert [one.operator for one in mutations_of("x = c[a, b]", ".py")] == ["element", "element"]
    read = mutations_of(f"from pydantic import BaseModel\n{text}", ".py")
    assert [mutation.operator for mutation in read] == ["element", "element"]


def test_the_size_of_a_cache_is_left_alone() -> None:
    assert mutations_of("@lru_cache(maxsize=1)\ndef f():\n    return a", ".py") == []
    assert mutations_of("A = 2\n@lru_cache(maxsize=A)\ndef f():\n    return a", ".py") == []
    assert [one.operator for one in mutations_of("x = f(size=1)", ".py")] == ["constant", "keyword"]


def test_that_two_rows_are_of_one_length_is_left_alone() -> None:
    """Where they are not, something else is wrong."""
    assert [one.operator for one in mutations_of("for x in zip(a, b, strict=True):\n    pass", ".py")] == ["arguments"]
    assert [one.operator for one in mutations_of("x = a.resolve(strict=True)", ".py")] == ["bool", "keyword"]


def test_remarks_in_data_are_left_alone() -> None:
    assert mutations_of('source = "a"\nwhy = "b"\njudged = true\n# c = 1\n', ".toml") == []
    assert [one.operator for one in mutations_of("closed = true\n", ".toml")] == ["bool", "key"]


def test_what_may_stand_in_any_order_is_not_swapped() -> None:
    assert mutations_of("x = min(a, b)", ".py") == []
    assert [one.operator for one in mutations_of("x = pow(a, b)", ".py")] == ["arguments"]


def test_what_is_no_source_any_more_or_says_the_same_is_no_fault() -> None:
    assert not is_fault("x = (a, b)", Mutation("element", 5, 6, ""), ".py")
    assert not is_fault("x = a\n", Mutation("statement", 5, 6, "  "), ".py")
    assert not is_fault('a = "b"\n', Mutation("word", 4, 5, ""), ".toml")


def test_wide_characters_do_not_move_the_place() -> None:
    """The syntax tree counts bytes."""
    text = "x = f('一二三', a < b)  # 三\n"
    [mutation] = [mutation for mutation in mutations_of(text, ".py") if mutation.operator == "comparison"]

    assert mutation.apply(text) == text.replace("<", "<=")


def test_a_seed_draws_the_same_mutants_again(tmp_path: Path) -> None:
    """Each once, of every kind of operator, and no more than there are."""
    (tmp_path / "watcher").mkdir()
    (tmp_path / "watcher" / "a.py").write_text("def f(a, b):\n    return g(a, b) if a < 1 and not b else 2\n")
    (tmp_path / "watcher" / "b.toml").write_text('words = ["a", "b"]\n')

    first, again, other = (drawn("watcher", 5, seed, tmp_path) for seed in (1, 1, 2))

    assert first == again != other
    assert len(set(first)) == 5
    assert len(drawn("watcher", 1000, 1, tmp_path)) == len(set(drawn("watcher", 1000, 1, tmp_path))) > 10


def test_a_fault_that_takes_long_keeps_back_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "watcher").mkdir()
    (tmp_path / "watcher" / "a.py").write_text("def f(a, b):\n    return g(a, b) if a < 1 and not b else 2\n")
    slow, *others = drawn("watcher", 4, 1, tmp_path)
    told = threading.Event()

    def judged(_: Path, mutant: Mutant) -> Verdict:
        if mutant == slow:
            assert told.wait(60)
        return Verdict(NOTICED)

    monkeypatch.setattr(mutants, "judged", judged)
    ended = results(tmp_path, ["watcher"], 4, 1, math.inf, jobs=2)
    assert [next(ended)[0] for _ in others] == others
    told.set()
    assert list(ended) == [(slow, Verdict(NOTICED))]


def test_when_time_is_over_each_package_has_had_its_turn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package with few faults is passed over once they have ended."""
    for package, text in (("watcher", "x = a < 1 and b"), ("store", "x = a < b"), ("page", "x = not a and b")):
        (tmp_path / package).mkdir()
        (tmp_path / package / "a.py").write_text(text)
    monkeypatch.setattr(mutants, "judged", lambda *_: Verdict(NOTICED))

    ended = results(tmp_path, ["watcher", "store", "page"], 3, 1, math.inf, jobs=1)

    assert [mutant.package for mutant, _ in ended] == ["watcher", "store", "page", *["watcher", "page"] * 2]


def test_what_fails_without_any_fault_has_noticed_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is run once, however much it seems to notice; a package that cannot be imported names no test."""
    run: list[str] = []

    def run_of(_: Path, tests: list[str]) -> Verdict:
        run.extend(tests)
        return Verdict(NOTICED if "stale" in tests[0] else UNNOTICED)

    monkeypatch.setattr(mutants, "run_of", run_of)
    sure, stale_one, broken = (Verdict(NOTICED, test, 3) for test in ("a.py::sure[1]", "a.py::stale", "a.py"))

    assert [mutants.confirmed(tmp_path, one) for one in (sure, sure, broken)] == [sure, sure, broken]
    told = Verdict(UNNOTICED, "a.py::stale, which fails without any fault", 3)
    assert [mutants.confirmed(tmp_path, stale_one) for _ in range(2)] == [told, told]
    assert run == ["a.py::sure", "a.py::stale"]


def test_every_equivalent_is_a_fault_that_is_made_and_says_why() -> None:
    rows = tomllib.loads((ROOT / "benchmarks" / "equivalents.toml").read_text("utf-8"))["fault"]

    assert stale() == []
    assert [row for row in rows if len(row["why"]) <= 10] == []


def test_a_word_that_another_does_the_work_of_is_an_equivalent() -> None:
    """One that no sentence is known for is none, nor is the same word of another list."""
    path = ROOT / "worker" / "data" / "changes.toml"
    text = path.read_text("utf-8")
    made = {
        text[mutation.start : mutation.end].strip(', "\n'): Mutant("", path, mutation).is_equivalent(text)
        for mutation in mutations_of(text, ".toml")
        if mutation.operator == "word"
        and any(f'"{word}"' in text[mutation.start : mutation.end] for word in ("增幅", "增长"))
    }

    assert made == {"增幅": True, "增长": False}
    assert {"a register", "no sentence is known yet"}.isdisjoint(idle_words())
    assert "壮" not in idle_words().get("document.places.peoples", ())


def test_an_equivalent_of_a_line_that_was_changed_is_made_no_more(tmp_path: Path) -> None:
    """Nor is one of a file that is gone."""
    (tmp_path / "a.py").write_text("def f():\n    return a < 1  # so\n")

    assert is_made(tmp_path, "a.py", "return a < 1  # so", "return a <= 1  # so")
    assert not is_made(tmp_path, "a.py", "return a < 1", "return a <= 1")
    assert not is_made(tmp_path, "a.py", "return a < 1  # so", "return a > 1  # so")
    assert not is_made(tmp_path, "b.py", "return a < 1  # so", "return a <= 1  # so")


def test_what_notices_most_comes_first_and_no_unit_test_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests that name the module, those of its package, the rules of the whole tree, and the rest; until one has noticed."""
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "a.py").write_text("x = y < 1\n")
    tests = tmp_path / "tests" / "unit" / "store"
    tests.mkdir(parents=True)
    (tests / "test_a.py").write_text("from store.a import x\n")
    mutant = drawn("store", 1, 1, tmp_path)[0]
    steps: list[list[str]] = []
    monkeypatch.setattr(mutants, "run_of", lambda _, tests: (steps.append(tests), outcomes.pop())[1])
    near = "tests/unit/store/test_a.py"
    for noticed_in in (1, 2, 3, 4):
        outcomes = [Verdict(NOTICED, "t.py::t", 1), *[Verdict(UNNOTICED, "", 1)] * (noticed_in - 1)]
        steps.clear()
        judged = mutants.judged(tmp_path, mutant)
        assert (judged.outcome, len(steps)) == (UNNOTICED if noticed_in == 4 else NOTICED, min(noticed_in, 3))
    first, package, others = steps

    assert first == [near]
    assert package == ["tests/unit/store", f"--ignore={near}"]
    assert others[: len(EVERYWHERE)] == [*EVERYWHERE]
    assert {"tests/integration/test_store_live.py", "store", f"--ignore={near}"} <= {*others}


@pytest.mark.parametrize(
    ("code", "summary", "outcome", "test"),
    [
        (0, "3 passed", UNNOTICED, ""),
        (5, "no tests ran", UNNOTICED, ""),
        (1, "F\nFAILED tests/test_a.py::test_b[1] - assert 1 == 2\nFAILED tests/test_c.py::test_d\n", NOTICED, "tests/test_a.py::test_b[1]"),
        (1, "FAILED tests/test_a.py::test_b - Failed: Timeout (>300.0s) from pytest-timeout.\n", TIMED_OUT, "tests/test_a.py::test_b"),
        (2, "ERROR tests/test_a.py - AttributeError\n", NOTICED, "tests/test_a.py"),
        (4, "INTERNALERROR> KeyError", NOTICED, "pytest (exit code 4)"),
    ],
)  # fmt: skip
def test_a_run_says_which_test_noticed(code: int, summary: str, outcome: str, test: str) -> None:
    assert verdict(code, summary, 3) == Verdict(outcome, test, 3)


@pytest.mark.parametrize("package", PACKAGES)
def test_what_a_package_is_tested_with_is_there(package: str) -> None:
    """The names of places are looked at for the packages that find them, and for these alone."""
    arguments = arguments_for([package])

    assert all((ROOT / one).exists() for one in arguments if one != NO_GAZETTEER)
    assert len(arguments) == len(set(arguments))
    looks_at_places = "tests/unit/structure" in arguments and NO_GAZETTEER not in arguments
    assert looks_at_places == (package in {"worker/data", "worker/structure"})
    assert NO_GAZETTEER not in arguments_for([package, "worker/data"])


def test_every_file_belongs_to_one_package() -> None:
    """What is a package of its own here is no part of the one around it."""
    files = [file for package in PACKAGES for file in files_of(package)]

    assert len(files) == len(set(files))
    assert {file.parts[0] for file in files} == set(modules.PACKAGES) <= set(COPIED)


def test_the_tests_that_name_a_module_are_asked_first(tmp_path: Path) -> None:
    """However it is imported; one with a longer name, or of another package, is another."""
    tests = tmp_path / "tests" / "unit"
    tests.mkdir(parents=True)
    for number, line in enumerate((
        "from a.b.two import x", "from a.b import one, two", "import a.b.two", "from a.b.twofold import x", "from c.two import x",
    )):  # fmt: skip
        (tests / f"test_{number}.py").write_text(line, "utf-8")

    assert nearest(Path("a/b/two.py"), tmp_path) == [f"tests/unit/test_{number}.py" for number in (0, 1, 2)]
    assert nearest(Path("a/b/two.toml"), tmp_path) == []
