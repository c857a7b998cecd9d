"""What the stages make of a page: a document, and then an article."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec

from pipeline.model.flow import Entry
from pipeline.model.value import Problem, Value

#: a cut less sure than this is called doubtful: worth a look before it is relied on
DOUBTFUL = 0.7


class Block(Value, frozen=True, kw_only=True):
    """One block of kept text, in reading order."""

    kind: Literal["paragraph", "heading", "item", "quote", "code", "table", "caption"]
    text: str
    #: the block as Markdown, without its blank lines
    markup: str
    #: heading level 1 to 6, list depth from 1; 0 otherwise
    level: int = 0


class Document(Value, frozen=True, kw_only=True):
    """What `clean` makes of a page: text without boilerplate, and raw signals for `extract`.

    The page is parsed once, to make this; `extract` sees nothing else.
    """

    kind: Literal["html", "text"]
    blocks: list[Block]
    #: raw metadata signals by kind, as found; the readers in `pipeline.extract` know the kinds
    signals: dict[str, Any] = {}
    #: 0 to 1: how sure the cut is, as the word-F1 to expect of it; with the problem `no_article`, that of
    #: the best cut there was: how sure it is that the page holds an article after all
    confidence: float = 1.0
    url: str | None = None
    #: set when there is no article: the item ends `skipped` with it
    problem: Problem | None = None
    entry: Entry | None = None


class Contributor(Value, frozen=True, kw_only=True):
    role: Literal[
        "reporting", "additional_reporting", "writing", "editing", "photography", "translation", "compiling"
    ]
    name: str


class Dateline(Value, frozen=True, kw_only=True):
    place: str | None = None
    agency: str | None = None
    #: ISO 8601 date
    date: str | None = None


class Copyright(Value, frozen=True, kw_only=True):
    holder: str | None = None
    year: int | None = None


class Article(Value, frozen=True, kw_only=True, omit_defaults=False):
    """The result that is stored. Dates are ISO 8601 with offset where known, else the date."""

    url: str | None = None
    canonical_url: str | None = None
    #: the headline, without the site's name
    title: str | None = None
    #: the other headlines and standfirsts
    subtitles: list[str] = []
    authors: list[str] = []
    contributors: list[Contributor] = []
    agency: str | None = None
    dateline: Dateline | None = None
    section: str | None = None
    tags: list[str] = []
    published_at: str | None = None
    modified_at: str | None = None
    #: BCP 47
    language: str | None = None
    site_name: str | None = None
    description: str | None = None
    image_url: str | None = None
    copyright: Copyright | None = None
    #: paragraphs separated by a blank line; credits and copyright lines live in their fields
    text: str = ""
    #: the text as Markdown
    markup: str = ""
    word_count: int = 0
    #: SHA-256 (hex) of the normalised text: equal text, equal hash
    content_hash: str = ""
    #: 16 hex digits
    simhash: str = ""
    #: id of the article that this one nearly repeats
    near_duplicate_of: int | None = None
    is_paywalled: bool | None = None
    #: 0 to 1, to three digits: how sure the cut is, as the word-F1 to expect of it; None: not known
    confidence: float | None = None
    #: field -> where its value came from
    provenance: dict[str, str] = {}
    extractor_version: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Every field by name, as plain JSON values: what `article_schema` describes."""
        plain: dict[str, Any] = msgspec.to_builtins(self)
        for name in ("dateline", "copyright"):
            value = getattr(self, name)
            if value is not None:
                plain[name] = {field: getattr(value, field) for field in value.__struct_fields__}
        return plain

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Article:
        """The article that `to_dict` was called on. What is no field of it (``id``, ``job``) is passed over.

        Raises ValueError when a field is not of its type.
        """
        try:
            return msgspec.convert(plain, cls)
        except msgspec.ValidationError as error:
            raise ValueError(f"not an article: {error}") from error


def article_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of `Article.to_dict()`: ``article.schema.json`` beside this file."""
    schema: dict[str, Any] = json.loads(Path(__file__).with_name("article.schema.json").read_text("utf-8"))
    return schema
