"""What others do to the Redis of the deployment, and what is found in it afterwards."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from workers.stages import ALL_STAGES

#: names that outlive the work: what is known of hosts and sites, counters, heartbeats, samples of the pulse,
#: the broker's bindings
LASTING = (
    "cnt",
    "coordinator",
    "samples",
    "worker",
    "workers",
    "watchdog",
    "clocks",
    "tick",
    "wake",
    "host",
    "robots",
    "sites",
    "mq:_kombu.binding",
)


class Intruder:
    """A client with every right. What cannot be done, because Redis is away, is left out."""

    def __init__(self, port: int, prefix: str) -> None:
        self._redis = redis.Redis(port=port, socket_timeout=3, retry=Retry(NoBackoff(), 0))
        self._prefix = prefix

    def flush(self) -> None:
        """FLUSHALL."""
        self._try(self._redis.flushall)

    def limit_memory(self, most: int) -> None:
        """Set ``maxmemory`` (bytes)."""
        self._try(lambda: self._redis.config_set("maxmemory", most))

    def crowd(self, keys: Sequence[str], size: int) -> None:
        """Write keys of so many bytes until Redis takes no more."""
        self._try(lambda: [self._redis.set(key, b"x" * size) for key in keys])

    def forget(self, keys: Sequence[str]) -> None:
        self._try(lambda: self._redis.delete(*keys))

    def double_and_shuffle(self, rng: random.Random) -> None:
        """Double the wake-ups that wait in the broker's lists, in an order of chance."""

        def disturb() -> None:
            for stage in ALL_STAGES:
                key = f"{self._prefix}:mq:{stage}"
                waiting: Any = self._redis.lrange(key, 0, -1)
                if waiting:
                    self._redis.lpush(key, *rng.sample(waiting * 2, 2 * len(waiting)))

        self._try(disturb)

    def left(self) -> dict[str, int]:
        """Keys of the deployment that should be gone once nothing is in flight -> how much they hold."""
        found: dict[str, int] = {}
        for key in self._redis.scan_iter(match=f"{self._prefix}:*", count=1000):
            name = key.decode().removeprefix(f"{self._prefix}:")
            if not any(name == one or name.startswith((f"{one}:", f"{one}_", f"{one}.")) for one in LASTING):
                found[name] = self._size(key)
        return {name: size for name, size in found.items() if size >= 0}

    def _size(self, key: bytes) -> int:
        told: Any = self._redis.type(key)
        kind = told.decode()
        if kind == "none":
            return -1  # its lifetime has just ended
        count = {"list": "LLEN", "set": "SCARD", "zset": "ZCARD", "hash": "HLEN", "string": "STRLEN"}
        asked: Any = self._redis.execute_command
        return int(asked(count[kind], key))

    @staticmethod
    def _try(call: Callable[[], object]) -> None:
        try:
            call()
        except redis.RedisError as error:
            print(f"    left out, Redis is away: {error}")
