"""How commands refuse: a sentence that names the thing, the reason and the way out, and an exit code."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import IO, TYPE_CHECKING, Any

import click

from pipeline.errors import PipelineError, SourceError

if TYPE_CHECKING:
    from pipeline.store.contract import Store

#: errors that end a command with 2: nothing can work until something is set right
_TO_BE_SET_RIGHT = frozenset({"settings", "redis", "database", "query", "cursor"})

#: jobs among which the one that was meant is looked for
_NEWEST = 100


class Refusal(click.ClickException):
    """A `PipelineError` on its way out: its sentence, and no traceback."""

    def __init__(self, error: PipelineError) -> None:
        super().__init__(error.message)
        # A source that fails inside a job is an outcome; one that gets here was named wrongly.
        usage = isinstance(error, SourceError) or error.code in _TO_BE_SET_RIGHT
        self.exit_code = 2 if usage else 1
        self.code = error.code

    def show(self, file: IO[Any] | None = None) -> None:
        from workers import logs

        if not logs.speaks_json():
            super().show(file)
            return
        import logging

        # A service whose lines a program reads says this one like all others.
        logging.getLogger(__name__).critical("%s", self.message, extra={"code": self.code})


class NotThere(click.ClickException):
    """What was named is not there: wrong usage, although the command was written well. So how it is
    written is not explained."""

    exit_code = 2


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name that was perhaps meant; empty when none is like it."""
    return next(iter(get_close_matches(name, list(known), n=1, cutoff=0.6)), "")


def no_job(store: Store, name: str) -> str:
    """Why there is no job of this name, and which may have been meant."""
    from workers.wording import line

    told = f"There is no job {line(name)}."
    known = [one.job for one in store.jobs(_NEWEST)]
    if meant := nearest(name, known):
        return f"{told} Did you mean {meant}?"
    if not known:
        return f"{told} There are none yet: begin with `feedmill run SOURCE`."
    return f"{told} The newest: {', '.join(known[:5])}. `feedmill status` lists them."


__all__ = ["NotThere", "Refusal", "nearest", "no_job"]
