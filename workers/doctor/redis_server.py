"""The Redis server: reachable, quick, ours to write to, and set so that it loses nothing on its own."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from pipeline.errors import PipelineError
from pipeline.settings import Settings
from pipeline.urls import without_password
from workers import server
from workers.doctor.bounds import Bounds
from workers.finding import Finding
from workers.stages import Stages, connect
from workers.wording import span

#: the scripts use what came with it: BLPOP with fractions of a second, ZADD with many, RESP 3
LEAST_VERSION = (6, 2)
#: times that it is asked for how quick it is
_PINGS = 5

CURE = (
    "Check FEEDMILL_REDIS_URL, and that Redis runs. Nothing is lost meanwhile: work goes on when it is back."
)
#: a fragment of what the server or the client says -> what to do
CURES = {
    "invalid username-password": "Set the right password: FEEDMILL_REDIS_URL=redis://:PASSWORD@HOST:6379/0",
    "Authentication required": "Set the password: FEEDMILL_REDIS_URL=redis://:PASSWORD@HOST:6379/0",
    "already authenticated": "Set the password: FEEDMILL_REDIS_URL=redis://:PASSWORD@HOST:6379/0",
    "called without any password": "Take the password out of FEEDMILL_REDIS_URL: the server has none.",
    "NOPERM": "Give the user of FEEDMILL_REDIS_URL all rights on its keys (ACL SETUSER).",
    "loading the dataset": "Wait: it reads its data after a start.",
    "MISCONF": "Make room on its disk, and see that it may write to its folder (`dir`): its log tells.",
    "used memory >": "Raise maxmemory, or find what else uses it (redis-cli --bigkeys).",
    "max number of clients": "Raise maxclients, or find who keeps so many connections (CLIENT LIST).",
    "unknown command": "Use Redis 6.2 or newer, or Valkey.",
    "Name or service not known": "There is no such host: check FEEDMILL_REDIS_URL, and the DNS.",
    "SSL": "Use rediss:// in FEEDMILL_REDIS_URL where the server speaks TLS, redis:// where it does not.",
}


def examine(settings: Settings, bounds: Bounds, *, ours: bool) -> Iterator[Finding]:
    """``ours``: the embedded one, which keeps nothing on disk on purpose. Raises PipelineError (`redis`)
    when it cannot be asked."""
    with closing(connect(settings)) as stages:
        quick = _quickness(stages)
        info: dict[str, Any] = stages.ask(lambda r: r.info("everything"))
        wrong = [
            *_version(info),
            *_writing(info),
            *_memory(info, settings, bounds),
            *_connections(info, bounds),
            *_speed(quick, bounds),
            *([] if ours else _persistence(stages, info)),
        ]
        yield from wrong
        if all(one.ok for one in wrong):
            where = without_password(settings.redis_url)
            used = f"{int(info['used_memory']) / 1e6:,.0f} MB used"
            version = f"version {info.get('valkey_version') or info.get('redis_version')}"
            yield Finding("redis", True, f"{where}: {version}, {used}, answers in {span(quick)}")
        yield from _clock(stages, bounds)


def in_use(settings: Settings) -> str:
    """The Redis of the settings, else the embedded one if something listens there; else nothing.

    Whether it answers is not asked: one that hangs is not one that is at rest.
    """
    if settings.redis_url:
        return settings.redis_url
    url = server.socket_url(settings)
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(1.0)
        try:
            probe.connect(url.removeprefix("unix://"))
        except OSError:
            return ""
    return url


def at_rest() -> Iterator[Finding]:
    """Said of an embedded one that does not run."""
    says = f"embedded and not running: `feedmill run` and `feedmill up` start it ({server.binary()})"
    yield Finding("redis", True, says)


def _quickness(stages: Stages) -> float:
    """The quickest of several answers, in seconds: what is slower may be this machine being busy."""
    stages.ping()
    took = []
    for _ in range(_PINGS):
        began = time.perf_counter()
        stages.ping()
        took.append(time.perf_counter() - began)
    return min(took)


def _version(info: dict[str, Any]) -> Iterator[Finding]:
    told = str(info.get("redis_version", ""))
    numbers = tuple(int(one) for one in re.findall(r"\d+", told)[:2])
    if numbers and numbers < LEAST_VERSION:
        yield Finding("redis", False, f"version {told} is too old", "Use Redis 6.2 or newer, or Valkey.")


def _writing(info: dict[str, Any]) -> Iterator[Finding]:
    if info.get("role") == "slave":
        master = f"{info.get('master_host')}:{info.get('master_port')}"
        says = f"it is a replica of {master}, which only reads"
        yield Finding("redis", False, says, f"Point FEEDMILL_REDIS_URL at {master}, or promote the replica.")
    for field, what in (
        ("aof_last_write_status", "append-only file"),
        ("rdb_last_bgsave_status", "snapshot"),
    ):
        if info.get(field, "ok") != "ok":
            says = f"its last {what} could not be written (MISCONF): it refuses all changes"
            if what == "snapshot":
                says = (
                    f"its last {what} could not be written: with `save` set it refuses all changes (MISCONF)"
                )
            cure = "Make room on its disk, and see that it may write to its folder (`dir`): its log tells."
            yield Finding("redis", False, says, cure)


def _memory(info: dict[str, Any], settings: Settings, bounds: Bounds) -> Iterator[Finding]:
    used, most = int(info["used_memory"]), int(info.get("maxmemory", 0))
    if used > settings.redis_high_water:
        says = (
            f"it uses {used / 1e6:,.0f} MB, more than FEEDMILL_REDIS_HIGH_WATER "
            f"({settings.redis_high_water / 1e6:,.0f}): no further page is taken up meanwhile"
        )
        cure = (
            "Under load this passes. If nothing moves, something else fills it (redis-cli --bigkeys): give "
            "Feedmill a Redis of its own, or raise the mark."
        )
        yield Finding("redis", True, says, cure, warning=True)
    if not most:
        return
    policy = info.get("maxmemory_policy", "noeviction")
    if policy != "noeviction":
        says = f"maxmemory-policy is {policy}: Redis may drop work in flight"
        yield Finding("redis", False, says, "Set it to noeviction (CONFIG SET, and in its configuration).")
    if used >= bounds.nearly * most:
        says = (
            f"{used / 1e6:,.0f} of {most / 1e6:,.0f} MB (maxmemory) are used: when full, it refuses changes"
        )
        cure = (
            "Raise maxmemory, or find what else uses it (redis-cli --bigkeys). Work goes on by itself then."
        )
        yield Finding("redis", False, says, cure)
    elif settings.redis_high_water >= bounds.nearly * most:
        says = (
            f"FEEDMILL_REDIS_HIGH_WATER={settings.redis_high_water} leaves no room below maxmemory ({most}): "
            "it is full before new pages are held back"
        )
        cure = "Set the one to half of the other or less."
        yield Finding("redis", False, says, cure)


def _connections(info: dict[str, Any], bounds: Bounds) -> Iterator[Finding]:
    used, most = int(info.get("connected_clients", 0)), int(info.get("maxclients", 0))
    if most and used >= bounds.nearly * most:
        cure = "Raise maxclients, or find who keeps so many connections (CLIENT LIST)."
        yield Finding("redis", False, f"{used} of {most} connections are used", cure)


def _speed(quick: float, bounds: Bounds) -> Iterator[Finding]:
    if quick >= bounds.slow:
        bad = quick >= bounds.very_slow
        says = f"it takes {span(quick)} for an answer: each batch waits for several"
        cure = "Run it in the workers' network; see redis-cli --latency, SLOWLOG GET, and its machine."
        yield Finding("redis", not bad, says, cure, warning=not bad)


def _persistence(stages: Stages, info: dict[str, Any]) -> Iterator[Finding]:
    if info.get("aof_enabled"):
        return
    try:
        snapshots = stages.ask(lambda r: r.config_get("save")).get("save")
    except PipelineError:
        return  # a server of somebody else, whose settings are not shown: nothing can be said
    if not snapshots:
        says = "it keeps nothing on disk: after its restart everything in flight begins again"
        cure = "Nothing is lost by that, only time. Set appendonly to yes if restarts are frequent."
        yield Finding("redis", True, says, cure, warning=True)


def _clock(stages: Stages, bounds: Bounds) -> Iterator[Finding]:
    asked = time.time()
    ahead = stages.clock() - (asked + time.time()) / 2
    near = abs(ahead) <= bounds.clock
    way = "ahead of" if ahead > 0 else "behind"
    if not near:
        says = f"that of Redis is {span(abs(ahead))} {way} this machine's"
        yield Finding("clock", False, says, "Set both clocks right (NTP).")


__all__ = ["CURE", "CURES", "LEAST_VERSION", "at_rest", "examine", "in_use"]
