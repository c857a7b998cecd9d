"""The list of articles: its filters, its chips, what there is to choose from, page by page."""

from __future__ import annotations

import re

import msgspec
import pytest
from web_site import Site, article, new_item


@pytest.fixture
def three(site: Site) -> Site:
    site.job([new_item("a"), new_item("b"), new_item("c")])
    told = {"language": "en", "site_name": "The Courier"}
    site.finish(
        {
            "a": article("Storm", "A storm came.", authors=["Ana Lopes"], published_at="2026-03-01", **told),
            "b": article("Budget", "A budget passed.", agency="Reuters", published_at="2026-03-02", **told),
            "c": article("Turm", "Der Turm ist offen.", language="de"),
        }
    )
    return site


def listed(site: Site, query: str) -> list[str]:
    return re.findall(r'<a class="title"[^>]*>(?:<mark>)?(\w+)', site.browser.get(f"/articles{query}").text)


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["Turm", "Budget", "Storm"]),
        ("?site=The+Courier", ["Budget", "Storm"]),
        ("?language=de", ["Turm"]),
        ("?agency=reuters", ["Budget"]),
        ("?author=lopes", ["Storm"]),
        ("?published_from=2026-03-02", ["Budget"]),
        ("?published_to=2026-03-01", ["Storm"]),
        ("?q=storm&language=en", ["Storm"]),
        ("?q=storm&language=de", []),
        ("?site=&language=&author=", ["Turm", "Budget", "Storm"]),
    ],
)
def test_a_filter_is_an_address(three: Site, query: str, titles: list[str]) -> None:
    assert listed(three, query) == titles


def test_each_filter_has_a_chip_that_takes_it_away(three: Site) -> None:
    shown = three.browser.get("/articles?language=en&agency=Reuters").text
    assert 'href="/articles?agency=Reuters"><span class="unseen">Remove </span>language: en' in shown
    assert 'href="/articles?language=en"><span class="unseen">Remove </span>agency: Reuters' in shown


def test_what_there_is_to_choose_from_has_its_number(three: Site) -> None:
    shown = three.browser.get("/articles?language=de").text
    assert '<option value="The Courier">The Courier (2)</option>' in shown
    assert '<option value="de" selected>de (1)</option>' in shown
    assert '<option value="nl" selected>nl</option>' in three.browser.get("/articles?language=nl").text


def test_a_day_that_is_none_is_said(three: Site) -> None:
    assert (
        "published from: &#39;soon&#39; is no day" in three.browser.get("/articles?published_from=soon").text
    )


def test_older_articles_are_a_page_further(site: Site) -> None:
    names = [f"n{number}" for number in range(53)]
    site.job([new_item(name) for name in names])
    site.finish({name: article(f"Title{name}", f"Text of {name}.") for name in names})
    first = listed(site, "")
    older = re.search(
        r'href="/articles(\?cursor=[^"]+)" rel="next">Older', site.browser.get("/articles").text
    )
    assert older
    rest = listed(site, older[1])
    assert len(first) == 50
    assert sorted(first + rest) == sorted(f"Title{name}" for name in names)
    assert site.browser.get("/articles?cursor=broken").status_code == 404


def test_an_article_is_set_as_it_was_written(site: Site) -> None:
    site.job([new_item("a")])
    marked = "## What came\n\n- one\n- [two](https://news.example/two)\n\n[x](javascript:alert(1)) **so**"
    told = article(image_url="https://news.example/p.jpg", authors=["Ana Lopes"])
    site.finish({"a": msgspec.structs.replace(told, markup=marked)})
    shown = site.browser.get("/articles/1").text
    assert "<h3>What came</h3>" in shown
    assert "<li>one</li>" in shown
    assert 'href="https://news.example/two" rel="noopener noreferrer nofollow external"' in shown
    assert "javascript:" not in shown
    assert "<strong>so</strong>" in shown
    assert 'href="https://news.example/p.jpg"' in shown
    assert 'src="https://news.example' not in shown
    assert 'href="/articles?author=Ana%20Lopes"' in shown


def test_what_only_a_filter_hides_is_said(three: Site) -> None:
    shown = three.browser.get("/articles?q=storm&language=de").text
    assert 'href="/articles?q=storm">Without the filters' in shown
    assert "Without the filters" not in three.read("/articles?q=submarine&language=de")
    assert "Take a filter away" in three.read("/articles?language=de&site=The+Courier")


def test_an_article_leads_to_its_neighbours_and_its_likes(site: Site) -> None:
    same = {"simhash": "00000000000000ff", "url": "https://news.example/a"}
    site.job([new_item("a"), new_item("b")])
    site.finish({"a": article("Storm", "A.", **same), "b": article("Storm again", "B.", **same)})
    first, second = site.read("/articles/1"), site.read("/articles/2")
    assert "Nearly the same text Storm again" in first
    assert "Nearly the same text Storm in, which was here first" in second
    assert "Next of news.example Storm again" in first
    assert "Before of news.example Storm" in second


def test_an_article_is_deleted_only_after_a_question(site: Site) -> None:
    site.job([new_item("a")])
    site.finish({"a": article()})
    assert 'href="/articles/1/delete"' in site.browser.get("/articles/1").text
    asked = site.read("/articles/1/delete")
    assert "Delete Harbour reopens ?" in asked
    assert "file:///in/a" in asked
    assert site.store.article(1) is not None
    site.browser.post("/articles/1/delete")
    assert site.store.article(1) is None
    assert site.browser.get("/articles/1/delete").status_code == 404
