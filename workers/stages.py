"""Redis-backed stages: every key, its lifetime, and the scripts that move items between them.

The only importer of redis. An item in flight is an id in exactly one place: a stage's queue, its
list of suspects, or its leases. The scripts in ``lua/`` move ids atomically and document the keys.
Redis holds nothing that the rows do not: emptying it costs time, never an item.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from pipeline.errors import PipelineError
from pipeline.model import STAGES
from pipeline.settings import Settings
from workers.keepalive import KEEPALIVE
from workers.redis_error import unusable
from workers.room import Room, room_of

logger = logging.getLogger(__name__)

#: stages that items pass, and `poll`, which feeds pass before
ALL_STAGES: tuple[str, ...] = ("poll", *STAGES)
#: a payload outlives any healthy stay in a stage; after it the item starts again from its row
PAYLOAD_SECONDS = 6 * 3600
#: a heartbeat older than this is a worker that is gone or stuck
HEARTBEAT_SECONDS = 30
#: lifetime of the coordinator's lock: how long a standby waits for one that vanished
LOCK_SECONDS = 5
#: how long Redis may take to answer, and how long a wait for something to do may last (s). When the
#: other side of every connection is gone, a process learns it of one after the other
REPLY_SECONDS, WAIT_SECONDS = 8.0, 4.0
#: most payload that one claim brings (bytes), unless a single item is larger
CLAIM_BYTES = 2_000_000
#: what a crash counts while an item travels alone: one that its worker saw, and one of which nobody
#: knows more than that a lease ended, or that others died with it
SURE, DOUBTFUL = 3, 1


class Claimed(NamedTuple):
    """One item under lease."""

    id: int
    #: times that a worker vanished with it in this stage
    lost: int
    payload: bytes | None


@dataclass(frozen=True)
class Done:
    """Report for one claimed item: where it goes next (None: out of flight), and with what."""

    id: int
    to: str | None = None
    payload: bytes = b""


def connect(settings: Settings) -> Stages:
    """A client of the stages at settings.redis_url. Connects on first use; `Stages.ping` tells."""
    return Stages(settings)


class Stages:
    """The stages of one deployment. Raises PipelineError (`redis`) when Redis cannot be used."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.prefix = settings.redis_prefix
        self.lease_ms = int(settings.lease_seconds * 1000)
        #: weighed crashes that make an item a dead letter
        self.deadly = settings.max_crashes * SURE
        self.redis = self._client(REPLY_SECONDS)

    def _client(self, patience: float) -> redis.Redis:
        by_tcp = not self.settings.redis_url.startswith("unix:")
        options = {"socket_keepalive": True, "socket_keepalive_options": KEEPALIVE} if by_tcp else {}
        # No retry below us: redis-py would send a script twice when the server only stalled.
        return redis.Redis.from_url(
            self.settings.redis_url,
            socket_timeout=patience,
            socket_connect_timeout=5,
            retry=Retry(NoBackoff(), 0),
            **options,
        )

    @cached_property
    def _waiting(self) -> redis.Redis:
        # Its own client: Redis ends a wait by the time of day, and may not end it for an hour.
        return self._client(WAIT_SECONDS)

    def key(self, *parts: str) -> str:
        return ":".join((self.prefix, *parts))

    def _of(self, stage: str, *names: str) -> list[str]:
        return [self.key(name, stage) for name in names]

    def _live(self, stage: str) -> str:
        return self.key("live", "feeds" if stage == "poll" else "items")

    @cached_property
    def _scripts(self) -> dict[str, Any]:
        folder = Path(__file__).parent / "lua"
        return {path.stem: self.redis.register_script(path.read_text()) for path in folder.glob("*.lua")}

    def run(self, script: str, keys: Sequence[str], args: Sequence[Any]) -> Any:
        """Run one of the scripts in ``lua/``."""
        try:
            return self._scripts[script](keys=keys, args=args)
        except redis.RedisError as error:
            raise unusable(self.settings.redis_url, error) from error

    # -- moving items -----------------------------------------------------------------------
    def admit(self, stage: str, ids: Sequence[int]) -> int:
        """Put ids into flight at a stage; those in flight already stay where they are."""
        if not ids:
            return 0
        keys = [self._live(stage), *self._of(stage, "q", "since")]
        return int(self.run("admit", keys, list(ids)))

    def claim(self, stage: str, most: int, token: str, *, stay: bool = False) -> list[Claimed]:
        """Up to most items under lease. Empty: nothing to do, and the token is given back, unless
        the pump stays a moment longer."""
        keys = [
            *self._of(stage, "q", "solo", "in", "alone", "lost", "crash"),
            self.key("dead"),
            self.key("pump", stage),
            self.key("cnt"),
        ]
        args = [stage, most, self.lease_ms, token, self.deadly, self.key("pay", stage, "")]
        args += [int(stay), CLAIM_BYTES]
        flat = self.run("claim", keys, args)
        return [Claimed(int(flat[n]), int(flat[n + 1]), flat[n + 2]) for n in range(0, len(flat), 3)]

    def done(self, stage: str, reports: Sequence[Done]) -> tuple[int, int]:
        """Hand items on. Returns how many were still ours to report, and how many are in flight."""
        keys = [*self._of(stage, "in", "alone", "lost", "crash"), self._live(stage), self.key("cnt")]
        keys += self._of(stage, "seen", "since")
        args: list[Any] = [stage, PAYLOAD_SECONDS * 1000]
        args += [self.key(name, "") for name in ("pay", "q", "since")]
        for report in reports:
            args += [report.id, report.to or "", report.payload]
        reported, live = self.run("done", keys, args)
        return int(reported), int(live)

    def renew(self, stage: str, token: str, ids: Sequence[int]) -> None:
        """Extend the leases of ids that are still held, and the pump's."""
        self.run("renew", self._of(stage, "in", "pump"), [self.lease_ms, token, *ids])

    def release(self, stage: str, ids: Sequence[int]) -> int:
        """Hand claimed items back unworked."""
        return int(self.run("release", self._of(stage, "q", "solo", "in", "alone"), list(ids))) if ids else 0

    def vanished(
        self,
        stage: str,
        token: str,
        item: int | None,
        others: Sequence[int],
        *,
        weight: int,
        seen: bytes = b"",
        any_of_them: bool = False,
    ) -> tuple[bool, int]:
        """A process died that held these, and was at ``item``: the others go on at once, the item
        travels alone from now on, or is dead. ``any_of_them``: it was at one of the others, nobody
        knows which. Returns whether the item is dead now, and how many others were given back."""
        keys = [
            *self._of(stage, "q", "solo", "in", "alone", "lost", "crash"),
            self.key("dead"),
            self.key("pump", stage),
            self.key("cnt"),
            self.key("seen", stage),
        ]
        args: list[Any] = [stage, token, self.deadly, "" if item is None else item, weight, seen]
        dead, back = self.run("vanish", keys, [*args, int(any_of_them), *others])
        return bool(dead), int(back)

    def seen(self, stage: str, item: int) -> list[bytes]:
        """What was seen of an item's crashes in a stage, oldest first."""
        value: bytes | None = self._do(lambda r: r.hget(self.key("seen", stage), str(item)))
        return value.split(b"\n") if value else []

    def kick(self, stage: str, width: int, share: int, token: str) -> bool:
        """Whether one more pump of the stage shall be published, with this token: there are at
        most width of them, and one for each share of items that wait."""
        keys = [*self._of(stage, "q", "solo", "in", "pump"), self.key("mq", stage), self.key("hosts", stage)]
        return bool(self.run("kick", keys, [width, share, self.lease_ms, token]))

    def free(self, stage: str, token: str) -> None:
        """Give a pump's place back."""
        self._do(lambda r: r.zrem(self.key("pump", stage), token))

    def live(self, stage: str = "fetch") -> set[int]:
        """Ids in flight (feeds, for `poll`)."""
        return {int(one) for one in self._do(lambda r: r.smembers(self._live(stage)))}

    def load(self, stage: str = "fetch") -> int:
        """How many items (feeds, for `poll`) are in flight."""
        return int(self._do(lambda r: r.scard(self._live(stage))))

    def dead(self) -> list[tuple[str, int]]:
        """(stage, id) of items that killed their process too often."""
        entries = self._do(lambda r: r.lrange(self.key("dead"), 0, 999))
        return [(stage, int(one)) for stage, one in (entry.decode().split() for entry in entries)]

    def payload(self, stage: str, item: int) -> bytes | None:
        """The payload that waits for a stage, if it is still there."""
        value: bytes | None = self._do(lambda r: r.get(self.key("pay", stage, str(item))))
        return value

    def bury(self, stage: str, item: int) -> None:
        """Forget a dead item; its row must say so already."""
        keys = [
            self.key("dead"),
            self._live(stage),
            *self._of(stage, "lost", "crash"),
            self.key("pay", stage, str(item)),
            *self._of(stage, "seen", "since"),
        ]
        self.run("bury", keys, [f"{stage} {item}", item])

    # -- the coordinator ----------------------------------------------------------------------
    def hold(self, holder: str) -> bool:
        """Take or keep the coordinator's lock."""
        return bool(self.run("hold", [self.key("coordinator")], [holder, LOCK_SECONDS * 1000]))

    def let_go(self, holder: str) -> None:
        """Give the lock back, if it is ours."""
        if self._do(lambda r: r.get(self.key("coordinator"))) == holder.encode():
            self._do(lambda r: r.delete(self.key("coordinator")))

    def coordinator(self) -> dict[str, Any] | None:
        """Who ticks; None when nobody does."""
        holder = self._do(lambda r: r.get(self.key("coordinator")))
        return {"name": holder.decode()} if holder else None

    def wake(self) -> None:
        """Ask the coordinator to look at once. A courtesy: it looks every second anyway, so that a
        Redis that is away fails no caller."""
        key = self.key("wake")
        try:
            self._do(lambda r: r.pipeline().lpush(key, 1).ltrim(key, 0, 0).execute())
        except PipelineError as error:
            logger.info("not woken: %s", error)

    def wait(self, seconds: float) -> None:
        """Sleep until `wake` is called, at most this long (and no longer than WAIT_SECONDS)."""
        self._do(lambda _: self._waiting.brpop([self.key("wake")], timeout=seconds))

    # -- seeing -------------------------------------------------------------------------------
    def ping(self) -> None:
        """Raises PipelineError (`redis`) when the server cannot be reached."""
        self._do(lambda r: r.ping())

    def depths(self) -> dict[str, dict[str, int]]:
        """Items waiting and running, by stage of the item's way."""

        def ask(r: redis.Redis) -> Any:
            pipe = r.pipeline(transaction=True)
            for stage in STAGES:
                pipe.llen(self.key("q", stage))
                pipe.llen(self.key("solo", stage))
                pipe.scard(self.key("routed", stage))
                pipe.zcard(self.key("in", stage))
            return pipe.execute()

        found = self._do(ask)
        return {
            stage: {"waiting": sum(found[4 * n : 4 * n + 3]), "running": found[4 * n + 3]}
            for n, stage in enumerate(STAGES)
        }

    def locate(self, ids: Sequence[int]) -> dict[str, dict[str, int]]:
        """The same for these items only."""
        mine = {str(one).encode() for one in ids}

        def ask(r: redis.Redis) -> Any:
            pipe = r.pipeline(transaction=True)
            for stage in STAGES:
                pipe.lrange(self.key("q", stage), 0, -1)
                pipe.lrange(self.key("solo", stage), 0, -1)
                pipe.smembers(self.key("routed", stage))
                pipe.zrange(self.key("in", stage), 0, -1)
            return pipe.execute()

        found = self._do(ask) if mine else [[]] * 4 * len(STAGES)
        return {
            stage: {
                "waiting": sum(len(mine.intersection(some)) for some in found[4 * n : 4 * n + 3]),
                "running": len(mine.intersection(found[4 * n + 3])),
            }
            for n, stage in enumerate(STAGES)
        }

    def counters(self) -> dict[str, int]:
        """``stage:done``, ``stage:lost``, ``stage:cpu_us`` and those of `workers.measures`, since Redis
        was last emptied."""
        return {name.decode(): int(n) for name, n in self._do(lambda r: r.hgetall(self.key("cnt"))).items()}

    def count(self, amounts: Mapping[str, int]) -> None:
        """Add to fields of the counters."""

        def add(r: redis.Redis) -> Any:
            pipe = r.pipeline(transaction=True)  # all of them or none: what failed is told again
            for name, amount in amounts.items():
                pipe.hincrby(self.key("cnt"), name, amount)
            return pipe.execute()

        if amounts:
            self._do(add)

    def memory(self) -> int:
        """Bytes that the server uses."""
        return self.room().used

    def room(self) -> Room:
        """What the server uses, and may."""
        return room_of(self._do(lambda r: r.info("memory")), self.settings.redis_high_water)

    def is_full(self) -> bool:
        """Whether no further page is to enter."""
        return self.room().is_full

    def clock(self) -> float:
        """The server's time, Unix seconds."""
        seconds, micros = self._do(lambda r: r.time())
        return float(seconds) + float(micros) / 1e6

    def beat(self, name: str, facts: dict[str, Any]) -> None:
        """A worker says that it lives."""
        value = json.dumps({"name": name, "at": time.time(), **facts})
        key, names = self.key("worker", name), self.key("workers")
        self._do(lambda r: r.pipeline().set(key, value, ex=HEARTBEAT_SECONDS).sadd(names, name).execute())

    def workers(self) -> list[dict[str, Any]]:
        """Heartbeats of the workers that live, by name: name, at, pid, host, queues, version, group, busy,
        and those of `workers.vitals`."""

        def ask(r: redis.Redis) -> list[bytes]:
            # Not by a search for keys: there may be one for each of a hundred thousand hosts.
            names = sorted(r.smembers(self.key("workers")))
            beats = r.mget([self.key("worker", name.decode()) for name in names]) if names else []
            gone = [name for name, beat in zip(names, beats, strict=True) if beat is None]
            if gone:
                r.srem(self.key("workers"), *gone)
            return [beat for beat in beats if beat]

        return [json.loads(one) for one in self._do(ask)]

    def unheard(self, stage: str) -> int:
        """Wake-ups that wait in the broker's list of a stage."""
        return int(self._do(lambda r: r.llen(self.key("mq", stage))))

    def pumps(self, stage: str) -> int:
        """Pumps of a stage with a live token."""
        now = self.clock() * 1000
        return int(self._do(lambda r: r.zcount(self.key("pump", stage), now, "+inf")))

    def note(self, key: str) -> bytes | None:
        """A value that was kept with `keep`, while it lasts."""
        value: bytes | None = self._do(lambda r: r.get(key))
        return value

    def keep(self, key: str, value: bytes, seconds: float) -> None:
        """Keep a value for so long."""
        self._do(lambda r: r.set(key, value, px=max(1, int(seconds * 1000))))

    def facts(self, key: str, names: Sequence[str]) -> list[bytes | None]:
        """Fields of a hash, in the order of their names; None for those that it has not."""
        values: list[bytes | None] = self._do(lambda r: r.hmget(key, list(names)))
        return values

    def names(self, *parts: str) -> list[str]:
        """The keys below a name, as `key` gives them."""
        return [key.decode() for key in self._do(lambda r: list(r.scan_iter(self.key(*parts, "*"), 1000)))]

    def close(self) -> None:
        self.redis.close()

    def ask(self, call: Callable[[redis.Redis], Any]) -> Any:
        """What a call of the client gives: for what only one place asks."""
        return self._do(call)

    def _do(self, call: Any) -> Any:
        try:
            return call(self.redis)
        except redis.RedisError as error:
            raise unusable(self.settings.redis_url, error) from error
