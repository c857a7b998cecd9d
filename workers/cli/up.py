"""``feedmill up``: the embedded deployment, staying."""

from __future__ import annotations

import socket
import time
from contextlib import ExitStack

import click

from pipeline.errors import SettingsError
from workers.cli.interrupt import orderly_interrupts
from workers.cli.invocation import Invocation, data_dir_option, pass_invocation

#: seconds between two looks at the children
_LOOK = 1.0


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Of the web pages.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help="Of the web pages.  [default: 8000, or any that is free if that is taken]",
)
@click.option("--no-web", "without_web", is_flag=True, help="No web pages and no API.")
@data_dir_option
@pass_invocation
def up(invocation: Invocation, host: str, port: int | None, without_web: bool) -> None:
    """Run everything here until Ctrl-C.

    Workers, a scheduler and the web pages: feeds are polled when they are due, and what is enqueued
    is worked off.

    \b
    Example:
      feedmill up
      feedmill enqueue seeds/        # in another terminal
    """
    from workers.cli import output

    settings = invocation.settings
    with orderly_interrupts("Stopping. What is unfinished is kept. Ctrl-C again stops at once."):
        from workers.embedded import Deployment
        from workers.web.child import WebChild

        try:
            with Deployment(settings, poll_feeds=True) as deployment, ExitStack() as stack:
                web = None
                if not without_web:
                    web = stack.enter_context(WebChild(deployment.settings, _listen(host, port)))
                    output.say(f"Look at {web.url}")
                output.say(f"Feedmill is up, with its data in {settings.data_dir}. Ctrl-C stops it.")
                while True:
                    deployment.check()
                    if web is not None:
                        web.check()
                    time.sleep(_LOOK)
        except KeyboardInterrupt:
            # Being stopped is how this command ends well.
            output.say("Stopped.")


def _listen(host: str, port: int | None) -> socket.socket:
    """The socket of the web pages. A port that nobody asked for by number need not be that one."""
    from workers.web import server

    if port is not None:
        return server.bind(host, port)
    try:
        return server.bind(host, server.PORT)
    except SettingsError:
        return server.bind(host, 0)


__all__ = ["up"]
