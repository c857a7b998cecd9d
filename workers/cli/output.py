"""Where output goes: results to standard output, messages to standard error, JSON as one document."""

from __future__ import annotations

import json
import os
import re
import sys
from typing import IO, TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

#: width where no terminal sets one: wide enough that nothing is cut, for grep and files
_UNBOUNDED = 2000

#: columns whose cells may be long
_FREE_TEXT = frozenset(
    {"title", "source", "address", "name", "outcome", "outcomes", "result", "problem", "value", "from"}
)

#: some terminals obey C1 controls, many turn text round or hide it; lone surrogates cannot be encoded; all
#: may stand escaped in JSON
_ESCAPED_IN_JSON = re.compile(
    "[\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\U000e0000-\U000e007f]"
)


def results() -> Console:
    """The console for results."""
    return _console(stderr=False)


def messages() -> Console:
    """The console for progress and messages."""
    return _console(stderr=True)


def _console(*, stderr: bool) -> Console:
    # Named, so that it knows the stream's encoding and draws with ASCII where there is nothing else.
    stream = sys.stderr if stderr else sys.stdout
    console = console_on(stream)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = _UNBOUNDED
    return console


def console_on(stream: IO[str], **options: Any) -> Console:
    """A console that prints text as it is, and whose reader may leave: BrokenPipeError, as from any print."""
    from rich.console import Console

    class Plain(Console):
        def on_broken_pipe(self) -> None:
            # Rich would end the process with 1: a reader who has seen enough is no failure.
            raise BrokenPipeError

    return Plain(file=stream, highlight=False, markup=False, emoji=False, **options)


def table(*columns: str, numbers: tuple[str, ...] = ()) -> Table:
    """An empty table; the columns in numbers are aligned to the right.

    On a narrow terminal the columns of free text wrap, and the others stay whole. Cells shall be
    `rich.text.Text` or come through `wording.line`: markup is not read, but control characters would
    reach the terminal.
    """
    from rich import box
    from rich.table import Table

    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    for name in columns:
        right, free = name in numbers, name in _FREE_TEXT
        made.add_column(name, justify="right" if right else "left", no_wrap=not free, overflow="fold")
    return made


def json_text(value: Any, *, indent: int | None = 2) -> str:
    """JSON that is safe on any terminal and in any UTF-8 stream, readable in every script."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return _ESCAPED_IN_JSON.sub(lambda found: json.dumps(found[0])[1:-1], text)


def print_json(value: Any) -> None:
    click.echo(json_text(value))


def say(message: str) -> None:
    """A message for people, on standard error; a line of the log where programs read those."""
    from workers import logs

    if logs.speaks_json():
        import logging

        logging.getLogger(__name__).info("%s", message)
    else:
        click.echo(message, err=True)


__all__ = ["console_on", "json_text", "messages", "print_json", "results", "say", "table"]
