"""Options that several commands about feeds share."""

from __future__ import annotations

from typing import Any

import click

#: seconds: no feed shall be asked more often than this, nor less often than this
LEAST_INTERVAL, MOST_INTERVAL = 60.0, 30 * 86_400.0


class Interval(click.ParamType):
    """Seconds, or ``auto``."""

    name = "interval"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float | str | None:
        if value is None or isinstance(value, float) or value == "auto":
            return value
        try:
            seconds = float(value)
        except ValueError:
            self.fail(f"{value!r} is neither a number of seconds nor `auto`.", param, ctx)
        if not LEAST_INTERVAL <= seconds <= MOST_INTERVAL:
            self.fail(
                f"{value} is not between {LEAST_INTERVAL:.0f} and {MOST_INTERVAL:.0f} seconds.", param, ctx
            )
        return seconds


interval_option = click.option(
    "--interval",
    type=Interval(),
    metavar="SECONDS|auto",
    help="Time between two polls; auto: as the feed's own rhythm and its server want it.  [default: auto]",
)

title_option = click.option("--title", metavar="TEXT", help="A name for it; otherwise the feed says its own.")

__all__ = ["LEAST_INTERVAL", "MOST_INTERVAL", "Interval", "interval_option", "title_option"]
