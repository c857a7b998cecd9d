"""A day of work before now: the store's own calls, with a clock that is set to each minute in turn."""

from __future__ import annotations

import random
from collections.abc import Iterator

from benchmarks.pictures.prose import PAPERS, Story, story
from pipeline import process
from pipeline.model import Ending, Item, NewItem, Problem, Step
from pipeline.store.contract import Store

MINUTE = 60.0
#: minutes between two jobs; stories a minute in a quiet hour, and now
_EVERY, _QUIET, _BUSY = 6, 1, 8
#: for so long it has been getting busier (minutes)
_RISE = 120
#: of a hundred items: what was there before and is the same, what another paper has too, what is no
#: article, what fails
_UNCHANGED, _DUPLICATE, _SKIPPED, _FAILED = 14, 7, 4, 3
_FAILURES = [
    ("http_client", "answered 404 (Not Found)."),
    ("timeout", "took longer than 30 seconds."),
    ("http_server", "answered 503 (Service Unavailable)."),
]
_WORKER = "worker-1@mill"


class Day:
    """Writes what a deployment would have written in the hours before now."""

    def __init__(self, store: Store, now: float) -> None:
        self._store, self._now = store, now
        self._random = random.Random(1)
        #: key -> the story of each item that is not done
        self._open: dict[str, Story] = {}
        self._told: list[Story] = []

    def pass_by(self, hours: int = 24) -> int:
        """Returns how many stories there were."""
        last = int(self._now // MINUTE)
        for minute in range(last - hours * 60, last):
            at = minute * MINUTE
            self._store.note_totals(at)
            rate = _QUIET + (_BUSY - _QUIET) * max(0.0, 1 - (last - minute) / _RISE)
            if minute % _EVERY == 0:
                self._hand_in(int(rate * _EVERY * self._random.uniform(0.7, 1.2)), at + 1)
            self._work(int(rate * self._random.uniform(0.8, 1.6)), at + 2)
        return len(self._told)

    def _hand_in(self, number: int, at: float) -> None:
        host = self._random.choice(list(PAPERS))
        told = [self._story(at) for _ in range(number)]
        fresh = {one.url: one for one in told}
        self._open |= fresh
        job = self._store.open_job([f"https://{host}/feed.xml"], at, at + MINUTE)
        self._store.accept(job, [_item(one) for one in fresh.values()], at)
        self._store.close_job(job, at)

    def _story(self, at: float) -> Story:
        lot = self._random.randrange(100)
        if len(self._told) > 50 and lot < _UNCHANGED:
            return self._random.choice(self._told[-400:])
        if len(self._told) > 50 and lot < _UNCHANGED + _DUPLICATE:
            one = self._random.choice(self._told[-400:])
            return Story(one.url.replace("://", "://wire."), one.html)
        self._told.append(story(len(self._told), at))
        return self._told[-1]

    def _work(self, most: int, at: float) -> None:
        """A minute's share of what waits."""
        taken = self._store.load(self._store.admit(most, at))
        self._store.finish([self._ending(one, at) for one in taken], at + 1)
        self._store.end_jobs(at + 2)

    def _ending(self, item: Item, at: float) -> Ending:
        lot, trace = self._random.randrange(100), list(_trace(self._random, at))
        if lot < _FAILED:
            code, said = self._random.choice(_FAILURES)
            problem = Problem(code=code, message=f"{item.url} {said}", retry_helps=False)
            return Ending(item=item.id, problem=problem, trace=trace[:1])
        if lot < _FAILED + _SKIPPED:
            problem = Problem(code="no_article", message="There is no article on it.", retry_helps=False)
            return Ending(item=item.id, problem=problem, skipped=True, trace=trace[:2])
        article = process(self._open[item.key].html, url=item.url)
        return Ending(item=item.id, article=article, page_digest=item.page_digest, trace=trace)


def _item(told: Story) -> NewItem:
    return NewItem(key=told.url, name=told.url, source="feed", url=told.url, content=told.html.encode())


def _trace(rng: random.Random, at: float) -> Iterator[Step]:
    for stage, seconds in (("fetch", 0.2), ("clean", 0.008), ("extract", 0.003), ("store", 0.002)):
        took = seconds * rng.uniform(0.5, 3)
        yield Step(stage=stage, at=at, seconds=took, worker=_WORKER, result="ok")
        at += took


__all__ = ["MINUTE", "Day"]
