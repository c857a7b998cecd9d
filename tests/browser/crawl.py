"""Every kind of page that can be reached by links."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import Page

#: for programs: no pages
_DATA = ("/api/", "/openapi.json", "/metrics", "/static/")
#: an id of a job, an item, an article, a feed
_NAMED = re.compile(r"\b(?:\d+|[0-9a-z]{13})\b")


def shape(address: str) -> str:
    """What pages that differ in what they show, not in how, have in common."""
    parts = urlsplit(address)
    return _NAMED.sub("N", parts.path) + "?" + ",".join(sorted(name for name, _ in parse_qsl(parts.query)))


class Found:
    """What a crawl came upon."""

    def __init__(self) -> None:
        #: one address of each shape, in the order in which they were found
        self.pages: list[str] = []
        #: addresses for programs
        self.data: set[str] = set()
        #: links to other hosts: address -> its rel attribute
        self.outside: dict[str, str] = {}


def crawl(page: Page, origin: str, starts: list[str]) -> Found:
    """Follow links from some pages, one page of each shape."""
    found, waiting, seen = Found(), list(starts), {shape(one) for one in starts}
    while waiting:
        address = waiting.pop(0)
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, f"{address}: {answer.status}"
        found.pages.append(address)
        for target, rel in page.eval_on_selector_all("a[href]", "all => all.map(a => [a.href, a.rel])"):
            inside = target.removeprefix(origin).partition("#")[0] or "/"
            if not target.startswith(origin + "/"):
                found.outside[target] = rel
            elif inside.startswith(_DATA):
                found.data.add(inside)
            elif shape(inside) not in seen:
                seen.add(shape(inside))
                waiting.append(inside)
    return found
