"""Bot walls: whose page came instead of the one that was asked for. Pure judgement of an answer.

Only what is certain: a missed wall ends as an ordinary refusal or as a page without an article; an
article taken for a wall would be lost. So a mark in a body counts only where the page holds hardly
any text of its own (an article *about* a wall has some), and marks that a vendor also puts on
pages that it lets through count on refusals only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from pipeline import urls
from pipeline.errors import FetchError
from pipeline.fetch.standins import not_the_page
from pipeline.fetch.visible import shown

#: bytes of a refusal that are looked at, and the largest page with a status of success: walls that
#: claim success have 1 to 8 KB
LOOKED_AT = 65_536
_LARGEST_SUCCESS = 20_000
#: bytes of text that a wall may show: the most talkative, Anubis explaining itself, needs about
#: 1,600, more in scripts of several bytes a letter
_MOST_TEXT = 4_000

_REFUSALS = range(400, 600)
_DENIED = (401, 403)


class _Sign(NamedTuple):
    """One way to know a wall; everything that is set must hold."""

    whose: str
    #: header, in lower case -> values, of which it holds one; none: any value
    headers: tuple[tuple[str, tuple[str, ...]], ...] = ()
    #: byte strings in lower case, all in the body; then the page must show little text, unless the
    #: host is named
    marks: tuple[bytes, ...] = ()
    #: none: any status, also of success
    statuses: tuple[int, ...] | range = ()
    #: the host's name ends so; none: any host
    host: str = ""


_SIGNS = (
    # "Detect a challenge page response", developers.cloudflare.com/cloudflare-challenges; miniflux
    # (isCloudflareChallenge) asks for 403 and text/html besides, which the documentation does not.
    _Sign("Cloudflare", (("cf-mitigated", ("challenge",)),)),
    # The script of a challenge page sets this variable (gallery-dl `util.detect_challenge`); the path
    # /cdn-cgi/challenge-platform/ alone is on many pages that were let through.
    _Sign("Cloudflare", marks=(b"_cf_chl_opt", b"/cdn-cgi/challenge-platform/")),
    _Sign("Cloudflare", marks=(b"<title>just a moment...</title>", b"/cdn-cgi/challenge-platform/")),
    # Blocked by a rule: errors 1006 to 1020, developers.cloudflare.com/support, "Cloudflare 1xxx errors";
    # a limit on requests (1015) has the same title with 429 and passes.
    _Sign("Cloudflare", marks=(b"attention required! | cloudflare</title>",), statuses=_DENIED),
    _Sign("Cloudflare", marks=(b"used cloudflare to restrict access</title>",), statuses=_DENIED),
    # docs.datadome.co, "Validate request": on answers that DataDome gives itself; x-datadome alone is
    # on pages that were let through.
    _Sign("DataDome", (("x-datadome", ()), ("x-dd-b", ())), statuses=_REFUSALS),
    # The page, and the JSON for programs, of a block: both name the host of the puzzle.
    _Sign("DataDome", marks=(b"captcha-delivery.com",), statuses=_REFUSALS),
    _Sign("DataDome", marks=(b"var dd=", b"captcha-delivery.com")),
    # Block page of HUMAN's enforcers (github.com/PerimeterX/perimeterx-python-wsgi, templates); the
    # variable _pxAppId is also set by the sensor on pages that were let through.
    _Sign("HUMAN", marks=(b"px-captcha", b"_pxappid")),
    _Sign("HUMAN", marks=(b"_pxappid",), statuses=_REFUSALS),
    # Akamai's edge: "Access Denied ... Reference #18.2d351ab8.1557333295.a4e16ab", the signs escaped.
    _Sign("Akamai", (("server", ("akamaighost", "akamainetstorage")),),
          (b"access denied", b"reference&#32;&#35;"), (403,)),
    _Sign("Akamai", marks=(b"<title>access denied</title>", b"reference&#32;&#35;", b"errors.edgesuite.net"),
          statuses=(403,)),
    # Imperva's block page shows its incident in a frame; the bare resource path is also the address of
    # a script on pages that were let through, so without that frame nothing else may be there.
    _Sign("Imperva", marks=(b"/_incapsula_resource?", b"incapsula incident id")),
    _Sign("Imperva", marks=(b"/_incapsula_resource?swudnsai=",)),
    _Sign("Imperva", marks=(b"/_incapsula_resource?", b"noindex, nofollow", b"<body></body>")),
    _Sign("Imperva", marks=(b"/_incapsula_resource?", b"noindex,nofollow", b"<body></body>")),
    # AWS WAF developer guide, "How the CAPTCHA and Challenge rule actions work": with 405 and 202.
    _Sign("AWS WAF", (("x-amzn-waf-action", ("captcha", "challenge")),)),
    # vercel.com/docs/headers/response-headers; `deny` is a rule of the site's firewall.
    _Sign("Vercel", (("x-vercel-mitigated", ("challenge", "deny")),)),
    # wafw00f, plugins/sucuri.py; the second is the script of its browser check.
    _Sign("Sucuri", marks=(b"sucuri website firewall", b"access denied"), statuses=_REFUSALS),
    _Sign("Sucuri", marks=(b"sucuri_cloudproxy_js=",)),
    # gallery-dl `util.detect_challenge`; FlareSolverr's list has the page with the puzzle, too.
    _Sign("DDoS-Guard", marks=(b"/.well-known/ddos-guard/js-challenge/",), statuses=_REFUSALS),
    _Sign("DDoS-Guard", marks=(b"/.well-known/ddos-guard/ddg-captcha-page/",), statuses=_REFUSALS),
    # Kasada answers itself with 429 or 403, this header, and a page that only loads ips.js.
    _Sign("Kasada", (("x-kpsdk-ct", ()),), statuses=(403, 429)),
    _Sign("Kasada", marks=(b"window.kpsdk=", b"/ips.js?"), statuses=(403, 429)),
    # github.com/TecharoHQ/anubis, web/index.templ: the puzzle travels in this element, mostly with 200.
    _Sign("Anubis", marks=(b'<script id="anubis_challenge"',)),
    # git.gammaspectra.live/git/go-away: its challenge page, and its refusal.
    _Sign("go-away", marks=(b"/.well-known/.git.gammaspectra.live/git/go-away/",)),
    # SiteGround's check: 202 with this header, or a page that only leads there.
    _Sign("SiteGround", (("sg-captcha", ("challenge",)),)),
    _Sign("SiteGround", marks=(b'http-equiv="refresh"', b"/.well-known/sgcaptcha/")),
    # What reddit.com answers to networks and programs that it does not want.
    _Sign("Reddit", marks=(b"blocked by network security",), statuses=_DENIED, host="reddit.com"),
    _Sign("Reddit", marks=(b"blocked due to a network policy",), statuses=_DENIED, host="reddit.com"),
)  # fmt: skip
#: headers that say something; most pages have none of them
_TELLING = frozenset(name for sign in _SIGNS for name, _ in sign.headers)
#: to programs Cloudflare tells its verdict in plain text: the address, the client or the rule is barred
_CLOUDFLARE_CODES = tuple(b"error code: %d" % code for code in (1006, 1007, 1008, 1010, 1012, 1020))


def wall(url: str, status: int, headers: Mapping[str, str], head: bytes) -> FetchError | None:
    """The error `blocked` when an answer is certainly a bot wall's; None for anything else.

    ``headers`` have names in lower case; ``head`` is the beginning of the body, decompressed, of
    which `LOOKED_AT` bytes are enough: what fills them is too large for a wall. The message names
    the host and whose wall it is. A retry does not help: the verdict is about who asks.
    """
    refused = not 200 <= status < 300
    if not refused and len(head) > _LARGEST_SUCCESS:
        if _TELLING.isdisjoint(headers):
            return None
        head = b""
    body = head[:LOOKED_AT].lower()
    little: bool | None = None
    for sign in _SIGNS:
        if sign.statuses and status not in sign.statuses:
            continue
        if not all(_holds(headers.get(name), values) for name, values in sign.headers):
            continue
        if not all(mark in body for mark in sign.marks):
            continue
        if sign.host:
            if not ("." + urls.host_of(url)).endswith("." + sign.host):
                continue
        elif sign.marks:
            if little is None:
                little = len(head) < LOOKED_AT and len(shown(body)) <= _MOST_TEXT
            if not little:
                continue
        return _blocked(url, sign.whose, status)
    if refused and body.strip() in _CLOUDFLARE_CODES:
        return _blocked(url, "Cloudflare", status)
    return None


def _holds(value: str | None, wanted: tuple[str, ...]) -> bool:
    if value is None:
        return False
    return not wanted or any(one in value.lower() for one in wanted)


def _blocked(url: str, whose: str, status: int) -> FetchError:
    name = urls.host_of(url) or urls.without_password(url)
    told = f"{name} answered {status} with a bot wall of {whose} instead of the page."
    error = FetchError(told, code="blocked", retry_helps=False)
    error.status = status
    return error


__all__ = ["LOOKED_AT", "not_the_page", "wall"]
