"""``/items/{id}``: the passport, everything that happened to one article-to-be."""

from __future__ import annotations

import time

from fastapi import APIRouter, Request
from starlette.responses import Response

from pipeline.store.contract import ItemRow
from workers.web.backend import Here
from workers.web.numbers import Id
from workers.web.problems import missing
from workers.web.rendering import page
from workers.wording import span

router = APIRouter()


@router.get("/items/{item}")
def passport(request: Request, backend: Here, item: Id) -> Response:
    """One item: where it came from, each stage and attempt, and what becomes of it."""
    found = next((one for one in backend.store.find_items(str(item)) if one.id == item), None)
    if found is None:
        raise missing("item", item)
    article = backend.store.article(found.article) if found.article is not None else None
    return page(request, "item.html", item=found, article=article, next=what_next(found, time.time()))


def what_next(item: ItemRow, now: float) -> str:
    """What will become of an item, with no more done."""
    if item.state == "in_flight":
        return "A worker has it, or will in a moment."
    if item.state == "pending":
        if item.due_at is not None and item.due_at > now:
            return f"It is tried again in {span(item.due_at - now)}."
        return "It is taken up as soon as a worker is free."
    if item.outcome == "failed" and not (item.url or item.page_digest):
        return "Nothing: hand it in again once it can be read."
    if item.outcome == "failed":
        return "Nothing, unless it is retried."
    return "Nothing: it has ended."
