"""`clean`: the page's bytes to a document."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.clean import clean
from pipeline.model import Page, Step
from workers import payloads
from workers.pump import Process, pump
from workers.stages import Claimed, Done
from workers.work.attempt import attempt, end, restart


def _work(process: Process, claimed: list[Claimed]) -> Iterator[Done]:
    for one in claimed:
        if one.payload is None:
            yield restart(one)
            continue
        try:
            head, body = payloads.unpack_page(one.payload)
        except ValueError:
            yield restart(one)
            continue
        yield _one(process, one, head.page(body), head.trace)


def _one(process: Process, claimed: Claimed, page: Page, trace: list[Step]) -> Done:
    def work(started: float) -> Done:
        document = clean(page)
        problem = document.problem
        if problem is not None:
            step = process.step("clean", started, problem.code, claimed.lost, problem.message)
            return end(
                claimed.id, problem, [*trace, step], digest=page.digest, confidence=document.confidence
            )
        step = process.step("clean", started, "ok", claimed.lost)
        return Done(claimed.id, "extract", payloads.pack_document(document, page.digest, [*trace, step]))

    return attempt(process, "clean", claimed, trace, work, page.digest)


run = pump(_work)
