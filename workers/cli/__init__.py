"""The command line: assembles the commands, each of which lives in a file named after it.

Exit codes: 0 fine, 1 some item failed, 2 wrong usage or configuration, 130 interrupted.
Results go to standard output, progress and messages to standard error.
"""

from __future__ import annotations

import os
import sys
import threading
from importlib import import_module
from typing import Any

import click

from pipeline.errors import PipelineError
from workers.cli.commands import COMMANDS
from workers.cli.invocation import Invocation, data_dir_option
from workers.cli.overview import overview, write_commands
from workers.cli.plain import fit
from workers.cli.refusals import Refusal, nearest

#: the shell's completion script sets it when it asks what may follow
COMPLETE = "_FEEDMILL_COMPLETE"


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

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name in COMMANDS or name.startswith("-") or ctx.resilient_parsing:
            return super().resolve_command(ctx, args)
        meant = nearest(name, COMMANDS)
        hint = f"Did you mean `feedmill {meant}`?" if meant else "`feedmill` alone lists them."
        raise click.UsageError(f"There is no command {name}. {hint}", ctx)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        write_commands(formatter)

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


@click.group(
    cls=Feedmill,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
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
    """Feeds and files in, clean articles out."""
    ctx.ensure_object(Invocation)
    if ctx.invoked_subcommand is None:
        click.echo(overview(ctx))


def main() -> None:
    """The `feedmill` program."""
    if COMPLETE in os.environ:
        # The shell would show it amid the line that is being typed.
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115 (until the process ends)
    for stream in (sys.stdout, sys.stderr):
        # Titles may hold what the terminal's encoding cannot show; no output may fail for that.
        fit(stream)
    try:
        cli(prog_name="feedmill", complete_var=COMPLETE)
    except SystemExit as ended:
        _leave_what_hangs(ended.code)
        raise


def _leave_what_hangs(code: object) -> None:
    """End at once while a thread waits for a server that never answers: in the driver's own code it
    would hold the end of the process up until the driver gives up."""
    from workers.finding import LEFT_BEHIND

    if any(one.name.startswith(LEFT_BEHIND) for one in threading.enumerate()):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else int(code is not None))


__all__ = ["COMMANDS", "COMPLETE", "cli", "main"]
