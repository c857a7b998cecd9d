"""Candidates from section labels, breadcrumbs and tags on show."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.extract.candidate import Candidate
from pipeline.model import Document

TRUST = 70

_HOME_WORDS = """
    home startseite start accueil inicio início homepage front news
"""
_HOME = frozenset(_HOME_WORDS.split())


def read(document: Document) -> Iterator[Candidate]:
    """Section and tags."""
    signals = document.signals
    for label in signals.get("labels", ()):
        parts = [part.strip() for part in re.split(r"[>›»|]|\s/\s", label) if part.strip()]
        if parts:
            yield Candidate("section", parts[-1], "text:label")
    tags = [
        one["text"].strip("# \n") for one in signals.get("shown", ()) if one["what"] == "tag" and one["text"]
    ]
    if tags:
        yield Candidate(
            "tags",
            list(dict.fromkeys(tag for tag in tags if len(tag) < 50 and "\n" not in tag))[:20],
            "rel=tag",
        )
    for one in signals.get("shown", ()):
        if one["what"] == "section" and one["place"] in ("before", "outside") and one["text"]:
            crumbs = [crumb.strip(" /›»>|") for crumb in one["text"].split("\n")]
            crumbs = [crumb for crumb in crumbs if crumb and crumb.lower() not in _HOME and len(crumb) < 40]
            if crumbs:
                yield Candidate("section", crumbs[0], "breadcrumb")
