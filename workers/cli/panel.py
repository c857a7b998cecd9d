"""One job's status as people see it: a bar per stage, and the counts that must add up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.model import OUTCOMES, STAGES
from workers.status import StatusDocument, adds_up, ended, past
from workers.wording import count, span

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

#: columns that a terminal must have for everything on one line, and widths of a bar
_WIDE, _BAR, _NARROW_BAR = 78, 28, 16
#: columns that counts of six figures take beside the bar of a narrow terminal
_BESIDE_BAR = 44


def conservation(document: StatusDocument) -> str:
    """``12 items = 2 pending + 0 in flight + 10 stored + ...``, or the loud opposite."""
    parts = [f"{document['pending']:,} pending", f"{document['in_flight']:,} in flight"]
    parts += [f"{document['outcomes'][name]:,} {name}" for name in OUTCOMES]
    if adds_up(document):
        return f"{count(document['items'], 'item')} = " + " + ".join(parts)
    return (
        f"{count(document['items'], 'item')} DO NOT EQUAL "
        + " + ".join(parts)
        + ": run `feedmill doctor` and report it as a bug"
    )


def state_in_words(document: StatusDocument) -> str:
    """``running``, ``done``, ``cancelled``; ``ending``: it was cancelled, and what is left is being ended."""
    return "ending" if document["state"] == "running" and document["cancelled_at"] else document["state"]


def outcomes_in_words(document: StatusDocument) -> str:
    """The outcomes that occurred: ``10 stored, 1 failed``."""
    found = [f"{document['outcomes'][name]:,} {name}" for name in OUTCOMES if document["outcomes"][name]]
    return ", ".join(found) or "nothing yet"


def pace_in_words(rate: float | None, left: float | None) -> str:
    """``152/s, 5 s left``; empty when nothing is known."""
    words = [f"{rate:,.0f}/s" if rate >= 10 else f"{rate:.1f}/s"] if rate else []
    return ", ".join(words + ([f"{span(left)} left"] if left and left >= 0.5 else []))


def stage_bars(document: StatusDocument, behind: dict[str, int] | None = None, width: int = _WIDE) -> Table:
    """A bar a stage with what is done, running and waiting. ``behind`` replaces the counts of the document
    (a bar that never goes back); ``width``: columns that there are."""
    from rich.progress_bar import ProgressBar
    from rich.table import Table
    from rich.text import Text

    behind = behind or past(document)
    narrow = width < _WIDE
    bar = _BAR if not narrow else max(4, min(_NARROW_BAR, width - _BESIDE_BAR))
    grid = Table.grid(padding=(0, 2))
    for align in ("left", "left", "right", "right", "right"):
        grid.add_column(justify=align, no_wrap=True)
    of = "" if narrow else f" of {document['items']:,}"
    for stage in STAGES:
        depth = document["stages"][stage]
        grid.add_row(
            Text(stage),
            ProgressBar(
                total=max(document["items"], 1),
                completed=behind[stage],
                width=bar,
            ),
            Text(f"{behind[stage]:,}{of}"),
            Text(f"{depth['running']:,} running" if depth["running"] else ""),
            Text(f"{depth['waiting']:,} waiting" if depth["waiting"] else ""),
        )
    return grid


def job_panel(
    document: StatusDocument,
    *,
    rate: float | None,
    left: float | None,
    behind: dict[str, int] | None = None,
    width: int = _WIDE,
) -> RenderableType:
    """Bars, then one line of counts and one of conservation."""
    from rich.console import Group
    from rich.text import Text

    done = ended(document)
    share = f"{done / document['items']:.0%}" if document["items"] else "0%"
    headline = [f"{done:,} of {count(document['items'], 'item')} ({share})", outcomes_in_words(document)]
    if document["pending"] and document["state"] == "running":
        headline.append(f"{document['pending']:,} pending")
    headline.append(pace_in_words(rate, left))
    return Group(
        stage_bars(document, behind, width),
        Text(", ".join(part for part in headline if part), style="bold"),
        Text(conservation(document), style="" if adds_up(document) else "bold red"),
    )


def job_line(document: StatusDocument, *, rate: float | None, left: float | None) -> str:
    """The same on one plain line, for logs and pipes."""
    behind = past(document)
    stages = "  ".join(f"{stage} {behind[stage]:,}" for stage in STAGES)
    rest = [outcomes_in_words(document), pace_in_words(rate, left)]
    return f"{stages}  of {count(document['items'], 'item')}: " + ", ".join(one for one in rest if one)


__all__ = [
    "conservation", "job_line", "job_panel", "outcomes_in_words", "pace_in_words", "stage_bars",
    "state_in_words",
]  # fmt: skip
