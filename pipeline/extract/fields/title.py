"""The headline, without the name of the site."""

from __future__ import annotations

from pipeline.extract.candidate import Candidate
from pipeline.extract.merge import Merge
from pipeline.extract.titles import alike, host_names, plain, without_site
from pipeline.urls import host_of

#: where a title comes from, from the reader's to the search engine's point of view
_TITLES = (
    "text:title",
    "microdata",
    "json-ld",
    "og:title",
    "twitter:title",
    "title",
    "h1 of several",
    "entry",
)
#: share of words that makes two headlines versions of one another
_SAME_HEADLINE = 0.6


def decide(merge: Merge) -> None:
    """The headline on show, when the page's own metadata speaks of the same; else the most trusted."""
    document = merge.document
    site_names = [one.value for one in merge.of("site_name")]
    site_names += host_names(host_of(document.url or ""))
    candidates = merge.of("title")
    named = {plain(name) for name in site_names}
    h1 = [one.value for one in candidates if one.source.startswith("h1") and plain(one.value) not in named]
    cleaned = [
        Candidate("title", title, one.source)
        for one in candidates
        if (title := without_site(one.value, site_names, h1)) and len(title) <= 400
    ]
    titles = [one for one in cleaned if plain(one.value) and plain(one.value) not in named]
    titles.sort(key=lambda one: _TITLES.index(one.source) if one.source in _TITLES else len(_TITLES))
    others = [one.value for one in titles if not one.source.startswith("h1")]
    for candidate in titles:
        if candidate.source.startswith("h1") and (
            any(alike(candidate.value, other) >= _SAME_HEADLINE for other in others) or not others
        ):
            merge.set("title", candidate.value, "h1")
            return
    for candidate in titles[:1]:
        merge.set("title", candidate.value, candidate.source)
