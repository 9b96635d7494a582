"""The command line: its group, and which commands it has; how each is called stands in ``zhibiao/calling``."""

from typing import ClassVar

import click

from zhibiao import __version__, wording
from zhibiao.calling import care, reading, reviewing, service, tables
from zhibiao.calling.listed import Listed
from zhibiao.exits import TABLE, Commands
from zhibiao.settings import SpeechSettings, load

#: By what they are for, in the order of the help.
SECTIONS: dict[str, tuple[click.Command, ...]] = {
    "Make tables of a folder of reports": (tables.export, tables.panel, tables.codebook),
    "Look at one report": (reading.extract, reading.view),
    "Say what is right": (reviewing.review, reviewing.gold),
    "Run the service": (service.demo, service.up, service.page, service.tail),
    "Look after the service": (
        care.status,
        care.retry,
        care.reprocess,
        care.withdraw,
        care.replay,
        tables.store,
        care.doctor,
    ),
}
COMMANDS: tuple[click.Command, ...] = tuple(command for commands in SECTIONS.values() for command in commands)


class _Sections(Listed, Commands):
    sections: ClassVar = {heading: tuple(str(one.name) for one in commands) for heading, commands in SECTIONS.items()}


@click.group(
    cls=_Sections,
    commands=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog=TABLE,
)
@click.version_option(__version__, prog_name="zhibiao")
def main() -> None:
    """Zhibiao 指标: Chinese government reports in, typed and sourced figures out.

    \b
    Start here:
      zhibiao export reports/ -o figures.xlsx            every figure of a folder
      zhibiao panel work_report reports/ -o panel.xlsx   by place and year
      zhibiao extract report.pdf --table                 one file
      zhibiao up                                         a page to drop files on

    Settings are environment variables (ZHIBIAO_...) or lines of .env; README.md lists them.
    """
    wording.speak(load(SpeechSettings).lang)


if __name__ == "__main__":
    main()
