"""Pages as people read them."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from web_site import SCRIPT, Site, article, linked, new_item, words

from pipeline.model import Dateline, Problem
from workers.stages import Stages
from workers.web.pages.failures import UNASKED

TIMEOUT = Problem(code="timeout", message="The page took longer than allowed.")
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


def test_the_dashboard_of_an_empty_deployment_says_what_to_do(site: Site) -> None:
    shown = site.read("/")
    assert "0 items = 0 pending + 0 in flight" in shown
    assert "nothing is missing" in shown
    assert "No jobs yet" in shown
    assert "Nothing is running on this deployment" in shown


def test_the_dashboard_counts_what_became_of_every_item(site: Site) -> None:
    job = site.job([new_item("a"), new_item("b"), new_item("c"), new_item("d", problem=TIMEOUT)])
    site.finish({"a": article(), "b": article("Other", "Another text.")})
    shown = site.read("/")
    assert "4 items = 0 pending + 1 in flight + 2 stored + 0 updated" in shown
    assert f"{job} in running 4 75 % stored 2 failed 1" in shown
    assert "1 item to go" in shown


def test_the_dashboard_shows_stages_and_workers_of_a_running_deployment(
    open_site: Callable[..., Site], redis_url: str
) -> None:
    site = open_site(redis_url=redis_url, redis_prefix="seen")
    site.job([new_item("a"), new_item("b")])
    stages = Stages(site.settings)
    stages.admit("fetch", site.store.admit(10, 1_001.0))
    stages.claim("fetch", 1, "t")
    stages.beat("worker-1@here", {"pid": 1, "host": "here", "queues": ["fetch", "clean"]})
    stages.hold("scheduler-1")
    shown = site.read("/")
    assert re.search(r"fetch 1 1 – \d+ s \? clean 0 0 – – \?", shown)
    assert "worker-1@here fetch, clean" in shown
    assert "scheduler scheduler-1" in shown
    stages.close()


def test_a_page_is_shown_anew_only_when_asked(site: Site) -> None:
    job = site.job([new_item("a")])
    for address in ("/", f"/jobs/{job}"):
        assert "http-equiv" not in site.browser.get(address).text
        assert '<meta http-equiv="refresh" content="3">' in site.browser.get(f"{address}?refresh=3").text


def test_a_job_lists_its_items_all_or_by_outcome(site: Site) -> None:
    job = site.job([new_item("good story"), new_item("bad story", problem=TIMEOUT)], sources=["a folder"])
    site.finish({"good story": article()})
    everything = site.read(f"/jobs/{job}")
    assert "done" in everything
    assert "From a folder." in everything
    assert "good story → Harbour reopens" in everything
    assert "timeout The page took longer than allowed." in everything
    failed = site.read(f"/jobs/{job}?outcome=failed")
    assert "bad story" in failed
    assert "good story" not in failed


def test_a_passport_tells_each_step_and_what_is_next(site: Site) -> None:
    site.job([new_item("story"), new_item("lost", problem=TIMEOUT)])
    site.finish({"story": article()})
    stored = site.read("/items/1")
    assert "It was stored as Harbour reopens" in stored
    assert re.search(r"clean 1 1970-01-01 \d\d:16:41 1.0 s 250 ms w1 ok", stored)
    assert "Nothing: it has ended." in stored
    failed = site.read("/items/2")
    assert "The page took longer than allowed. timeout" in failed
    assert "Nothing: hand it in again once it can be read." in failed


def test_an_article_can_be_read_with_its_evidence(site: Site) -> None:
    site.job([new_item("story")])
    site.finish(
        {
            "story": article(
                text="First paragraph.\n\nSecond paragraph.",
                authors=["Ada Fisher"],
                dateline=Dateline(place="Port Anwick", agency="Coastwire"),
                url="https://news.example/harbour",
                provenance={"authors": "byline"},
            )
        }
    )
    answer = site.browser.get("/articles/1").text
    assert "<h1>Harbour reopens</h1>" in answer
    assert "<p>First paragraph.</p>\n<p>Second paragraph.</p>" in answer
    assert 'href="https://news.example/harbour"' in answer
    assert 'href="/items/1"' in answer
    shown = site.read("/articles/1")
    assert "authors Ada Fisher byline" in shown
    assert "dateline Port Anwick, Coastwire" in shown


def test_articles_are_found_by_their_words(site: Site) -> None:
    site.job([new_item("a"), new_item("b")])
    site.finish({"a": article(), "b": article("Budget agreed", "The council agreed.")})
    assert "Harbour reopens" in site.read("/articles")
    found = site.read("/articles?q=council+budget")
    assert "Budget agreed" in found
    assert "Harbour" not in found
    assert "No article matches." in site.read("/articles?q=submarine")


def test_failures_are_grouped_and_a_group_is_retried(site: Site) -> None:
    site.job([linked("a"), linked("b"), linked("c")])
    gone = Problem(code="gone", message="It is gone.")
    site.finish({"a": gone, "b": gone, "c": Problem(code="tls", message="No certificate.")})
    shown = site.read("/failures")
    assert "gone in store at news.example: 2 items It is gone." in shown
    assert "By itself: permanent at once." in shown
    assert "tls in store" not in site.read("/failures?code=gone")
    assert "It is not tried again by itself." in site.read("/items/1")
    answer = site.browser.post("/retry/group", data={"code": "gone", "at": "@news.example"})
    assert "2 items will be tried again." in answer.text
    assert [group.code for group in site.store.failures().groups] == ["tls"]


def test_the_items_of_a_group_of_failures_are_listed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workers.web.pages.failures.MOST_ITEMS", 2)
    site.job([linked("a"), linked("b"), linked("c"), linked("d")])
    gone = Problem(code="gone", message="It is gone.")
    site.finish({"a": gone, "b": gone, "c": gone, "d": Problem(code="tls", message="No certificate.")})
    address = "/failures/items?code=gone&amp;stage=store&amp;at=@news.example"
    assert f'<a href="{address}">All 3</a>' in site.browser.get("/failures").text
    shown = site.browser.get(address.replace("&amp;", "&")).text
    assert [f'href="/items/{number}"' in shown for number in (1, 2, 3, 4)] == [False, True, True, False]
    older = re.search(r'rel="next" href="([^"]+)"', shown)
    assert older is not None
    assert 'href="/items/1"' in site.browser.get(html.unescape(older[1])).text
    assert "Nothing failed that way" in site.read("/failures/items?code=gone&at=@elsewhere.example")


def test_all_of_one_cause_is_retried_by_one_button(site: Site) -> None:
    site.job([linked("a"), new_item("b"), linked("c")])
    bug = Problem(code="internal", message="A bug.")
    site.finish({"a": bug, "b": bug, "c": Problem(code="tls", message="No certificate.")})
    answer = site.browser.post("/retry/group", data={"code": "internal"})
    assert "2 items will be tried again." in answer.text
    assert site.store.failures().codes == {"tls": 1}


def test_a_large_retry_is_asked_back_with_its_number_and_needs_no_script(site: Site) -> None:
    job = site.job([linked(f"n{number}") for number in range(UNASKED + 1)])
    site.finish({f"n{number}": TIMEOUT for number in range(UNASKED + 1)})
    orders = (
        ("/retry", {}),
        ("/retry/group", {"code": "timeout", "at": "@news.example"}),
        (f"/jobs/{job}/retry", {}),
    )
    for path, fields in orders:
        answer = site.browser.post(path, data=fields)
        assert f"Retry {UNASKED + 1} items?" in words(answer)
        assert len(re.findall('name="confirmed" value="1"', answer.text)) == 1
        assert site.store.failures().count == UNASKED + 1
    sent = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', answer.text))
    answer = site.browser.post(path, data=sent)
    assert f"{UNASKED + 1} items will be tried again." in answer.text
    assert site.store.failures().count == 0


def test_what_could_not_be_read_has_no_button(site: Site) -> None:
    site.job([new_item("a", problem=Problem(code="unreadable", message="Not readable."))])
    assert "There is nothing to try again" in site.read("/failures")
    assert "/retry/group" not in site.browser.get("/failures").text


def test_a_group_without_a_host_is_retried_alone(site: Site) -> None:
    site.job([new_item("a"), linked("b")])
    site.finish({name: Problem(code="internal", message="A bug.") for name in "ab"})
    site.browser.post("/retry/group", data={"code": "internal", "at": "@"})
    assert [group.host for group in site.store.failures().groups] == ["news.example"]


@pytest.mark.parametrize("address", ["/retry", "/jobs/{job}/retry", "/items/1/retry"])
def test_what_failed_is_retried_from_its_page(site: Site, address: str) -> None:
    job = site.job([linked("a")])
    site.finish({"a": TIMEOUT})
    sent = {"confirmed": "1"} if address == "/retry" else {}
    assert site.browser.post(address.format(job=job), data=sent).status_code == 200
    assert site.store.job_status(job).pending == 1  # type: ignore[union-attr]


def test_what_cannot_be_retried_is_said(site: Site) -> None:
    job = site.job([new_item("a", problem=TIMEOUT)])
    assert "None of them can be tried again" in site.browser.post(f"/jobs/{job}/retry").text


def test_addresses_and_files_are_handed_in_from_the_dashboard(site: Site) -> None:
    answer = site.browser.post(
        "/jobs",
        data={"sources": "https://news.example/a\r\n\r\n https://news.example/b\r\n"},
        files=[("files", ("story.txt", b"Harbour reopens\n\nThe harbour is open."))],
    )
    assert "3 items = 3 pending" in words(answer)
    assert {item.name for item in site.store.items()} == {
        "https://news.example/a",
        "https://news.example/b",
        "story.txt",
    }


def test_an_empty_form_is_refused_in_words(site: Site) -> None:
    answer = site.browser.post("/jobs", data={"sources": ""}, files=[("files", ("", b""))])
    assert answer.status_code == 422
    assert "Nothing was handed in" in answer.text


@pytest.mark.parametrize(
    "address", ["/nowhere", "/jobs/none", "/items/9", "/articles/9", "/feeds/9", "/static/none"]
)
def test_what_is_not_there_is_a_page_that_says_so(site: Site, address: str) -> None:
    answer = site.browser.get(address)
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "There is no" in answer.text


def test_text_from_outside_never_becomes_markup(site: Site) -> None:
    address = "https://news.example/a"
    site.job([new_item(EVIL, key=address, url=address, source=EVIL), linked("b")], sources=[EVIL])
    site.store.add_feed(f"https://news.example/{EVIL}", 1.0, title=EVIL)
    evil = article(
        EVIL, EVIL, authors=[EVIL], url="javascript:alert(3)", site_name=EVIL, provenance={"authors": EVIL}
    )
    site.finish({EVIL: evil, "b": Problem(code="gone", message=EVIL)})
    job = site.store.jobs()[0].job
    pages = [
        "/",
        f"/jobs/{job}",
        "/items/1",
        "/items/2",
        "/articles",
        "/articles/1",
        "/feeds",
        "/feeds/1",
        "/failures",
    ]
    for address in [*pages, f"/articles?q={EVIL}&job={EVIL}", f"/{EVIL}"]:
        shown = site.browser.get(address).text
        assert "&lt;script&gt;" in shown, address
        assert "<script" not in shown.replace(SCRIPT, "", 1)
        assert "<img src=x" not in shown
        assert not re.search(r"href=\"\s*javascript", shown)


def test_no_page_loads_anything_from_elsewhere(site: Site) -> None:
    site.job([new_item("a")])
    site.store.add_feed("https://news.example/feed.xml", 1.0)
    site.finish({"a": article(url="https://news.example/a", image_url="https://news.example/a.png")})
    pages = ("/", "/jobs/x", "/items/1", "/articles", "/articles/1", "/feeds", "/feeds/1", "/failures")
    for address in (*pages, "/docs"):
        answer = site.browser.get(address)
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.text.count(SCRIPT) == 1
        rest = answer.text.replace(SCRIPT, "")
        assert not re.search(r"<(?:script|iframe|object|embed)|\son\w+=|\sstyle=", rest)
        loaded = re.findall(r"<(?:link|img|source|script)\b[^>]*(?:href|src)=\"([^\"]*)\"", answer.text)
        assert loaded
        assert all(one.startswith("/static/") for one in loaded)
    for one in loaded:
        assert site.browser.get(one).status_code == 200
