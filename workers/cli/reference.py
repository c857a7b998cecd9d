"""The reference of all commands as Markdown, made from the commands themselves.

``python -m workers.cli.reference`` writes it into docs/cli.md, behind the marker; a test holds that it is
there as it is made today.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from pathlib import Path

import click

#: what stands before it in the page
MARKER = "<!-- From here on made by `python -m workers.cli.reference`: do not edit. -->\n"


def reference() -> str:
    """Every command that is listed, with its arguments, options and examples."""
    from workers.cli import cli
    from workers.cli.commands import GROUPS

    parts = []
    for purpose, group in GROUPS.items():
        parts.append(f"## {purpose}\n")
        for name, entry in group.items():
            command = cli.get_command(click.Context(cli), name)
            assert command is not None
            if entry.says:
                parts += [_section(one, words) for one, words in _commands(command, ("feedmill", name))]
    return "\n".join(parts)


def _commands(
    command: click.Command, words: tuple[str, ...]
) -> Iterator[tuple[click.Command, tuple[str, ...]]]:
    """A command and, of a group, all in it."""
    yield command, words
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from _commands(inner, (*words, name))


def _section(command: click.Command, words: tuple[str, ...]) -> str:
    context = click.Context(command, info_name=" ".join(words))
    told, _, example = inspect.cleandoc(command.help or "").partition("\b\nExample:\n")
    usage = " ".join([*words, *command.collect_usage_pieces(context)])
    lines = [
        f"### {' '.join(words)}\n",
        told.strip(),
        "",
        "```",
        usage,
        "",
        inspect.cleandoc(example),
        "```",
        "",
    ]
    rows = [_row(one, context) for one in command.params if isinstance(one, click.Option) and not one.hidden]
    # Every command has it: said once, at the top of the page.
    rows = [row for row in rows if "`--data-dir" not in row]
    if rows:
        lines += ["| option | meaning |", "|---|---|", *rows, ""]
    return "\n".join(lines)


def _row(option: click.Option, context: click.Context) -> str:
    record = option.get_help_record(context)
    assert record is not None
    names, says = record
    return f"| `{names}` | {says} |".replace("\n", " ").replace("|auto", "\\|auto")


def _write(page: Path) -> None:
    text = page.read_text("utf-8")
    page.write_text(text.partition(MARKER)[0] + MARKER + "\n" + reference(), "utf-8")


if __name__ == "__main__":
    _write(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/cli.md"))

__all__ = ["MARKER", "reference"]
