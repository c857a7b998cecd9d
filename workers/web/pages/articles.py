"""``/articles``: what is stored; ``/articles/{id}``: one of them, to be read."""

from __future__ import annotations

import time
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from pipeline.model import DOUBTFUL
from pipeline.search import QueryError, highlights, parse
from pipeline.store.contract import ArticleFilter, ArticleRow
from workers.web.backend import Here
from workers.web.numbers import Id
from workers.web.problems import missing
from workers.web.rendering import page
from workers.wording import in_words, pieces, published

router = APIRouter()

#: newest articles that are shown
ARTICLES = 100
#: fields that the page shows in places of their own
_ELSEWHERE = frozenset(
    {"id", "job", "title", "subtitles", "text", "markup", "content_hash", "simhash", "provenance"}
)


@router.get("/articles")
def articles(
    request: Request,
    backend: Here,
    q: Annotated[str, Query(max_length=1000)] = "",
    job: Annotated[str | None, Query(max_length=100)] = None,
    doubtful: bool = False,
) -> Response:
    """The newest articles, or the best of those that answer q, or those with a doubtful cut."""
    wanted = ArticleFilter(job=job or None, max_confidence=DOUBTFUL if doubtful else None)
    wrong, rows = "", []
    try:
        rows = backend.store.articles(search=q.strip() or None, wanted=wanted, limit=ARTICLES)
    except QueryError as error:
        wrong = error.message
    titles = {row.id: _title(row, q) for row in rows}
    told = {"q": q, "job": job, "doubtful": doubtful, "most": ARTICLES, "wrong": wrong, "titles": titles}
    return page(request, "articles.html", articles=rows, **told)


def _title(row: ArticleRow, q: str) -> list[tuple[str, bool]]:
    """A title in pieces: what a search found in it, and the rest."""
    title = row.title or ""
    return pieces(title, highlights(title, parse(q)) if row.passage else ())


@router.get("/articles/{article}")
def one(request: Request, backend: Here, article: Id) -> Response:
    """An article's text, its metadata, and where each value came from."""
    told = backend.store.article(article)
    if told is None:
        raise missing("article", article)
    return page(
        request,
        "article.html",
        article=told,
        byline=byline(told),
        paragraphs=[paragraph for paragraph in told["text"].split("\n\n") if paragraph.strip()],
        fields=fields(told),
        item=backend.store.article_item(article),
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
