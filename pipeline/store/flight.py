"""Flight: which items are worked at, and what the stages ask and keep on the way."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    ScalarSelect,
    bindparam,
    case,
    exists,
    func,
    literal,
    select,
    tuple_,
    update,
)

from pipeline import decide
from pipeline.model import Item, NewItem, Step
from pipeline.store import tallying
from pipeline.store.acceptance import CHUNK, Batch, chunks
from pipeline.store.contract import Seen
from pipeline.store.counting import count
from pipeline.store.rows import read_item
from pipeline.store.schema import (
    COUNTERS,
    articles,
    goes_on,
    is_in_flight,
    is_pending,
    is_running,
    items,
    jobs,
    names,
    pages,
)
from pipeline.store.wording import storable, storable_json, storable_key

#: what of a job's items has not begun: it follows from the counters
PENDING = jobs.c["items"] - sum((jobs.c[name] for name in COUNTERS[2:]), jobs.c.in_flight)

_ITEM = select(
    items.c.id, items.c.job, items.c.key, items.c.name, items.c.source, items.c.state, items.c.url,
    items.c.content_type, items.c.entry, items.c.expand, items.c.attempts, items.c.page_digest,
    items.c.fetched,
)  # fmt: skip
_LOAD = _ITEM.where(items.c.id.in_(bindparam("ids", expanding=True)), is_in_flight)

_SELECT_FLYING = (
    select(items.c.id, items.c.job)
    .where(items.c.id.in_(bindparam("ids", expanding=True)), is_in_flight)
    .order_by(items.c.id)
    .with_for_update()
)
_DUE = (
    select(items.c.id, items.c.job)
    .where(items.c.job.in_(bindparam("jobs", expanding=True)), is_pending, items.c.due_at <= bindparam("now"))
    .order_by(items.c.due_at, items.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_FLY = (
    update(items)
    .where(items.c.id.in_(bindparam("ids", expanding=True)))
    .values(state="in_flight", due_at=None)
)
_DEFER = (
    update(items)
    .where(items.c.id == bindparam("of_item"))
    .values(state="pending", due_at=bindparam("due_at"))
)


def admit(connection: Connection, limit: int, now: float) -> list[int]:
    """Take due items into flight, shared between jobs by `decide.shares`.

    Rows that another coordinator is just taking are passed over (SKIP LOCKED on PostgreSQL;
    SQLite has one writer at a time).
    """
    taken: dict[str, list[int]] = defaultdict(list)
    left = limit
    # What a job's share left over, because not all that is pending is due, is shared again.
    while left > 0 and (found := _share(connection, left, now, taken)):
        left -= found
    count(connection, {job: Counter(in_flight=len(ids)) for job, ids in taken.items()})
    return [one for ids in taken.values() for one in ids]


def _share(connection: Connection, limit: int, now: float, taken: dict[str, list[int]]) -> int:
    """Take up to limit items, those of jobs with the fewest in flight first; returns how many.

    Only `decide.SHARING_JOBS` large jobs share, but as many small ones as there is room for: each
    polled feed has a job of its own, often of one item, and those are taken all in one statement.
    """
    sharing: list[tuple[int, str]] = []
    room = limit
    for job, pending in _jobs_with_due(connection, now):
        if room <= 0 and len(sharing) >= decide.SHARING_JOBS:
            break
        sharing.append((pending - len(taken[job]), job))
        room -= sharing[-1][0]
    sharing.sort()
    given = decide.shares(limit, [pending for pending, _ in sharing])
    told = list(zip(sharing, given, strict=True))
    whole = [job for (pending, job), share in told if share == pending]
    found = _take(connection, whole, sum(given), now)
    for (pending, job), share in told:
        if 0 < share < pending:
            found += _take(connection, [job], share, now)
    for some in chunks(one for one, _ in found):
        connection.execute(_FLY, {"ids": some})
    for one, job in found:
        taken[job].append(one)
    return len(found)


def _jobs_with_due(connection: Connection, now: float) -> Iterator[tuple[str, int]]:
    """Running jobs with items that are due, those with the fewest in flight first, and how many of
    each are pending.

    A few of them fill the window as a rule. So they are read a page at a time, and only of a page's
    jobs is it asked whether anything is due: for ten thousand jobs that took a third of a second.
    """
    order = (jobs.c.in_flight, jobs.c.id)
    query = select(*order, PENDING.label("pending")).where(goes_on, PENDING > 0).order_by(*order)
    is_due = exists().where(items.c.job == jobs.c.id, is_pending, items.c.due_at <= now)
    size = 4 * decide.SHARING_JOBS
    page = connection.execute(query.limit(size)).all()
    while page:
        ids = [row.id for row in page]
        due = set(connection.scalars(select(jobs.c.id).where(jobs.c.id.in_(ids), is_due)))
        yield from ((row.id, row.pending) for row in page if row.id in due)
        if len(page) < size:
            return
        size = CHUNK
        last = tuple_(*(literal(value) for value in page[-1][:2]))
        page = connection.execute(query.where(tuple_(*order) > last).limit(size)).all()


def _take(connection: Connection, of_jobs: list[str], limit: int, now: float) -> list[tuple[int, str]]:
    """Lock due items of jobs, those first that have been due the longest."""
    return [
        (row.id, row.job)
        for some in chunks(of_jobs)
        for row in connection.execute(_DUE, {"jobs": some, "now": now, "most": limit})
    ][:limit]


def defer(connection: Connection, due: Mapping[int, float]) -> int:
    """Items in flight back to pending, each due at its time; returns how many."""
    taken: Counter[str] = Counter()
    for some in chunks(sorted(due)):
        found = connection.execute(_SELECT_FLYING, {"ids": some}).all()
        if found:
            connection.execute(_DEFER, [{"of_item": row.id, "due_at": due[row.id]} for row in found])
        taken.update(row.job for row in found)
    count(connection, {job: Counter(in_flight=-number) for job, number in taken.items()})
    return taken.total()


def in_flight(connection: Connection, job: str | None = None) -> list[int]:
    # Chosen and sorted here: asked to sort, SQLite walks the whole table in that order instead of the
    # index; asked for one job, it reads all that job's items. In flight are never more than the window.
    found = connection.execute(select(items.c.id, items.c.job).where(is_in_flight))
    return sorted(row.id for row in found if job is None or row.job == job)


def load(connection: Connection, ids: Sequence[int]) -> list[Item]:
    found: dict[int, Item] = {}
    for some in chunks(ids):
        rows = connection.execute(_LOAD, {"ids": some}).mappings()
        found.update((row["id"], read_item(row)) for row in rows)
    return [found[one] for one in dict.fromkeys(ids) if one in found]


def load_one(connection: Connection, item: int) -> Item | None:
    row = connection.execute(_ITEM.where(items.c.id == item)).mappings().first()
    return read_item(row) if row else None


def load_pages(connection: Connection, digests: Iterable[str]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for some in chunks(set(digests)):
        query = select(pages.c.digest, pages.c.body).where(pages.c.digest.in_(some))
        found.update((row.digest, bytes(row.body)) for row in connection.execute(query))
    return found


def seen(connection: Connection, keys: Iterable[str]) -> dict[str, Seen]:
    """What is known of keys whose article still has the content that the key's page gave."""
    asked = {storable_key(key): key for key in keys}
    found: dict[str, Seen] = {}
    for some in chunks(asked):
        query = (
            select(names.c.key, names.c.article_id, names.c.page_digest, names.c.extractor_version)
            .join(articles, articles.c.id == names.c.article_id)
            .where(names.c.key.in_(some), names.c.content_hash == articles.c.content_hash)
        )
        for row in connection.execute(query):
            found[asked[row.key]] = Seen(
                article=row.article_id, page_digest=row.page_digest, extractor_version=row.extractor_version
            )
    return found


def expand(
    connection: Connection, item: int, entries: Sequence[NewItem], now: float, step: Step | None = None
) -> bool:
    """Make an item the first of its entries, and the others new items of its job."""
    row = connection.execute(
        select(items.c.job).where(items.c.id == item, is_in_flight, items.c.expand).with_for_update()
    ).first()
    if row is None:
        return False
    batch = Batch(row.job, entries, now)
    first = batch.items.pop(0) | {"fetched": None}
    if step is not None:
        first["trace"] = storable_json([step])
    del first["created_at"]
    batch.write(connection)
    connection.execute(update(items).where(items.c.id == item).values(first))
    batch.counts["items"] -= 1
    batch.counts["in_flight"] -= 1
    count(connection, {row.job: batch.counts})
    return True


def next_due(connection: Connection) -> float | None:
    """The earliest due time of a pending item: one index look-up for each running job."""
    inner = select(_first_due(items.c.due_at).label("due_at")).where(goes_on).subquery()
    return connection.execute(select(func.min(inner.c.due_at))).scalar()


def last_due(connection: Connection, job: str | None = None) -> float | None:
    """The latest one, of one job or of all, as quickly."""
    which = goes_on if job is None else goes_on & (jobs.c.id == storable(job))
    inner = select(_first_due(items.c.due_at.desc()).label("due_at")).where(which).subquery()
    return connection.execute(select(func.max(inner.c.due_at))).scalar()


def due_later(connection: Connection, now: float, job: str | None = None) -> int:
    """How many pending items are due only after now; reads as many entries of an index."""
    if job is not None:
        of_one = select(func.count()).where(items.c.job == storable(job), is_pending, items.c.due_at > now)
        return int(connection.execute(of_one).scalar() or 0)
    of_job = (items.c.job == jobs.c.id, is_pending, items.c.due_at > now)
    number = select(func.count()).where(*of_job).scalar_subquery()
    inner = select(number.label("number")).where(goes_on).subquery()
    return int(connection.execute(select(func.sum(inner.c.number))).scalar() or 0)


def _first_due(order: ColumnElement[Any]) -> ScalarSelect[Any]:
    of_job = select(items.c.due_at).where(items.c.job == jobs.c.id, is_pending)
    return of_job.order_by(order).limit(1).scalar_subquery()


def end_jobs(connection: Connection, now: float) -> list[str]:
    """Close the running jobs with nothing pending, in flight or still to be accepted."""
    closed = jobs.c.accepting_until.is_(None) | (jobs.c.accepting_until <= now)
    done = (is_running, closed, PENDING == 0, jobs.c.in_flight == 0)
    how = case((jobs.c.cancelled_at.is_(None), "done"), else_="cancelled")
    statement = update(jobs).where(*done).values(state=how, finished_at=now).returning(jobs.c.id)
    ended = sorted(connection.scalars(statement))
    tallying.tally_ended(connection)
    return ended
