"""`fetch`: pages at hand are read from the rows, others fetched, many hosts at once.

While requests are under way the pump goes on claiming: content at hand and other hosts never wait
for a slow one.
"""

from __future__ import annotations

import asyncio
import logging
import time

import msgspec

from pipeline.errors import PipelineError, StoreError
from pipeline.extract import EXTRACTOR_VERSION
from pipeline.fetch import Client, fetch_page
from pipeline.model import Ending, Fetched, Item, NewItem, Problem, Step
from pipeline.packing import compress
from pipeline.sources import discover_feeds, expand, is_home_page
from pipeline.store.contract import Seen
from workers import payloads
from workers.app import FETCH_SECONDS, SoftTimeLimitExceeded
from workers.pump import REPORT_BYTES, Process
from workers.stages import Claimed, Done
from workers.work.attempt import end
from workers.work.loop import process_loop

logger = logging.getLogger(__name__)

#: how long to wait for requests before looking for more work (s)
LOOK_SECONDS = 0.2
#: kept pages that are read from the database at once
READ_PAGES = 16
#: how old the answer to "is Redis full?" may be (s), while pages are small
ASK_SECONDS = 0.1


def run(process: Process, stage: str, token: str) -> None:
    process_loop(process.settings).run(lambda client: _Slice(process, client, stage, token).run())


class _Slice:
    """One pump's stay in `fetch`."""

    def __init__(self, process: Process, client: Client, stage: str, token: str) -> None:
        self.process, self.client, self.stage, self.token = process, client, stage, token
        self.requests: dict[asyncio.Task[Done], int] = {}
        self.asked, self.full = 0.0, False
        now = time.monotonic()
        self.ends, self.latest = now + process.settings.slice_seconds, now + FETCH_SECONDS

    async def run(self) -> None:
        try:
            while self._goes_on():
                claimed = self._claim()
                self._start(claimed)
                if self.requests:
                    await self._collect()
                elif self.full:
                    await asyncio.sleep(LOOK_SECONDS)
                elif not claimed:
                    return
        finally:
            await self._give_back()

    def _goes_on(self) -> bool:
        now = time.monotonic()
        return not self.process.stopping() and now < self.latest and (now < self.ends or bool(self.requests))

    def _claim(self) -> list[Claimed]:
        settings = self.process.settings
        room = min(settings.fetch_parallel - len(self.requests), settings.batch)
        if room <= 0 or self._redis_is_full():
            return []
        claimed = self.process.stages.claim(self.stage, room, self.token)
        if claimed:
            self.process.renewal.hold(self.stage, self.token, [one.id for one in claimed])
        return claimed

    def _redis_is_full(self, *, surely: bool = False) -> bool:
        now = time.monotonic()
        if surely or now - self.asked > ASK_SECONDS:
            self.asked = now
            self.full = self.process.stages.memory() > self.process.settings.redis_high_water
        return self.full

    def _start(self, claimed: list[Claimed]) -> None:
        """Report what is at hand, begin requests for the rest."""
        if not claimed:
            return
        store = self.process.store
        started = time.time()
        try:
            items = {item.id: item for item in store.load([one.id for one in claimed])}
            seen = store.seen([item.key for item in items.values() if item.page_digest])
        except StoreError:
            self.process.stages.release(self.stage, [one.id for one in claimed])
            raise
        at_hand: list[tuple[Claimed, Item]] = []
        reports: list[Done] = []
        for one in claimed:
            item = items.get(one.id)
            if item is None:  # done, or withdrawn, since it was queued
                reports.append(Done(one.id))
            elif item.page_digest and is_unchanged(seen.get(item.key), item.page_digest):
                reports.append(_unchanged(self.process, one, item.page_digest, started))
            elif item.page_digest:
                at_hand.append((one, item))
            else:
                task = asyncio.create_task(_request(self.process, self.client, one, item))
                self.requests[task] = one.id
        if reports:
            self.process.report(self.stage, self.token, reports)
        self._hand_on(at_hand, started)

    def _hand_on(self, at_hand: list[tuple[Claimed, Item]], started: float) -> None:
        """Kept pages into Redis, a few megabytes at a time, and only while it has room."""
        reports: list[Done] = []
        for n, (one, item) in enumerate(at_hand):
            if n % READ_PAGES == 0:
                wanted = [item.page_digest or "" for _, item in at_hand[n : n + READ_PAGES]]
                frames = self.process.store.load_pages(wanted)
            frame = frames.get(item.page_digest or "")
            reports.append(_at_hand(self.process, one, item, frame, started))
            if sum(len(report.payload) for report in reports) > REPORT_BYTES:
                self.process.report(self.stage, self.token, reports)
                reports = []
                if self._redis_is_full(surely=True):
                    ids = [rest.id for rest, _ in at_hand[n + 1 :]]
                    self.process.renewal.drop(self.token, ids)
                    self.process.stages.release(self.stage, ids)
                    return
        if reports:
            self.process.report(self.stage, self.token, reports)

    async def _collect(self) -> None:
        """Report the requests that have ended; wait a moment if there are none."""
        done, _ = await asyncio.wait(self.requests, timeout=LOOK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        reports = []
        for task in done:
            del self.requests[task]
            reports.append(task.result())
        if reports:
            self.process.report(self.stage, self.token, reports)

    async def _give_back(self) -> None:
        """Requests that outlast the pump are broken off; their items are next in line."""
        for task in self.requests:
            task.cancel()
        await asyncio.gather(*self.requests, return_exceptions=True)
        if self.requests:
            self.process.stages.release(self.stage, list(self.requests.values()))


def is_unchanged(seen: Seen | None, digest: str) -> bool:
    """Whether a page's bytes are those whose article is stored, as this version extracts it."""
    return seen is not None and seen.page_digest == digest and seen.extractor_version == EXTRACTOR_VERSION


def _unchanged(
    process: Process, claimed: Claimed, digest: str, started: float, trace: list[Step] | None = None
) -> Done:
    steps = [*(trace or []), process.step("fetch", started, "unchanged", claimed.lost)]
    ending = Ending(item=claimed.id, unchanged=True, page_digest=digest, trace=steps)
    return Done(claimed.id, "store", payloads.pack_ending(ending))


def _at_hand(process: Process, claimed: Claimed, item: Item, frame: bytes | None, started: float) -> Done:
    if frame is None:
        message = f"The page kept for {item.name} is missing from the database."
        problem = Problem(code="internal", message=message)
        return end(item.id, problem, [process.step("fetch", started, "internal", claimed.lost, message)])
    step = process.step("fetch", started, "ok", claimed.lost)
    return _to_clean(item, item.page_digest or "", item.fetched, item.content_type, frame, step)


def _to_clean(
    item: Item, digest: str, fetched: Fetched | None, content_type: str | None, frame: bytes, step: Step
) -> Done:
    head = payloads.PageHead(
        digest=digest,
        key=item.key,
        url=fetched.final_url if fetched else item.url,
        content_type=content_type,
        fetched=fetched,
        entry=item.entry,
        trace=[step],
    )
    return Done(item.id, "clean", payloads.pack_page(head, frame))


async def _request(process: Process, client: Client, claimed: Claimed, item: Item) -> Done:
    """Fetch one item's page; what goes wrong is its ending."""
    started = time.time()
    try:
        body, fetched, content_type = await fetch_page(client, item)
        if item.expand:
            entries = await _entries(process, client, item, body, fetched, content_type)
            if entries is not None:
                return _expanded(process, claimed, item, entries, started)
        digest = process.store.keep_page(item.id, body, fetched, content_type)
        if is_unchanged(process.store.seen([item.key]).get(item.key), digest):
            return _unchanged(process, claimed, digest, started)
        step = process.step("fetch", started, "ok", claimed.lost)
        return _to_clean(item, digest, fetched, content_type, compress(body), step)
    except StoreError:
        raise  # the database is away: the whole pump stops, and the item is handed back
    except PipelineError as error:
        problem = Problem(
            code=error.code,
            message=error.message,
            retry_helps=error.retry_helps,
            retry_after=error.retry_after,
        )
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:
        # A bug met by one page costs this item, with its message kept, and no other.
        logger.exception("fetch of item %d", item.id)
        problem = Problem(code="internal", message=f"{type(error).__name__}: {error}")
    return end(
        item.id, problem, [process.step("fetch", started, problem.code, claimed.lost, problem.message)]
    )


async def _entries(
    process: Process, client: Client, item: Item, body: bytes, fetched: Fetched, content_type: str | None
) -> list[NewItem] | None:
    """The entries of a page that proves to be a feed, a list, or a home page with a feed."""
    found = expand(body, fetched.final_url, content_type, process.settings, item)
    if found is not None or not is_home_page(fetched.final_url, body):
        return found
    for url in discover_feeds(body, fetched.final_url)[:3]:
        announced = msgspec.structs.replace(item, url=url, name=url)
        try:
            feed, at, feed_type = await fetch_page(client, announced)
            entries = expand(feed, at.final_url, feed_type, process.settings, item)
        except PipelineError as error:
            logger.info("feed %s of %s: %s", url, item.name, error)
            continue
        if entries:
            return entries
    return None


def _expanded(process: Process, claimed: Claimed, item: Item, entries: list[NewItem], started: float) -> Done:
    if entries:
        process.store.expand(item.id, entries, time.time())
        return Done(item.id)
    problem = Problem(code="empty_feed", message=f"{item.name} is a feed that lists no entries.")
    return end(item.id, problem, [process.step("fetch", started, "empty_feed", claimed.lost)])
