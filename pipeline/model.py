"""The values, named by their place in the flow. They hold data and judge nothing.

    source --read--> NewItem --accept--> Item --fetch--> Page --clean--> Document
           --extract--> Article --> Ending --store--> Finished

All times are Unix seconds (float, UTC) unless the name ends in ``_at`` of an `Article`, which
is ISO 8601 text. All values are immutable and can be packed with `pipeline.packing`.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

Stage = Literal["fetch", "clean", "extract", "store"]
#: The stages that an item passes, in order. Feeds have `poll` before them.
STAGES: tuple[Stage, ...] = ("fetch", "clean", "extract", "store")

Outcome = Literal["stored", "updated", "unchanged", "duplicate", "skipped", "failed"]
#: How an item can end, in the order in which people read them.
OUTCOMES: tuple[Outcome, ...] = ("stored", "updated", "unchanged", "duplicate", "skipped", "failed")

ItemState = Literal["pending", "in_flight", "done"]


class Value(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Base of the values: immutable, keyword-only, compact when packed."""


class Problem(Value, frozen=True, kw_only=True):
    """Why something did not work, as a value."""

    #: a key of `pipeline.errors.CODES`
    code: str
    #: one sentence for people that names the thing and the reason
    message: str
    #: whether the same attempt later may succeed
    retry_helps: bool = False
    #: seconds to wait at least, when the other side said so
    retry_after: float | None = None
    #: our own network failed, not the other side: the attempt does not count
    ours: bool = False


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


class Block(Value, frozen=True, kw_only=True):
    """One block of kept text, in reading order."""

    kind: Literal["paragraph", "heading", "item", "quote", "code", "table", "caption"]
    text: str
    #: the block as Markdown, without its blank lines
    markup: str
    #: heading level 1 to 6, list depth from 1; 0 otherwise
    level: int = 0


class Document(Value, frozen=True, kw_only=True):
    """What `clean` makes of a page: text without boilerplate, and raw signals for `extract`.

    The page is parsed once, to make this; `extract` sees nothing else.
    """

    kind: Literal["html", "text"]
    blocks: list[Block]
    #: raw metadata signals by kind, as found; the readers in `pipeline.extract` know the kinds
    signals: dict[str, Any] = {}
    #: 0 to 1: how sure the cut is
    confidence: float = 1.0
    url: str | None = None
    #: set when there is no article: the item ends `skipped` with it
    problem: Problem | None = None
    entry: Entry | None = None


class Contributor(Value, frozen=True, kw_only=True):
    role: Literal[
        "reporting", "additional_reporting", "writing", "editing", "photography", "translation", "compiling"
    ]
    name: str


class Dateline(Value, frozen=True, kw_only=True):
    place: str | None = None
    agency: str | None = None
    #: ISO 8601 date
    date: str | None = None


class Copyright(Value, frozen=True, kw_only=True):
    holder: str | None = None
    year: int | None = None


class Article(Value, frozen=True, kw_only=True, omit_defaults=False):
    """The result that is stored. Dates are ISO 8601 with offset where known, else the date."""

    url: str | None = None
    canonical_url: str | None = None
    #: the headline, without the site's name
    title: str | None = None
    #: the other headlines and standfirsts
    subtitles: list[str] = []
    authors: list[str] = []
    contributors: list[Contributor] = []
    agency: str | None = None
    dateline: Dateline | None = None
    section: str | None = None
    tags: list[str] = []
    published_at: str | None = None
    modified_at: str | None = None
    #: BCP 47
    language: str | None = None
    site_name: str | None = None
    description: str | None = None
    image_url: str | None = None
    copyright: Copyright | None = None
    #: paragraphs separated by a blank line; credits and copyright lines live in their fields
    text: str = ""
    #: the text as Markdown
    markup: str = ""
    word_count: int = 0
    #: SHA-256 (hex) of the normalised text: equal text, equal hash
    content_hash: str = ""
    #: 16 hex digits
    simhash: str = ""
    #: id of the article that this one nearly repeats
    near_duplicate_of: int | None = None
    is_paywalled: bool | None = None
    #: field -> where its value came from
    provenance: dict[str, str] = {}
    extractor_version: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Every field by name, as plain JSON values."""
        plain: dict[str, Any] = msgspec.to_builtins(self)
        for name in ("dateline", "copyright"):
            value = getattr(self, name)
            if value is not None:
                plain[name] = {field: getattr(value, field) for field in value.__struct_fields__}
        return plain


class Step(Value, frozen=True, kw_only=True):
    """One line of a trace: one attempt of one stage at one item."""

    stage: str
    #: Unix seconds at the start, and how long it took
    at: float
    seconds: float
    worker: str
    #: ``ok``, an outcome, or a code
    result: str
    #: how many times a worker vanished with this item in this stage before
    lost: int = 0
    message: str | None = None


class Ending(Value, frozen=True, kw_only=True):
    """What the stages found for one item: what the store stage writes, in one transaction."""

    item: int
    #: exactly one of the three is set: an article, `unchanged`, or a problem
    article: Article | None = None
    unchanged: bool = False
    problem: Problem | None = None
    #: with a problem: whether it is an ending without fault (`skipped`) or a failure
    skipped: bool = False
    page_digest: str | None = None
    #: 0 to 1, of the cut that made the article
    confidence: float | None = None
    trace: list[Step] = []


class Finished(Value, frozen=True, kw_only=True):
    """What the store made of an ending. ``outcome`` None: it will be retried at ``due_at``."""

    item: int
    job: str
    outcome: Outcome | None
    article: int | None = None
    due_at: float | None = None


class Counts(Value, frozen=True, kw_only=True, omit_defaults=False):
    """How many items ended how."""

    stored: int = 0
    updated: int = 0
    unchanged: int = 0
    duplicate: int = 0
    skipped: int = 0
    failed: int = 0

    @property
    def total(self) -> int:
        return sum(getattr(self, name) for name in OUTCOMES)


class JobStatus(Value, frozen=True, kw_only=True, omit_defaults=False):
    """One job as the database knows it. `items = pending + in_flight + outcomes.total`."""

    job: str
    state: Literal["running", "done", "cancelled"]
    items: int
    pending: int
    in_flight: int
    outcomes: Counts
    sources: list[str]
    created_at: float
    finished_at: float | None = None


class Hints(Value, frozen=True, kw_only=True):
    """What a feed asks of those who poll it, and where its changes are pushed from."""

    #: seconds that a copy may be kept: RSS ``ttl``
    ttl: float | None = None
    #: seconds between two updates: the ``sy:`` module of RDF and RSS
    update_period: float | None = None
    #: hours of the day (0 to 23, GMT) and days of the week (0: Monday) at which nobody need ask
    skip_hours: list[int] = []
    skip_days: list[int] = []
    #: WebSub: the hub that pushes this feed, and the address under which it knows the feed
    hub: str | None = None
    topic: str | None = None


class WebSub(Value, frozen=True, kw_only=True):
    """A subscription at a hub (W3C WebSub): the hub pushes what is new to our callback."""

    hub: str
    topic: str
    #: last part of the callback's address; cannot be guessed
    token: str
    #: key of the signatures; known to the hub and to us. Empty: the hub has no https, and signs nothing
    secret: str
    #: ``ended``: the feed names no hub any more; kept to confirm the end to a hub that asks
    state: Literal["asked", "active", "refused", "ended"] = "asked"
    asked_at: float
    #: how often the hub was asked since it last confirmed
    asks: int = 0
    #: end of the lease that the hub granted
    until: float | None = None
    last_push_at: float | None = None
    pushes: int = 0
    #: why the hub refused, or what went wrong when it was asked
    message: str | None = None


class Poll(Value, frozen=True, kw_only=True):
    """One line of a feed's history."""

    at: float
    seconds: float = 0.0
    #: ``new``, ``unchanged``, ``not_modified``, ``pushed``, or a code
    result: str
    status: int | None = None
    entries: int = 0
    new: int = 0


class Feed(Value, frozen=True, kw_only=True, omit_defaults=False):
    """A subscribed source that is polled again and again."""

    id: int
    url: str
    title: str | None = None
    state: Literal["active", "paused", "gone"] = "active"
    #: seconds between polls, as it is now
    interval: float = 3600.0
    #: why it is that, for people
    interval_reason: str = ""
    #: what the user asked for instead; None: adapted to the feed
    interval_wanted: float | None = None
    due_at: float = 0.0
    #: validators, verbatim as the server sent them
    etag: str | None = None
    last_modified: str | None = None
    #: SHA-256 (hex) of the last body, and of what its entries said
    body_digest: str | None = None
    entries_digest: str | None = None
    #: when the whole feed was last asked for without conditions
    full_at: float | None = None
    last_polled_at: float | None = None
    last_success_at: float | None = None
    #: when an entry last was new
    last_new_at: float | None = None
    #: failures in a row
    errors: int = 0
    problem: Problem | None = None
    #: what was wrong with a feed that could be used nevertheless
    warnings: list[str] = []
    entries_seen: int = 0
    #: polls that brought only new entries: some may have come and gone in between
    overflows: int = 0
    last_overflow_at: float | None = None
    #: median of the seconds between its newest entries
    rhythm: float | None = None
    hints: Hints | None = None
    #: where permanent redirects lead, how often and since when they were seen
    moved_to: str | None = None
    moved_seen: int = 0
    moved_since: float | None = None
    #: the page that the user named, when the feed was found there, and the other feeds it names
    found_at: str | None = None
    choices: list[str] = []
    websub: WebSub | None = None
    #: the latest polls, oldest first
    history: list[Poll] = []


class Polled(Value, frozen=True, kw_only=True):
    """What one poll of one feed brought."""

    feed: int
    at: float = 0.0
    #: how long the request took
    seconds: float = 0.0
    #: None on success
    problem: Problem | None = None
    #: of the answer, where there was one
    status: int | None = None
    #: 304
    not_modified: bool = False
    #: the answer was read, and says what it said last time: there are no items then
    unchanged: bool = False
    #: a hub sent it: only what is new, without validators
    pushed: bool = False
    #: validators were sent
    conditional: bool = False
    title: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    body_digest: str | None = None
    entries_digest: str | None = None
    #: None: the feed was not parsed this time
    hints: Hints | None = None
    #: Unix seconds at which its newest entries say that they were published, newest first
    published: list[float] = []
    #: seconds for which the server calls its answer fresh (Cache-Control, Expires, Age)
    fresh: float | None = None
    #: seconds to wait that an answer which was no refusal asked for (Retry-After)
    retry_after: float | None = None
    #: where the feed is now, when every redirect on the way was permanent
    moved_to: str | None = None
    #: the feed that was found on the page that was asked, and the others it names
    found: str | None = None
    choices: list[str] = []
    warnings: list[str] = []
    #: all entries of the feed as items; the store finds out which are new
    items: list[NewItem] = []
