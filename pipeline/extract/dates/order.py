"""How a page writes its dates: its language, and whether 3/4/2024 is in March or April."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.model import Document

#: top-level domains of countries that put the month first (Unicode CLDR, short dates), and those of the
#: United States' authorities
_MONTH_FIRST = frozenset(("us", "ph", "gov", "mil", "edu"))
#: two-letter domains that say nothing of a country
_GENERIC = frozenset(
    ("ai", "ca", "cc", "co", "fm", "gg", "io", "is", "la", "me", "ly", "to", "tv", "ws", "eu")
)


class DateOrder(NamedTuple):
    """The language in two letters, or ""; and the order of day and month, None when unknown."""

    language: str
    month_first: bool | None


def date_order(document: Document) -> DateOrder:
    """What the page's language and address say. Of pages that say English of the United States the domain
    of another country knows better: it is what templates say."""
    declared = str(document.signals.get("html_lang") or "").lower().replace("_", "-").strip()
    language, _, region = declared.partition("-")
    host = (document.url or "").partition("://")[2].partition("/")[0].partition(":")[0]
    top = host.rpartition(".")[2].lower()
    if top in _MONTH_FIRST:
        return DateOrder(language, True)
    if language not in ("", "en", "es", "fil", "tl"):
        return DateOrder(language, False)
    if len(top) == 2 and top not in _GENERIC:
        return DateOrder(language, False)
    if region[:2] in ("us", "ph"):
        return DateOrder(language, True)
    if language == "es" or (language == "en" and region and region[:2] != "ca"):
        return DateOrder(language, False)
    return DateOrder(language, None)
