"""What each stage does with the items that its pump has claimed. One stage, one file."""

from __future__ import annotations

from workers.pump import Pump
from workers.work import clean, extract, fetch, poll, store

#: stage -> its pump
PUMPS: dict[str, Pump] = {
    "poll": poll.run,
    "fetch": fetch.run,
    "clean": clean.run,
    "extract": extract.run,
    "store": store.run,
}
