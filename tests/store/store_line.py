"""Builders with good defaults, and a short line: accept, admit and finish in one call."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from pipeline.model import Article, Ending, Finished, Item, NewItem, Problem
from pipeline.store import Store

NOW = 1_700_000_000.0

PASSING = Problem(code="connect", message="No connection to example.com.", retry_helps=True)
FINAL = Problem(code="gone", message="The page is gone for good.")
NO_ARTICLE = Problem(code="no_article", message="A list of links.")


def digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def address(name: str) -> str:
    return f"https://example.com/{name}"


def handed(name: str, body: str = "", **other: Any) -> NewItem:
    """An item whose content is handed over; the body is the name unless told."""
    content = (body or name).encode("utf-8", "surrogatepass")
    return NewItem(key=address(name), name=name, source="samples", content=content, **other)


def linked(name: str, **other: Any) -> NewItem:
    """An item that has to be fetched."""
    return NewItem(key=address(name), name=address(name), source="samples", url=address(name), **other)


def article(text: str, **other: Any) -> Article:
    """An article whose hashes follow from its text, as the extractor's do."""
    told: dict[str, Any] = {
        "title": f"On {text}",
        "text": text,
        "word_count": len(text.split()),
        "content_hash": digest(text),
        "simhash": digest(text)[:16],
        "extractor_version": "1",
    }
    return Article(**(told | other))


def job_of(store: Store, items: Iterable[NewItem], now: float = NOW) -> str:
    """A closed job with these items, pending."""
    job = store.open_job(["samples"], now, now + 60)
    store.accept(job, list(items), now)
    store.close_job(job, now)
    return job


def in_flight(store: Store, *items: NewItem, now: float = NOW) -> list[Item]:
    """The items of a new job, in flight."""
    job = job_of(store, items, now)
    store.admit(10_000, now)
    return store.load(store.job_items_in_flight(job))


def ending(item: Item, result: Article | Problem, **other: Any) -> Ending:
    if isinstance(result, Problem):
        return Ending(item=item.id, problem=result, **other)
    return Ending(item=item.id, article=result, page_digest=item.page_digest, **other)


def run(
    store: Store, results: Sequence[tuple[NewItem, Article | Problem]], now: float = NOW
) -> list[Finished]:
    """The whole line for a job of these items; all of them end in one call."""
    items = in_flight(store, *(item for item, _ in results), now=now)
    endings = [ending(item, result) for item, (_, result) in zip(items, results, strict=True)]
    return store.finish(endings, now)


def outcomes(finished: Iterable[Finished]) -> list[str | None]:
    return [one.outcome for one in finished]
