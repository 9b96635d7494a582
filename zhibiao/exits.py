"""Exit statuses of the command line, and how errors become them."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from typing import Any

import click

from schemas.visible import visible
from watcher.running.damage import UnusableLedger
from zhibiao.settings import BadSettings, SpeechSettings, load
from zhibiao.wording import language, say, speak, told, told_by_library

FAILURE = 1
USAGE = 2
INTERRUPTED = 130
BROKEN_PIPE = 141

TABLE = """\b
Exit statuses:
  0    done
  1    failed; the reason is on standard error
  2    wrong usage, a file or folder that is not there, or a setting that cannot be used
  130  interrupted by Ctrl-C
  141  the reader of the output went away"""


class Failed(click.ClickException):
    """A command could not do what it was asked to; the message says why and what would help."""

    exit_code = FAILURE

    def show(self, file: Any = None) -> None:
        """Print the reason on standard error; one of several lines stays so."""
        text = "\n".join(visible(told(line)) for line in self.message.split("\n"))
        click.echo(f"zhibiao: {text}", file=file or sys.stderr)


class WrongSetting(Failed):
    """A setting cannot be used."""

    exit_code = USAGE


class WrongUsage(Failed):
    """What was asked for cannot be: options that do not go together, a file or folder that is not there."""

    exit_code = USAGE


class WrongCall(click.UsageError):
    """What click has against a call, in Chinese."""

    def __init__(self, error: click.UsageError) -> None:
        super().__init__(told_by_library(error.format_message()), error.ctx)

    def show(self, file: Any = None) -> None:
        """Print how the command is called, where more is said, and what is wrong, on standard error."""
        file = file or sys.stderr
        if self.ctx is not None:
            command, called = self.ctx.command_path, self.ctx.command.collect_usage_pieces(self.ctx)
            click.echo(say("usage.call", command=command, pieces=" ".join(called)), file=file)
            click.echo(say("usage.help", command=command) + "\n", file=file)
        click.echo(say("usage.error", message=self.message), file=file)


@contextmanager
def _wrong_calls_in_our_words() -> Iterator[None]:
    try:
        yield
    except click.exceptions.NoArgsIsHelpError:
        raise
    except click.UsageError as error:
        with suppress(BadSettings):  # the group itself may be called wrong, before it has looked
            speak(load(SpeechSettings).lang)
        if language() != "zh":
            raise
        raise WrongCall(error) from None


class Commands(click.Group):
    """A group of commands that ends with the statuses of :data:`TABLE` whatever happens in them."""

    def make_context(self, *args: Any, **more: Any) -> click.Context:
        """What is called, as click makes it of the words of the command line."""
        with _wrong_calls_in_our_words():
            return super().make_context(*args, **more)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was named."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")  # a terminal that has no Chinese is no reason to fail
        try:
            with _wrong_calls_in_our_words():
                result = super().invoke(ctx)
            sys.stdout.flush()
        except KeyboardInterrupt:
            raise click.exceptions.Exit(INTERRUPTED) from None
        except BrokenPipeError:
            # Python flushes standard output once more at exit; nobody would read it.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise click.exceptions.Exit(BROKEN_PIPE) from None
        except BadSettings as error:
            raise WrongSetting(str(error)) from None
        except UnusableLedger as error:
            raise Failed(str(error)) from None
        return result
