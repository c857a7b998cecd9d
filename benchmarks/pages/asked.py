"""What is asked of each page and endpoint. One that is not here ends the benchmark."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from benchmarks.pages.facts import Facts
from benchmarks.pages.writing import COMMON, ONCE, PHRASE, word
from pipeline.model import OUTCOMES


@dataclass(frozen=True)
class Asked:
    """One question. ``route``: as the application names it."""

    method: str
    route: str
    path: str
    body: bytes | None = None
    #: follow the cursor of the answers so many times before the time counts
    pages: int = 0

    @property
    def name(self) -> str:
        deep = f" (page {self.pages + 1})" if self.pages else ""
        said = f" {self.body.decode()}" if self.body else ""
        return f"{self.method} {self.path}{said}{deep}"


#: routes that are not timed -> why
LEFT_OUT = {
    "POST /jobs": "an upload costs what it carries: `benchmarks.backlog` measures acceptance",
    "POST /api/jobs": "as above",
    "POST /enqueue": "as above",
    "POST /enqueue/subscribe": "adds what stays",
    "POST /feeds": "adds what stays",
    "POST /feeds/import": "a list costs what it carries",
    "POST /api/feeds": "adds what stays",
    "POST /api/feeds.opml": "a list costs what it carries",
    "POST /retry": "takes up all dead letters, once",
    "POST /retry/group": "as above",
    "POST /jobs/{job}/retry": "as above",
    "POST /jobs/{job}/cancel": "ends what others ask for: it writes one row, the coordinator does the rest",
    "POST /api/jobs/{job}/cancel": "as above",
    "POST /items/{item}/retry": "as above: the API's dry run looks for the same rows",
    "POST /articles/{article}/delete": "takes away what others ask for",
    "POST /articles/restore": "puts one row right: the deletion before it is left out, too",
    "DELETE /api/articles/{article:digits}": "as above",
    "POST /feeds/{feed}/remove": "as above",
    "DELETE /api/feeds/{feed}": "as above",
    "POST /login": "needs no database",
    "POST /logout": "as above",
}


def asked(facts: Facts, bound: frozenset[str]) -> Iterator[Asked]:
    """Every question of the routes that are there. Raises SystemExit, naming them, for routes of which
    nothing is asked, and for questions without a route."""
    known = list(_all(facts))
    named = {f"{one.method} {one.route}" for one in known}
    forgotten = bound - named - LEFT_OUT.keys()
    gone = (named | LEFT_OUT.keys()) - bound
    if forgotten or gone:
        raise SystemExit(
            f"Nothing is asked of {', '.join(sorted(forgotten)) or 'no route'}; not there are "
            f"{', '.join(sorted(gone)) or 'none'}: mend benchmarks/pages/asked.py."
        )
    yield from known


def _all(facts: Facts) -> Iterator[Asked]:
    for questions in (_plain, _of_jobs, _of_articles, _of_failures, _of_feeds, _of_items, _writing):
        yield from questions(facts)


def _get(
    route: str, *queries: dict[str, object], pages: tuple[int, ...] = (), **parts: object
) -> Iterator[Asked]:
    """A route with each of some queries (none: once without), and, without one, some pages on."""
    path = route.format(**parts)
    for query in queries or ({},):
        told = f"{path}?{urlencode(query)}" if query else path
        yield Asked("GET", route, told)
        if not query or len(queries) == 1:
            yield from (Asked("GET", route, told, pages=number) for number in pages)


def _plain(_: Facts) -> Iterator[Asked]:
    for route in (
        "/",
        "/login",
        "/docs",
        "/healthz",
        "/readyz",
        "/metrics",
        "/openapi.json",
        "/api/status",
        "/enqueue",
        "/events",
    ):
        yield from _get(route)


def _of_jobs(facts: Facts) -> Iterator[Asked]:
    yield from _get(
        "/jobs", {}, {"state": "running"}, {"state": "done"}, {"state": "cancelled"}, pages=(1, 20)
    )
    yield from _get("/api/jobs", {}, {"limit": 1000}, {"state": "running"}, {"state": "done"}, pages=(20,))
    yield from _get("/api/jobs", {"state": "cancelled"})
    for job in (facts.large_job, facts.running_job, facts.small_job):
        queries: list[dict[str, object]] = [{}]
        queries += [{"outcome": outcome} for outcome in OUTCOMES]
        queries += [{"state": "pending"}, {"code": facts.failed_code}, {"host": facts.failed_host}]
        queries += [{"part": "story"}, {"part": "nothing is called this"}]
        yield from _get("/jobs/{job}", *queries, job=job)
        yield from _get("/api/jobs/{job}", job=job)
        items: list[dict[str, object]] = [{}, {"limit": 1000}, {"state": "pending"}, {"state": "in_flight"}]
        items += [{"outcome": outcome} for outcome in OUTCOMES]
        items += [{"code": facts.failed_code}, {"code": "no_article"}, {"code": "nosuchcode"}]
        items += [{"host": facts.failed_host}, {"host": facts.article_host}, {"host": "no.such.example"}]
        items += [{"host": facts.article_host, "outcome": "stored"}, {"state": "done"}]
        yield from _get("/api/jobs/{job}/items", *items, pages=(50,), job=job)
    yield from _get("/api/jobs/{job}/events", job=facts.running_job)
    yield from _get("/jobs/{job}/events", job=facts.running_job)


#: searches: common words, rare ones, several, phrases, beginnings, fields, none found, only exclusion
_SEARCHES = (
    COMMON, word("en", 0), f"{word('en', 0)} {word('en', 1)} {COMMON}", ONCE, word("de", 25_000),
    f'"{PHRASE}"', f'"{word("en", 20)} {word("en", 21)}"', f"{word('en', 40)[:3]}*", f"{COMMON} OR {ONCE}",
    f"-{COMMON}", f"{COMMON} -{word('en', 25)}", f"{COMMON} -nothingsaysthis", "nothingsaysthis",
    f"{COMMON} language:en", "author:lopes", "title:council", f"after:2026-11 {COMMON}", "before:2020",
    "language:ru", "市港",
)  # fmt: skip


def _of_articles(facts: Facts) -> Iterator[Asked]:
    searches: list[dict[str, object]] = [{"q": search} for search in _SEARCHES]
    yield from _get("/articles", {}, *searches, {"job": facts.large_job}, {"doubtful": "true"})
    chosen: list[dict[str, object]] = [
        {"site": facts.article_host},
        {"site": "no.such.example"},
        {"language": "ru"},
        {"agency": "AP"},
        {"author": "Ana Lopes"},
        {"source": facts.source},
        {"section": "Sport", "tag": "Culture"},
        {"published_from": "2026-11-20"},
        {"published_before": "2020-01-01"},
        {"since": "2026-11-20"},
        {"agency": "AP", "language": "ru", "site": facts.article_host},
        {"q": COMMON, "language": "en", "published_before": "2026-11-10"},
        {"q": COMMON, "site": facts.article_host},
        {"q": COMMON, "published_before": "2020-01-01"},
        {"q": ONCE, "agency": "Reuters"},
        {"language": "ru", "min_confidence": 0.999},
    ]
    yield from _get("/api/articles", *chosen, pages=(20,))
    sure: list[dict[str, object]] = [
        {"max_confidence": 0.3},
        {"min_confidence": 0.99, "job": facts.large_job},
    ]
    yield from _get("/api/articles", {}, {"limit": 1000}, {"job": facts.small_job}, *sure, *searches)
    yield from _get("/api/export", {"since": "2026-11-22T12:00:00Z"})
    of_one = ("", ".md", ".txt", "/near")
    for route in (
        "/articles/{article}",
        "/articles/{article}/delete",
        *(f"/api/articles/{{article:digits}}{end}" for end in of_one),
    ):
        for number in (facts.article, facts.old_article):
            path = route.replace(":digits", "").format(article=number)
            yield Asked("GET", route, path)


def _of_failures(facts: Facts) -> Iterator[Asked]:
    code, host = facts.failed_code, facts.failed_host
    yield from _get("/failures", {}, {"code": code}, {"host": host}, {"code": code, "host": host})
    yield from _get("/failures/items", {"code": code, "stage": "fetch", "at": f"@{host}"})
    others: list[dict[str, object]] = [
        {"stage": "fetch"}, {"job": facts.large_job}, {"since": "2026-11-20T00:00:00Z"}, {"limit": 1000},
        {"limit": 100},
    ]  # fmt: skip
    yield from _get("/api/failures", {}, {"code": code}, {"host": host}, *others)
    yield from _get("/api/failures/policy")


def _of_feeds(facts: Facts) -> Iterator[Asked]:
    narrow: list[dict[str, object]] = [{"part": "news"}, {"part": "feeds7.example"}, {"part": "no such name"}]
    yield from _get("/feeds", {}, {"health": "failing"}, {"health": "fine"}, *narrow)
    yield from _get(
        "/api/feeds", {}, {"failing": "true"}, {"state": "paused"}, {"health": "late"}, pages=(3,)
    )
    yield from _get("/api/feeds.opml")
    for feed in (facts.feed, facts.failing_feed):
        yield from _get("/feeds/{feed}", feed=feed)
        yield from _get("/feeds/{feed}/remove", feed=feed)
        yield from _get("/api/feeds/{feed}", feed=feed)


def _of_items(facts: Facts) -> Iterator[Asked]:
    known = (facts.article_url, facts.failed_name, facts.feed_url, str(facts.stored_item), facts.article_host)
    unknown = (f"https://{facts.article_host}/never/seen", "https://no.such.example/a", "story", COMMON)
    nearly = (
        f"{facts.article_url[:-1]}",
        f"{COMMON} {word('en', 0)} {word('en', 1)} mistypped",
        "council agrees buget",
    )
    yield from _get("/find", {}, *({"q": told} for told in (*known, *unknown, *nearly)))
    for item in (facts.stored_item, facts.failed_item, facts.waiting_item, facts.in_flight_item):
        yield from _get("/items/{item}", item=item)
        yield from _get("/items/{item}/raw", item=item)
        yield from _get("/api/items/{item}", {}, {"evidence": "true"}, item=item)


def _writing(facts: Facts) -> Iterator[Asked]:
    def post(route: str, path: str, told: object = None, method: str = "POST") -> Asked:
        return Asked(method, route, path, None if told is None else json.dumps(told).encode())

    yield post("/api/retry", "/api/retry", {"all": True, "dry_run": True})
    yield post("/api/retry", "/api/retry", {"host": facts.failed_host, "dry_run": True})
    yield post("/api/retry", "/api/retry", {"job": facts.large_job, "dry_run": True})
    yield post("/api/feeds/{feed}/poll", f"/api/feeds/{facts.feed}/poll")
    yield post("/api/feeds/{feed}", f"/api/feeds/{facts.feed}", {"title": "A name"}, "PATCH")
    for action in ("poll", "pause", "resume", "settings"):
        yield post(f"/feeds/{{feed}}/{action}", f"/feeds/{facts.feed}/{action}")
    yield post("/feeds/poll", "/feeds/poll")


__all__ = ["LEFT_OUT", "Asked", "asked"]
