"""The extractors that Feedmill is compared with, each as one call from a page's bytes to its text.

None of them is a dependency of the project: ``training/requirements.txt`` pins them, and a module is
imported only when its peer is asked for. All work offline.
"""

from __future__ import annotations

import functools
import importlib
import logging
import warnings
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import msgspec
from selectolax.lexbor import LexborHTMLParser

#: what begins and ends a line; inline markup must not part a word
_LINES = "p,div,li,h1,h2,h3,h4,h5,h6,br,hr,td,th,tr,dt,dd,pre,blockquote,figure,figcaption,section,article"

#: the text found in a page's bytes; the second argument is the page's address
Extract = Callable[[bytes, str | None], str]


class Peer(msgspec.Struct, frozen=True, dict=True):
    #: unique; a change of `make` that changes texts needs a new name, or old texts are taken from a cache
    name: str
    #: the distribution whose version counts
    package: str
    make: Callable[[], Extract]

    @property
    def version(self) -> str:
        """The installed version.

        Raises:
            importlib.metadata.PackageNotFoundError: it is not installed.
        """
        return version(self.package)

    @functools.cached_property
    def extract(self) -> Extract:
        """The call, its modules imported."""
        return self.make()


def _trafilatura(**options: Any) -> Extract:
    trafilatura = importlib.import_module("trafilatura")
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

    def extract(content: bytes, url: str | None) -> str:
        return trafilatura.extract(content, url=url, **options) or ""

    return extract


def _trafilatura_metadata(**options: Any) -> Extract:
    trafilatura = importlib.import_module("trafilatura")
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

    def extract(content: bytes, url: str | None) -> str:
        document = trafilatura.bare_extraction(content, url=url, with_metadata=True, **options)
        return document.text or "" if document else ""

    return extract


def _readability() -> Extract:
    readability = importlib.import_module("readability")
    logging.getLogger("readability").setLevel(logging.CRITICAL)

    def extract(content: bytes, url: str | None) -> str:
        return text_of(readability.Document(content, url=url).summary(html_partial=True))

    return extract


def _resiliparse() -> Extract:
    plain = importlib.import_module("resiliparse.extract.html2text").extract_plain_text
    return lambda content, url: plain(_decoded(content), main_content=True)


def _newspaper() -> Extract:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that its optional language packages are not installed
        newspaper = importlib.import_module("newspaper")
    # It reports each time zone that it does not know.
    warnings.filterwarnings("ignore", module="dateutil")
    # Or it would fetch a newer list of suffixes.
    domains: Any = importlib.import_module("tldextract.tldextract")
    domains.TLD_EXTRACTOR = domains.TLDExtract(suffix_list_urls=(), cache_dir=None)

    def extract(content: bytes, url: str | None) -> str:
        article = newspaper.Article(url or "https://example.com/", fetch_images=False)
        article.download(input_html=_decoded(content))
        article.parse()
        return str(article.text or "")

    return extract


def _decoded(content: bytes) -> str:
    """For peers that take text: UTF-8 where it is, else as the page declares or a detector thinks."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        encoding = importlib.import_module("resiliparse.parse.encoding")
        declared = encoding.detect_encoding(content, from_html_meta=True)
        return str(encoding.bytes_to_str(content, declared))


def text_of(html: str) -> str:
    """The text of a piece of HTML that is all content, a line for each paragraph, item, cell or the like."""
    body = LexborHTMLParser(html).body
    if body is None:
        return ""
    for node in body.css(_LINES):
        node.insert_before("\n")
        node.insert_after("\n")
    return body.text(strip=False)


def _bare_parse() -> Extract:
    def extract(content: bytes, url: str | None) -> str:
        return "" if LexborHTMLParser(content).root else " "

    return extract


#: what is scored, by name
PEERS = {
    peer.name: peer
    for peer in (
        Peer("trafilatura", "trafilatura", _trafilatura),
        Peer("trafilatura fast", "trafilatura", functools.partial(_trafilatura, fast=True)),
        Peer("resiliparse", "Resiliparse", _resiliparse),
        Peer("readability-lxml", "readability-lxml", _readability),
        Peer("newspaper4k", "newspaper4k", _newspaper),
        Peer(
            "trafilatura, no comments",
            "trafilatura",
            functools.partial(_trafilatura, include_comments=False),
        ),
        Peer(
            "trafilatura fast, no comments",
            "trafilatura",
            functools.partial(_trafilatura, fast=True, include_comments=False),
        ),
    )
}
#: scored, but not timed: trafilatura as its own evaluation calls it, at the same cost as with comments
UNTIMED = {"trafilatura, no comments", "trafilatura fast, no comments"}
#: what is only timed
TIMED = {
    peer.name: peer
    for peer in (
        Peer("trafilatura + metadata", "trafilatura", _trafilatura_metadata),
        Peer(
            "trafilatura fast + metadata", "trafilatura", functools.partial(_trafilatura_metadata, fast=True)
        ),
        Peer("bare lexbor parse", "selectolax", _bare_parse),
    )
}
