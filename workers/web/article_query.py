"""The form above the list of articles: its fields, what they ask of the store, and links that change one."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query

from pipeline.model import DOUBTFUL
from pipeline.search import QueryError
from pipeline.store.article_filter import ArticleFilter

#: field -> how the page calls it
NAMES = {
    "q": "words", "site": "site", "language": "language", "agency": "agency", "author": "author",
    "section": "section", "tag": "tag", "source": "handed in as", "published_from": "published from",
    "published_to": "published to", "stored_from": "stored from", "job": "job", "doubtful": "doubtful cuts",
}  # fmt: skip

_Text = Annotated[str, Query(max_length=1000)]


@dataclass(frozen=True)
class ArticleQuery:
    """What is asked for; an empty field asks nothing. Its fields are the parameters of the page."""

    q: _Text = ""
    site: _Text = ""
    language: _Text = ""
    agency: _Text = ""
    author: _Text = ""
    section: _Text = ""
    tag: _Text = ""
    source: _Text = ""
    #: days, ``2026-03-01``; the last one counts, too
    published_from: _Text = ""
    published_to: _Text = ""
    stored_from: _Text = ""
    job: _Text = ""
    doubtful: _Text = ""

    def wanted(self) -> ArticleFilter:
        """The filter. Raises QueryError for a date that is none."""
        until = _day("published_to", self.published_to)
        return ArticleFilter(
            site=self.site.strip() or None,
            language=self.language.strip() or None,
            agency=self.agency.strip() or None,
            author=self.author.strip() or None,
            section=self.section.strip() or None,
            tag=self.tag.strip() or None,
            source=self.source.strip() or None,
            published_from=_seconds(_day("published_from", self.published_from)),
            published_before=_seconds(until + timedelta(days=1)) if until else None,
            stored_since=_seconds(_day("stored_from", self.stored_from)),
            job=self.job.strip() or None,
            max_confidence=DOUBTFUL if self.doubtful else None,
        )

    def set_fields(self) -> list[tuple[str, str]]:
        """Those fields that ask something, in order."""
        return [(one.name, value) for one in fields(self) if (value := getattr(self, one.name).strip())]

    def chips(self) -> list[tuple[str, str, str]]:
        """(field in words, value, address of the list without it) for each that is set."""
        return [
            (NAMES[name], "" if name == "doubtful" else value, replace(self, **{name: ""}).address())
            for name, value in self.set_fields()
        ]

    def address(self, cursor: str | None = None) -> str:
        """The address of this list, to be kept as a bookmark."""
        asked = self.set_fields() + ([("cursor", cursor)] if cursor else [])
        return f"/articles?{urlencode(asked)}" if asked else "/articles"


def _day(name: str, said: str) -> datetime | None:
    if not said.strip():
        return None
    try:
        return datetime.strptime(said.strip(), "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError as error:
        raise QueryError(f"{NAMES[name]}: {said!r} is no day. Write it as 2026-03-01.") from error


def _seconds(day: datetime | None) -> float | None:
    return None if day is None else day.timestamp()


__all__ = ["NAMES", "ArticleQuery"]
