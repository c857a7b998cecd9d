"""What `feedmill` says by itself: its commands by purpose; and ``feedmill help``."""

from __future__ import annotations

import click

from workers.cli.commands import GROUPS
from workers.cli.invocation import data_dir_option

_EXAMPLES = (
    "feedmill run seeds/",
    "feedmill run https://example.org/feed.xml",
    'feedmill articles --search "harbour budget"',
    "feedmill why https://example.org/news/story.html",
)


def write_commands(formatter: click.HelpFormatter) -> None:
    """All commands that are listed, by purpose, and how to go on."""
    for purpose, group in GROUPS.items():
        rows = [(name, entry.says) for name, entry in group.items() if entry.says]
        with formatter.section(purpose):
            formatter.write_dl(rows, col_max=12)
    with formatter.section("Examples"):
        for example in _EXAMPLES:
            formatter.write(f"{'':{formatter.current_indent}}{example}\n")
    formatter.write_paragraph()
    formatter.write_text("`feedmill help COMMAND` tells more of each.")


def overview(ctx: click.Context) -> str:
    """The commands by purpose, for somebody who has said nothing yet."""
    formatter = ctx.make_formatter()
    formatter.write_text("Feedmill: feeds and files in, clean articles out.")
    write_commands(formatter)
    return formatter.getvalue().rstrip("\n")


@click.command("help")
@click.argument("words", metavar="[COMMAND]...", nargs=-1)
@data_dir_option
@click.pass_context
def explain(ctx: click.Context, words: tuple[str, ...]) -> None:
    """Explain a command: what it does, its options, an example.

    \b
    Example:
      feedmill help run
      feedmill help feeds add
    """
    parent = ctx.find_root()
    if not words:
        click.echo(overview(parent))
        return
    for depth, word in enumerate(words):
        group = parent.command
        if not isinstance(group, click.Group):
            raise click.UsageError(f"`feedmill {' '.join(words[:depth])}` has no commands of its own.")
        name, command, _ = group.resolve_command(parent, [word])
        assert command is not None  # resolve_command refuses what there is not
        parent = click.Context(command, info_name=name, parent=parent)
    click.echo(parent.command.get_help(parent))


__all__ = ["explain", "overview", "write_commands"]
