"""Articles: find, read and delete them."""

from __future__ import annotations

import time
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from pipeline.store.contract import ArticleFilter
from workers.documents import article_line
from workers.evidence import evidence_of
from workers.reading import as_markdown, as_text
from workers.web.api.answers import page, preferred, tagged, told
from workers.web.api.items import Evidence
from workers.web.api.parameters import (
    ISO,
    NOT_MODIFIED,
    Cursor,
    IfNoneMatch,
    Limit,
    Moment,
    seconds_of,
    text_answer,
)
from workers.web.api.shapes import articles as shapes
from workers.web.backend import Backend, Here
from workers.web.numbers import Id
from workers.web.problems import missing

router = APIRouter(tags=["articles"])

SEARCH = (
    'words, "a phrase", begin*, -not, this OR that; title:, author:, agency:, section:, tag:, place:, '
    "language:, site:, source: before a word or a phrase; after:2026-03, before:2026-04-01"
)
_JSON, _MARKDOWN, _TEXT = "application/json", "text/markdown", "text/plain"
_ARTICLE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The article, in the form that was asked for",
        "content": {
            _JSON: {"schema": {"$ref": "#/components/schemas/Article"}},
            **{media: {"schema": {"type": "string"}} for media in (_MARKDOWN, _TEXT)},
        },
    }
}


def chosen(
    site: Annotated[
        str | None, Query(max_length=300, description="Host of the page, or the site's name.")
    ] = None,
    language: Annotated[str | None, Query(max_length=80, description="BCP 47; `en` finds `en-GB`.")] = None,
    agency: Annotated[str | None, Query(max_length=300, description="News agency.")] = None,
    author: Annotated[str | None, Query(max_length=300, description="Words of a name in a row.")] = None,
    section: Annotated[str | None, Query(max_length=300, description="Words of the section's label.")] = None,
    tag: Annotated[str | None, Query(max_length=300, description="Words of a tag.")] = None,
    source: Annotated[
        str | None, Query(max_length=8000, description="What was handed in, such as a feed's address.")
    ] = None,
    published_from: Annotated[Moment, Query(description="Published at or after. " + ISO)] = None,
    published_before: Annotated[Moment, Query(description="Published before. " + ISO)] = None,
    since: Annotated[Moment, Query(description="Stored, or written anew, at or after. " + ISO)] = None,
    job: Annotated[str | None, Query(max_length=100, description="Only what this job stored.")] = None,
    min_confidence: Annotated[
        float | None, Query(ge=0, le=1, description="Only those whose cut is at least so sure.")
    ] = None,
    max_confidence: Annotated[
        float | None, Query(ge=0, le=1, description="Only those whose cut is less sure than this.")
    ] = None,
) -> ArticleFilter:
    """The articles that meet all that a request names."""
    return ArticleFilter(
        site=site,
        language=language,
        agency=agency,
        author=author,
        section=section,
        tag=tag,
        source=source,
        published_from=seconds_of(published_from),
        published_before=seconds_of(published_before),
        stored_since=seconds_of(since),
        job=job,
        min_confidence=min_confidence,
        max_confidence=max_confidence,
    )


@router.get("/articles", response_model=shapes.Articles)
def list_articles(
    request: Request,
    backend: Here,
    wanted: Annotated[ArticleFilter, Depends(chosen)],
    q: Annotated[str | None, Query(max_length=1000, description=SEARCH)] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Articles, newest first; with q the best first, each with the passage that answers: its text, and
    [start, end] of what was found there, in characters. Of a search the newest 1,000 that answer are
    ranked together, then the next 1,000. Of a phrase the newest 1,600 articles that have its words are
    looked into for one page, so that one with few rows, or none, may have a next one; likewise of a
    field's words that many have. Those whose confidence is not known meet neither bound."""
    rows = backend.store.articles(search=q, wanted=wanted, limit=limit, cursor=cursor)
    return page(request, {"articles": [article_line(row) for row in rows]}, rows.next)


# Before the article itself: "7.md" is no number.
@router.get("/articles/{article:digits}.md", responses=text_answer(_MARKDOWN, "The article") | NOT_MODIFIED)
def get_article_markdown(
    request: Request, article: Id, backend: Here, if_none_match: IfNoneMatch = None
) -> Response:
    """An article as Markdown, under its title."""
    return _text(request, _found(backend, article), _MARKDOWN)


@router.get("/articles/{article:digits}.txt", responses=text_answer(_TEXT, "The article") | NOT_MODIFIED)
def get_article_text(
    request: Request, article: Id, backend: Here, if_none_match: IfNoneMatch = None
) -> Response:
    """An article as plain text, under its title."""
    return _text(request, _found(backend, article), _TEXT)


@router.get("/articles/{article:digits}", responses=_ARTICLE | NOT_MODIFIED)
def get_article(
    request: Request,
    article: Id,
    backend: Here,
    evidence: Evidence = False,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """One article: every field, its text, and where each value came from. `Accept` may ask for Markdown or
    plain text instead, as the endings `.md` and `.txt` do."""
    document = _found(backend, article)
    media = preferred(request.headers.get("accept", ""), (_JSON, _MARKDOWN, _TEXT))
    if media != _JSON:
        return _text(request, document, media)
    if evidence:
        item = backend.store.article_item(article)
        document["evidence"] = evidence_of(backend.store, item).fields if item is not None else None
    return tagged(request, msgspec.json.encode(document), _JSON, vary=["Accept"])


@router.get("/articles/{article:digits}/near", response_model=shapes.Near)
def list_near_duplicates(article: Id, backend: Here) -> Response:
    """The other articles that say nearly the same, as different sites print one agency's copy."""
    _found(backend, article)
    return told({"articles": [article_line(row) for row in backend.store.near_duplicates(article)]})


@router.delete("/articles/{article:digits}", status_code=204)
def delete_article(article: Id, backend: Here) -> None:
    """Delete an article. It stays deleted: when it comes again, its item ends `skipped` (deleted)."""
    if not backend.store.delete_article(article, time.time()):
        raise missing("article", article)


def _found(backend: Backend, article: int) -> dict[str, Any]:
    document = backend.store.article(article)
    if document is None:
        raise missing("article", article)
    return document


def _text(request: Request, document: dict[str, Any], media: str) -> Response:
    body = as_markdown(document) if media == _MARKDOWN else as_text(document)
    return tagged(request, body.encode("utf-8", "replace"), f"{media}; charset=utf-8", vary=["Accept"])
