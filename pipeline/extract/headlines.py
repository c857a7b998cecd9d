"""The wordings that a page gives of its headline: one for each, however it is spelled."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice

from pipeline.extract.candidate import Candidate
from pipeline.extract.titles import plain, without_site

#: what no headline has inside, so what stands between is a part of its own
_STRONG = re.compile(r"\s*[|｜»•]+\s*|\s+(?:::|·|›|~|<|>)\s+")
#: what may stand inside a headline
_WEAK = re.compile(r"\s+[-–—:/]\s+|:\s+")
_MOST_WEAK = 4
_LONGEST = 400
_ASCII_WORD = re.compile(r"[a-z0-9]+")
#: a heading so many pieces above the story, or below its start, is close to it
_CLOSE_ABOVE, _CLOSE_BELOW, _FAR_ABOVE = 8, 2, 30
_NAMED = ("json-ld", "og:title", "twitter:title", "title", "microdata", "entry", "h2", "h3")


@dataclass
class Wording:
    """One wording, with all that speaks for it."""

    #: as `plain` gives it
    key: str
    spellings: list[Candidate] = field(default_factory=list)
    #: names of sources, ``meta`` for all other meta tags, and what part of what it is
    sources: set[str] = field(default_factory=set)
    #: 0 to 1: how close to the article's start a main heading says it
    nearness: float = 0.0
    #: share of its words that the address has
    in_address: float = 0.0
    words: int = 0
    #: whether it still has a separator inside
    is_separated: bool = False


def wordings(candidates: list[Candidate], sites: list[str], url: str | None) -> list[Wording]:
    """All wordings of a page's headline in order of trust, without the site's names, and their parts."""
    named = {plain(name) for name in sites}
    headings = [without_site(one.value, sites, []) for one in candidates if one.source.startswith("h1")]
    shown = [heading for heading in headings if plain(heading) not in named]
    found: dict[str, Wording] = {}
    for one in candidates:
        for value, source in _readings(one, sites, shown):
            key = plain(value)
            if not key or len(value) > _LONGEST:
                continue
            wording = found.get(key)
            if wording is None:
                wording = found[key] = Wording(key)
            wording.spellings.append(Candidate("title", value, one.source, one.position))
            wording.sources.add(source)
            if source in ("h1", "h1 of several") and one.position is not None:
                wording.nearness = max(wording.nearness, _nearness(one.position))
    address = _words_of_address(url)
    for wording in found.values():
        value = wording.spellings[0].value
        words = _ASCII_WORD.findall(value.lower()) if address else []
        wording.in_address = sum(word in address for word in words) / len(words) if words else 0.0
        wording.words = len(value.split())
        wording.is_separated = len(_apart(value)) > 1
    return list(found.values())


def _readings(one: Candidate, sites: list[str], shown: list[str]) -> Iterator[tuple[str, str]]:
    """What a candidate may mean: the whole without the site's name, and its parts."""
    source = one.source
    if source.startswith("h1"):
        yield without_site(one.value, sites, []), source
        return
    if source.endswith("of h1") or source in ("h2", "h3"):
        yield one.value, source
        return
    whole = without_site(one.value, sites, shown)
    yield whole, source if source in _NAMED else "meta"
    parts = [part for part in _apart(whole) if part.strip()]
    if len(parts) > 1:
        if source == "title":
            yield max(parts, key=lambda part: len(part.split())), "longest part of title"
        else:
            yield parts[0], "part"
        yield parts[-1], "last part"
    for value in _behind(whole):
        yield value, "behind a dash"


@lru_cache(maxsize=256)
def _apart(title: str) -> tuple[str, ...]:
    return tuple(_STRONG.split(title))


@lru_cache(maxsize=256)
def _behind(title: str) -> tuple[str, ...]:
    return tuple(title[match.end() :] for match in islice(_WEAK.finditer(title), _MOST_WEAK))


def _nearness(position: int) -> float:
    if -_CLOSE_ABOVE <= position <= _CLOSE_BELOW:
        return 1.0
    return 0.5 if position >= -_FAR_ABOVE else 0.0


def _words_of_address(url: str | None) -> set[str]:
    parts = (url or "").split("?")[0].rstrip("/").lower().split("/", 3)
    return set(_ASCII_WORD.findall(parts[3])) if len(parts) > 3 else set()
