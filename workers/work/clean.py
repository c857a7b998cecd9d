"""`clean`: the page's bytes to a document."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.clean import clean
from pipeline.clean.memory import SiteMemory
from pipeline.model import Page, Problem, Step
from workers import payloads
from workers.pump import Process, pump
from workers.sites import Sites
from workers.stages import Claimed, Done
from workers.wording import two_digits
from workers.work.attempt import attempt, end, restart

#: codes of pages of which no cut was tried
UNTRIED = frozenset({"empty", "not_text"})


def _work(process: Process, claimed: list[Claimed]) -> Iterator[Done]:
    if process.settings.site_memory == "off":
        yield from _each(process, claimed, None)
        return
    sites = Sites(process.stages)
    try:
        yield from _each(process, claimed, sites)
    finally:
        # Also when the work is broken off: what was learned until then is worth keeping.
        sites.keep()


def _each(process: Process, claimed: list[Claimed], sites: Sites | None) -> Iterator[Done]:
    for one in claimed:
        if one.payload is None:
            yield restart(one)
            continue
        try:
            head, body = payloads.unpack_page(one.payload)
        except ValueError:
            yield restart(one)
            continue
        page = head.page(body)
        memory = sites.memory(page) if sites is not None else None
        yield _one(process, one, page, head.trace, memory)


def _one(
    process: Process, claimed: Claimed, page: Page, trace: list[Step], memory: SiteMemory | None
) -> Done:
    def work(started: float) -> Done:
        document = clean(page, memory)
        sure = round(document.confidence, 3)
        problem = document.problem or _too_doubtful(page, sure, process.settings.min_confidence)
        if problem is not None:
            told = None if problem.code in UNTRIED else sure
            step = process.step("clean", started, problem.code, claimed.lost, problem.message, told)
            return end(claimed.id, problem, [*trace, step], digest=page.digest)
        step = process.step("clean", started, "ok", claimed.lost, confidence=sure)
        return Done(claimed.id, "extract", payloads.pack_document(document, page.digest, [*trace, step]))

    return attempt(process, "clean", claimed, trace, work, page.digest)


def _too_doubtful(page: Page, confidence: float, least: float) -> Problem | None:
    """Why a page is not wanted although it holds an article: the setting asks for surer cuts."""
    if confidence >= least:
        return None
    name = page.url or page.key
    message = f"{name}: the cut's confidence is {two_digits(confidence)}, and {least:g} is asked for."
    return Problem(code="low_confidence", message=message)


run = pump(_work)
