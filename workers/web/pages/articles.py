"""``/articles``: what is stored; ``/articles/{id}``: one of them, to be read."""

from __future__ import annotations

import time
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, HTTPException, Query, Request
from starlette.responses import RedirectResponse, Response

from pipeline.search import QueryError, highlights, parse
from pipeline.store.contract import ArticleRow, Listing
from pipeline.store.search import RANKED
from pipeline.urls import host_of, is_url
from workers.intake import accept_items
from workers.web.addresses import linked
from workers.web.article_query import ArticleQuery
from workers.web.backend import Backend, Here
from workers.web.markup import markup
from workers.web.numbers import Id
from workers.web.problems import missing
from workers.web.rendering import page
from workers.wording import in_words, pieces, published

router = APIRouter()

#: newest articles that are shown, and articles that say nearly the same as one
ARTICLES, MOST_NEAR = 50, 20
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
        unfiltered=_unfiltered(backend, asked) if not (rows or wrong or cursor) else None,
        ranked=RANKED,
    )


def _unfiltered(backend: Backend, asked: ArticleQuery) -> str | None:
    """The list without its filters, where that finds what nothing passed; None: it finds nothing either."""
    if not asked.q.strip() or len(asked.set_fields()) < 2:
        return None
    found = backend.store.articles(search=asked.q.strip(), limit=1)
    return ArticleQuery(q=asked.q).address() if found else None


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
    around = backend.store.around(article)
    host = host_of(told["url"] or "").removeprefix("www.")
    return page(
        request,
        "article.html",
        article=told,
        byline=byline(told),
        body=markup(told["markup"] or told["text"]),
        fields=fields(told),
        item=backend.store.article_item(article),
        host=host,
        near=backend.store.near_duplicates(article, MOST_NEAR),
        around=around,
        names=[name for name in (around.names if around else ()) if name != told["url"]],
    )


@router.get("/articles/{article}/delete")
def ask_to_delete(request: Request, backend: Here, article: Id) -> Response:
    """What is deleted, before it is."""
    told, around = backend.store.article(article), backend.store.around(article)
    if told is None or around is None:
        raise missing("article", article)
    return page(request, "article_delete.html", article=told, names=around.names)


@router.post("/articles/{article}/delete")
def delete(backend: Here, article: Id) -> Response:
    """Delete it for good."""
    if not backend.store.delete_article(article, time.time()):
        raise missing("article", article)
    return RedirectResponse("/articles", 303)


@router.post("/articles/restore")
def restore(backend: Here, key: Annotated[str, Form(max_length=8000)]) -> Response:
    """Take a deletion back. What has an address is handed in again."""
    if not backend.store.forget_deleted(key):
        raise HTTPException(404, "It is not deleted here, or no longer. Look for it in the box above.")
    if not is_url(key):
        return RedirectResponse(f"/find?{urlencode({'q': key, 'all': True})}", 303)
    intake = accept_items(backend.store, [key], linked(key, backend.settings))
    backend.wake()
    return RedirectResponse(f"/jobs/{intake.job}", 303)


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
