"""Lists of articles by site, language, agency, people and dates, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from alembic import command
from store_line import NOW, address, article, handed, linked, run

from pipeline.model import Contributor, NewItem
from pipeline.settings import Settings
from pipeline.store import Store, migration, open_store
from pipeline.store.article_filter import MOST_COUNTED, ArticleFilter, Facet
from pipeline.store.database import Database
from pipeline.store.library import LOOKED_AT

FIRST_OF_MARCH = datetime(2026, 3, 1, tzinfo=UTC).timestamp()

STORM = article(
    "A storm hit the coast.",
    title="Storm",
    url="https://www.coast.example/storm",
    site_name="Coast Daily",
    language="en-GB",
    agency="Reuters",
    authors=["Ana Lópes"],
    section="Weather",
    tags=["sea ice"],
    published_at="2026-03-01T10:00:00Z",
)
BUDGET = article(
    "The budget passed.",
    title="Budget",
    url="https://post.example/budget",
    site_name="The Post",
    language="en",
    contributors=[Contributor(role="editing", name="Ben Okri")],
    published_at="2026-02-28",
)
COAST_FEED = NewItem(
    key=address("storm"), name="storm", source="https://coast.example/feed", url=address("storm")
)
TURM = article("Der Turm ist offen.", title="Turm", language="de")


def titles(store: Store, search: str | None = None, **asked: Any) -> list[str | None]:
    return [row.title for row in store.articles(search=search, wanted=ArticleFilter(**asked))]


@pytest.fixture
def three(store: Store) -> Store:
    run(store, [(COAST_FEED, STORM)], NOW)
    run(store, [(linked("budget"), BUDGET)], NOW + 1)
    run(store, [(handed("turm"), TURM)], NOW + 2)
    return store


ASKED: list[tuple[dict[str, Any], list[str]]] = [
    ({}, ["Turm", "Budget", "Storm"]),
    ({"site": "coast.example"}, ["Storm"]),
    ({"site": "www.Coast.example"}, ["Storm"]),
    ({"site": "https://www.coast.example/another"}, ["Storm"]),
    ({"site": "coast daily"}, ["Storm"]),
    ({"site": "the  POST"}, ["Budget"]),
    ({"site": "example.com"}, ["Turm"]),
    ({"site": "nowhere.example"}, []),
    ({"site": ""}, []),
    ({"site": "[::"}, []),
    ({"language": "en"}, ["Budget", "Storm"]),
    ({"language": "EN-gb"}, ["Storm"]),
    ({"language": "en_GB"}, ["Storm"]),
    ({"agency": "reuters"}, ["Storm"]),
    ({"author": "lopes"}, ["Storm"]),
    ({"author": "Ana Lopes"}, ["Storm"]),
    ({"author": "Lopes Ana"}, []),
    ({"author": "okri"}, ["Budget"]),
    ({"author": "?"}, []),
    ({"section": "weather"}, ["Storm"]),
    ({"tag": "Sea Ice"}, ["Storm"]),
    ({"source": "https://coast.example/feed"}, ["Storm"]),
    ({"published_from": FIRST_OF_MARCH}, ["Storm"]),
    ({"published_before": FIRST_OF_MARCH}, ["Budget"]),
    ({"stored_since": NOW + 1}, ["Turm", "Budget"]),
    ({"language": "en", "agency": "Reuters", "author": "Lopes", "site": "Coast Daily"}, ["Storm"]),
    ({"language": "de", "agency": "Reuters"}, []),
    ({"site": "\0"}, []),
]


def test_articles_are_filtered(three: Store) -> None:
    assert [(asked, titles(three, **asked)) for asked, _ in ASKED] == ASKED


def test_a_search_is_filtered_too(three: Store) -> None:
    assert sorted(map(str, titles(three, "the OR storm"))) == ["Budget", "Storm"]
    assert titles(three, "the OR storm", site="The Post") == ["Budget"]
    assert titles(three, "the OR storm", author="Okri") == ["Budget"]
    assert titles(three, "-storm", author="lopes") == []
    assert titles(three, "before:2026-03", language="en") == ["Budget"]


def test_words_of_a_filter_are_not_marked_in_the_text(three: Store) -> None:
    (row,) = three.articles(search="storm", wanted=ArticleFilter(tag="sea ice"))
    assert row.passage
    assert [row.passage.text[start:end] for start, end in row.passage.found] == ["storm"]


def test_a_revised_article_is_filtered_by_what_it_says_now(store: Store) -> None:
    run(store, [(linked("a"), article("One", agency="Reuters", language="en"))])
    run(store, [(linked("a"), article("Two", agency="dpa", language="de"))], NOW + 1)
    assert titles(store, agency="reuters") == titles(store, language="en") == []
    assert titles(store, agency="DPA", language="de") == ["On Two"]


def test_what_there_is_to_choose_from_comes_with_its_number(three: Store) -> None:
    url = "https://post.example/more"
    more = article("More", url=url, site_name="the post", language="en-US")
    run(three, [(linked("more"), more)], NOW + 3)
    found = three.facets()
    assert [(one.value.lower(), one.count) for one in found.sites] == [
        ("the post", 2),
        ("coast daily", 1),
        ("example.com", 1),
    ]
    assert found.languages == (Facet(value="en", count=3), Facet(value="de", count=1))
    assert found.agencies == (Facet(value="Reuters", count=1),)
    for kind, values in (("site", found.sites), ("language", found.languages), ("agency", found.agencies)):
        for one in values:
            assert len(titles(three, **{kind: one.value})) == one.count


def test_an_empty_store_has_nothing_to_choose_from(store: Store) -> None:
    assert store.facets().sites == store.facets().languages == ()


def test_choosing_reads_no_more_than_its_bounds(store: Store) -> None:
    many = [(handed(f"n{number}"), article(f"text {number}")) for number in range(MOST_COUNTED + 5)]
    run(store, many)
    assert store.facets().sites == (Facet(value="example.com", count=MOST_COUNTED),)
    assert LOOKED_AT >= MOST_COUNTED


def test_articles_from_before_there_were_filters_have_them(store_settings: Settings) -> None:
    store = open_store(store_settings)
    run(store, [(linked("storm"), STORM), (handed("turm"), TURM)])
    database = Database(store_settings.effective_database_url)
    with database.writing() as connection:
        command.downgrade(migration.configuration(connection), "0006")
    database.close()
    store.migrate()
    assert titles(store, site="coast.example", language="en", agency="reuters") == ["Storm"]
    assert titles(store, site=address("turm")) == ["Turm"]
    assert store.check() == []
    store.close()
