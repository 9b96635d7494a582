"""Each command hands what was typed to the function that does the work, under the right name and with the right defaults."""

import importlib
import os
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from exports.filters import Wanted
from zhibiao.cli import main
from zhibiao.commands.documents import Said
from zhibiao.commands.export import Target
from zhibiao.commands.review import Figure
from zhibiao.commands.tail import Wanted as Shown

CORES = os.cpu_count() or 1
NOTHING_SAID = dict.fromkeys(("value", "value_high", "unit", "indicator", "period", "measure", "change", "status"))
BY = {"note": "n", "by": "甲"}
#: What is typed -> module and function, what it is given behind the settings, and by name.
CALLS: list[tuple[str, str, list[Any], dict[str, Any]]] = [
    ("status", "status.status", [None, 20], {"as_json": False}),
    ("status a.txt --limit 0 --json", "status.status", ["a.txt", 0], {"as_json": True}),
    ("retry a b", "retry.retry", [("a", "b")], {"as_json": False}),
    ("retry --all --json", "retry.retry", [None], {"as_json": True}),
    ("reprocess a", "reprocess.reprocess", [("a",)], {"everything": False, "as_json": False}),
    ("reprocess --older --json", "reprocess.reprocess", [()], {"everything": False, "as_json": True}),
    ("reprocess --all", "reprocess.reprocess", [()], {"everything": True, "as_json": False}),
    ("withdraw a b --why 错", "withdraw.withdraw", [("a", "b"), "错"], {"as_json": False}),
    ("withdraw a --json", "withdraw.withdraw", [("a",), None], {"as_json": True}),
    ("doctor", "doctor.doctor", ["service"], {"as_json": False}),
    ("doctor --part worker --json", "doctor.doctor", ["worker"], {"as_json": True}),
    ("up", "up.up", [], {"timings": False}),
    ("up --timings --log json", "up.up", [], {"timings": True}),
    ("page", "page.page", [], {}),
    ("tail", "tail.tail", [Shown(failures=True), None, None], {"as_json": False}),
    ("tail --json -n 3 --since 5-1", "tail.tail", [Shown(), "5-1", 3], {"as_json": True}),
    ("tail --region 甲市", "tail.tail", [Shown(region="甲市"), None, None], {"as_json": False}),
    ("tail --period 2023 --failures", "tail.tail", [Shown(failures=True, period="2023"), None, None], {"as_json": False}),
    ("tail --no-failures", "tail.tail", [Shown(), None, None], {"as_json": False}),
    ("store rebuild", "store.rebuild", [], {}),
    ("store status", "store.status", [], {"as_json": False}),
    ("store status --json", "store.status", [], {"as_json": True}),
    ("codebook list", "codebook.show", [], {}),
    ("codebook new d --jobs 2", "codebook.draft", [Path("d"), 2], {}),
    ("codebook new", "codebook.draft", [None, CORES], {}),
    ("panel work_report d -o p.csv", "panel.panel", ["work_report", Path("d"), Path("p.csv"), Said(), CORES], {}),
    (
        "panel rule_of_law -o p.xlsx --documents a.txt --path-pattern x --reviews r --jobs 1", "panel.panel",
        ["rule_of_law", None, Path("p.xlsx"), Said(Path("a.txt"), "x", Path("r")), 1], {},
    ),
    ("gold export", "gold.export", [None, None], {}),
    ("gold export d -o g.jsonl", "gold.export", [Path("d"), Path("g.jsonl")], {}),
    ("extract a.txt", "extract.extract", [Path("a.txt")], {"table": False}),
    ("extract a.txt --table", "extract.extract", [Path("a.txt")], {"table": True}),
    ("extract a.txt --explain", "explain.explain", [Path("a.txt")], {"as_json": False}),
    ("extract - --explain --json", "explain.explain", [Path("-")], {"as_json": True}),
    ("extract a.txt d -o out --jobs 3", "extract_many.extract_many", [(Path("a.txt"), Path("d")), Path("out"), 3], {}),
    ("view a.txt -o v.html", "view.view", [Path("a.txt"), Path("v.html"), "zh-Hans"], {}),
    ("view - -o v.html --language en", "view.view", [Path("-"), Path("v.html"), "en"], {}),
    (
        "export", "export.export", [None, Target("csv", None), Wanted()],
        {"every_revision": False, "jobs": CORES, "said": Said(), "with_struck": False},
    ),
    (
        "export d --place 甲 --place 乙 --period 2023 --kind audit --indicator x --status planned --min-confidence 0.5"
        " --revision all --wide -o t.xlsx --documents a.txt --path-pattern y --reviews r --with-struck --jobs 2",
        "export.export",
        [
            Path("d"), Target("xlsx", Path("t.xlsx"), wide=True),
            Wanted(("甲", "乙"), ("2023",), ("audit",), ("x",), ("planned",), 0.5),
        ],
        {"every_revision": True, "jobs": 2, "said": Said(Path("a.txt"), "y", Path("r")), "with_struck": True},
    ),
    (
        "review confirm a.txt --at 3:8 --note n --by 甲", "review.judge",
        ["confirm", Figure("a.txt", None, (3, 8)), BY], {},
    ),
    (
        "review strike a.txt --figure 2 --folder d --note n --by 甲", "review.judge",
        ["strike", Figure("a.txt", Path("d"), None, 2), BY], {},
    ),
    (
        "review correct a.txt --cell gdp 2025 planned --codebook b --value 3 --value-high 4 --unit 件 --indicator 名"
        " --period 2025 --measure level --change increase --status achieved --note n --by 甲",
        "review.judge",
        [
            "correct", Figure("a.txt", None, None, None, ("gdp", "2025", "planned"), "b"),
            {
                "value": "3", "value_high": "4", "unit": "件", "indicator": "名", "period": "2025", "measure": "level",
                "change": "increase", "status": "achieved", **BY,
            },
        ],
        {},
    ),
    (
        "review add a.txt --quote 3件 --value 3", "review.add",
        [Figure("a.txt"), "3件", {**NOTHING_SAID, "value": "3", "note": "", "by": ""}], {},
    ),
    (
        "review add a.txt --at 3:5", "review.add",
        [Figure("a.txt", None, (3, 5)), None, {**NOTHING_SAID, "note": "", "by": ""}], {},
    ),
    ("review undo", "review.undo", [None, ""], {}),
    ("review undo 3 --by 甲", "review.undo", [3, "甲"], {}),
    ("review list", "review.show", [None], {"orphans": False, "as_json": False}),
    ("review list --orphans --folder d --json", "review.show", [Path("d")], {"orphans": True, "as_json": True}),
]  # fmt: skip


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").touch()
    (tmp_path / "d").mkdir()


@pytest.mark.parametrize(("typed", "called", "behind", "named"), CALLS, ids=[row[0][:60] for row in CALLS])
def test_a_command_hands_on_what_was_typed(
    typed: str, called: str, behind: list[Any], named: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[tuple[tuple[Any, ...], dict[str, Any]]] = []
    module, _, name = called.partition(".")
    monkeypatch.setattr(
        importlib.import_module(f"zhibiao.commands.{module}"), name, lambda *said, **more: calls.append((said, more))
    )
    result = CliRunner().invoke(main, typed.split(), catch_exceptions=False)

    assert (result.exit_code, result.output) == (0, "")
    [(given, more)] = calls
    settings = () if typed == "codebook list" else given[:1]
    assert [type(one).__name__.endswith("Settings") for one in settings] == [True] * len(settings)
    assert ([*given[len(settings) :]], more) == (behind, named)


def test_the_others_are_given_what_their_settings_are_of(monkeypatch: pytest.MonkeyPatch) -> None:
    """What has no settings of its own, or those of two parts."""
    calls: list[Any] = []
    for name in ("replay", "demo"):
        module = importlib.import_module(f"zhibiao.commands.{name}")
        monkeypatch.setattr(module, name, lambda *said, **more: calls.append(([*said], more)))
    for typed in ("replay", "replay --since 7-0 --print --json", "demo", "demo --limit 5 --stay", "demo --no-stay"):
        assert CliRunner().invoke(main, typed.split(), catch_exceptions=False).exit_code == 0
    replays, demos = calls[:2], calls[2:]

    assert [type(one).__module__ for one in replays[0][0][:2]] == ["watcher.settings", "worker.settings"]
    assert [(said[2], more) for said, more in replays] == [
        ("0-0", {"print_only": False, "as_json": False}),
        ("7-0", {"print_only": True, "as_json": True}),
    ]
    demos_called = [([180.0], None), ([5.0], True), ([180.0], False)]
    assert demos == [(limit, {"stay": stay, "verbose": False}) for limit, stay in demos_called]


def test_the_log_s_form_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    forms: list[str] = []
    up = importlib.import_module("zhibiao.commands.up")
    monkeypatch.setattr(up, "up", lambda settings, **_: forms.append(settings.log_format))
    for typed in (["up"], ["up", "--log", "text"]):
        CliRunner().invoke(main, typed, env={"ZHIBIAO_LOG_FORMAT": "json"}, catch_exceptions=False)

    assert forms == ["json", "text"]


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("retry", "name files, or give --all"),
        ("retry a --all", "name files, or give --all"),
        ("reprocess", "name files, or give --older or --all"),
        ("reprocess a --older", "name files, or give --older or --all"),
        ("reprocess --older --all", "name files, or give --older or --all"),
        ("withdraw", "Missing argument"),
        ("extract a.txt --table --explain", "give --table or --explain"),
        ("extract a.txt --json", "--json goes with --explain"),
        ("extract a.txt -o out --table", "-o writes reports as JSON"),
        ("extract a.txt -o out --explain", "-o writes reports as JSON"),
        ("extract a.txt a.txt", "need -o FOLDER"),
        ("extract d", "need -o FOLDER"),
        ("review add a.txt", "give --at START:END or --quote TEXT"),
        ("review add a.txt --at 1:2 --quote x", "give --at START:END or --quote TEXT"),
        ("review confirm a.txt --at 5:5", "'5:5' is no place; two numbers as 375:381 would be right"),
        ("review confirm a.txt --at 8:5", "is no place"),
        ("review confirm a.txt --at 8", "is no place"),
        ("review confirm a.txt --at x:9", "is no place"),
        ("review confirm a.txt --figure 0", "0 is not in the range x>=1"),
        ("review undo 0", "0 is not in the range x>=1"),
        ("export --min-confidence 1.5", "1.5 is not in the range 0<=x<=1"),
        ("export --jobs 0", "0 is not in the range x>=1"),
        ("status --limit -1", "-1 is not in the range x>=0"),
        ("panel rule_of_law", "Missing option '-o'"),
        ("view a.txt", "Missing option '-o'"),
    ],
)
def test_what_cannot_go_together_is_said(typed: str, why: str) -> None:
    result = CliRunner().invoke(main, typed.split(), catch_exceptions=False)

    assert result.exit_code == 2
    assert why in result.output
