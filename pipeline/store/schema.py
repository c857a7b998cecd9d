"""The tables. Migrations build them; a test holds that the two are the same.

Times are Unix seconds. Digests are SHA-256 in hex. Partial indexes keep the hot queries
(what is pending, what is in flight, which jobs run, what failed) as small as their answers.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    false,
    literal_column,
)

from pipeline.model import OUTCOMES

#: Constraint names are fixed, so that later migrations can name them on both databases.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

#: SQLite counts rows by itself only in a column of the type INTEGER.
BigId = BigInteger().with_variant(Integer(), "sqlite")
Json = JSON(none_as_null=True)

#: The newest migration in `pipeline/store/migrations`: a database that has it needs no other.
REVISION = "0012"

#: The counters of a job: all its items, those in flight, and one for each outcome.
COUNTERS: tuple[str, ...] = ("items", "in_flight", *OUTCOMES)


def _partial(name: str, condition: ColumnElement[bool], *columns: Column[Any], **more: Any) -> None:
    Index(name, *columns, sqlite_where=condition, postgresql_where=condition, **more)


jobs = Table(
    "jobs",
    metadata,
    Column("id", Text, primary_key=True),
    Column("sources", Json, nullable=False),
    Column("state", Text, nullable=False),
    *(Column(name, BigInteger, nullable=False, default=0) for name in COUNTERS),
    # NULL: closed, no more sources will be read for it
    Column("accepting_until", Float),
    Column("created_at", Float, nullable=False),
    Column("finished_at", Float),
    # when a person cancelled it; while it runs, what of it waits is still to be ended
    Column("cancelled_at", Float),
    # its counters are in `tally`
    Column("tallied", Boolean, nullable=False, default=False, server_default=false()),
)
#: The conditions of the partial indexes. Their values are literals, not parameters: only then can
#: SQLite, and PostgreSQL in a prepared statement, tell that the index answers the query.
is_running = jobs.c.state == literal_column("'running'")
_partial("ix_jobs_running", is_running, jobs.c.id)
is_cancelled = jobs.c.state == literal_column("'cancelled'")
_partial("ix_jobs_cancelled", is_cancelled, jobs.c.id)
is_being_cancelled = is_running & jobs.c.cancelled_at.is_not(None)
_partial("ix_jobs_cancelling", is_being_cancelled, jobs.c.id)
#: it takes items, and hands them out
goes_on = is_running & jobs.c.cancelled_at.is_(None)
is_untallied = jobs.c.tallied == literal_column("false")
_partial("ix_jobs_untallied", is_untallied, jobs.c.id)

#: The counters of jobs that ended, added up in one row: what there is in all is known without reading
#: every job there ever was.
tally = Table(
    "tally",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    *(Column(name, BigInteger, nullable=False) for name in COUNTERS),
    Column("finished_at", Float),
)

#: The same counters over all jobs, as they were when somebody looked: see `pipeline.store.readings`.
readings = Table(
    "readings",
    metadata,
    # of Unix time
    Column("minute", BigInteger, primary_key=True, autoincrement=False),
    *(Column(name, BigInteger, nullable=False) for name in COUNTERS),
)

#: What clients asked for under keys of their own (`Idempotency-Key`), for a day.
orders = Table(
    "orders",
    metadata,
    Column("key", Text, primary_key=True),
    Column("job", Text, nullable=False),
    # of the sources that it named; empty: they came as files
    Column("digest", Text, nullable=False),
    # how many items; NULL: not all of them yet
    Column("accepted", BigInteger),
    Column("created_at", Float, nullable=False),
)
Index("ix_orders_created_at", orders.c.created_at)

items = Table(
    "items",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("job", Text, ForeignKey(jobs.c.id), nullable=False),
    Column("key", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("url", Text),
    Column("host", Text, nullable=False),
    Column("content_type", Text),
    # a packed Entry
    Column("entry", LargeBinary),
    Column("expand", Boolean, nullable=False),
    Column("state", Text, nullable=False),
    Column("outcome", Text),
    Column("code", Text),
    Column("message", Text),
    # where the last failure happened: a stage, or `read`: nothing was had that could be tried again
    Column("stage", Text),
    Column("article_id", BigInteger),
    Column("attempts", Integer, nullable=False),
    Column("due_at", Float),
    Column("created_at", Float, nullable=False),
    Column("finished_at", Float),
    Column("page_digest", Text),
    # a Fetched
    Column("fetched", Json),
    # a list of Step
    Column("trace", Json),
    # the key of the address at which its redirects ended, when it ended last; NULL: at its own
    Column("landed", Text),
    sqlite_autoincrement=True,
)
is_pending = items.c.state == literal_column("'pending'")
is_in_flight = items.c.state == literal_column("'in_flight'")
is_failed = items.c.outcome == literal_column("'failed'")
was_cancelled = items.c.code == literal_column("'cancelled'")
_partial("ix_items_pending", is_pending, items.c.job, items.c.due_at, items.c.id)
_partial("ix_items_in_flight", is_in_flight, items.c.job, items.c.id)
# It covers the grouping of dead letters: a hundred thousand of them are grouped without reading them.
_partial(
    "ix_items_failed", is_failed,
    items.c.code, items.c.stage, items.c.host, items.c.finished_at, items.c.id, items.c.job,
)  # fmt: skip
# What failed and waits to be tried again; items that wait for their host have no code.
is_waiting = (items.c.state == literal_column("'pending'")) & items.c.code.is_not(None)
_partial("ix_items_waiting", is_waiting, items.c.code, items.c.job, items.c.due_at, items.c.id)
# Lists show a job's items by what became of them, the newest first: each of these has them in that order.
_partial("ix_items_outcome", items.c.outcome.is_not(None), items.c.job, items.c.outcome, items.c.id)
_partial("ix_items_waiting_of_job", is_pending, items.c.job, items.c.id)
_partial("ix_items_code", items.c.code.is_not(None), items.c.job, items.c.code, items.c.id)
Index("ix_items_host", items.c.job, items.c.host, items.c.id)
Index("ix_items_job", items.c.job, items.c.id)
Index("ix_items_key", items.c.key, items.c.id)
was_moved = items.c.landed.is_not(None)
_partial("ix_items_landed", was_moved, items.c.landed, items.c.id)
# What is called by its key is found by that. Names may be longer than an entry of a PostgreSQL B-tree.
has_name = items.c.name != items.c.key
_partial("ix_items_name", has_name, items.c.name, postgresql_using="hash")

pages = Table(
    "pages",
    metadata,
    Column("digest", Text, primary_key=True),
    # a zstd frame
    Column("body", LargeBinary, nullable=False),
    # bytes before compression
    Column("size", BigInteger, nullable=False),
    Column("first_seen_at", Float, nullable=False),
)

articles = Table(
    "articles",
    metadata,
    # given by `finish`, which is serial: the next free number
    Column("id", BigId, primary_key=True, autoincrement=False),
    Column("key", Text, nullable=False, unique=True),
    # the address at which the key's redirects ended the last time; NULL: it leads to itself
    Column("alias", Text),
    Column("canonical_url", Text),
    Column("title", Text),
    Column("site_name", Text),
    Column("source", Text, nullable=False),
    Column("language", Text),
    Column("published_at", Text),
    Column("published_ts", Float),
    Column("fetched_at", Float, nullable=False),
    # when the present revision was written
    Column("stored_at", Float, nullable=False),
    Column("word_count", Integer, nullable=False),
    Column("content_hash", Text, nullable=False),
    # digest of what makes two revisions differ: `pipeline.decide.fingerprint`
    Column("fingerprint", Text, nullable=False),
    Column("simhash", Text, nullable=False),
    Column("job", Text, nullable=False),
    Column("item", BigInteger, nullable=False),
    Column("page_digest", Text),
    Column("extractor_version", Text, nullable=False),
    Column("confidence", Float),
    Column("revision", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("near_duplicate_of", BigInteger),
    # the other fields of the Article
    Column("data", Json, nullable=False),
    # what lists are filtered by, in a form to compare: host without www., names without case, the
    # language without its region
    Column("host", Text, nullable=False, server_default=""),
    Column("site", Text),
    Column("base_language", Text),
    Column("agency", Text),
)
is_near_another = articles.c.near_duplicate_of.is_not(None)
_partial("ix_articles_near_duplicate_of", is_near_another, articles.c.near_duplicate_of)
Index("ix_articles_content_hash", articles.c.content_hash)
Index("ix_articles_stored_at", articles.c.stored_at, articles.c.id)
Index("ix_articles_of_job", articles.c.job, articles.c.stored_at, articles.c.id)
Index("ix_articles_published_ts", articles.c.published_ts)
Index("ix_articles_confidence", articles.c.confidence)
# Each has the newest first, as lists show them.
Index("ix_articles_host", articles.c.host, articles.c.stored_at, articles.c.id)
Index("ix_articles_site", articles.c.site, articles.c.stored_at, articles.c.id)
Index("ix_articles_base_language", articles.c.base_language, articles.c.stored_at, articles.c.id)
# Addresses, too, may be longer than that.
has_canonical_url = articles.c.canonical_url != articles.c.key
_partial("ix_articles_canonical_url", has_canonical_url, articles.c.canonical_url, postgresql_using="hash")
has_agency = articles.c.agency.is_not(None)
_partial("ix_articles_agency", has_agency, articles.c.agency, articles.c.stored_at, articles.c.id)

#: Each article four times, by a quarter of its simhash: two hashes that differ in at most three
#: bits agree in at least one quarter, so near duplicates are found by index.
simhash_bands = Table(
    "simhash_bands",
    metadata,
    # position of the quarter (0 to 3) << 16 | its 16 bits
    Column("band", Integer, primary_key=True, autoincrement=False),
    Column("article_id", BigId, primary_key=True, autoincrement=False),
    # all 64 bits, signed
    Column("simhash", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

#: Every name (URL, path) under which an article was seen, with what its page gave the last time.
names = Table(
    "names",
    metadata,
    Column("key", Text, primary_key=True),
    Column("article_id", BigInteger, ForeignKey(articles.c.id), nullable=False),
    Column("page_digest", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("extractor_version", Text, nullable=False),
)
Index("ix_names_article_id", names.c.article_id)

#: What was deleted stays deleted: one row for each name that an article had.
tombstones = Table(
    "tombstones",
    metadata,
    Column("key", Text, primary_key=True),
    Column("content_hash", Text),
    # kept even when the deletion is taken back: an article's number is never given twice
    Column("article_id", BigInteger, nullable=False),
    Column("deleted_at", Float, nullable=False),
    Column("forgotten", Boolean, nullable=False),
)
Index("ix_tombstones_content_hash", tombstones.c.content_hash)
Index("ix_tombstones_article_id", tombstones.c.article_id)

feeds = Table(
    "feeds",
    metadata,
    Column("id", BigId, primary_key=True),
    # identity: the canonical URL
    Column("key", Text, nullable=False, unique=True),
    Column("url", Text, nullable=False),
    Column("title", Text),
    Column("state", Text, nullable=False),
    Column("interval", Float, nullable=False),
    # while a poll is under way: the end of its lease
    Column("due_at", Float, nullable=False),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("last_polled_at", Float),
    Column("last_success_at", Float),
    Column("errors", Integer, nullable=False),
    # a Problem
    Column("problem", Json),
    Column("entries_seen", BigInteger, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("interval_wanted", Float),
    Column("interval_reason", Text, nullable=False, server_default=""),
    Column("body_digest", Text),
    Column("entries_digest", Text),
    Column("full_at", Float),
    Column("last_new_at", Float),
    # a list of texts
    Column("warnings", Json),
    Column("overflows", Integer, nullable=False, server_default="0"),
    Column("last_overflow_at", Float),
    Column("rhythm", Float),
    # a Hints
    Column("hints", Json),
    Column("moved_to", Text),
    Column("moved_seen", Integer, nullable=False, server_default="0"),
    Column("moved_since", Float),
    Column("found_at", Text),
    # a list of addresses
    Column("choices", Json),
    # a WebSub, and its token once more
    Column("websub", Json),
    Column("websub_token", Text),
    # a list of Poll
    Column("history", Json),
    # entries that it listed when a poll last worked; NULL: none did, or it is not known
    Column("listed", Integer),
    sqlite_autoincrement=True,
)
Index("ix_feeds_websub_token", feeds.c.websub_token)
is_active = feeds.c.state == literal_column("'active'")
_partial("ix_feeds_due", is_active, feeds.c.due_at)

feed_entries = Table(
    "feed_entries",
    metadata,
    Column(
        "feed_id", BigId, ForeignKey(feeds.c.id, ondelete="CASCADE"), primary_key=True, autoincrement=False
    ),
    Column("entry_key", Text, primary_key=True),
    # of title, content and link, as the feed gave them last
    Column("digest", Text, nullable=False),
    Column("first_seen_at", Float, nullable=False),
)
Index("ix_feed_entries_digest", feed_entries.c.feed_id, feed_entries.c.digest)
