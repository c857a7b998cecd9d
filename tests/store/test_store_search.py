"""Full-text search: the same questions find the same articles on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from alembic import command
from store_line import NOW, address, article, handed, linked, run

from pipeline.errors import PipelineError
from pipeline.model import Dateline
from pipeline.settings import Settings
from pipeline.store import Store, migration, open_store
from pipeline.store.contract import ArticleFilter
from pipeline.store.database import Database


def found(store: Store, asked: str, limit: int = 50, **wanted: Any) -> list[str | None]:
    rows = store.articles(search=asked, wanted=ArticleFilter(**wanted), limit=limit)
    return [row.title for row in rows]


def pages(store: Store, asked: str, limit: int = 50, **wanted: Any) -> list[list[str]]:
    """The titles of one page after the other."""
    told, cursor = [], None
    while True:
        page = store.articles(search=asked, wanted=ArticleFilter(**wanted), limit=limit, cursor=cursor)
        told.append([str(row.title) for row in page])
        cursor = page.next
        if cursor is None:
            return told


@pytest.fixture
def library(store: Store) -> Store:
    """Four articles with words and fields of their own."""
    told = [
        (
            linked("storm"),
            article(
                "A storm hit the harbour at night. The night ferry stayed in port.",
                title="Storm closes harbour",
                authors=["Ana Lópes", "Ben Okri"],
                agency="Reuters",
                language="en-GB",
                published_at="2026-03-01T10:00:00Z",
                section="Weather",
                tags=["coast", "shipping"],
                dateline=Dateline(place="Falmouth"),
            ),
        ),
        (
            linked("budget"),
            article(
                "The council passed its budget. The harbour gets a crane.",
                title="Budget passed",
                authors=["Ben Lópes"],
                language="en",
                published_at="2026-04-02",
                site_name="The Morning Post",
            ),
        ),
        (
            handed("turm"),
            article("Der Turm der Straßenbahn ist offen.", title="Türme offen", language="de"),
        ),
        (
            handed("tokyo"),
            article("東京都は新しい橋を開いた。", title="東京の橋", language="ja"),
        ),
    ]
    run(store, told)
    return store


@pytest.mark.parametrize(
    ("asked", "titles"),
    [
        ("harbour", ["Storm closes harbour", "Budget passed"]),
        ("HARBOUR -crane", ["Storm closes harbour"]),
        ("harbour budget", ["Budget passed"]),
        ('"night ferry"', ["Storm closes harbour"]),
        ('"ferry night"', []),
        ('"night ferr"', []),
        ("harb* stor*", ["Storm closes harbour"]),
        ("crane OR ferry", ["Budget passed", "Storm closes harbour"]),
        ("title:harbour", ["Storm closes harbour"]),
        ("author:lopes", ["Budget passed", "Storm closes harbour"]),
        ('author:"ana lopes"', ["Storm closes harbour"]),
        ('author:"lopes ben"', []),
        ("by:okri", ["Storm closes harbour"]),
        ("agency:reuters", ["Storm closes harbour"]),
        ("agency:okri", []),
        ("section:weather tag:coast place:falmouth", ["Storm closes harbour"]),
        ("language:en", ["Budget passed", "Storm closes harbour"]),
        ("lang:en-GB", ["Storm closes harbour"]),
        ("harbour -language:en", []),
        ("site:example.com harbour", ["Storm closes harbour", "Budget passed"]),
        ('site:"morning post"', ["Budget passed"]),
        ("harbour after:2026-03-02", ["Budget passed"]),
        ("harbour before:2026-04", ["Storm closes harbour"]),
        ("after:2026 before:2026-03-02", ["Storm closes harbour"]),
        ("strassenbahn", ["Türme offen"]),
        ("TURME", ["Türme offen"]),
        ("straßen*", ["Türme offen"]),
        ("東京", ["東京の橋"]),
        ("新しい橋", ["東京の橋"]),
        ("京東", []),
        ("-harbour", ["東京の橋", "Türme offen"]),
        ("the of nothing", []),
        ('" - *', ["東京の橋", "Türme offen", "Budget passed", "Storm closes harbour"]),
    ],
)
def test_search_finds(library: Store, asked: str, titles: list[str]) -> None:
    # Which of two is better is each database's judgement where nothing but the text tells.
    assert sorted(str(one) for one in found(library, asked)) == sorted(titles)


def test_what_is_in_the_title_is_found_first(store: Store) -> None:
    run(
        store,
        [
            (handed("a"), article("The crane of the harbour. " * 3, title="Crane")),
            (handed("b"), article("Nothing of note happened there. " * 3 + "A crane.", title="Nothing")),
        ],
    )
    assert found(store, "crane") == ["Crane", "Nothing"]


def test_a_phrase_is_found_behind_newer_articles_with_its_words_in_another_order(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.store.search.LOOKED_INTO", (1, 2))
    texts = ["The night ferry sails. Number zero.", *(f"A ferry at night. Number {n}." for n in range(1, 6))]
    run(store, [(linked(f"s{n}"), article(text, title=f"Story {n}")) for n, text in enumerate(texts)])
    assert pages(store, '"night ferry"')[-1] == ["Story 0"]
    assert not any(pages(store, '"night ferry" -zero'))


@pytest.mark.parametrize("limit", [1, 2, 3, 5])
@pytest.mark.parametrize("asked", ["ferry", '"night ferry"'])
def test_every_article_that_answers_is_on_one_page(
    store: Store, monkeypatch: pytest.MonkeyPatch, limit: int, asked: str
) -> None:
    monkeypatch.setattr("pipeline.store.search.RANKED", 3)
    monkeypatch.setattr("pipeline.store.search.LOOKED_INTO", (2, 1))
    monkeypatch.setattr("pipeline.store.search.ENOUGH", 2)
    texts = [f"The night {'ferry ' * (1 + n % 4)}sails. Number {n}." for n in range(8)]
    run(store, [(linked(f"s{n}"), article(text, title=f"Story {n}")) for n, text in enumerate(texts)])
    told = pages(store, asked, limit)
    assert sorted(title for page in told for title in page) == [f"Story {n}" for n in range(8)]
    assert all(len(page) <= limit for page in told)


@pytest.mark.parametrize("limit", [1, 2, 50])
def test_a_filter_by_words_that_many_articles_have_finds_the_same(
    store: Store, monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    told = [
        (
            linked(f"s{n}"),
            article(f"The text {n}.", title=f"Story {n}", tags=["sea" if n % 3 else "sky"], language="en"),
        )
        for n in range(8)
    ]
    run(store, told)
    few = pages(store, "", limit, tag="sea")
    monkeypatch.setattr("pipeline.store.search.FEW", 2)
    monkeypatch.setattr("pipeline.store.search.LOOKED_INTO", (2, 1))
    many = pages(store, "-nothing", limit, tag="sea", language="en")
    titles = [title for page in many for title in page]
    assert titles == [title for page in few for title in page] == [f"Story {n}" for n in (7, 5, 4, 2, 1)]
    assert not any(pages(store, "", limit, tag="sea", language="xx"))


def test_search_shows_where_it_found(library: Store) -> None:
    (row,) = library.articles(search="ferry")
    assert row.passage
    assert [row.passage.text[start:end] for start, end in row.passage.found] == ["ferry"]


def test_search_and_other_filters_are_joined(library: Store) -> None:
    (first, *_) = library.articles(search="harbour")
    assert found(library, "harbour", job=first.job, limit=1) == [first.title]
    assert found(library, "harbour", job="another") == []
    assert found(library, "harbour", stored_since=NOW + 1) == []


def test_a_revised_article_is_found_by_its_new_words_only(store: Store) -> None:
    run(store, [(linked("a"), article("The first words", title="First"))])
    run(store, [(linked("a"), article("The second words", title="Second"))], NOW + 1)
    assert found(store, "first") == []
    assert found(store, "second words") == ["Second"]


def test_a_deleted_article_is_found_no_more(library: Store) -> None:
    (row,) = library.articles(search="ferry")
    library.delete_article(row.id, NOW)
    assert found(library, "ferry") == []
    assert found(library, "-crane") == ["東京の橋", "Türme offen"]


def test_a_very_long_text_is_found_by_what_it_begins_with(store: Store) -> None:
    body = "opening " + " ".join(f"w{number}x" for number in range(120_000)) + " ending"
    run(store, [(handed("a"), article(body, title="Long"))])
    assert found(store, "opening w7x w40000x") == ["Long"]
    assert found(store, "ending") == []


def test_a_search_that_cannot_be_understood_says_why(store: Store) -> None:
    with pytest.raises(PipelineError, match="after:never is no date"):
        store.articles(search="after:never")


def test_articles_from_before_there_was_an_index_are_found(store_settings: Settings) -> None:
    store = open_store(store_settings)
    run(store, [(linked("a"), article("A storm hit the coast", title="Storm", authors=["Ana Lópes"]))])
    database = Database(store_settings.effective_database_url)
    with database.writing() as connection:
        command.downgrade(migration.configuration(connection), "0002")
    database.close()
    store.migrate()
    assert found(store, "storm by:lopes") == ["Storm"]
    assert store.check() == []
    assert [row.key for row in store.articles(search="coast")] == [address("a")]
    store.close()
