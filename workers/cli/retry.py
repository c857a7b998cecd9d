"""``feedmill retry``: dead letters back to work."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import click

from workers.cli.chosen import chosen, chosen_options
from workers.cli.invocation import Invocation, data_dir_option, json_option, pass_invocation
from workers.cli.known import known_ids
from workers.cli.refusals import NotThere, no_job

if TYPE_CHECKING:
    from pipeline.store.contract import Chosen, Store


@click.command()
@click.argument("target", metavar="[JOB|ITEM]", required=False, shell_complete=known_ids("jobs", "failed"))
@chosen_options
@click.option("--all", "everything", is_flag=True, help="Everything that failed.")
@click.option("--dry-run", is_flag=True, help="Only say how many.")
@json_option
@data_dir_option
@pass_invocation
def retry(
    invocation: Invocation,
    target: str | None,
    everything: bool,
    dry_run: bool,
    as_json: bool,
    **named: Any,
) -> None:
    """Try failed items again, with all their attempts before them.

    One item, those of a job, or all that failed with some cause; several options narrow it down. It is
    done at once; --dry-run says what would be. `feedmill failures` has the command for each group.
    What `feedmill cancel` ended is taken up with its JOB, or as an ITEM.

    \b
    Example:
      feedmill retry 17
      feedmill retry --code connect --host example.org --since 24h
    """
    from workers.cli import output
    from workers.wording import count

    given = any(value is not None for value in named.values())
    if not (target or given or everything):
        raise click.UsageError(
            "Say what to try again: a JOB, an ITEM, --code, --stage, --host, --job, --since, --before "
            "or --all."
        )
    if everything and (target or given):
        raise click.UsageError("--all means everything: leave out the rest.")
    store = invocation.store()
    wanted = _chosen(store, target, named)
    resumed = not dry_run and _is_being_cancelled(store, wanted)
    number = store.retryable(wanted) if dry_run else store.retry(time.time(), wanted)
    running = invocation.wake() if (number or resumed) and not dry_run else False
    if as_json:
        output.print_json({"retried": 0 if dry_run else number, "matching": number})
    elif number:
        click.echo(f"{count(number, 'item')} {'would' if dry_run else 'to'} be tried again.")
    elif resumed:
        click.echo(f"Job {wanted.job} goes on: it is not cancelled any more.")
    elif everything and not store.failures(limit=1).count:
        output.say("Nothing failed.")
        return
    else:
        raise click.ClickException(_nothing(store, wanted))
    if not as_json and not dry_run and not running:
        output.say("Nothing is running on this deployment: `feedmill up` works them off.")


def _chosen(store: Store, target: str | None, named: dict[str, Any]) -> Chosen:
    if target is None:
        return chosen(**named)
    if store.job_status(target) is not None:
        if named["job"] not in (None, target):
            raise click.UsageError(f"Two jobs are named: {target} and {named['job']}.")
        return chosen(**{**named, "job": target})
    if target.isascii() and target.isdigit() and int(target) < 1 << 63:
        return chosen(item=int(target), **named)
    raise NotThere(f"{no_job(store, target)} Nor is it an item's number.")


def _is_being_cancelled(store: Store, wanted: Chosen) -> bool:
    status = store.job_status(wanted.job) if wanted.job else None
    return status is not None and status.state == "running" and status.cancelled_at is not None


def _nothing(store: Store, wanted: Chosen) -> str:
    """Why nothing was there to be tried again, and what to do instead."""
    from workers import desk
    from workers.wording import count

    number = store.failures(wanted, limit=1).count
    if number:
        what = "It" if number == 1 else f"All {number:,}"
        return (
            f"{what} could not be read when handed in, so that there is nothing to try again: mend the "
            "source and enqueue it again."
        )
    if wanted.item is not None:
        (found,) = store.find_items(str(wanted.item), limit=1) or (None,)
        if found is None or found.id != wanted.item:
            return f"There is no item {wanted.item}. `feedmill failures` lists what failed."
        if found.outcome != "failed":
            state = found.outcome or found.state.replace("_", " ")
            return (
                f"Item {wanted.item} has not failed: it is {state}. `feedmill why {wanted.item}` tells more."
            )
    total = store.failures(limit=1)
    if not total.count:
        return "Nothing failed."
    causes = ", ".join(f"{number:,} {code}" for code, number in total.codes.items())
    return (
        f"No failed item meets {desk.named(wanted)}. There are {count(total.count, 'failed item')}: "
        f"{causes}. `feedmill failures` lists them."
    )
