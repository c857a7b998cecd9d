"""Items on their way: from what a source names to the bytes of a page."""

from __future__ import annotations

from typing import Literal

from pipeline.model.value import Problem, Value

Stage = Literal["fetch", "clean", "extract", "store"]
#: The stages that an item passes, in order. Feeds have `poll` before them.
STAGES: tuple[Stage, ...] = ("fetch", "clean", "extract", "store")

Outcome = Literal["stored", "updated", "unchanged", "duplicate", "skipped", "failed"]
#: How an item can end, in the order in which people read them.
OUTCOMES: tuple[Outcome, ...] = ("stored", "updated", "unchanged", "duplicate", "skipped", "failed")

ItemState = Literal["pending", "in_flight", "done"]


class Entry(Value, frozen=True, kw_only=True):
    """What a feed says of one of its entries: evidence for `extract`, never the last word."""

    #: the entry's identity inside its feed: guid, else link, else a hash of title and content
    key: str
    link: str | None = None
    title: str | None = None
    authors: list[str] = []
    #: ISO 8601, with offset where the feed gave one
    published: str | None = None
    updated: str | None = None
    summary: str | None = None
    #: full content as the feed carries it, HTML
    content: str | None = None
    tags: list[str] = []
    language: str | None = None
    feed_title: str | None = None
    feed_url: str | None = None


class NewItem(Value, frozen=True, kw_only=True):
    """One article-to-be as a source names it, before it has a row.

    Exactly one of three things is set: ``content`` (handed over, needs no fetch), ``problem``
    (the source could not be read: the item is born failed or skipped), or neither (``url``
    will be fetched).
    """

    #: identity: canonical URL, ``file://`` URL of the absolute path, or ``stdin:`` and a digest
    key: str
    #: what people see: the URL, or the path as it was found
    name: str
    #: what the user handed in that led here
    source: str
    #: where it is to be had; also the base for relative links
    url: str | None = None
    content: bytes | None = None
    #: MIME type with parameters, as far as known
    content_type: str | None = None
    entry: Entry | None = None
    problem: Problem | None = None
    #: an address from a user may prove to be a feed, a list or a home page: then it is expanded
    expand: bool = False


class Item(Value, frozen=True, kw_only=True):
    """One article-to-be with its row: the unit of work, of retry and of status."""

    id: int
    job: str
    key: str
    name: str
    source: str
    state: ItemState = "pending"
    url: str | None = None
    content_type: str | None = None
    entry: Entry | None = None
    expand: bool = False
    #: tries that ended in a failure so far
    attempts: int = 0
    #: hex digest of the page already kept for this item, if any: then no fetch is needed
    page_digest: str | None = None
    #: how the kept page was had; None when content was handed over
    fetched: Fetched | None = None


class Fetched(Value, frozen=True, kw_only=True):
    """How a page was had over HTTP."""

    #: address after redirects
    final_url: str
    status: int
    #: names in lower case; only what later stages read
    headers: dict[str, str] = {}
    at: float = 0.0
    #: addresses passed through, in order, without the final one
    redirects: list[str] = []


class Page(Value, frozen=True, kw_only=True):
    """Raw bytes with where they came from: the input of `clean`."""

    body: bytes
    #: SHA-256 of body, hex
    digest: str
    #: the item's identity; a URL or a ``file://`` path
    key: str
    url: str | None = None
    content_type: str | None = None
    fetched: Fetched | None = None
    entry: Entry | None = None
