"""``feedmill serve``: the web interface of a deployment."""

from __future__ import annotations

import gc
import socket
from typing import TYPE_CHECKING

import click

from workers.cli.interrupt import orderly_interrupts
from workers.cli.invocation import Invocation, data_dir_option, pass_invocation

if TYPE_CHECKING:
    from pipeline.store.contract import Store


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
    # Loading makes no garbage, yet a sixth of its time goes into looking for some.
    gc.disable()
    try:
        from workers.cli import output
        from workers.web import server
        from workers.web.app import create_app
    finally:
        gc.enable()

    listening = socket.socket(fileno=fd) if fd is not None else server.bind(host, port)
    store = _store(invocation)
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


def _store(invocation: Invocation) -> Store:
    """The store. A PostgreSQL that is away for now is told to whoever asks, with 503: a service that
    ended instead would be started again later and later."""
    if not invocation.settings.database_url:
        return invocation.store(create=True)
    from pipeline.store import open_store

    store = open_store(invocation.settings, probe=False)
    click.get_current_context().call_on_close(store.close)
    return store


def _whose(invocation: Invocation) -> str:
    from pipeline.urls import without_password

    return without_password(invocation.settings.database_url) or str(invocation.settings.data_dir)


__all__ = ["serve"]
