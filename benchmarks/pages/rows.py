"""The rows of a population, made by the functions that storage itself makes them with."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple

import msgspec

from benchmarks.pages import writing
from benchmarks.pages.population import Job, Sizes
from pipeline import decide, packing
from pipeline.errors import CODES
from pipeline.model import (
    OUTCOMES,
    STAGES,
    Article,
    Dateline,
    Entry,
    Feed,
    Fetched,
    NewItem,
    Poll,
    Problem,
    Step,
)
from pipeline.store import search
from pipeline.store.rows import article_host, article_row, feed_row, new_item_row, pack_entry
from pipeline.store.subscriptions import feed_key

Row = dict[str, Any]

#: hosts of articles, and those at which something failed
HOSTS, FAILING_HOSTS = 400, 2_000
#: sources of the items that no feed brought
_LISTS = ("uploads/march.jsonl", "https://archive.example.org/sitemap.xml", "/data/wire")
_PEOPLE = [
    f"{first} {last}"
    for first in ("Ana", "Ben", "Chidi", "Dana", "Emre", "Fumiko", "Greta", "Hugo")
    for last in ("Lopes", "Okri", "Lindqvist", "Marsh", "Novak", "Sato", "Weber", "Diallo", "Quill")
]
_AGENCIES = ("AP", "Reuters", "dpa", "AFP")
_SECTIONS = ("Politics", "Business", "Sport", "Culture", "Science", "Local")
#: code -> (stage in which it happens, its share)
_FAILURES = {
    "http_client": ("fetch", 30), "connect": ("fetch", 15), "timeout": ("fetch", 15), "dns": ("fetch", 10),
    "http_server": ("fetch", 10), "tls": ("fetch", 5), "blocked": ("fetch", 5), "gone": ("fetch", 4),
    "redirects": ("fetch", 2), "protocol": ("fetch", 2), "crashed": ("clean", 1), "internal": ("extract", 1),
}  # fmt: skip
_WORKER = "fetch@8a7b6c5d4e3f"


class Order(NamedTuple):
    """An article to be made: its number, item and job, when it is stored, how many feeds there are, and
    whether the database is SQLite."""

    number: int
    item: int
    job: str
    at: float
    feeds: int
    in_sqlite: bool


class Made(NamedTuple):
    """An article with everything that is kept for it; and its words, as the index takes them."""

    article: Row
    page: Row
    bands: list[Row]
    names: list[Row]
    words: Row


def host(number: int) -> str:
    """The site of an article: a few have most of them."""
    return f"www.site{int(HOSTS * (number * 0.6180339887 % 1) ** 2)}.example.org"


def address(number: int) -> str:
    return f"https://{host(number)}/2026/{number % 12 + 1:02}/story-{number}"


def feed_address(number: int) -> str:
    return f"https://feeds{number % 700}.example.net/{number}/rss.xml"


def _source(number: int, feeds: int) -> str:
    """What led to an item: feeds as a rule."""
    return feed_address(number % feeds) if number % 10 < 6 and feeds else _LISTS[number % len(_LISTS)]


def made(order: Order) -> Made:
    """What there is of an article, always the same."""
    number, item, job, at, feeds, in_sqlite = order
    rng = random.Random(-number)
    story, url = writing.story(number), address(number)
    who = rng.sample(_PEOPLE, rng.choices((0, 1, 2), (2, 7, 1))[0])
    published = datetime.fromtimestamp(at - rng.expovariate(1 / 40_000), UTC).isoformat(timespec="seconds")
    page = story.page(host(number), who[0] if who else "", published, 300_000 if number % 1000 == 1 else 0)
    article = Article(
        url=url,
        canonical_url=url,
        title=story.title,
        authors=who,
        agency=rng.choice(_AGENCIES) if rng.random() < 0.2 else None,
        dateline=Dateline(place="HARBOUR", agency="AP") if rng.random() < 0.1 else None,
        section=rng.choice(_SECTIONS),
        tags=rng.sample(_SECTIONS, 2),
        published_at=published,
        language=story.language,
        site_name=f"The {host(number).split('.')[1].title()} Post",
        description=story.paragraphs[0][:150],
        text=story.text,
        markup=story.text,
        word_count=len(story.text.split()),
        content_hash=packing.digest(story.text.encode()),
        simhash=f"{rng.getrandbits(64):016x}",
        near_duplicate_of=rng.randrange(1, number) if number > 1 and rng.random() < 0.02 else None,
        confidence=round(min(1.0, rng.gauss(0.92, 0.08)), 3),
        provenance={"title": "h1", "authors": "meta author", "published_at": "meta article:published_time"},
        extractor_version="3",
    )
    kept = _page(page, at)
    row = article_row(article) | {
        "id": number, "key": url, "alias": None, "revision": 1, "fingerprint": article.content_hash,
        "host": article_host(url, url),
        "source": _source(number, feeds), "fetched_at": at - 2, "stored_at": at, "job": job, "item": item,
        "page_digest": kept["digest"],
    }  # fmt: skip
    words = search.words_of(article, url, row["source"])
    return Made(
        row, kept, list(_bands(number, article.simhash)), list(_names(row)), _words(number, words, in_sqlite)
    )


def page_digest(number: int, at: float) -> str:
    """A stand-in where the page itself is not at hand."""
    return hashlib.sha256(b"%d %f" % (number, at)).hexdigest()


def _page(body: bytes, at: float) -> Row:
    return {
        "digest": packing.digest(body),
        "body": packing.compress(body),
        "size": len(body),
        "first_seen_at": at,
    }


def _words(number: int, words: search.Words, in_sqlite: bool) -> Row:
    if in_sqlite:
        return {"rowid": number} | {name: " ".join(part) for name, part in words._asdict().items()}
    return {"article_id": number, "words": search.tsvector(words)}


def _bands(number: int, simhash: str) -> Iterator[Row]:
    value = int(simhash, 16)
    signed = value - (1 << 64) if value >> 63 else value
    for band in decide.bands(value):
        yield {"band": band, "article_id": number, "simhash": signed}


def _names(row: Row) -> Iterator[Row]:
    aliases = [f"{row['key']}/amp"] if row["id"] % 20 == 0 else []
    for key in (row["key"], *aliases):
        yield {
            "key": key,
            "article_id": row["id"],
            "page_digest": row["page_digest"],
            "content_hash": row["content_hash"],
            "extractor_version": row["extractor_version"],
        }


def job_row(job: Job, sizes: Sizes) -> Row:
    """A job with the counters that its items add up to."""
    counts = job.counts
    finished = None if job.is_running else job.created_at + 60 + len(job.kinds) * 0.02
    return {
        "id": job.id,
        "sources": [_source(job.number, sizes.feeds)],
        "state": "running" if job.is_running else "done",
        "items": len(job.kinds),
        "in_flight": counts["in_flight"],
        **{name: counts[name] for name in OUTCOMES},
        "accepting_until": None,
        "created_at": job.created_at,
        "finished_at": finished,
        "tallied": False,
    }


def item_rows(all_jobs: Iterable[Job], sizes: Sizes, digests: dict[int, str]) -> Iterator[Row]:
    """The items of all jobs; ``digests``: of the pages of articles, by number."""
    rng, stored = random.Random(5), 0
    entries = [pack_entry(_entry(n)) for n in range(500)]
    for job in all_jobs:
        for place, kind in enumerate(job.kinds):
            stored += kind == "stored"
            about = stored if kind == "stored" or not stored else rng.randrange(1, stored + 1)
            item = job.first + place
            at = ended_at(job, place)
            yield _item(item, job, kind, about, at, sizes, rng) | {
                "entry": entries[item % 500] if item % 10 < 6 else None,
                "article_id": about if kind in _WITH_ARTICLE else None,
                "page_digest": digests.get(about) if kind in _WITH_ARTICLE else None,
                "fetched": None if kind in ("pending", "failed", "retry") else _fetched(about, at),
                "trace": None if kind in ("pending", "in_flight") else _steps(kind, at),
            }


_WITH_ARTICLE = frozenset({"stored", "updated", "unchanged", "duplicate"})


def ended_at(job: Job, place: int) -> float:
    """When an item of a job ended, or would have."""
    return job.created_at + 30 + place * 0.02


def _item(item: int, job: Job, kind: str, about: int, at: float, sizes: Sizes, rng: random.Random) -> Row:
    problem = kind in ("failed", "retry")
    where = f"www.down{int(FAILING_HOSTS * rng.random() ** 2)}.example.com"
    url = f"https://{where}/{item}" if problem else address(about)
    if kind in ("pending", "in_flight", "skipped", "duplicate"):
        url = f"https://{host(item)}/new/{item}"
    row = new_item_row(
        job.id, NewItem(key=url, name=url, source=_source(about, sizes.feeds), url=url), None, job.created_at
    )
    row |= {"id": item, "due_at": None}
    if kind == "pending":
        return row | {"due_at": job.created_at}
    if kind == "in_flight":
        return row | {"state": "in_flight"}
    if problem:
        code = rng.choices(list(_FAILURES), [share for _, share in _FAILURES.values()])[0]
        row |= {
            "code": code,
            "message": f"{where}: {CODES[code]}",
            "stage": _FAILURES[code][0],
            "attempts": 5,
        }
    if kind == "retry":
        return row | {"attempts": 2, "due_at": sizes.now + 3600 * (1 + rng.random())}
    if kind == "skipped":
        row |= {"code": "no_article", "message": CODES["no_article"]}
    return row | {"state": "done", "outcome": kind, "finished_at": at}


def _steps(kind: str, at: float) -> list[Step]:
    if kind in ("failed", "retry"):
        silent = "No connection to the host: it did not answer within 10 s."
        tries = range(5 if kind == "failed" else 2, 0, -1)
        return [
            Step(
                stage="fetch", at=at - n * 900, seconds=4.2, worker=_WORKER, result="connect", message=silent
            )
            for n in tries
        ]
    return [
        Step(stage=stage, at=at + n, seconds=0.031, worker=_WORKER, result="ok", confidence=sure)
        for n, (stage, sure) in enumerate(zip(STAGES, (None, 0.934, None, None), strict=True))
    ]


def _fetched(number: int, at: float) -> Fetched:
    headers = {"content-type": "text/html; charset=utf-8", "last-modified": "Mon, 02 Mar 2026 10:00:00 GMT"}
    return Fetched(final_url=address(number), status=200, headers=headers, at=at)


def _entry(number: int) -> Entry:
    return Entry(
        key=address(number),
        link=address(number),
        title=writing.story(number).title,
        published="2026-03-01T10:00:00+00:00",
        feed_url=feed_address(number),
        summary=writing.story(number).paragraphs[0][:300],
    )


def feed_rows(sizes: Sizes) -> Iterator[Row]:
    """Feeds of which one in ten has something to tell."""
    rng = random.Random(3)
    for number in range(1, sizes.feeds + 1):
        states: tuple[Literal["active", "paused", "gone"], ...] = ("active", "paused", "gone")
        state = rng.choices(states, (94, 3, 3))[0]
        failing = state == "active" and rng.random() < 0.05
        interval = rng.choice((600.0, 1800.0, 3600.0, 14_400.0, 86_400.0))
        polls = [_poll(sizes.now - (20 - n) * interval, failing and n > 15, rng) for n in range(20)]
        wrong = Problem(
            code="timeout", message=f"feeds{number % 700}.example.net did not answer within 30 s."
        )
        feed = Feed(
            id=number,
            url=feed_address(number),
            title=f"{writing.word('en', number + 50).title()} News",
            state=state,
            interval=interval,
            interval_reason="it brings about four entries a day",
            due_at=sizes.now + interval * (rng.random() - 0.02),
            etag='"5f3e-9a"',
            body_digest=page_digest(number, 1.0),
            entries_digest=page_digest(number, 2.0),
            full_at=sizes.now - 3600,
            last_polled_at=polls[-1].at,
            last_success_at=polls[15 if failing else -1].at,
            last_new_at=polls[10].at,
            errors=4 if failing else 0,
            problem=wrong if failing or state == "gone" else None,
            entries_seen=40,
            overflows=int(rng.random() < 0.02),
            history=polls,
        )
        row = feed_row(feed) | {"id": number, "key": feed_key(feed.url), "created_at": sizes.now - 3e6}
        yield {name: msgspec.to_builtins(value) for name, value in row.items()}


def _poll(at: float, failed: bool, rng: random.Random) -> Poll:
    if failed:
        return Poll(at=at, seconds=30.0, result="timeout")
    new = rng.choices((0, 1, 3), (60, 30, 10))[0]
    return Poll(at=at, seconds=0.4, result="new" if new else "not_modified", status=200, entries=20, new=new)


def entry_rows(sizes: Sizes) -> Iterator[Row]:
    """Forty entries of each feed."""
    for feed in range(1, sizes.feeds + 1):
        for number in range(40):
            key = address(feed * 40 + number)
            yield {
                "feed_id": feed,
                "entry_key": key,
                "digest": packing.digest(key.encode()),
                "first_seen_at": sizes.now - 40_000 * number,
            }


__all__ = ["Made", "Order", "address", "entry_rows", "feed_rows", "host", "item_rows", "job_row", "made"]
