"""What a large deployment holds after a month: jobs, and what became of each of their items."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from pipeline.store.acceptance import new_job_id

#: seconds that the history covers
MONTH = 30 * 86_400.0
#: what has not ended
OPEN = ("pending", "retry", "in_flight")
#: of a thousand items: dead letters, those that wait to be tried again, and those in flight
FAILED, RETRIED, FLYING = 30, 20, 1
#: of those that ended, were neither failed nor stored, so many of a hundred
_OTHERS = {"unchanged": 60, "duplicate": 18, "updated": 7, "skipped": 15}
#: jobs, for each so many items; the first has half of all items, the last a fifth, and runs
_ITEMS_A_JOB = 333
#: small jobs that run
_STILL_RUNNING = 10


@dataclass(frozen=True)
class Sizes:
    """How much of everything."""

    items: int
    articles: int
    feeds: int
    now: float


@dataclass(frozen=True)
class Job:
    """A job, and what became of its items in their order."""

    id: str
    number: int
    first: int
    kinds: list[str]
    created_at: float

    @property
    def is_running(self) -> bool:
        return any(kind in OPEN for kind in self.kinds)

    @cached_property
    def counts(self) -> Counter[str]:
        return Counter(self.kinds)


def jobs(sizes: Sizes) -> Iterator[Job]:
    """Half of all items in one job of long ago, a fifth in one that runs, the others in small ones, of which
    the last ten run as well. As many items are stored as there are articles."""
    rng = random.Random(7)
    number = max(30, sizes.items // _ITEMS_A_JOB)
    large, running = sizes.items // 2, sizes.items // 5
    small = sizes.items - large - running
    share = [small // (number - 2) + (n < small % (number - 2)) for n in range(number - 2)]
    counts = [*share[: number // 3], large, *share[number // 3 :], running]
    waiting = {"retry": sizes.items * RETRIED // 1000, "in_flight": sizes.items * FLYING // 1000}
    waiting["pending"] = running // 3
    begun = share[-1] // 3
    of_running = _shuffled(rng, waiting, running)
    ended = _ended(rng, sizes, sizes.items - sum(waiting.values()) - _STILL_RUNNING * begun)
    last = 0
    for place, count in enumerate(counts):
        created = sizes.now - MONTH + MONTH * place / number
        kinds = of_running if place == number - 1 else [""] * count
        if number - 1 - _STILL_RUNNING <= place < number - 1:
            kinds = ["pending"] * begun + kinds[begun:]
        kinds = [kind or next(ended) for kind in kinds]
        job = new_job_id(created, rng.getrandbits(20))
        yield Job(id=job, number=place, first=last + 1, kinds=kinds, created_at=created)
        last += count


def _ended(rng: random.Random, sizes: Sizes, count: int) -> Iterator[str]:
    given = {"stored": sizes.articles, "failed": sizes.items * FAILED // 1000}
    rest = count - sum(given.values())
    given |= {name: rest * part // 100 for name, part in _OTHERS.items()}
    return iter([kind or "unchanged" for kind in _shuffled(rng, given, count)])


def _shuffled(rng: random.Random, given: dict[str, int], count: int) -> list[str]:
    kinds = [kind for kind, number in given.items() for _ in range(number)]
    kinds += [""] * (count - len(kinds))
    rng.shuffle(kinds)
    return kinds
