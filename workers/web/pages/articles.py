"""``/articles``: what is stored; ``/articles/{id}``: one of them, to be read."""

from __future__ import annotations

import time
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from starlette.responses import RedirectResponse, Response

from pipeline.search import QueryError, highlights, parse
from pipeline.store.contract import ArticleRow, Listing
from pipeline.store.search import RANKED
from pipeline.urls import host_of
from workers.web.article_query import ArticleQuery
from workers.web.backend import Here
from workers.web.markup import markup
from workers.web.numbers import Id
from workers.web.problems import missing
from workers.web.rendering import page
from workers.wording import in_words, pieces, published

router = APIRouter()

#: newest articles that are shown
ARTICLES = 50
#: fields that the page shows in places of their own
_ELSEWHERE = frozenset(
    {"id", "job", "title", "subtitles", "text", "markup", "content_hash", "simhash", "provenance"}
)


@router.get("/articles")
def articles(
    request: Request,
    backend: Here,
    asked: Annotated[ArticleQuery, Depends()],
    cursor: Annotated[str | None, Query(max_length=2000)] = None,
) -> Response:
    """The newest articles, or the best of those that answer q: of those that pass the filter."""
    wrong, rows = "", Listing[ArticleRow]()
    try:
        rows = backend.store.articles(
            search=asked.q.strip() or None, wanted=asked.wanted(), limit=ARTICLES, cursor=cursor or None
        )
    except QueryError as error:
        wrong = error.message
    return page(
        request,
        "articles.html",
        articles=rows,
        asked=asked,
        chips=asked.chips(),
        older=asked.address(rows.next) if rows.next else None,
        is_first=not cursor,
        facets=backend.facets.of(backend.store),
        wrong=wrong,
        titles={row.id: _title(row, asked.q) for row in rows},
        ranked=RANKED,
    )


def _title(row: ArticleRow, q: str) -> list[tuple[str, bool]]:
    """A title in pieces: what a search found in it, and the rest."""
    title = row.title or ""
    return pieces(title, highlights(title, parse(q)) if row.passage else ())


@router.get("/articles/{article}")
def one(request: Request, backend: Here, article: Id) -> Response:
    """An article as a reader would like it, its metadata, and where each value came from."""
    told = backend.store.article(article)
    if told is None:
        raise HTTPException(
            404,
            f"There is no article {article}, or no longer: it may have been deleted. Look for it by its "
            "address or title in the box above.",
        )
    near = told["near_duplicate_of"]
    original = backend.store.article(near) if near is not None else None
    return page(
        request,
        "article.html",
        article=told,
        byline=byline(told),
        body=markup(told["markup"] or told["text"]),
        fields=fields(told),
        item=backend.store.article_item(article),
        host=host_of(told["url"] or "").removeprefix("www."),
        original=original,
    )


@router.post("/articles/{article}/delete")
def delete(backend: Here, article: Id) -> Response:
    """Delete it for good."""
    if not backend.store.delete_article(article, time.time()):
        raise missing("article", article)
    return RedirectResponse("/articles", 303)


def byline(article: dict[str, Any]) -> list[str]:
    """Who, for whom, when: as far as known."""
    said = (
        ", ".join(article["authors"]),
        article["agency"] or article["site_name"],
        published(article["published_at"]),
    )
    return [part for part in said if part]


def fields(article: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(field, value in words, where it came from) for the fields that have a value."""
    provenance = article["provenance"]
    return [
        (name.replace("_", " "), words, provenance.get(name, ""))
        for name, value in article.items()
        if name not in _ELSEWHERE and (words := in_words(value))
    ]
