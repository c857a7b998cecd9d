"""The faults: what each does to the deployment, and how it ends.

A fault is called with the deployment and a source of chance. It begins at once; it may return what
ends it, which is called when its time is over.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.chaos import messages
from benchmarks.chaos.deployment import Deployment
from benchmarks.chaos.proxy import Proxy
from benchmarks.chaos.services import Service

End = Callable[[], None]
Begin = Callable[[Deployment, random.Random], End | None]

#: at once: what is killed or cut is over when it happened. Otherwise how long it lasts (s)
AT_ONCE, BRIEF, LONG = (0.0, 0.0), (3.0, 8.0), (12.0, 20.0)
#: as in docker-compose.yml (bytes)
REDIS_MEMORY = 512_000_000


@dataclass(frozen=True)
class Fault:
    """One kind of fault. ``needs``: what it cannot do without ("postgres", "disk", "clock")."""

    begin: Begin
    seconds: tuple[float, float] = AT_ONCE
    needs: str = ""


def _kill_pool_process(mill: Deployment, rng: random.Random) -> None:
    pool = rng.choice(mill.workers).pool()
    for pid in rng.sample(pool, min(len(pool), rng.randint(1, 2))):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _kill_worker(mill: Deployment, rng: random.Random) -> None:
    rng.choice(mill.workers).kill()


def _kill_all_workers(mill: Deployment, rng: random.Random) -> None:
    for one in mill.workers:
        one.kill()


def _kill_ticking(mill: Deployment, rng: random.Random) -> None:
    (mill.ticking() or rng.choice(mill.schedulers)).kill()


def _kill_standby(mill: Deployment, rng: random.Random) -> None:
    ticking = mill.ticking()
    rng.choice([one for one in mill.schedulers if one is not ticking]).kill()


def _stop_worker(mill: Deployment, rng: random.Random) -> None:
    rng.choice(mill.workers).restart()


def _stop_everything(mill: Deployment, rng: random.Random) -> None:
    for one in rng.sample(mill.all, len(mill.all)):
        one.restart()


def _pause(choose: Callable[[Deployment, random.Random], Service | None]) -> Begin:
    def begin(mill: Deployment, rng: random.Random) -> End | None:
        service = choose(mill, rng)
        if service is None:
            return None
        service.pause(on=True)
        return lambda: service.pause(on=False)

    return begin


def _restart_redis(mill: Deployment, rng: random.Random, *, empty: bool) -> End:
    mill.redis.hold_back(60.0)
    mill.redis.kill()

    def end() -> None:
        if empty:
            for path in (mill.disk.folder / "redis").rglob("*.*"):
                path.unlink(missing_ok=True)
        mill.redis.hold_back(0.0)

    return end


def _flush_redis(mill: Deployment, _rng: random.Random) -> None:
    mill.intruder.flush()


def _fill_redis(mill: Deployment, _rng: random.Random) -> End:
    mill.intruder.limit_memory(1_000_000)
    return lambda: mill.intruder.limit_memory(REDIS_MEMORY)


def _crowd_redis(mill: Deployment, _rng: random.Random) -> End:
    mill.intruder.limit_memory(40_000_000)
    crowd = [f"foreign:{number}" for number in range(80)]
    mill.intruder.crowd(crowd, 1_000_000)

    def end() -> None:
        mill.intruder.limit_memory(REDIS_MEMORY)
        mill.intruder.forget(crowd)

    return end


def _restart_postgres(number: int) -> Begin:
    def begin(mill: Deployment, _rng: random.Random) -> End | None:
        assert mill.postgres is not None
        mill.postgres.hold_back(60.0)
        mill.postgres.restart(number)
        return lambda: mill.postgres.hold_back(0.0) if mill.postgres else None

    return begin


def _cut(proxy: Callable[[Deployment], Proxy | None]) -> Begin:
    def begin(mill: Deployment, rng: random.Random) -> None:
        one = proxy(mill)
        for _ in range(rng.randint(1, 3)):
            if one is not None:
                one.cut()
            time.sleep(0.2)

    return begin


def _lose(proxy: Callable[[Deployment], Proxy | None]) -> Begin:
    return lambda mill, _rng: one.lose() if (one := proxy(mill)) else None


def _refuse(proxy: Callable[[Deployment], Proxy | None]) -> Begin:
    def begin(mill: Deployment, _rng: random.Random) -> End | None:
        one = proxy(mill)
        if one is None:
            return None
        one.refuse()
        return one.restore

    return begin


def _hold(proxy: Callable[[Deployment], Proxy | None]) -> Begin:
    def begin(mill: Deployment, _rng: random.Random) -> End | None:
        one = proxy(mill)
        if one is None:
            return None
        one.hold()
        return one.restore

    return begin


def _slow(proxy: Callable[[Deployment], Proxy | None]) -> Begin:
    def begin(mill: Deployment, rng: random.Random) -> End | None:
        one = proxy(mill)
        if one is None:
            return None
        one.delay = rng.uniform(0.05, 0.3)
        return one.restore

    return begin


def _fill_disk(mill: Deployment, _rng: random.Random) -> End:
    mill.disk.fill()
    return mill.disk.free


def _jump(ahead: int) -> Begin:
    def begin(mill: Deployment, _rng: random.Random) -> End:
        mill.clock.set(ahead)
        return lambda: mill.clock.set(0)

    return begin


def _to_redis(mill: Deployment) -> Proxy | None:
    return mill.redis_proxy


def _to_postgres(mill: Deployment) -> Proxy | None:
    return mill.postgres_proxy


FAULTS: dict[str, Fault] = {
    "pool process killed": Fault(_kill_pool_process),
    "worker killed": Fault(_kill_worker),
    "all workers killed": Fault(_kill_all_workers),
    "ticking scheduler killed": Fault(_kill_ticking),
    "standby scheduler killed": Fault(_kill_standby),
    "worker stopped": Fault(_stop_worker),
    "everything stopped": Fault(_stop_everything),
    "worker paused": Fault(_pause(lambda mill, rng: rng.choice(mill.workers)), LONG),
    "ticking scheduler paused": Fault(_pause(lambda mill, _rng: mill.ticking()), LONG),
    "Redis paused": Fault(_pause(lambda mill, _rng: mill.redis), LONG),
    "PostgreSQL paused": Fault(_pause(lambda mill, _rng: mill.postgres), LONG, "postgres"),
    "Redis killed": Fault(lambda mill, rng: _restart_redis(mill, rng, empty=False), BRIEF),
    "Redis lost its data": Fault(lambda mill, rng: _restart_redis(mill, rng, empty=True), BRIEF),
    "Redis flushed": Fault(_flush_redis),
    "Redis out of memory": Fault(_fill_redis, BRIEF),
    "Redis filled by others": Fault(_crowd_redis, LONG),
    "PostgreSQL restarted": Fault(_restart_postgres(signal.SIGINT), BRIEF, "postgres"),
    "PostgreSQL ended at once": Fault(_restart_postgres(signal.SIGQUIT), BRIEF, "postgres"),
    "Redis connections cut": Fault(_cut(_to_redis)),
    "Redis connections refused": Fault(_refuse(_to_redis), BRIEF),
    "Redis connections slow": Fault(_slow(_to_redis), LONG),
    "Redis connections held": Fault(_hold(_to_redis), LONG),
    "Redis connections lost": Fault(_lose(_to_redis)),
    "PostgreSQL connections cut": Fault(_cut(_to_postgres), needs="postgres"),
    "PostgreSQL connections refused": Fault(_refuse(_to_postgres), BRIEF, "postgres"),
    "PostgreSQL connections slow": Fault(_slow(_to_postgres), LONG, "postgres"),
    "PostgreSQL connections held": Fault(_hold(_to_postgres), LONG, "postgres"),
    "PostgreSQL connections lost": Fault(_lose(_to_postgres), needs="postgres"),
    "disk full": Fault(_fill_disk, BRIEF, "disk"),
    "clock an hour forward": Fault(_jump(3600), LONG, "clock"),
    "clock an hour back": Fault(_jump(-3600), LONG, "clock"),
    "messages doubled, invented and reordered": Fault(messages.disturb),
}


def possible(mill: Deployment) -> dict[str, Fault]:
    """The faults that can be made here."""
    have = {"": True, "postgres": mill.postgres is not None}
    have |= {"disk": mill.disk.is_small, "clock": mill.clock.can_jump}
    return {kind: fault for kind, fault in FAULTS.items() if have[fault.needs]}
