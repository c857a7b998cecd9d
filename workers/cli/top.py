"""``feedmill status --watch`` on a terminal: the whole deployment, live, until Ctrl-C."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pipeline.errors import PipelineError
from workers.status import StatusDocument, adds_up, ended, overview_document
from workers.wording import count, line, span

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table

    from pipeline.store.contract import Store
    from workers.cli.arrivals import Arrivals
    from workers.pulse import Pulse
    from workers.stages import Stages

#: columns that a row of a job needs to be whole
_NARROW = 66
#: seconds between two looks
_LOOK = 1.0
#: jobs that are shown: those that run, and the newest
_MOST_JOBS = 6
#: what came in within so many seconds before the first look is listed, too
_BEFORE = 3600.0


def watch(console: Console, store: Store, stages: Stages | None, whose: str) -> None:
    """Draw the deployment again and again; ends with KeyboardInterrupt. ``whose``: its name.

    A database or Redis that is away meanwhile is said in its place, and looked for again.
    """
    from workers.cli.arrivals import Arrivals
    from workers.cli.region import Region

    arrivals = Arrivals(store, time.time() - _BEFORE)
    with Region(console, whole=True) as region:
        while True:
            region.draw(_screen(store, stages, arrivals, whose, console.width, region.height))
            time.sleep(_LOOK)


def _screen(
    store: Store, stages: Stages | None, arrivals: Arrivals, whose: str, width: int, height: int
) -> RenderableType:
    from rich.console import Group
    from rich.text import Text

    try:
        document = overview_document(store, stages, limit=_MOST_JOBS)
        pulse = _pulse(store, stages)
        workers = stages.workers() if stages else []
        running = [job["job"] for job in document["jobs"] if job["state"] == "running"]
        came = arrivals.look(running, everything=True)
    except PipelineError as error:
        told = Text(line(error.message), style="bold red")
        return Group(_title(whose), Text(""), told, Text("Looking again every second; Ctrl-C ends this."))
    parts: list[RenderableType] = [_title(whose), Text(_workers(stages, workers)), Text("")]
    parts += [
        _stages(document["totals"], pulse, width),
        Text(_counts(document["totals"], pulse), style="bold"),
    ]
    parts += list(_trouble(document))
    if document["jobs"]:
        parts += [Text(""), _jobs(document["jobs"], width)]
    from workers.cli.arrivals import arrival_lines

    room = height - _height(parts, width) - 1
    lines = arrival_lines(came, room, width - 1)
    return Group(*parts, *([Text("")] if lines else []), *lines)


def _height(parts: list[RenderableType], width: int) -> int:
    """Lines that the parts need; tables are as long as their rows."""
    from rich.table import Table
    from rich.text import Text

    rows = 0
    for part in parts:
        if isinstance(part, Table):
            rows += part.row_count + (2 if part.show_header else 0)
        elif isinstance(part, Text):
            rows += max(1, -(-part.cell_len // max(1, width - 1)))
    return rows


def _pulse(store: Store, stages: Stages | None) -> Pulse | None:
    from workers.pulse import pulse

    return pulse(store, stages) if stages else None


def _title(whose: str) -> RenderableType:
    from rich.text import Text

    return Text.assemble(("Feedmill", "bold"), f"  {line(whose)}  {time.strftime('%H:%M:%S')}")


def _workers(stages: Stages | None, workers: list[dict[str, Any]]) -> str:
    """``2 workers, 3 of 16 processes busy, 412 MB``; or that nothing runs."""
    if stages is None:
        return "Nothing is running on this deployment: `feedmill up` starts it."
    if not workers:
        return "No worker is alive: start one, or ask `feedmill doctor`."
    told = [count(len(workers), "worker")]
    processes = sum(one.get("processes") or 0 for one in workers)
    if processes:
        busy = sum(one.get("busy") or 0 for one in workers)
        told.append(f"{busy} of {processes} processes busy")
    memory = sum(one.get("memory") or 0 for one in workers)
    if memory:
        told.append(f"{memory / 1e6:,.0f} MB")
    return ", ".join(told)


def _stages(totals: StatusDocument, pulse: Pulse | None, width: int) -> Table:
    """A row a stage: what waits and runs, how fast it goes, how old the oldest is, when it is done."""
    from workers.cli import output

    columns = ("stage", "waiting", "running", "rate", "oldest", "left")
    table = output.table(*columns, numbers=columns[1:])
    for stage in pulse.stages if pulse else totals["stages"]:
        if pulse:
            one = pulse.stages[stage]
            beat = (_rate(one.rate), _span(one.oldest_seconds), _span(one.seconds_left))
            table.add_row(stage, f"{one.waiting:,}", f"{one.running:,}", *beat)
        else:
            depth = totals["stages"][stage]
            table.add_row(stage, f"{depth['waiting']:,}", f"{depth['running']:,}", "", "", "")
    return table


def _counts(totals: StatusDocument, pulse: Pulse | None) -> str:
    from workers.cli.panel import conservation, pace_in_words

    told = conservation(totals)
    pace = pace_in_words(pulse.rate, pulse.seconds_left) if pulse else ""
    return f"{told}; {pace}" if pace and adds_up(totals) else told


def _trouble(document: StatusDocument) -> Iterator[RenderableType]:
    from rich.text import Text

    if document["held_back"]:
        yield Text(document["held_back"], style="bold magenta")
    waiting = sum(one["count"] for one in document["totals"]["retries"])
    if waiting:
        codes = ", ".join(f"{one['count']:,} {one['code']}" for one in document["totals"]["retries"])
        yield Text(f"{count(waiting, 'item')} failed and will be tried again: {codes}")


def _jobs(jobs: list[StatusDocument], width: int) -> Table:
    from rich.text import Text

    from workers.cli import output
    from workers.cli.panel import outcomes_in_words, state_in_words

    # A job has one line here: what a narrow screen has no room for is left out.
    columns = ("job", "state", "done") if width < _NARROW else ("job", "state", "done", "items", "outcomes")
    table = output.table(*columns, numbers=("done", "items"))
    for job in sorted(jobs, key=lambda one: one["state"] != "running"):
        share = f"{ended(job) / job['items']:.0%}" if job["items"] else ""
        outcomes = Text(outcomes_in_words(job), no_wrap=True, overflow="crop")
        cells = (job["job"], state_in_words(job), share, f"{job['items']:,}", outcomes)
        table.add_row(*cells[: len(columns)])
    return table


def _rate(rate: float | None) -> str:
    if rate is None:
        return ""
    return f"{rate:,.0f}/s" if rate >= 10 else f"{rate:.1f}/s"


def _span(seconds: float | None) -> str:
    return "" if seconds is None else span(seconds) if seconds >= 1 else "0 s"


__all__ = ["watch"]
