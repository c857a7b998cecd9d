"""``/find``: where is it? The search box of every page, for an article that somebody misses."""

from __future__ import annotations

import time
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from workers.web.backend import Here
from workers.web.rendering import page
from workers.whereabouts import whereabouts

router = APIRouter()


@router.get("/find")
def find(
    request: Request, backend: Here, q: Annotated[str, Query(max_length=4000)] = "", all: bool = False
) -> Response:
    """Everything that is known of an address, path, title or number. What surely is one item, and nothing
    else, leads to its passport; ``all`` shows the list of what was found all the same."""
    now = time.time()
    found, _ = backend.seen(lambda stages: whereabouts(backend.store, stages, q, now, backend.settings))
    if found.item is not None and not all and not found.is_ambiguous:
        return RedirectResponse(f"/items/{found.item}?{urlencode({'asked': q})}", 303)
    has_good = any(clue.tone == "good" for clue in found.clues)
    return page(request, "find.html", found=found, q=q, has_good=has_good)


__all__ = ["router"]
