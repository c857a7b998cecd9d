"""When a page was published: which of its dates are its own."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import Article
from pipeline.clean import clean
from pipeline.extract import evidence, extract
from pipeline.model import Entry, Fetched, Page

URL = "https://harbour.example/region/bridge-stays"
STORY = "".join(
    f"<p>{sentence}</p>"
    for sentence in (
        "The council voted on Monday to keep the old bridge open for another year, although engineers warn.",
        "“We know what we are asking of it,” said the mayor, who walks across the bridge every morning.",
        "Repairs will begin once the river falls, and they will be paid for by a small charge on lorries.",
        "Neighbours who came to listen applauded, then asked why nobody had thought of the charge before.",
    )
)
#: 10 June 2024, noon UTC
FETCHED_AT = 1718020800.0


def read(
    above: str = "",
    below: str = "",
    head: str = "",
    *,
    lang: str = "en",
    url: str = URL,
    entry: Entry | None = None,
) -> Article:
    html = (
        f'<html lang="{lang}"><head>{head}</head><body><main><h1>The old bridge stays</h1>{above}'
        f"{STORY}{below}</main></body></html>"
    )
    return extract(clean(fetched_page(html, url, entry)))


def fetched_page(html: str, url: str = URL, entry: Entry | None = None, **headers: str) -> Page:
    fetched = Fetched(
        final_url=url,
        status=200,
        at=FETCHED_AT,
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )
    return Page(
        body=html.encode(),
        digest="",
        key=url,
        url=url,
        content_type="text/html",
        entry=entry,
        fetched=fetched,
    )


def published(*args: str, **more: Any) -> str | None:
    return read(*args, **more).published_at


def ld(**fields: object) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **fields})}</script>'


@pytest.mark.parametrize(
    ("above", "expected"),
    [
        ("<p>April 19, 2024</p>", "2024-04-19"),
        ("<div><span>19 April 2024</span> | <span>5 min read</span></div>", "2024-04-19"),
        ("<p>By Ada Thorn on 19 April 2024 in Region</p>", "2024-04-19"),
        ("<div>Published</div><div>April 19, 2024 3:05 PM EDT</div>", "2024-04-19T15:05:00-04:00"),
        ("<p>Updated May 2, 2024</p><p>Published April 19, 2024</p>", "2024-04-19"),
        ("<p>Published April 19, 2024 | Updated May 2, 2024</p>", "2024-04-19"),
        ("<p>Last updated: May 2, 2024 | First published: April 19, 2024</p>", "2024-04-19"),
        ('<time datetime="2024-04-19T10:30:00+02:00">a while ago</time>', "2024-04-19T10:30:00+02:00"),
        ('<span class="entry-date" title="2024-04-19">some weeks ago</span>', "2024-04-19"),
    ],
)
def test_a_date_between_headline_and_story_is_read(above: str, expected: str) -> None:
    assert published(above) == expected


@pytest.mark.parametrize(
    ("above", "lang", "expected"),
    [
        ("<p>Veröffentlicht am 19. April 2024, 17:45 Uhr</p>", "de", "2024-04-19T17:45:00"),
        ("<p>Publié le 03/04/2024 à 10h30</p>", "fr", "2024-04-03T10:30:00"),
        ("<p>Опубликовано 3 апреля 2024</p>", "ru", "2024-04-03"),
        ("<p>2024. április 3., szerda</p>", "hu", "2024-04-03"),
        ("<p>2024年4月3日 10:30</p>", "ja", "2024-04-03T10:30:00"),
        ("<p>Çarşamba, 3 Nisan 2024</p>", "tr", "2024-04-03"),
    ],
)
def test_in_other_languages_too(above: str, lang: str, expected: str) -> None:
    assert published(above, lang=lang) == expected


@pytest.mark.parametrize(
    ("lang", "url", "expected"),
    [
        ("en-US", URL, "2024-03-04"),
        ("en-GB", URL, "2024-04-03"),
        ("fr", URL, "2024-04-03"),
        ("en", "https://harbour.gov/bridge", "2024-03-04"),
        ("en-US", "https://harbour.com.au/bridge", "2024-04-03"),
    ],
)
def test_the_order_of_day_and_month_is_that_of_the_country(lang: str, url: str, expected: str) -> None:
    assert published("<p>Published 03/04/2024</p>", lang=lang, url=url) == expected


def test_the_order_of_day_and_month_is_that_of_other_dates_of_the_page() -> None:
    assert published("<p>Published 03/04/2024</p>", head=ld(datePublished="2024-03-04")) == "2024-03-04"
    assert (
        published("<p>Published 03/04/2024</p>", url="https://harbour.example/2024/04/03/x") == "2024-04-03"
    )


def test_what_can_be_read_in_two_ways_and_one_is_to_come_is_the_other() -> None:
    assert published("<p>Published 05/09/2024</p>") == "2024-05-09"


OTHERS = "<ul><li><a href=/a>Ferry</a> 3 May 2024</li><li><a href=/b>Mill</a> 4 May 2024</li></ul>"


@pytest.mark.parametrize(
    "below",
    [
        OTHERS,
        "<footer><p>Copyright © 2019 Harbour Post. Updated 3 May 2019.</p></footer>",
        '<div id="comments"><p>Bo Marsh, 3 May 2024</p><p>I walk there, too, and saw no crack.</p></div>',
        '<div class="related"><a href="/a">Ferry</a> <time datetime="2024-05-03">3 May</time></div>',
        "<p>Page built on 2024-06-01 by version 1.2.3 of the system</p>",
    ],
)
def test_dates_of_others_are_not_the_articles(below: str) -> None:
    assert published("", below) is None


@pytest.mark.parametrize(
    "sentence",
    [
        "<p>The bridge was opened on 3 May 1974 by the mayor of that time, who never saw its repair.</p>",
        "<p>It has to be closed by April 19, 2024, as the engineers wrote in their last letter to us.</p>",
    ],
)
def test_dates_within_sentences_are_not_the_articles(sentence: str) -> None:
    assert published(sentence) is None


@pytest.mark.parametrize(
    "words", ["early Friday", "3 hours ago", "Yesterday at 10:30", "gestern", "April 2024"]
)
def test_relative_and_partial_dates_are_not_completed(words: str) -> None:
    assert published(f"<p class='date'>{words}</p>") is None


@pytest.mark.parametrize(
    "value", ["1970-01-01T00:00:00Z", "0001-01-01", "1900-01-01", "2031-01-01T10:00:00Z", "soon"]
)
def test_what_programs_write_for_no_date_and_days_to_come_are_none(value: str) -> None:
    assert published(head=ld(datePublished=value)) is None


def test_the_clock_is_that_of_the_fetch() -> None:
    assert published(head=ld(datePublished="2024-06-11T08:00:00Z")) == "2024-06-11T08:00:00+00:00"
    assert published(head=ld(datePublished="2024-06-12T08:00:00Z")) is None


def test_the_day_on_show_is_rather_right_than_that_of_an_import() -> None:
    head = ld(datePublished="2024-06-02T03:00:00Z", dateModified="2024-06-02T03:00:00Z")
    assert published("<p>Published April 19, 2024</p>", head=head) == "2024-04-19"


def test_the_day_on_show_that_machines_call_that_of_the_change_is_so() -> None:
    article = read(
        "<p>May 2, 2024</p>",
        head=ld(datePublished="2024-04-19T10:30:00+02:00", dateModified="2024-05-02T08:00:00+02:00"),
    )
    assert article.published_at == "2024-04-19T10:30:00+02:00"
    assert article.modified_at == "2024-05-02T08:00:00+02:00"


def test_a_moment_in_utc_is_told_in_the_zone_on_show() -> None:
    head = ld(datePublished="2024-04-18T22:30:00Z")
    assert published("<p>19.04.2024, 00:30 Uhr</p>", lang="de", head=head) == "2024-04-19T00:30:00+02:00"


def test_a_moment_with_the_zone_of_its_place_stays_as_written() -> None:
    head = ld(datePublished="2024-04-18T19:30:00+02:00")
    assert published("<p>19.04.2024</p>", lang="de", head=head) == "2024-04-18T19:30:00+02:00"


def test_of_one_day_the_fullest_time_is_kept() -> None:
    head = '<meta property="article:published_time" content="2024-04-19T10:30:00+02:00">'
    assert (
        published("<p>April 19, 2024</p>", head=head + ld(datePublished="2024-04-19"))
        == "2024-04-19T10:30:00+02:00"
    )


def test_the_time_of_day_is_not_that_of_a_teaser_of_the_same_day() -> None:
    time = '<time datetime="2024-04-19T07:15:00+02:00">7:15</time>'
    teaser = f'<div class="related"><a href="/a">Ferry</a> {time}</div>'
    assert published("<p>April 19, 2024</p>", teaser) == "2024-04-19"


@pytest.mark.parametrize("object_type", ["WebSite", "Comment", "Organization", "VideoGame"])
def test_dates_of_other_objects_are_not_the_articles(object_type: str) -> None:
    assert published(head=ld(**{"@type": object_type, "datePublished": "2024-04-19"})) is None


def test_a_template_that_dates_every_page_needs_a_second_voice() -> None:
    head = ld(**{"@type": "WebPage", "datePublished": "2024-04-19T10:30:00Z"})
    assert published(head=head) is None
    assert published("<p>April 19, 2024</p>", head=head) == "2024-04-19T10:30:00+00:00"
    assert published("<p>Updated May 2, 2024</p>", head=head) == "2024-04-19T10:30:00+00:00"


def test_a_change_before_publication_is_none() -> None:
    article = read(head=ld(datePublished="2024-04-19T10:30:00Z", dateModified="2024-04-19T10:29:00Z"))
    assert (article.published_at, article.modified_at) == ("2024-04-19T10:30:00+00:00", None)


def test_an_element_is_labelled_by_the_line_that_it_stands_in() -> None:
    times = (
        '<time datetime="2024-05-02">2 May 2024</time> · First published '
        '<time datetime="2024-04-19T10:30">19 April 2024</time>'
    )
    article = read(f"<p>Last updated {times}</p>")
    assert (article.published_at, article.modified_at) == ("2024-04-19T10:30:00", "2024-05-02")


@pytest.mark.parametrize(
    "opening",
    ["19.04.2024 – ", "April 19, 2024 – ", "(19 April 2024) ", "Pressemitteilung vom 19. April 2024 | "],
)
def test_a_story_may_open_with_its_date(opening: str) -> None:
    first = (
        "The ferry sails again, and whoever wants to cross the river need no longer take the long way round."
    )
    assert (
        published(f"<p>{opening}{first} So says the company that runs it, in a letter to all.</p>")
        == "2024-04-19"
    )


def test_a_change_that_only_machines_are_told_is_no_publication() -> None:
    article = read(head='<meta property="article:modified_time" content="2024-05-02T08:00:00Z">')
    assert (article.published_at, article.modified_at) == (None, "2024-05-02T08:00:00+00:00")


def test_where_only_a_change_is_told_it_is_the_publication_as_far_as_is_known() -> None:
    article = read("<p>Updated May 2, 2024</p>")
    assert (article.published_at, article.modified_at) == ("2024-05-02", None)


def test_a_change_noted_at_the_foot_of_a_page_is_no_publication() -> None:
    article = read("", "<p>This page was last edited on 2 May 2024, at 10:32.</p>")
    assert (article.published_at, article.modified_at) == (None, "2024-05-02T10:32:00")


@pytest.mark.parametrize(
    "path",
    [
        "/2024/04/19/bridge",
        "/2024-04-19-bridge",
        "/news/20240419-bridge.html",
        "/a/19-04-2024/bridge",
        "/2024/4/19/b/",
    ],
)
def test_the_day_in_an_address_is_read(path: str) -> None:
    assert published(url=f"https://harbour.example{path}") == "2024-04-19"


@pytest.mark.parametrize(
    "path", ["/2024/04/bridge", "/bridge-20245678", "/2024/13/40/x", "/web/20240419103000/x"]
)
def test_other_numbers_in_an_address_are_no_day(path: str) -> None:
    assert published(url=f"https://harbour.example{path}") is None


def test_a_feeds_date_is_a_prior() -> None:
    entry = Entry(key="1", link=URL, published="2024-04-20T08:00:00+02:00")
    assert published(entry=entry) == "2024-04-20T08:00:00+02:00"
    assert published("<p>April 19, 2024</p>", entry=entry) == "2024-04-19"


@pytest.mark.parametrize(
    "value", ["", "soon", "0001-01-01T00:00:00+05:00", "2024-13-40", "9999-12-31T23:59:59-05:00"]
)
def test_a_feed_may_say_anything(value: str) -> None:
    assert published(entry=Entry(key="1", link=URL, published=value, updated=value)) is None


def test_every_date_that_was_seen_is_among_the_evidence() -> None:
    html = (
        f"<html lang='en'><head>{ld(datePublished='2024-04-19')}</head><body><main><h1>It stays</h1>"
        f"<time datetime='2024-04-18'>April 18, 2024</time>{STORY}</main></body></html>"
    )
    found = [one for one in evidence(clean(fetched_page(html))) if one.field == "published_at"]
    assert {(one.value, one.source) for one in found} == {
        ("2024-04-19", "json-ld"),
        ("2024-04-18", "time"),
        ("2024-04-18", "text:date"),
    }


def test_the_servers_date_of_change_only_confirms() -> None:
    html = f"<html lang='en'><body><main><h1>The old bridge stays</h1>{{}}{STORY}</main></body></html>"
    header = "Thu, 02 May 2024 08:15:00 GMT"
    alone = extract(clean(fetched_page(html.format(""), last_modified=header)))
    assert (alone.published_at, alone.modified_at) == (None, None)
    dates = "<p>Published April 19, 2024 | Updated May 2, 2024</p>"
    confirmed = extract(clean(fetched_page(html.format(dates), last_modified=header)))
    assert (confirmed.published_at, confirmed.modified_at) == ("2024-04-19", "2024-05-02T08:15:00+00:00")


@pytest.mark.parametrize(
    "value", ["", "yesterday", "Mon, 10 Jun 2024 11:59:58 GMT", "Thu, 99 May 2024 08:15:00 GMT"]
)
def test_no_date_of_change_is_read_from_pages_made_on_request(value: str) -> None:
    found = evidence(clean(fetched_page(f"<html><body>{STORY}</body></html>", last_modified=value)))
    assert not [one for one in found if one.source == "http:last-modified"]


def test_the_servers_language_is_evidence() -> None:
    found = evidence(clean(fetched_page(f"<html><body>{STORY}</body></html>", content_language="en-GB")))
    assert ("language", "en-GB", "http:content-language") in {
        (one.field, one.value, one.source) for one in found
    }


MACHINES = st.one_of(
    st.text(max_size=30),
    st.text(alphabet="0123456789-/.: TZ+apmAprilMä年月日,", max_size=40),
    st.datetimes(timezones=st.none() | st.just(UTC)).map(datetime.isoformat),
    st.integers(),
    st.none(),
    st.lists(st.text(max_size=8), max_size=2),
)


@settings(max_examples=60, deadline=None)
@given(MACHINES, MACHINES, st.text(max_size=40), st.text(max_size=40))
def test_whatever_dates_a_page_gives_none_is_to_come_and_no_change_is_before(
    published: object, modified: object, above: str, below: str
) -> None:
    article = read(
        f"<p>{escape(above)}</p><time datetime='{escape(below)}'>{escape(above)}</time>",
        f"<p>{escape(below)}</p>",
        ld(datePublished=published, dateModified=modified),
    )
    latest = datetime.fromtimestamp(FETCHED_AT, UTC) + timedelta(days=1)
    told = [value for value in (article.published_at, article.modified_at) if value is not None]
    assert all(value[:10] <= latest.date().isoformat() for value in told)
    assert told == sorted(told, key=lambda value: value[:10])
