"""The command line, as far as it needs no service."""

import io
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from schemas import ids
from schemas.report import Report
from tests.modules import ROOT
from watcher.running.damage import UnusableLedger
from zhibiao import __version__
from zhibiao.calling.service import tail
from zhibiao.cli import main
from zhibiao.commands import tail as tail_command
from zhibiao.commands.tail import Wanted
from zhibiao.exits import Failed, WrongSetting, WrongUsage
from zhibiao.settings import BadSettings
from zhibiao.wording import speak

SEED = Path(__file__).parents[3] / "seeds" / "000_d871c5ee7e73f942.txt"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("ZHIBIAO_")]:
        monkeypatch.delenv(name)
    yield
    speak("en")


def test_the_version_is_the_packages() -> None:
    """One line, as programs expect it."""
    result = CliRunner().invoke(main, ["--version"])

    assert (result.exit_code, result.stdout) == (0, f"zhibiao, version {__version__}\n")


@pytest.mark.parametrize("name", sorted(main.commands))
def test_help_is_there_for_every_command(name: str) -> None:
    """On standard output, with -h as well, and it succeeds."""
    long, short = (CliRunner().invoke(main, [name, option]) for option in ("--help", "-h"))

    assert (long.exit_code, long.stderr) == (0, "")
    assert long.stdout.startswith(f"Usage: main {name}")
    assert short.stdout == long.stdout


@pytest.mark.parametrize("width", [40, 80, 200])
@pytest.mark.parametrize("name", ["", "review", "codebook", "store", "gold"])
def test_help_lists_every_command_with_all_that_is_said_of_it(name: str, width: int) -> None:
    """Whatever the width; at 80 columns each on one line, what people come for first."""
    told = CliRunner().invoke(main, [*([name] if name else []), "--help"], terminal_width=width).stdout
    group = main.commands[name] if name else main
    assert isinstance(group, click.Group)
    listed = told.partition("Show this message and exit.")[2].partition("\n\n  Exit")[0] if width > 40 else told
    words = " ".join(listed.split())

    for command in group.commands.values():
        first = str(command.help).partition("\n\n")[0].removesuffix(".")
        assert f"{command.name} {' '.join(first.split())}" in words
    if not name and width == 80:
        assert all(told.count(f"\n  {command} ") == 1 for command in main.commands)
        assert listed.index("\n  export ") < listed.index("\n  panel ") < listed.index("\n  up ")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["nothing"], "No such command 'nothing'"),
        (["extract"], "Missing argument 'FILE...'"),
        (["extract", str(SEED), str(SEED)], "several files, or a folder, need -o FOLDER"),
        (["extract", str(SEED.parent)], "several files, or a folder, need -o FOLDER"),
        (["extract", "absent.txt"], "Path 'absent.txt' does not exist"),
        (["extract", "--table", "--explain", "-"], "give --table or --explain"),
        (["extract", "--json", "-"], "--json goes with --explain; a report is JSON without it"),
        (["retry"], "name files, or give --all"),
        (["retry", "--all", "a.txt"], "name files, or give --all"),
        (["tail", "--since", "soon"], "'soon' is not an entry's id"),
        (["tail", "--count", "0"], "0 is not in the range x>=1"),
    ],
)
def test_wrong_usage_ends_with_two(arguments: list[str], complaint: str) -> None:
    """The reason is on standard error, nothing on standard output."""
    result = CliRunner().invoke(main, arguments)

    assert (result.exit_code, result.stdout) == (2, "")
    assert complaint in result.stderr


#: Wrong calls, and what a terminal in Chinese says of each.
IN_CHINESE = {
    "nothing": "没有命令 'nothing'。",
    "exprot": "没有命令 'exprot'。是不是 'export'？",
    "--bad": "没有选项 '--bad'。",
    "extract": "缺少参数 'FILE...'。",
    "extract absent.txt": "'FILE...' 不成立：'absent.txt' 不存在。",
    "extract --tabel a.txt": "没有选项 '--tabel'。是不是其中之一：'--help', '--table'？",
    "extract --table=1 a.txt": "选项 '--table' 不带值。",
    "extract a.txt -o a.txt": "'-o' / '--output' 不成立：'a.txt' 是文件，应为文件夹。",
    "extract --json a.txt": "--json 须与 --explain 同用；报告本来就是 JSON",
    "export a b": "多出一个参数：b",
    "export a b c": "多出几个参数：b c",
    "export -o": "选项 '-o' 后面缺少值。",
    "export --status done": "'--status' 不成立：'done' 不在其中：'achieved', 'ongoing', 'planned', 'required'。",
    "export --min-confidence x": "'--min-confidence' 不成立：'x' 不是数。",
    "export --documents absent": "'--documents' 不成立：文件 'absent' 不存在。",
    "tail --count x": "'-n' / '--count' 不成立：'x' 不是整数。",
    "tail --count 0": "'-n' / '--count' 不成立：0 不在范围内：x>=1。",
    "tail --since soon": "'--since' 不成立：'soon' 不是时间点；",
    "panel rule_of_law": "缺少选项 '-o' / '--output'。",
    "view . -o x": "'FILE' 不成立：'.' 是文件夹，应为文件。",
    "review cnfirm": "没有命令 'cnfirm'。是不是 'confirm'？",
    "review confirm x --cell a b": "选项 '--cell' 后面须有 3 个值。",
    "review confirm x --at 5": "'--at' 不成立：'5' 不是位置；",
    "export absent": "absent：没有这个文件夹；",
    "panel nosuch": "nosuch：没有这个文件或文件夹；应为文件，或 disclosure, rule_of_law, work_report 之一",
    "panel rule_of_law . -o a.ods": "a.ods：文件名应以 .xlsx 或 .csv 结尾",
}


def test_wrong_usage_is_said_in_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also what the library says, and how a command is called; what was typed stays."""
    monkeypatch.setenv("ZHIBIAO_LANG", "zh")
    Path("a.txt").touch()
    seen = {call: CliRunner().invoke(main, call.split(), prog_name="zhibiao") for call in IN_CHINESE}

    assert {call: one.stderr for call, one in seen.items() if IN_CHINESE[call] not in one.stderr} == {}
    assert {call: one.exit_code for call, one in seen.items()} == dict.fromkeys(IN_CHINESE, 2)
    assert seen["panel rule_of_law"].stderr.startswith(
        "用法：zhibiao panel [OPTIONS] CODEBOOK [FOLDER]\n说明见 zhibiao panel --help\n\n错误：缺少"
    )
    assert CliRunner().invoke(main, []).stderr.startswith("Usage: ")  # the help, as on demand


def test_why_a_command_failed_is_said_in_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also what the watcher's own modules say; codes and paths stay."""
    monkeypatch.setenv("ZHIBIAO_LANG", "zh")
    Path("a.bin").write_bytes(bytes(9))
    said = {
        "export": "processed：没有这个文件夹，这里还没有服务读过报告；",
        "export .": "没有写出表格：.：没有带数字的报告\n未能读取：a.bin：9 字节",
        "codebook new .": "没有起草编码本：.：没有报告；",
        "store rebuild": "processed：没有这个文件夹；",
        "review undo": "reviews.jsonl：没有有效的核对记录，",
        "retry --all": "没有账本：这个文件夹上还没有运行过服务。",
        "extract a.bin": "a.bin：9 字节，没有一个是文字",
    }
    seen = {call: CliRunner().invoke(main, call.split()) for call in said}

    assert {call: one.stderr for call, one in seen.items() if said[call] not in one.stderr} == {}
    assert {call: one.exit_code for call, one in seen.items()} == dict.fromkeys(said, 1)


def test_each_sentence_of_the_library_is_one_that_it_says() -> None:
    table = tomllib.loads((ROOT / "zhibiao" / "wording" / "library.toml").read_text("utf-8"))["sentence"]
    said = "\n".join(IN_CHINESE.values())
    pieces = {row["en"]: re.split(r"\{\w+\}", row["zh"]) for row in table}

    assert [english for english, some in pieces.items() if not all(piece in said for piece in some)] == []


def test_a_setting_that_cannot_be_used_ends_with_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is named."""
    monkeypatch.setenv("ZHIBIAO_MAX_FILE_BYTES", "-1")

    result = CliRunner().invoke(main, ["extract", str(SEED)])

    assert result.exit_code == 2
    assert result.stderr == "zhibiao: ZHIBIAO_MAX_FILE_BYTES: Input should be greater than 0, '-1' was given\n"


@pytest.mark.parametrize("arguments", [["tail"], ["replay"], ["replay", "--print"]])
def test_without_a_service_the_reason_is_given(arguments: list[str], tmp_path: Path) -> None:
    """Where it was looked for, and what would help."""
    result = CliRunner().invoke(main, arguments)

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        f"zhibiao: no service runs over {tmp_path}/state: start it with `zhibiao up`, "
        "or set ZHIBIAO_REDIS_URL or ZHIBIAO_STATE as it has them\n"
    )


def test_extract_prints_the_report_and_writes_nothing(tmp_path: Path) -> None:
    """The whole report as JSON; the folder stays empty."""
    result = CliRunner().invoke(main, ["extract", str(SEED)])

    report = Report.model_validate_json(result.stdout)
    assert result.exit_code == 0
    assert report.id == ids.document_id(SEED.name)
    assert report.source.path == SEED.name
    assert [*tmp_path.iterdir()] == []


def test_extract_trusts_no_cache_that_others_may_write(tmp_path: Path) -> None:
    """The segmenter's words come from its package: what lies in the folder for temporary files is neither used nor made."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    command = [sys.executable, "-m", "zhibiao", "extract", SEED]

    result = subprocess.run(command, env={**os.environ, "TMPDIR": str(temporary)}, capture_output=True, check=True)

    assert result.stderr == b""
    assert list(temporary.iterdir()) == []


def test_a_reason_may_have_several_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line for each folder that cannot be used; what would act on the terminal is escaped in each."""
    (tmp_path / "taken").write_text("a file")
    for name in ("INBOX", "STATE"):
        monkeypatch.setenv(f"ZHIBIAO_{name}", f"taken/{name.lower()}\x1b")

    result = CliRunner().invoke(main, ["up"])

    lines = [line.partition(": ")[0] for line in result.stderr.splitlines()]
    assert result.exit_code == 1
    assert lines == ["zhibiao", f"  state {tmp_path}/taken/state\\x1b"]


def test_extract_reads_standard_input() -> None:
    """The same report but for the name."""
    named, piped = (
        json.loads(CliRunner().invoke(main, ["extract", file], input=SEED.read_bytes()).stdout)
        for file in (str(SEED), "-")
    )

    assert piped["source"]["path"] == "stdin"
    assert piped["metrics"] == named["metrics"]
    assert piped["source"]["sha256"] == named["source"]["sha256"]


def test_extract_gives_a_file_of_the_inbox_its_published_id(tmp_path: Path) -> None:
    """So that the report of a trial can be compared with the one on Redis."""
    file = tmp_path / "inbox" / "2023" / "a.txt"
    file.parent.mkdir(parents=True)
    file.write_bytes(SEED.read_bytes())

    report = json.loads(CliRunner().invoke(main, ["extract", "inbox/2023/a.txt"]).stdout)

    assert (report["id"], report["source"]["path"]) == (ids.document_id("2023/a.txt"), "2023/a.txt")


def test_extract_refuses_more_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit and its setting are named."""
    monkeypatch.setenv("ZHIBIAO_MAX_FILE_BYTES", "100")

    result = CliRunner().invoke(main, ["extract", str(SEED)])

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.endswith("larger than 100 bytes; ZHIBIAO_MAX_FILE_BYTES sets the limit\n")


def test_a_reader_that_goes_away_is_no_crash() -> None:
    """As with any program in a pipe: a status of its own, and no trace."""
    command = [sys.executable, "-m", "zhibiao", "extract", str(SEED)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        complaints = process.stderr.read()

    assert (process.returncode, complaints) == (141, b"")


@pytest.mark.parametrize("command", ["up", "tail", "doctor"])
def test_an_address_that_is_none_of_redis_ends_with_two(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What would be right is said, the password is not."""
    monkeypatch.setenv("ZHIBIAO_REDIS_URL", "http://me:secret@host/0")

    result = CliRunner().invoke(main, [command])

    assert result.exit_code == 2
    assert result.stderr == (
        "zhibiao: ZHIBIAO_REDIS_URL: redis://host:port/db, rediss:// or unix:///path would be right\n"
    )


def test_the_service_refuses_settings_of_its_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is started or made."""
    monkeypatch.setenv("ZHIBIAO_SETTLE_S", "0")

    result = CliRunner().invoke(main, ["up"])

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "zhibiao: ZHIBIAO_SETTLE_S: Input should be greater than 0, '0' was given\n"
    assert [*tmp_path.iterdir()] == []


def test_json_is_utf_8_whatever_the_locale() -> None:
    """A program reads it; for people a character that the terminal lacks is escaped."""
    both = "from zhibiao.cli import main; [main([*{}, *more], standalone_mode=False) for more in ([], ['--table'])]"
    command = [sys.executable, "-c", both.format(["extract", str(SEED)])]
    environ = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}

    said = subprocess.run(command, env=environ, capture_output=True, check=True).stdout

    as_json, _, as_table = said.partition(b"\n}\n")
    assert "湛江市" in as_json.decode("utf-8")
    assert b"\\u6e5b\\u6c5f\\u5e02" in as_table


@pytest.mark.parametrize(
    ("language", "data", "hint"),
    [
        ("en", b"", "there is no text in it; save or copy it again from where it came"),
        ("zh", b"\x89PNG\r\n\x1a\n" + bytes(200), "请另存为文本、HTML、PDF、DOCX、XLSX 或 OFD"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_with_what_would_help(language: str, data: bytes, hint: str) -> None:
    """The reason, and below it the hint, both in the language of who reads them."""
    result = CliRunner().invoke(main, ["extract", "-"], input=data, env={"ZHIBIAO_LANG": language})

    first, second = result.stderr.splitlines()
    assert (result.exit_code, result.stdout) == (1, "")
    assert first.startswith("zhibiao: stdin：" if language == "zh" else "zhibiao: stdin: stage decode")
    assert second == f"  → {hint}"


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        ([], True),
        (["--json"], False),
        (["--region", "湛江市"], False),
        (["--period", "2023"], False),
        (["--json", "--failures"], True),
        (["--no-failures"], False),
    ],
)
def test_tail_shows_failures_to_people_who_ask_for_everything(
    monkeypatch: pytest.MonkeyPatch, options: list[str], *, shown: bool
) -> None:
    asked: list[Wanted] = []
    monkeypatch.setattr(tail_command, "tail", lambda _settings, wanted, *_rest, **_more: asked.append(wanted))

    assert CliRunner().invoke(tail, options).exit_code == 0
    assert [one.failures for one in asked] == [shown]


@pytest.mark.parametrize(
    ("harm", "code", "said"),
    [
        (KeyboardInterrupt(), 130, ""),
        (Failed("a\x1b[31m\nb"), 1, "zhibiao: a\\x1b[31m\nb\n"),
        (WrongSetting("no"), 2, "zhibiao: no\n"),
        (WrongUsage("no"), 2, "zhibiao: no\n"),
        (BadSettings("ZHIBIAO_X: no"), 2, "zhibiao: ZHIBIAO_X: no\n"),
        (UnusableLedger("the ledger is damaged"), 1, "zhibiao: the ledger is damaged\n"),
    ],
)
def test_whatever_ends_a_command_has_its_status(
    harm: BaseException, code: int, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And one line for people, which acts on no terminal."""

    def harmed(*_: object, **__: object) -> None:
        raise harm

    monkeypatch.setattr(tail_command, "tail", harmed)
    result = CliRunner().invoke(main, ["tail"])

    assert (result.exit_code, result.stderr) == (code, said)


def test_why_a_command_failed_goes_where_it_is_wanted() -> None:
    out = io.StringIO()
    Failed("no").show(out)

    assert out.getvalue() == "zhibiao: no\n"
