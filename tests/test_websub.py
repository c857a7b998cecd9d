"""WebSub: whom we ask, when, for what; and what a hub's words are worth."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from websub_hub import Hub, signature

from pipeline.errors import FetchError
from pipeline.fetch.client import Client
from pipeline.model import Entry, Feed, Hints, NewItem, WebSub
from pipeline.settings import Settings
from pipeline.sources.entries import ParsedFeed
from pipeline.websub import (
    after_push,
    announced,
    answered,
    challenge,
    intended,
    is_authentic,
    keep_subscribed,
    pushed,
)

FEED = "https://news.example/feed.xml"
HINTS = Hints(hub="https://hub.example/", topic=FEED)
SETTINGS = Settings(public_url="https://mill.example/reader/", allow_addresses="127.0.0.0/8", host_delay=0.0)
NOW = 1_800_000_000.0
HOUR, DAY = 3600.0, 86_400.0
LAW = settings(max_examples=60, deadline=None)


def feed_with(websub: WebSub | None = None, **more: Any) -> Feed:
    return Feed(id=7, url=FEED, websub=websub, **{"hints": HINTS, **more})


def subscription(**changed: Any) -> WebSub:
    fields: dict[str, Any] = {
        "hub": HINTS.hub,
        "topic": FEED,
        "token": "t" * 43,
        "secret": "a secret",
        "state": "active",
        "asked_at": NOW,
        "until": NOW + 10 * DAY,
    }
    return WebSub(**(fields | changed))


# -- discovery ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ('<https://hub.example/>; rel="hub", <https://a.example/f>; rel="self"', "https://hub.example/"),
        ("<https://hub.example/>;rel=hub,<https://a.example/f>;rel=self", "https://hub.example/"),
        ('<https://a.example/f>; rel="self" , <https://hub.example/>; rel="hub"', "https://hub.example/"),
        ('<https://hub.example/>; title="a, <b>; rel=self"; REL="Preload HUB"', "https://hub.example/"),
        (r'<https://hub.example/>; title="say \"rel=self\""; rel=hub', "https://hub.example/"),
        ('<https://hub.example/?a=b,c;d="e">; rel=hub', 'https://hub.example/?a=b,c;d="e"'),
        ("garbage, ;;, <https://hub.example/>; rel=hub", "https://hub.example/"),
        ("</hub>; rel=hub", "https://a.example/hub"),
        ("<http://one.example/>; rel=hub, <https://two.example/>; rel=hub", "https://two.example/"),
        ("<http://one.example/>; rel=hub, <http://two.example/>; rel=hub", "http://one.example/"),
        ("<https://hub.example/>; rel=hub; rel=self", "https://hub.example/"),
    ],
)
def test_a_hub_is_read_from_link_headers_however_they_are_written(header: str, found: str) -> None:
    assert announced({"link": header}, Hints(), "https://a.example/f") == (found, "https://a.example/f")


@pytest.mark.parametrize(
    "header",
    [
        "",
        "<ftp://hub.example/>; rel=hub",
        "<mailto:hub@hub.example>; rel=hub",
        "<>; rel=hub",
        "<https://[hub/>; rel=hub",
        "<https://hub.example/>; rel=hubs",
        "<https://hub.example/>; rel=self; rel=hub",
        '<https://hub.example/>; rel=hub; anchor="https://other.example/"',
        "https://hub.example/; rel=hub",
    ],
)
def test_what_is_no_link_to_a_hub_is_none(header: str) -> None:
    assert announced({"link": header}, Hints(), "https://a.example/f") is None


def test_headers_come_before_what_the_feed_says() -> None:
    inside = Hints(hub="https://inside.example/", topic="https://a.example/inside")
    header = "<https://outside.example/>; rel=hub, <https://a.example/outside>; rel=self"
    assert announced({"link": header}, inside, FEED) == (
        "https://outside.example/",
        "https://a.example/outside",
    )
    assert announced({"link": "<https://a.example/>; rel=alternate"}, inside, FEED) == (
        inside.hub,
        inside.topic,
    )


def test_a_feed_that_does_not_name_itself_is_known_by_its_address() -> None:
    assert announced({}, Hints(hub="//hub.example/"), FEED) == ("https://hub.example/", FEED)


def test_a_topic_is_kept_letter_by_letter() -> None:
    topic = "https://a.example/x/../feed?"
    assert announced({}, Hints(hub="https://hub.example/", topic=topic), FEED) == (
        "https://hub.example/",
        topic,
    )


@LAW
@given(st.text(alphabet='<>;,="\\ \tabhu/:rel#', max_size=200))
def test_no_header_confuses_discovery(header: str) -> None:
    found = announced({"link": header}, Hints(), FEED)
    assert found is None or found[0].startswith("http")


# -- when a hub is asked ------------------------------------------------------------------------


def test_without_a_public_address_or_a_hub_nobody_is_asked() -> None:
    assert intended(feed_with(), HINTS, Settings(), NOW) is None
    assert intended(feed_with(), HINTS, Settings(public_url="mill.example"), NOW) is None
    assert intended(feed_with(hints=None), Hints(), SETTINGS, NOW) is None
    assert intended(feed_with(hints=None), None, SETTINGS, NOW) is None
    assert intended(feed_with(state="paused"), HINTS, SETTINGS, NOW) is None


def test_a_first_subscription_cannot_be_guessed() -> None:
    one, other = (intended(feed_with(), HINTS, SETTINGS, NOW) for _ in range(2))
    assert one
    assert other
    assert (one.state, one.hub, one.topic, one.asked_at) == ("asked", HINTS.hub, FEED, NOW)
    assert len({one.token, other.token, one.secret, other.secret}) == 4
    assert len(one.token) >= 43
    assert 43 <= len(one.secret.encode()) < 200


def test_what_was_not_parsed_this_time_is_as_it_was() -> None:
    assert intended(feed_with(), None, SETTINGS, NOW) is not None
    lapsed = subscription(until=NOW - 1)
    assert intended(feed_with(lapsed, hints=None), None, SETTINGS, NOW) is not None


def test_a_lease_is_renewed_a_day_before_its_end_without_interruption() -> None:
    active = subscription(pushes=3)
    assert intended(feed_with(active), HINTS, SETTINGS, NOW + 8.9 * DAY) is None
    renewed = intended(feed_with(active), HINTS, SETTINGS, NOW + 9.1 * DAY)
    assert renewed == replace(active, asked_at=NOW + 9.1 * DAY, asks=1)


def test_a_lease_that_has_ended_is_asked_for_again() -> None:
    asked = intended(feed_with(subscription()), HINTS, SETTINGS, NOW + 11 * DAY)
    assert asked
    assert (asked.state, asked.until) == ("asked", None)


@pytest.mark.parametrize("lease", [600.0, HOUR, DAY, 10 * DAY])
def test_however_short_the_lease_a_hub_is_asked_twice_in_it_at_most(lease: float) -> None:
    websub, asked = subscription(until=NOW + lease), []
    for now in range(int(NOW), int(NOW + 4 * lease), 60):
        again = intended(feed_with(websub), HINTS, SETTINGS, float(now))
        if again:
            asked.append(now)
            websub = replace(again, state="active", until=now + lease, asks=0)
    assert 3 <= len(asked) <= 8


def test_a_hub_that_never_asks_back_is_asked_less_and_less_but_daily() -> None:
    websub, asked = intended(feed_with(), HINTS, SETTINGS, NOW), [NOW]
    for now in range(int(NOW), int(NOW + 10 * DAY), 600):
        again = intended(feed_with(websub), HINTS, SETTINGS, float(now))
        if again:
            asked.append(float(now))
            websub = again
    pauses = [after - before for before, after in itertools.pairwise(asked)]
    assert pauses[0] == HOUR
    assert pauses == sorted(pauses)
    assert pauses[-1] == DAY


def test_a_refusal_stands_for_days() -> None:
    refused = subscription(state="refused", until=None, message="No.")
    assert intended(feed_with(refused), HINTS, SETTINGS, NOW + 2.9 * DAY) is None
    again = intended(feed_with(refused), HINTS, SETTINGS, NOW + 3.1 * DAY)
    assert again
    assert (again.state, again.message) == ("asked", None)


@pytest.mark.parametrize(
    "hints",
    [Hints(hub="https://other.example/", topic=FEED), Hints(hub=HINTS.hub, topic="https://news.example/f")],
    ids=["hub", "topic"],
)
def test_another_hub_or_topic_is_another_subscription(hints: Hints) -> None:
    before = subscription(pushes=3)
    assert intended(feed_with(before), hints, SETTINGS, NOW + 0.9 * HOUR) is None
    after = intended(feed_with(before), hints, SETTINGS, NOW + 1.1 * HOUR)
    assert after
    assert (after.hub, after.topic, after.state) == (hints.hub, hints.topic, "asked")
    assert after.token != before.token
    assert after.secret != before.secret
    assert (after.until, after.pushes) == (None, 0)


def test_a_feed_without_a_hub_any_more_ends_its_subscription_once() -> None:
    ended = intended(feed_with(subscription()), Hints(), SETTINGS, NOW)
    assert ended
    assert (ended.state, ended.token) == ("ended", subscription().token)
    assert intended(feed_with(ended), Hints(), SETTINGS, NOW + DAY) is None
    assert intended(feed_with(ended, hints=None), None, SETTINGS, NOW + DAY) is None
    anew = intended(feed_with(ended), HINTS, SETTINGS, NOW + DAY)
    assert anew
    assert anew.token != ended.token
    gone = intended(feed_with(subscription(), state="gone"), None, SETTINGS, NOW)
    assert gone
    assert gone.state == "ended"


# -- what a hub says ----------------------------------------------------------------------------

QUESTION = {"hub.mode": "subscribe", "hub.topic": FEED, "hub.challenge": "xyz", "hub.lease_seconds": "1000"}


def test_a_subscription_that_we_want_is_confirmed_for_the_lease_that_is_granted() -> None:
    for state in ("asked", "active"):
        before = subscription(state=state, asks=3, message="late")
        after = answered(feed_with(before), QUESTION, NOW)
        assert after == replace(before, state="active", until=NOW + 1000, asks=0, message=None)
    assert challenge(QUESTION) == "xyz"


@pytest.mark.parametrize("lease", ["", "0", "-5", "for ever", "9" * 400])
def test_a_lease_that_is_no_number_is_what_was_asked_for(lease: str) -> None:
    after = answered(feed_with(subscription()), QUESTION | {"hub.lease_seconds": lease}, NOW)
    assert after
    assert after.until == NOW + 10 * DAY


def test_no_lease_is_for_ever() -> None:
    after = answered(feed_with(subscription()), QUESTION | {"hub.lease_seconds": "9" * 12}, NOW)
    assert after
    assert after.until
    assert after.until < NOW + 500 * DAY


@pytest.mark.parametrize(
    ("websub", "changed"),
    [
        (None, {}),
        ({}, {"hub.topic": "https://other.example/"}),
        ({}, {"hub.topic": ""}),
        ({}, {"hub.mode": "unsubscribe"}),
        ({}, {"hub.mode": "publish"}),
        ({}, {"hub.mode": ""}),
        ({}, {"hub.challenge": ""}),
        ({}, {"hub.challenge": "x" * 1001}),
        ({}, {"hub.challenge": "MZ\x00\x01"}),
        ({"state": "refused"}, {}),
        ({"state": "ended"}, {}),
        ({}, {"hub.mode": "denied", "hub.topic": "https://other.example/"}),
    ],
)
def test_what_we_do_not_want_is_not_confirmed(websub: dict[str, Any] | None, changed: dict[str, str]) -> None:
    feed = feed_with(None if websub is None else subscription(**websub))
    assert answered(feed, QUESTION | changed, NOW) is None


def test_an_end_is_confirmed_when_it_was_asked_for_or_the_feed_is_gone() -> None:
    question = QUESTION | {"hub.mode": "unsubscribe"}
    for feed in (feed_with(subscription(state="ended")), feed_with(subscription(), state="gone")):
        after = answered(feed, question, NOW)
        assert after
        assert (after.state, after.until) == ("ended", None)


def test_a_denial_is_kept_with_its_reason() -> None:
    denied = {"hub.mode": "denied", "hub.topic": FEED, "hub.reason": "closed\x1b[31m " + "x" * 900}
    after = answered(feed_with(subscription()), denied, NOW)
    assert after
    assert after.message
    assert (after.state, after.until) == ("refused", None)
    assert after.message.startswith("The hub denied the subscription: closed\\x1b[31m x")
    assert len(after.message) < 400


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
@LAW
@given(body=st.binary(), secret=st.text(min_size=1))
def test_a_signature_proves_the_body_and_nothing_else(method: str, body: bytes, secret: str) -> None:
    secret = secret.encode("utf-8", "replace").decode()
    websub = subscription(secret=secret)
    right = signature(secret, body, method)
    assert is_authentic(websub, right, body)
    assert is_authentic(websub, right.upper(), body)
    assert not is_authentic(websub, right, body + b"!")
    assert not is_authentic(websub, right[:-1], body)
    assert not is_authentic(websub, signature(secret + "!", body, method), body)


@pytest.mark.parametrize("header", ["", "sha256=", "=", "md5=d41d8cd9", "sha256", "sha256=ünsigned"])
def test_a_missing_or_odd_signature_proves_nothing(header: str) -> None:
    assert not is_authentic(subscription(), header, b"")


def test_without_a_secret_only_a_confirmed_subscription_is_believed() -> None:
    assert is_authentic(subscription(secret=""), "", b"x")
    assert not is_authentic(subscription(secret="", state="asked"), "", b"x")
    assert not is_authentic(subscription(secret="", state="refused"), "", b"x")


def test_a_push_is_counted() -> None:
    after = after_push(subscription(pushes=2), NOW + 5)
    assert (after.pushes, after.last_push_at) == (3, NOW + 5)


# -- asking, of a hub that is there ---------------------------------------------------------------


@asynccontextmanager
async def asked(hub: Hub, hints: Hints | None = None, feed: Feed | None = None) -> AsyncIterator[Any]:
    """What is written before and after a hub is asked."""
    kept: list[WebSub] = []

    async def keep(websub: WebSub) -> None:
        assert not hub.forms, "the hub was asked before the token was written"
        kept.append(websub)

    async with hub, Client(SETTINGS) as client:
        named = hints or Hints(hub=hub.url(), topic=FEED)
        told = await keep_subscribed(client, feed or feed_with(), named, SETTINGS, NOW, keep=keep)
        yield kept, told


def test_the_form_says_what_the_recommendation_wants() -> None:
    async def scenario() -> None:
        hub = Hub()
        async with asked(hub) as (kept, told):
            assert told is None
            assert hub.forms == [
                {
                    "hub.mode": "subscribe",
                    "hub.topic": FEED,
                    "hub.callback": f"https://mill.example/reader/websub/{kept[0].token}",
                    "hub.lease_seconds": "864000",
                    "hub.secret": kept[0].secret,
                    "hub.verify": "async",
                }
            ]

    asyncio.run(scenario())


@pytest.mark.parametrize("status", [307, 308])
def test_one_redirect_of_a_hub_is_followed_with_the_form(status: int) -> None:
    async def scenario() -> None:
        hub = Hub(moved={"/hub": (status, "/there?x=1")})
        async with asked(hub) as (_, told):
            assert told is None
            assert hub.paths == ["/hub", "/there?x=1"]
            assert len(hub.forms) == 1

    asyncio.run(scenario())


@pytest.mark.parametrize(
    "moved",
    [
        {"/hub": (302, "/there")},
        {"/hub": (307, "")},
        {"/hub": (307, "ftp://hub.example/")},
        {"/hub": (307, "http://hub.example/in-the-clear")},
        {"/hub": (307, "/there"), "/there": (307, "/hub")},
    ],
    ids=["302", "nowhere", "ftp", "told in the clear", "circle"],
)
def test_other_redirects_of_a_hub_are_a_refusal(moved: dict[str, tuple[int, str]]) -> None:
    async def scenario() -> None:
        hub = Hub(moved=moved)
        async with asked(hub) as (_, told):
            assert told
            assert told.state == "refused"
            assert told.message
            assert not hub.forms
            assert len(hub.paths) <= 2

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("status", "state"), [(400, "refused"), (404, "refused"), (500, "asked"), (429, "asked")]
)
def test_a_hub_that_does_not_take_it_leaves_a_message(status: int, state: str) -> None:
    async def scenario() -> None:
        async with asked(Hub(status=status)) as (kept, told):
            assert told
            assert (told.state, told.token) == (state, kept[0].token)
            assert "127.0.0.1" in told.message

    asyncio.run(scenario())


def test_a_hub_that_is_not_there_leaves_a_message() -> None:
    async def scenario() -> None:
        nobody = Hints(hub="http://127.0.0.1:9/", topic=FEED)
        async with asked(Hub(), nobody) as (_, told):
            assert told
            assert told.state == "asked"
            assert told.message

    asyncio.run(scenario())


def test_a_hub_that_wants_time_gets_it() -> None:
    async def scenario() -> None:
        async with asked(Hub(status=503, headers={"retry-after": "50000"})) as (_, told):
            assert told
            assert intended(feed_with(told), Hints(hub=told.hub, topic=FEED), SETTINGS, NOW + 50_000) is None

    asyncio.run(scenario())


def test_a_queue_of_our_own_before_a_hub_lengthens_no_pause() -> None:
    async def scenario() -> None:
        before = subscription(state="asked", until=None, asked_at=NOW - 9 * HOUR, asks=3)
        async with Client(SETTINGS) as client:
            for code, asks in (("throttled", 3), ("connect", 4)):
                turn = unreachable([], code)
                told = await keep_subscribed(client, feed_with(before), HINTS, SETTINGS, NOW, turn=turn)
                assert told
                assert told.asks == asks

    asyncio.run(scenario())


def test_a_failed_renewal_leaves_the_lease_as_it_is() -> None:
    async def scenario() -> None:
        hub = Hub(status=404)
        async with hub, Client(SETTINGS) as client:
            ending = subscription(hub=hub.url(), until=NOW + HOUR, asked_at=NOW - 9 * DAY)
            named = Hints(hub=hub.url(), topic=FEED)
            told = await keep_subscribed(client, feed_with(ending), named, SETTINGS, NOW)
            assert told
            assert (told.state, told.until) == ("active", ending.until)
            assert told.message
            assert hub.forms[0]["hub.secret"] == ending.secret

    asyncio.run(scenario())


def test_an_end_is_asked_for_only_where_a_lease_runs() -> None:
    async def scenario() -> None:
        async with Hub() as hub, Client(SETTINGS) as client:
            for until in (NOW + DAY, NOW - DAY):
                feed = feed_with(subscription(hub=hub.url(), until=until))
                told = await keep_subscribed(client, feed, Hints(), SETTINGS, NOW)
                assert told
                assert told.state == "ended"
            assert [form["hub.mode"] for form in hub.forms] == ["unsubscribe"]
            assert "hub.secret" not in hub.forms[0]

    asyncio.run(scenario())


def unreachable(tried: list[str], code: str = "connect") -> Callable[[str], Any]:
    """Turns of hosts that take no connection."""

    @asynccontextmanager
    async def turn(url: str) -> AsyncIterator[None]:
        tried.append(url)
        raise FetchError(f"{url} is away.", code=code)
        yield

    return turn


def test_https_is_tried_first_and_no_secret_travels_in_the_clear() -> None:
    async def scenario() -> None:
        tried, kept = list[str](), list[WebSub]()

        async def keep(websub: WebSub) -> None:
            kept.append(websub)

        async with Client(SETTINGS) as client:
            clear = Hints(hub="http://hub.example/", topic=FEED)
            told = await keep_subscribed(
                client, feed_with(), clear, SETTINGS, NOW, keep=keep, turn=unreachable(tried)
            )
        assert tried == ["https://hub.example/", "http://hub.example/"]
        assert [bool(one.secret) for one in kept] == [True, False]
        assert told
        assert told.secret == ""

    asyncio.run(scenario())


def test_a_lease_that_runs_keeps_its_secret() -> None:
    async def scenario() -> None:
        async with Client(SETTINGS) as client:
            for secret, scheme in (("a secret", "https"), ("", "http")):
                tried = list[str]()
                ending = subscription(
                    hub="http://hub.example/", secret=secret, until=NOW + HOUR, asked_at=NOW - DAY
                )
                clear = Hints(hub="http://hub.example/", topic=FEED)
                told = await keep_subscribed(
                    client, feed_with(ending), clear, SETTINGS, NOW, turn=unreachable(tried)
                )
                assert tried == [f"{scheme}://hub.example/"]
                assert told
                assert told.secret == secret

    asyncio.run(scenario())


def test_a_push_tells_when_its_entries_were_published_newest_first() -> None:
    def item(key: str, published: str | None) -> NewItem:
        entry = Entry(key=key, published=published)
        return NewItem(key=key, name=key, source=FEED, content=b"x", entry=entry)

    items = [item("a", "2026-01-02T00:00:00"), item("b", "soon"), item("c", "2026-01-02T03:00:00+01:00")]
    brought = pushed(feed_with(), ParsedFeed(title="News"), [*items, item("d", None)], NOW, 0.5)
    assert (brought.feed, brought.pushed, brought.title, brought.at) == (7, True, "News", NOW)
    assert brought.published == [1767319200.0, 1767312000.0]
