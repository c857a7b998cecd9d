"""The headline, without the name of the site.

Every wording that a page gives of its headline gets votes: who uses it (a heading on show, JSON-LD,
OpenGraph, the page's ``title``), where it stands, how much of it is in the address, and what speaks against
a headline (one word, a separator inside). The votes were fitted on the labelled pages of fundus, WCXB
(articles) and trafilatura as a softmax over the wordings of a page, with fundus' pages counted four times,
and rounded; on pages left out of the fit they choose as well as on those in it.
"""

from __future__ import annotations

from pipeline.extract.candidate import Candidate
from pipeline.extract.headlines import Wording, wordings
from pipeline.extract.merge import Merge
from pipeline.extract.titles import plain, site_keys

#: for a wording that a source has
_VOTES = {
    "json-ld": 2.1, "og:title": 1.35, "title": -0.5, "twitter:title": -0.5, "entry": 0.5,
    "h1": 1.7, "h1 elsewhere": 0.6, "end of h1": 2.5, "start of h1": 0.9, "h2": 1.5, "h3": 0.9,
    "part": 0.2, "longest part of title": 0.95, "behind a dash": 0.95,
}  # fmt: skip
#: the same once more where JSON-LD calls the page a news article: desks write those fields by hand
_NEWS_VOTES = {"og:title": 1.9, "json-ld": 1.2, "microdata": 1.0, "twitter:title": -1.3, "title": -0.4}
#: sources that mostly copy one another count less together
_PAIRS = {("json-ld", "og:title"): -0.7, ("json-ld", "h1"): -1.1, ("json-ld", "title"): -2.2}
#: for each kind of metadata that has it
_MACHINES = ("json-ld", "og:title", "twitter:title", "title", "microdata", "meta")
_EACH_MACHINE = 0.5
_NEAR, _IN_ADDRESS, _STARTS_TITLE = 1.6, 1.4, 0.75
_ONE_WORD, _TWO_WORDS, _LONG, _SEPARATED = -2.1, -1.1, -0.6, -1.5
_LONG_WORDS = 20
#: where a wording is spelled in several ways, whose spelling is taken, best first
_SPELLING = ("h1", "og:title", "json-ld", "end of h1", "title")


def decide(merge: Merge) -> None:
    """The wording with most votes; in plain text, the first headline."""
    candidates = merge.of("title")
    first = next((one for one in candidates if one.source == "text:title"), None)
    if first is not None:
        merge.set("title", first.value, first.source)
        return
    sites = [*(one.value for one in merge.of("site_name")), *site_keys(merge.document.url)]
    named = {plain(name) for name in sites}
    found = [one for one in wordings(candidates, sites, merge.document.url) if one.key not in named]
    if not found:
        return
    is_news = any("NewsArticle" in script for script in merge.document.signals.get("json_ld", ()))
    start = plain(merge.document.signals.get("title") or "")
    best = max(found, key=lambda one: _votes(one, is_news, start))
    spelled = _spelled(best)
    merge.set("title", spelled.value, spelled.source)


def _votes(one: Wording, is_news: bool, start: str) -> float:
    votes = sum(_VOTES.get(source, 0.0) for source in one.sources)
    if is_news:
        votes += sum(_NEWS_VOTES.get(source, 0.0) for source in one.sources)
    votes += sum(value for pair, value in _PAIRS.items() if one.sources.issuperset(pair))
    votes += _EACH_MACHINE * sum(1 for source in _MACHINES if source in one.sources)
    votes += _NEAR * one.nearness + _IN_ADDRESS * one.in_address
    votes += _STARTS_TITLE * (bool(start) and start.startswith(one.key))
    votes += {1: _ONE_WORD, 2: _TWO_WORDS}.get(one.words, 0.0)
    return votes + _LONG * (one.words > _LONG_WORDS) + _SEPARATED * one.is_separated


def _spelled(best: Wording) -> Candidate:
    """The spelling to take: a colon with a space before it is a kicker's, set with style alone."""
    order = {source: at for at, source in enumerate(_SPELLING)}
    return min(
        best.spellings, key=lambda one: (" :" in one.value, "&" in one.value and ";" in one.value,
        order.get(one.source, len(order))),
    )  # fmt: skip
