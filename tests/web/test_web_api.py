"""The API as programs use it."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from httpx import Response
from web_site import Site, article, linked, new_item

from pipeline.errors import CODES
from pipeline.model import Problem
from pipeline.packing import digest
from pipeline.settings import Settings
from pipeline.store import open_store

STORY = b"Harbour reopens\n\nThe harbour of Port Anwick is open again.\n"
RSS = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>
<item><title>One</title><link>https://news.example/1</link></item>
<item><title>Two</title><link>https://news.example/2</link></item></channel></rss>"""


def upload(site: Site, *files: tuple[str, bytes], **fields: Any) -> Response:
    parts = [("files", (name, io.BytesIO(body))) for name, body in files]
    return site.api.post("/api/jobs", files=parts, data=fields)


def refused(answer: Response, status: int) -> str:
    """The detail of an answer that is a problem of this status."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["status"] == status
    assert told["title"]
    detail: str = told["detail"]
    return detail


# -- enqueueing ---------------------------------------------------------------------------------


def test_addresses_have_rows_before_the_answer(site: Site) -> None:
    answer = site.api.post("/api/jobs", json={"sources": ["https://news.example/a", "http://b.example"]})
    assert answer.status_code == 201
    job = answer.json()["job"]
    assert answer.json() == {"job": job, "items": 2}
    assert [(item.job, item.state, item.key) for item in site.store.items(job=job)] == [
        (job, "pending", "http://b.example/"),
        (job, "pending", "https://news.example/a"),
    ]


@pytest.mark.parametrize(
    "source",
    ["/etc/passwd", "file:///etc/passwd", "seeds/", "*.txt", "-", "", "javascript:1", "ftp://a.example/"],
)
def test_only_addresses_are_taken_as_sources(site: Site, source: str) -> None:
    answer = site.api.post("/api/jobs", json={"sources": ["https://news.example/a", source]})
    assert "Not an http or https address" in refused(answer, 422)
    assert not site.store.jobs()


def test_an_upload_is_known_by_its_bytes_never_by_its_name(site: Site, tmp_path: Path) -> None:
    there = tmp_path / "secret.txt"
    there.write_text("What lies here is nobody's business.")
    names = [
        str(there),
        "../../../etc/passwd",
        "file:///etc/passwd",
        "https://news.example/",
        "a\x00b",
        "*",
        "",
    ]
    for name in names:
        job = upload(site, (name or "x", STORY)).json()["job"]
        (item,) = site.store.items(job=job)
        assert item.key == f"stdin:{digest(STORY)}"
        assert item.url is None
        assert item.page_digest == digest(STORY)


@pytest.mark.parametrize(
    ("name", "body", "items"),
    [
        ("story.txt", STORY, 1),
        ("page.html", b"<!DOCTYPE html><html><body><p>Harbour</p></body></html>", 1),
        ("feed.xml", RSS, 2),
        ("many.jsonl", b'{"url": "https://news.example/1", "text": "One."}\n' * 3, 3),
        (
            "many.jsonl.gz",
            gzip.compress(b'{"path": "a", "text": "One."}\n{"path": "b", "text": "Two."}\n', mtime=0),
            2,
        ),
        (
            "list.opml",
            b'<opml version="2.0"><body><outline xmlUrl="https://news.example/feed.xml"/></body></opml>',
            1,
        ),
    ],
)
def test_an_upload_of_any_kind_becomes_its_items(site: Site, name: str, body: bytes, items: int) -> None:
    answer = upload(site, (name, body))
    assert answer.json()["items"] == items
    assert all(item.state == "pending" for item in site.store.items())


def test_a_list_that_is_uploaded_draws_in_no_local_file(site: Site, tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_bytes(RSS)
    paths = [f"{tmp_path}/feed.xml", f"file://{tmp_path}/feed.xml", "feed.xml", "../feed.xml"]
    outlines = "".join(f'<outline xmlUrl="{path}"/>' for path in paths)
    upload(site, (f"{tmp_path}/list.opml", f"<opml><body>{outlines}</body></opml>".encode()))
    assert {item.code for item in site.store.items()} == {"bad_url"}


def test_addresses_and_files_come_as_one_job(site: Site) -> None:
    answer = upload(
        site, ("a.txt", STORY), ("b.txt", b"Other."), sources="https://a.example\nhttps://b.example"
    )
    assert answer.json()["items"] == 4
    assert site.store.jobs()[0].sources == ["https://a.example", "https://b.example", "a.txt", "b.txt"]


@pytest.mark.parametrize(
    ("body", "code"),
    [(b"", "empty"), (b"\x89PNG\r\n\x1a\n" + bytes(99), "not_text"), (b"x " * 4000, "too_large")],
)
def test_a_file_that_cannot_be_used_costs_no_other(
    open_site: Callable[..., Site], body: bytes, code: str
) -> None:
    site = open_site(max_page_bytes=5_000)
    assert upload(site, ("bad", body), ("good.txt", STORY)).json()["items"] == 2
    assert {item.name: item.code for item in site.store.items()} == {"bad": code, "good.txt": None}


def test_a_request_that_is_too_large_is_refused_before_and_while_it_comes(
    open_site: Callable[..., Site],
) -> None:
    site = open_site(max_upload_bytes=100_000)
    assert "100000 bytes" in refused(upload(site, ("big.txt", b"x" * 200_000)), 413)

    async def pieces() -> AsyncIterator[bytes]:
        yield b'--b\r\ncontent-disposition: form-data; name="files"; filename="big.txt"\r\n\r\n'
        for _ in range(10):
            yield b"x" * 20_000
        yield b"\r\n--b--\r\n"

    unannounced = {"content-type": "multipart/form-data; boundary=b"}
    refused(site.api.post("/api/jobs", content=b"{" * 200_000), 413)
    assert not site.store.jobs()
    refused(site.api.post("/api/jobs", content=pieces(), headers=unannounced), 413)
    (item,) = site.store.items()
    assert (item.name, item.code) == ("big.txt", "unreadable")
    assert "larger than 100000 bytes" in (item.message or "")


def test_too_many_addresses_are_told_how_they_can_come(site: Site) -> None:
    for number, status, told in (
        (10_001, 422, "in parts, or as OPML"),
        (100_001, 413, "in parts, or as OPML"),
    ):
        sources = [f"https://news.example/{one}" for one in range(number)]
        assert told in refused(site.api.post("/api/jobs", json={"sources": sources}), status)
    assert not site.store.jobs()


@pytest.mark.parametrize(
    ("status", "send"),
    [
        (400, {"content": b"{", "headers": {"content-type": "application/json"}}),
        (400, {"content": b"\xff", "headers": {"content-type": "application/json"}}),
        (400, {"content": b"x", "headers": {"content-type": "multipart/form-data"}}),
        (415, {"content": b"x"}),
        (415, {}),
        (422, {"json": {"sources": []}}),
        (422, {"json": {"sources": "https://news.example/"}}),
        (422, {"json": {"sources": [1]}}),
        (422, {"json": {"source": ["https://news.example/"]}}),
        (422, {"json": [1]}),
        (422, {"data": {"sources": ""}}),
    ],
)
def test_an_order_that_cannot_be_understood_is_a_problem(
    site: Site, status: int, send: dict[str, Any]
) -> None:
    refused(site.api.post("/api/jobs", **send), status)
    assert not site.store.jobs()


# -- seeing -------------------------------------------------------------------------------------


def test_a_job_adds_up(site: Site) -> None:
    job = site.job(
        [new_item("a"), new_item("b"), new_item("c", problem=Problem(code="empty", message="Empty."))]
    )
    site.finish({"a": article()})
    told = site.api.get(f"/api/jobs/{job}").json()
    assert told["items"] == told["pending"] + told["in_flight"] + sum(told["outcomes"].values()) == 3
    assert told["outcomes"]["stored"] == told["outcomes"]["skipped"] == told["in_flight"] == 1
    overview = site.api.get("/api/jobs").json()
    assert [one | {"retries": []} for one in overview["jobs"]] == [told]
    assert overview["totals"]["items"] == 3
    refused(site.api.get("/api/jobs/none"), 404)


def test_articles_are_listed_found_and_given_whole(site: Site) -> None:
    site.job([new_item("a"), new_item("b")])
    site.finish({"a": article(authors=["Ada Fisher"]), "b": article("Budget agreed", "The council agreed.")})
    listed = site.api.get("/api/articles").json()["articles"]
    assert {row["title"] for row in listed} == {"Harbour reopens", "Budget agreed"}
    (found,) = site.api.get("/api/articles", params={"q": "harbour OPEN"}).json()["articles"]
    whole = site.api.get(f"/api/articles/{found['id']}").json()
    assert whole == site.store.article(found["id"])
    assert whole["authors"] == ["Ada Fisher"]
    assert len(site.api.get("/api/articles?limit=1").json()["articles"]) == 1


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/articles/9", 404),
        ("/api/articles/0", 422),
        ("/api/articles/99999999999999999999", 422),
        ("/api/articles/x", 404),
        ("/api/articles?limit=0", 422),
        ("/api/articles?limit=100000000", 422),
        ("/api/nothing", 404),
        ("/api/articles?langauge=en", 422),
        ("/api/export?since=2026-02-30", 422),
        ("/api/export?since=1767225600", 422),
    ],
)
def test_what_cannot_be_answered_is_a_problem(site: Site, address: str, status: int) -> None:
    refused(site.api.get(address), status)


def test_odd_search_words_find_nothing_and_break_nothing(site: Site) -> None:
    for odd in ("%", "_", "'", '"', "\x00", "\ud7ff", "a" * 1000, "\\", "--", "ЖИВОЙ"):
        assert site.api.get("/api/articles", params={"q": odd}).json() == {"articles": [], "next": None}
        assert site.browser.get("/articles", params={"q": odd}).status_code == 200


# -- failures -----------------------------------------------------------------------------------


def test_failures_come_with_advice_and_are_retried(site: Site) -> None:
    job = site.job([linked("a"), linked("b"), linked("c")])
    gone = Problem(code="gone", message="Gone.")
    site.finish({"a": gone, "b": gone, "c": Problem(code="tls", message="No certificate.")})
    first, _ = site.api.get("/api/failures").json()["failures"]
    assert (first["code"], first["host"], first["count"]) == ("gone", "news.example", 2)
    assert first["advice"] == CODES["gone"]
    assert first["retry"] == {"code": "gone", "stage": "store", "host": "news.example"}
    assert len(site.api.get("/api/failures?code=tls").json()["failures"]) == 1
    assert site.api.get("/api/failures?since=2999-01-01").json()["count"] == 0
    assert site.api.get("/api/failures?before=2999-01-01T00:00:00Z&limit=1").json()["count"] == 3
    told = site.api.get("/api/failures/policy").json()["policy"]
    assert {one["code"]: one["retried"] for one in told}.items() >= {"gone": False, "connect": True}.items()
    would = site.api.post("/api/retry", json={"code": "gone", "dry_run": True}).json()
    assert would == {"retried": 0, "matching": 2}
    for order, retried in (
        ({"code": "gone", "host": "other.example"}, 0),
        ({"code": "gone"}, 2),
        ({"item": 3, "since": "2999-01-01T00:00:00Z"}, 0),
        ({"item": 3}, 1),
        ({"all": True}, 0),
        ({"job": job}, 0),
    ):
        assert site.api.post("/api/retry", json=order).json()["retried"] == retried
    assert not site.store.failures().count


@pytest.mark.parametrize(
    ("order", "status"),
    [
        ({}, 422),
        ({"all": True, "code": "tls"}, 422),
        ({"jobs": "x"}, 422),
        ({"item": "1"}, 422),
        ({"job": "x"}, 404),
    ],
)
def test_a_retry_says_what(site: Site, order: dict[str, Any], status: int) -> None:
    refused(site.api.post("/api/retry", json=order), status)


def test_a_password_in_an_address_is_masked(site: Site) -> None:
    site.api.post("/api/feeds", json={"url": "https://user:secret@news.example/feed.xml"})
    site.api.post("/api/jobs", json={"sources": ["https://user:secret@news.example/a"]})
    job = site.store.jobs()[0].job
    for address in ("/api/feeds", "/feeds", "/", f"/jobs/{job}", "/items/1"):
        assert "secret" not in site.browser.get(address).text, address


# -- health and the document --------------------------------------------------------------------


def test_a_process_is_alive_whatever_it_can_reach(open_site: Callable[..., Site]) -> None:
    site = open_site(redis_url="unix:///nowhere/redis.sock")
    assert site.api.get("/healthz").json() == {"status": "ok"}
    assert "Redis at unix:///nowhere/redis.sock cannot be used" in refused(site.api.get("/readyz"), 503)
    assert site.api.get("/api/jobs").status_code == 200
    assert site.api.post("/api/jobs", json={"sources": ["https://a.example"]}).status_code == 201


def test_it_is_ready_with_redis_and_a_migrated_database(
    open_site: Callable[..., Site], redis_url: str, tmp_path: Path
) -> None:
    site = open_site(redis_url=redis_url)
    assert site.api.get("/readyz").json() == {"status": "ok", "redis": "ok", "database": "ok"}
    settings = Settings(data_dir=tmp_path / "empty", redis_url=redis_url)
    unready = Site(open_store(settings), settings)
    assert "feedmill migrate" in refused(unready.api.get("/readyz"), 503)
    assert unready.api.get("/api/jobs").json()["code"] == "database"
    unready.store.close()


def test_a_bug_is_answered_without_its_traceback(site: Site) -> None:
    site.app.state.backend.store = None
    assert refused(site.api.get("/api/feeds"), 500) == CODES["internal"]
    answer = site.browser.get("/feeds")
    assert answer.status_code == 500
    assert "Traceback" not in answer.text
    assert "content-security-policy" in answer.headers


def test_the_reference_page_shows_what_the_document_says(site: Site) -> None:
    document = site.api.get("/openapi.json").json()
    shown = site.read("/docs")
    for path, methods in document["paths"].items():
        for method in methods:
            assert f"{method.upper()} {path}" in shown
    assert json.dumps(document).count("application/problem+json") > 10
