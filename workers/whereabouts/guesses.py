"""Did you mean ...? Known addresses that are nearly what was asked for, and headlines that are nearly so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from urllib.parse import quote, unquote, urlsplit

from pipeline.spellings import bare_host, spellings
from pipeline.store.contract import Store
from pipeline.store.guessing import Guess
from workers.whereabouts.clue import Clue
from workers.wording import line

#: addresses, and articles, that are offered
MOST = 3
#: an address that is so alike (0 to 1) may be meant; or one that goes on where another ends, if the shorter
#: one's path has so many characters
_ALIKE, _BEGUN = 0.86, 8
#: words of an address from which it may hold a headline
_SLUG = 3
_NUMBERS = re.compile(r"\d+")
_WORDS = re.compile(r"[^\W\d_]{2,}")


def address_guesses(store: Store, address: str, told: frozenset[str]) -> Iterator[Clue]:
    """For an address that nothing is known of. ``told``: keys that are told of anyway."""
    found = store.guesses(spellings(address)[:4], slug(address), MOST)
    host = bare_host(urlsplit(address).netloc)
    mine = _path(address)
    scored = {}
    for key in found.keys:
        if (
            key not in told
            and bare_host(urlsplit(key).netloc) == host
            and (alike := _alike(mine, _path(key)))
        ):
            scored[key] = alike
    for key in sorted(scored, key=lambda one: (-scored[one], one))[:MOST]:
        yield Clue("note", f"Did you mean {line(key)}?", f"/find?q={quote(key, safe='')}", "Look for that")
    for one in found.articles:
        # Of another site only what has all of the words: it may be where this one took it from.
        if one.key not in scored.keys() | told and (
            bare_host(urlsplit(one.key).netloc) == host or one.likeness == 1.0
        ):
            yield _article(one, "Its address sounds like")


def headline_guesses(store: Store, headline: str) -> Iterator[Clue]:
    """For a headline that nothing has."""
    for one in store.guesses([], headline, MOST).articles:
        yield _article(one, "Did you mean")


def slug(address: str) -> str:
    """The words that the last parts of a path spell, as sites put headlines there; empty: too few."""
    parts = [unquote(part) for part in urlsplit(address).path.split("/") if part]
    longest = max(parts, key=len, default="")
    found = _WORDS.findall(longest.rsplit(".", 1)[0] if "." in longest[-6:] else longest)
    return " ".join(found) if len(found) >= _SLUG else ""


def _article(one: Guess, how: str) -> Clue:
    asked = "?" if how.startswith("Did") else ""
    return Clue(
        "note",
        f'{how} "{line(one.title)}", article {one.article}{asked or "."}',
        f"/articles/{one.article}",
        f"Article {one.article}",
        command=f"feedmill show {one.article}",
    )


def _path(address: str) -> str:
    parts = urlsplit(address)
    return (parts.path.rstrip("/") + (f"?{parts.query}" if parts.query else "")).casefold()


def _alike(mine: str, other: str) -> float:
    """How alike two paths are; 0: too little. Other numbers are other articles."""
    short, long = sorted((mine, other), key=len)
    if len(short) >= _BEGUN and long.startswith(short):
        return 0.0 if (short[-1] + long[len(short) : len(short) + 1]).isdigit() and short != long else 1.0
    if _NUMBERS.findall(mine) != _NUMBERS.findall(other):
        return 0.0
    matcher = SequenceMatcher(None, other, mine)
    if min(matcher.real_quick_ratio(), matcher.quick_ratio()) < _ALIKE:
        return 0.0
    share = matcher.ratio()
    return share if share >= _ALIKE else 0.0


__all__ = ["MOST", "address_guesses", "headline_guesses", "slug"]
