"""``feedmill status``: the jobs, or one of them."""

from __future__ import annotations

import time
from datetime import datetime
from typing import TYPE_CHECKING

import click

from workers.cli.invocation import Invocation, data_dir_option, json_option, pass_invocation
from workers.cli.known import known_ids
from workers.cli.refusals import NotThere, no_job

if TYPE_CHECKING:
    from rich.console import RenderableType

    from pipeline.store.contract import Store
    from workers.stages import Stages
    from workers.status import StatusDocument

#: jobs in the table for people; `--json` has a hundred
_MOST_JOBS = 20
#: columns that a terminal must have to show when jobs were created
_WIDE = 90
#: columns that a table of jobs needs: below, each has lines instead
_NARROW = 66
#: seconds between two looks of `--watch` at all jobs
_LOOK = 1.0


@click.command()
@click.argument("job", required=False, shell_complete=known_ids("jobs"))
@click.option(
    "--watch",
    is_flag=True,
    help="Follow the job until it is done; without JOB, the deployment, until Ctrl-C.",
)
@json_option
@data_dir_option
@pass_invocation
def status(invocation: Invocation, job: str | None, watch: bool, as_json: bool) -> None:
    """Show all jobs, or how one of them stands.

    With --watch and no JOB a terminal shows stages, jobs and what comes in, until Ctrl-C; a pipe or a file
    gets a line now and then, until all work is done.

    \b
    Example:
      feedmill status --watch
      feedmill status JOB --json
    """
    from workers.cli import output
    from workers.status import job_document, overview_document

    store, stages = invocation.store(), invocation.stages()
    if job is None:
        if watch:
            _watch_all(invocation, store, stages)
        document = overview_document(store, stages)
        output.print_json(document) if as_json else _print_overview(document)
        return
    found = job_document(store, stages, job)
    if found is None:
        raise NotThere(no_job(store, job))
    if watch:
        found = _watch(store, stages, job)
    output.print_json(found) if as_json else _print_job(found)


def _say_retries(document: StatusDocument) -> None:
    from workers.cli import output
    from workers.wording import count, from_now

    if not document["retries"]:
        return
    now, number = time.time(), sum(one["count"] for one in document["retries"])
    output.results().print(f"{count(number, 'item')} of those pending failed, to be tried again:")
    for one in document["retries"]:
        due = from_now(datetime.fromisoformat(one["next_at"]).timestamp(), now)
        told = f"  {one['code']}: {count(one['count'], 'item')}, the next {due}"
        output.results().print(f"{told} (feedmill why {one['example_item']})")


def _watch(store: Store, stages: Stages | None, job: str) -> StatusDocument:
    from workers.cli import output
    from workers.cli.follow import Follower
    from workers.cli.progress import progress_on

    with progress_on(output.messages(), store) as progress:
        return Follower(store, stages, job).until_ended(progress).document


def _watch_all(invocation: Invocation, store: Store, stages: Stages | None) -> None:
    """On a terminal until Ctrl-C, which is how it ends well; elsewhere until all work is done."""
    from pipeline.urls import without_password
    from workers.cli import output
    from workers.cli.progress import is_live, progress_on
    from workers.status import overview_document

    console = output.messages()
    if is_live(console):
        from workers.cli.top import watch

        settings = invocation.settings
        try:
            watch(console, store, stages, without_password(settings.database_url) or str(settings.data_dir))
        except KeyboardInterrupt:
            return
    with progress_on(console) as progress:
        while True:
            totals = overview_document(store, stages, limit=0)["totals"]
            busy = bool(totals["pending"] or totals["in_flight"])
            progress.show({**totals, "state": "running" if busy else "done"})
            if not busy:
                return
            time.sleep(_LOOK)


def _print_job(document: StatusDocument) -> None:
    from workers.cli import output
    from workers.cli.panel import job_panel, state_in_words
    from workers.wording import moment

    console = output.results()
    console.print(f"job {document['job']}: {state_in_words(document)}, {_times(document)}")
    if document["cancelled_at"] is not None:
        at = moment(datetime.fromisoformat(document["cancelled_at"]).timestamp())
        told = (
            f"Cancelled by a person {at}. `feedmill retry {document['job']}` takes up again what that ended."
        )
        console.print(told)
    rate, left = _overall_pace(document)
    console.print(job_panel(document, rate=rate, left=left, width=console.width))
    _say_retries(document)


def _times(document: StatusDocument) -> str:
    from workers.wording import moment, span

    created = datetime.fromisoformat(document["created_at"]).timestamp()
    if document["finished_at"] is None:
        return f"since {moment(created)}"
    finished = datetime.fromisoformat(document["finished_at"]).timestamp()
    return f"from {moment(created)}, took {span(finished - created)}"


def _overall_pace(document: StatusDocument) -> tuple[float | None, float | None]:
    """Items per second since the job was created, and seconds left at that; None when it rests."""
    from workers.status import ended

    created = datetime.fromisoformat(document["created_at"]).timestamp()
    running = document["state"] == "running"
    until = time.time() if running else datetime.fromisoformat(document["finished_at"]).timestamp()
    done = ended(document)
    if not done or until <= created:
        return None, None
    rate = done / (until - created)
    return rate, max(0, document["items"] - done) / rate if running else None


def _jobs(jobs: list[StatusDocument], *, created: bool, narrow: bool) -> RenderableType:
    from rich.console import Group
    from rich.padding import Padding
    from rich.text import Text

    from workers.cli import output
    from workers.cli.panel import outcomes_in_words, state_in_words
    from workers.status import ended
    from workers.wording import count

    lines: list[RenderableType] = []
    columns = ("job", "state", *(("created",) if created else ()), "items", "done", "outcomes")
    table = output.table(*columns, numbers=("items", "done"))
    for job in jobs:
        share = f"{ended(job) / job['items']:.0%}" if job["items"] else ""
        state, outcomes = state_in_words(job), outcomes_in_words(job)
        at = datetime.fromisoformat(job["created_at"]).astimezone().strftime("%Y-%m-%d %H:%M:%S")
        table.add_row(job["job"], state, *((at,) if created else ()), f"{job['items']:,}", share, outcomes)
        lines.append(Text.assemble((job["job"], "bold"), f" {state}"))
        told = ", ".join(one for one in (count(job["items"], "item"), share and f"{share} done") if one)
        lines.append(Padding(Text(f"{told}: {outcomes}"), (0, 0, 0, 2), expand=False))
    return Group(*lines) if narrow else table


def _print_overview(document: StatusDocument) -> None:
    from rich.text import Text

    from workers.cli import output
    from workers.cli.panel import conservation
    from workers.status import adds_up

    console, jobs, totals = output.results(), document["jobs"], document["totals"]
    if not jobs:
        output.say("No jobs yet. Begin with `feedmill run SOURCE`.")
        return
    # What a narrow terminal has no room for is left out, before what matters more is.
    console.print(_jobs(jobs[:_MOST_JOBS], created=console.width >= _WIDE, narrow=console.width < _NARROW))
    if len(jobs) > _MOST_JOBS:
        console.print(f"... the newest {_MOST_JOBS}; --json has more.")
    console.print()
    for stage, depth in totals["stages"].items():
        if depth["waiting"] or depth["running"]:
            console.print(f"{stage}: {depth['waiting']:,} waiting, {depth['running']:,} running")
    console.print(Text(conservation(totals), style="" if adds_up(totals) else "bold red"))
    _say_retries(totals)
    if document["held_back"]:
        console.print(Text(document["held_back"], style="bold magenta"))


__all__ = ["status"]
