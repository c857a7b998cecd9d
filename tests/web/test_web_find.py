"""The search box of every page: where is the article that somebody misses?"""

from __future__ import annotations

from urllib.parse import urlsplit

from web_site import Site, article, linked

from pipeline.model import Problem

GONE = Problem(code="gone", message="It is gone.")


def test_every_page_has_the_box(site: Site) -> None:
    for address in ("/", "/articles", "/feeds", "/failures", "/find", "/nowhere"):
        assert '<form class="find" method="get" action="/find"' in site.browser.get(address).text


def test_what_surely_is_one_item_leads_to_its_passport(site: Site) -> None:
    site.job([linked("a")])
    site.finish({"a": GONE})
    key = site.store.items()[0].key
    for asked in (key, key.replace("https://", "http://www.") + "/", "1"):
        answer = site.browser.get("/find", params={"q": asked}, follow_redirects=False)
        assert answer.status_code == 303, asked
        assert urlsplit(answer.headers["location"]).path == "/items/1", asked
        assert f"You asked for {asked} . All that was found" in site.read(answer.headers["location"])
    assert "It is gone." in site.read(f"/find?q={key}&all=1")


def test_a_number_of_two_things_is_asked_back(site: Site) -> None:
    site.job([linked("a"), linked("b")])
    site.finish({"a": GONE, "b": article()})
    shown = site.browser.get("/find?q=1", follow_redirects=False)
    assert shown.status_code == 200
    assert 'href="/items/1"' in shown.text
    assert 'href="/articles/1"' in shown.text


def test_what_is_unknown_can_be_handed_in_there(site: Site) -> None:
    shown = site.browser.get("/find?q=news.example/missing").text
    assert "was never handed in" in shown
    assert 'name="sources" value="https://news.example/missing"' in shown
    answer = site.browser.post("/jobs", data={"sources": "https://news.example/missing"})
    assert answer.status_code == 200
    assert [one.key for one in site.store.items()] == ["https://news.example/missing"]


def test_words_of_a_title_find_the_article(site: Site) -> None:
    site.job([linked("a")])
    site.finish({"a": article()})
    assert "Article 1 has these words" in site.read("/find?q=harbour+reopens")


def test_an_empty_box_says_what_to_type(site: Site) -> None:
    assert "Type the address of an article" in site.read("/find?q=+")


def test_text_from_outside_stays_text(site: Site) -> None:
    shown = site.browser.get("/find", params={"q": '"><script>alert(1)</script>'}).text
    assert "<script>alert" not in shown
    assert "&lt;script&gt;" in shown
