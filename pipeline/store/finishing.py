"""The end of the line: what became of items, their articles and counters, in one transaction.

    endings --rows in flight--> landings --identity--> verdicts --near duplicates-->
            articles, bands, names, items, counters

On PostgreSQL `finish` and `retry` take one advisory lock for their transaction. Identity is a
question about all articles ("is there one with this content?"), which no row lock covers: two
transactions that both see no such article would both store it. A lock around 32 articles costs
less than detecting that afterwards. SQLite has one writer at a time anyway. The lock also makes
the next free article number safe to compute.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from random import Random
from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, func, insert, or_, select, update

from pipeline import decide
from pipeline.model import Article, Ending, Fetched, Finished, Problem, Value
from pipeline.settings import Settings
from pipeline.store.contract import SKIP_CODES
from pipeline.store.counting import count
from pipeline.store.nearness import Nearness
from pipeline.store.rows import Row, article_row, insert_or_replace
from pipeline.store.schema import articles, is_in_flight, items, names
from pipeline.store.wording import storable_article, storable_json, storable_message

#: steps of a trace that are kept: retries without end must not make rows without end
MAX_STEPS = 100

_NOTHING = Problem(code="internal", message="The stages ended without a result.")

# The statements of the hot path are built once: building one costs as much as running it.
_SELECT_LANDING = select(
    items.c.id, items.c.job, items.c.key, items.c.name, items.c.source, items.c.attempts, items.c.page_digest,
    items.c.fetched, items.c.created_at, items.c.trace,
).where(items.c.id.in_(bindparam("ids", expanding=True)), is_in_flight).with_for_update()  # fmt: skip

_SELECT_NAMES = select(names).where(names.c.key.in_(bindparam("keys", expanding=True)))

_SELECT_HELD = select(
    articles.c.id, articles.c.key, articles.c.content_hash, articles.c.fingerprint, articles.c.title
).where(
    or_(
        articles.c.id.in_(bindparam("ids", expanding=True)),
        articles.c.content_hash.in_(bindparam("hashes", expanding=True)),
    )
)
_SELECT_HIGHEST = select(func.max(articles.c.id))

_FINISH_ITEM = (
    update(items)
    .where(items.c.id == bindparam("of_item"))
    .values(
        state=bindparam("state"),
        outcome=bindparam("outcome"),
        code=bindparam("code"),
        message=bindparam("message"),
        article_id=bindparam("article_id"),
        attempts=bindparam("attempts"),
        due_at=bindparam("due_at"),
        finished_at=bindparam("finished_at"),
        page_digest=bindparam("page_digest"),
        trace=bindparam("trace"),
    )
)

_INSERT = insert(articles)
_REVISED = (
    "canonical_url", "title", "site_name", "language", "published_at", "published_ts", "word_count",
    "content_hash", "fingerprint", "simhash", "extractor_version", "text", "data", "source", "fetched_at",
    "stored_at", "job", "item", "page_digest", "confidence",
)  # fmt: skip
_REVISE = (
    update(articles)
    .where(articles.c.id == bindparam("of_article"))
    .values({name: bindparam(name) for name in _REVISED} | {"revision": articles.c.revision + 1})
)
_CONFIRM = (
    update(articles)
    .where(articles.c.id == bindparam("of_article"), articles.c.key == bindparam("of_key"))
    .values(page_digest=bindparam("page_digest"), extractor_version=bindparam("extractor_version"))
)


class Landing(Value, frozen=True, kw_only=True):
    """An ending beside the row of its item, and its article as it can be stored."""

    ending: Ending
    row: dict[str, Any]
    article: Article | None
    fingerprint: str
    page_digest: str

    @property
    def label(self) -> str:
        title = self.article.title if self.article else None
        return title or self.row["name"]


def prepare(endings: Sequence[Ending]) -> dict[int, tuple[Ending, Article | None, str]]:
    """By item, what can be done before the lock: mended texts and fingerprints. First ending wins."""
    ready: dict[int, tuple[Ending, Article | None, str]] = {}
    for ending in endings:
        if ending.item not in ready:
            if not (ending.article or ending.unchanged or ending.problem):
                ending = msgspec.structs.replace(ending, problem=_NOTHING)
            article = storable_article(ending.article) if ending.article else None
            ready[ending.item] = (ending, article, decide.fingerprint(article) if article else "")
    return ready


def finish(
    connection: Connection,
    prepared: dict[int, tuple[Ending, Article | None, str]],
    now: float,
    settings: Settings,
    random: Random,
) -> list[Finished]:
    """Write the endings of those items that are in flight."""
    landings = _land(connection, prepared)
    if not landings:
        return []
    verdicts = _identify(connection, landings)
    _write_articles(connection, landings, verdicts, now)
    changes = [_item_change(one, verdicts.get(one.ending.item), now, settings, random) for one in landings]
    connection.execute(_FINISH_ITEM, changes)
    deltas: dict[str, Counter[str]] = defaultdict(Counter)
    for landing, change in zip(landings, changes, strict=True):
        deltas[landing.row["job"]]["in_flight"] -= 1
        if change["outcome"]:
            deltas[landing.row["job"]][change["outcome"]] += 1
    count(connection, deltas)
    return [
        Finished(
            item=change["of_item"],
            job=landing.row["job"],
            outcome=change["outcome"],
            article=change["article_id"],
            due_at=change["due_at"],
        )
        for landing, change in zip(landings, changes, strict=True)
    ]


def _land(connection: Connection, prepared: dict[int, tuple[Ending, Article | None, str]]) -> list[Landing]:
    found = connection.execute(_SELECT_LANDING, {"ids": list(prepared)}).mappings()
    rows = {row["id"]: dict(row) for row in found}
    return [
        Landing(
            ending=ending,
            row=rows[item],
            article=article,
            fingerprint=fingerprint,
            page_digest=ending.page_digest or rows[item]["page_digest"] or "",
        )
        for item, (ending, article, fingerprint) in prepared.items()
        if item in rows
    ]


def _identify(connection: Connection, landings: Sequence[Landing]) -> dict[int, decide.Verdict]:
    """A verdict for each landing with an article, and for those that are said to be unchanged."""
    known = _known_names(connection, [one.row["key"] for one in landings if not one.ending.problem])
    told = [(one, one.article) for one in landings if one.article]
    verdicts = {
        one.ending.item: decide.Verdict(outcome="unchanged", article=known[one.row["key"]].article)
        for one in landings
        if one.ending.unchanged and one.row["key"] in known
    }
    if not told:
        return verdicts
    candidates = [
        decide.Candidate(
            key=one.row["key"],
            page_digest=one.page_digest,
            content_hash=article.content_hash,
            fingerprint=one.fingerprint,
            extractor_version=article.extractor_version,
            label=one.label,
        )
        for one, article in told
    ]
    held = _held(connection, {name.article for name in known.values()}, {c.content_hash for c in candidates})
    highest = connection.execute(_SELECT_HIGHEST).scalar() or 0
    found = decide.identify(candidates, known, held, highest + 1)
    verdicts.update((one.ending.item, verdict) for (one, _), verdict in zip(told, found, strict=True))
    return verdicts


def _known_names(connection: Connection, keys: Sequence[str]) -> dict[str, decide.Name]:
    if not keys:
        return {}
    return {
        row.key: decide.Name(
            article=row.article_id,
            page_digest=row.page_digest,
            content_hash=row.content_hash,
            extractor_version=row.extractor_version,
        )
        for row in connection.execute(_SELECT_NAMES, {"keys": keys})
    }


def _held(connection: Connection, ids: set[int], hashes: set[str]) -> list[decide.Held]:
    found = connection.execute(_SELECT_HELD, {"ids": list(ids), "hashes": list(hashes - {""})})
    return [
        decide.Held(
            article=row.id,
            key=row.key,
            content_hash=row.content_hash,
            fingerprint=row.fingerprint,
            label=row.title or row.key,
        )
        for row in found
    ]


# -- articles -----------------------------------------------------------------------------------


def _write_articles(
    connection: Connection, landings: Sequence[Landing], verdicts: dict[int, decide.Verdict], now: float
) -> None:
    told = [(one, one.article, verdicts[one.ending.item]) for one in landings if one.article]
    written = [one for one in told if one[2].outcome in ("stored", "updated")]
    nearness = Nearness(connection, [article.simhash for _, article, _ in written])
    new, revised = [], []
    for landing, article, verdict in written:
        near = nearness.place(verdict.article, article.simhash)
        row = _article_values(landing, msgspec.structs.replace(article, near_duplicate_of=near), now)
        if verdict.outcome == "stored":
            new.append(row | {"id": verdict.article, "key": landing.row["key"], "revision": 1})
        else:
            revised.append(row | {"of_article": verdict.article})
    nearness.write()
    if new:
        connection.execute(_INSERT, new)
    if revised:
        connection.execute(_REVISE, revised)
    _write_names(connection, [(one, verdict) for one, _, verdict in told])


def _write_names(connection: Connection, told: Sequence[tuple[Landing, decide.Verdict]]) -> None:
    """What is known of each key now; an unchanged article notes the page that confirmed it last."""
    known = {one.row["key"]: verdict.name for one, verdict in told if verdict.name}
    confirmed = [
        {
            "of_article": verdict.name.article,
            "of_key": one.row["key"],
            "page_digest": verdict.name.page_digest or None,
            "extractor_version": verdict.name.extractor_version,
        }
        for one, verdict in told
        if verdict.outcome == "unchanged" and verdict.name
    ]
    if confirmed:
        connection.execute(_CONFIRM, confirmed)
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
        "source": landing.row["source"],
        "fetched_at": msgspec.convert(fetched, Fetched).at if fetched else handed_over_at,
        "stored_at": now,
        "job": landing.row["job"],
        "item": landing.row["id"],
        "page_digest": landing.page_digest or None,
        "confidence": landing.ending.confidence,
    }


# -- items --------------------------------------------------------------------------------------


def _item_change(
    landing: Landing, verdict: decide.Verdict | None, now: float, settings: Settings, random: Random
) -> dict[str, Any]:
    change = {
        "of_item": landing.row["id"],
        "state": "done",
        "outcome": verdict.outcome if verdict else "unchanged",
        "code": None,
        "message": storable_message(verdict.message) if verdict and verdict.message else None,
        "article_id": verdict.article if verdict else None,
        "attempts": landing.row["attempts"],
        "due_at": None,
        "finished_at": now,
        "page_digest": landing.page_digest or None,
        "trace": _trace(landing.row, landing.ending),
    }
    if landing.ending.problem:
        change |= _problem_change(landing, landing.ending.problem, now, settings, random)
    return change


def _problem_change(
    landing: Landing, problem: Problem, now: float, settings: Settings, random: Random
) -> dict[str, Any]:
    told: dict[str, Any] = {"code": problem.code, "message": storable_message(problem.message)}
    if landing.ending.skipped or problem.code in SKIP_CODES:
        return told | {"outcome": "skipped"}
    attempts = landing.row["attempts"] + 1
    told["attempts"] = attempts
    match decide.after_failure(problem, attempts, now, settings, random):
        case decide.RetryAt(due_at=due_at):
            return told | {"state": "pending", "outcome": None, "due_at": due_at, "finished_at": None}
        case decide.GiveUp():
            return told | {"outcome": "failed"}


def _trace(row: Row, ending: Ending) -> list[Any] | None:
    before: list[Any] = row["trace"] or []
    if not before and not ending.trace:
        return None
    steps: list[Any] = storable_json(ending.trace)
    return (before + steps)[-MAX_STEPS:]
