"""Long results through the pager that people are used to (``$PAGER``, else less); on a terminal only."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.console import Console

#: less keeps colours, leaves what it showed on the screen, and ends at once when it all fits
_LESS = "FRX"

no_pager_option = click.option(
    "--no-pager", is_flag=True, help="Print long results straight to the terminal."
)


@contextmanager
def results_in_pages(no_pager: bool) -> Iterator[Console]:
    """The console for results; what is printed on it goes through the pager where somebody reads it.

    A reader who leaves early ends the block without an error.
    """
    from workers.cli import output

    console = output.results()
    reads = sys.stdout.isatty() and not console.is_dumb_terminal
    command = _command() if reads and not no_pager else []
    if not command:
        yield console
        return
    env = {"LESS": _LESS, **os.environ}
    with subprocess.Popen(command, stdin=subprocess.PIPE, env=env) as process:
        assert process.stdin is not None
        # As this terminal is written to: what `plain.fit` found out holds for the pager, too.
        stream = open(  # noqa: SIM115 (closed below)
            process.stdin.fileno(),
            "w",
            encoding=sys.stdout.encoding,
            errors=sys.stdout.errors,
            closefd=False,
        )
        paged = output.console_on(stream, force_terminal=True, width=console.width)
        with _ctrl_c_is_for_the_pager():
            try:
                yield paged
                stream.flush()
                process.stdin.close()
            except BrokenPipeError:
                # The reader has seen enough, and the pager is gone: what is still buffered goes nowhere.
                nowhere = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nowhere, process.stdin.fileno())
                os.close(nowhere)
                stream.flush()
            process.wait()


def _command() -> list[str]:
    """The pager as a command; empty: none is wanted, or there is none."""
    wanted = os.environ.get("PAGER")
    if wanted is not None:
        words = shlex.split(wanted)
        return words if words and words != ["cat"] and shutil.which(words[0]) else []
    return ["less"] if shutil.which("less") else []


@contextmanager
def _ctrl_c_is_for_the_pager() -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


__all__ = ["no_pager_option", "results_in_pages"]
