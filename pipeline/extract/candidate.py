"""A value for a field of an article, as one reader found it."""

from __future__ import annotations

from typing import Any, NamedTuple


class Candidate(NamedTuple):
    """Readers say what they saw and where; `pipeline.extract.merge` judges."""

    #: a field of `pipeline.model.Article`
    field: str
    #: of that field's type; for lists, the whole list as this source gives it
    value: Any
    #: what `Article.provenance` will name: ``json-ld``, ``og:title``, ``meta:author``, ``byline``, ...
    source: str
    #: where on the page it stands, in pieces of text from the article's start (negative: above); None where
    #: that has no meaning, as in the head
    position: int | None = None
    #: what else its field's rule needs to know, in words that the reader's docstring explains
    note: str = ""
