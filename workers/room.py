"""How much memory Redis uses, and may: what decides whether a further page enters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

#: of the memory that the server may use, how much may be used when a page enters: a Redis that our own
#: pages had filled could not be sent the wake-ups that empty it
PAGES_SHARE = 0.75


class Room(NamedTuple):
    """Memory of the Redis server, in bytes."""

    used: int
    #: its own bound (maxmemory); 0: it has none
    limit: int
    #: from here on no further page enters
    pages: int

    @property
    def is_full(self) -> bool:
        return self.used > self.pages


def room_of(info: Mapping[str, Any], high_water: int) -> Room:
    """From what the server says of its memory, and FEEDMILL_REDIS_HIGH_WATER."""
    limit = int(info.get("maxmemory", 0))
    pages = min(high_water, int(limit * PAGES_SHARE) or high_water)
    return Room(int(info["used_memory"]), limit, pages)


__all__ = ["PAGES_SHARE", "Room", "room_of"]
