"""What storage promises: the laws that hold on SQLite and on PostgreSQL alike.

- Any method may raise StoreError; then nothing of the call has happened (one transaction each).
- All times are Unix seconds and come in as arguments.
- `jobs` carries its counters (items, in flight, one per outcome), changed in the transaction that
  changes the items, so that ``items = pending + in_flight + outcomes`` holds in every snapshot.
- An item's state only moves pending -> in_flight -> done, back to pending by a retry, and every
  move names the state it leaves: the same call twice changes nothing more.
- Pages are kept by digest: the same bytes are kept once.
- Listings come in pages: `Listing.next` is the cursor of the next one. Following cursors gives every row
  that was there throughout once, whatever is added meanwhile. They raise CursorError for what is none of
  their cursors. A limit is at least 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, Protocol

from pipeline.errors import SKIP_CODES
from pipeline.model import (
    Ending,
    Feed,
    Fetched,
    Finished,
    Item,
    JobStatus,
    NewItem,
    Polled,
    Problem,
    Step,
    Value,
    WebSub,
)
from pipeline.store.article_filter import ALL_ARTICLES, ArticleFilter, Facets
from pipeline.store.letters import Chosen, FailureGroup, Failures, Waiting
from pipeline.store.lookups import Lookups
from pipeline.store.paging import CursorError, Listing
from pipeline.store.receipts import ORDER_SECONDS, Order
from pipeline.store.shown import ArticleRow, Brought, ItemRow

if TYPE_CHECKING:
    from pipeline.store.condition import Condition
    from pipeline.store.readings import Reading


class Seen(Value, frozen=True, kw_only=True):
    """What storage knows of an item's key: lets `fetch` end an unchanged item early."""

    article: int
    page_digest: str
    extractor_version: str


class NewPage(Value, frozen=True, kw_only=True):
    """A page that was fetched for an item."""

    item: int
    body: bytes
    #: None: it was not fetched, but is the text of a feed's entry
    fetched: Fetched | None
    content_type: str | None


class Kept(Value, frozen=True, kw_only=True):
    """A page as it is kept."""

    digest: str
    #: `pipeline.packing.compress` of its bytes
    frame: bytes


class FeedName(Value, frozen=True):
    """A feed, as far as a list of addresses tells of it."""

    url: str
    title: str | None
    #: the page that named it
    found_at: str | None


class Store(Lookups, Protocol):
    # -- acceptance: a source's items become rows -------------------------------------------
    def open_job(self, sources: Sequence[str], now: float, accepting_until: float) -> str:
        """A new running job; it cannot end before `close_job`, or before accepting_until passes."""

    def accept(
        self, job: str, items: Sequence[NewItem], now: float, accepting_until: float | None = None
    ) -> int:
        """Rows for items, pages for their content; returns how many.

        The job runs, or it ended because its time was over, and then it runs again; StoreError for one
        that was closed and has ended, or that is not there, JobCancelled for one that was cancelled. An
        item with a problem is born done: `skipped` for the codes that are no fault (`SKIP_CODES`), else
        `failed`.
        """

    def reprocess(self, job: str, of_articles: Sequence[int], now: float, accepting_until: float) -> int:
        """Items of a running job that begin with the kept pages of articles, for `clean` and `extract` to
        read again; returns how many. Articles without one are left out. StoreError for a job that does
        not run."""

    def close_job(self, job: str, now: float, *, sources: Sequence[str] | None = None) -> None:
        """All its sources have been read: the job may end. ``sources``: what they were, where more came
        than it was opened with."""

    def order(self, key: str, now: float) -> Order | None:
        """What is known of the job that was opened under a client's key, if it is still worth something:
        an order is forgotten after `ORDER_SECONDS`, or when its reader was killed half-way."""

    def open_order(
        self, key: str, digest: str, sources: Sequence[str], now: float, accepting_until: float
    ) -> Order:
        """`open_job` under a key; the order that is there already, where there is one."""

    def order_done(self, key: str, accepted: int) -> None:
        """All items of an order are accepted: that is its answer from now on."""

    # -- flight ---------------------------------------------------------------------------
    def admit(self, limit: int, now: float) -> list[int]:
        """Take up to limit pending items that are due, fairly between running jobs, into flight."""

    def in_flight(self) -> list[int]:
        """Ids of all items in flight (at most a window of them)."""

    def load(self, ids: Sequence[int]) -> list[Item]:
        """Those of the items that are in flight; others are left out."""

    def item(self, item: int) -> Item | None:
        """An item in whatever state, as `load` gives those in flight. None if there is none."""

    def load_pages(self, digests: Iterable[str]) -> dict[str, bytes]:
        """Kept pages by digest, still compressed (`pipeline.packing.decompress`)."""

    def seen(self, keys: Iterable[str]) -> dict[str, Seen]:
        """What is known of keys whose article is still what that key's page gave."""

    def keep_pages(self, new: Sequence[NewPage], now: float) -> list[Kept]:
        """Keep fetched pages for items in flight, in one transaction. In their order; idempotent."""

    def expand(self, item: int, entries: Sequence[NewItem], now: float, step: Step | None = None) -> bool:
        """An item that proved to be a feed or a list becomes its entries: it goes on as the first
        of them, pending again, and the others are new items of its job. ``step``, which tells how
        that came, begins its trace. False if done before."""

    def finish(self, endings: Sequence[Ending], now: float) -> list[Finished]:
        """Write what became of items, all in one transaction; items not in flight are left out.

        Decides stored, updated, unchanged or duplicate by `pipeline.decide`, and retry or give
        up for failures. The same ending twice gives nothing the second time.
        """

    def defer(self, due: Mapping[int, float]) -> int:
        """Items in flight back to pending, each due at its time, as if they had never been taken
        up: for those whose host will not be asked for a while. Returns how many."""

    def deleted(self, keys: Iterable[str]) -> set[str]:
        """Those of the keys whose article was deleted."""

    def delete_article(self, article: int, now: float) -> bool:
        """Delete an article and its names, leaving tombstones for its keys and its content: what
        comes under them again ends `skipped` (`deleted`). Its items keep their outcomes, with a
        message that says so; its number is never given again. False if there is none."""

    def forget_deleted(self, key: str) -> bool:
        """Remove the tombstones of the article that had a key, or an address as people write it:
        those of all its names and of its content. False if there is none."""

    def end_jobs(self, now: float) -> list[str]:
        """Close the running jobs whose items are all done and whose sources are all read."""

    # -- cancelling -----------------------------------------------------------------------
    def cancel(self, job: str, now: float) -> bool:
        """A person wants no more of a job: it takes no more items and hands none out. It is over, and
        `cancelled`, once `workers.cancelling` has ended what waited. False: there is no such job that
        goes on."""

    def being_cancelled(self) -> list[str]:
        """Jobs that are cancelled and have items, or a reader, left."""

    def end_pending(self, job: str, now: float) -> int:
        """End some thousands of the pending items of a job that is being cancelled, `skipped`
        (`cancelled`); how many."""

    def end_in_flight(self, job: str, ids: Sequence[int], now: float) -> list[int]:
        """The same for those of the items that are in flight; returns them. No worker may have them."""

    def turn_back(self, now: float, seconds: float) -> int:
        """The clock was set back by so many seconds: what is due later than now is due that much
        earlier, as are feeds and the ends of intakes. Nothing comes before now. Returns how many
        items. Not one transaction: a million items are written some thousands at a time."""

    def accepted_ahead(self, now: float, least: float) -> int:
        """What was accepted on a clock that is ahead of now by more than least seconds, and waits for
        that time to come, is due now. Returns how many items."""

    def next_due(self, now: float) -> float | None:
        """When the next pending item becomes due; None if none waits."""

    def last_due(self, job: str | None = None) -> float | None:
        """When the last one does, of one job or of all."""

    def due_later(self, now: float, job: str | None = None) -> int:
        """How many pending items, of one job or of all, are not due yet: they wait to be tried again, or for
        their hosts. Takes the longer the more there are (100,000: 60 ms)."""

    # -- feeds ----------------------------------------------------------------------------
    def add_feed(self, url: str, now: float, interval: float | None = None, title: str | None = None) -> Feed:
        """Subscribe, due at once; the same URL again returns the feed that is there as it is.
        ``interval``: seconds that the user asks for, instead of one adapted to the feed."""

    def feeds(self, ids: Sequence[int] | None = None) -> list[Feed]:
        """All feeds, or some."""

    def feed_names(self) -> list[FeedName]:
        """All feeds in the order in which they were added, without their histories: a tenth of the cost."""

    def list_feeds(self, limit: int = 100, cursor: str | None = None) -> Listing[Feed]:
        """Feeds in the order in which they were added, a page at a time."""

    def feed_words(self, now: float, part: str | None = None) -> dict[str, int]:
        """How many feeds each word of `pipeline.schedule.health` is said of, if any. ``part``: of the name
        or the address."""

    def urgent_feeds(
        self, now: float, word: str | None = None, limit: int = 100, cursor: str | None = None,
        part: str | None = None,
    ) -> Listing[Feed]:  # fmt: skip
        """The most pressing first; of one word or of any."""

    def brought(self, feed: Feed, limit: int = 30) -> list[Brought]:
        """What became of the newest entries that the feed's latest polls brought, newest first."""

    def change_feed(
        self, feed: int, now: float, *, state: str | None = None,
        interval: float | Literal["auto"] | None = None, title: str | None = None,
    ) -> Feed | None:  # fmt: skip
        """Pause (`paused`) or resume (`active`: due at once), set or unset (`auto`) the user's
        interval, rename. None if there is no such feed."""

    def remove_feed(self, feed: int) -> bool:
        """Unsubscribe; its articles stay. False if there is none."""

    def touch_feeds(self, ids: Sequence[int] | None, now: float) -> int:
        """Make feeds (None: all that are active) due at once; returns how many. A feed that is
        named becomes active again."""

    def claim_feeds(self, limit: int, now: float, lease: float) -> list[int]:
        """Take due feeds; nobody else gets them before now + lease. Safe with two schedulers."""

    def feeds_polled(self, polled: Sequence[Polled], now: float) -> list[tuple[str | None, int]]:
        """Write what polls brought, in one transaction: each feed's new state
        (`pipeline.schedule.after_poll`), and a job with the items whose entries are new or
        changed. Returns (job or None, number of items) for each, in order. Of a poll with thousands
        of such entries these come first, in several transactions, so that no other writer waits for
        long (`pipeline.store.large_polls`).

        A feed whose new address is subscribed already is merged: the one that is there goes on and
        knows what the other had seen; the other ends `gone` with a problem that says where to."""

    def set_websub(self, feed: int, websub: WebSub | None) -> bool:
        """Write or drop a feed's subscription at a hub. False if there is no such feed."""

    def feed_of_websub(self, token: str) -> Feed | None:
        """The feed whose callback has this token."""

    # -- for people -----------------------------------------------------------------------
    def job_status(self, job: str) -> JobStatus | None: ...
    def jobs(
        self, limit: int = 100, *, state: str | None = None, cursor: str | None = None
    ) -> Listing[JobStatus]:
        """Newest first; all, or those in one state."""

    def totals(self) -> JobStatus:
        """The same counts over all jobs (`job` is empty, `state` running while any runs)."""

    def note_totals(self, now: float) -> Reading:
        """Write the totals down for this minute; what is older than `readings.KEPT_SECONDS` goes."""

    def readings(self, since: float) -> list[Reading]:
        """What `note_totals` wrote from this time on, oldest first; minutes may be missing."""

    def job_items_in_flight(self, job: str) -> list[int]: ...
    def articles(
        self, *, search: str | None = None, wanted: ArticleFilter = ALL_ARTICLES, limit: int = 50,
        cursor: str | None = None,
    ) -> Listing[ArticleRow]:  # fmt: skip
        """Those that pass a filter, newest first; those that a search finds, best first, of the articles
        that there were at the first page (on SQLite their order may shift a little while others come in):
        `search.RANKED` at a time are ranked together, the newest before older ones. PostgreSQL looks into
        `search.LOOKED_INTO` articles for a phrase, or for a filter's words that many have, so that a page
        with few rows, or none, may have a next.
        One that is written anew meanwhile is the newest again. Search: see `pipeline.search.query`. Raises
        QueryError for a search that cannot be understood."""

    def facets(self) -> Facets:
        """What articles can be filtered by, as far as it is frequent among the newest."""

    def export(self, *, since: float | None = None) -> Iterator[dict[str, Any]]:
        """Every article as `article` gives it, by id, streamed."""

    def items(
        self, *, job: str | None = None, state: str | None = None, outcome: str | None = None,
        code: str | None = None, host: str | None = None, part: str | None = None, limit: int = 1000,
        cursor: str | None = None,
    ) -> Listing[ItemRow]:  # fmt: skip
        """Newest first; those that meet all that is named. ``part``: of the name, in capitals or not;
        for this only `people.LOOKED_AT` items are looked at for one page, so that one with few rows, or
        none, may have a next one."""

    def failures(
        self, chosen: Chosen = Chosen(), *, limit: int = 1000, cursor: str | None = None  # noqa: B008
    ) -> Failures:  # fmt: skip
        """Dead letters by code, stage and host; at most so many groups (0: only the sums). A group
        whose number changes meanwhile moves to another place."""

    def dead_letters(
        self, chosen: Chosen, *, limit: int = 100, cursor: str | None = None
    ) -> Listing[ItemRow]:
        """The items themselves, those that failed last first; fast for one code, stage and host."""

    def retryable(self, chosen: Chosen) -> int:
        """How many items `retry` would take up."""

    def retry(self, now: float, chosen: Chosen) -> int:
        """Dead letters back to pending with their attempts at zero; their jobs run again. Those that
        have neither an address nor content stay what they are. Where a job or an item is named, what was
        cancelled is taken up as well; a job that is being cancelled goes on. Returns how many. Some
        thousands in each transaction."""

    def waiting(self, now: float, *, job: str | None = None) -> list[Waiting]:
        """Items that failed and wait to be tried again, by code."""

    # -- upkeep ---------------------------------------------------------------------------
    def check(self) -> list[Problem]:
        """What is wrong: unreachable, migrations missing or too new, counters that differ from
        the rows. Empty: all is well."""

    def schema_problems(self) -> list[Problem]:
        """The part of `check` that takes no time: is the schema there, and of this version?"""

    def condition(self, now: float, late: float) -> Condition:
        """What can be told by looking; feeds are late when overdue by more than so many seconds."""

    def size(self) -> int:
        """Bytes that the database takes on its disk."""

    def migrate(self) -> None:
        """Bring the schema up to date. Safe to call at once from several processes."""

    def close(self) -> None: ...


__all__ = [
    "ORDER_SECONDS", "SKIP_CODES", "ArticleFilter", "ArticleRow", "Brought", "Chosen", "CursorError",
    "Facets", "FailureGroup", "Failures", "ItemRow", "Listing", "Order", "Seen", "Store", "Waiting",
]  # fmt: skip
