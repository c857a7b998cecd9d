"""The options that name dead letters: which of them are listed, or tried again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from workers.cli.known import codes, known_ids, stages
from workers.cli.refusals import nearest
from workers.cli.since import Since

if TYPE_CHECKING:
    from pipeline.store.contract import Chosen

F = TypeVar("F", bound=Callable[..., Any])

_OPTIONS = (
    click.option("--code", metavar="CODE", shell_complete=codes, help="Failures with this code."),
    click.option(
        "--stage",
        metavar="STAGE",
        shell_complete=stages,
        help="Failures in this stage (`read`: when it was handed in).",
    ),
    click.option("--host", metavar="HOST", help="Failures at this host ('': at none)."),
    click.option("--job", metavar="JOB", shell_complete=known_ids("jobs"), help="Failures of this job."),
    click.option("--since", type=Since(), metavar="TIME", help="Failed since: a date, or a span (24h, 7d)."),
    click.option("--before", type=Since(), metavar="TIME", help="Failed before: a date, or a span back."),
)


def chosen_options(command: F) -> F:
    """Give a command the options; `chosen` makes a value of them."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def chosen(item: int | None = None, **named: Any) -> Chosen:
    """What the options name. Raises click.UsageError for a code that there is not."""
    from pipeline.errors import CODES
    from pipeline.policy import FAILURE_CODES
    from pipeline.store.contract import Chosen

    code = named.get("code")
    if code is not None and code not in CODES:
        meant = nearest(code, FAILURE_CODES)
        hint = f"Did you mean {meant}?" if meant else f"The codes: {', '.join(FAILURE_CODES)}."
        raise click.UsageError(f"There is no code {code}. {hint}")
    return Chosen(item=item, **named)


__all__ = ["chosen", "chosen_options"]
