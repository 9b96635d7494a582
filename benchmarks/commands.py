"""The commands with their arguments and options, as people see them and programs call them; ``make golden`` keeps them.

A call that a script makes today has to mean the same tomorrow: a name, a default or a limit that changes is seen in
``tests/golden/commands.txt``.
"""

from collections.abc import Iterator
from typing import Any

import click

from zhibiao.cli import main

#: Their defaults are the machine's own, and not kept.
_OF_MACHINE = frozenset(["jobs"])


def commands() -> list[str]:
    """For each command the lines of its help, and below them a line for each parameter."""
    return [
        line
        for name, command in _all("zhibiao", main)
        for line in (*_help(name, command), *_parameters(name, command), "")
    ]


def _all(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    yield name, command
    if isinstance(command, click.Group):
        for inner in sorted(command.commands):
            yield from _all(f"{name} {inner}", command.commands[inner])


def _help(name: str, command: click.Command) -> list[str]:
    said = {**main.context_settings, "terminal_width": main.context_settings["max_content_width"]}
    return [line.rstrip() for line in command.get_help(click.Context(command, info_name=name, **said)).splitlines()]


def _parameters(name: str, command: click.Command) -> Iterator[str]:
    for parameter in command.params:
        told = parameter.to_info_dict()
        kind: dict[str, Any] = told.pop("type")
        kind["path_type"] = getattr(getattr(parameter.type, "type", None), "__name__", None)
        del told["help" if "help" in told else "param_type_name"]
        if parameter.name in _OF_MACHINE:
            del told["default"]
        said = {**told, **{f"type.{key}": value for key, value in kind.items()}}
        facts = (f"{key}={_text(value)}" for key, value in sorted(said.items()) if not _is_usual(value))
        yield f"{name} {parameter.name}: {', '.join(facts)}"


def _is_usual(value: Any) -> bool:
    return value is None or value is False or value == []


def _text(value: Any) -> str:
    return "/".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
