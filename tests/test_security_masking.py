"""Passwords, tokens and keys in addresses: masked wherever people or logs see them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import SourceError
from pipeline.normal import address
from pipeline.settings import Settings
from pipeline.sources import read
from pipeline.urls import canonical, without_password
from workers.wording import line

#: letters and digits, as keys have
KEY = "sEcr3tk3y0123456789"


@pytest.mark.parametrize(
    ("url", "masked"),
    [
        ("https://ann:{0}@h/x", "https://ann:***@h/x"),
        ("https://ann:{0}@more@h/x", "https://ann:***@h/x"),
        ("https://ann:{0}/with/slash@h/x", "https://ann:***@h/x"),
        ("https://ann:{0}#hash@h/", "https://ann:***@h/"),
        ("https://ann%3A{0}@h/", "https://ann%3A***@h/"),
        ("https:ann:{0}@h/", "https:ann:***@h/"),
        ("HTTPS:\\\\ann:{0}@h", "HTTPS:\\\\ann:***@h"),
        ("feed:https://ann:{0}@h/", "feed:https://ann:***@h/"),
        ("https://ann:{0}\t@h/", "https://ann:***@h/"),
        ("https://:{0}@h/", "https://:***@h/"),
        ("https://{0}@h/", "https://***@h/"),
        ("redis://:{0}@redis:6379/0", "redis://:***@redis:6379/0"),
        ("postgresql://ann@db/x?password={0}", "postgresql://ann@db/x?password=***"),
        ("https://h/?to=http://ann:{0}@g/&x=1", "https://h/?to=http://ann:***@g/&x=1"),
        ("https://h/feed?token={0}&page=2", "https://h/feed?token=***&page=2"),
        ("https://h/feed?page=2&accessToken={0}#top", "https://h/feed?page=2&accessToken=***#top"),
        ("https://h/?X-Amz-Signature={0}", "https://h/?X-Amz-Signature=***"),
        ("https://h/?api_key={0}", "https://h/?api_key=***"),
        ("https://h/?key={0}", "https://h/?key=***"),
        ("https://h/x;jsessionid={0}", "https://h/x;jsessionid=***"),
    ],
)
def test_what_is_secret_in_an_address_is_masked(url: str, masked: str) -> None:
    assert without_password(url.format(KEY)) == masked
    assert without_password(f"{url.format(KEY)!r} is wrong") == f"{masked!r} is wrong"
    assert KEY not in line(f"see {url.format(KEY)} now")


@pytest.mark.parametrize(
    "url",
    [
        "https://news.example:8443/@desk/story",
        "https://ann@news.example/",
        "http://[::1]:8000/x@y",
        "https://h/?key=story-12&t=1690000000&k=2&code=ABC",
        "https://h/?q=token",
        "ann:pass@h is no address",
    ],
)
def test_what_holds_no_secret_stays_as_it_is(url: str) -> None:
    assert without_password(url) == url


@given(st.text(max_size=60), st.text(max_size=60))
def test_masking_twice_is_masking_once(before: str, after: str) -> None:
    once = without_password(f"{before}https://a:{after}@h?token={after}")
    assert without_password(once) == once


@pytest.mark.parametrize(
    "form", ["https://u:{0}@h:port/", "https://u:{0}/x@h/", "https:u:{0}@h", "ftp://u:{0}@h/"]
)
def test_no_message_about_a_wrong_address_holds_its_password(form: str) -> None:
    with pytest.raises(SourceError) as caught:
        canonical(form.format(KEY))
    assert KEY not in caught.value.message
    (item,) = read(form.format(KEY), Settings())
    assert item.problem is not None
    assert KEY not in f"{item.name} {item.problem.message}" or form.startswith("ftp")


def test_an_article_is_handed_on_without_the_name_and_password_that_fetched_it() -> None:
    assert address(f"https://ann:{KEY}@News.example/a?b=c") == "https://news.example/a?b=c"
