"""Nothing from outside is shown as more than text, whatever page it stands on."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from web_site import SCRIPT, Site, article, new_item

from pipeline.model import Problem
from workers.web.gate import HEADERS

EVIL = """<script>alert(1)</script>"><img src=x onerror=alert(1)>' onmouseover='alert(1)' {{7777*7777}} &lt;b&gt;"""  # noqa: E501
BAD_ADDRESSES = (
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "JaVaScript:alert(1)",
    "//evil.example",
)
#: how the charts begin, and the bars of jobs: no text of the attack has either
DRAWINGS = (
    '<svg viewBox="0 0 600 120" preserveAspectRatio="none" role="img" ',
    '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" ',
)


class Looked(HTMLParser):
    """What a browser would make of a page: its elements, and attributes that lead somewhere or run."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: set[str] = set()
        self.handlers: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name.startswith("on") or name == "style":
                self.handlers.append(f"{tag} {name}={value}")
            elif name in ("href", "src", "action", "formaction", "data", "content"):
                self.links.add(value or "")


@pytest.fixture
def poisoned(site: Site) -> Site:
    """A deployment whose every text is an attack."""
    ends = {
        "good": article(
            f"Title {EVIL}", f"Text {EVIL}\n\n[link](javascript:alert(1)) <b>bold</b>", url=BAD_ADDRESSES[0],
            canonical_url=BAD_ADDRESSES[1], authors=[EVIL], site_name=EVIL, section=EVIL, tags=[EVIL],
            language='en" onclick="alert(1)', published_at='2026-01-01" onclick="x',
        ),
        "bad": Problem(code="internal", message=f"Raised {EVIL}"),
    }  # fmt: skip
    job = site.job(
        [new_item(name, key=f"{name} {EVIL}", source=f"in {EVIL}") for name in ends], [f"in {EVIL}"]
    )
    site.finish(ends)
    site.store.add_feed(f"https://news.example/{EVIL}", 1_000.0, None, f"Feed {EVIL}")
    assert job
    return site


def pages(site: Site) -> list[str]:
    (job,) = [one.job for one in site.store.jobs(1)]
    return [
        "/", "/articles", "/articles/1", f"/articles?q={EVIL}&job={EVIL}", "/feeds", "/feeds/1", "/failures",
        f"/failures?retried={EVIL}", f"/jobs/{job}", f"/jobs/{job}?outcome={EVIL}", "/items/1", "/items/2",
        "/docs", f"/nowhere/{EVIL}", f"/feeds?health={EVIL}", f"/jobs/{EVIL}", f"/?refresh={EVIL}", "/login",
    ]  # fmt: skip


def test_no_text_from_outside_becomes_markup(poisoned: Site) -> None:
    for address in pages(poisoned):
        answer = poisoned.browser.get(address)
        assert answer.status_code < 500, address
        # Of scripts there is the one that each page names, and of drawings our charts and bars.
        ours = ["svg"] * sum(answer.text.count(drawing) for drawing in DRAWINGS)
        looked = Looked(answer.text.replace(SCRIPT, "", 1))
        unwanted = {"script", "iframe", "object", "embed", "svg", "base", "b"}
        assert [tag for tag in looked.tags if tag in unwanted] == ours, address
        assert not looked.handlers, address
        assert not [
            one for one in looked.links if re.match(r"\s*(javascript|data|vbscript):|//", one, re.I)
        ], address
        assert str(7777 * 7777) not in answer.text, address
        assert answer.headers["content-security-policy"] == HEADERS["content-security-policy"]


def test_the_policy_allows_no_script_in_a_page_no_frame_and_nothing_from_elsewhere() -> None:
    policy = dict(part.strip().split(" ", 1) for part in HEADERS["content-security-policy"].split(";"))
    assert policy.pop("default-src") == "'none'"
    assert policy.pop("frame-ancestors") == "'none'"
    assert policy.pop("base-uri") == "'none'"
    assert set(policy.values()) == {"'self'"}
    assert policy.keys() >= {"script-src", "connect-src", "style-src", "form-action"}


def test_json_of_an_attack_is_no_page(poisoned: Site) -> None:
    for address in ("/api/articles/1", "/api/feeds", "/api/failures", "/api/feeds.opml", "/api/jobs"):
        answer = poisoned.api.get(address)
        assert not answer.headers["content-type"].startswith("text/html")
        assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "/etc/passwd",
        "a\x00b",
        "x" * 2_000,
        "\u202egnp.exe",
        "a\nb\r\nSet-Cookie: c=1",
        "..",
        "C:\\x",
    ],
)
def test_the_name_of_an_upload_is_a_label_and_nothing_else(site: Site, name: str) -> None:
    body = b"Council meets\n\nThe council met on Monday to talk about the new bridge and the harbour wall.\n"
    answer = site.api.post("/api/jobs", files={"files": (name, body, "text/plain")})
    assert answer.status_code == 201, answer.text
    (item,) = site.store.load(site.store.admit(10, 1e12))
    assert item.key.startswith("stdin:")
    assert "set-cookie" not in answer.headers
    (shown,) = site.store.find_items(str(item.id))
    assert shown.name.isprintable()
    assert len(shown.name) <= 300


@pytest.mark.parametrize(
    "ref", ["/etc/passwd", "file:///etc/passwd", "../x", "-", "*.txt", "ftp://h/x", "\x00", "c:/x"]
)
def test_no_path_of_this_machine_is_taken_from_the_web(site: Site, ref: str) -> None:
    assert site.api.post("/api/jobs", json={"sources": [ref]}).status_code == 422
    assert site.browser.post("/jobs", data={"sources": ref}).status_code == 422
    assert site.api.post("/api/feeds", json={"url": ref}).status_code == 422
