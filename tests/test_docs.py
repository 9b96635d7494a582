"""The documents say what the code does."""

import json
import re
from pathlib import Path
from typing import Any, get_args

import click
import pytest
from pydantic_settings import BaseSettings

from benchmarks import indicators, rules
from delivery.settings import SharedSettings, SinkSettings
from page.settings import PageSettings
from watcher.ledger.rows import State
from watcher.settings import WatcherSettings
from worker.extract.rule_list import catalogue
from worker.facts import load_facts
from worker.pipeline import read_draft
from worker.settings import WorkerSettings
from worker.tools import load_tools
from zhibiao import exits
from zhibiao.cli import main
from zhibiao.commands.explain import lines
from zhibiao.commands.extract import read
from zhibiao.settings import ServiceSettings, SpeechSettings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
README_ZH = (ROOT / "README.zh-CN.md").read_text("utf-8")
COMMANDS = sorted(main.commands)

OWNERS: dict[type[BaseSettings], str] = {
    SharedSettings: "all",
    SinkSettings: "watcher, relay",
    WatcherSettings: "watcher",
    WorkerSettings: "worker",
    ServiceSettings: "`zhibiao up`",
    PageSettings: "page",
    SpeechSettings: "commands",
}


def _settings_table() -> str:
    rows = ["| variable | read by | default | meaning |", "| --- | --- | --- | --- |"]
    listed: set[str] = set()
    for owner, reader in OWNERS.items():
        own = {name: field for name, field in owner.model_fields.items() if name not in listed}
        listed |= own.keys()
        for name, field in own.items():
            default = _shown(field.get_default(call_default_factory=True, validated_data={}))
            rows.append(f"| `ZHIBIAO_{name.upper()}` | {reader} | {default} | {field.description} |")
    return "\n".join(rows)


def _shown(default: Any) -> str:
    if default in (None, ""):
        return "unset"
    if isinstance(default, tuple | bool):
        return f"`{json.dumps(default)}`"
    return f"`{default:g}`" if isinstance(default, float) else f"`{default}`"


def _subclasses(base: type[BaseSettings]) -> set[type[BaseSettings]]:
    return {base} | {deeper for child in base.__subclasses__() for deeper in _subclasses(child)}


def test_the_settings_table_lists_every_field_as_the_code_has_it() -> None:
    """Name, reader, default and meaning; the table to put in is the assertion's right side."""
    found = re.search(r"\| variable \|.*?(?=\n\n)", README, re.DOTALL)

    assert found
    assert found[0] == _settings_table()


def test_the_chinese_settings_table_has_the_same_variables_and_defaults() -> None:
    """In the same order; its readers and meanings are words."""
    chinese = re.findall(r"^\| (`ZHIBIAO_\w+`) \| [^|]+ \| ([^|]+) \| .+ \|$", README_ZH, re.MULTILINE)
    english = re.findall(r"^\| (`ZHIBIAO_\w+`) \| [^|]+ \| ([^|]+) \| .+ \|$", _settings_table(), re.MULTILINE)

    assert chinese == [(name, default.replace("unset", "未设")) for name, default in english]


def test_no_settings_class_is_left_out() -> None:
    """A new class of settings must be given a reader here, and so come into the table."""
    project = {
        owner
        for owner in _subclasses(BaseSettings)
        if owner.__module__.partition(".")[0] in ("delivery", "watcher", "worker", "page", "zhibiao")
    }

    assert project == set(OWNERS)


def test_every_exit_status_is_in_the_readme() -> None:
    """The statuses of the README are those of the command line."""
    stated = set(re.findall(r"^  (\d+)  ", exits.TABLE, re.MULTILINE))

    assert stated == {"0", str(exits.FAILURE), str(exits.USAGE), str(exits.INTERRUPTED), str(exits.BROKEN_PIPE)}
    assert {f"| {status} |" for status in stated} <= set(re.findall(r"^\| \d+ \|", README, re.MULTILINE))


def test_the_result_in_the_readme_is_what_is_read() -> None:
    """Each field that is shown is the one that the seed's report has."""
    block = re.search(r"From `(seeds/[^`]+)`.*?```json\n(.*?)```", README, re.DOTALL)
    assert block
    shown = json.loads(block[2])
    seed = ROOT / block[1]

    report = json.loads(read(seed.read_bytes(), seed.name).model_dump_json())

    assert {name: report[name] for name in ("id", "revision")} == {name: shown[name] for name in ("id", "revision")}
    assert shown["document"].items() <= report["document"].items()
    for metric in shown["metrics"]:
        assert metric in [_like(metric, found) for found in report["metrics"]]


def _like(shown: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    return {name: _like(part, found[name]) if isinstance(part, dict) else found[name] for name, part in shown.items()}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_readme_and_shows_examples(name: str) -> None:
    """A newcomer finds each command in the README, and in its help how it is called."""
    command = main.commands[name]

    assert f"zhibiao {name}" in README
    assert command.help is not None
    examples = command.help.partition("Examples:\n")[2]
    assert f"zhibiao {name}" in examples


@pytest.mark.parametrize("name", COMMANDS)
def test_the_examples_of_the_help_are_calls_that_the_parser_takes(name: str) -> None:
    """Options and arguments in the examples exist."""
    command = main.commands[name]
    assert command.help is not None
    for line in command.help.partition("Examples:\n")[2].splitlines():
        call = re.search(rf"zhibiao {name}\b([^|>]*)", line)
        if call:
            words = [word.strip("'\"") for word in call[1].split()]
            inner = command.commands[words[0]] if isinstance(command, click.Group) else command
            options = {option for parameter in inner.params for option in (*parameter.opts, *parameter.secondary_opts)}
            assert {word for word in words if word.startswith("-") and word != "-"} <= options
    assert isinstance(command, click.Command)


@pytest.mark.parametrize(
    ("document", "target"),
    [
        (str(document.relative_to(ROOT)), target)
        for document in [*sorted(ROOT.glob("README*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
        for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", document.read_text("utf-8"))
    ],
)
def test_links_between_files_lead_somewhere(document: str, target: str) -> None:
    """A link in a document names a file that there is."""
    assert ((ROOT / document).parent / target).exists()


@pytest.mark.parametrize("name", ["subscribe.py", "consume.py"])
def test_examples_are_short(name: str) -> None:
    """An example that does not fit on a screen or two is none; living through a Redis that is away takes half of it."""
    assert len((ROOT / "examples" / name).read_text("utf-8").splitlines()) <= 80


@pytest.mark.parametrize(
    ("package", "pattern"),
    [
        ("schemas", "*"),
        ("delivery", "*"),
        ("watcher", "**/*"),
        ("worker", "*"),
        ("exports", "*"),
        ("panels", "*"),
        ("zhibiao", "**/*"),
    ],
)
def test_the_map_names_every_module(package: str, pattern: str) -> None:
    """A newcomer finds each module on it; those of the commands have their names."""
    named = set(re.findall(r"`([a-z_]+)`", (ROOT / "docs" / "architecture.md").read_text("utf-8")))

    modules = {path.stem for path in (ROOT / package).glob(f"{pattern}.py") if not path.stem.startswith("_")}
    assert modules - named - set(COMMANDS) == set()


def test_the_page_of_rules_is_made_from_the_rules() -> None:
    """``make generate`` writes it."""
    assert rules.PAGE.read_text("utf-8") == rules.page()


def test_the_page_of_indicators_is_made_from_the_catalogue() -> None:
    """``make generate`` writes it; each indicator has one row, in the order of the ids."""
    page = indicators.page()
    ids = [entry["id"] for entry in load_facts("catalogue")["indicator"]]

    assert indicators.PAGE.read_text("utf-8") == page
    assert indicators.LIST.read_text("utf-8") == indicators.listed()
    assert re.findall(r"^\| `([^`]+)` \|", page, re.MULTILINE) == sorted(ids)


def test_the_figure_that_extraction_follows_is_explained_so() -> None:
    """The block is what ``--explain`` prints of the text above it; what to put in is the assertion's right side."""
    page = (ROOT / "docs" / "extraction.md").read_text("utf-8")
    section = page.partition("## One figure, as `--explain` prints it")[2]
    text, shown = re.findall(r"```\n(.*?)```", section, re.DOTALL)[:2]

    printed = list(lines(read_draft(text.encode(), "report.txt", load_tools())))

    start = next(place for place, line in enumerate(printed) if " 485件 " in line)
    end = next(place for place in range(start + 1, len(printed)) if not printed[place].startswith(" "))
    assert shown.splitlines() == printed[start:end]
    told = section.partition("Of the rules for names that are asked first")[2].partition("decides")[0]
    asked = [name for _, rules in catalogue() for name, _ in rules if name.startswith("indicator.")]
    assert [f"indicator.{name}" for name in re.findall("`([a-z_]+)`", told)] == asked[
        : asked.index("indicator.act_on_thing_before") + 1
    ]


GLOSSARY = (ROOT / "docs" / "glossary.md").read_text("utf-8")
WORDS = re.findall(r"^\| ([a-z -]+) \| (.+) \| `([^`]+)` \|$", GLOSSARY, re.MULTILINE)


@pytest.mark.parametrize(("word", "path"), [(word, path) for word, _, path in WORDS])
def test_a_word_of_the_glossary_is_used_where_it_says(word: str, path: str) -> None:
    """A word that the code gave up, and a file that moved, leave the glossary with it."""
    text = path + (ROOT / path).read_text("utf-8")
    spelt = re.sub("[ -]", "[ _-]?", word)  # hand-over, handover, HandOver; done key, done_key

    assert re.search(rf"(?<![a-z]){spelt}(?:s|es|d|ed|ing)?(?![a-z])", text, re.IGNORECASE)


def test_the_glossary_has_each_word_once_and_in_order() -> None:
    """Every row of its tables is one, and is found by the alphabet."""
    parts = [re.findall(r"^\| (.+?) \|", part, re.MULTILINE)[2:] for part in GLOSSARY.split("\n## ")[1:]]

    assert [word for part in parts for word in part] == [word for word, _, _ in WORDS]
    assert parts == [sorted(part) for part in parts]
    assert len(WORDS) == len({word for word, _, _ in WORDS})


@pytest.mark.parametrize("state", sorted(get_args(State)), ids=str)
def test_every_state_of_the_ledger_is_in_the_glossary(state: str) -> None:
    """A new one is explained there."""
    assert state in {word for word, _, _ in WORDS}


DECISIONS = sorted((ROOT / "docs" / "decisions").glob("[!R]*.md"))
PARTS_OF_A_DECISION = ["Context", "Decision", "What else there is", "What it costs", "When to look again"]


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_a_decision_has_its_parts_and_its_place_in_the_index(page: Path) -> None:
    """In their order, and short enough to be read; the files that it names exist."""
    text = page.read_text("utf-8")

    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == PARTS_OF_A_DECISION
    assert len(text.splitlines()) <= 40
    assert f"]({page.name})" in (page.parent / "README.md").read_text("utf-8")
    named = re.findall(r"`([a-z_]+/[a-z_/]+\.[a-z]+)`", text)
    assert [path for path in named if not (ROOT / path).exists() and not path.startswith("state/")] == []
