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
    assert "Harbour reopens&#34; (in) is stored as article 1." in site.read("/find?q=harbour+reopens")
    assert "has these words in its text" in site.read("/find?q=open+harbour+is")


def test_each_answer_has_the_button_that_helps(site: Site) -> None:
    site.store.add_feed("https://news.example/feed", 1.0)
    site.store.change_feed(1, 2.0, state="paused")
    site.job([linked("a"), linked("b")])
    site.finish({"a": GONE, "b": article()})
    answers = {
        "https://news.example/a&all=1": 'action="/items/1/retry"',
        "https://news.example/never": 'action="/feeds/1/resume"',
        "https://other.example/never": 'name="url" type="url" required value="https://other.example/"',
        "something never heard of": 'action="/feeds"',
    }
    for asked, button in answers.items():
        assert button in site.browser.get(f"/find?q={asked}").text, asked


def test_a_deletion_is_taken_back_and_the_address_handed_in_with_one_button(site: Site) -> None:
    site.job([linked("a")])
    site.finish({"a": article()})
    site.store.delete_article(1, 1_003.0)
    shown = site.browser.get("/find?q=https://news.example/a").text
    assert 'action="/articles/restore"' in shown
    answer = site.browser.post("/articles/restore", data={"key": "https://news.example/a"})
    assert answer.url.path.startswith("/jobs/")
    assert site.store.deleted(["https://news.example/a"]) == set()
    assert site.browser.post("/articles/restore", data={"key": "https://news.example/a"}).status_code == 404


def test_an_empty_box_says_what_to_type(site: Site) -> None:
    assert "Type the address of an article" in site.read("/find?q=+")


def test_text_from_outside_stays_text(site: Site) -> None:
    shown = site.browser.get("/find", params={"q": '"><script>alert(1)</script>'}).text
    assert "<script>alert" not in shown
    assert "&lt;script&gt;" in shown
