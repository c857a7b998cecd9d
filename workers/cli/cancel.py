"""``feedmill cancel``: what is left of a job is not wanted."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import click

from workers.cli.invocation import Invocation, data_dir_option, json_option, pass_invocation
from workers.cli.known import known_ids
from workers.cli.refusals import NotThere, no_job

if TYPE_CHECKING:
    from pipeline.model import JobStatus
    from pipeline.store.contract import Store
    from workers.stages import Stages


@click.command()
@click.argument("jobs", metavar="JOB...", nargs=-1, required=True, shell_complete=known_ids("running"))
@click.option("--yes", is_flag=True, help="Do not ask for confirmation on a terminal.")
@json_option
@data_dir_option
@pass_invocation
def cancel(invocation: Invocation, jobs: tuple[str, ...], yes: bool, as_json: bool) -> None:
    """End what is left of jobs.

    Items that wait end `skipped` (cancelled); what a worker has in its hands may still be stored; what has
    ended stays. Sources that are still being read are read no further. `feedmill retry JOB` takes the
    cancelled items up again.

    \b
    Example:
      feedmill cancel 1hz3x0k7m2q4c
      feedmill retry 1hz3x0k7m2q4c       # and go on after all
    """
    from workers.cli import output

    store = invocation.store()
    found = [_named(store, job) for job in dict.fromkeys(jobs)]
    going = [one for one in found if one.state == "running" and one.cancelled_at is None]
    for one in found:
        if one not in going:
            output.say(_over(one))
    if going and not yes and sys.stdin.isatty():
        for one in going:
            output.say(_label(one))
        click.confirm("Cancel?" if len(going) == 1 else "Cancel them?", abort=True, err=True)
    stages = invocation.stages()
    cancelled = [one.job for one in going if store.cancel(one.job, time.time())]
    _see_to_it(store, stages)
    if as_json:
        output.print_json({"cancelled": cancelled})
    for job in cancelled if not as_json else ():
        click.echo(f"{job} is cancelled. `feedmill retry {job}` takes it up again.")
    if any(one.state == "done" for one in found):
        click.get_current_context().exit(1)


def _named(store: Store, job: str) -> JobStatus:
    status = store.job_status(job)
    if status is None:
        raise NotThere(no_job(store, job))
    return status


def _over(status: JobStatus) -> str:
    """Why there is nothing to cancel."""
    from workers.wording import moment

    if status.cancelled_at is None:
        return f"Job {status.job} has ended already: nothing of it is left to cancel."
    told = "" if status.finished_at else "; what of it waits is just being ended"
    return f"Job {status.job} was cancelled already, {moment(status.cancelled_at)}{told}."


def _label(status: JobStatus) -> str:
    from workers.wording import count, line

    left = count(status.pending + status.in_flight, "item")
    source = line(status.sources[0]) if status.sources else "no source"
    more = f" and {len(status.sources) - 1:,} more" if len(status.sources) > 1 else ""
    return f"{status.job}: {left} of {status.items:,} not ended yet, from {source}{more}"


def _see_to_it(store: Store, stages: Stages | None) -> None:
    """The coordinator ends what waits; where none ticks, this does, since nobody else would."""
    from workers.cancelling import carry_out

    if stages is not None and stages.coordinator() is not None:
        stages.wake()
        return
    while carry_out(store, stages, time.time()):
        pass
    store.end_jobs(time.time())


__all__ = ["cancel"]
