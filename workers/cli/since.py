"""``--since``: an ISO date or time, or a span back from now such as ``24h`` or ``7d``."""

from __future__ import annotations

import re
import time
from datetime import datetime

import click

_SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*(s|min|m|h|d|w)")
_SECONDS = {"s": 1, "m": 60, "min": 60, "h": 3600, "d": 86_400, "w": 604_800}


def parse_since(text: str, now: float) -> float:
    """Unix seconds of the moment that is meant; local time where no offset is given.

    Raises ValueError, with a sentence, for anything else.
    """
    text = text.strip()
    if span := _SPAN.fullmatch(text.lower()):
        return now - float(span[1]) * _SECONDS[span[2]]
    try:
        return datetime.fromisoformat(text).astimezone().timestamp()
    except (ValueError, OverflowError) as error:
        raise ValueError(
            f"{text!r} is neither a span (30m, 24h, 7d, 2w) nor a date (2026-03-01, 2026-03-01T08:00+01:00)."
        ) from error


class Since(click.ParamType):
    """A click parameter that gives Unix seconds."""

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        if isinstance(value, float):
            return value
        try:
            return parse_since(str(value), time.time())
        except ValueError as error:
            self.fail(str(error), param, ctx)


since_option = click.option(
    "--since",
    type=Since(),
    metavar="TIME",
    help="Only what was stored since: a date (2026-03-01) or a span (24h, 7d).",
)

__all__ = ["Since", "parse_since", "since_option"]
