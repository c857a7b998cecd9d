"""What clients rely on beside the documents: pages, entity tags, forms of an article, methods, rates."""

from __future__ import annotations

import asyncio
import io
import re
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from event_stream import Event, Watcher
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet
from pydantic import TypeAdapter
from web_site import Site, article, linked, new_item

from pipeline.errors import SettingsError
from pipeline.model import Problem
from pipeline.store.parquet import MEDIA_TYPE
from workers.web.api.answers import preferred
from workers.web.api.parameters import Moment, seconds_of
from workers.web.backend import Backend
from workers.web.quota import Quota
from workers.web.rates import MOST_CLIENTS, Rate, Rates, rate_of

GONE = Problem(code="gone", message="The page is gone for good.")


@pytest.fixture
def job(site: Site) -> str:
    made = site.job([new_item("a"), linked("lost"), new_item("b"), new_item("c")])
    site.finish({"a": article(), "lost": GONE, "b": article("Ferry", "The ferry sank.")})
    return made


def test_pages_lead_on_by_their_next_and_by_the_link(site: Site, job: str) -> None:
    address, seen = f"/api/jobs/{job}/items?limit=3", []
    while address:
        answer = site.api.get(address)
        seen += [item["name"] for item in answer.json()["items"]]
        link = re.fullmatch(r'<(\?.*)>; rel="next"', answer.headers.get("link", ""))
        assert bool(link) is (answer.json()["next"] is not None)
        address = f"/api/jobs/{job}/items{link[1]}" if link else ""
    assert seen == ["c", "b", "lost", "a"]


@pytest.mark.parametrize("listing", ["jobs", "articles", "articles?q=ferry", "feeds", "failures"])
def test_a_cursor_that_is_none_is_told_in_words(site: Site, listing: str) -> None:
    answer = site.api.get(f"/api/{listing}", params={"cursor": "x", **({"q": "a"} if "?" in listing else {})})
    assert (answer.status_code, answer.json()["code"]) == (404, "cursor")
    assert "begin again without a cursor" in answer.json()["detail"]


def test_who_has_it_already_is_not_sent_it_again(site: Site, job: str) -> None:
    for address in ("/api/articles/1", "/api/articles/1.md", f"/api/jobs/{job}"):
        first = site.api.get(address)
        tag = first.headers["etag"]
        for named in (tag, f'"other", W/{tag}', "*"):
            again = site.api.get(address, headers={"if-none-match": named})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert site.api.get(address, headers={"if-none-match": '"other"'}).content == first.content


def test_an_article_comes_in_the_form_that_is_asked_for(site: Site, job: str) -> None:
    for address, accept, kind, begins in (
        ("/api/articles/1", "*/*", "application/json", "{"),
        ("/api/articles/1", "text/markdown, */*;q=0.5", "text/markdown", "# Harbour reopens\n\nThe"),
        ("/api/articles/1", "text/*", "text/markdown", "# Harbour"),
        ("/api/articles/1", "image/png", "application/json", "{"),
        ("/api/articles/1.md", "*/*", "text/markdown", "# Harbour reopens\n\nThe"),
        ("/api/articles/1.txt", "*/*", "text/plain", "Harbour reopens\n\nThe"),
    ):
        answer = site.api.get(address, headers={"accept": accept})
        assert answer.headers["content-type"].startswith(kind), accept
        assert answer.text.startswith(begins)


def test_a_job_is_cancelled_and_one_that_has_ended_is_not(site: Site, job: str) -> None:
    for _ in range(2):
        answer = site.api.post(f"/api/jobs/{job}/cancel")
        assert (answer.status_code, answer.json()["job"]) == (202, job)
        assert answer.json()["cancelled_at"]
    assert site.store.being_cancelled() == [job]
    over = site.job([new_item("d")])
    site.finish({"d": article("Over", "It is over.")})
    told = site.api.post(f"/api/jobs/{over}/cancel")
    assert (told.status_code, told.json()["code"], told.json()["type"]) == (409, "ended", "/docs#ended")
    assert site.api.post("/api/jobs/none/cancel").status_code == 404


def test_an_export_comes_in_the_format_that_is_asked_for(site: Site, job: str) -> None:
    for query, accept, kind, ending in (
        ("", "*/*", "application/x-ndjson", "jsonl"),
        ("", "text/csv", "text/csv", "csv"),
        ("", "application/ld+json", "application/x-ndjson", "jsonld"),
        ("?format=markdown", "text/csv", "text/markdown", "md"),
        ("", MEDIA_TYPE, MEDIA_TYPE, "parquet"),
    ):
        answer = site.api.get(f"/api/export{query}", headers={"accept": accept})
        assert answer.headers["content-type"].startswith(kind)
        assert answer.headers["content-disposition"] == f'attachment; filename="articles.{ending}"'
    table = parquet.read_table(io.BytesIO(answer.content))
    assert sorted(table.column("title").to_pylist()) == ["Ferry", "Harbour reopens"]
    refused = site.api.get("/api/export?format=xml")
    assert (refused.status_code, "jsonl, jsonld, csv" in refused.json()["detail"]) == (422, True)


@given(accept=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60))
def test_any_accept_header_has_an_answer(accept: str) -> None:
    assert preferred(accept, ("application/json", "text/plain")) in ("application/json", "text/plain")


def test_near_duplicates_are_told_from_each_other(site: Site) -> None:
    site.job([new_item("a"), new_item("b"), new_item("c")])
    near = {"simhash": "00000000000000ff"}
    site.finish(
        {
            "a": article("One", "Text of one.", **near),
            "b": article("Two", "Text of two.", **near),
            "c": article("Three", "Another.", simhash="ff00ff00ff00ff00"),
        }
    )
    titles = {row.id: row.title for row in site.store.articles()}
    for number, title in titles.items():
        told = [one["title"] for one in site.api.get(f"/api/articles/{number}/near").json()["articles"]]
        assert told == {"One": ["Two"], "Two": ["One"], "Three": []}[title or ""]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("1970-01-01", 0),
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T02:30:00.5 02:00", 1800.5),  # as a plus sign arrives that was not escaped
        ("1970-01-01 00:30", 1800),
        ("1970-01-01t00:00:60z", 59),
        ("1969-12-31T22-02", 0),
    ],
)
def test_moments_are_read_as_people_and_programs_write_them(written: str, day: float) -> None:
    assert seconds_of(TypeAdapter(Moment).validate_python(written)) == day


@pytest.mark.parametrize("address", ["/api/jobs", "/api/export", "/api/articles/1", "/jobs", "/healthz"])
def test_head_is_get_without_its_body(site: Site, job: str, address: str) -> None:
    got, asked = site.api.get(address), site.api.request("HEAD", address)
    assert (asked.status_code, asked.content) == (got.status_code, b"")
    assert asked.headers["content-type"] == got.headers["content-type"]
    assert asked.headers.get("content-length") == got.headers.get("content-length")


def test_head_of_events_ends_though_the_job_goes_on(site: Site, job: str) -> None:
    assert site.api.request("HEAD", f"/api/jobs/{job}/events").status_code == 200


def test_a_stopping_server_ends_the_events_of_a_job_that_goes_on_without_saying_that_it_is_done(
    site: Site,
) -> None:
    job = site.store.open_job(["in"], 1_000.0, 1_060.0)

    async def until_the_end() -> list[Event]:
        watcher = await Watcher(site.whole).open(f"/api/jobs/{job}/events")
        await watcher.until(bool)
        site.app.state.live.close()
        return await watcher.ended()

    assert [name for name, _ in asyncio.run(until_the_end())] == ["status"]


def test_what_there_is_no_method_for_is_told_which_there_are(site: Site) -> None:
    for method, status in (("OPTIONS", 204), ("PUT", 405), ("TRACE", 405), ("BREW", 405)):
        answer = site.api.request(method, "/api/feeds/1")
        assert (answer.status_code, answer.headers["allow"]) == (status, "DELETE, GET, HEAD, OPTIONS, PATCH")
    assert site.api.request("OPTIONS", "/api/nothing").status_code == 404
    assert site.api.request("PUT", "/healthz").status_code == 405


# -- rates --------------------------------------------------------------------------------------


def test_requests_are_counted_and_told(open_site: Callable[..., Site]) -> None:
    site = open_site(api_rate="3/h")
    answers = [site.api.get("/api/jobs") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [answer.headers["ratelimit"].partition(";t=")[0] for answer in answers[:3]] == [
        f'"api";r={left}' for left in (2, 1, 0)
    ]
    assert answers[0].headers["ratelimit-policy"] == '"api";q=3;w=3600'
    assert 0 < int(answers[3].headers["retry-after"]) <= 1200
    assert answers[3].json()["status"] == 429
    # What people look at, and what watches over us, is not counted.
    assert {site.api.get(address).status_code for address in ("/", "/healthz", "/static/style.css")} == {200}


@given(
    rate=st.builds(Rate, st.integers(1, 50), st.sampled_from([1, 60, 3600])),
    gaps=st.lists(st.floats(0, 100), max_size=100),
)
def test_no_client_gets_more_than_its_rate(rate: Rate, gaps: list[float]) -> None:
    rates, now, passed = Rates(rate), 0.0, 0
    for gap in gaps:
        now += gap
        allowance = rates.take("192.0.2.1", False, now)
        passed += allowance.passes
        assert 0 <= allowance.left <= rate.requests
        assert passed <= rate.requests + now * rate.requests / rate.seconds + 1e-3
        if not allowance.passes:
            assert rates.take("192.0.2.1", False, now + allowance.wait + 1e-6).passes
            now, passed = now + allowance.wait + 1e-6, passed + 1


def test_clients_are_told_apart_and_forgotten() -> None:
    rates = Rates(Rate(1, 60))
    assert rates.take("2001:db8::1", False, 0.0).passes
    assert not rates.take("2001:db8::2", False, 0.0).passes
    assert rates.take("2001:db8:1::2", False, 0.0).passes
    assert rates.take("2001:db8::1", True, 0.0).passes
    for number in range(MOST_CLIENTS):
        rates.take(f"client {number}", False, 0.0)
    assert len(rates._full_at) == MOST_CLIENTS


def taken(quotas: Sequence[Quota], address: str = "192.0.2.1") -> list[bool]:
    """Whether each passes, of requests that come to them in turn."""

    async def take() -> list[bool]:
        return [(await quota.take(address, False, time.monotonic())).passes for quota in quotas]

    return asyncio.run(take())


def test_all_processes_count_together(site: Site, redis_url: str) -> None:
    settings = replace(site.settings, redis_url=redis_url, redis_prefix="rates")
    first, second = (Quota(Rate(3, 3600), Backend(site.store, settings), patience=60.0) for _ in range(2))
    assert taken([first, second, first, second, first]) == [True, True, True, False, False]
    assert taken([second, second, second, second], "192.0.2.2") == [True, True, True, False]
    # What Redis forgot is still known to whoever saw it.
    Backend(site.store, settings).stages().ask(lambda redis: redis.delete("rates:rate:192.0.2.2 False"))
    assert taken([second, first], "192.0.2.2") == [False, True]


def test_many_processes_let_no_more_through_than_one_and_hardly_less(site: Site, redis_url: str) -> None:
    settings = replace(site.settings, redis_url=redis_url, redis_prefix="many")
    quotas = [Quota(Rate(500, 3600), Backend(site.store, settings), patience=60.0) for _ in range(3)]
    passed = sum(taken(quotas * 200))
    assert 490 <= passed <= 501  # one more may come in the time that this takes


def test_while_redis_hangs_each_process_counts_alone(site: Site, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(tmp_path / "silent"))
        silent.listen()
        hangs = Backend(site.store, replace(site.settings, redis_url=f"unix://{tmp_path}/silent"))
        assert taken([Quota(Rate(3, 3600), hangs, patience=0.01)] * 5) == [True, True, True, False, False]


@pytest.mark.parametrize("text", ["", "many", "0/s", "-1/s", "1/day", "1", "1/s/s"])
def test_a_rate_that_is_none_is_refused_when_the_server_starts(text: Any) -> None:
    with pytest.raises(SettingsError, match="FEEDMILL_API_RATE"):
        rate_of(text)
    assert rate_of("off") is None
    assert rate_of(" 600/min ") == Rate(600, 60)
