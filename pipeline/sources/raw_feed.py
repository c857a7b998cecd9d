"""What a feed's XML says, before anything is made of it: what both XML parsers hand to
`pipeline.sources.feed_meaning`.

All texts are as the document has them, stripped, without any judgement; None: not there.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class RawEntry:
    """One item (RSS, RDF) or entry (Atom)."""

    id: str | None = None
    #: text of the link element, or the last link to an HTML alternate
    link: str | None = None
    #: FeedBurner's note of the address that it replaced
    origin_link: str | None = None
    #: all links that call themselves alternates, or nothing
    alternates: list[str] = field(default_factory=list)
    title: str | None = None
    #: MIME type of an Atom title; None where the format announces none
    title_type: str | None = None
    #: the last author as one text; of several, `people` has the parts
    author: str | None = None
    #: name and address of each author
    people: list[tuple[str | None, str | None]] = field(default_factory=list)
    published: str | None = None
    updated: str | None = None
    summary: str | None = None
    #: type, text and language of each content
    contents: list[tuple[str, str, str | None]] = field(default_factory=list)
    #: term and label
    tags: list[tuple[str | None, str | None]] = field(default_factory=list)
    language: str | None = None


@dataclass(slots=True)
class RawFeed:
    """A document of the RSS, RDF or Atom family."""

    atom: bool = False
    title: str | None = None
    title_type: str | None = None
    link: str | None = None
    language: str | None = None
    #: relation and address of the feed's own links
    links: list[tuple[str, str]] = field(default_factory=list)
    author: str | None = None
    people: list[tuple[str | None, str | None]] = field(default_factory=list)
    ttl: str | None = None
    update_period: str | None = None
    update_frequency: str | None = None
    skip_hours: list[str] = field(default_factory=list)
    skip_days: list[str] = field(default_factory=list)
    entries: list[RawEntry] = field(default_factory=list)
