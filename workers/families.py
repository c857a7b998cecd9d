"""Every metric of `/metrics`: name, type, labels and what it tells. One table, from which the web server
answers, and which tests hold the documentation, the dashboard and the alert rules to.

Names follow prometheus.io/docs/practices/naming: base units, counters end with `_total`. Labels have few
values, which are known: no item, job, feed, address or process is one; of hosts at most
`workers.hosts.NAMED` a stage.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from pipeline.errors import SKIP_CODES
from pipeline.model import OUTCOMES, STAGES
from pipeline.policy import FAILURE_CODES
from workers.feed_health import WORDS
from workers.hosts import MOST, NAMED, REASONS
from workers.measures import HTTP_CLASSES, POLL_RESULTS
from workers.stages import ALL_STAGES

#: values of a label; None: those that there are at the moment, which are few
Values = tuple[str, ...] | None


class Family(NamedTuple):
    """One metric. A counter's name has its `_total`."""

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    #: one sentence, without its full stop
    help: str
    #: name -> its values
    labels: Mapping[str, Values]


def _counter(name: str, help: str, **labels: Values) -> Family:
    return Family(f"feedmill_{name}_total", "counter", help, labels)


def _gauge(name: str, help: str, **labels: Values) -> Family:
    return Family(f"feedmill_{name}", "gauge", help, labels)


#: items by where they are
STATES = ("pending", "in_flight", *OUTCOMES)
#: at what pool processes die
DEATHS = ("hung", "killed", "crashed")
#: what an attempt of a stage may end with
RESULTS = ("ok", "expanded", *OUTCOMES[:4], *sorted(SKIP_CODES), *FAILURE_CODES)
#: why an item may be tried again
TRIED_AGAIN = (*FAILURE_CODES, *sorted(SKIP_CODES))
_PARTS = ("database", "redis")
_NETWORK = ("poll", "fetch")

_ANSWERING = (
    _gauge("up", "1: it answered in time; else its figures are left out", part=_PARTS),
    _gauge("read_seconds", "How long its figures took to read", part=_PARTS),
    _gauge("build_info", "1, with what runs here", version=None, schema=None),
)
_ITEMS = (
    _counter("items_accepted", "Items accepted, ever"),
    _gauge("items", "Items by where they are, or how they ended", state=STATES),
    _gauge("items_overdue_seconds", "How long the oldest pending item has been due"),
    _gauge("items_awaiting_retry", "Items that failed and wait to be tried again", code=TRIED_AGAIN),
    _gauge("dead_letters", "Failed items by error code", code=FAILURE_CODES),
    _counter("items_ended", "Items that ended, by outcome", outcome=OUTCOMES),
    _counter("items_tried_again", "Failures after which an item is tried again", code=TRIED_AGAIN),
    _gauge("intake_held_back", "1: no further page is taken up: Redis uses more memory than pages may"),
)
_STAGES = (
    _gauge("stage_waiting", "Items (of poll: feeds) that wait before a stage", stage=ALL_STAGES),
    _gauge("stage_running", "Items (of poll: feeds) that a stage has in work", stage=ALL_STAGES),
    _gauge("stage_oldest_seconds", "How long the oldest of them has been in the stage", stage=ALL_STAGES),
    _counter("stage_items", "Items (of poll: feeds) that a stage handed on", stage=ALL_STAGES),
    _counter("stage_results", "Attempts: ok, an outcome or an error code", stage=STAGES, result=RESULTS),
    Family(
        "feedmill_stage_duration_seconds",
        "histogram",
        "How long a stage took with an item",
        {"stage": STAGES},
    ),
    _counter("stage_cpu_seconds", "CPU time that was spent on a stage", stage=ALL_STAGES),
    _counter("stage_leases_lost", "Leases that ended without a report", stage=ALL_STAGES),
)
_WEB = (
    _gauge("feeds", "Feeds by health", health=tuple(WORDS)),
    _counter("polls", "Polls by what they brought", result=POLL_RESULTS),
    _counter("http_requests", "Requests sent, by the class of the answer's status", status=HTTP_CLASSES),
    _gauge("hosts_queued", "Hosts for which something waits", stage=_NETWORK),
    _gauge(
        "hosts_waiting",
        f"The same by what a host waits for, of the first {MOST}",
        stage=_NETWORK,
        reason=tuple(REASONS),
    ),
    _gauge("host_queue_length", f"What waits for the {NAMED} hosts with most", stage=_NETWORK, host=None),
)
_WORKERS = (
    _gauge("workers", "Workers that live, by a queue that they work on", queue=ALL_STAGES),
    _gauge("worker_processes", "Pool processes of the workers of a name", worker=None),
    _gauge("worker_processes_busy", "Those of them that have something in hand", worker=None),
    _gauge("worker_memory_bytes", "Memory of workers with their pools; shared pages count once", worker=None),
    _counter("worker_cpu_seconds", "CPU time of workers with their pools", worker=None),
    _counter(
        "pool_deaths",
        "Pool processes that died, by where (idle: nothing in hand) and how",
        stage=(*ALL_STAGES, "idle"),
        how=DEATHS,
    ),
    _gauge("scheduler_up", "1: a scheduler ticks"),
    _gauge("scheduler_tick_age_seconds", "How long ago the last tick was completed"),
)
_SERVERS = (
    _counter("errors", "Errors that any process met at it", part=_PARTS),
    _counter("outages", "Pumps that stood still because it was away", part=_PARTS),
    _gauge("redis_memory_bytes", "Memory that Redis uses"),
    _gauge("redis_memory_limit_bytes", "Its own limit (maxmemory); 0: it has none"),
    _gauge("redis_pages_limit_bytes", "From here on no further page enters Redis"),
    _gauge("database_size_bytes", "What the database takes on its disk"),
)

#: by name, in the order in which they are told
FAMILIES: dict[str, Family] = {
    one.name: one for one in (*_ANSWERING, *_ITEMS, *_STAGES, *_WEB, *_WORKERS, *_SERVERS)
}

__all__ = ["DEATHS", "FAMILIES", "RESULTS", "STATES", "TRIED_AGAIN", "Family"]
