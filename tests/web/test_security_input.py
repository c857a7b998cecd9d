"""Odd input at every door, on both databases: refused or answered, never an error of ours."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.routing import iter_route_contexts
from web_site import Site, article, new_item

from pipeline.settings import Settings
from pipeline.store.contract import Store

#: NUL is no text for PostgreSQL, lone surrogates are none for UTF-8; the others mean something to SQL,
#: to LIKE, or to numbers
ODD = (
    "\x00", "a\x00b", "\ud800", "%", "\\", "' OR 1=1 --", "-1", "10" * 30, "nan", "..", "a" * 3_000, "\u202e",
)  # fmt: skip
#: those that found something once, or would
WORST = ("\x00", "a\ud800", "10" * 30)
#: what pages read of their address without a declaration
PLAIN = {"/failures": ("retried",), "/": ("refresh",), "/jobs/{job}": ("outcome", "retried", "refresh")}


@pytest.fixture
def filled(store: Store, store_settings: Settings) -> Site:
    """A site on each kind of database, with a row of each kind."""
    made = Site(store, store_settings)
    made.job([new_item("a"), new_item("b")])
    made.finish({"a": article()})
    store.add_feed("https://news.example/feed.xml", 1_000.0, None, None)
    return made


def doors(site: Site) -> Iterator[tuple[str, list[str]]]:
    """(path, names of its parameters) of everything that is read."""
    for route in iter_route_contexts(site.app.routes):
        if "GET" in (route.methods or set()) and "events" not in (route.path or ""):
            known = getattr(route, "dependant", None)
            yield route.path or "", [one.alias for one in known.query_params] if known else []


def test_no_odd_value_in_an_address_is_an_error_of_ours(filled: Site) -> None:
    asked = 0
    for path, names in doors(filled):
        for odd in WORST:
            value = quote(odd.encode("utf-8", "surrogatepass"), safe="")
            targets = [re.sub(r"\{\w+\}", value, path)] if "{" in path else []
            plain = re.sub(r"\{\w+\}", "1", path)
            targets += [
                f"{plain}?{name}={value}" for name in {*names, "q", "job", "outcome", "health", "limit"}
            ]
            for target in targets:
                answer = filled.browser.get(target)
                asked += 1
                assert answer.status_code < 500 or target.startswith("/readyz"), (target, answer.text[:500])
    assert asked > 100


@pytest.mark.parametrize(
    ("method", "path", "bodies"),
    [
        ("POST", "/api/jobs", [{"sources": [odd]} for odd in ODD]),
        ("POST", "/api/feeds", [{"url": f"https://h/{odd}", "title": odd} for odd in ODD]),
        ("PATCH", "/api/feeds/1", [{"title": odd} for odd in ODD]),
        ("POST", "/api/retry", [{name: odd} for odd in ODD for name in ("job", "code", "host")]),
    ],
)
def test_no_odd_value_in_a_body_is_an_error_of_ours(
    filled: Site, method: str, path: str, bodies: list[Any]
) -> None:
    for body in bodies:
        sent = json.dumps(body)
        answer = filled.api.request(method, path, content=sent, headers={"content-type": "application/json"})
        assert answer.status_code < 500, (body, answer.text[:500])


@pytest.mark.parametrize("body", [b"[" * 500_000, b'{"a":' * 200_000, b"\xff", b"", b"1" * 1_000_000])
def test_no_nesting_is_too_deep_for_the_api(site: Site, body: bytes) -> None:
    for path in ("/api/jobs", "/api/feeds", "/api/retry"):
        answer = site.api.post(path, content=body, headers={"content-type": "application/json"})
        assert 400 <= answer.status_code < 500, answer.text[:300]


def test_a_search_for_signs_of_like_finds_what_holds_them_only(filled: Site) -> None:
    for word in ("harb%r", "harb_ur", "h%"):
        found = filled.api.get("/api/articles", params={"q": f'"{word} reopens"'})
        assert found.json().get("articles", []) == [], word
    assert len(filled.api.get("/api/articles", params={"q": "harbour"}).json()["articles"]) == 1


@pytest.mark.parametrize("limit", ["0", "-1", "1001", "1000000000", "1e3", "x"])
def test_no_list_is_longer_than_a_thousand(site: Site, limit: str) -> None:
    for path in ("/api/jobs", "/api/articles"):
        assert site.api.get(path, params={"limit": limit}).status_code == 422
