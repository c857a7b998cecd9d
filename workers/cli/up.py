"""``feedmill up``: the embedded deployment, staying."""

from __future__ import annotations

import time

import click

from workers.cli.interrupt import orderly_interrupts
from workers.cli.invocation import Invocation, data_dir_option, pass_invocation

#: seconds between two looks at the children
_LOOK = 1.0


@click.command()
@data_dir_option
@pass_invocation
def up(invocation: Invocation) -> None:
    """Run everything here until Ctrl-C.

    Workers and a scheduler: feeds are polled when they are due, and what is enqueued is worked off.

    \b
    Example:
      feedmill up
      feedmill enqueue seeds/        # in another terminal
    """
    from workers.cli import output

    settings = invocation.settings
    with orderly_interrupts("Stopping. What is unfinished is kept. Ctrl-C again stops at once."):
        from workers.embedded import Deployment

        try:
            with Deployment(settings, poll_feeds=True) as deployment:
                output.say(f"Feedmill is up, with its data in {settings.data_dir}. Ctrl-C stops it.")
                while True:
                    deployment.check()
                    time.sleep(_LOOK)
        except KeyboardInterrupt:
            # Being stopped is how this command ends well.
            output.say("Stopped.")


__all__ = ["up"]
