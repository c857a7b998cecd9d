"""Articles as schema.org: what is said, and that a page which says it gives the same metadata back."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import Article, process
from pipeline.model import Contributor, Copyright, Dateline
from pipeline.model.news_article import news_article
from pipeline.store.export import write

STORY = [
    "The council voted on Monday to keep the old bridge open for another year, although its engineers had "
    "warned that two of the four piers would have to be replaced before the winter.",
    "“We know what we are asking of it,” said the mayor, who walks across the bridge every single morning, "
    "and who had promised the villages on the far bank that they would not be cut off again.",
    "Traffic will be limited to one lane and to three tonnes, and the ferry that was sold in the spring is "
    "to be bought back from its new owner for what it cost.",
]
URL = "https://post.example/region/bridge-stays-open-17"


def test_every_field_that_schema_org_has_a_word_for_is_said() -> None:
    article = Article(
        url="https://post.example/amp/bridge",
        canonical_url=URL,
        title="Bridge stays open",
        subtitles=["Two piers are weak", "The ferry comes back"],
        authors=["Ann Lee", "Bo Ek"],
        contributors=[
            Contributor(role="additional_reporting", name="Cy Dunn"),
            Contributor(role="editing", name="Di Egan"),
            Contributor(role="translation", name="Ed Faure"),
        ],
        agency="Reuters",
        dateline=Dateline(place="CAPRI", agency="Reuters", date="2024-04-19"),
        section="Region",
        tags=["bridges", "ferries"],
        published_at="2024-04-19T10:30:00+02:00",
        modified_at="2024-04-20",
        language="en-GB",
        site_name="The Post",
        description="Two of four piers are weak.",
        image_url="https://post.example/bridge.jpg",
        copyright=Copyright(holder="The Post Ltd", year=2024),
        text="One.\n\nTwo.",
        word_count=2,
        is_paywalled=True,
    )
    assert news_article(article.to_dict()) == {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": "Bridge stays open",
        "alternativeHeadline": ["Two piers are weak", "The ferry comes back"],
        "description": "Two of four piers are weak.",
        "author": [{"@type": "Person", "name": "Ann Lee"}, {"@type": "Person", "name": "Bo Ek"}],
        "contributor": [
            {
                "@type": "Role",
                "roleName": "additional reporting",
                "contributor": {"@type": "Person", "name": "Cy Dunn"},
            }
        ],
        "editor": [{"@type": "Person", "name": "Di Egan"}],
        "translator": [{"@type": "Person", "name": "Ed Faure"}],
        "sourceOrganization": {"@type": "Organization", "name": "Reuters"},
        "publisher": {"@type": "Organization", "name": "The Post"},
        "dateline": "CAPRI, 2024-04-19 (Reuters)",
        "locationCreated": {"@type": "Place", "name": "CAPRI"},
        "datePublished": "2024-04-19T10:30:00+02:00",
        "dateModified": "2024-04-20",
        "articleSection": "Region",
        "keywords": ["bridges", "ferries"],
        "inLanguage": "en-GB",
        "url": URL,
        "mainEntityOfPage": {"@type": "WebPage", "@id": "https://post.example/amp/bridge"},
        "image": "https://post.example/bridge.jpg",
        "copyrightHolder": {"@type": "Organization", "name": "The Post Ltd"},
        "copyrightYear": 2024,
        "isAccessibleForFree": False,
        "wordCount": 2,
        "articleBody": "One.\n\nTwo.",
    }


def test_what_is_not_known_is_not_said() -> None:
    told = news_article(Article(text="One.", word_count=1, dateline=Dateline(agency="AP")).to_dict())
    assert told == {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "dateline": "(AP)",
        "wordCount": 1,
        "articleBody": "One.",
    }


def exported(article: Article) -> str:
    stream = io.StringIO()
    assert write([article.to_dict()], "jsonld", stream) == 1
    return stream.getvalue()


def test_a_line_may_stand_in_a_script_element() -> None:
    line = exported(Article(title="</script><!-- & more", text="a < b"))
    assert "<" not in line
    assert line.count("\n") == 1
    assert json.loads(line)["headline"] == "</script><!-- & more"


def page(line: str) -> str:
    story = "".join(f"<p>{paragraph}</p>" for paragraph in STORY)
    script = f'<script type="application/ld+json">{line}</script>'
    return f"<html><head>{script}</head><body><article>{story}</article></body></html>"


SURNAMES = ["Lindqvist", "Okafor", "de la Vega", "O'Brien", "Müller-Lüdenscheidt", "Zoë", "Nowák"]
NAMES = st.builds("{} {}".format, st.sampled_from(["Ada", "Émile", "Jun", "Olga"]), st.sampled_from(SURNAMES))
TITLES = st.lists(
    st.sampled_from(
        [
            "bridge",
            "stays",
            "open",
            "for",
            "“one”",
            "year,",
            "says",
            "council:",
            "no",
            "ferry",
            "&",
            "3",
            "piers",
            "à",
            "vendre",
        ]
    ),
    min_size=4,
    max_size=9,
    unique=True,
).map(lambda words: " ".join(["Why", *words]))
DAYS = st.dates(min_value=date(2001, 1, 1), max_value=date(2024, 1, 1))
CLOCKS = st.sampled_from(["", "T10:30:00+02:00", "T00:00:59+00:00", "T23:59:00-03:30"])
METADATA = st.fixed_dictionaries(
    {
        "title": TITLES,
        "authors": st.lists(NAMES, max_size=3, unique=True),
        "section": st.none() | st.sampled_from(["Region", "Kultur & Medien", "Économie"]),
        "tags": st.lists(st.sampled_from(["piers", "Ferries", "Straßenbau", "budget 2024"]), unique=True),
        # Never without: a change alone is taken for the publication, too.
        "published_at": st.builds("{}{}".format, DAYS, CLOCKS),
        "modified_at": st.none() | st.builds("2025-02-03{}".format, CLOCKS),
        "site_name": st.none() | st.sampled_from(["The Harbour Post", "Le Littoral"]),
        "description": st.none() | TITLES,
        "image_url": st.none() | st.just("https://img.example/a/bridge%20(1).jpg?w=1200&h=630"),
        "is_paywalled": st.none() | st.booleans(),
    }
)


@settings(max_examples=40, deadline=None)
@given(METADATA)
def test_a_page_that_says_it_gives_the_same_metadata_back(metadata: dict[str, Any]) -> None:
    article = Article(url=URL, canonical_url=URL, **metadata)
    read = process(page(exported(article)), url=URL).to_dict()
    assert {field: read[field] for field in metadata} == metadata
    assert read["canonical_url"] == URL
    assert read["text"].split("\n\n") == STORY
    given_back = {field for field, value in metadata.items() if value not in (None, [])}
    assert {read["provenance"][field] for field in given_back} == {"json-ld"}
