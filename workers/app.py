"""The Celery app: queues, and every reliability setting with its reason.

A message is only a wake-up: it names a stage and a token, carries no work and may be lost,
doubled or late. Figures in the comments were measured with Celery 5.7 on Redis 7, two cores.
"""

from __future__ import annotations

import gc
import logging
import multiprocessing
import os
import socket
import uuid
from importlib.metadata import version
from typing import Any

from celery import Celery, bootsteps, signals
from celery.apps import worker as celery_worker
from celery.exceptions import SoftTimeLimitExceeded
from celery.worker import state
from kombu import Connection, Exchange, Queue
from kombu.exceptions import OperationalError

from pipeline.errors import PipelineError
from pipeline.settings import Settings, load
from pipeline.tally import TALLY
from workers import beats, broker, capacity, logs
from workers.alarm import STRETCH
from workers.keepalive import KEEPALIVE
from workers.logs.outage import AWAY, away, back
from workers.measures import tell
from workers.parting import Parting
from workers.pool import Pool, is_orphan, make_ledger, on_end, own_index
from workers.stages import ALL_STAGES, REPLY_SECONDS, Stages
from workers.vitals import Vitals
from workers.warden import LOOK_SECONDS, Warden
from workers.watchdog import Watchdog

logger = logging.getLogger(__name__)

#: seconds beyond the longest stay until a pump is asked to stop, and until its process is killed: more than
#: the database may keep it waiting; what hangs at an item is found sooner by the warden
SOFT_EXTRA, HARD_EXTRA = 70, 100
#: longest stay of a pump that fetches (s): it begins requests for a while, and waits for the last answers
FETCH_SECONDS = 75
#: items waiting that are worth a further pump: a page costs some 10 ms, a wake-up 3
PUMP_SHARE = 8
#: longest pause between two attempts to reach the broker again (s); the default grows to 30
RECONNECT_SECONDS = 3
#: shared with the forked pool processes: 1 once the worker was asked to stop
stopping = multiprocessing.Value("b", 0)
#: what became of what was in hand then
parting = Parting()


def broker_url(redis_url: str) -> str:
    """kombu's spelling of a redis URL (sockets differ)."""
    return redis_url.replace("unix://", "redis+socket://", 1)


def transport_options(settings: Settings) -> dict[str, Any]:
    """How kombu is to use Redis."""
    return {
        "global_keyprefix": f"{settings.redis_prefix}:mq:",
        "visibility_timeout": 60,
        # Default: 10 x 10 s. Measured: redelivery after 11 s instead of 91 s.
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_timeout": REPLY_SECONDS,
        "socket_connect_timeout": 5,
        "socket_keepalive": True,
        "socket_keepalive_options": KEEPALIVE,
        # A connection that says nothing for twice as long is given up: the consumer would wait
        # for ever for wake-ups behind a network that was cut.
        "health_check_interval": 5,
    }


def create_app(settings: Settings) -> Celery:
    """The Celery app of the deployment at settings.redis_url."""
    broker.install()
    app = Celery("feedmill", broker=broker_url(settings.redis_url), include=["workers.tasks"])
    app.amqp.Connection = _Connection
    # The anonymous exchange routes by the queue's name alone. A named one needs a binding key in
    # Redis, and once that is flushed kombu drops every message silently (kombu #1404).
    direct = Exchange("", type="direct")
    app.conf.update(
        task_queues=[Queue(stage, direct, routing_key=stage) for stage in ALL_STAGES],
        task_create_missing_queues=False,
        # Results and states live in rows: a result key costs a quarter of the CPU per message.
        task_ignore_result=True,
        task_serializer="json",
        accept_content=["json"],
        # Early acks: a pump needs no redelivery, its items have leases and the coordinator wakes
        # the stage again. So no visibility timeout can run a message twice either.
        task_acks_late=False,
        # Otherwise a message is reserved behind a running pump while other processes idle.
        worker_disable_prefetch=True,
        worker_prefetch_multiplier=1,
        # Pages leak in parsers; a recycle costs half a second of one slot and loses nothing.
        worker_max_memory_per_child=400_000,
        worker_max_tasks_per_child=500,
        # Default: a new process that says nothing for 4 s is killed, which a busy machine may need.
        worker_proc_alive_timeout=60.0,
        # SIGTERM waits for running tasks, and pumps end at once (see `stopping`). A soft shutdown
        # would always sleep through its whole timeout before anything is told.
        worker_soft_shutdown_timeout=0,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        broker_connection_retry_on_startup=True,
        # The default gives up for good after 100 tries.
        broker_connection_max_retries=None,
        # A full Redis takes no note of a message that was received, and the consumer would end by that.
        broker_channel_error_retry=True,
        broker_transport_options=transport_options(settings),
        # A lost wake-up is healed by the coordinator's next look, so a caller never waits long.
        task_publish_retry_policy={"max_retries": 2, "interval_start": 0, "interval_step": 0.2},
        # Lines of Celery, and what is printed, go the way of all others (see `_keep_our_logging`).
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        worker_send_task_events=settings.celery_events == "on",
        # Nothing here asks for it, and whoever can write to Redis could shut workers down by it.
        worker_enable_remote_control=False,
        enable_utc=True,
    )
    return app


class _Connection(Connection):  # type: ignore[misc]
    """kombu's, which comes back soon after an outage, however long that was."""

    def ensure_connection(self, *args: Any, **kwargs: Any) -> Any:
        pauses = {"interval_start": 1, "interval_step": 1, "interval_max": RECONNECT_SECONDS}
        return super().ensure_connection(*args, **{**pauses, **kwargs})


def publish(app: Celery, stage: str, token: str, longest: float) -> None:
    """Send one wake-up for a stage, to a pump that stays so many seconds at most. Raises PipelineError
    (`redis`) when the broker is away."""
    try:
        app.send_task(
            broker.TASK,
            args=[stage, token],
            queue=stage,
            soft_time_limit=longest + SOFT_EXTRA,
            time_limit=longest + HARD_EXTRA,
            argsrepr="",
            kwargsrepr="",
        )
    except (OperationalError, OSError, AttributeError) as error:
        # AttributeError: a broken connection may be taken from kombu while it publishes; it meets None.
        TALLY.add("error:redis")
        message = f"No wake-up for {stage} could be sent: {error}"
        raise PipelineError(message, code="redis", retry_helps=True) from error


def kick(app: Celery, stages: Stages, stage: str) -> bool:
    """Wake a stage if it has work that no pump sees to. Returns whether a wake-up was sent."""
    settings = stages.settings
    token = uuid.uuid4().hex[:12]
    if not stages.kick(stage, width(stage, settings), PUMP_SHARE, token):
        return False
    publish(app, stage, token, longest_stay(stage, settings))
    return True


def longest_stay(stage: str, settings: Settings) -> float:
    """Seconds that a sound pump may take: the item that it begins last has all of its own time."""
    if stage in ("fetch", "poll"):
        return FETCH_SECONDS
    return settings.slice_seconds + STRETCH * settings.item_seconds


def width(stage: str, settings: Settings) -> int:
    """Most pumps of a stage at once, over all workers."""
    if stage == "store" and settings.effective_database_url.startswith("sqlite"):
        return 1  # SQLite has one writer
    if settings.width:
        return settings.width
    return 2 if stage in ("fetch", "poll", "store") else max(2, os.cpu_count() or 2)


class Heartbeat(bootsteps.StartStopStep):  # type: ignore[misc]
    """Tells Redis every few seconds, from the consumer's own loop, that the worker lives.

    A process that hangs, or that lost its way to the broker, falls silent.
    """

    requires = ("celery.worker.consumer.tasks:Tasks",)

    def start(self, consumer: object) -> None:
        settings = load()
        stages = Stages(settings)
        name = consumer.hostname  # type: ignore[attr-defined]
        queues = sorted(consumer.app.amqp.queues.consume_from)  # type: ignore[attr-defined]
        file = beats.file_of(settings, "worker")

        facts = {"pid": os.getpid(), "host": socket.gethostname(), "queues": queues}
        facts["version"] = version("feedmill")
        facts["group"] = group = group_of(name)

        def beat() -> None:
            told = _vitals(consumer.pool)  # type: ignore[attr-defined]
            TALLY.add(f"worker_us:{group}", _own.spent(told["cpu"]))
            try:
                stages.beat(name, facts | told)
                tell(stages)
            except PipelineError as error:
                # Redis is away: Celery reconnects by itself, and the missing beat tells the rest.
                away(error, logger, "no heartbeat: %s", error)
            else:
                back(logger, "redis")
                file.touch()
                if _watchdog is not None:
                    _watchdog.beaten()
                    _watchdog.look(bool(stopping.value))

        consumer.timer.call_repeatedly(5.0, beat)  # type: ignore[attr-defined]
        beat()

    def stop(self, consumer: object) -> None:
        # Also called when the connection is lost: until it is back there is no timer, and no beat.
        if not stopping.value:
            TALLY.add("error:redis")
            AWAY["redis"].met(logger, "the connection to Redis is lost; work goes on when it is back")


def _vitals(pool: Any) -> dict[str, Any]:
    """What the worker and its pool use, and how many of the pool's processes have something in hand."""
    told = _own.facts(pool.info.get("processes", ()))
    return told | {"busy": Watch.warden.busy() if Watch.warden is not None else 0}


#: what this process and its children use
_own = Vitals()
#: looks after this process, if it is a worker
_watchdog: Watchdog | None = None


class Watch(bootsteps.StartStopStep):  # type: ignore[misc]
    """Looks at the pool's processes from the consumer's own loop: those that died, those that hang."""

    requires = ("celery.worker.consumer.tasks:Tasks",)
    #: made with the worker, one in a process
    warden: Warden | None = None

    def start(self, consumer: object) -> None:
        if Watch.warden is not None:
            # Timers are cleared when the consumer starts again, after Redis was away.
            consumer.timer.call_repeatedly(LOOK_SECONDS, Watch.warden.look)  # type: ignore[attr-defined]


def worker_name(name: str | None = None) -> str:
    """How this worker is called: unique on its host."""
    return f"{name or 'worker'}-{os.getpid()}@{socket.gethostname()}"


def group_of(name: str) -> str:
    """What a worker's name begins with: what it was called when it was started, as others may be too."""
    return name.rpartition("@")[0].rpartition("-")[0] or name


def run_worker(settings: Settings, queues: list[str], concurrency: int = 0, name: str | None = None) -> int:
    """Work until told to stop; returns the exit code. settings must be those of the environment:
    pool processes read them again."""
    global _watchdog  # noqa: PLW0603 - one per process is the point
    app = create_app(settings)
    app.steps["consumer"].update([Heartbeat, Watch])
    processes = concurrency or settings.concurrency or capacity.processes()
    # An index that a process leaves is given again: twice as many are more than there can be.
    ledger = make_ledger(2 * processes)
    Watch.warden = Warden(Stages(settings), ledger, worker_name(name), lambda: bool(stopping.value))
    on_end(Watch.warden.ended)
    logs.identify(worker_name(name))
    # Celery prints these lines past all logging.
    celery_worker.safe_say = lambda said, *_: logger.debug("%s", said)
    worker = app.Worker(
        hostname=worker_name(name),
        queues=queues,
        concurrency=processes,
        pool=Pool,
        loglevel=logging.getLogger().level,
        # Mingle alone costs a second at start; nothing here asks other workers.
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=settings.celery_events == "off",
        optimization="fair",
        quiet=True,
    )
    _watchdog = Watchdog(Stages(settings), queues, busy=lambda: bool(state.reserved_requests))
    _watchdog.start(lambda: bool(stopping.value))
    logger.info("started for %s with %d processes", ", ".join(queues), processes)
    # All that was loaded stays: billiard collects garbage before it forks a process, 0.1 s each time, and
    # what no collection looks at stays shared with the pool.
    gc.freeze()
    try:
        worker.start()
    finally:
        _watchdog.stop()
    finished, handed_back = parting.sums()
    logger.info("stopped: %d items in hand were finished, %d handed back", finished, handed_back)
    return int(worker.exitcode or 0)


def part(finished: int = 0, handed_back: int = 0) -> None:
    """A pool process says what became of items, for the line that its worker ends with."""
    if stopping.value:
        parting.count(own_index() or 0, finished, handed_back)


@signals.worker_process_init.connect
def _end_with_the_worker(**_: object) -> None:
    # Celery has just asked the kernel to kill this process when its worker dies. If that died in the moment
    # since the fork, nobody would: every process of a pool holds the pipes of all others open.
    if is_orphan():
        os._exit(1)


@signals.setup_logging.connect
def _keep_our_logging(**_: object) -> None:
    """Who answers this signal has set logging up: Celery then adds no handler, format or colour."""


@signals.worker_shutting_down.connect
def _tell_pumps(**_: object) -> None:
    # Pool processes do not see the signal; the value is shared memory from before the fork.
    stopping.value = 1


__all__ = [
    "FETCH_SECONDS",
    "Celery",
    "SoftTimeLimitExceeded",
    "broker_url",
    "create_app",
    "group_of",
    "kick",
    "part",
    "publish",
    "run_worker",
    "stopping",
    "transport_options",
    "width",
    "worker_name",
]
