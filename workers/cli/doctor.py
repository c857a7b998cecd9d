"""``feedmill doctor``: whether everything is right here, and what to do if not."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from workers.cli.invocation import Invocation, data_dir_option, json_option, pass_invocation

if TYPE_CHECKING:
    from workers.finding import Finding


@click.command()
@json_option
@data_dir_option
@pass_invocation
def doctor(invocation: Invocation, as_json: bool) -> None:
    """Say whether all is well here, and what to do if not.

    Examines settings, Redis, database, migrations, counts, workers, scheduler, items on their way,
    feeds, clocks and disk; the worst comes first. Exit 0 if all is well (warnings aside), 1 if not,
    2 if a setting cannot be read. Changes nothing, and takes no longer than half a minute, whatever
    hangs.

    \b
    Example:
      feedmill doctor
    """
    from workers.cli import output
    from workers.doctor import examine

    findings = examine(invocation.settings, os.environ)
    well = all(finding.ok for finding in findings)
    if as_json:
        output.print_json({"ok": well, "findings": [_document(finding) for finding in findings]})
    else:
        _print_findings(findings)
    if not well:
        click.get_current_context().exit(1)


def _document(finding: Finding) -> dict[str, object]:
    return {
        "name": finding.name,
        "ok": finding.ok,
        "warning": finding.warning,
        "says": finding.says,
        "cure": finding.cure or None,
    }


def _print_findings(findings: list[Finding]) -> None:
    from rich.table import Table
    from rich.text import Text

    from workers.cli import output
    from workers.wording import line

    console = output.results()
    width = max(len(finding.name) for finding in findings)
    for finding in findings:
        verdict = ("ok     ", "green") if finding.ok else ("PROBLEM", "bold red")
        if finding.warning:
            verdict = ("warning", "bold magenta")
        begun = Text.assemble(verdict, f"  {finding.name:{width}}  ")
        for words in (finding.says, finding.cure):
            if words and console.is_terminal:
                grid = Table.grid()
                grid.add_row(begun, Text(line(words), overflow="fold"))
                console.print(grid)
            elif words:
                console.print(Text.assemble(begun, line(words)), soft_wrap=True)
            begun = Text(" " * (width + 11))


__all__ = ["doctor"]
