"""``/items/{id}``: the passport, everything that happened to one article-to-be."""

from __future__ import annotations

import time

from fastapi import APIRouter, Request
from starlette.responses import Response

from workers.prospects import what_next
from workers.web.backend import Here
from workers.web.numbers import Id
from workers.web.problems import missing
from workers.web.rendering import page

router = APIRouter()


@router.get("/items/{item}")
def passport(request: Request, backend: Here, item: Id) -> Response:
    """One item: where it came from, each stage and attempt, and what becomes of it."""
    found = next((one for one in backend.store.find_items(str(item)) if one.id == item), None)
    if found is None:
        raise missing("item", item)
    article = backend.store.article(found.article) if found.article is not None else None
    return page(request, "item.html", item=found, article=article, next=what_next(found, time.time()))
