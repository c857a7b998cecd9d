"""What each stage does with the items that its pump has claimed. One stage, one file."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from workers.work import clean, extract, fetch, poll, store

if TYPE_CHECKING:
    from workers.pump import Process

#: stage -> its pump
PUMPS: dict[str, Callable[[Process, str, str], None]] = {
    "poll": poll.run,
    "fetch": fetch.run,
    "clean": clean.run,
    "extract": extract.run,
    "store": store.run,
}
