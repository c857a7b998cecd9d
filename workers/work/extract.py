"""`extract`: the document to an article."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from pipeline.extract import extract
from pipeline.model import Ending
from workers import payloads
from workers.logs import note
from workers.pump import Process, pump
from workers.stages import Claimed, Done
from workers.work.attempt import each, restart


def _work(process: Process, claimed: list[Claimed]) -> Iterator[Done]:
    return each(process, "extract", claimed, partial(_one, process))


def _one(process: Process, claimed: Claimed, started: float) -> Done:
    try:
        cleaned = payloads.unpack_document(claimed.payload or b"")
    except ValueError:
        return restart(claimed)
    note(job=cleaned.job, url=cleaned.document.url)
    article = extract(cleaned.document)
    step = process.step("extract", started, "ok", claimed.lost)
    ending = Ending(
        item=claimed.id,
        article=article,
        page_digest=cleaned.digest,
        trace=[*cleaned.trace, step],
    )
    return Done(claimed.id, "store", payloads.pack_ending(ending))


run = pump(_work)
