"""Lists of articles. One article is what `pipeline/model/article.schema.json` says, which
`workers.web.api.description` publishes."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from workers.web.api.shapes import Moment, Next, Shape

Spot = Annotated[tuple[int, int], Field(description="Start and end, in characters.")]


class Passage(Shape):
    """Where a text answers a search."""

    text: str
    found: list[Spot]


class ArticleLine(Shape):
    """One article, as lists show it."""

    id: int
    key: str
    job: str
    item: int
    title: str | None
    site_name: str | None
    source: str
    published_at: str | None = Field(description="ISO 8601, with an offset where known, else the date.")
    language: str | None
    word_count: int
    confidence: float | None
    stored_at: Moment
    fetched_at: Moment
    passage: Passage | None = Field(description="Where its text answers the search; null without one.")


class Articles(Shape):
    """One page of articles: the newest first, or the best first of a search."""

    articles: list[ArticleLine]
    next: Next


class Near(Shape):
    """The other articles that say nearly the same, oldest first."""

    articles: list[ArticleLine]


__all__ = ["ArticleLine", "Articles", "Near"]
