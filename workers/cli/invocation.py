"""One call of the command line: its settings, and the store and stages that it opened."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.errors import PipelineError, SettingsError

if TYPE_CHECKING:
    from pipeline.settings import Settings
    from pipeline.store.contract import Store
    from workers.stages import Stages


class Invocation:
    """What a command needs, opened on demand and closed when the command ends.

    Raises PipelineError (`settings`, `database`, `redis`) with a sentence that says what to do.
    """

    def __init__(self) -> None:
        self.data_dir: Path | None = None

    @cached_property
    def settings(self) -> Settings:
        """The settings, read once; from here on what this process says is logged as they want it."""
        from pipeline.settings import load
        from workers import logs

        settings = load(data_dir=self.data_dir)
        logs.set_up(settings, command=_command())
        return settings

    @property
    def database_file(self) -> Path | None:
        """The SQLite file of the embedded deployment; None with a database of one's own."""
        return None if self.settings.database_url else self.settings.data_dir / "feedmill.db"

    def store(self, *, create: bool = False) -> Store:
        """The store. Unless told to create, a missing SQLite file is refused, not made: a mistyped
        folder must not look like an empty deployment."""
        from pipeline.store import open_store

        if not create and self.database_file and not self.database_file.exists():
            raise SettingsError(
                f"Nothing is stored in {self.settings.data_dir} yet (no {self.database_file.name} there). "
                "Begin with `feedmill run SOURCE`, or name another folder with --data-dir."
            )
        store = open_store(self.settings)
        click.get_current_context().call_on_close(store.close)
        if create and self.database_file:
            store.migrate()
        return store

    @cached_property
    def redis_url(self) -> str | None:
        """Redis as configured, else that of the embedded deployment running here; None: neither."""
        if self.settings.redis_url:
            return self.settings.redis_url
        from workers.server import running_redis_url

        return running_redis_url(self.settings)

    @property
    def running_settings(self) -> Settings:
        """The settings with the Redis that is in use."""
        from dataclasses import replace

        return replace(self.settings, redis_url=self.redis_url or "")

    def stages(self) -> Stages | None:
        """The stages; None when no Redis is configured and no embedded deployment runs.

        Raises PipelineError (`redis`) when one is configured and cannot be reached.
        """
        if not self.redis_url:
            return None
        from workers.stages import connect

        stages = connect(self.running_settings)
        click.get_current_context().call_on_close(stages.close)
        try:
            stages.ping()
        except PipelineError:
            if self.settings.redis_url:
                raise
            return None
        return stages

    def wake(self) -> bool:
        """Ask whoever runs this deployment to look at once; False when nobody does."""
        stages = self.stages()
        if stages is not None:
            stages.wake()
        return stages is not None


def _command() -> str:
    """The command that was called; not the part of a group (`healthcheck worker` is no worker)."""
    context = click.get_current_context(silent=True)
    while context is not None and context.parent is not None and context.parent.parent is not None:
        context = context.parent
    return (context.info_name if context is not None else None) or ""


def _remember_data_dir(ctx: click.Context, _param: click.Parameter, value: Path | None) -> None:
    if value is not None:
        ctx.ensure_object(Invocation).data_dir = value


#: accepted before the command and after it; the later one wins
data_dir_option = click.option(
    "--data-dir",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    expose_value=False,
    callback=_remember_data_dir,
    help="Folder of the embedded deployment.  [default: ./feedmill-data, or FEEDMILL_DATA_DIR]",
)

pass_invocation: Any = click.make_pass_decorator(Invocation, ensure=True)

output_option = click.option(
    "-o",
    "--output",
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="PATH",
    help="File to write, replaced whole or not at all.  [default: standard output]",
)

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")

__all__ = ["Invocation", "data_dir_option", "json_option", "output_option", "pass_invocation"]
