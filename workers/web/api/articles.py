"""Articles: find, read and delete them."""

from __future__ import annotations

import time
from typing import Annotated, Any

from fastapi import APIRouter, Query

from pipeline.store.contract import ArticleFilter
from workers.documents import article_line
from workers.web.backend import Here
from workers.web.numbers import Id
from workers.web.problems import missing

router = APIRouter(tags=["articles"])

SEARCH = (
    'words, "a phrase", begin*, -not, this OR that; title:, author:, agency:, section:, tag:, place:, '
    "language:, site:, source: before a word or a phrase; after:2026-03, before:2026-04-01"
)


@router.get("/articles")
def found(
    backend: Here,
    q: Annotated[str | None, Query(max_length=1000, description=SEARCH)] = None,
    job: Annotated[str | None, Query(max_length=100, description="only what this job stored")] = None,
    min_confidence: Annotated[
        float | None, Query(ge=0, le=1, description="only those whose cut is at least so sure")
    ] = None,
    max_confidence: Annotated[
        float | None, Query(ge=0, le=1, description="only those whose cut is less sure than this")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 50,
) -> dict[str, Any]:
    """Articles, newest first; with q the best first, each with the passage that answers: its text, and
    [start, end] of what was found there, in characters. Those whose confidence is
    not known meet neither bound."""
    wanted = ArticleFilter(job=job, min_confidence=min_confidence, max_confidence=max_confidence)
    rows = backend.store.articles(search=q, wanted=wanted, limit=limit)
    return {"articles": [article_line(row) for row in rows]}


@router.get("/articles/{article}")
def one(article: Id, backend: Here) -> dict[str, Any]:
    """One article: every field, its text, and where each value came from."""
    told = backend.store.article(article)
    if told is None:
        raise missing("article", article)
    return told


@router.delete("/articles/{article}", status_code=204)
def delete(article: Id, backend: Here) -> None:
    """Delete an article. It stays deleted: when it comes again, its item ends `skipped` (deleted)."""
    if not backend.store.delete_article(article, time.time()):
        raise missing("article", article)
