"""Candidates from section labels, breadcrumbs and tags on show."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pipeline.extract.candidate import Candidate
from pipeline.extract.on_show import Shown
from pipeline.model import Document

TRUST = 70

_HOME_WORDS = """
    home startseite start accueil inicio início homepage front news
"""
_HOME = frozenset(_HOME_WORDS.split())

_LONGEST_TAG, _MOST_TAGS = 50, 20


def read(document: Document) -> Iterator[Candidate]:
    """Section and tags."""
    signals = document.signals
    for label in signals.get("labels", ()):
        parts = [part.strip() for part in re.split(r"[>›»|]|\s/\s", label) if part.strip()]
        if parts:
            yield Candidate("section", parts[-1], "text:label")
    yield from _linked(signals.get("shown", ()))
    for one in signals.get("shown", ()):
        if one["what"] == "section" and one["place"] in ("before", "outside") and one["text"]:
            crumbs = [crumb.strip(" /›»>|") for crumb in one["text"].split("\n")]
            crumbs = [crumb for crumb in crumbs if crumb and crumb.lower() not in _HOME and len(crumb) < 40]
            if crumbs:
                yield Candidate("section", crumbs[0], "breadcrumb")


def _linked(shown: Iterable[Shown]) -> Iterator[Candidate]:
    """What links with ``rel`` say: ``tag``, and ``category tag`` as WordPress writes it for sections."""
    tags: dict[str, None] = {}
    for one in shown:
        text = one["text"].strip("# \n")
        if one["what"] != "tag" or not text or len(text) >= _LONGEST_TAG or "\n" in text:
            continue
        if "category" in one["names"].split():
            yield Candidate("section", text, "rel=category", one["at"])
        else:
            tags[text] = None
    if tags:
        yield Candidate("tags", list(tags)[:_MOST_TAGS], "rel=tag")
