"""Articles and their names, written as the verdicts on a batch say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Float, bindparam, func, insert, update

from pipeline import decide
from pipeline.model import Article, Fetched
from pipeline.store import search
from pipeline.store.landings import Landing
from pipeline.store.nearness import Nearness
from pipeline.store.rows import article_host, article_row, insert_or_replace
from pipeline.store.schema import articles, names
from pipeline.store.wording import storable

_INSERT = insert(articles)
_REVISED = (
    "canonical_url", "title", "site_name", "language", "published_at", "published_ts", "word_count",
    "content_hash", "fingerprint", "simhash", "near_duplicate_of", "extractor_version", "text", "data",
    "source", "fetched_at", "stored_at", "job", "item", "page_digest", "confidence", "alias",
    "host", "site", "base_language", "agency",
)  # fmt: skip
_REVISE = (
    update(articles)
    .where(articles.c.id == bindparam("of_article"))
    .values({name: bindparam(name) for name in _REVISED} | {"revision": articles.c.revision + 1})
)
_CONFIRM = (
    update(articles)
    .where(articles.c.id == bindparam("of_article"), articles.c.key == bindparam("of_key"))
    .values(
        page_digest=bindparam("page_digest"),
        extractor_version=bindparam("extractor_version"),
        # The text is the same, what is thought of its cut may not be.
        confidence=func.coalesce(bindparam("sure", type_=Float), articles.c.confidence),
        alias=bindparam("alias"),
    )
)


def write(
    connection: Connection, landings: Sequence[Landing], verdicts: dict[int, decide.Verdict], now: float
) -> None:
    """Articles, their bands and names, as the verdicts say."""
    told = [(one, one.article, verdicts[one.ending.item]) for one in landings if one.article]
    written = [
        (one, article, verdict.article, verdict)
        for one, article, verdict in told
        if verdict.article is not None and verdict.outcome in ("stored", "updated")
    ]
    nearness = Nearness(connection, [article.simhash for _, article, _, _ in written])
    new, revised = [], []
    for landing, article, number, verdict in written:
        near = nearness.place(number, article.simhash)
        row = _article_values(landing, msgspec.structs.replace(article, near_duplicate_of=near), now)
        row["alias"] = verdict.alias or None
        if verdict.outcome == "stored":
            new.append(row | {"id": number, "key": landing.row["key"], "revision": 1})
        else:
            revised.append(row | {"of_article": number})
    nearness.write()
    if new:
        connection.execute(_INSERT, new)
    if revised:
        connection.execute(_REVISE, revised)
    _index(connection, written)
    _write_names(connection, [(*one, one[2].name) for one in told if one[2].name])


def _index(connection: Connection, written: Sequence[tuple[Landing, Article, int, decide.Verdict]]) -> None:
    """The words of what was written. One whose number is there twice was revised in this batch."""
    last = {number: (landing, article, verdict) for landing, article, number, verdict in written}
    for new in (True, False):
        found = [
            (number, landing.row["key"], landing.row["source"], article)
            for number, (landing, article, verdict) in last.items()
            if (verdict.outcome == "stored") == new
        ]
        search.write(connection, found, new)


def _write_names(
    connection: Connection, told: Sequence[tuple[Landing, Article, decide.Verdict, decide.Name]]
) -> None:
    """What is known of each key now; an unchanged article notes the page that confirmed it last."""
    confirmed = [
        {
            "of_article": name.article,
            "of_key": one.row["key"],
            "page_digest": name.page_digest or None,
            "extractor_version": name.extractor_version,
            "sure": article.confidence if article.content_hash == name.content_hash else None,
            "alias": verdict.alias or None,
        }
        for one, article, verdict, name in told
        if verdict.outcome == "unchanged"
    ]
    if confirmed:
        connection.execute(_CONFIRM, confirmed)
    known = {key: name for _, _, verdict, name in told for key in verdict.keys}
    rows = [
        {
            "key": key,
            "article_id": name.article,
            "page_digest": name.page_digest,
            "content_hash": name.content_hash,
            "extractor_version": name.extractor_version,
        }
        for key, name in known.items()
    ]
    insert_or_replace(connection, names, rows)


def _article_values(landing: Landing, article: Article, now: float) -> dict[str, Any]:
    fetched = landing.row["fetched"]
    handed_over_at = landing.row["created_at"]
    return article_row(article) | {
        "fingerprint": landing.fingerprint,
        "host": storable(article_host(article.url, landing.row["key"])),
        "source": landing.row["source"],
        "fetched_at": msgspec.convert(fetched, Fetched).at if fetched else handed_over_at,
        "stored_at": now,
        "job": landing.row["job"],
        "item": landing.row["id"],
        "page_digest": landing.page_digest or None,
    }
