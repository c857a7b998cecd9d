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

from sqlalchemy import Connection, bindparam, func, or_, select, update

from pipeline import decide
from pipeline.model import Article, Ending, Finished, Problem, Step
from pipeline.settings import Settings
from pipeline.store import deletion, revisions
from pipeline.store.contract import SKIP_CODES
from pipeline.store.counting import count
from pipeline.store.database import Database
from pipeline.store.landings import Landing, land, prepare
from pipeline.store.rows import Row
from pipeline.store.schema import articles, items, names
from pipeline.store.wording import storable_json, storable_message

#: steps of a trace that are kept: retries without end must not make rows without end
MAX_STEPS = 100

# The statements of the hot path are built once: building one costs as much as running it.
_SELECT_NAMES = select(names).where(names.c.key.in_(bindparam("keys", expanding=True)))

_SELECT_HELD = select(
    articles.c.id,
    articles.c.key,
    articles.c.alias,
    articles.c.content_hash,
    articles.c.fingerprint,
    articles.c.title,
).where(
    or_(
        articles.c.id.in_(bindparam("ids", expanding=True)),
        articles.c.content_hash.in_(bindparam("hashes", expanding=True)),
    )
)
#: the highest number of an article, and the highest of a deleted one (NULL: nothing ever was deleted)
_SELECT_HIGHEST = select(
    select(func.max(articles.c.id)).scalar_subquery().label("stored"),
    deletion.HIGHEST.scalar_subquery().label("deleted"),
)

_FINISH_ITEM = (
    update(items)
    .where(items.c.id == bindparam("of_item"))
    .values(
        state=bindparam("state"),
        outcome=bindparam("outcome"),
        code=bindparam("code"),
        message=bindparam("message"),
        stage=bindparam("stage"),
        article_id=bindparam("article_id"),
        attempts=bindparam("attempts"),
        due_at=bindparam("due_at"),
        finished_at=bindparam("finished_at"),
        page_digest=bindparam("page_digest"),
        trace=bindparam("trace"),
        landed=bindparam("landed"),
    )
)


def finish(
    database: Database, endings: Sequence[Ending], now: float, settings: Settings, random: Random
) -> list[Finished]:
    """Write the endings of those items that are in flight, in one transaction."""
    prepared = prepare(endings)
    if not prepared:
        return []
    with database.writing(serial=True) as connection:
        return _finish(connection, prepared, now, settings, random)


def _finish(
    connection: Connection,
    prepared: dict[int, tuple[Ending, Article | None, str]],
    now: float,
    settings: Settings,
    random: Random,
) -> list[Finished]:
    landings = land(connection, prepared)
    if not landings:
        return []
    verdicts = _identify(connection, landings)
    revisions.write(connection, landings, verdicts, now)
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
            code=change["code"],
            host=landing.row["host"],
            attempts=change["attempts"],
        )
        for landing, change in zip(landings, changes, strict=True)
    ]


def _identify(connection: Connection, landings: Sequence[Landing]) -> dict[int, decide.Verdict]:
    """A verdict for each landing with an article, and for those that are said to be unchanged."""
    told = [(one, one.article) for one in landings if one.article]
    asked = [one.row["key"] for one in landings if not one.ending.problem]
    asked += [one.alias for one, _ in told if one.alias]
    if not asked:
        return {}
    known = _known_names(connection, asked)
    highest = connection.execute(_SELECT_HIGHEST).one()
    hashes = {article.content_hash for _, article in told} - {""}
    buried = decide.Buried()
    if highest.deleted is not None:
        buried = deletion.buried(connection, asked, hashes)
    verdicts = {
        one.ending.item: decide.unchanged(one.row["key"], known, buried)
        for one in landings
        if one.ending.unchanged
    }
    if not told:
        return verdicts
    candidates = [
        decide.Candidate(
            key=one.row["key"],
            alias=one.alias,
            page_digest=one.page_digest,
            content_hash=article.content_hash,
            fingerprint=one.fingerprint,
            extractor_version=article.extractor_version,
            label=one.label,
        )
        for one, article in told
    ]
    held = _held(connection, {name.article for name in known.values()}, hashes)
    following = max(highest.stored or 0, highest.deleted or 0) + 1
    found = decide.identify(candidates, known, held, following, buried)
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
    found = connection.execute(_SELECT_HELD, {"ids": list(ids), "hashes": list(hashes)})
    return [
        decide.Held(
            article=row.id,
            key=row.key,
            alias=row.alias or "",
            content_hash=row.content_hash,
            fingerprint=row.fingerprint,
            label=row.title or row.key,
        )
        for row in found
    ]


# -- items --------------------------------------------------------------------------------------


def _item_change(
    landing: Landing, verdict: decide.Verdict | None, now: float, settings: Settings, random: Random
) -> dict[str, Any]:
    change = {
        "of_item": landing.row["id"],
        "state": "done",
        "outcome": verdict.outcome if verdict else "unchanged",
        "code": "deleted" if verdict and verdict.outcome == "skipped" else None,
        "message": storable_message(verdict.message) if verdict and verdict.message else None,
        "stage": None,
        "article_id": verdict.article if verdict else None,
        "attempts": landing.row["attempts"],
        "due_at": None,
        "finished_at": now,
        "page_digest": landing.page_digest or None,
        "trace": _trace(landing.row, landing.ending),
        "landed": landing.landed or None,
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
    told["stage"] = _stage_of(landing.ending.trace)
    before = landing.row["attempts"]
    match decide.after_failure(problem, before + 1, now, settings, random):
        case decide.RetryAt(due_at=due_at, counts=counts):
            told |= {"state": "pending", "outcome": None, "due_at": due_at, "finished_at": None}
            return told | {"attempts": before + counts}
        case decide.GiveUp():
            return told | {"outcome": "failed", "attempts": before + 1}


def _stage_of(trace: Sequence[Step]) -> str:
    """Where a failure happened: `store` only writes down what the stages before it met."""
    return next((step.stage for step in reversed(trace) if step.result != "ok"), "store")


def _trace(row: Row, ending: Ending) -> list[Any] | None:
    before: list[Any] = row["trace"] or []
    if not before and not ending.trace:
        return None
    steps: list[Any] = storable_json(ending.trace)
    return (before + steps)[-MAX_STEPS:]
