"""The part of the site that the article stands in."""

from __future__ import annotations

import re

from pipeline.extract.merge import Merge
from pipeline.extract.titles import plain

_LONGEST = 60
#: what every article of a site is in, or what stands beside a path of links: the last choice
_EVERYTHING_WORDS = """
    all allgemein aktuell aktuelles archiv archive article articles artikel actualité actualités blog
    blogs categories category default feature features haupt main neuigkeiten news newsroom nachrichten
    noticias posts post sections stories story themen thema topics uncategorized unkategorisiert uncategorised
    durchsuchen
"""
_EVERYTHING = frozenset(_EVERYTHING_WORDS.split())
#: several names in one value: separated by commas without a space, or by at least two
_SEVERAL = re.compile(r"\S,\S|,.*,")


def decide(merge: Merge) -> None:
    """The most trusted that is short and neither the title, nor the site, nor says nothing."""
    known = {"", plain(merge.fields.get("title", "")), plain(merge.fields.get("site_name", ""))}
    found = [
        (value, one.source)
        for one in merge.of("section")
        if plain(value := _first(str(one.value))) not in known
        and len(value) <= _LONGEST
        and not value.startswith("http")
    ]
    telling = [one for one in found if plain(one[0]) not in _EVERYTHING]
    for value, source in (telling or found)[:1]:
        merge.set("section", value, source)


def _first(value: str) -> str:
    """The first of several names in one value."""
    value = " ".join(value.split())
    return value.split(",")[0].strip() if _SEVERAL.search(value) else value.rstrip(":")
