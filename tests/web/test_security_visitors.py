"""Who is at the door: guessing is slowed, sessions end, reading can be guarded."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from fastapi.routing import iter_route_contexts
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, text
from starlette.datastructures import Headers
from web_site import ORIGIN, Client, Site, article, new_item

from pipeline.errors import SettingsError
from workers.web import session
from workers.web.app import create_app
from workers.web.attempts import BURST, MOST_CLIENTS, SECONDS, Attempts
from workers.web.keeper import Keeper, Visitor

TOKEN = "a long and secret token"


@pytest.fixture
def guarded(open_site: Callable[..., Site]) -> Site:
    """A site with a token, for reading too."""
    return open_site(api_token=TOKEN, api_read="token")


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def locked(ask: Callable[[str], int]) -> int:
    """The status of the first answer that refuses to look at a guess; a slow machine may guess more often."""
    statuses = [ask(f"guess {number}") for number in range(BURST)]
    assert set(statuses) == {401}
    return next(status for number in range(100) if (status := ask(f"further guess {number}")) != 401)


# -- guessing -------------------------------------------------------------------------------------


@given(st.lists(st.floats(0, 100), max_size=60))
def test_a_client_guesses_no_more_often_than_it_may(pauses: list[float]) -> None:
    attempts, now, heard = Attempts(), 0.0, 0
    for number, pause in enumerate(pauses):
        now += pause
        if not attempts.wait("here", now):
            attempts.count("here", f"guess {number}", now)
            heard += 1
    assert heard <= BURST + now / SECONDS


def test_who_waits_as_long_as_told_may_guess_once_more() -> None:
    attempts = Attempts()
    for number in range(BURST):
        attempts.count("here", str(number), 0.0)
    wait = attempts.wait("here", 0.0)
    assert 0 < wait <= SECONDS
    assert attempts.wait("here", wait - 0.01) > 0
    assert attempts.wait("here", wait + 0.01) == 0
    assert attempts.wait("there", 0.0) == 0


def test_the_same_wrong_token_again_and_again_is_one_guess() -> None:
    attempts = Attempts()
    for _ in range(10 * BURST):
        attempts.count("here", "an old token", 0.0)
    assert attempts.wait("here", 0.0) == 0


def test_addresses_of_one_ipv6_network_are_one_client_and_few_are_remembered() -> None:
    attempts = Attempts()
    for number in range(BURST):
        attempts.count(f"2001:db8::{number}", str(number), 0.0)
    assert attempts.wait("2001:db8::ffff", 0.0) > 0
    assert attempts.wait("2001:db8:0:1::1", 0.0) == 0
    for number in range(MOST_CLIENTS):
        attempts.count(f"client {number}", "x", 0.0)
    assert len(attempts._clients) == MOST_CLIENTS


def test_guesses_at_the_api_are_refused_unseen_after_a_few(guarded: Site) -> None:
    status = locked(lambda guess: guarded.api.get("/api/jobs", headers=bearer(guess)).status_code)
    assert status == 429
    answer = guarded.api.get("/api/jobs", headers=bearer(TOKEN))
    assert answer.status_code == 429, "the right one is not looked at either"
    assert int(answer.headers["retry-after"]) > 0
    assert guarded.api.post("/api/retry", headers=bearer(TOKEN), json={"all": True}).status_code == 429
    assert guarded.browser.post("/login", data={"token": TOKEN}).status_code == 429


def test_guesses_at_the_sign_in_are_refused_unseen_after_a_few_and_sessions_go_on(guarded: Site) -> None:
    assert guarded.browser.post("/login", data={"token": TOKEN}).status_code == 200
    attacker = Client(guarded.browser._app, {"origin": ORIGIN})
    assert locked(lambda guess: attacker.post("/login", data={"token": guess}).status_code) == 429
    assert guarded.browser.get("/feeds").status_code == 200


def test_who_says_bearer_and_no_token_guesses_nothing() -> None:
    keeper = Keeper(TOKEN)
    for _ in range(3 * BURST):
        visitor = keeper.visitor("here", Headers({"authorization": "Bearer "}), 0.0)
        assert visitor == Visitor()


def test_forged_cookies_count_as_guesses() -> None:
    keeper, now = Keeper(TOKEN, clock=lambda: 0.0), 1_000
    cookies = [session.issue(f"guess {number}", now, "n") for number in range(BURST + 1)]
    right = session.issue(TOKEN, now, "n")
    for cookie in [*cookies, right]:
        sent = Headers({"cookie": f"{session.COOKIE}={cookie}"})
        assert not keeper.visitor("here", sent, now).signed_in
    sent = Headers({"cookie": f"{session.COOKIE}={right}"})
    assert keeper.visitor("elsewhere", sent, now).signed_in
    assert keeper.visitor("here", sent, now).signed_in, "known by now"


@given(st.text(max_size=200))
def test_no_header_breaks_the_keeper(value: str) -> None:
    raw = value.encode("utf-8", "surrogatepass")
    names = (b"cookie", b"authorization", b"x-forwarded-for")
    prefixes = (b"", b"Bearer ", f"{session.COOKIE}=99999999999.".encode())
    keeper = Keeper(TOKEN, "127.0.0.0/8", clock=lambda: 0.0)
    for name in names:
        for prefix in prefixes:
            headers = Headers(raw=[(name, prefix + raw)])
            keeper.client("127.0.0.1", headers)
            assert keeper.visitor("here", headers, 0)[:2] == Visitor()[:2]


# -- proxies --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.9", "1.2.3.4", "203.0.113.9"),
        ("10.0.0.1", "1.2.3.4", "1.2.3.4"),
        ("10.0.0.1", "9.9.9.9, 1.2.3.4", "1.2.3.4"),
        ("10.0.0.1", "9.9.9.9, 1.2.3.4, 10.0.0.2", "1.2.3.4"),
        ("10.0.0.1", "1.2.3.4:50123", "1.2.3.4"),
        ("10.0.0.1", "[2001:db8::1]:50123", "2001:db8::1"),
        ("10.0.0.1", "2001:db8::1", "2001:db8::1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "nonsense", "nonsense"),
        ("", "1.2.3.4", ""),
    ],
)
def test_only_our_own_proxies_are_believed(peer: str, forwarded: str, client: str) -> None:
    headers = Headers({"x-forwarded-for": forwarded} if forwarded else {})
    assert Keeper(TOKEN, "10.0.0.0/8").client(peer, headers) == client


def test_proxies_that_are_no_networks_are_an_error_that_names_the_setting() -> None:
    with pytest.raises(SettingsError, match="FEEDMILL_WEB_PROXIES"):
        Keeper(TOKEN, "traefik")


# -- sessions -------------------------------------------------------------------------------------


def test_a_copied_cookie_is_worth_nothing_once_its_owner_signed_out(guarded: Site) -> None:
    guarded.browser.post("/login", data={"token": TOKEN})
    thief = Client(guarded.browser._app, {"origin": ORIGIN})
    thief._cookies = guarded.browser._cookies
    stolen = {"cookie": f"{session.COOKIE}={guarded.browser._cookies[session.COOKIE]}"}
    assert guarded.api.get("/feeds", headers=stolen, follow_redirects=False).status_code == 200
    guarded.browser.post("/logout")
    assert guarded.api.get("/feeds", headers=stolen, follow_redirects=False).status_code == 303


def test_two_sign_ins_are_two_sessions(guarded: Site) -> None:
    both = [Client(guarded.browser._app, {"origin": ORIGIN}) for _ in range(2)]
    for one in both:
        one.post("/login", data={"token": TOKEN})
    both[0].post("/logout")
    assert both[1].get("/feeds", follow_redirects=False).status_code == 200


def test_another_token_ends_all_sessions(guarded: Site) -> None:
    guarded.browser.post("/login", data={"token": TOKEN})
    changed = Site(guarded.store, guarded.settings.__class__(api_token="another", api_read="token"))
    changed.browser._cookies = guarded.browser._cookies
    assert changed.browser.get("/feeds", follow_redirects=False).status_code == 303


@pytest.mark.parametrize(
    ("origin", "secure"), [("https://mill.example", True), ("http://mill.example", False)]
)
def test_a_cookie_that_was_given_over_https_is_sent_over_https_only(
    open_site: Callable[..., Site], origin: str, secure: bool
) -> None:
    site = open_site(api_token=TOKEN, web_hosts="mill.example")
    sent = {"host": "mill.example", "origin": origin}
    answer = site.api.post("/login", data={"token": TOKEN}, headers=sent, follow_redirects=False)
    assert answer.status_code == 303
    assert ("Secure" in answer.headers["set-cookie"]) is secure
    assert "Path=/" in answer.headers["set-cookie"]


# -- reading --------------------------------------------------------------------------------------


def reading_routes(site: Site) -> Iterator[str]:
    for route in iter_route_contexts(site.app.routes):
        if "GET" in (route.methods or set()):
            yield re.sub(r"\{\w+\}", "1", route.path or "")


OPEN_TO_ALL = {"/login", "/healthz", "/readyz"}


def test_where_reading_needs_the_token_nothing_is_shown_without(guarded: Site) -> None:
    routes = set(reading_routes(guarded))
    assert {"/", "/articles", "/api/articles", "/api/feeds.opml", "/openapi.json", "/docs"} <= routes
    for path in sorted(routes):
        for headers in ({}, bearer("wrong"), {"cookie": f"{session.COOKIE}=9999999999.n.wrong"}):
            answer = guarded.api.get(path, headers=headers, follow_redirects=False)
            if path in OPEN_TO_ALL:
                assert answer.status_code in (200, 503), path
            elif path.startswith("/api/") or path in ("/metrics", "/openapi.json"):
                assert answer.status_code == 401, path
            else:
                assert (answer.status_code, answer.headers["location"]) == (303, "/login"), path
    assert guarded.api.get("/static/style.css").status_code == 200


def test_where_reading_needs_the_token_header_and_session_open_it(guarded: Site) -> None:
    for path in ("/api/jobs", "/metrics", "/openapi.json", "/feeds"):
        assert guarded.api.get(path, headers=bearer(TOKEN)).status_code == 200
    guarded.browser.post("/login", data={"token": TOKEN})
    for path in ("/", "/articles", "/api/jobs", "/openapi.json"):
        assert guarded.browser.get(path, follow_redirects=False).status_code == 200


def test_whether_it_is_ready_is_told_to_all_and_why_not_to_readers(open_site: Callable[..., Site]) -> None:
    guarded = open_site(api_token=TOKEN, api_read="token", redis_url="redis://:pw@127.0.0.1:1/0")
    shut = guarded.api.get("/readyz")
    assert shut.status_code == 503
    assert "127.0.0.1" not in shut.text
    told = guarded.api.get("/readyz", headers=bearer(TOKEN))
    assert "127.0.0.1" in told.text
    assert "pw" not in told.text


def test_reading_changes_nothing(site: Site) -> None:
    site.job([new_item("a"), new_item("b")])
    site.finish({"a": article()})
    site.store.add_feed("https://news.example/feed.xml", 1_000.0, None, None)
    engine = create_engine(site.settings.effective_database_url)

    def rows() -> dict[str, list[object]]:
        with engine.connect() as connection:
            names = connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'")).all()
            return {name: list(connection.execute(text(f'SELECT * FROM "{name}"'))) for name in names}

    before = rows()
    for path in sorted(set(reading_routes(site))):
        if "events" not in path:
            assert site.browser.get(path).status_code in (200, 404, 422, 503), path
    assert rows() == before
    engine.dispose()


def test_the_settings_are_checked_before_anything_is_served(guarded: Site) -> None:
    wrong = guarded.settings.__class__(api_token=TOKEN, web_proxies="10.0.0.0/33")
    with pytest.raises(SettingsError):
        create_app(guarded.store, wrong)


@pytest.mark.parametrize(("token", "warned"), [("short", True), ("x" * 16, False), ("", False)])
def test_a_token_that_is_short_is_warned_of(
    site: Site, token: str, warned: bool, caplog: pytest.LogCaptureFixture
) -> None:
    create_app(site.store, site.settings.__class__(api_token=token))
    assert ("FEEDMILL_API_TOKEN has" in caplog.text) is warned
