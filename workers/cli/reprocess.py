"""``feedmill reprocess``: clean and extract once more on kept pages, without fetching."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from workers.cli.interrupt import orderly_interrupts
from workers.cli.invocation import Invocation, data_dir_option, json_option, pass_invocation
from workers.cli.since import since_option

if TYPE_CHECKING:
    from pipeline.store.article_filter import ArticleFilter
    from pipeline.store.contract import Store
    from workers.cli.follow import Followed
    from workers.intake import Intake
    from workers.reprocessing import Preview
    from workers.stages import Stages

#: of a changed value that is shown, in characters
_LONGEST = 100


@click.command()
@since_option
@click.option("--host", "--site", "host", metavar="HOST", help="Only articles of this host.")
@click.option("--all", "everything", is_flag=True, help="All articles.")
@click.option("--dry-run", is_flag=True, help="Only show what would change, field by field.")
@click.option("--wait", is_flag=True, help="Where a deployment does the work: wait for the job to end.")
@json_option
@data_dir_option
@pass_invocation
def reprocess(
    invocation: Invocation,
    since: float | None,
    host: str | None,
    everything: bool,
    dry_run: bool,
    wait: bool,
    as_json: bool,
) -> None:
    """Clean and extract once more what is kept, without fetching.

    After an update, or with other settings, this brings articles up to date: their kept pages are items of
    a new job, which end updated, unchanged, skipped or failed. Duplicates stay as they are. Where nothing
    runs, this works the job off; else the deployment does. --dry-run changes nothing: it reads the pages
    here and tells how many articles would change in which field, with examples.

    \b
    Example:
      feedmill reprocess --all --dry-run
      feedmill reprocess --host example.org --since 30d
    """
    from pipeline.store.article_filter import ArticleFilter

    if since is None and host is None and not everything:
        raise click.UsageError("Say which articles: --since TIME, --host HOST or --all.")
    if everything and (since is not None or host is not None):
        raise click.UsageError("--all means everything: leave out the rest.")
    wanted = ArticleFilter(site=host, stored_since=since)
    if dry_run:
        return _preview(invocation.store(), wanted, as_json)
    stages = invocation.stages()
    store = invocation.store()
    if stages is None:
        store.close()
        return _here(invocation, wanted, _told(host, everything), as_json)
    intake = _begin(store, stages, wanted, _told(host, everything))
    return _handed_over(store, stages, intake, wait, as_json)


def _told(host: str | None, everything: bool) -> str:
    """What the job is called where its sources are named."""
    return "reprocess " + ("--all" if everything else f"--host {host}" if host else "--since")


def _begin(store: Store, stages: Stages, wanted: ArticleFilter, told: str) -> Intake:
    from workers.cli import output
    from workers.cli.progress import progress_on
    from workers.reprocessing import begin

    with progress_on(output.messages(), store) as progress:

        def added(so_far: int) -> None:
            progress.accepted(so_far)
            stages.wake()

        return begin(store, wanted, told, added)


def _handed_over(store: Store, stages: Stages, intake: Intake, wait: bool, as_json: bool) -> None:
    """The deployment that runs does the work."""
    from workers.cli import output
    from workers.cli.enqueue import wait_for
    from workers.cli.follow import ended_well
    from workers.wording import count

    document = wait_for(store, stages, intake.job) if wait else None
    if as_json:
        output.print_json(document or {"job": intake.job, "items": intake.items})
    else:
        click.echo(intake.job)
        output.say(f"{count(intake.items, 'page')} to be read once more.")
    if document is not None and not ended_well(document):
        click.get_current_context().exit(1)


def _here(invocation: Invocation, wanted: ArticleFilter, told: str, as_json: bool) -> None:
    """Nothing runs: start what is needed, as `feedmill run` does."""
    from workers.cli import output
    from workers.cli.follow import ended_well
    from workers.cli.panel import outcomes_in_words
    from workers.wording import count

    with orderly_interrupts("Stopping. What is unfinished goes on at the next `feedmill up`."):
        from workers.embedded import Deployment

        with Deployment(invocation.settings, poll_feeds=False) as deployment:
            intake = _begin(deployment.store, deployment.stages, wanted, told)
            document = _followed(deployment.store, deployment.stages, intake.job, deployment.check).document
    if as_json:
        output.print_json(document)
    else:
        pages = count(document["items"], "page")
        click.echo(f"{pages} read once more: {outcomes_in_words(document)}. Job {intake.job}.")
    if document["outcomes"]["failed"]:
        output.say("`feedmill failures` says what failed and what helps.")
    if not ended_well(document):
        click.get_current_context().exit(1)


def _followed(store: Store, stages: Stages, job: str, check: Callable[[], None]) -> Followed:
    from workers.cli import output
    from workers.cli.follow import Follower
    from workers.cli.progress import progress_on

    with progress_on(output.messages(), store) as progress:
        return Follower(store, stages, job, alongside=check).until_ended(progress)


# -- only to see ----------------------------------------------------------------------------------


def _preview(store: Store, wanted: ArticleFilter, as_json: bool) -> None:
    from workers.cli import output
    from workers.cli.progress import progress_on
    from workers.reprocessing import preview

    with progress_on(output.messages()) as progress:
        found = preview(store, wanted, progress.accepted)
    if as_json:
        output.print_json({"dry_run": True} | found.document())
    else:
        _print_preview(found)


def _print_preview(found: Preview) -> None:
    from rich.padding import Padding
    from rich.text import Text

    from workers.cli import output
    from workers.wording import count

    console = output.results()
    if not found.articles:
        output.say("No article is like that.")
        return
    told = (
        f"{count(found.articles, 'article')}: {found.changed:,} would change, {found.unchanged:,} would not"
    )
    for code, number in found.refused.most_common():
        told += f", {number:,} would be skipped ({code}) and stay as they are"
    if found.without_page:
        told += f", {found.without_page:,} have no page that is kept"
    console.print(Text(f"{told}. Nothing was changed."))
    for name, number in found.fields.most_common():
        console.print(Text.assemble((name, "bold"), f": {count(number, 'article')}"))
        for one in found.examples[name]:
            words = f"article {one['article']}: {_words(one['before'])} -> {_words(one['after'])}"
            console.print(Padding(Text(words), (0, 0, 0, 2), expand=False))


def _words(value: object) -> str:
    from workers.wording import in_words, line

    told = line(in_words(value)) or "(nothing)"
    return told if len(told) <= _LONGEST else told[: _LONGEST - 3] + "..."


__all__ = ["reprocess"]
