"""Bot walls, error pages and consent pages in an article's place; and articles that only look so."""

from __future__ import annotations

import time

import pytest

from pipeline.fetch.sites import same_site
from pipeline.fetch.visible import headline_of, shown, title_of
from pipeline.fetch.walls import LOOKED_AT, not_the_page, wall

URL = "https://news.example.com/2026/05/storm-hits-coast"
STORY = (
    b"<p>The storm reached the coast on Monday and thousands of homes lost their power for hours.</p>" * 60
)


def page(body: bytes, title: bytes = b"A page", head: bytes = b"") -> bytes:
    return (
        b"<!DOCTYPE html><html><head><title>" + title + b"</title>" + head + b"</head><body>" + body
        + b"</body></html>"
    )  # fmt: skip


CLOUDFLARE = page(
    b'<noscript>Enable JavaScript and cookies to continue</noscript>'
    b"<script>window._cf_chl_opt={cvId:'3'};var a=document.createElement('script');"
    b"a.src='/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1?ray=1';</script>",
    b"Just a moment...",
)  # fmt: skip
WALLS = {
    "cloudflare header": (403, {"cf-mitigated": "challenge"}, b"", "Cloudflare"),
    "cloudflare header on success": (200, {"cf-mitigated": "challenge"}, STORY * 20, "Cloudflare"),
    "cloudflare page": (403, {"server": "cloudflare"}, CLOUDFLARE, "Cloudflare"),
    "cloudflare page of old": (503, {}, CLOUDFLARE, "Cloudflare"),
    "cloudflare rule": (403, {}, page(b"<h1>Sorry</h1>", b"Attention Required! | Cloudflare"), "Cloudflare"),
    "cloudflare rule, plain": (403, {"server": "cloudflare"}, b"error code: 1020\n", "Cloudflare"),
    "datadome header": (403, {"x-datadome": "protected", "x-dd-b": "2"}, b"", "DataDome"),
    "datadome page": (
        403, {}, b"<html><script>var dd={'rt':'c','host':'geo.captcha-delivery.com'}</script></html>",
        "DataDome",
    ),
    "datadome json": (403, {}, b'{"url":"https://geo.captcha-delivery.com/captcha/?x=1"}', "DataDome"),
    "human": (
        403, {}, page(b'<script>window._pxAppId="PX1";</script><div id="px-captcha"></div>Press & hold'),
        "HUMAN",
    ),
    "akamai": (
        403, {"server": "AkamaiGHost"},
        page(b"<H1>Access Denied</H1>No permission. Reference&#32;&#35;18&#46;2d3", b"Access Denied"),
        "Akamai",
    ),
    "imperva frame": (
        200, {},
        b'<html><body><iframe src="/_Incapsula_Resource?SWUDNSAI=31">Incapsula incident ID</iframe>',
        "Imperva",
    ),
    "imperva check": (
        200, {},
        b'<html><head><META NAME="robots" CONTENT="noindex,nofollow">'
        b'<script src="/_Incapsula_Resource?SWJIYLWA=5"></script></head><body></body></html>',
        "Imperva",
    ),
    "aws challenge": (202, {"x-amzn-waf-action": "challenge"}, b"", "AWS WAF"),
    "aws captcha": (405, {"x-amzn-waf-action": "captcha"}, page(b"Human verification"), "AWS WAF"),
    "vercel": (429, {"x-vercel-mitigated": "challenge"}, page(b"checkpoint"), "Vercel"),
    "sucuri": (
        403, {}, page(b"<h2>Access Denied - Sucuri Website Firewall</h2>Block ID: X"), "Sucuri",
    ),
    "sucuri check": (200, {}, b"<html><script>var s={},sucuri_cloudproxy_js='',S='YT'</script>", "Sucuri"),
    "ddos-guard": (
        403, {}, page(b'<script src="/.well-known/ddos-guard/js-challenge/a.js"></script>'), "DDoS-Guard",
    ),
    "kasada": (429, {"x-kpsdk-ct": "0a1b"}, b"", "Kasada"),
    "anubis": (
        200, {}, page(b'<script id="anubis_challenge" type="application/json">{}</script>...'), "Anubis",
    ),
    "siteground": (202, {"sg-captcha": "challenge"}, b"", "SiteGround"),
    "siteground page": (
        202, {}, b'<html><meta http-equiv="refresh" content="0;/.well-known/sgcaptcha/?r=%2F"></html>',
        "SiteGround",
    ),
}  # fmt: skip

ARTICLE_ABOUT_CLOUDFLARE = page(
    b"<article><h1>What &quot;Just a moment&quot; means</h1>" + STORY
    + b"<pre>window._cf_chl_opt loads /cdn-cgi/challenge-platform/ and px-captcha"
    b' &lt;script id="anubis_challenge"&gt;, captcha-delivery.com and var dd=, _pxAppId</pre></article>',
    b"Just a moment...",
)  # fmt: skip
NO_WALLS = {
    "an ordinary refusal": (403, {"server": "nginx"}, page(b"<h1>403 Forbidden</h1>", b"403 Forbidden")),
    "an ordinary refusal behind cloudflare": (403, {"server": "cloudflare", "cf-ray": "1"}, page(b"Members")),
    "a refusal without a body": (403, {}, b""),
    "an article about walls": (200, {"server": "cloudflare"}, ARTICLE_ABOUT_CLOUDFLARE),
    "an article about walls, refused": (403, {}, ARTICLE_ABOUT_CLOUDFLARE),
    "a page with cloudflare's beacon": (
        200, {}, page(b'Short news.<script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script>'),
    ),
    "a page with datadome's sensor": (
        200, {"x-datadome": "protected"}, page(b'Short.<script src="https://js.datadome.co/tags.js"></script>'),
    ),
    "a page with human's sensor": (200, {}, page(b'<script>window._pxAppId="PX1"</script><div id="root">')),
    "a page with imperva's script": (
        200, {}, page(b'Short.<script src="/_Incapsula_Resource?SWJIYLWA=7"></script>'),
    ),
    "too many requests at cloudflare": (
        429, {"server": "cloudflare"},
        page(b"1015", b"Access denied | news.example.com used Cloudflare to restrict access"),
    ),
    "reddit's words elsewhere": (403, {}, page(b"You've been blocked by network security.")),
    "vercel lets pass": (200, {"x-vercel-id": "fra1::1", "x-vercel-cache": "HIT"}, page(b"Short.")),
}  # fmt: skip


@pytest.mark.parametrize("case", WALLS)
def test_a_wall_is_told_by_whose_it_is(case: str) -> None:
    status, headers, body, whose = WALLS[case]
    error = wall(URL, status, headers, body)
    assert error is not None
    assert (error.code, error.retry_helps, error.status) == ("blocked", False, status)
    assert "news.example.com" in error.message
    assert whose in error.message


@pytest.mark.parametrize("case", NO_WALLS)
def test_what_is_not_certainly_a_wall_is_none(case: str) -> None:
    assert wall(URL, *NO_WALLS[case]) is None


def test_reddits_refusal_is_a_wall_at_reddit_only() -> None:
    body = page(b"<style>" + b".x{}" * 2000 + b"</style>You've been blocked by network security.")
    error = wall("https://www.reddit.com/r/python/.rss", 403, {}, body)
    assert error is not None
    assert "Reddit" in error.message
    assert wall("https://notreddit.com/r/python/.rss", 403, {}, body) is None


def test_a_refusal_larger_than_any_wall_is_judged_by_its_headers_only() -> None:
    body = CLOUDFLARE + b" " * LOOKED_AT
    assert wall(URL, 403, {}, body) is None
    assert wall(URL, 403, {"cf-mitigated": "challenge"}, body) is not None


FOUND_NOTHING = {
    "english": "Page not found - Example News",
    "english, number": "404 Not Found",
    "english, wordy": "Oops! That page can’t be found. | Example",
    "only the number": "Error 404 | Example",
    "german": "Seite nicht gefunden | Beispiel",
    "german, wordy": "Die angeforderte Seite wurde nicht gefunden – Beispiel",
    "french": "Erreur 404 : page introuvable - Exemple",
    "spanish": "Página no encontrada | Ejemplo",
    "italian": "Pagina non trovata - Esempio",
    "portuguese": "Página não encontrada - Exemplo",
    "dutch": "Pagina niet gevonden | Voorbeeld",
    "polish": "Nie znaleziono strony - Przykład",
    "czech": "Stránka nenalezena | Příklad",
    "swedish": "Sidan hittades inte - Exempel",
    "turkish": "Sayfa bulunamadı - Örnek",
    "russian": "Страница не найдена — Пример",
    "japanese": "お探しのページは見つかりませんでした | 例",
    "chinese": "页面不存在 - 例子",
    "korean": "페이지를 찾을 수 없습니다 | 예",
    "arabic": "الصفحة غير موجودة | مثال",
}


@pytest.mark.parametrize("case", FOUND_NOTHING)
def test_an_error_page_that_claims_success_is_a_soft_404(case: str) -> None:
    menu = b"<nav>" + b'<a href="/x">Section of the site</a> ' * 200 + b"</nav>"
    excuse = b"<p>The address may be wrong. Search the site, or begin at its front page.</p>"
    by_title = page(menu + excuse, FOUND_NOTHING[case].encode())
    by_headline = page(menu + b"<h1>" + FOUND_NOTHING[case].encode() + b"</h1>" + excuse, b"Example News")
    for body in (by_title, by_headline):
        error = not_the_page(URL, URL, body)
        assert error is not None
        assert (error.code, error.retry_helps) == ("soft_404", False)


@pytest.mark.parametrize(
    "body",
    [
        page(STORY, b"Page not found: how the web forgets | Example"),
        page(STORY, b"Page not found"),
        page(b"<article><p>A short poem.</p></article>", b"Not found"),
        page(b"<p>A short one.</p>", b"A 404 in the wild - 404 Media"),
        page(b"<p>A short one.</p>", b"Suspect not found after search of woods | Example"),
        page(b"<h1>Not found</h1><h1>A story</h1><p>Short.</p>", b"Example"),
        page(b"<p>Short.</p>", b"Page not found", b'<meta property="og:type" content="article">'),
        b"",
        b"\xff\xfe\x00<title>",
        b"<title>" * 1000,
    ],
    ids=range(10),
)
def test_an_article_that_speaks_of_it_is_no_soft_404(body: bytes) -> None:
    assert not_the_page(URL, URL, body) is None


@pytest.mark.parametrize(
    ("asked", "final"),
    [
        (URL, "https://news.example.com/"),
        (URL, "https://www.example.com"),
        ("http://example.com/storm-hits-the-coast.html", "https://www.example.com/index.html"),
        (URL, "https://news.example.com/404"),
        (URL, "https://news.example.com/errors/not-found.html?from=/2026"),
        (URL, "https://news.example.com/de/seite-nicht-gefunden/"),
    ],
)
def test_an_article_that_leads_to_the_front_page_or_an_error_page_is_not_there(
    asked: str, final: str
) -> None:
    error = not_the_page(asked, final, page(STORY))
    assert error is not None
    assert error.code == "soft_404"


@pytest.mark.parametrize(
    ("asked", "final"),
    [
        (URL, URL + "?page=1"),
        (URL, "https://news.example.com/2026/05/storm-hits-coast-again"),
        ("https://example.com/news", "https://example.com/"),
        ("https://example.com/", "https://www.example.com/"),
        ("https://short.example/a/b/c", "https://launch.example.org/"),
        ("https://example.com/?p=123", "https://example.com/"),
        (URL, "https://news.example.com/?p=77"),
        ("https://example.com/docs/error", "https://example.com/docs/v2/error"),
        ("https://alice.blogspot.com/2020/01/a-post.html", "https://bob.blogspot.com/"),
        ("not an address", "https://example.com/404"),
    ],
)
def test_other_redirects_are_no_verdict(asked: str, final: str) -> None:
    assert not_the_page(asked, final, page(STORY)) is None


@pytest.mark.parametrize(
    "final",
    [
        "https://consent.yahoo.com/v2/collectConsent?sessionId=3_cc",
        "https://guce.techcrunch.com/consent?brandType=nonEu",
        "https://consent.google.com/ml?continue=https://news.google.com/",
        "https://consent.youtube.com/m?continue=x",
        "https://myprivacy.dpgmedia.nl/consent?siteKey=abc",
        "https://news.example.com/privacywall?returnTo=/2026/05/storm-hits-coast",
        "https://news.example.com/consent?redirect=https%3A%2F%2Fnews.example.com%2F2026%2F05%2Fstorm-hits-coast",
    ],
)
def test_a_redirect_to_a_question_for_consent_is_told(final: str) -> None:
    error = not_the_page(URL, final, page(STORY))
    assert error is not None
    assert (error.code, error.retry_helps) == ("consent", False)


@pytest.mark.parametrize(
    ("asked", "final"),
    [
        (URL, "https://news.example.com/consent"),
        (
            "https://example.com/law/consent/a-story",
            "https://example.com/law/consent/b?was=/law/consent/a-story",
        ),
        (URL, "https://consent.example.com/a-story-about-it"),
    ],
)
def test_an_article_about_consent_is_no_question(asked: str, final: str) -> None:
    assert not_the_page(asked, final, page(STORY)) is None


def test_a_page_that_is_nothing_but_a_consent_form_is_told() -> None:
    form = b'<form method="post" action="https://consent.google.com/save"><button>Reject all</button></form>'
    error = not_the_page(URL, URL, page(b"<h1>Before you continue</h1>" + form))
    assert error is not None
    assert error.code == "consent"
    assert not_the_page(URL, URL, page(b"<article>" + STORY + b"</article>" + form)) is None
    search = b'<form action="/search?about=consent"></form>'
    assert not_the_page(URL, URL, page(b"<p>Short.</p>" + search)) is None


def test_text_is_what_is_shown() -> None:
    markup = b"<title>T</title><style>a{}</style><script>'<p>no</p>'</script><p>One <b>two</b></p><!-- x -->"
    assert shown(markup) == b"One two"
    assert shown(b'<nav>menu</nav><a href="/">link</a><aside>more</aside>', links=False) == b"more"
    assert shown(b"seen<script>never closed") == b"seen"
    assert title_of(b"<HTML><TITLE>\n Caf\xc3\xa9 &amp; Bar </TITLE>") == "café & bar"
    assert headline_of(b"<h1 class='x'>One <i>only</i></h1>") == "one only"
    assert headline_of(b"<h1>One</h1><H1>Two</H1>") == ""


@pytest.mark.parametrize(
    "unit", [b"<script", b"<title>", b"<!--", b"<h1>", b"<form action=", b"<", b"</a", b"<a "]
)
def test_hostile_markup_takes_no_longer_than_its_length(unit: bytes) -> None:
    body = unit * (LOOKED_AT // len(unit))
    began = time.process_time()
    wall(URL, 403, {}, body)
    not_the_page(URL, URL, b"<title>page not found</title>" + body)
    assert time.process_time() - began < 1.0


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("amp.example.com", "www.example.com", True),
        ("example.co.uk", "news.example.co.uk", True),
        ("Example.com.", "m.example.com", True),
        ("127.0.0.1", "127.0.0.1", True),
        ("127.0.0.1", "127.0.0.2", False),
        ("alice.blogspot.com", "bob.blogspot.com", False),
        ("example.co.uk", "other.co.uk", False),
        ("example.com", "notexample.com", False),
        ("www.com", "m.com", False),
    ],
)
def test_hosts_of_one_site(one: str, other: str, same: bool) -> None:
    assert same_site(one, other) is same
    assert same_site(other, one) is same
