"""How a group of commands lists them in its help: by what they are for, each description whole."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

import click


class Listed(click.Group):
    """A group whose help says everything of its commands: what is wider than the terminal goes on below.

    ``sections``: heading -> names, in the order of the help; without it all stand under Commands, in the order in which they were added.
    """

    sections: ClassVar[Mapping[str, Sequence[str]]] = {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Their names, in the order of the help."""
        listed = [name for names in self.sections.values() for name in names]
        return [*listed, *(name for name in self.commands if name not in listed)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the sections."""
        widest = max(map(len, self.commands), default=0)
        for heading, names in (self.sections or {"Commands": self.list_commands(ctx)}).items():
            rows = [(name.ljust(widest), self.commands[name].get_short_help_str(limit=1000)) for name in names]
            with formatter.section(heading):
                formatter.write_dl(rows)
