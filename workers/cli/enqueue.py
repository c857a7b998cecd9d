"""``feedmill enqueue``: hand sources to a deployment that runs, or will run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from workers.cli.invocation import Invocation, data_dir_option, json_option, pass_invocation
from workers.cli.known import files
from workers.cli.sources import refuse_if_nothing_there, standard_input

if TYPE_CHECKING:
    from pipeline.store.contract import Store
    from workers.intake import Intake
    from workers.stages import Stages
    from workers.status import StatusDocument


@click.command()
@click.argument("sources", metavar="SOURCE...", nargs=-1, required=True, shell_complete=files)
@click.option(
    "--wait", is_flag=True, help="Wait for the job to end; exit 1 if some item failed, or it was cancelled."
)
@json_option
@data_dir_option
@pass_invocation
def enqueue(invocation: Invocation, sources: tuple[str, ...], wait: bool, as_json: bool) -> None:
    """Accept sources as a job, and print its id.

    Every item has a row in the database before this returns.

    \b
    Example:
      feedmill enqueue seeds/ --wait
      curl -s https://example.org/story.html | feedmill enqueue -
    """
    from workers.cli import output
    from workers.cli.follow import ended_well
    from workers.wording import count

    refuse_if_nothing_there(sources)
    # Asked before anything is accepted: a Redis that was named must be there.
    stages = invocation.stages()
    store = invocation.store(create=True)
    intake = _accept(invocation, store, stages, sources)
    if stages is not None:
        stages.wake()
    if as_json:
        output.print_json({"job": intake.job, "items": intake.items})
    else:
        click.echo(intake.job)
        output.say(f"{count(intake.items, 'item')} accepted.")
    if stages is None:
        output.say("Nothing is running on this deployment: `feedmill up` works the job off.")
    if wait and not ended_well(wait_for(store, stages, intake.job)):
        click.get_current_context().exit(1)


def _accept(invocation: Invocation, store: Store, stages: Stages | None, sources: tuple[str, ...]) -> Intake:
    from workers.cli import output
    from workers.cli.interrupt import orderly_interrupts
    from workers.cli.progress import progress_on
    from workers.intake import enqueue as accept

    stopping = "Stopping. What was accepted stays accepted."
    with progress_on(output.messages(), store) as progress, orderly_interrupts(stopping):

        def accepted(so_far: int) -> None:
            progress.accepted(so_far)
            if stages is not None:
                stages.wake()  # the work begins while the rest is still read

        return accept(
            store,
            sources,
            invocation.running_settings,
            stdin=standard_input(sources),
            progress=accepted,
        )


def wait_for(store: Store, stages: Stages | None, job: str) -> StatusDocument:
    """Follow a job until it ends, and say how it did."""
    from workers.cli import output
    from workers.cli.follow import Follower
    from workers.cli.panel import outcomes_in_words
    from workers.cli.progress import progress_on

    try:
        with progress_on(output.messages(), store) as progress:
            document = Follower(store, stages, job).until_ended(progress).document
    except KeyboardInterrupt as error:
        error.add_note(
            f"Job {job} goes on: `feedmill status {job}` tells how, `feedmill cancel {job}` ends it."
        )
        raise
    output.say(f"Job {job} is {document['state']}: {outcomes_in_words(document)}.")
    return document


__all__ = ["enqueue", "wait_for"]
