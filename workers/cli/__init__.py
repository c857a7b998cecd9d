"""The command line: assembles the commands, each of which lives in a file named after it.

Exit codes: 0 fine, 1 some item failed, 2 wrong usage or configuration, 130 interrupted.
Results go to standard output, progress and messages to standard error.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from importlib import import_module
from typing import IO, Any

import click

from pipeline.errors import PipelineError, SourceError
from workers import logs
from workers.cli.invocation import Invocation, data_dir_option
from workers.finding import LEFT_BEHIND

#: command -> where it is; imported when it is called or listed, so that starting stays fast
COMMANDS = {
    "run": "workers.cli.run:run",
    "up": "workers.cli.up:up",
    "enqueue": "workers.cli.enqueue:enqueue",
    "status": "workers.cli.status:status",
    "articles": "workers.cli.articles:articles",
    "show": "workers.cli.show:show",
    "why": "workers.cli.why:why",
    "failures": "workers.cli.failures:failures",
    "retry": "workers.cli.retry:retry",
    "delete": "workers.cli.delete:delete",
    "export": "workers.cli.export:export",
    "feeds": "workers.cli.feeds:feeds",
    "doctor": "workers.cli.doctor:doctor",
    "migrate": "workers.cli.services:migrate",
    "serve": "workers.cli.serve:serve",
    "worker": "workers.cli.services:worker",
    "scheduler": "workers.cli.services:scheduler",
    "healthcheck": "workers.cli.services:healthcheck",
}

#: errors that end a command with 2: nothing can work until something is set right
_TO_BE_SET_RIGHT = frozenset({"settings", "redis", "database", "query"})


class Refusal(click.ClickException):
    """A `PipelineError` on its way out: its sentence, and no traceback."""

    def __init__(self, error: PipelineError) -> None:
        super().__init__(error.message)
        # A source that fails inside a job is an outcome; one that gets here was named wrongly.
        usage = isinstance(error, SourceError) or error.code in _TO_BE_SET_RIGHT
        self.exit_code = 2 if usage else 1
        self.code = error.code

    def show(self, file: IO[Any] | None = None) -> None:
        if not logs.speaks_json():
            super().show(file)
            return
        # A service whose lines a program reads says this one like all others.
        logging.getLogger(__name__).critical("%s", self.message, extra={"code": self.code})


class Feedmill(click.Group):
    """The group of all commands: loads them late, and turns what goes wrong into words and codes.

    An unexpected exception keeps its traceback: it is a bug.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except PipelineError as error:
            raise _harmless(Refusal(error)) from error
        except click.ClickException as error:
            raise _harmless(error)  # noqa: B904 (it is the same error)
        except KeyboardInterrupt as error:
            click.echo(" ".join(["Interrupted.", *getattr(error, "__notes__", [])]), err=True)
            ctx.exit(130)
        except BrokenPipeError:
            _reader_left()
            ctx.exit(0)


def _harmless(error: click.ClickException) -> click.ClickException:
    """The error without the control characters of names that a script passed on to us."""
    from workers.wording import paragraphs

    error.message = paragraphs(error.message)
    return error


def _reader_left() -> None:
    # `feedmill articles | head` closes the pipe early; the flush at exit must not complain either.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _print_version(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        click.echo(f"feedmill {version('feedmill')}")
        ctx.exit()


@click.group(cls=Feedmill, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@data_dir_option
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_print_version,
    help="Print the version.",
)
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Feeds and files in, clean articles out.

    \b
    Example:
      feedmill run seeds/
      feedmill run https://example.org/feed.xml
      feedmill articles --search "budget"
    """
    ctx.ensure_object(Invocation)


def main() -> None:
    """The `feedmill` program."""
    for stream in (sys.stdout, sys.stderr):
        # Titles may hold what the terminal's encoding cannot show; no output may fail for that.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        cli(prog_name="feedmill")
    except SystemExit as ended:
        _leave_what_hangs(ended.code)
        raise


def _leave_what_hangs(code: object) -> None:
    """End at once while a thread waits for a server that never answers: in the driver's own code it
    would hold the end of the process up until the driver gives up."""
    if any(one.name.startswith(LEFT_BEHIND) for one in threading.enumerate()):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else int(code is not None))


__all__ = ["COMMANDS", "cli", "main"]
