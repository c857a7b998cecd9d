"""``feedmill retry``: dead letters back to work."""

from __future__ import annotations

import time

import click

from workers.cli.invocation import Invocation, data_dir_option, json_option, pass_invocation


@click.command()
@click.argument("target", metavar="[JOB|ITEM]", required=False)
@click.option("--code", metavar="CODE", help="Failures with this code.")
@click.option("--host", metavar="HOST", help="Failures at this host.")
@click.option("--all", "everything", is_flag=True, help="Everything that failed.")
@json_option
@data_dir_option
@pass_invocation
def retry(
    invocation: Invocation,
    target: str | None,
    code: str | None,
    host: str | None,
    everything: bool,
    as_json: bool,
) -> None:
    """Try failed items again.

    Those of a job, one item, or all that failed with some cause.

    \b
    Example:
      feedmill retry 17
      feedmill retry --code connect
    """
    from workers.cli import output
    from workers.wording import count

    if not (target or code or host or everything):
        raise click.UsageError("Say what to try again: a JOB, an ITEM, --code, --host or --all.")
    if everything and (target or code or host):
        raise click.UsageError("--all means everything: leave out the rest.")
    store = invocation.store()
    job, item = None, None
    if target and store.job_status(target) is not None:
        job = target
    elif target and target.isascii() and target.isdigit():
        item = int(target)
    elif target:
        raise click.UsageError(f"There is no job {target}, and it is not an item's number.")
    number = store.retry(time.time(), job=job, item=item, code=code, host=host, everything=everything)
    running = invocation.wake() if number else False
    if as_json:
        output.print_json({"retried": number})
        return
    click.echo(f"{count(number, 'item')} to be tried again.")
    if not number:
        output.say(
            "No failed item of that kind can be tried again. A file that could not be read has to be "
            "enqueued again."
        )
    elif not running:
        output.say("Nothing is running on this deployment: `feedmill up` works them off.")
