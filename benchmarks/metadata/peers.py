"""The extractors that Feedmill is compared with: each a `benchmarks.cleaning.peers.Peer` whose text is an
`Answer` in JSON, so that cleaning's cache keeps it. All work offline.
"""

from __future__ import annotations

import functools
import importlib
import logging
from typing import Any

import msgspec

from benchmarks.cleaning.peers import PEERS as TEXTS
from benchmarks.cleaning.peers import Extract, Peer, _decoded
from benchmarks.metadata import markup
from benchmarks.metadata.fields import Answer


def answer_of(text: str) -> Answer:
    """What a peer told; of a peer that raised, nothing."""
    return msgspec.json.decode(text, type=Answer) if text else Answer()


def _packed(answer: Answer) -> str:
    return msgspec.json.encode(answer).decode()


def _trafilatura() -> Extract:
    """Its metadata alone, which also answers for pages in which it sees no text."""
    metadata = importlib.import_module("trafilatura.metadata")
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

    def extract(content: bytes, url: str | None) -> str:
        return _packed(_from_trafilatura(metadata.extract_metadata(content, default_url=url)))

    return extract


def _from_trafilatura(document: Any) -> Answer:
    categories = document.categories or []
    return Answer(
        title=document.title or None,
        authors=[one.strip() for one in (document.author or "").split(";") if one.strip()],
        published_at=document.date or None,
        tags=_split(document.tags or []),
        language=document.language or None,
        site_name=document.sitename or None,
        canonical_url=document.url or None,  # where the page states none, the address that it was given
        description=document.description or None,
        section=categories[0] if categories else None,
    )


def _newspaper() -> Extract:
    _ = TEXTS["newspaper4k"].extract  # keeps it offline and silent
    newspaper = importlib.import_module("newspaper")

    def extract(content: bytes, url: str | None) -> str:
        article = newspaper.Article(url or "https://example.com/", fetch_images=False)
        article.download(input_html=_decoded(content))
        article.parse()
        day = article.publish_date
        return _packed(
            Answer(
                title=article.title or None,
                authors=[str(one) for one in article.authors],
                published_at=day.isoformat() if hasattr(day, "isoformat") else None,
                tags=sorted(article.tags or ()),
                language=article.meta_lang or None,
                site_name=article.meta_site_name or None,
                canonical_url=article.canonical_link or None,
                description=article.meta_description or None,
            )
        )

    return extract


def _htmldate(extensive: bool) -> Extract:
    find_date = importlib.import_module("htmldate").find_date
    logging.getLogger("htmldate").setLevel(logging.CRITICAL)

    def extract(content: bytes, url: str | None) -> str:
        day = find_date(content, url=url, extensive_search=extensive, original_date=True)
        return _packed(Answer(published_at=day))

    return extract


def _markup() -> Extract:
    return lambda content, url: _packed(markup.read(_decoded(content)))


def _split(values: list[str]) -> list[str]:
    return [part.strip() for value in values for part in value.split(",") if part.strip()]


#: what is scored, by name
PEERS = {
    peer.name.removesuffix(" metadata"): peer
    for peer in (
        Peer("markup metadata", "selectolax", _markup),
        Peer("trafilatura metadata", "trafilatura", _trafilatura),
        Peer("newspaper4k metadata", "newspaper4k", _newspaper),
        Peer("htmldate metadata", "htmldate", functools.partial(_htmldate, True)),
        Peer("htmldate fast metadata", "htmldate", functools.partial(_htmldate, False)),
    )
}
