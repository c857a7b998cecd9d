"""`poll`: subscribed feeds, many hosts at once; new entries become a job.

Feeds wait for their hosts in the same frontier as pages: one host is asked by one of them at a time.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence

import msgspec

from pipeline.errors import FetchError, StoreError
from pipeline.fetch import Client, poll_feed
from pipeline.model import Feed, Hints, Polled, Problem
from pipeline.tally import TALLY
from workers.app import SoftTimeLimitExceeded
from workers.frontier import Place, Visit
from workers.logs import about
from workers.measures import polls_of
from workers.pump import Process
from workers.stages import Claimed, Done
from workers.websub import tend
from workers.work.attempt import out_of_memory
from workers.work.loop import process_loop
from workers.work.network import ROWS_A_SECOND, Network
from workers.work.page_request import limited
from workers.work.stay import NoTurn, Stay
from workers.work.telling import tell_jobs, tell_poll

logger = logging.getLogger(__name__)


def run(process: Process, stage: str, token: str) -> None:
    process_loop(process.settings).run(lambda client: _Slice(process, client, stage, token).run())


class _Slice:
    """One pump's stay in `poll`."""

    def __init__(self, process: Process, client: Client, stage: str, token: str) -> None:
        self.process, self.stage, self.token = process, stage, token
        heed = process.settings.robots == "feeds"
        self.network: Network[Polled] = Network(process, client, stage, token, robots=heed, may_move=False)

    async def run(self) -> None:
        answers: list[tuple[Stay, Polled]] = []
        try:
            while self.network.goes_on():
                claimed = self.network.claim()
                self._route(claimed)
                visits = self.network.take(stay=bool(claimed))
                answers, reported = [], answers
                self._begin(visits)
                if visits:
                    await asyncio.sleep(0)
                self._report([polled for _, polled in reported])
                for host in self.network.held():
                    self._put_off(self.network.frontier.evict(host))
                if self.network.has_work():
                    answers = await self.network.collect()
                    for stay, polled in answers:
                        self.network.give_back(stay, _error(polled))
                elif not claimed:
                    return
        finally:
            await self.network.break_off()
            self._report([polled for _, polled in answers])

    def _route(self, claimed: list[Claimed]) -> None:
        if not claimed:
            return
        feeds = {feed.id: feed for feed in self._load([one.id for one in claimed])}
        places: list[Place] = []
        reports: list[Done] = []
        for one in claimed:
            feed = feeds.get(one.id)
            if feed is None:  # unsubscribed since
                reports.append(Done(one.id))
            else:
                where = "first" if one.lost else "last"
                places.append(self.network.place(one.id, feed.url, where=where))
        if reports:
            self.process.report(self.stage, self.token, reports)
        held = self.network.frontier.route(places)
        self.process.renewal.drop(self.token, [one.id for one in places if one.id not in held])
        self._put_off(held)

    def _put_off(self, held: dict[int, float]) -> None:
        """Feeds whose host asked to be left alone for long: their polls end without a request."""
        if not held:
            return
        now = time.time()
        self._write([Polled(feed=one, at=now, problem=_held(due - now)) for one, due in held.items()])
        self.process.report(self.stage, self.token, [Done(one) for one in held])

    def _load(self, ids: Sequence[int]) -> list[Feed]:
        try:
            return self.process.store.feeds(ids)
        except StoreError:
            self.network.hand_back(ids)
            raise

    def _begin(self, visits: Sequence[Visit]) -> None:
        if not visits:
            return
        feeds = {feed.id: feed for feed in self._load([one.claimed.id for one in visits])}
        away: list[Polled] = []
        reports: list[Done] = []
        for visit in visits:
            feed = feeds.get(visit.claimed.id)
            if feed is not None and visit.away is None:
                self.network.begin(visit, lambda stay, feed=feed: self._ask(stay, feed))
                continue
            if feed is not None and visit.away is not None:
                message = f"{visit.host} is not asked at the moment: {visit.away.message}"
                problem = msgspec.structs.replace(visit.away, message=message)
                away.append(Polled(feed=feed.id, at=time.time(), problem=problem))
            reports.append(Done(visit.claimed.id))
        self._write(away)
        if reports:
            self.process.report(self.stage, self.token, reports)

    async def _ask(self, stay: Stay, feed: Feed) -> Polled:
        with about(feed=feed.id, host=stay.visit.host):
            polled = self._weathered(await _poll(self.process, stay, feed))
            tell_poll(feed, polled)
            return polled

    def _report(self, polled: list[Polled]) -> None:
        if polled:
            self._write(polled)
            self.process.report(self.stage, self.token, [Done(one.feed) for one in polled])

    def _write(self, polled: list[Polled]) -> None:
        """What polls brought, in one transaction. One that cannot be written costs no other."""
        if not polled:
            return
        polled = [self._weathered(one) for one in polled]
        # A feed of very many entries takes its time to write.
        self.process.renewal.progress(sum(len(one.items) for one in polled) / ROWS_A_SECOND)
        found = self._try_to_write(polled)
        if found is None:
            found = [one for alone in polled for one in self._write_alone(alone)]
        if any(job for job, _ in found):
            self.process.stages.wake()

    def _write_alone(self, polled: Polled) -> list[tuple[str | None, int]]:
        found = self._try_to_write([polled])
        if found is None:
            problem = Problem(
                code="internal", message="What the poll brought could not be written; see the log."
            )
            found = self._try_to_write([Polled(feed=polled.feed, at=polled.at, problem=problem)])
        # Not even that: it is due again when its lease ends.
        return found or []

    def _try_to_write(self, polled: list[Polled]) -> list[tuple[str | None, int]] | None:
        """None, and a line in the log, for what the database refuses or a bug was met by."""
        try:
            found = self.process.store.feeds_polled(polled, time.time())
            tell_jobs(polled, found)
            TALLY.update(polls_of(polled, [new for _, new in found]))
            return found
        except SoftTimeLimitExceeded:
            raise
        except Exception as error:
            if isinstance(error, StoreError) and error.retry_helps:
                raise
            logger.exception("polls of feeds %s could not be written", [one.feed for one in polled])
            return None

    def _weathered(self, polled: Polled) -> Polled:
        problem = polled.problem
        if problem is None or not self.network.is_ours(problem):
            return polled
        return msgspec.structs.replace(polled, problem=msgspec.structs.replace(problem, ours=True))


async def _poll(process: Process, stay: Stay, feed: Feed) -> Polled:
    """Ask for one feed. Raises nothing that the web may cause."""
    settings, now = process.settings, time.time()
    try:
        polled = await poll_feed(
            stay.client,
            feed,
            settings,
            turn=stay.turn,
            now=now,
            limit=lambda: limited(process, feed.id, feed.url),
        )
    except NoTurn as error:
        return Polled(feed=feed.id, at=now, problem=error.problem)
    except SoftTimeLimitExceeded:
        raise
    except MemoryError:
        return Polled(feed=feed.id, at=now, problem=out_of_memory(settings, "This feed"))
    except Exception as error:
        # A bug met by one feed costs this poll, with its message kept, and no other feed.
        logger.exception("poll of feed %d", feed.id)
        problem = Problem(code="internal", message=f"{type(error).__name__}: {error}")
        return Polled(feed=feed.id, at=now, problem=problem)
    if polled.problem is None:
        await _tend(process, stay, feed, polled.hints or feed.hints, now)
    return polled


async def _tend(process: Process, stay: Stay, feed: Feed, hints: Hints | None, now: float) -> None:
    """See to the feed's hub. Whatever goes wrong there does not cost what the poll brought."""
    try:
        await tend(stay.client, process.store, feed, hints, process.settings, now, turn=stay.plain_turn)
    except NoTurn as error:
        logger.info("hub of feed %d: %s", feed.id, error)
    except (SoftTimeLimitExceeded, StoreError):
        raise
    except Exception:
        # A bug met at one hub; the log has it, and the feed is polled as if it named none.
        logger.exception("hub of feed %d", feed.id)


def _held(seconds: float) -> Problem:
    message = f"Its host asked to be left alone; it is asked again in {max(1, round(seconds / 60))} min."
    return Problem(
        code="throttled", message=message, retry_helps=True, retry_after=max(1.0, seconds), ours=True
    )


def _error(polled: Polled) -> FetchError | None:
    """A poll's problem as the answer that it stands for."""
    if polled.problem is None:
        return None
    one = polled.problem
    error = FetchError(one.message, code=one.code, retry_helps=one.retry_helps, retry_after=one.retry_after)
    error.status = polled.status
    return error
