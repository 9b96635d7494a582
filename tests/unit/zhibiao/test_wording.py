"""What commands say to people: the same in each language, and nothing said beside it."""

import ast
import re
import string
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

import pytest
from click.testing import CliRunner

from schemas.metric import Status
from watcher.asking.choosing import Verdict
from watcher.ledger.rows import State
from zhibiao.cli import main
from zhibiao.running import presence
from zhibiao.wording import LANGUAGES, say, speak, told, warning_told, word_for

PACKAGE = Path(__file__).parents[3] / "zhibiao"
FILES = [file for file in sorted(PACKAGE.rglob("*.py")) if "from zhibiao.wording import" in file.read_text("utf-8")]
#: Whose words are for people, every one of them.
FOR_PEOPLE = (
    "board.py",
    "running/presence.py",
    *(
        f"commands/{name}.py"
        for name in (
            *("codebook", "demo", "doctor", "documents", "export", "extract", "extract_many", "gold", "many_files"),
            *("one_report", "page", "panel", "reprocess", "retry", "review", "status", "store", "tail"),
            *("telling", "up", "view", "withdraw"),
        )
    ),
)
#: Sentences there that are none of ours to translate, or are for the log.
BESIDE = {
    "redis does not answer yet: files are taken in and wait",
    "larger than {} bytes; ZHIBIAO_MAX_FILE_BYTES sets the limit",
    "what recurs in {}",  # in a codebook that is drafted
    "Value error,",
    "pip install",
    "Soft time limit",  # of Celery, which is passed by
}


@pytest.fixture(autouse=True)
def _in_english_again() -> Iterator[None]:
    yield
    speak("en")


def flat(table: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in table.items():
        found |= flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {f"{prefix}{key}": value}
    return found


WORDS = {one: flat(tomllib.loads((PACKAGE / "wording" / f"{one}.toml").read_text("utf-8"))) for one in LANGUAGES}


def places(sentence: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def test_every_language_says_the_same() -> None:
    """The same keys in the same order, each with the same values to fill in, and Chinese in the Chinese one."""
    assert [*WORDS["zh"]] == [*WORDS["en"]]
    for key, sentence in WORDS["en"].items():
        assert places(WORDS["zh"][key]) == places(sentence), key
        assert bool(WORDS["zh"][key]) == bool(sentence), key


def calls() -> Iterator[tuple[str, ast.expr, ast.Call]]:
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_bytes())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("say", "word_for"):
                yield node.func.id, node.args[0], node


def used() -> Iterator[str]:
    """Keys that the code asks for, as patterns: what is worked out stands for anything."""
    for name, first, _ in calls():
        for part in [first] if not isinstance(first, ast.IfExp) else [first.body, first.orelse]:
            if isinstance(part, ast.Constant):
                yield re.escape(part.value) + (r"\..+" if name == "word_for" else "")
            elif isinstance(part, ast.JoinedStr):
                yield "".join(re.escape(one.value) if isinstance(one, ast.Constant) else ".+" for one in part.values)
    yield from (r"up\.(ignored|failed)", r"hint\..+")  # chosen by what became of a file


def test_every_key_is_asked_for_and_every_one_asked_for_is_there() -> None:
    patterns = [re.compile(pattern) for pattern in used()]

    assert [key for key in WORDS["en"] if not any(one.fullmatch(key) for one in patterns)] == []
    assert [one.pattern for one in patterns if not any(one.fullmatch(key) for key in WORDS["en"])] == []


def test_every_value_of_a_sentence_is_given() -> None:
    """A sentence with a place that nobody fills would fail only when it is said."""
    for name, first, call in calls():
        if name == "say" and isinstance(first, ast.Constant) and all(one.arg for one in call.keywords):
            assert {one.arg for one in call.keywords} == places(WORDS["en"][first.value]), first.value


def sentences(file: Path) -> Iterator[str]:
    """Constants of two words or more that are neither docstrings nor of a log."""
    tree = ast.parse(file.read_bytes())
    aside: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            aside.add(id(node.value))
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(one.value) if isinstance(one, ast.Constant) else "{}" for one in node.values)
            aside |= {id(one) for one in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in aside:
            yield node.value


def test_no_sentence_is_said_beside_the_wording() -> None:
    """In what is for people every sentence has a key; commands to type are none."""
    found = [
        (name, text.strip())
        for name in FOR_PEOPLE
        for text in sentences(PACKAGE / name)
        if re.search(r"[a-z]{2,} [a-z]{2,}", text) and not re.match(r"zhibiao |source |bold |ZHIBIAO_", text)
    ]

    assert [(name, text) for name, text in found if not any(one in text for one in BESIDE)] == []


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"ZHIBIAO_LANG": "zh"}, "没有服务在运行"),
        ({"ZHIBIAO_LANG": "en", "LC_ALL": "zh_CN.UTF-8"}, "no service runs"),
        ({"LC_ALL": "zh_TW.UTF-8"}, "没有服务在运行"),
        ({"LC_ALL": "", "LC_MESSAGES": "", "LANG": "zh_CN.UTF-8"}, "没有服务在运行"),
        ({"LC_ALL": "de_DE.UTF-8"}, "no service runs"),
    ],
)
def test_the_language_is_that_of_the_setting_or_the_locale(
    environ: dict[str, str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    result = CliRunner().invoke(main, ["tail"], env={"ZHIBIAO_LANG": None, **environ})

    assert said in result.stderr


#: What commands print by its word, with every value that it can have.
VALUES = {
    "state": {*get_args(State), "waiting", "unnoticed", "unknown"},
    "again": {*get_args(Verdict)},
    "back": {"asked", "gone", "unknown"},
    "figure_status": {*get_args(Status)},
    "service": {*get_args(presence.State)},
}


@pytest.mark.parametrize("group", VALUES)
def test_every_value_has_its_word(group: str) -> None:
    """A new one would be printed as the code has it, in any language."""
    assert {value for value in VALUES[group] if f"{group}.{value}" not in WORDS["en"]} == set()


def test_what_the_system_says_goes_through_the_wording() -> None:
    """``strerror`` is English whatever the language."""
    beside = [file.name for file in PACKAGE.rglob("*.py") if "strerror" in file.read_text("utf-8")]

    assert sorted(beside) == ["settings.py", "wording.py"]  # settings are read before the language is known


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (("panel", "nosuch", ".", "-o", "p.csv"), "nosuch：没有这个文件或文件夹"),
        (("extract", "nosuch.txt"), "nosuch.txt"),
    ],
)
def test_an_error_of_the_system_is_in_chinese(
    call: tuple[str, ...], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, [*call], env={"ZHIBIAO_LANG": "zh"})
    assert said in result.stderr, result.stderr
    assert not re.search("No such|Is a dir|denied", result.stderr)


def test_a_language_that_there_is_none_of_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    result = CliRunner().invoke(main, ["codebook", "list"], env={"ZHIBIAO_LANG": "fr"})

    assert result.exit_code == 2
    assert result.stderr.startswith("zhibiao: ZHIBIAO_LANG: Input should be 'auto', 'en' or 'zh'")


def test_what_has_no_word_stands_for_itself() -> None:
    speak("zh")

    assert (word_for("kind", "audit"), word_for("kind", "something new")) == ("审计", "something new")
    assert say("board.figures", count=3) == "3 个数字"


def test_what_the_watcher_says_is_told_in_the_language_that_was_chosen() -> None:
    """Its own sentences; the words of a library stay as they are."""
    sentence = "same content as revision 1 of a.txt"
    english = told(sentence)
    speak("zh")

    assert (english, told(sentence)) == (sentence, "内容与 a.txt 第 1 版相同")
    assert told("ConnectionError: refused") == "ConnectionError: refused"


@pytest.mark.parametrize("part", ["service", "worker"])
def test_the_doctor_says_what_it_has_found_in_chinese(
    part: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All but names and numbers; for programs it stays in English."""
    monkeypatch.chdir(tmp_path)
    environ = {"ZHIBIAO_LANG": "zh", "ZHIBIAO_REDIS_URL": "", "COLUMNS": "1000"}

    shown = CliRunner().invoke(main, ["doctor", "--part", part], env=environ).stdout
    asked = CliRunner().invoke(main, ["doctor", "--part", part, "--json"], env=environ).stdout

    lines = [line for line in shown.splitlines() if not re.match(r"\S+ +(软件包|时钟|Python) ", line)]
    plain = [re.sub(r"`[^`]*`|\(\S+\)|\S*[/_]\S*|（\S+）|pip install \S+", "", line) for line in lines]
    names = "Redis redis valkey inotify root embedded formats page parquet inbox processed quarantine state"
    left = set(re.findall(r"[A-Za-z-]{2,}", "\n".join(plain))) - {
        *names.split(),
        "LibreOffice",
        "PDF",
        "GB",
        "TMPDIR",
        "celery",
    }
    assert left == set()
    assert not re.search("[\u4e00-\u9fff]", asked.replace(str(tmp_path), ""))


def test_a_warning_of_a_report_is_told_in_the_language_that_was_chosen() -> None:
    """In Chinese its kind, as the page calls it, with the code that programs know; of another package's as it is."""
    assert warning_told("decode_damage", "bytes that are no gb18030") == "decode_damage: bytes that are no gb18030"
    speak("zh")
    assert re.fullmatch(
        r"[\u4e00-\u9fff]{4,}（decode_damage）", warning_told("decode_damage", "bytes that are no gb18030")
    )
    assert warning_told("of_others", "odd") == "of_others: odd"


@pytest.mark.parametrize(
    "why",
    [
        *("not in quarantine", "no longer in quarantine", "changed in quarantine while it was moved"),
        "the inbox holds a file of this name; move it away first",
        "revision 2 has replaced it since; to read it all the same, drop it under another name",
    ],
)
def test_why_a_file_is_not_put_back_is_told_in_chinese(why: str) -> None:
    speak("zh")
    assert not re.search("[A-Za-z]", told(why))
