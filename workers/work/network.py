"""The requests of one pump: many hosts at once, each held as briefly as politeness allows.

What `fetch` and `poll` share. The pump's own loop asks for visits, begins a coroutine for each, and
collects what has ended; here their hosts are taken and given back.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import replace
from typing import Any, Generic, TypeVar

from pipeline.errors import FetchError, PipelineError
from pipeline.fetch import Client
from pipeline.model import Problem
from pipeline.schedule import NETWORK_CODES
from workers.app import FETCH_SECONDS
from workers.frontier import AWAY, FAILING, SLOW_DOWN, Frontier, Place, Release, Visit
from workers.pump import Process
from workers.stages import Claimed
from workers.work.stay import RobotsBook, Stay

logger = logging.getLogger(__name__)

T = TypeVar("T")

#: longest wait before looking for more work (s)
LOOK_SECONDS = 0.2
#: answers that end within this time are handled together (s): one by one they would cost three times
#: the CPU. It takes nothing from their hosts, whose pauses count from the end of the answer
GATHER_SECONDS = 0.1
#: hosts are looked at no more often than after this share of the usual pause: so much later than they
#: might be asked they are at most, and those that are ready by then are handed out together
LATE_SHARE, LEAST_SECONDS, MOST_SECONDS = 0.02, 0.003, 0.1
#: how long a stage that was found empty is not looked at again while answers are awaited (s)
CLAIM_SECONDS = 0.05
#: how long a pump begins requests (s); then it lets another one begin and waits for its answers
NETWORK_SECONDS = 20.0
#: new rows that the slower of the databases writes in a second, at the least
ROWS_A_SECOND = 1_000
#: a host that is held longer than this (s) has its items sent back to their rows
LONG_HOLD = 15.0


class Network(Generic[T]):
    """One pump's requests."""

    def __init__(
        self, process: Process, client: Client, stage: str, token: str, *, robots: bool, may_move: bool
    ) -> None:
        self.process, self.client, self.stage, self.token = process, client, stage, token
        self.frontier = Frontier(process.stages, stage)
        self._robots = RobotsBook(self.frontier) if robots else None
        self._may_move = may_move
        self.open: dict[asyncio.Task[T], Stay] = {}
        self._released: list[Release] = []
        self._held: list[str] = []
        self._suspect = False
        self._ready_in: float | None = None
        now = time.monotonic()
        self._begun, self._slice_ends = now, now + process.settings.slice_seconds
        self._ends, self._latest = now + NETWORK_SECONDS, now + FETCH_SECONDS
        self._least = min(MOST_SECONDS, max(LEAST_SECONDS, LATE_SHARE * process.settings.host_delay))
        self._handed_over, self._claim_at = False, 0.0

    # -- the pump -------------------------------------------------------------------------------
    def goes_on(self) -> bool:
        """Whether the pump has time and reason to go on."""
        now = time.monotonic()
        if self.process.stopping() or now > self._latest:
            return False
        if self.is_over() and not self._handed_over:
            # From here on this pump only waits for answers: another may begin requests.
            self._handed_over = True
            self.process.stages.free(self.stage, self.token)
            self.process.kick(self.stage)
        return now < self._slice_ends or self.has_work()

    def claim(self) -> list[Claimed]:
        """Ids of the stage, under lease; none once no further request shall begin."""
        if self.is_over() or time.monotonic() < self._claim_at:
            return []
        claimed = self.process.stages.claim(self.stage, self.process.settings.batch, self.token, stay=True)
        if claimed:
            self.process.renewal.hold(self.stage, self.token, [one.id for one in claimed])
        elif self.open:
            self._claim_at = time.monotonic() + CLAIM_SECONDS
        return claimed

    def hand_back(self, ids: Iterable[int]) -> None:
        """Claimed ids go back unworked: the database is away."""
        self.process.hand_back(self.stage, list(ids))

    # -- hosts ----------------------------------------------------------------------------------
    def place(self, id: int, url: str, **where: Any) -> Place:
        """Where an id waits that has to ask for an address. What is none fails when it is asked for."""
        rule = self.client.rules.of(url)
        return Place(id, self.client.rules.scope(url), rule.delay, rule.parallel, **where)

    def take(self, *, stay: bool, closed: bool = False) -> list[Visit]:
        """Give back what was released, and take the hosts that are ready (``closed``: none).
        ``stay``: the pump goes on even if there is nothing."""
        room = self.process.settings.fetch_parallel - len(self.open)
        if closed or self.is_over() or (self._suspect and self.open):
            room = 0
        released, self._released = self._released, []
        stay = (stay or bool(self.open)) and not self.is_over()
        step = self.frontier.step(room, self.token, released, quiet=not self.open, stay=stay)
        self._suspect, self._ready_in = step.suspect, step.ready_in
        if step.visits:
            self.process.renewal.hold(self.stage, self.token, [one.claimed.id for one in step.visits])
        return step.visits

    def held(self) -> list[str]:
        """Hosts that were asked to be left alone for long since this was asked last."""
        held, self._held = self._held, []
        return held

    def is_over(self) -> bool:
        """Whether no further request shall begin."""
        return time.monotonic() > self._ends

    def has_work(self) -> bool:
        """Whether requests are open, or hosts will be ready within this pump's time."""
        if self.open or self._released:
            return True
        soon = self._ready_in is not None and time.monotonic() + self._ready_in < self._ends
        return soon and not self.is_over()

    # -- requests -------------------------------------------------------------------------------
    def begin(self, visit: Visit, work: Callable[[Stay], Coroutine[Any, Any, T]]) -> None:
        """Run work for a visit; `collect` brings its result."""
        stay = Stay(visit, self.client, self.frontier, self._robots, may_move=self._may_move)
        self.open[asyncio.create_task(work(stay))] = stay

    async def collect(self) -> list[tuple[Stay, T]]:
        """What has ended; after a moment, if nothing has. Raises what work raised.

        The caller gives each host back (`give_back`) and calls `take` before it reports the items:
        without its lease a host counts as free, and its pause must have been written by then.
        """
        self.process.renewal.progress()
        pause = LOOK_SECONDS if self._ready_in is None else min(LOOK_SECONDS, self._ready_in)
        pause = max(self._least, pause)
        if not self.open:
            await asyncio.sleep(pause)
            return []
        began = time.monotonic()
        done, _ = await asyncio.wait(self.open, timeout=pause, return_when=asyncio.FIRST_COMPLETED)
        # More may end at once; but no host that is ready waits for it.
        left = min(self._begun + GATHER_SECONDS, began + pause) - time.monotonic()
        if done and left > 0:
            more, _ = await asyncio.wait(self.open, timeout=left)
            done |= more
        self._begun = time.monotonic()
        # Forgotten only once its result was taken: what is still open is handed back by `break_off`.
        results = []
        for task in done:
            result = task.result()
            results.append((self.open.pop(task), result))
        return results

    def give_back(self, stay: Stay, error: FetchError | None) -> None:
        """The visit is over. What came of it tells how long its host is left alone."""
        now = asyncio.get_running_loop().time()
        release = Release(
            stay.visit.host,
            stay.visit.claimed.id,
            stay.delay,
            ago=0.0 if stay.ended is None else now - stay.ended,
            took=stay.took,
            by_robots=stay.by_robots,
        )
        if stay.ended is not None:
            release = self._judged(release, error)
        if max(release.hold, release.holds[0] if release.result == "slow_down" else 0.0) > LONG_HOLD:
            self._held.append(release.host)
        self._released.append(release)
        for host, delay in stay.borrowed.items():
            # When its last answer ended is not known: the pause counts from now.
            self._released.append(Release(host, stay.visit.claimed.id, delay, took=0.0))

    def is_ours(self, error: PipelineError) -> bool:
        """Whether a failure is our own network's, as far as one can tell."""
        return error.code in NETWORK_CODES and self.process.weather.is_ours(time.time())

    def _judged(self, release: Release, error: FetchError | None) -> Release:
        """With what the answer, or its absence, says of the host."""
        silent = error is not None and error.code in NETWORK_CODES
        self.process.weather.note(release.host, not silent, time.time())
        if error is None or (silent and self.is_ours(error)):
            return replace(release, result="" if silent else "ok")
        hold = error.retry_after or 0.0
        if silent:
            return replace(release, result="away", hold=hold, holds=AWAY, why=problem_of(error))
        if error.code == "throttled":
            return replace(release, result="slow_down", hold=hold, holds=SLOW_DOWN)
        if error.status == 503 or hold:
            return replace(release, result="slow_down", hold=hold, holds=FAILING)
        return replace(release, result="ok")

    async def break_off(self) -> None:
        """Requests that outlast the pump end; their items are next in line, their hosts given back."""
        stays = list(self.open.values())
        for task in self.open:
            task.cancel()
        await asyncio.gather(*self.open, return_exceptions=True)
        self.open.clear()
        for stay in stays:
            self.give_back(stay, None)
        if self._released:
            self.frontier.step(0, self.token, self._released, quiet=False, stay=False)
        if stays:
            self.process.hand_back(self.stage, [stay.visit.claimed.id for stay in stays])


def problem_of(error: PipelineError, *, ours: bool = False) -> Problem:
    """An error as a value."""
    return Problem(
        code=error.code,
        message=error.message,
        retry_helps=error.retry_helps,
        retry_after=error.retry_after,
        ours=ours,
    )
