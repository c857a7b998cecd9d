"""What lists show: rows as people and programs read them."""

from __future__ import annotations

from pipeline.model import Step, Value
from pipeline.search import Snippet


class ArticleRow(Value, frozen=True, kw_only=True, omit_defaults=False):
    """One stored article, as lists show it."""

    id: int
    key: str
    job: str
    item: int
    title: str | None
    site_name: str | None
    source: str
    published_at: str | None
    language: str | None
    word_count: int
    #: as of an Article; None: not known
    confidence: float | None
    stored_at: float
    fetched_at: float
    #: where its text answers the search that found it; None where nothing was searched for
    passage: Snippet | None = None


class ItemRow(Value, frozen=True, kw_only=True, omit_defaults=False):
    """One item with how it went: the passport."""

    id: int
    job: str
    key: str
    name: str
    source: str
    url: str | None
    state: str
    outcome: str | None
    #: a key of `pipeline.errors.CODES` for skipped and failed
    code: str | None
    message: str | None
    #: where the last failure happened: a stage, or `read`; None: nowhere, or before version 0.2
    stage: str | None
    #: the article that it became, or repeats
    article: int | None
    attempts: int
    created_at: float
    due_at: float | None
    finished_at: float | None
    page_digest: str | None
    trace: list[Step]

    @property
    def confidence(self) -> float | None:
        """How sure the last cut of its page was (see `Step.confidence`); None if none was tried."""
        told = (step.confidence for step in reversed(self.trace) if step.stage == "clean")
        return next(told, None)

    @property
    def can_retry(self) -> bool:
        """Whether `Store.retry` would take it up where it is named: it failed, or its job was cancelled, and
        there is something to try again."""
        ended_badly = self.outcome == "failed" or self.code == "cancelled"
        return ended_badly and bool(self.url or self.page_digest)


class Brought(Value, frozen=True, kw_only=True):
    """An entry that a poll of a feed brought, as the item that it became."""

    item: ItemRow
    #: of the entry, as the feed gives it
    title: str | None


__all__ = ["ArticleRow", "Brought", "ItemRow"]
