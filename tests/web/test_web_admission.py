"""Who gets in: hosts, origins, the token and its session."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from fastapi.routing import iter_route_contexts
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers
from web_site import ORIGIN, Site

from workers.web import session
from workers.web.admission import SAFE, is_cross_site, is_known_host
from workers.web.gate import HEADERS

TOKEN = "a long and secret token"


@pytest.fixture
def guarded(open_site: Callable[..., Site]) -> Site:
    """A site with a token."""
    return open_site(api_token=TOKEN)


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("127.0.0.1:8000", True),
        ("localhost", True),
        ("feedmill.localhost:8000", True),
        ("[::1]:8000", True),
        ("192.168.1.7", True),
        ("web:8000", True),
        ("", True),
        ("News.Example:443", True),
        ("rebound.example", False),
        ("127.0.0.1.rebound.example", False),
        ("rebound.example.:8000", False),
        ("x@localhost", False),
        ("rebound.example#.localhost", False),
        ("[rebound.example]", False),
    ],
)
def test_a_name_that_others_may_point_here_is_unknown(host: str, known: bool) -> None:
    assert is_known_host(host, "other.example, news.example") is known
    assert is_known_host(host, "*")


@pytest.mark.parametrize(
    ("headers", "cross"),
    [
        ({"sec-fetch-site": "same-origin", "origin": "null"}, False),
        ({"sec-fetch-site": "none"}, False),
        ({"sec-fetch-site": "same-site", "origin": "http://here:8000"}, True),
        ({"sec-fetch-site": "cross-site"}, True),
        ({"origin": "http://here:8000"}, False),
        ({"origin": "http://here:9000"}, True),
        ({"origin": "http://there"}, True),
        ({"origin": "null"}, True),
    ],
)
def test_a_form_of_another_site_is_told_by_its_headers(headers: dict[str, str], cross: bool) -> None:
    sent = Headers({"host": "here:8000"} | headers)
    assert is_cross_site(sent, needs_proof=False) is cross
    assert is_cross_site(sent, needs_proof=True) is cross


@given(st.text(max_size=40), st.text(max_size=40), st.integers(0, 2**40))
def test_a_session_holds_for_its_token_and_its_time_only(token: str, other: str, now: int) -> None:
    cookie = session.issue(token, now, "nonce")
    assert session.is_valid(token, cookie, now + session.SECONDS - 1)
    assert not session.is_valid(token, cookie, now + session.SECONDS)
    assert session.is_valid(other, cookie, now) is (other == token)
    assert session.is_token(token, other) is (other == token)


@given(st.text(max_size=80))
def test_no_made_up_cookie_is_a_session(cookie: str) -> None:
    assert not session.is_valid(TOKEN, cookie, 0)


def writing_routes(site: Site) -> Iterator[tuple[str, str]]:
    """(method, path) of everything that may change something."""
    for route in iter_route_contexts(site.app.routes):
        for method in sorted((route.methods or set()) - SAFE):
            yield method, re.sub(r"\{\w+\}", "1", route.path or "")


def test_everything_that_writes_needs_the_token(guarded: Site) -> None:
    routes = set(writing_routes(guarded))
    assert {("POST", "/api/jobs"), ("DELETE", "/api/feeds/1"), ("POST", "/retry")} <= routes
    for method, path in sorted(routes - {("POST", "/login")}):
        for headers in (
            {},
            {"authorization": "Bearer wrong"},
            {"cookie": f"{session.COOKIE}=9999999999.wrong"},
            {"cookie": f"{session.COOKIE}={TOKEN}"},
        ):
            assert guarded.browser.request(method, path, headers=headers).status_code == 401, path


def test_everything_that_writes_refuses_forms_of_other_sites(site: Site) -> None:
    for method, path in writing_routes(site):
        for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}):
            assert site.api.request(method, path, headers=headers).status_code == 403, path
    assert site.api.post("/retry").status_code == 403


def test_the_api_takes_the_token_in_a_header(guarded: Site) -> None:
    order = {"sources": ["https://news.example/a"]}
    refused = guarded.api.post("/api/jobs", json=order)
    assert refused.headers["www-authenticate"] == "Bearer"
    assert refused.headers["content-type"] == "application/problem+json"
    for header in (f"Bearer {TOKEN}", f"bearer  {TOKEN} "):
        answer = guarded.api.post("/api/jobs", json=order, headers={"authorization": header})
        assert answer.status_code == 201
    for header in (f"Bearer {TOKEN}x", "Bearer", TOKEN, f"Basic {TOKEN}"):
        answer = guarded.api.post("/api/jobs", json=order, headers={"authorization": header})
        assert answer.status_code == 401


def test_a_method_that_nothing_takes_is_told_before_the_token_is_asked_for(guarded: Site) -> None:
    for method, path, allowed in (
        ("POST", "/api/articles", "GET, HEAD, OPTIONS"),
        ("PATCH", "/api/jobs", "GET, HEAD, OPTIONS, POST"),
        ("DELETE", "/api/retry", "OPTIONS, POST"),
    ):
        answer = guarded.api.request(method, path)
        assert (answer.status_code, answer.headers["allow"]) == (405, allowed)
    assert guarded.api.post("/api/nothing").status_code == 401


def test_reading_needs_no_token_and_shows_nothing_that_writes(guarded: Site) -> None:
    assert guarded.api.get("/api/jobs").status_code == 200
    for address in ("/", "/feeds", "/failures"):
        shown = guarded.browser.get(address).text
        assert 'method="post"' not in shown
        assert "Sign in" in shown
        assert TOKEN not in shown


def test_a_browser_signs_in_writes_and_signs_out(guarded: Site) -> None:
    browser = guarded.browser
    assert browser.post("/login", data={"token": "wrong"}).status_code == 401
    answer = browser.post("/login", data={"token": TOKEN}, follow_redirects=False)
    given = answer.headers["set-cookie"]
    assert "HttpOnly" in given
    assert "SameSite=strict" in given
    assert TOKEN not in given
    assert 'action="/enqueue"' in browser.get("/").text
    assert browser.post("/feeds", data={"url": "https://news.example/feed.xml"}).status_code == 200
    assert len(guarded.store.feeds()) == 1
    assert browser.post("/logout").status_code == 200
    assert browser.post("/feeds/1/remove").status_code == 401


def test_a_session_is_no_key_to_the_api(guarded: Site) -> None:
    guarded.browser.post("/login", data={"token": TOKEN})
    assert guarded.browser.delete("/api/feeds/1").status_code == 401


def test_the_token_is_not_shown_with_the_settings(guarded: Site) -> None:
    assert TOKEN not in repr(guarded.settings)


def test_an_unknown_host_is_told_which_setting_to_change(site: Site) -> None:
    answer = site.browser.get("/", headers={"host": "rebound.example"})
    assert answer.status_code == 421
    assert "FEEDMILL_WEB_HOSTS" in answer.text


@pytest.mark.parametrize(
    "address", ["/", "/nowhere", "/api/jobs", "/api/nowhere", "/static/style.css", "/healthz"]
)
def test_every_answer_has_its_security_headers(site: Site, address: str) -> None:
    for headers in ({}, {"host": "rebound.example"}):
        answer = site.browser.get(address, headers=headers)
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
        assert "access-control-allow-origin" not in answer.headers


def test_the_site_knows_itself_by_the_origin_of_the_tests(site: Site) -> None:
    assert site.api.post("/feeds/poll", headers={"origin": ORIGIN}).status_code == 200
