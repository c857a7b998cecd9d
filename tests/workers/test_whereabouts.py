"""Whoever misses an article is told where it is, or why it is nowhere."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from pipeline.fetch.robots import RobotsFile
from pipeline.model import Article, Ending, Entry, NewItem, Polled, Problem
from pipeline.packing import pack
from pipeline.settings import Settings
from pipeline.store import Store, open_store
from workers.frontier import Frontier
from workers.stages import Stages
from workers.whereabouts import Deed, Whereabouts, whereabouts, whereabouts_document

NOW = 1_700_000_000.0
PAGE = "https://news.example/storm"
GONE = Problem(code="gone", message="The server says that the page is gone.")


@pytest.fixture
def store(tmp_path: Path, sqlite_template: Path) -> Iterator[Store]:
    shutil.copy(sqlite_template, tmp_path)
    store = open_store(Settings(data_dir=tmp_path))
    yield store
    store.close()


def item(address: str = PAGE, **other: Any) -> NewItem:
    return NewItem(**({"key": address, "name": address, "source": "news", "url": address} | other))


def handed_in(store: Store, new: NewItem, result: Article | Problem | None = None) -> str:
    """A job of one item, which ends with a result if there is one."""
    job = store.open_job(["news"], NOW, NOW + 60)
    store.accept(job, [new], NOW)
    store.close_job(job, NOW)
    if result is not None:
        store.admit(10, NOW)
        (number,) = store.job_items_in_flight(job)
        told = {"problem" if isinstance(result, Problem) else "article": result}
        store.finish([Ending(item=number, **told)], NOW)  # type: ignore[arg-type]
        store.end_jobs(NOW)
    return job


def story(text: str = "A storm hit the coast.", **other: Any) -> Article:
    told = {"title": "Storm", "text": text, "content_hash": text, "extractor_version": "1"}
    return Article(**(told | other))


def look(store: Store, asked: str, stages: Stages | None = None, now: float = NOW + 60) -> Whereabouts:
    return whereabouts(store, stages, asked, now, Settings())


def said(found: Whereabouts) -> str:
    return "\n".join(f"{one.tone}: {one.says} {one.next} {one.command}".strip() for one in found.clues)


def test_a_stored_article_is_found_with_its_page(store: Store) -> None:
    handed_in(store, item(), story())
    found = look(store, "http://www.news.example/storm/?utm_source=mail")
    assert (found.item, found.article, found.is_known) == (1, 1, True)
    assert found.clues[0].tone == "good"
    assert 'was stored 1 min ago as article 1 "Storm"' in found.clues[0].says
    assert found.clues[0].link == "/articles/1"


def test_a_failure_comes_with_its_error_advice_and_command(store: Store) -> None:
    handed_in(store, item(), GONE)
    (first, *_) = look(store, PAGE).clues
    assert (first.tone, first.link, first.command) == ("bad", "/items/1", "feedmill retry 1")
    assert "failed 1 min ago (gone): The server says that the page is gone." in first.says
    assert first.deed == Deed("retry", "1")
    assert "There is nothing to be done." in first.next


def test_what_waits_is_told_with_its_time(store: Store) -> None:
    handed_in(store, item(), Problem(code="timeout", message="Too slow.", retry_helps=True))
    (first, *_) = look(store, PAGE, now=NOW + 1).clues
    assert first.tone == "wait"
    assert "It failed so far (timeout): Too slow." in first.says
    assert "try 2 of " in first.next


def test_a_duplicate_names_the_article_it_repeats(store: Store) -> None:
    handed_in(store, item(), story())
    handed_in(store, item("https://other.example/copy"), story())
    found = look(store, "https://other.example/copy")
    assert (found.item, found.article) == (2, 1)
    assert 'its text is that of article 1 "Storm"' in found.clues[0].says


def test_an_article_under_its_canonical_address_is_found_without_an_item(store: Store) -> None:
    handed_in(store, item(), story(canonical_url="https://news.example/2026/storm"))
    found = look(store, "https://news.example/2026/storm")
    assert (found.item, found.article) == (None, 1)
    assert "gives this address as its own (canonical)" in found.clues[0].says


def test_a_deleted_article_is_told_with_the_way_back(store: Store) -> None:
    handed_in(store, item(), story())
    store.delete_article(1, NOW + 30)
    told = said(look(store, PAGE))
    assert "its article was deleted since" in told
    assert "Article 1 was deleted here 30 s ago" in told
    assert f"feedmill delete --forget {PAGE}" in told
    store.forget_deleted(PAGE)
    (first, *_) = look(store, PAGE).clues
    assert "The deletion was taken back" in first.next
    assert first.deed == Deed("hand_in", PAGE)


def test_what_nobody_knows_is_said_to_be_unknown_with_the_way_in(store: Store) -> None:
    found = look(store, "news.example/never")
    assert (found.is_known, found.address) == (False, "https://news.example/never")
    first, second = found.clues
    assert "was never handed in, and no feed that is subscribed has listed it" in first.says
    assert first.command == "feedmill enqueue https://news.example/never"
    assert "No feed of news.example is subscribed" in second.says


def test_a_job_that_is_still_read_may_hold_it(store: Store) -> None:
    handed_in(store, item())
    reading = store.open_job(["news"], NOW, NOW + 3600)
    told = said(look(store, "https://news.example/other"))
    assert f"Job {reading} is still being read" in told
    assert told.count("is still being read") == 1


def test_what_failed_is_found_by_the_title_that_its_feed_gave(store: Store) -> None:
    entry = Entry(key=PAGE, link=PAGE, title="The Article that Vanished")
    handed_in(store, item(entry=entry), GONE)
    handed_in(store, item("https://news.example/there", entry=entry), story())
    found = look(store, "vanished \u201carticle\u201d")
    assert [one.link for one in found.clues] == ["/articles/1", "/items/1"]
    assert 'how its feed called article 1, which has the headline "Storm" now' in found.clues[0].says
    assert found.item is None
    assert look(store, "The article that vanished").clues[1].says.startswith('"The Article that Vanished" (')


def test_a_headline_word_by_word_of_one_item_leads_to_it(store: Store) -> None:
    handed_in(store, item(entry=Entry(key=PAGE, link=PAGE, title="\u201cWe won\u2019t go back\u201d")), GONE)
    assert look(store, '"We won\'t go back"').item == 1
    assert look(store, "go back").item is None


def test_a_headline_that_is_nearly_right_is_guessed(store: Store) -> None:
    handed_in(store, item(), story(title="The harbour budget is approved at last"))
    handed_in(
        store, item(f"{PAGE}2", entry=Entry(key=PAGE, link=PAGE, title="Minister resigns over bridge")), GONE
    )
    nothing, guess = look(store, "Harbour budgte approved today").clues
    assert "Looked through were the titles, texts and names" in nothing.says
    assert (guess.link, guess.tone) == ("/articles/1", "note")
    told = look(store, "Minister resigned over bridges").clues
    assert "most of them" in told[0].says
    assert told[1].link == "/items/2"
    assert [one.link for one in look(store, "something else entirely").clues] == [""]


def test_a_mistyped_address_is_asked_back(store: Store) -> None:
    handed_in(
        store, item("https://news.example/2026/11/harbour-budget-approved"), story(title="Budget passed")
    )
    handed_in(store, item("https://news.example/article/123456"), GONE)

    def guessed(asked: str) -> list[str]:
        return [one.says for one in look(store, asked).clues if one.says.startswith("Did you mean")]

    right = "Did you mean https://news.example/2026/11/harbour-budget-approved?"
    for asked in (
        "2026/11/harbour-budget-aproved",
        "2026/11/harbour-bud",
        "2026/11/harbour-budget-approved-2/x",
    ):
        assert guessed(f"http://www.news.example/{asked}") == [right]
    # Another number is another article, and another host another site.
    assert (
        guessed("https://news.example/article/123457")
        == guessed("https://other.example/2026/11/harbour")
        == []
    )


def test_a_feeds_own_address_leads_to_it(store: Store) -> None:
    store.add_feed("https://news.example/feed", NOW)
    (first, *_) = look(store, "http://news.example/feed/").clues
    assert (first.link, first.tone) == ("/feeds/1", "note")


def test_the_feeds_of_its_host_are_told_with_their_health(store: Store) -> None:
    feed = store.add_feed("https://www.news.example/feed", NOW, title="News")
    store.feeds_polled([Polled(feed=feed.id, at=NOW, items=[item()])], NOW)
    paused = store.add_feed("https://feeds.news.example/sport", NOW)
    store.change_feed(paused.id, NOW, state="paused")
    found = look(store, "https://news.example/unlisted")
    told = said(found)
    assert "Feed 1 (News, https://www.news.example/feed) is" in told
    assert "It has not listed this address so far." in told
    assert "feedmill feeds poll 1" in told
    assert "feedmill feeds resume 2" in told


def test_an_entry_that_a_feed_listed_is_told(store: Store) -> None:
    feed = store.add_feed("https://news.example/feed", NOW)
    listed = msgspec.structs.replace(item(), entry=Entry(key=PAGE, link=PAGE))
    store.feeds_polled([Polled(feed=feed.id, at=NOW, items=[listed])], NOW)
    assert "Feed 1 (https://news.example/feed) listed it 1 min ago." in said(look(store, PAGE))


def test_a_number_may_be_an_item_and_an_article(store: Store) -> None:
    handed_in(store, item("https://news.example/gone"), GONE)
    handed_in(store, item(), story())
    found = look(store, "1")
    assert (found.item, found.article) == (1, 1)
    assert [one.link for one in found.clues] == ["/items/1", "/articles/1"]
    assert not look(store, "77").is_known


def test_words_of_a_title_find_articles_and_a_jobs_number_its_job(store: Store) -> None:
    job = handed_in(store, item(), story())
    found = look(store, "storm coast")
    assert not found.is_known
    assert [one.link for one in found.clues] == ["/articles/1"]
    assert [one.link for one in look(store, job).clues] == [f"/jobs/{job}"]
    assert "Nothing here is called 'after:never'" in said(look(store, "after:never"))


def test_a_part_of_a_name_is_no_direct_hit(store: Store) -> None:
    handed_in(store, item("file:///wire/storm.txt", name="wire/storm.txt", url=None, content=b"x"), story())
    assert look(store, "wire/storm.txt").item == 1
    partly = look(store, "orm.tx")
    assert partly.item is None
    assert partly.clues[0].link == "/articles/1"


def test_a_whole_site_is_told_by_its_feeds(store: Store) -> None:
    store.add_feed("https://news.example/feed", NOW)
    found = look(store, "news.example")
    assert [one.link for one in found.clues] == ["/articles?site=news.example", "/feeds/1"]


def test_hosts_that_may_not_be_asked_are_told(store: Store, stages: Stages) -> None:
    def rules(body: bytes) -> None:
        file = RobotsFile(
            origin="https://news.example", state="rules", body=body, fetched_at=NOW, expires_at=NOW + 3600
        )
        Frontier(stages, "fetch").keep_robots(file, NOW)

    rules(b"User-agent: *\nDisallow: /storm\n")
    assert "asks not to fetch this address" in said(look(store, PAGE, stages))
    rules(b"User-agent: *\nDisallow: /else\n")
    assert "asks not to fetch" not in said(look(store, PAGE, stages))
    later = str(int((stages.clock() + 600) * 1000))
    known = stages.key("host", "news.example")
    stages.redis.hset(known, mapping={"next": later, "strikes": "3"})
    told = said(look(store, PAGE, stages))
    assert re.search(r"news.example is left alone for (10 min|9 min 5\d s) after 3 refusals in a row", told)
    why = pack(Problem(code="connect", message="No connection."))
    stages.redis.hset(known, mapping={"away": later, "why": why})
    told = said(look(store, PAGE, stages))
    assert "takes no connections at the moment: connect: No connection." in told


def test_programs_get_the_same(store: Store) -> None:
    handed_in(store, item(), GONE)
    told = whereabouts_document(look(store, PAGE))
    assert told["known"] is True
    assert told["clues"][0]["command"] == "feedmill retry 1"
    assert msgspec.json.decode(msgspec.json.encode(told)) == told
