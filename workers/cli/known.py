"""What may stand where a name is asked for: ids, codes, stages, outcomes; for the shell's completion.

Ids are those of the SQLite file at hand: asking a database server at each Tab would be slow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    import click

    from pipeline.glance import Named

Complete = Callable[["click.Context", "click.Parameter", str], list[CompletionItem]]


def known_ids(*kinds: Named) -> Complete:
    """Completes the ids of jobs, feeds, articles or failed items, with what they are called."""

    def complete(ctx: click.Context, _param: click.Parameter, begun: str) -> list[CompletionItem]:
        from pipeline.errors import PipelineError
        from pipeline.glance import glance
        from pipeline.settings import load
        from workers.cli.invocation import Invocation

        try:
            settings = load(data_dir=ctx.ensure_object(Invocation).data_dir)
        except PipelineError:
            return []  # the command itself says which setting is wrong
        if settings.database_url:
            return []
        rows = [row for kind in kinds for row in glance(settings.data_dir / "feedmill.db", kind)]
        return _beginning(begun, [(one, _shown(name)) for one, name in rows])

    return complete


def codes(_ctx: click.Context, _param: click.Parameter, begun: str) -> list[CompletionItem]:
    """Codes of failures."""
    from pipeline.errors import CODES, COMMAND_CODES, SKIP_CODES

    told = [(code, says) for code, says in CODES.items() if code not in SKIP_CODES | COMMAND_CODES]
    return _beginning(begun, told)


def stages(_ctx: click.Context, _param: click.Parameter, begun: str) -> list[CompletionItem]:
    """Stages in which something may fail."""
    return _beginning(begun, [(one, "") for one in ("read", "poll", "fetch", "clean", "extract", "store")])


def files(_ctx: click.Context, _param: click.Parameter, begun: str) -> list[CompletionItem]:
    """Paths, as the shell itself completes them."""
    return [CompletionItem(begun, type="file")]


def _shown(name: str) -> str:
    # Not `wording.line`, which takes as long to import as all the rest.
    from pipeline.urls import printable, without_password

    return printable(" ".join(without_password(name).split()))[:60]


def _beginning(begun: str, told: Iterable[tuple[str, str]]) -> list[CompletionItem]:
    # In fish a comma would end what is told.
    return [
        CompletionItem(one, help=says.replace(",", ";") or None)
        for one, says in told
        if one.startswith(begun)
    ]


__all__ = ["codes", "files", "known_ids", "stages"]
