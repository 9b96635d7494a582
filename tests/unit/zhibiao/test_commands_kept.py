"""How the commands are called, against what is kept of it: a script of today goes on to work."""

import os

import click
import pytest

from benchmarks.commands import commands
from benchmarks.golden import COMMANDS
from zhibiao.calling import care, options, reading, reviewing, service, tables
from zhibiao.cli import main

COMMAND_GROUPS = (care, reading, reviewing, service, tables)


def test_commands_are_called_as_they_are_kept() -> None:
    """Names, defaults and limits of options change only when somebody means it, and says so by ``make golden``."""
    assert commands() == COMMANDS.read_text("utf-8").splitlines()


def test_every_command_is_in_the_group() -> None:
    own = {one for module in COMMAND_GROUPS for one in vars(module).values() if isinstance(one, click.Command)}
    inner = {one for group in own if isinstance(group, click.Group) for one in group.commands.values()}

    assert own - inner == {*main.commands.values()}


@pytest.mark.parametrize("cores", [7, None])
def test_files_are_read_by_as_many_processes_as_there_are_cores(
    monkeypatch: pytest.MonkeyPatch, cores: int | None
) -> None:
    """Those of the machine; one where nobody can tell."""
    found = [one for command in main.commands.values() for one in command.params if one.name == "jobs"]
    assert {one.default for one in found} == {os.cpu_count()}
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    assert options.processes() == (cores or 1)
