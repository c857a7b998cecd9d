"""The JSON Schema of an article and the article agree, whatever the article holds."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from pipeline import Article, process
from pipeline.model import article_schema
from pipeline.normal import normal

SEEDS = Path(__file__).parent.parent / "seeds"
FILES = [*sorted((SEEDS / "stories").glob("*.txt")), *sorted((SEEDS / "pages").glob("*.html"))]
SCHEMA = article_schema()
#: what stands beside an article's own fields in an export, and in `show --json`
BESIDE = {"id", "job", "fetched_at", "evidence"}
FORMATS = FormatChecker(formats=())


@FORMATS.checks("date", ValueError)
def _is_date(value: object) -> bool:
    return not isinstance(value, str) or bool(date.fromisoformat(value))


@FORMATS.checks("date-time", ValueError)
def _is_moment(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


@FORMATS.checks("uri")
def _is_uri(value: object) -> bool:
    """RFC 3986, appendix A, as far as characters go."""
    escaped = r"(?:[\w.~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*"
    pattern = rf"[a-z]+:(?://(?:{escaped}|\[[0-9a-f:.]+\](?::\d*)?))?{escaped}(?:\?(?:{escaped}|\?)*)?(?:#(?:{escaped}|\?)*)?"
    return not isinstance(value, str) or re.fullmatch(pattern, value, re.A) is not None


VALIDATOR = Draft202012Validator(SCHEMA | {"additionalProperties": False}, format_checker=FORMATS)


def faults(told: dict[str, Any]) -> list[str]:
    return [f"{'.'.join(map(str, one.path))}: {one.message}" for one in VALIDATOR.iter_errors(told)]


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_the_schema_has_the_fields_of_an_article_and_no_others() -> None:
    fields = list(Article.__struct_fields__)
    assert [name for name in SCHEMA["properties"] if name not in BESIDE] == fields
    assert SCHEMA["required"] == fields
    assert set(SCHEMA["properties"]) - set(fields) == BESIDE


@pytest.mark.parametrize("field", SCHEMA["properties"])
def test_every_field_says_what_it_means(field: str) -> None:
    assert SCHEMA["properties"][field]["description"].endswith(".")


def types_of(schema: Any, root: Any) -> set[str]:
    """The JSON types that a schema lets through."""
    if "anyOf" in schema:
        return set().union(*(types_of(one, root) for one in schema["anyOf"]))
    if "type" in schema:
        told = schema["type"]
        return set(told) if isinstance(told, list) else {told}
    if "enum" in schema:
        return {"string"}
    return types_of(root["$defs"][schema["$ref"].rsplit("/", 1)[-1]], root)


@pytest.mark.parametrize("field", Article.__struct_fields__)
def test_a_field_has_the_type_that_the_code_gives_it(field: str) -> None:
    (_,), definitions = msgspec.json.schema_components([Article])
    root = {"$defs": definitions}
    assert types_of(SCHEMA["properties"][field], SCHEMA) == types_of(
        definitions["Article"]["properties"][field], root
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_samples_are_as_the_schema_says(path: Path) -> None:
    told = process(path.read_bytes(), url=f"https://paper.example/{path.name}").to_dict()
    assert faults(told) == []


def test_the_samples_in_lines_are_as_the_schema_says() -> None:
    for line in (SEEDS / "articles.jsonl").read_text().splitlines():
        given_ = json.loads(line)
        content = given_.get("html") or given_.get("text")
        assert faults(process(content, url=given_.get("url")).to_dict()) == []


#: values of all kinds for a field: what is right, what is nearly right, and anything
TEXTS = st.text(max_size=60) | st.sampled_from(
    [
        "e\u0301cole",
        "a\x00b",
        "\u200b",
        "x" * 600,
        "word " * 900,
        "\u202eabc",
        "\ud800",
        " \u00a0 ",
        "Ann Lee",
    ]
)
MOMENTS = st.datetimes().map(datetime.isoformat) | st.sampled_from(
    [
        "2024-04-19T10:30:00.123456Z",
        "20240419",
        "2024-04-19T10:30-03:30",
        "2024-W16-5",
        "1911-03-01T00:00:00+00:09:21",
    ]
)
ADDRESSES = st.sampled_from(
    [
        "https://a.example/ü?q=[1]#x y",
        "//a.example/b",
        "HTTPS://Ü.example:443",
        "file:///in/a b.txt",
        "data:,x",
    ]
) | st.text(max_size=20).map(lambda tail: f"http://a.example/{tail}")
TAGS = st.sampled_from(["pt_br", "ZH-hant-tw", "en-US-x-mine", "und", "english", "sl-rozaj-biske", "x"])
KINDS = {
    "published_at": MOMENTS, "modified_at": MOMENTS, "url": ADDRESSES, "canonical_url": ADDRESSES,
    "image_url": ADDRESSES, "language": TAGS,
}  # fmt: skip
LISTS = ("subtitles", "authors", "tags")
LINES = ("title", "agency", "section", "site_name", "description", "text", "markup")


@st.composite
def articles(draw: st.DrawFn) -> Article:
    told: dict[str, Any] = {field: draw(st.none() | TEXTS | values) for field, values in KINDS.items()}
    told |= {field: draw(TEXTS) for field in LINES}
    told |= {field: draw(st.lists(TEXTS, max_size=4)) for field in LISTS}
    roles = st.sampled_from(["reporting", "writing"])
    told["contributors"] = draw(st.lists(st.fixed_dictionaries({"role": roles, "name": TEXTS}), max_size=3))
    parts = st.none() | TEXTS
    told["dateline"] = draw(
        st.none() | st.fixed_dictionaries({"place": parts, "agency": parts, "date": parts | MOMENTS})
    )
    years = st.none() | st.integers(-5, 99_999)
    told["copyright"] = draw(st.none() | st.fixed_dictionaries({"holder": parts, "year": years}))
    told["provenance"] = {field: draw(TEXTS) for field in ("title", "authors", "language")}
    told |= {"content_hash": "0" * 64, "simhash": "0" * 16, "confidence": draw(st.floats(0, 1))}
    return Article.from_dict(told)


@settings(max_examples=60, deadline=None)
@given(articles())
def test_every_article_behind_the_gate_is_as_the_schema_says(article: Article) -> None:
    assert faults(normal(article).to_dict()) == []


@settings(max_examples=30, deadline=None)
@given(articles())
def test_an_article_comes_back_from_its_dict(article: Article) -> None:
    told = article.to_dict()
    assert Article.from_dict(told) == article
    assert (
        Article.from_dict(told | {"id": 3, "job": "j", "fetched_at": "2024-04-19T10:30:00+00:00"}) == article
    )


def test_what_is_no_article_is_refused() -> None:
    with pytest.raises(ValueError, match="authors"):
        Article.from_dict({"authors": "Ann Lee"})


PARAGRAPH = "The council voted on Monday to keep the old bridge open for another year, against all warnings. "


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.sampled_from(["headline", "author", "url", "image", "inLanguage", "datePublished",
                                        "articleSection", "keywords", "description", "alternativeHeadline"]),
                       TEXTS | MOMENTS | ADDRESSES | TAGS | st.lists(TEXTS, max_size=3)))  # fmt: skip
def test_whatever_a_page_says_its_article_is_as_the_schema_says(said: dict[str, Any]) -> None:
    script = json.dumps({"@type": "NewsArticle", **said}).replace("<", "\\u003c")
    page = f'<script type="application/ld+json">{script}</script><article><p>{PARAGRAPH * 4}</p></article>'
    assert faults(process(page, url="https://paper.example/ü b").to_dict()) == []
