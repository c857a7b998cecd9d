"""``feedmill run``: everything at once. Starts what is needed, ingests, reports, stops."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from workers.cli.interrupt import orderly_interrupts
from workers.cli.invocation import Invocation, data_dir_option, json_option, pass_invocation
from workers.cli.known import files
from workers.cli.sources import refuse_if_nothing_there, standard_input

if TYPE_CHECKING:
    from pipeline.store.contract import Store
    from workers.cli.follow import Followed
    from workers.embedded import Deployment

_INTERRUPTED = (
    "Stopping. What is unfinished is kept and goes on at the next `feedmill run` or `feedmill up`. "
    "Ctrl-C again stops at once."
)


@click.command()
@click.argument("sources", metavar="SOURCE...", nargs=-1, required=True, shell_complete=files)
@click.option(
    "--wait",
    type=click.FloatRange(0),
    default=5.0,
    show_default=True,
    metavar="SECONDS",
    help="When only retries are left: wait for those that are due within so long.",
)
@json_option
@data_dir_option
@pass_invocation
def run(invocation: Invocation, sources: tuple[str, ...], wait: float, as_json: bool) -> None:
    """Ingest sources here and now.

    Starts what is needed, shows progress and results, and stops what it started.

    A SOURCE is an article or feed URL, a file, a folder, a glob, an OPML or JSONL file, or - for
    standard input.

    \b
    Example:
      feedmill run seeds/
      feedmill run https://example.org/feed.xml 'archive/**/*.html'
    """
    refuse_if_nothing_there(sources)
    started = time.monotonic()
    with orderly_interrupts(_INTERRUPTED):
        from workers.cli.follow import ended_well
        from workers.embedded import Deployment

        with Deployment(invocation.settings, poll_feeds=False) as deployment:
            followed = _ingest(deployment, sources, wait)
            _report(deployment, followed, time.monotonic() - started, as_json)
    if followed.next_retry is not None or not ended_well(followed.document):
        click.get_current_context().exit(1)


def _ingest(deployment: Deployment, sources: tuple[str, ...], wait: float) -> Followed:
    from workers.cli import output
    from workers.cli.follow import Follower
    from workers.cli.progress import progress_on
    from workers.intake import enqueue

    store, stages = deployment.store, deployment.stages
    with progress_on(output.messages(), store) as progress:

        def accepted(so_far: int) -> None:
            progress.accepted(so_far)
            stages.wake()  # the work begins while the rest is still read

        intake = enqueue(
            store,
            sources,
            deployment.settings,
            stdin=standard_input(sources),
            progress=accepted,
        )
        stages.wake()
        follower = Follower(store, stages, intake.job, alongside=deployment.check)
        return follower.until_ended(progress, patience=wait)


def _report(deployment: Deployment, followed: Followed, seconds: float, as_json: bool) -> None:
    from pipeline.urls import without_password
    from workers.cli import output
    from workers.cli.outcomes import print_outcomes
    from workers.cli.panel import outcomes_in_words
    from workers.wording import count, span

    document, settings = followed.document, deployment.settings
    if as_json:
        output.print_json(document)
    else:
        print_outcomes(deployment.store, document["job"], document["items"])
        where = without_password(settings.database_url) or settings.data_dir / "feedmill.db"
        click.echo(f"\n{count(document['items'], 'item')} in {span(seconds)}: {outcomes_in_words(document)}.")
        click.echo(f"Job {document['job']}, stored in {where}")
    if document["cancelled_at"] is not None:
        output.say(f"It was cancelled. `feedmill retry {document['job']}` takes up again what that ended.")
    if followed.next_retry is not None:
        _say_what_waits(document["pending"], followed.next_retry)
    if document["outcomes"]["failed"]:
        _say_what_failed(deployment.store, document["job"])
    _say_what_else_is_unfinished(deployment, document["pending"])


def _say_what_waits(pending: int, next_retry: float) -> None:
    from workers.cli import output
    from workers.wording import count, span

    output.say(
        f"{count(pending, 'item')} failed for now and will be tried again, the first in "
        f"{span(max(0.0, next_retry - time.time()))}: `feedmill up` goes on with it, as does the next "
        "`feedmill run`. --wait SECONDS waits longer."
    )


def _say_what_failed(store: Store, job: str) -> None:
    """The causes, and where each is told in full."""
    from pipeline.store.contract import Chosen
    from workers.cli import output

    codes = store.failures(Chosen(job=job), limit=1).codes
    causes = ", ".join(f"{number:,} {code}" for code, number in codes.items())
    output.say(f"Failed: {causes}. `feedmill failures --job {job}` says what helps.")


def _say_what_else_is_unfinished(deployment: Deployment, own: int) -> None:
    from workers.cli import output
    from workers.wording import count

    totals = deployment.store.totals()
    others = totals.pending + totals.in_flight - own
    if others > 0:
        output.say(f"{count(others, 'item')} of other jobs are not done yet: see `feedmill status`.")


__all__ = ["run"]
