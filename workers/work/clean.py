"""`clean`: the page's bytes to a document."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from pipeline.clean import clean
from pipeline.model import Page, Problem
from workers import payloads
from workers.logs import note
from workers.pump import Process, pump
from workers.sites import Sites
from workers.stages import Claimed, Done
from workers.wording import two_digits
from workers.work.attempt import each, end, restart

#: codes of pages of which no cut was tried
UNTRIED = frozenset({"empty", "not_text"})


def _work(process: Process, claimed: list[Claimed]) -> Iterator[Done]:
    if process.settings.site_memory == "off":
        yield from each(process, "clean", claimed, partial(_one, process, None))
        return
    sites = Sites(process.stages)
    try:
        yield from each(process, "clean", claimed, partial(_one, process, sites))
    finally:
        # Also when the work is broken off: what was learned until then is worth keeping.
        sites.keep()


def _one(process: Process, sites: Sites | None, claimed: Claimed, started: float) -> Done:
    try:
        head, body = payloads.unpack_page(claimed.payload or b"")
    except ValueError:
        return restart(claimed)
    note(job=head.job, url=head.url)
    page = head.page(body)
    document = clean(page, sites.memory(page) if sites is not None else None)
    sure = round(document.confidence, 3)
    problem = document.problem or _too_doubtful(page, sure, process.settings.min_confidence)
    if problem is not None:
        told = None if problem.code in UNTRIED else sure
        step = process.step("clean", started, problem.code, claimed.lost, problem.message, told)
        return end(claimed.id, problem, [*head.trace, step], digest=page.digest)
    step = process.step("clean", started, "ok", claimed.lost, confidence=sure)
    return Done(claimed.id, "extract", payloads.pack_document(head, document, step))


def _too_doubtful(page: Page, confidence: float, least: float) -> Problem | None:
    """Why a page is not wanted although it holds an article: the setting asks for surer cuts."""
    if confidence >= least:
        return None
    name = page.url or page.key
    message = f"{name}: the cut's confidence is {two_digits(confidence)}, and {least:g} is asked for."
    return Problem(code="low_confidence", message=message)


run = pump(_work)
