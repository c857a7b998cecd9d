"""Which articles a list shows, and what there is to choose from: values, no SQL."""

from __future__ import annotations

from pipeline.model import Value


class ArticleFilter(Value, frozen=True, kw_only=True):
    """Articles that meet all that is asked; nothing asked: all. None of it looks at case."""

    #: the host of the page's address, with or without ``www.``, or the site's name
    site: str | None = None
    #: BCP 47; without a region, every region of it: ``en`` finds ``en-GB``
    language: str | None = None
    agency: str | None = None
    #: words that follow one another in an author's or contributor's name; likewise the others
    author: str | None = None
    section: str | None = None
    tag: str | None = None
    #: what was handed in that led to the article, such as a feed's address
    source: str | None = None
    #: Unix seconds: published at or after, and before
    published_from: float | None = None
    published_before: float | None = None
    #: Unix seconds: the present revision was written at or after
    stored_since: float | None = None
    job: str | None = None
    #: at least the one, and below the other; articles of which it is not known meet neither
    min_confidence: float | None = None
    max_confidence: float | None = None


#: no filter at all
ALL_ARTICLES = ArticleFilter()


class Facet(Value, frozen=True, kw_only=True):
    """One value that articles can be filtered by."""

    #: as people read it, and as the filter takes it
    value: str
    #: articles that have it, counted up to `MOST_COUNTED`
    count: int


class Facets(Value, frozen=True, kw_only=True):
    """What is worth offering to choose from: values that are frequent among the newest articles, those of
    most articles first."""

    sites: tuple[Facet, ...] = ()
    languages: tuple[Facet, ...] = ()
    agencies: tuple[Facet, ...] = ()


#: articles of one value that are counted; a list that is longer says so instead of counting on
MOST_COUNTED = 1000

__all__ = ["ALL_ARTICLES", "MOST_COUNTED", "ArticleFilter", "Facet", "Facets"]
