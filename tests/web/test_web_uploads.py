"""Uploads of any size: accepted while they come in, kept as far as they came, and never twice."""

from __future__ import annotations

import asyncio
import gzip
import json
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterable
from io import BufferedReader
from typing import Any

import pytest
from httpx import ASGITransport, AsyncClient, Response
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.types import Message
from web_site import ORIGIN, Site

from workers.web import delivery
from workers.web.app import create_app
from workers.web.conveyor import ROOM, Conveyor

PATIENCE = 60.0


def lines(count: int, first: int = 0, text: str = "One.") -> bytes:
    told = ({"url": f"https://news.example/{first + n}", "text": f"{text} {n}"} for n in range(count))
    return b"".join(json.dumps(one).encode() + b"\n" for one in told)


def send(site: Site, body: bytes, kind: str, **more: Any) -> Response:
    headers = {"content-type": kind} | more.pop("headers", {})
    return site.api.post("/api/jobs", content=body, headers=headers, **more)


# -- what is sent -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "name", "body"),
    [
        ("application/x-ndjson", None, lines(3)),
        ("application/x-ndjson", "pages.jsonl.gz", gzip.compress(lines(3), mtime=0)),
        ("application/octet-stream", "pages.jsonl", lines(3)),
        ("application/jsonl; charset=utf-8", "pages", lines(3)),
    ],
)
def test_a_file_can_be_the_body(site: Site, kind: str, name: str | None, body: bytes) -> None:
    answer = send(site, body, kind, params={"name": name} if name else {})
    assert (answer.status_code, answer.json()["items"]) == (201, 3)
    (job,) = site.store.jobs()
    assert [one.partition(".")[0] for one in job.sources] == ["pages" if name else "upload"]
    assert {item.state for item in site.store.items()} == {"pending"}


def test_a_form_brings_addresses_and_files_in_any_order(site: Site) -> None:
    def part(head: str, body: str) -> str:
        return f"--b\r\ncontent-disposition: form-data; {head}\r\n\r\n{body}\r\n"

    body = (
        part('name="files"; filename=""', "")
        + part('name="files"; filename="a.txt"', "Harbour reopens")
        + part('name="other"', "not asked for")
        + part('name="sources"', "https://news.example/1\r\nfile:///etc/passwd\r\n")
        + part('name="files"; filename="b.txt"', "Ferry sinks")
        + "--b--\r\n"
    )
    answer = send(site, body.encode(), "multipart/form-data; boundary=b")
    assert answer.json()["items"] == 4
    assert site.store.jobs()[0].sources == [
        "a.txt",
        "b.txt",
        "https://news.example/1",
        "file:///etc/passwd",
    ]
    # What is no address is refused as a whole only before anything was accepted.
    assert {item.name: item.code for item in site.store.items()} == {
        "a.txt": None,
        "b.txt": None,
        "https://news.example/1": None,
        "file:///etc/passwd": "bad_url",
    }


@pytest.mark.parametrize(
    "kept", [b"<!DOCTYPE html><p>Harbour", b"Harbour reopens", b"<rss>", b"<p>Harbour" * 9_000]
)
def test_a_page_that_is_cut_off_is_no_page(site: Site, kept: bytes) -> None:
    broken_off(site, [{"type": "http.request", "body": kept, "more_body": True}], b"text/html")
    (item,) = site.store.items()
    assert (item.outcome, item.code, item.page_digest) == ("failed", "unreadable", None)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--b\r\n",
        b'--b\r\ncontent-disposition: form-data; name="sources"\r\n\r\nhttps://news.example/',
        b"--b\r\ncontent-disposition: form-data\r\n\r\nx\r\n--b--\r\n",
        b"nothing of the kind",
        b"--b\r\nx: " + b"a" * 20_000 + b"\r\n\r\nx\r\n--b--\r\n",
    ],
)
def test_a_form_that_is_none_opens_no_job(site: Site, body: bytes) -> None:
    assert send(site, body, "multipart/form-data; boundary=b").status_code == 400
    assert not site.store.jobs()


@pytest.mark.parametrize("boundary", ["", "b" * 10_000, "b" * 300])
def test_a_boundary_that_cannot_be_used_is_told(site: Site, boundary: str) -> None:
    head = 'content-disposition: form-data; name="files"; filename="a.txt"'
    body = f"--{boundary}\r\n{head}\r\n\r\nx\r\n--{boundary}--\r\n"
    answer = send(site, body.encode(), f"multipart/form-data; boundary={boundary}")
    assert answer.status_code == 400
    assert "oundary" in answer.json()["detail"]
    assert not site.store.jobs()


# -- while it comes in --------------------------------------------------------------------------


def in_pieces(site: Site, pieces: AsyncIterator[bytes], **query: str) -> Response:
    async def call() -> Response:
        transport = ASGITransport(create_app(site.store, site.settings))
        async with AsyncClient(transport=transport, base_url=ORIGIN, timeout=PATIENCE) as client:
            headers = {"content-type": "application/x-ndjson"}
            return await client.post("/api/jobs", content=pieces, headers=headers, params=query)

    return asyncio.run(call())


def test_items_are_accepted_while_the_rest_is_still_to_come(site: Site) -> None:
    seen: list[int] = []

    async def pieces() -> AsyncIterator[bytes]:
        yield lines(3000)
        ends = time.monotonic() + PATIENCE
        while not (jobs := site.store.jobs()) or not jobs[0].items:
            assert time.monotonic() < ends
            await asyncio.sleep(0.01)
        seen.append(jobs[0].items)
        yield lines(50, first=3000)

    assert in_pieces(site, pieces()).json()["items"] == 3050
    assert 0 < seen[0] <= 3000


def broken_off(site: Site, messages: Iterable[Message], kind: bytes = b"application/x-ndjson") -> None:
    """A body whose sender goes away."""
    waiting = iter(messages)

    async def receive() -> Message:
        return next(waiting, {"type": "http.disconnect"})

    async def answer(message: Any) -> None:
        assert message["type"] != "http.response.start" or message["status"] == 400

    scope = {
        "type": "http", "method": "POST", "path": "/api/jobs", "raw_path": b"/api/jobs", "query_string": b"",
        "headers": [(b"host", b"localhost"), (b"content-type", kind)],
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 8000), "scheme": "http", "http_version": "1.1",
        "asgi": {"version": "3.0"}, "root_path": "",
    }  # fmt: skip
    asyncio.run(create_app(site.store, site.settings)(scope, receive, answer))


def test_what_came_before_the_connection_ended_is_accepted_and_the_job_says_so(site: Site) -> None:
    cut = lines(40) + b'{"url": "https://news.example/cut", "te'
    broken_off(site, [{"type": "http.request", "body": cut, "more_body": True}])
    (job,) = site.store.jobs()
    assert (job.items, job.outcomes.failed) == (41, 1)
    (item,) = site.store.items(outcome="failed")
    assert item.code == "unreadable"
    assert "the upload broke off: the connection ended" in (item.message or "")
    # Closed: it ends with what it has.
    site.finish({})
    assert not delivery._open


def test_the_number_of_uploads_at_once_is_bounded(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "MOST_UPLOADS", 0)
    answer = send(site, lines(1), "application/x-ndjson")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")


@settings(deadline=None)  # a thread is waited for, which a busy machine may let wait
@given(files=st.lists(st.lists(st.binary(max_size=50), max_size=5), max_size=5), read=st.integers(0, 60))
def test_a_conveyor_brings_files_as_they_were_sent_however_much_of_them_is_read(
    files: list[list[bytes]], read: int
) -> None:
    got: list[bytes] = []

    async def main() -> None:
        conveyor = Conveyor()

        def take() -> None:
            for file in conveyor.files():
                got.append(BufferedReader(file.stream).read(read))  # type: ignore[arg-type]

        thread = threading.Thread(target=take)
        thread.start()
        for file in files:
            await conveyor.begin("name", None)
            for piece in file:
                assert await conveyor.send(piece)
        conveyor.end()
        await asyncio.to_thread(thread.join, PATIENCE)

    asyncio.run(main())
    assert got == [b"".join(file)[:read] for file in files]


def test_a_conveyor_holds_no_more_than_its_room() -> None:
    async def main() -> int:
        conveyor, sent = Conveyor(), 0
        await conveyor.begin("name", None)
        try:
            async with asyncio.timeout(0.2):
                while await conveyor.send(b"x" * 10_000):
                    sent += 10_000
        except TimeoutError:
            pass
        conveyor.leave()
        assert await conveyor.send(b"x") is False
        return sent

    assert ROOM <= asyncio.run(main()) <= ROOM + 10_000


# -- once ---------------------------------------------------------------------------------------


def test_the_same_key_gives_the_same_job(site: Site) -> None:
    def order(key: str, *sources: str) -> Response:
        return site.api.post("/api/jobs", json={"sources": list(sources)}, headers={"idempotency-key": key})

    first = order("k1", "https://news.example/1")
    again = order("k1", "https://news.example/1")
    assert (again.status_code, again.json()) == (201, first.json())
    assert order("k2", "https://news.example/1").json()["job"] != first.json()["job"]
    other = order("k1", "https://news.example/2")
    assert other.status_code == 409
    assert "used for other sources" in other.json()["detail"]
    assert len(site.store.jobs()) == 2
    assert order("k" * 256, "https://news.example/1").status_code == 422


def test_an_upload_that_is_sent_again_is_accepted_once(site: Site) -> None:
    answers = [
        send(site, lines(5), "application/x-ndjson", headers={"idempotency-key": "nightly"}).json()
        for _ in range(2)
    ]
    assert answers[0] == answers[1]
    assert site.store.totals().items == 5


def test_the_first_request_with_a_key_is_not_overtaken(site: Site) -> None:
    now = time.time()
    order = site.store.open_order("k", "", ["in"], now, accepting_until=now + 60)
    answer = send(site, lines(1), "application/x-ndjson", headers={"idempotency-key": "k"})
    assert (answer.status_code, answer.headers["retry-after"]) == (409, "5")
    assert order.job in answer.json()["detail"]


def test_many_uploads_at_once_each_become_their_job(open_site: Callable[..., Site]) -> None:
    site = open_site()

    async def call() -> list[Response]:
        transport = ASGITransport(create_app(site.store, site.settings))
        async with AsyncClient(transport=transport, base_url=ORIGIN, timeout=PATIENCE) as client:
            headers = {"content-type": "application/x-ndjson"}
            sent = (
                client.post("/api/jobs", content=lines(20, first=100 * n), headers=headers) for n in range(6)
            )
            return list(await asyncio.gather(*sent))

    answers = [answer.json() for answer in asyncio.run(call())]
    assert [one["items"] for one in answers] == [20] * 6
    assert len({one["job"] for one in answers}) == 6
