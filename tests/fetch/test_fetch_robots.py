"""robots.txt by RFC 9309: what a file says, and what the answer to asking for it means."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest
from fetch_web import Answer, Web, page, raw, redirect, status
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import SourceError
from pipeline.fetch.client import Client
from pipeline.fetch.robots import (
    MOST_READ,
    Robots,
    RobotsFile,
    fetch_robots,
    origin_of,
    product_token,
)
from pipeline.packing import pack, unpack
from pipeline.settings import Settings

SITE = "https://example.com"
NOW = 1_800_000_000.0
DAY, HOUR = 86_400.0, 3_600.0
QUICK = Settings(
    host_delay=0.0, fetch_seconds=3.0, first_byte_seconds=2.0, allow_addresses="127.0.0.0/8", robots="obey"
)


def run(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(work)


def file(text: str | bytes, state: str = "rules", **known: Any) -> RobotsFile:
    body = text if isinstance(text, bytes) else text.encode()
    times = {"fetched_at": NOW, "expires_at": NOW + DAY, **known}
    return RobotsFile(origin=SITE, state=state, body=body, **times)  # type: ignore[arg-type]


def robots(text: str | bytes, agent: str = "Feedmill/0.1 (+mailto:me@example.com)") -> Robots:
    return Robots(file(text), agent)


RULES = """
# a comment
User-agent: *
Disallow: /private/
Allow: /private/open
Disallow: /*.pdf$
Disallow: /search?
Disallow: /*?sort=
Disallow: /caf%C3%A9
Disallow: /a%2Fb
Disallow: /price$list
Disallow: /*/print/*
"""


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/", True),
        ("/private/x", False),
        ("/private", True),
        ("/private/open", True),
        ("/private/opener?x=1", True),
        ("/a/paper.pdf", False),
        ("/a/paper.pdf?download=1", True),
        ("/search?q=1", False),
        ("/search", True),
        ("/list?sort=up", False),
        ("/list?page=2&sort=up", True),
        ("/café", False),
        ("/caf%c3%a9", False),
        ("/cafe", True),
        ("/a%2fb", False),
        ("/a/b", True),
        ("/price$list", False),
        ("/news/print/7", False),
        ("/robots.txt", True),
        ("/PRIVATE/x", True),
        ("/%70rivate/x", False),
        ("/x#/private/", True),
    ],
)
def test_paths_are_matched_as_the_rfc_says(path: str, allowed: bool) -> None:
    assert robots(RULES).allows(SITE + path) is allowed


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        # RFC 9309, 2.2.1: the group that names us alone counts
        ("User-agent: *\nDisallow: /\n\nUser-agent: feedmill\nDisallow: /x", "/y", True),
        ("User-agent: FEEDMILL\nDisallow: /x\n\nUser-agent: *\nAllow: /", "/x", False),
        ("User-agent: Feedmill/2.0\nDisallow: /x", "/x", False),
        # also when it says nothing
        ("User-agent: *\nDisallow: /\n\nUser-agent: feedmill\nDisallow:", "/y", True),
        # groups of the same name are one
        ("User-agent: feedmill\nAllow: /\n\nUser-agent: x\nAllow: /\n\nUser-agent: feedmill\nDisallow: /b",
         "/b", False),
        # several agents to one group
        ("User-agent: x\nUser-agent: feedmill\n\nDisallow: /", "/", False),
        ("User-agent: x\nSitemap: https://example.com/s.xml\nUser-agent: *\nDisallow: /", "/", False),
        ("User-agent: x\nUnheard-of: yes\nUser-agent: *\nDisallow: /", "/", False),
        # a group of Crawl-delay alone is a group
        ("User-agent: *\nCrawl-delay: 5\nUser-agent: x\nDisallow: /", "/", True),
        # a part of our name is another's name
        ("User-agent: feed\nDisallow: /", "/", True),
        ("User-agent: mill\nDisallow: /", "/", True),
        ("User-agent: feedmillbot\nDisallow: /", "/", True),
        # the longest match wins, and allow at a tie
        ("User-agent: *\nDisallow: /a\nAllow: /a", "/a", True),
        ("User-agent: *\nAllow: /a\nDisallow: /a/b", "/a/b/c", False),
        ("User-agent: *\nDisallow: /*\nAllow: /p", "/p", True),
        # rules before any agent are nobody's
        ("Disallow: /\nUser-agent: x\nDisallow: /", "/", True),
        # lines as people write them
        ("\ufeffUser-agent: *\nDisallow: /", "/", False),
        ("User-agent: *\rDisallow: /x\r\nDisallow: /y", "/y", False),
        ("  user-AGENT  :  *  # all\n\tdisallow\t: /x # no", "/x", False),
        ("User-agent: *\nDisalow: /x", "/x", False),
        ("User-agent: *\nDisallow: /a\x0cAllow: /", "/a", True),
        # no robots.txt at all
        ("", "/", True),
        ("<!DOCTYPE html><html><body>User-agent: you may not Disallow: / this</body></html>", "/", True),
        ("\x00\xff\xfe garbage", "/", True),
    ],
    ids=range(24),
)  # fmt: skip
def test_groups_and_lines(text: str, path: str, allowed: bool) -> None:
    assert robots(text).allows(SITE + path) is allowed


def test_a_file_that_is_no_utf8_is_read_all_the_same() -> None:
    assert not robots(b"User-agent: *\nDisallow: /caf\xe9\nDisallow: /x").allows(SITE + "/x")


@pytest.mark.parametrize(
    ("text", "delay"),
    [
        ("User-agent: *\nCrawl-delay: 2.5", 2.5),
        ("User-agent: feedmill\nDisallow: /x\nCrawl-delay: 10\n\nUser-agent: *\nCrawl-delay: 1", 10.0),
        ("User-agent: *\nRequest-rate: 1/30s", 30.0),
        ("User-agent: *\nRequest-rate: 4/2m 0600-0900\nCrawl-delay: 3", 30.0),
        ("User-agent: *\nCrawl-delay: 99999999", HOUR),
        ("User-agent: *\nCrawl-delay: -1", None),
        ("User-agent: *\nCrawl-delay: soon", None),
        ("User-agent: *\nCrawl-delay: nan", None),
        ("User-agent: other\nCrawl-delay: 7", None),
        ("", None),
    ],
)
def test_delays_that_the_site_asks_for(text: str, delay: float | None) -> None:
    assert robots(text).delay == delay


def test_without_rules_the_state_decides() -> None:
    allow, away = Robots(file(b"", "allow"), "Feedmill"), Robots(file(b"", "away"), "Feedmill")
    assert (allow.allows(SITE + "/x"), away.allows(SITE + "/x")) == (True, False)
    assert away.allows(SITE + "/robots.txt")
    assert (allow.delay, away.delay) == (None, None)


@pytest.mark.parametrize(
    ("agent", "token"),
    [
        ("Feedmill/0.1 (+https://example.com)", "Feedmill"),
        ("Feedmill", "Feedmill"),
        ("News-Bot 2", "News-Bot"),
        ("Mozilla/5.0 (compatible; Examplebot/1.0; +https://example.com)", "Examplebot"),
        ("", "*"),
    ],
)
def test_the_product_token_of_a_user_agent(agent: str, token: str) -> None:
    assert product_token(agent) == token
    assert product_token(token) == token


def test_an_origin_is_scheme_host_and_unusual_port() -> None:
    assert origin_of("HTTPS://User:secret@Example.COM:443/a?b#c") == "https://example.com"
    assert origin_of("http://example.com:8080/") == "http://example.com:8080"
    with pytest.raises(SourceError):
        origin_of("ftp://example.com/")


@pytest.mark.parametrize(
    "text",
    [
        b"User-agent: x%d\n" * 30_000 + b"Disallow: /x\n" * 3_000,
        b"".join(b"User-agent: b%d\n" % n for n in range(20_000)) + b"Allow: /a\n" * 9_000,
        b"User-agent: *\n" + b"Disallow: /" + b"*a" * 200_000,
        b"User-agent: *\n" + b"Disallow: /*a*b*c*d*e*f$\n" * 18_000,
        b"User-agent" + b" " * 500_000 + b"x",
        b"#" * MOST_READ,
    ],
    ids=["one agent again and again", "many agents", "one long rule", "many rules", "blanks", "comment"],
)  # fmt: skip
def test_hostile_files_take_no_longer_than_their_length(text: bytes) -> None:
    began = time.process_time()
    rules = robots(text[:MOST_READ])
    rules.allows(SITE + "/" + "abcdef" * 300)
    assert time.process_time() - began < 3.0


@given(st.binary(max_size=300), st.text(max_size=60))
def test_no_file_and_no_address_raises(body: bytes, path: str) -> None:
    rules = robots(body)
    assert rules.allows(SITE + "/" + path) in (True, False)
    assert rules.delay is None or rules.delay >= 0


LINES = [
    "User-agent: *",
    "User-agent: feedmill",
    "User-agent: x",
    "Disallow: /a",
    "Disallow: /",
    "Allow: /a/b",
]


@given(st.lists(st.sampled_from(LINES), max_size=12))
def test_what_is_said_of_others_never_matters(lines: list[str]) -> None:
    text = "\n".join([*lines, "Disallow:"])
    others = "\n\nUser-agent: somebody\nDisallow: /\n"
    assert robots(text + others).allows(SITE + "/a/c") == robots(text).allows(SITE + "/a/c")


def asked(answer: Answer | dict[str, Answer], **known: Any) -> tuple[RobotsFile, list[str]]:
    """What fetch_robots makes of a server that answers so, and the paths that were asked for."""

    async def ask() -> tuple[RobotsFile, list[str]]:
        pages = answer if isinstance(answer, dict) else {"/robots.txt": answer}
        async with Web(pages) as web, Client(QUICK) as client:
            return await fetch_robots(client, web.url("/news/a?b=c"), now=NOW, **known), web.paths()

    found: tuple[RobotsFile, list[str]] = run(ask())
    return found


def test_a_file_is_kept_for_a_day() -> None:
    found, paths = asked(page(RULES.encode(), "text/plain"))
    assert paths == ["/robots.txt"]
    assert (found.state, found.body) == ("rules", RULES.encode())
    assert (found.fetched_at, found.expires_at) == (NOW, NOW + DAY)
    assert unpack(pack(found), RobotsFile) == found


@pytest.mark.parametrize(
    ("cache_control", "seconds"),
    [("max-age=7200", 7200.0), ("max-age=9999999", DAY), ("max-age=1", 300.0), ("no-cache", DAY)],
)
def test_it_is_kept_as_the_server_says_within_bounds(cache_control: str, seconds: float) -> None:
    found, _ = asked(page(b"User-agent: *", "text/plain", cache_control=cache_control))
    assert found.expires_at - NOW == seconds


@pytest.mark.parametrize("code", [400, 401, 403, 404, 410, 451])
def test_a_refusal_means_that_there_are_no_rules(code: int) -> None:
    found, _ = asked(page(b"User-agent: *\nDisallow: /", code=code))
    assert (found.state, found.body, found.expires_at) == ("allow", b"", NOW + DAY)


@pytest.mark.parametrize("code", [429, 500, 502, 503])
def test_a_server_in_trouble_may_not_be_fetched_from_for_now(code: int) -> None:
    found, _ = asked(status(code))
    assert (found.state, found.expires_at) == ("away", NOW + 600)


def test_a_server_that_breaks_off_may_not_be_fetched_from_for_now() -> None:
    found, _ = asked(raw(b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\nUser-ag"))
    assert found.state == "away"


def test_the_time_that_the_server_names_is_waited() -> None:
    found, _ = asked(status(503, retry_after="5000"))
    assert found.expires_at == NOW + 5000
    found, _ = asked(status(429, retry_after="9999999"))
    assert found.expires_at == NOW + DAY


def test_while_it_is_away_the_wait_grows_to_an_hour() -> None:
    waits, before = [], None
    for _ in range(5):
        before, _paths = asked(status(500), before=before)
        waits.append(before.expires_at - NOW)
    assert waits == [600, 1200, 2400, 3600, 3600]


def test_rules_hold_while_the_file_cannot_be_had_but_not_for_ever() -> None:
    known = file(RULES, fetched_at=NOW - 2 * DAY, expires_at=NOW - DAY)
    found, _ = asked(status(500), before=known)
    assert (found.state, found.body, found.fetched_at) == ("rules", RULES.encode(), NOW - 2 * DAY)
    assert found.expires_at == NOW + 600
    found, _ = asked(status(500), before=file(RULES, fetched_at=NOW - 31 * DAY))
    assert found.state == "away"


def test_five_redirects_are_followed_also_to_other_hosts() -> None:
    async def ask() -> RobotsFile:
        async with Web({"/r.txt": page(RULES.encode(), "text/plain")}) as other:
            hops = {f"/{n}": redirect(f"/{n + 1}") for n in range(1, 4)}
            hops |= {"/robots.txt": redirect("/1"), "/4": redirect(other.url("/r.txt", "localhost"), 301)}
            async with Web(hops) as web, Client(QUICK) as client:
                return await fetch_robots(client, web.url("/x"), now=NOW)

    found = run(ask())
    assert (found.state, found.body) == ("rules", RULES.encode())


def test_redirects_without_end_mean_that_there_is_none() -> None:
    found, _ = asked(redirect("/robots.txt"))
    assert found.state == "allow"


def test_a_long_file_is_cut() -> None:
    line = b"Disallow: /%07d\n"
    body = b"User-agent: *\n" + b"".join(line % n for n in range(60_000))
    found, _ = asked(page(body, "text/plain"))
    assert len(found.body) == MOST_READ
    rules = Robots(found, "Feedmill")
    assert not rules.allows(found.origin + "/0000001")
    assert rules.allows(found.origin + "/0059999")


def test_html_in_its_place_holds_no_rules() -> None:
    found, _ = asked(page(b"<!DOCTYPE html><title>Welcome</title><p>Disallow: /</p>"))
    assert Robots(found, "Feedmill").allows(found.origin + "/")


def test_the_turn_is_taken_and_what_it_raises_goes_through() -> None:
    class Moved(Exception):
        pass

    taken: list[str] = []

    @asynccontextmanager
    async def turn(url: str) -> AsyncIterator[None]:
        taken.append(url)
        if len(taken) == 2:
            raise Moved(url)
        yield

    with pytest.raises(Moved):
        asked({"/robots.txt": redirect("/other.txt")}, turn=turn)
    assert [url.rpartition("/")[2] for url in taken] == ["robots.txt", "other.txt"]
