"""The command line: its group, and which commands it has; how each is called stands in ``zhibiao/calling``."""

import click

from zhibiao import __version__, wording
from zhibiao.calling import care, reading, reviewing, service, tables
from zhibiao.exits import TABLE, Commands
from zhibiao.settings import SpeechSettings, load

COMMANDS: tuple[click.Command, ...] = (
    service.up,
    service.page,
    service.tail,
    service.demo,
    reading.extract,
    reading.view,
    tables.export,
    tables.panel,
    tables.codebook,
    tables.store,
    reviewing.review,
    reviewing.gold,
    care.status,
    care.retry,
    care.reprocess,
    care.withdraw,
    care.replay,
    care.doctor,
)


@click.group(
    cls=Commands,
    commands=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog=TABLE,
)
@click.version_option(__version__, prog_name="zhibiao")
def main() -> None:
    """Zhibiao 指标: drop Chinese government reports in, get typed and sourced figures out on Redis.

    \b
    Start here:
      zhibiao up                       start the service in this folder
      cp report.txt inbox/             drop a report in, from another terminal
      zhibiao tail                     see the results arrive
      http://127.0.0.1:8480            look at them in a browser
      zhibiao extract report.txt       read one file, without any service

    Settings are environment variables (ZHIBIAO_...) or lines of .env; README.md lists them.
    """
    wording.speak(load(SpeechSettings).lang)


if __name__ == "__main__":
    main()
