"""Where a home page's feeds are: what it announces, what it links to, and where feeds are usually."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urljoin, urlsplit

from pipeline import urls
from pipeline.errors import SourceError
from pipeline.sources import link_header
from pipeline.sources.page_tags import Tag, foot_of, head_of, tags

#: addresses that are given at most: a person is to choose, or a program to try
MOST = 30
_TYPES = frozenset(
    {
        "application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json",
        "application/x.atom+xml", "application/x-atom+xml", "application/rss", "application/atom",
    }
)  # fmt: skip
#: these announce other things as well: what they lead to must be called a feed
_VAGUE_TYPES = frozenset({"application/json", "application/xml", "text/xml"})
_FEEDISH = re.compile(r"(?<![a-z])(?:rss|atom|rdf|feeds?|jsonfeed)(?![a-z])|\brss", re.I)
_COMMENTS = re.compile(
    r"(?<![a-z])(?:comments?|replies|kommentare?|commentaires?|comentarios?|commenti|reacties|yorumlar)(?![a-z])"
    r"|comments-rss|комментари|コメント|评论|評論",
    re.I,
)
#: the ends of paths that are feeds and nothing else
_FEED_PATH = re.compile(r"(?:\.(?:rss|atom|rdf)|/(?:rss|atom|feed)/?)$", re.I)
#: the ends of paths that may be one
_MAYBE_PATH = re.compile(r"\.(?:xml|json|php|aspx)$|/feeds?/?$", re.I)

#: Where feeds are when a page names none, the commonest first: feedbin asks for the first two
#: (`app/models/source/guess.rb`), miniflux for most of the others
#: (`internal/reader/subscription/finder.go`); then the two of Arc, the system of many newspapers, and the
#: news sitemaps of the usual plugins (mediacloud's sitemap tools, `discover.py`). Each costs the site a
#: request.
_USUAL = (
    "/feed", "/rss", "/rss.xml", "/atom.xml", "/feed.xml", "/index.xml", "/feed.json", "/feed/atom",
    "/arc/outboundfeeds/rss/?outputType=xml", "/news-sitemap.xml", "/sitemap-news.xml", "/sitemap_news.xml",
    "/arc/outboundfeeds/news-sitemap/?outputType=xml",
)  # fmt: skip
#: how many of them are also looked for beside the page, when it is not the root
_BESIDE = 4

#: what a link to a feed has in its address or in its text: spares all the others the work
_HINT = re.compile(r"rss|atom|rdf|feed|xml|json", re.I)

_HOME = re.compile(r"/(?:(?:index|home|default)(?:\.\w{1,5})?|[a-z]{2}(?:[-_][a-z]{2})?/?)?", re.I)
_ARTICLE_TYPE = re.compile(r"\"@type\"\s*:\s*\[?\s*\"\w*(?:Article|BlogPosting)\"")


def discover_feeds(body: bytes, url: str, *, headers: Mapping[str, str] | None = None) -> list[str]:
    """Addresses of a page's feeds, absolute, the likeliest first, each once, `MOST` at most.

    Those that it announces (``rel=alternate`` in its head or in the header Link) in its order, for
    the first is the default (HTML standard, link type "alternate"); but feeds in another language than the
    page's come later, and feeds of comments last. A page that announces none gives the links that
    are clearly to feeds. Empty: `common_paths` are left to try.
    ``headers``: of the answer. Linear in the size of the body, whatever it holds.
    """
    head = head_of(body)
    found = tags(head)
    language = next((tag.attributes.get("lang", "") for tag in found if tag.name == "html"), "")
    announced = [*_announced(found, url), *_announced_in(headers, url)]
    # Sorting is stable: within a rank the page's order stays.
    announced.sort(key=lambda one: _rank(one[0], one[1], language))
    if distinct := _distinct((address for address, _ in announced), url):
        return distinct
    linked = _linked([*tags(head, links=True), *tags(foot_of(body), links=True)], url)
    return _distinct(sorted(linked, key=lambda one: bool(_COMMENTS.search(one))), url)


def common_paths(url: str) -> list[str]:
    """Addresses at which a site's feed may be when its page names none, in the order to try them.

    Beside the page first, for blogs and languages in a folder. Empty for what is no address.
    """
    try:
        root = urljoin(urls.canonical(url), "/")
        folder = urljoin(urls.canonical(url), "./")
    except SourceError:
        return []
    beside = [] if folder == root else [folder.rstrip("/") + path for path in _USUAL[:_BESIDE]]
    return [*beside, *(root.rstrip("/") + path for path in _USUAL)]


def is_home_page(url: str, body: bytes) -> bool:
    """Whether an HTML page is a site's front page rather than one of its articles.

    Careful: true only for a root, an index page or a language's root, without a query, that does
    not call itself an article.
    """
    if not has_home_address(url):
        return False
    head = head_of(body)
    if _ARTICLE_TYPE.search(head):
        return False
    kinds = [
        tag.attributes.get("content", "")
        for tag in tags(head)
        if tag.name == "meta" and tag.attributes.get("property") == "og:type"
    ]
    return "article" not in (kind.strip().lower() for kind in kinds)


def has_home_address(url: str) -> bool:
    """Whether an address looks like that of a front page."""
    try:
        parts = urlsplit(urls.canonical(url))
    except SourceError:
        return False
    return not parts.query and bool(_HOME.fullmatch(parts.path))


def _announced(found: Iterable[Tag], url: str) -> Iterator[tuple[str, dict[str, str]]]:
    base = url
    for tag in found:
        if tag.name == "base":
            base = urls.absolute(tag.attributes.get("href", ""), url) or base
        elif tag.name == "link" and (address := _announcement(tag.attributes, base)):
            yield address, tag.attributes


def _announced_in(headers: Mapping[str, str] | None, url: str) -> Iterator[tuple[str, dict[str, str]]]:
    for link in link_header.links(headers):
        if address := _announcement(link, url):
            yield address, link


def _announcement(link: Mapping[str, str], base: str) -> str | None:
    """The address that one link announces as a feed."""
    relations = link.get("rel", "").lower().split()
    mime = link.get("type", "").split(";")[0].strip().lower()
    address = urls.absolute(link.get("href", ""), base) if link.get("href") else None
    if address is None or "stylesheet" in relations:
        return None
    # A draft of HTML 5 had rel=feed, and pages have kept it.
    if "feed" in relations and (not mime or mime in _TYPES):
        return address
    if "alternate" not in relations:
        return None
    if mime in _TYPES:
        return address
    if mime == "application/json":
        # WordPress announces its interface for programs so.
        return address if "feed" in address.lower() else None
    return address if mime in _VAGUE_TYPES and _called_feed(address, link.get("title", "")) else None


def _rank(address: str, link: Mapping[str, str], language: str) -> int:
    if _COMMENTS.search(link.get("title", "")) or _COMMENTS.search(urlsplit(address).path):
        return 2
    if _COMMENTS.search(urlsplit(address).query):
        return 2
    own, other = _primary(language), _primary(link.get("hreflang", ""))
    return 1 if own and other and other not in (own, "x") else 0


def _primary(language: str) -> str:
    return re.split("[-_]", language.strip().lower())[0]


def _linked(found: Iterable[Tag], url: str) -> Iterator[str]:
    """Targets of links that are clearly feeds."""
    base = url
    for tag in found:
        href = tag.attributes.get("href", "")
        if tag.name == "base":
            base = urls.absolute(href, url) or base
        elif tag.name == "a" and href and _may_be_feed(tag):
            address = urls.absolute(href, base)
            if address and _is_feed(tag, address):
                yield address


def _may_be_feed(link: Tag) -> bool:
    return bool(_HINT.search(link.text) or any(map(_HINT.search, link.attributes.values())))


def _is_feed(link: Tag, address: str) -> bool:
    parts = urlsplit(address)
    if "://" in parts.path or "http" in parts.query.lower():
        # A reader's subscription button, or a validator: they carry the address in theirs.
        return False
    if link.attributes.get("type", "").split(";")[0].strip().lower() in _TYPES:
        return True
    if _FEED_PATH.search(parts.path) or (parts.netloc.startswith("feeds.") and parts.path.strip("/")):
        return True
    told = " ".join((link.text, link.attributes.get("title", ""), link.attributes.get("aria-label", "")))
    return bool(_MAYBE_PATH.search(parts.path)) and _called_feed(address, told)


def _called_feed(address: str, title: str) -> bool:
    parts = urlsplit(address)
    return bool(_FEEDISH.search(f"{parts.path}?{parts.query}") or _FEEDISH.search(title))


def _distinct(addresses: Iterable[str], url: str) -> list[str]:
    """Each once, without the page itself."""
    itself, found = _canonical(url), dict[str, str]()
    for address in addresses:
        key = _canonical(address)
        if key is not None and key != itself and len(found) < MOST:
            found.setdefault(key, address)
    return list(found.values())


def _canonical(url: str) -> str | None:
    try:
        return urls.canonical(url)
    except SourceError:
        return None


__all__ = ["common_paths", "discover_feeds", "has_home_address", "is_home_page"]
