"""What the article is about: keywords, without what only machines and the site's own marketing put there."""

from __future__ import annotations

import re

from pipeline.extract.merge import Merge
from pipeline.extract.titles import plain, site_keys

#: numbers and ids of content management systems, and hosts
_MACHINE = re.compile(r"\d+|[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{24,}|[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}", re.I)
#: a kind before the tag's name, as in ``topic/harbours``
_KIND = re.compile(
    r"^(?:sections?|topics?|tags?|keywords?|person|people|organi[sz]ations?|locations?|places?|categor(?:y|ies)"
    r"|themes?)[/:]\s*(?=\S)", re.I,
)  # fmt: skip
#: a list of one tag gives way to a list of so many from a source of less standing
_RICHER = 3


def decide(merge: Merge) -> None:
    """The most trusted list that says something; one tag alone gives way to a richer list."""
    names = [*(one.value for one in merge.of("site_name")), *site_keys(merge.document.url)]
    unwanted = {plain(name) for name in names} | {plain(merge.fields.get("title") or "")}
    lists = [(_wanted(one.value, unwanted), one.source) for one in merge.of("tags")]
    lists = [one for one in lists if one[0]]
    if lists and len(lists[0][0]) == 1:
        lists = [one for one in lists[1:] if len(one[0]) >= _RICHER] or lists
    for tags, source in lists[:1]:
        merge.set("tags", tags, source)


def _wanted(tags: list[str], unwanted: set[str]) -> list[str]:
    kept: dict[str, str] = {}
    for tag in tags:
        tag = _KIND.sub("", tag)
        key = plain(tag)
        if key and key not in unwanted and not _MACHINE.fullmatch(tag):
            kept.setdefault(key, tag)
    return list(kept.values())
