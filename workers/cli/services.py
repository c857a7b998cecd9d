"""What the services of a deployment run: worker, scheduler, migration, and their health checks."""

from __future__ import annotations

import gc
import os

import click

from pipeline.errors import SettingsError
from pipeline.settings import PREFIX, Settings
from workers.cli.invocation import Invocation, data_dir_option, pass_invocation


def _queue_names(_ctx: click.Context, _param: click.Parameter, value: str) -> list[str]:
    from workers.stages import ALL_STAGES

    names = [name.strip() for name in value.split(",") if name.strip()]
    unknown = [name for name in names if name not in ALL_STAGES]
    if unknown or not names:
        raise click.BadParameter(f"{', '.join(unknown) or value!r}: queues are {', '.join(ALL_STAGES)}.")
    return names


_queues_option = click.option(
    "--queues",
    default="poll,fetch,clean,extract,store",
    show_default=True,
    metavar="NAMES",
    callback=_queue_names,
    help="Queues to work on, separated by commas.",
)


def _served(invocation: Invocation) -> Settings:
    """The settings of a service, which cannot do without a Redis of its own."""
    settings = invocation.settings
    if not settings.redis_url:
        raise SettingsError(
            "FEEDMILL_REDIS_URL is not set: a service needs the Redis of its deployment. "
            "To run everything on this machine, use `feedmill up`."
        )
    # Pool processes read the environment, not the command line.
    os.environ[PREFIX + "DATA_DIR"] = str(settings.data_dir.absolute())
    return settings


@click.command()
@_queues_option
@click.option(
    "--concurrency", type=click.IntRange(1), metavar="N", help="Processes.  [default: one per core]"
)
@click.option("--name", metavar="NAME", help="How it appears in `feedmill doctor`.")
@data_dir_option
@pass_invocation
def worker(invocation: Invocation, queues: list[str], concurrency: int | None, name: str | None) -> None:
    """Work on queues until told to stop (SIGTERM). A service of a deployment.

    \b
    Example:
      feedmill worker --queues fetch,poll --concurrency 2
    """
    settings = _served(invocation)
    # Loading makes no garbage, yet a fifth of its time goes into looking for some.
    gc.disable()
    try:
        from workers import tasks as tasks
        from workers.app import run_worker
    finally:
        gc.enable()
    click.get_current_context().exit(run_worker(settings, queues, concurrency or 0, name))


@click.command()
@data_dir_option
@pass_invocation
def scheduler(invocation: Invocation) -> None:
    """Tick: hand out items, poll feeds, mend what faults left. A service of a deployment.

    Several may run; one ticks, the others stand by.

    \b
    Example:
      feedmill scheduler
    """
    settings = _served(invocation)
    from workers.coordinator import run_scheduler

    click.get_current_context().exit(run_scheduler(settings))


@click.command()
@data_dir_option
@pass_invocation
def migrate(invocation: Invocation) -> None:
    """Bring the database up to date. Safe to run twice, and at once from several places.

    \b
    Example:
      feedmill migrate
    """
    from pipeline.urls import without_password
    from workers import logs
    from workers.cli import output

    settings = invocation.settings
    invocation.store(create=True).migrate()
    where = without_password(settings.database_url) or invocation.database_file
    told = f"The database {where} is up to date."
    if logs.speaks_json():
        output.say(told)
    else:
        click.echo(told)


@click.group(hidden=True)
@data_dir_option
def healthcheck() -> None:
    """Exit 0 if a service of this host works, 1 (and say why) if not.

    \b
    Example:
      feedmill healthcheck worker --queues clean,extract
    """


@healthcheck.command("worker")
@_queues_option
@data_dir_option
@pass_invocation
def worker_health(invocation: Invocation, queues: list[str]) -> None:
    """Whether a worker of this host consumes these queues."""
    from workers.health import check_worker

    _answer(check_worker(_served(invocation), queues))


@healthcheck.command("scheduler")
@data_dir_option
@pass_invocation
def scheduler_health(invocation: Invocation) -> None:
    """Whether the scheduler of this host ticks."""
    from workers.health import check_scheduler

    _answer(check_scheduler(_served(invocation)))


def _answer(wrong: str | None) -> None:
    click.echo(wrong or "healthy", err=bool(wrong))
    if wrong:
        click.get_current_context().exit(1)


__all__ = ["healthcheck", "migrate", "scheduler", "worker"]
