"""``feedmill failures``: the dead letters, grouped by cause."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pipeline.errors import CODES
from workers.cli.invocation import Invocation, data_dir_option, json_option, pass_invocation

if TYPE_CHECKING:
    from pipeline.store.contract import FailureGroup


@click.command()
@click.option("--code", metavar="CODE", help="Only failures with this code.")
@click.option("--host", metavar="HOST", help="Only failures at this host.")
@json_option
@data_dir_option
@pass_invocation
def failures(invocation: Invocation, code: str | None, host: str | None, as_json: bool) -> None:
    """List what failed, by cause, with what can be done about it.

    \b
    Example:
      feedmill failures --host example.org
      feedmill retry --code connect
    """
    from workers.cli import output
    from workers.documents import failure_document

    groups = invocation.store().failures(code=code, host=host)
    if as_json:
        output.print_json({"failures": [failure_document(group) for group in groups]})
    elif groups:
        _print_groups(groups)
    else:
        output.say("Nothing failed." if not code and not host else "Nothing failed that way.")


def _print_groups(groups: list[FailureGroup]) -> None:
    from rich.padding import Padding
    from rich.text import Text

    from workers.cli import output
    from workers.wording import count, line

    console = output.results()
    for group in groups:
        where = f" at {line(group.host)}" if group.host else ""
        headline = Text.assemble((group.code, "bold"), f"{where}: {count(group.count, 'item')}")
        console.print(headline)
        for text in (
            line(group.message),
            CODES.get(group.code, ""),
            f"for example: {line(group.example_name)} (feedmill why {group.example_item})",
        ):
            if text:
                console.print(Padding(Text(text), (0, 0, 0, 2), expand=False))
    total = sum(group.count for group in groups)
    output.say(f"{count(total, 'failed item')}. Try them again with `feedmill retry --all`.")
