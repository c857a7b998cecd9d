"""Which hub pushes a feed: the links of its answer, then what it says of itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urldefrag

from pipeline import urls
from pipeline.model import Hints

#: one parameter of a link (RFC 8288 section 3): name, and a token or a quoted string
_PARAMETER = re.compile(r'\s*;\s*([^\s=;,"<>]+)\s*(?:=\s*("(?:[^"\\]|\\.)*"|[^\s;,"]*))?')
_TARGET = re.compile(r"<([^<>]*)>")
_QUOTED_PAIR = re.compile(r"\\(.)")
#: more links than this in one answer are not read
_MOST_LINKS = 200


def announced(headers: Mapping[str, str], hints: Hints, final_url: str) -> tuple[str, str] | None:
    """The hub that pushes a feed and the topic under which it knows it; None if there is none.

    ``headers``: names in lower case, several of one name joined by commas. Its `Link` headers
    come first, and what the feed itself says (``hints``) only when they name no hub (section 4).
    Of several hubs the first with https is taken, else the first. A feed that names a hub but not
    itself is known by the address at which it was had.
    """
    hubs, topics = list[str](), list[str]()
    for target, relations in _links(headers.get("link", ""), final_url):
        hubs += [target] if "hub" in relations else []
        topics += [target] if "self" in relations else []
    if not hubs:
        hubs = _absolute(hints.hub, final_url)
        topics = topics or _absolute(hints.topic, final_url)
    if not hubs:
        return None
    hub = next((one for one in hubs if one.lower().startswith("https:")), hubs[0])
    topic = (topics or _absolute(hints.topic, final_url) or [final_url])[0]
    return urldefrag(hub).url, topic


def _links(header: str, base: str) -> Iterator[tuple[str, set[str]]]:
    """Targets and relations of a Link header's links about the answer itself."""
    at = 0
    for _ in range(_MOST_LINKS):
        found = _TARGET.search(header, at)
        if found is None:
            return
        at = found.end()
        parameters: dict[str, str] = {}
        while one := _PARAMETER.match(header, at):
            # Of a parameter given twice the first counts (RFC 8288 section 3.3).
            parameters.setdefault(one[1].lower(), _unquoted(one[2] or ""))
            at = one.end()
        about = parameters.get("anchor")
        if about is None or _absolute(about, base) == [urldefrag(base).url]:
            for target in _absolute(found[1], base):
                yield target, set(parameters.get("rel", "").lower().split())


def _unquoted(value: str) -> str:
    return _QUOTED_PAIR.sub(r"\1", value[1:-1]) if value.startswith('"') else value


def _absolute(link: str | None, base: str) -> list[str]:
    if not link or not link.strip():
        return []
    # A whole address stays as it is: joining tidies up, but topics are compared letter by letter.
    address = urls.absolute(link, None) or urls.absolute(link, base)
    return [address] if address else []
