"""XML from outside: no entity is expanded, nothing is read or asked, and nothing takes long."""

from __future__ import annotations

import gzip
import resource
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from pipeline import sources
from pipeline.errors import SourceError
from pipeline.model import NewItem
from pipeline.settings import Settings

SETTINGS = Settings()
SECRET = "what a file of this machine holds"


def rss(declarations: str, text: str) -> str:
    return (
        f'<?xml version="1.0"?><!DOCTYPE rss [{declarations}]><rss version="2.0">'
        f"<channel><title>{text}</title>"
        f"<item><title>{text}</title><link>https://h/{text}</link><description>{text}</description></item>"
        "</channel></rss>"
    )


def atom(declarations: str, text: str) -> str:
    return (
        f'<?xml version="1.0"?><!DOCTYPE feed [{declarations}]><feed xmlns="http://www.w3.org/2005/Atom">'
        f"<title>{text}</title><entry><id>1</id><title>{text}</title><content>{text}</content></entry></feed>"
    )


def opml(declarations: str, text: str) -> str:
    return (
        f'<?xml version="1.0"?><!DOCTYPE opml [{declarations}]><opml version="2.0"><body>'
        f'<outline type="rss" text="{text}" xmlUrl="https://h/{text}"/></body></opml>'
    )


def sitemap(declarations: str, text: str) -> str:
    return (
        f'<?xml version="1.0"?><!DOCTYPE urlset [{declarations}]>'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        f"<url><loc>https://h/{text}</loc></url></urlset>"
    )


LISTS = (rss, atom, opml, sitemap)
LAUGHS = '<!ENTITY l0 "lollollol">' + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
QUADRATIC = f'<!ENTITY big "{"a" * 100_000}">'


def handed_in(document: str) -> list[NewItem]:
    return list(sources.read_upload(BytesIO(document.encode()), "list.xml", "text/xml", SETTINGS))


def polled(document: str) -> list[NewItem]:
    try:
        return sources.read_feed(document.encode(), "https://h/feed", "text/xml", SETTINGS)[1]
    except SourceError:
        return []


def expanded(document: str) -> list[NewItem]:
    try:
        return sources.expand(document.encode(), "https://h/feed", "text/xml", SETTINGS) or []
    except SourceError:
        return []


@pytest.mark.parametrize("ways", [handed_in, polled, expanded])
@pytest.mark.parametrize("list_of", LISTS)
@pytest.mark.parametrize(
    ("declarations", "text"), [(LAUGHS, "&l9;"), (QUADRATIC, "&big;" * 10_000)], ids=["laughs", "quadratic"]
)
def test_no_entity_is_expanded(
    ways: Callable[[str], list[NewItem]], list_of: Callable[[str, str], str], declarations: str, text: str
) -> None:
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    items = ways(list_of(declarations, text))
    shown = "".join(f"{item.name}{item.url}{item.content or b''!r}{item.entry}" for item in items)
    assert "lollol" not in shown.replace('"lollollol"', "")
    assert shown.count("a" * 100_000) <= 1
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000, "kilobytes"
    assert time.process_time() - began < 60


@pytest.mark.parametrize("ways", [handed_in, polled, expanded])
@pytest.mark.parametrize("list_of", LISTS)
@pytest.mark.parametrize("kind", ["", "% p"])
def test_nothing_of_this_machine_is_read(
    tmp_path: Path, ways: Callable[[str], list[NewItem]], list_of: Callable[[str, str], str], kind: str
) -> None:
    file = tmp_path / "secret"
    file.write_text(SECRET)
    declarations = f'<!ENTITY x SYSTEM "file://{file}">' + (
        f'<!ENTITY % p SYSTEM "file://{file}">%p;' if kind else ""
    )
    items = ways(list_of(declarations, "&x;"))
    assert SECRET not in repr(items)


def test_what_is_no_feed_but_names_a_file_or_an_address_opens_neither(tmp_path: Path) -> None:
    file = tmp_path / "feed.xml"
    file.write_text(rss("", SECRET))
    for body in (str(file), f"file://{file}", "http://127.0.0.1:1/feed.xml"):
        assert SECRET not in repr(polled(body)) + repr(handed_in(body))


@pytest.mark.parametrize("element", ["channel", "outline", "item", "x"])
def test_nothing_nests_too_deep(element: str) -> None:
    deep = f"<{element}>" * 10_000
    for start in ("<rss><channel>", "<opml><body>", "<urlset>", ""):
        began = time.process_time()
        assert isinstance(handed_in(start + deep), list)
        assert time.process_time() - began < 60


def test_what_unfolds_to_too_much_is_refused() -> None:
    bomb = gzip.compress(b"<rss><channel>" + b" " * 60_000_000)
    items = list(
        sources.read_upload(BytesIO(bomb), "feed.xml.gz", "application/gzip", Settings(max_feed_bytes=10**6))
    )
    assert [item.problem.code for item in items if item.problem] in (
        ["too_large"],
        ["not_text"],
        ["bad_feed"],
    )
    assert all(item.content is None or len(item.content) < 10**6 for item in items)
