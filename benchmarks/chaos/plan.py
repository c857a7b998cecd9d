"""Which faults happen when: decided by the seed alone."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

#: faults of a round in which they come one after the other, and of one in which they come at once
ALONE, TOGETHER = (3, 4), (3, 6)
#: seconds between faults that come one after the other, and within which those that come at once begin
PAUSE, SPREAD = (1.0, 3.0), 12.0


@dataclass(frozen=True)
class Planned:
    """One fault: from when (s after its round began), which, for how long (s), and the seed of its chance."""

    at: float
    kind: str
    seconds: float
    seed: int

    @property
    def ends(self) -> float:
        return self.at + self.seconds


def rounds(seed: int, kinds: Mapping[str, tuple[float, float]]) -> Iterator[list[Planned]]:
    """Rounds without end. ``kinds``: name -> its shortest and longest time (s).

    Every kind comes alone before any comes alone a second time; in every other round several
    happen at once.
    """
    rng = random.Random(seed)
    left: list[str] = []
    while True:
        if not left:
            left = rng.sample(list(kinds), len(kinds))
        count = min(len(left), rng.randint(*ALONE))
        yield _one_by_one(rng, {kind: kinds[kind] for kind in (left.pop() for _ in range(count))})
        some = rng.sample(list(kinds), min(len(kinds), rng.randint(*TOGETHER)))
        yield sorted(
            (_fault(rng, rng.uniform(1.0, SPREAD), kind, kinds[kind]) for kind in some),
            key=lambda one: one.at,
        )


def _one_by_one(rng: random.Random, kinds: Mapping[str, tuple[float, float]]) -> list[Planned]:
    found: list[Planned] = []
    for kind, bounds in kinds.items():
        after = found[-1].ends if found else 0.0
        found.append(_fault(rng, after + rng.uniform(*PAUSE), kind, bounds))
    return found


def _fault(rng: random.Random, at: float, kind: str, bounds: tuple[float, float]) -> Planned:
    return Planned(round(at, 2), kind, round(rng.uniform(*bounds), 2), rng.randrange(10**6))
