"""Commands that look after what was taken in: status, retry, reprocess, withdraw, replay, doctor."""

from typing import Literal

import click

from zhibiao.calling.options import AS_JSON, SINCE
from zhibiao.settings import ServiceSettings, load
from zhibiao.wording import say


@click.command()
@click.argument("file", required=False)
@click.option(
    "--limit", type=click.IntRange(min=0), default=20, show_default=True, help="List so many files that are not done."
)
@AS_JSON
def status(file: str | None, limit: int, *, as_json: bool) -> None:
    """Say where files are on their way, and why one is not done.

    Without FILE: how many files are in which state, what is wrong right now, and which files are not done, and why.
    FILE is a path as it is or was in the inbox, or as it is in the processed or quarantine folder.

    \b
    Examples:
      zhibiao status
      zhibiao status 2023/report.txt
      zhibiao status --json --limit 1000 | jq '.unfinished[] | select(.state == "queued")'
    """
    from watcher.settings import WatcherSettings
    from zhibiao.commands.status import status as run

    run(load(WatcherSettings), file, limit, as_json=as_json)


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option("--all", "everything", is_flag=True, help="Everything in quarantine that failed.")
@AS_JSON
def retry(files: tuple[str, ...], *, everything: bool, as_json: bool) -> None:
    """Put files from quarantine back, to be read once more.

    FILE is a file in the quarantine folder, or its path below the inbox as it was. One that newer content has come
    after stays where it is, because what comes into the inbox last wins.

    \b
    Examples:
      zhibiao retry quarantine/2023/report.txt
      zhibiao retry --all
    """
    if bool(files) == everything:
        raise click.UsageError(say("usage.retry_which"))
    from watcher.settings import WatcherSettings
    from zhibiao.commands.retry import retry as run

    run(load(WatcherSettings), None if everything else files, as_json=as_json)


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option("--older", is_flag=True, help="All that were read by older rules.")
@click.option("--all", "everything", is_flag=True, help="All that were not read by the rules that are installed.")
@AS_JSON
def reprocess(files: tuple[str, ...], *, older: bool, everything: bool, as_json: bool) -> None:
    """Read filed reports again, by the rules installed now.

    For after an upgrade. FILE is a file in the processed folder, or its path below the inbox as it was. Each gets a new event
    for the same revision, which names the one that it replaces, and the new reading takes the place of the old one in Redis
    and beside the file. The watcher does it, behind what comes new, now or when it starts.

    \b
    Examples:
      zhibiao reprocess --older
      zhibiao reprocess processed/2023/report.txt
      zhibiao status
    """
    if bool(files) + older + everything != 1:
        raise click.UsageError(say("usage.again_which"))
    from watcher.settings import WatcherSettings
    from zhibiao.commands.reprocess import reprocess as run

    run(load(WatcherSettings), files, everything=everything, as_json=as_json)


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--why", metavar="TEXT", help="The reason, for consumers and for who looks at the file later.")
@AS_JSON
def withdraw(files: tuple[str, ...], why: str | None, *, as_json: bool) -> None:
    """Take documents back: what was published no longer holds.

    FILE is a file in the processed folder, or its path below the inbox as it was; all revisions of its document go. An event
    says so in zhibiao:withdrawals, the keys of its reports are gone, and its files move to quarantine with the reason,
    their JSON beside them. Dropped again, or put back by zhibiao retry FILE, a file is read anew, as the next revision.

    \b
    Examples:
      zhibiao withdraw processed/2023/report.txt --why "replaced by a corrected report"
      zhibiao withdraw 2023/report.txt
    """
    from watcher.settings import WatcherSettings
    from zhibiao.commands.withdraw import withdraw as run

    run(load(WatcherSettings), files, why, as_json=as_json)


@click.command()
@click.option("--since", "from_id", type=SINCE, default="0", help="Begin with events since then.  [default: 0, all]")
@click.option("--print", "print_only", is_flag=True, help="Only print the events, one JSON a line; publish nothing.")
@AS_JSON
def replay(from_id: str, *, print_only: bool, as_json: bool) -> None:
    """Publish events again, for consumers that were away.

    Events of that time are sent again on their channels, with the ids that they had, so that a consumer can tell
    which it has seen; the streams stay as they are. What a stream no longer holds comes from the JSON files in the
    processed folder. Reports that Redis has lost altogether are published anew from there: stream, key and channels,
    once each, and whatever --since says, because nothing tells any more when they came. Ends with 1, and names them,
    where events cannot be read.

    A consumer that reads the stream from its own last id (examples/consume.py) never needs this.

    \b
    Examples:
      zhibiao replay --since 2h
      zhibiao replay --since 2026-11-24T08:00
      zhibiao replay --print > events.jsonl
    """
    from watcher.settings import WatcherSettings
    from worker.settings import WorkerSettings
    from zhibiao.commands.replay import replay as run

    run(load(WatcherSettings), load(WorkerSettings), from_id, print_only=print_only, as_json=as_json)


@click.command()
@click.option(
    "--part",
    type=click.Choice(["service", "worker"]),
    default="service",
    show_default=True,
    envvar="ZHIBIAO_DOCTOR_PART",
    help="worker: what a worker alone on its machine needs; its image has that for its own.",
)
@AS_JSON
def doctor(part: Literal["service", "worker"], *, as_json: bool) -> None:
    """Check machine, folders and Redis, and say what helps.

    Ends with 1 if any check fails; warnings alone are no failure.

    \b
    Examples:
      zhibiao doctor
      zhibiao doctor --part worker
      zhibiao doctor --json | jq '.checks[] | select(.level != "ok")'
    """
    from zhibiao.commands.doctor import doctor as run

    run(load(ServiceSettings), part, as_json=as_json)
