"""Feeds, answers and a small world that publishes, for the tests of `pipeline.schedule`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from pipeline.model import Feed, Hints, Polled, Problem
from pipeline.schedule import after_poll
from pipeline.settings import Settings

#: Thu, 01 Jan 2026 00:00:00 GMT
NOW = 1_767_225_600.0
MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0
SETTINGS = Settings()
URL = "https://news.example.com/feed"


class Middle(Random):
    """Neither early nor late."""

    def random(self) -> float:
        return 0.5


def every(gap: float, number: int = 20, newest: float = NOW) -> list[float]:
    """Publication times, newest first."""
    return [newest - gap * position for position in range(number)]


def feed(**known: Any) -> Feed:
    return Feed(**{"id": 1, "url": URL, **known})


def read(published: Sequence[float] = (), **told: Any) -> Polled:
    """A 200 that was read."""
    hints = told.pop("hints", Hints())
    defaults = {"status": 200, "etag": '"1"', "body_digest": "b", "entries_digest": "e"}
    return Polled(**{"feed": 1, **defaults, "hints": hints, "published": list(published), **told})


def same(**told: Any) -> Polled:
    """A 304."""
    return Polled(**{"feed": 1, "status": 304, "not_modified": True, "conditional": True, **told})


def failed(code: str = "http_server", status: int | None = 500, **told: Any) -> Polled:
    fields = {name: told.pop(name) for name in ("retry_after", "ours", "retry_helps") if name in told}
    problem = Problem(code=code, message=f"It failed with {code}.", **fields)
    return Polled(**{"feed": 1, "status": status, "problem": problem, **told})


def after(
    before: Feed,
    polled: Polled,
    new: int = 0,
    listed: int = 0,
    now: float = NOW,
    settings: Settings = SETTINGS,
    random: Random | None = None,
) -> Feed:
    return after_poll(before, polled, new, listed, now, settings, random or Middle())


def known(gap: float = 2 * HOUR, **other: Any) -> Feed:
    """A feed after its first poll, with an entry every ``gap`` seconds."""
    first = after(feed(), read(every(gap, newest=NOW - HOUR)), 20, 20, NOW - HOUR)
    return feed(**{**{name: getattr(first, name) for name in first.__struct_fields__}, **other})


@dataclass
class World:
    """A feed that lists its latest entries, and a poller that keeps to `after_poll`."""

    #: Unix seconds of all that is ever published, in order
    published: Sequence[float]
    window: int = 20
    #: entries say when they were published
    dated: bool = True
    #: the server sends an ETag, and answers 304
    validators: bool = True
    settings: Settings = SETTINGS
    random: Random = field(default_factory=lambda: Random(1))
    polls: list[float] = field(default_factory=list)
    whole: int = 0
    seen: set[float] = field(default_factory=set)

    def run(self, start: float, end: float) -> Feed:
        """Poll from start to end, exactly when it is due."""
        now, one = start, feed()
        while now < end:
            one = self._poll(one, now)
            now = one.due_at
        return one

    def _poll(self, one: Feed, now: float) -> Feed:
        self.polls.append(now)
        listed = [at for at in self.published if at <= now][-self.window :]
        etag = f'"{listed[-1] if listed else 0}"' if self.validators else None
        if etag and one.etag == etag:
            return after(one, same(), 0, 0, now, self.settings, self.random)
        self.whole += 1
        new = len(set(listed) - self.seen)
        self.seen.update(listed)
        published = sorted(listed, reverse=True) if self.dated else []
        if not new and one.entries_seen:
            return after(
                one, read(published, etag=etag, unchanged=True), 0, 0, now, self.settings, self.random
            )
        return after(one, read(published, etag=etag), new, len(listed), now, self.settings, self.random)

    def missed(self, since: float, until: float) -> list[float]:
        """Entries of a time that no poll ever saw."""
        return [at for at in self.published if since <= at <= until and at not in self.seen]
