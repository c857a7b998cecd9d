"""``feedmill serve``: the web interface of a deployment."""

from __future__ import annotations

import socket

import click

from workers.cli.interrupt import orderly_interrupts
from workers.cli.invocation import Invocation, data_dir_option, pass_invocation


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Where to listen.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0: any that is free."
)
@click.option("--fd", type=click.IntRange(3), hidden=True, help="A listening socket that was handed down.")
@data_dir_option
@pass_invocation
def serve(invocation: Invocation, host: str, port: int, fd: int | None) -> None:
    """Serve the web pages and the API until told to stop. A service of a deployment.

    Only this machine reaches them unless --host says otherwise. Set FEEDMILL_API_TOKEN before
    others do: writing then needs it.

    \b
    Example:
      feedmill serve --port 8080
    """
    from workers.cli import output
    from workers.web import server
    from workers.web.app import create_app

    listening = socket.socket(fileno=fd) if fd is not None else server.bind(host, port)
    store = invocation.store(create=True)
    if fd is None:
        output.say(f"Serving {server.url_of(listening)} for {_whose(invocation)}. Ctrl-C stops it.")
    try:
        with orderly_interrupts("Stopping."):
            server.run(create_app(store, invocation.settings), listening)
    except KeyboardInterrupt:
        # Being stopped is how this command ends well.
        output.say("Stopped.")
    finally:
        listening.close()


def _whose(invocation: Invocation) -> str:
    from pipeline.urls import without_password

    return without_password(invocation.settings.database_url) or str(invocation.settings.data_dir)


__all__ = ["serve"]
