"""Headlines: freed from the site's name, and recognised when they are repeated."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from pipeline.urls import host_of

#: what separates a headline from the name of the site or section behind (or before) it
_SEPARATOR = re.compile(
    r"\s+[|–—•·»›:~]+\s+|\s+[-/]\s+|\s*[｜|]\s*|\s+::\s+|(?<=\S)：(?=\S+$)|\s*-\s*(?=[^\s-]+\.(?:com|org|net"
    r"|de|fr|it|pl|cz|co\.uk)$)"
)
#: every separator has one of these
_ANY_SEPARATOR = re.compile("[|–—•·»›:~/｜：-]")
#: of these, such as never belong to a headline: what is short behind one names a section or series
_BARS = "|｜»•"
_LABEL_WORDS, _HEADLINE_WORDS = 3, 4
_WORD = re.compile(r"\w+")
#: longest part, in words, that can be a site's name when nothing else proves it to be one
_LONGEST_NAME = 5


def without_site(title: str, site_names: Sequence[str], headlines: Sequence[str]) -> str:
    """A page title without what is not headline.

    Parts at its ends go when they name the site (``site_names``: its name, its host), or when what
    remains is a headline that the page shows. Otherwise the title stays whole: dashes and colons
    belong to headlines, too.
    """
    names = tuple([key for key in map(plain, site_names) if key])
    return _stripped(" ".join(title.split()), names, frozenset(map(plain, headlines)))


# Pages give the same title in many places.
@lru_cache(maxsize=256)
def _stripped(title: str, names: tuple[str, ...], shown: frozenset[str]) -> str:
    changed = True
    while changed:
        changed = False
        if plain(title) in shown:
            return title
        for separator in _separators(title):
            head, tail = title[: separator.start()].strip(), title[separator.end() :].strip()
            if head and plain(head) in shown:
                return head
            if tail and plain(tail) in shown:
                return tail
        separators = _separators(title)
        if separators:
            last, first = separators[-1], separators[0]
            if _is_site(title[last.end() :], names) or _is_label(title, last):
                title, changed = title[: last.start()].strip(), True
            elif _is_site(title[: first.start()], names):
                title, changed = title[first.end() :].strip(), True
    return title


@lru_cache(maxsize=1024)
def plain(text: str) -> str:
    """Letters and digits only, case-folded: for comparing names and headlines."""
    return "".join(filter(str.isalnum, text)).casefold()


def site_in_title(title: str, hosts: Sequence[str]) -> str | None:
    """The name of the site at an end of a page's title, where the host confirms it."""
    names = [key for key in map(plain, hosts) if key]
    separators = _separators(title)
    if separators:
        for part in (title[separators[-1].end() :], title[: separators[0].start()]):
            if _is_site(part, names):
                return part.strip()
    return None


def alike(one: str, other: str) -> float:
    """Share of words that two headlines have in common, 0 to 1, of the shorter one."""
    first, second = set(_WORD.findall(one.casefold())), set(_WORD.findall(other.casefold()))
    if not first or not second:
        return 0.0
    return len(first & second) / min(len(first), len(second))


def host_names(host: str) -> list[str]:
    """What a site may call itself by its host: ``www.example-times.co.uk`` gives ``example-times``."""
    labels = [
        label
        for label in host.lower().split(":")[0].split(".")
        if label not in ("www", "m", "amp", "blog", "news")
    ]
    if not labels:
        return []
    name = labels[0] if len(labels) < 3 else max(labels[:-1], key=len)
    return [name, ".".join(labels), "".join(labels)]


@lru_cache(maxsize=256)
def site_keys(url: str | None) -> tuple[str, ...]:
    """`host_names` of an address's host; none without an address."""
    return tuple(host_names(host_of(url or "")))


def _separators(title: str) -> list[re.Match[str]]:
    if not _ANY_SEPARATOR.search(title):
        return []
    return [match for match in _SEPARATOR.finditer(title) if match.start() > 0 and match.end() < len(title)]


def _is_label(title: str, last: re.Match[str]) -> bool:
    return (
        last[0].strip() in _BARS
        and len(title[last.end() :].split()) <= _LABEL_WORDS
        and len(title[: last.start()].split()) >= _HEADLINE_WORDS
    )


def _is_site(part: str, names: Sequence[str]) -> bool:
    key = plain(part)
    if not key or len(part.split()) > _LONGEST_NAME + 2:
        return False
    for name in names:
        if key == name or (
            len(name) > 3 and (key in (name + "com", "the" + name) or name in ("the" + key, key + "com"))
        ):
            return True
        if len(key) > 3 and (name.startswith(key) or (key.startswith(name) and len(name) > 3)):
            return True
    return False
