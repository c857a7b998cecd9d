"""Where values came from: winners and losers, read once more from the kept page."""

from __future__ import annotations

import json

import pytest
from cli_place import article, finish, new_item, open_job, step
from jsonschema import Draft202012Validator

from pipeline import Article, process
from pipeline.extract.candidate import Candidate
from pipeline.model import Copyright, Ending, Entry, Fetched, article_schema
from pipeline.packing import digest
from pipeline.store.contract import NewPage
from workers.evidence import weighed

URL = "https://post.example/region/bridge-stays"
PAGE = b"""<html lang="en"><head><title>Bridge stays | The Harbour Post</title>
<meta name="author" content="Ada Thorn"><meta property="og:site_name" content="The Harbour Post">
<meta property="article:section" content="Re\x1b[2Jgion">
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Bridge stays",
 "author": {"@type": "Person", "name": "Bo Ek"}, "datePublished": "2024-04-19T10:30:00+02:00"}</script></head>
<body><article><h1>Bridge stays</h1>
<p>The council voted on Monday to keep the old bridge open for another year, against all warnings.</p>
<p>The mayor, who walks across the bridge every single morning, said that she knew what she asked of it.</p>
</article></body></html>"""


@pytest.fixture
def bridge(place):
    """Item 1, whose page was handed over under an address, and article 1."""
    store = place.store()
    open_job(store, [new_item("bridge", key=URL, url=URL, content=PAGE)])
    made = Ending(item=0, article=process(PAGE, url=URL), trace=[step()])
    finish(store, {"bridge": made})
    store.close()


def test_show_tells_the_losers_beside_the_winner(place, bridge):
    told = place.json("show", "1")
    assert told["authors"] == told["evidence"]["authors"]["value"]
    assert told["provenance"]["authors"] == told["evidence"]["authors"]["source"]
    both = [told["evidence"]["authors"], *told["evidence"]["authors"]["others"]]
    assert sorted((one["value"][0], one["source"]) for one in both) == [
        ("Ada Thorn", "meta:author"),
        ("Bo Ek", "json-ld"),
    ]


def test_what_show_prints_is_as_the_schema_says(place, bridge):
    schema = article_schema() | {"additionalProperties": False}
    assert [one.message for one in Draft202012Validator(schema).iter_errors(place.json("show", "1"))] == []


def test_values_made_of_parts_are_told_in_parts():
    rights = Copyright(year=2024)
    made = Article(copyright=rights, provenance={"copyright": "copyright line"})
    candidates = [Candidate("copyright", rights, "copyright line"), Candidate("agency", "x" * 9000, "byline")]
    told = json.loads(json.dumps(weighed(made, candidates)))
    whole = {"holder": None, "year": 2024}
    assert told["copyright"] == {"value": whole, "source": "copyright line", "others": []}
    assert (told["agency"]["value"], told["agency"]["source"]) == (None, None)
    assert len(told["agency"]["others"][0]["value"]) < 9000


def test_every_value_with_a_source_has_its_evidence(place, bridge):
    told = place.json("show", "1")
    assert set(told["provenance"]) <= set(told["evidence"])
    for field, source in told["provenance"].items():
        assert (told["evidence"][field]["value"], told["evidence"][field]["source"]) == (told[field], source)


def test_why_prints_them_field_by_field(place, bridge):
    lines = [line.split() for line in place.feedmill("why", "1").stdout.splitlines()]
    at = next(number for number, words in enumerate(lines) if words[:1] == ["authors"])
    assert {"Ada", "Bo"} == {lines[at][1], lines[at + 1][1]}
    assert lines[at + 1][0] == "not"
    assert place.json("why", "1")["evidence"] == place.json("show", "1")["evidence"]


def test_a_candidate_cannot_command_the_terminal(place, bridge):
    for command in (["why", "1"], ["why", "1", "--json"], ["show", "1", "--json"]):
        assert "\x1b" not in place.feedmill(*command).stdout


def test_what_the_feed_said_and_where_the_page_was_had_count_again(place):
    store = place.store()
    entry = Entry(key="1", link=URL, title="Bridge: the feed's title", tags=["bridges"])
    open_job(store, [new_item("bridge", key=URL, url=URL, content=None, entry=entry)])
    (item,) = store.load(store.admit(1, 1_001.0))
    fetched = Fetched(final_url=URL + "-for-good", status=200, at=1_001.0)
    store.keep_pages([NewPage(item=item.id, body=PAGE, fetched=fetched, content_type="text/html")], 1_001.0)
    made = Ending(item=item.id, article=process(PAGE, url=URL), page_digest=digest(PAGE), trace=[step()])
    store.finish([made], 1_002.0)
    told = place.json("show", "1")["evidence"]
    assert {"value": "Bridge: the feed's title", "source": "entry"} in told["title"]["others"]
    assert told["tags"]["value"] == ["bridges"]


def test_without_its_page_nothing_can_be_told(place):
    store = place.store()
    open_job(store, [new_item("a.txt")])
    finish(store, {"a.txt": article()})
    assert place.json("show", "1")["evidence"] is None
    assert "Its page is not kept." in place.feedmill("why", "1").stdout


def test_a_page_that_is_no_article_any_more_says_so(place):
    store = place.store()
    open_job(store, [new_item("a.txt", content=b"404")])
    finish(store, {"a.txt": Ending(item=0, article=article(), trace=[step()])})
    assert place.json("show", "1")["evidence"] is None
    assert "cannot be told" in place.feedmill("why", "1").stdout


def test_an_item_without_article_has_no_evidence(place):
    store = place.store()
    open_job(store, [new_item("a.txt")])
    assert place.json("why", "1")["evidence"] is None
    assert "cannot be told" not in place.feedmill("why", "1").stdout
