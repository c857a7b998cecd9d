"""`poll`: subscribed feeds, many hosts at once; new entries become a job."""

from __future__ import annotations

import asyncio
import time

from pipeline.fetch import Client, poll_feed
from pipeline.model import Feed
from workers.pump import Process
from workers.stages import Done
from workers.work.loop import process_loop


def run(process: Process, stage: str, token: str) -> None:
    ends = time.monotonic() + process.settings.slice_seconds
    while time.monotonic() < ends and not process.stopping():
        claimed = process.stages.claim(stage, process.settings.batch, token)
        if not claimed:
            return
        ids = [one.id for one in claimed]
        process.renewal.hold(stage, token, ids)
        feeds = process.store.feeds(ids)
        process_loop(process.settings).run(lambda client, feeds=feeds: _poll(process, client, feeds))
        process.report(stage, token, [Done(one) for one in ids])


async def _poll(process: Process, client: Client, feeds: list[Feed]) -> None:
    async def one(feed: Feed) -> None:
        polled = await poll_feed(client, feed, process.settings)
        process.store.feed_polled(polled, time.time())

    await asyncio.gather(*(one(feed) for feed in feeds))
