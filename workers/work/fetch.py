"""`fetch`: pages at hand are read from the rows, others fetched, many hosts at once.

    claimed --row--> at hand ----------------------------------------> clean
                     to be fetched --frontier--> visit --request--> page --> clean
                                    `- its host has no time soon: back to its row, until then

While requests are under way the pump goes on claiming: content at hand and other hosts never wait
for a slow one.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

from pipeline.errors import StoreError
from pipeline.extract import EXTRACTOR_VERSION
from pipeline.fetch import Client
from pipeline.model import Ending, Fetched, Item, Problem, Step
from pipeline.packing import pack, unpack
from pipeline.store.contract import NewPage, Seen
from pipeline.tally import TALLY
from pipeline.urls import printable, without_password
from workers import payloads
from workers.frontier import Place, Visit
from workers.logs import about
from workers.measures import durations
from workers.pump import REPORT_BYTES, Process
from workers.stages import Claimed, Done
from workers.work.attempt import end
from workers.work.loop import process_loop
from workers.work.network import LOOK_SECONDS, ROWS_A_SECOND, Network, problem_of
from workers.work.page_request import Answer, Way, answer_for
from workers.work.stay import Stay

#: kept pages that are read from the database at once
READ_PAGES = 16
#: how old the answer to "is Redis full?" may be (s), while pages are small
ASK_SECONDS = 0.1


def run(process: Process, stage: str, token: str) -> None:
    process_loop(process.settings).run(lambda client: _Slice(process, client, stage, token).run())


class _Slice:
    """One pump's stay in `fetch`."""

    def __init__(self, process: Process, client: Client, stage: str, token: str) -> None:
        self.process, self.stage, self.token = process, stage, token
        heed = process.settings.robots != "ignore"
        self.network: Network[Answer] = Network(process, client, stage, token, robots=heed, may_move=True)
        self.asked, self.full = 0.0, False

    async def run(self) -> None:
        answers: list[tuple[Stay, Answer]] = []
        try:
            while self.network.goes_on():
                claimed = [] if self._redis_is_full() else self.network.claim()
                self._sort(claimed)
                # Hosts are given back before their items are reported, and asked again at once.
                await self._visit(bool(claimed))
                answers, reported = [], answers
                self._report([answer for _, answer in reported])
                if self.network.has_work():
                    answers = await self.network.collect()
                    for stay, answer in answers:
                        self.network.give_back(stay, answer.error)
                elif self.full:
                    await asyncio.sleep(LOOK_SECONDS)
                elif not claimed:
                    return
        finally:
            await self.network.break_off()
            self._report([answer for _, answer in answers])

    def _redis_is_full(self, *, surely: bool = False) -> bool:
        now = time.monotonic()
        if surely or now - self.asked > ASK_SECONDS:
            self.asked = now
            self.full = self.process.stages.is_full()
        return self.full

    # -- what was claimed -----------------------------------------------------------------------
    def _sort(self, claimed: list[Claimed]) -> None:
        """Report what is at hand; the rest waits for its host."""
        if not claimed:
            return
        store = self.process.store
        started = time.time()
        try:
            items = {item.id: item for item in store.load([one.id for one in claimed])}
            seen = store.seen([item.key for item in items.values() if item.page_digest])
            deleted = store.deleted([item.key for item in items.values()])
        except StoreError:
            self.network.hand_back(one.id for one in claimed)
            raise
        at_hand: list[tuple[Claimed, Item]] = []
        to_fetch: list[tuple[Claimed, Item]] = []
        reports: list[Done] = []
        for one in claimed:
            item = items.get(one.id)
            if item is None:  # done, or withdrawn, since it was queued
                reports.append(Done(one.id))
            elif item.key in deleted:
                reports.append(_deleted(self.process, one, item, started))
            elif item.page_digest and is_unchanged(seen.get(item.key), item.page_digest):
                reports.append(_unchanged(self.process, one, item.page_digest, started))
            else:
                (at_hand if item.page_digest else to_fetch).append((one, item))
        if reports:
            self.process.report(self.stage, self.token, reports)
        self._hand_on(at_hand, started)
        self._route(to_fetch)

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
                    self.process.hand_back(self.stage, ids)
                    return
        if reports:
            self.process.report(self.stage, self.token, reports)

    def _route(self, to_fetch: list[tuple[Claimed, Item]]) -> None:
        """Into the queues of their hosts, or back to their rows until these have time."""
        # What lost its worker travels alone, and first: it holds others up as briefly as may be.
        self._place(
            [
                self.network.place(one.id, item.url or "", where="first" if one.lost else "room")
                for one, item in to_fetch
            ]
        )

    def _place(self, places: list[Place]) -> None:
        surplus = self.network.frontier.route(places)
        self.process.renewal.drop(self.token, [one.id for one in places if one.id not in surplus])
        self._defer(surplus)

    def _defer(self, due: dict[int, float]) -> None:
        if due:
            self.process.store.defer(due)
            self.process.report(self.stage, self.token, [Done(one) for one in due])
            self.process.stages.wake()  # others may take their place in the window

    # -- visits ---------------------------------------------------------------------------------
    async def _visit(self, stay: bool) -> None:
        """Begin the requests whose hosts are ready."""
        visits = self.network.take(stay=stay, closed=self.full)
        if visits:
            self._begin(visits)
            await asyncio.sleep(0)  # the requests go out before anything else is done
        for host in self.network.held():
            self._defer(self.network.frontier.evict(host))

    def _begin(self, visits: Sequence[Visit]) -> None:
        started = time.time()
        try:
            items = {item.id: item for item in self.process.store.load([one.claimed.id for one in visits])}
        except StoreError:
            self.network.hand_back(one.claimed.id for one in visits)
            raise
        reports: list[Done] = []
        for visit in visits:
            item = items.get(visit.claimed.id)
            if item is None:
                reports.append(Done(visit.claimed.id))
            elif visit.away:
                reports.append(_away(self.process, visit, visit.away, started))
            else:
                way = _way(visit, item)
                self.network.begin(visit, lambda stay, item=item, way=way: self._ask(stay, item, way))
        if reports:
            self.process.report(self.stage, self.token, reports)

    async def _ask(self, stay: Stay, item: Item, way: Way) -> Answer:
        with about(item=item.id, job=item.job, host=stay.visit.host):
            return await answer_for(self.process, stay, item, way)

    # -- answers --------------------------------------------------------------------------------
    def _report(self, answers: list[Answer]) -> None:
        """Keep what was fetched, and hand the items on. One transaction for all pages."""
        if not answers:
            return
        reports: list[Done] = []
        moved: list[Place] = []
        pages: list[Answer] = []
        for one in answers:
            if one.moved is not None:
                where = "first" if one.again else "last"
                payload = pack(one.moved)
                moved.append(self.network.place(one.item.id, one.moved.url, payload=payload, where=where))
            elif one.entries is not None:
                self.process.renewal.progress(len(one.entries) / ROWS_A_SECOND)
                step = self.process.step("fetch", one.started, "expanded", one.claimed.lost, one.note)
                if self.process.store.expand(one.item.id, one.entries, time.time(), step):
                    TALLY.update(durations([step]))
                reports.append(Done(one.item.id))
            elif one.body is not None:
                pages.append(one)
            else:
                reports.append(self._refused(one))
        self._place(moved)
        reports += self._kept(pages)
        if reports:
            self.process.report(self.stage, self.token, reports)

    def _kept(self, pages: list[Answer]) -> list[Done]:
        if not pages:
            return []
        store = self.process.store
        kept = store.keep_pages(
            [
                NewPage(item=p.item.id, body=p.body or b"", fetched=p.fetched, content_type=p.content_type)
                for p in pages
            ],
            time.time(),
        )
        seen = store.seen([one.item.key for one in pages])
        reports = []
        for one, page in zip(pages, kept, strict=True):
            if is_unchanged(seen.get(one.item.key), page.digest):
                reports.append(_unchanged(self.process, one.claimed, page.digest, one.started))
                continue
            note = one.note or _way_of(one.fetched)
            step = self.process.step("fetch", one.started, "ok", one.claimed.lost, note)
            reports.append(_to_clean(one.item, page.digest, one.fetched, one.content_type, page.frame, step))
        return reports

    def _refused(self, one: Answer) -> Done:
        problem = one.problem
        if problem is None:
            error = one.error
            assert error is not None
            problem = problem_of(error, ours=self.network.is_ours(error))
        step = self.process.step("fetch", one.started, problem.code, one.claimed.lost, problem.message)
        return end(one.item.id, problem, [step])


def is_unchanged(seen: Seen | None, digest: str) -> bool:
    """Whether a page's bytes are those whose article is stored, as this version extracts it."""
    return seen is not None and seen.page_digest == digest and seen.extractor_version == EXTRACTOR_VERSION


def _way_of(fetched: Fetched | None) -> str | None:
    """Which redirects led to a page, for the trace."""
    if fetched is None or not fetched.redirects:
        return None
    shown = [printable(without_password(url)) for url in [*fetched.redirects, fetched.final_url]]
    return "redirected: " + " -> ".join(shown)


def _way(visit: Visit, item: Item) -> Way:
    """Where the item is on its way: at its beginning, or where a redirect has led it."""
    if visit.claimed.payload:
        try:
            return unpack(visit.claimed.payload, Way)
        except ValueError:
            # Written by another version: it goes its way again from the beginning.
            return Way(url=item.url or "")
    return Way(url=item.url or "")


def _deleted(process: Process, claimed: Claimed, item: Item, started: float) -> Done:
    message = f"The article of {item.name} was deleted here."
    step = process.step("fetch", started, "deleted", claimed.lost, message)
    return end(item.id, Problem(code="deleted", message=message), [step])


def _away(process: Process, visit: Visit, why: Problem, started: float) -> Done:
    message = f"{visit.host} is not asked at the moment: {why.message}"
    problem = Problem(code=why.code, message=message, retry_helps=why.retry_helps)
    step = process.step("fetch", started, why.code, visit.claimed.lost, message)
    return end(visit.claimed.id, problem, [step])


def _unchanged(process: Process, claimed: Claimed, digest: str, started: float) -> Done:
    steps = [process.step("fetch", started, "unchanged", claimed.lost)]
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
        job=item.job,
    )
    return Done(item.id, "clean", payloads.pack_page(head, frame))
