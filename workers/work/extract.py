"""`extract`: the document to an article."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.extract import extract
from pipeline.model import Ending
from workers import payloads
from workers.pump import Process, pump
from workers.stages import Claimed, Done
from workers.work.attempt import attempt, restart


def _work(process: Process, claimed: list[Claimed]) -> Iterator[Done]:
    for one in claimed:
        if one.payload is None:
            yield restart(one)
            continue
        try:
            cleaned = payloads.unpack_document(one.payload)
        except ValueError:
            yield restart(one)
            continue
        yield _one(process, one, cleaned)


def _one(process: Process, claimed: Claimed, cleaned: payloads.Cleaned) -> Done:
    def work(started: float) -> Done:
        article = extract(cleaned.document)
        step = process.step("extract", started, "ok", claimed.lost)
        ending = Ending(
            item=claimed.id,
            article=article,
            page_digest=cleaned.digest,
            trace=[*cleaned.trace, step],
        )
        return Done(claimed.id, "store", payloads.pack_ending(ending))

    return attempt(process, "extract", claimed, cleaned.trace, work, cleaned.digest)


run = pump(_work)
