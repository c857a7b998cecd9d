"""robots.txt by RFC 9309: whether an address may be fetched, and how slowly. The only importer of Protego.

Protego judges paths (longest match, ``*``, ``$``, escapes). Groups are picked here, before it sees the
file: it takes ``User-agent: feed`` for a rule about Feedmill, where the RFC (2.2.1) wants the whole
product token, and a file of many agents and many rules keeps it busy for minutes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal
from urllib.parse import urlsplit

import msgspec
from protego import Protego

from pipeline import urls
from pipeline.errors import FetchError
from pipeline.fetch.client import Client, Response, Turn
from pipeline.model import Value

#: what is read of a file, at most (bytes); RFC 9309, 2.5 wants 500 KiB at least
MOST_READ = 512 * 1024
#: what is received before the other side is not believed to send a robots.txt (bytes)
_MOST_SENT = 5_000_000
#: RFC 9309, 2.4: no longer than a day, unless the file cannot be had (s)
_LONGEST_KEPT = 86_400.0
#: shorter lifetimes (many servers say "no-cache" of everything) would double the requests (s)
_SHORTEST_KEPT = 300.0
#: until an unreachable file is asked for again; doubled each time, up to the second (s)
_AWAY = 600.0
_LONGEST_AWAY = 3_600.0
#: RFC 9309, 2.3.1.4: after this long an unreachable file may count as none (s)
_FORGOTTEN = 30 * 86_400.0
#: a Crawl-delay beyond is no politeness any more: news-crawl drops such hosts from 120 s on
#: (StormCrawler's fetcher.max.crawl.delay), here they are asked once an hour (s)
_LONGEST_DELAY = 3_600.0

#: fields that make up groups, in the spellings that Protego and Google accept
_LINE = re.compile(
    r"\s*(?:(?P<agent>user[- ]?agent)|(?P<field>dissallow|dissalow|disalow|diasllow|disallaw|disallow|allow"
    r"|crawl[- ]delay|request[- ]rate|visit[- ]time))\s*(?::|(?<=\s)|$)\s*(?P<value>.*)",
    re.I,
)
_LINE_END = re.compile(r"\r\n|\r|\n")
_TOKEN = re.compile(r"[^\s/(;,*]+")
#: "Mozilla/5.0 (compatible; Examplebot/1.0; +https://example.com/bot)"
_COMPATIBLE = re.compile(r"\(compatible;\s*([^\s/();,]+)", re.I)


class RobotsFile(Value, frozen=True, kw_only=True):
    """What one origin answered when it was asked for its robots.txt; can be kept until it expires."""

    #: scheme and host, as `origin_of` gives it
    origin: str
    #: ``rules``: there is a file; ``allow``: there is none; ``away``: nobody knows, so nothing may be fetched
    state: Literal["rules", "allow", "away"]
    #: the file's beginning, `MOST_READ` bytes at most; empty unless there are rules
    body: bytes = b""
    #: Unix seconds of the answer
    fetched_at: float
    #: Unix seconds at which to ask again
    expires_at: float


class Robots:
    """The rules of one origin for one agent. Parsing is the cost: keep it while its file is valid."""

    def __init__(self, file: RobotsFile, agent: str) -> None:
        """``agent`` is a product token, or a user agent that begins with it or names it as compatible."""
        self._state = file.state
        self._agent = product_token(agent)
        self._rules = Protego.parse(_rules_for(self._agent, file.body)) if file.state == "rules" else None

    def allows(self, url: str) -> bool:
        """Whether an address of the file's origin may be fetched; robots.txt itself always may."""
        if self._rules is None:
            return self._state == "allow" or urls.absolute("/robots.txt", url) == url
        try:
            return self._rules.can_fetch(url, self._agent)
        except ValueError:
            # No address at all; whoever fetches it will say so better.
            return True

    @property
    def delay(self) -> float | None:
        """Seconds between two requests that the site asks for, an hour at most; None if it does not.

        The longer of Crawl-delay and Request-rate, which are no part of the RFC; the hours for which
        a Request-rate may be meant are not heeded.
        """
        if self._rules is None:
            return None
        rate = self._rules.request_rate(self._agent)
        delays = [self._rules.crawl_delay(self._agent), rate.seconds / rate.requests if rate else None]
        longest = max((delay for delay in delays if delay is not None), default=None)
        return None if longest is None else min(longest, _LONGEST_DELAY)


async def fetch_robots(
    client: Client,
    url: str,
    *,
    turn: Turn | None = None,
    now: float,
    before: RobotsFile | None = None,
) -> RobotsFile:
    """The robots.txt of an address's origin.

    Raises FetchError only where the host itself could not be reached (its name, its address, the
    connection): then nothing can be fetched there, whatever robots.txt may say, and the reason is
    that. What ``turn`` raises goes through.

    ``now`` is in Unix seconds. ``before`` is what was known until now, also when it has expired:
    while the file cannot be had, rules of less than 30 days go on to hold (RFC 9309, 2.4), and the
    time until the next attempt doubles.
    """
    origin, passed = origin_of(url), list[str]()
    try:
        response = await client.get(f"{origin}/robots.txt", max_bytes=_MOST_SENT, turn=turn, passed=passed)
    except FetchError as error:
        if _is_unavailable(error):
            return RobotsFile(
                origin=origin, state="allow", fetched_at=now, expires_at=now + _kept(error.fresh)
            )
        file = _away(origin, error, now, before)
        if file.state == "away" and error.status is None and not passed:
            # It is told of the address that was wanted: nobody asked for a robots.txt.
            told = error.message.replace(f"{origin}/robots.txt", urls.printable(urls.without_password(url)))
            raise FetchError(
                told, code=error.code, retry_helps=error.retry_helps, retry_after=error.retry_after
            ) from error
        return file
    return _rules(origin, response, now)


def origin_of(url: str) -> str:
    """Scheme, host and unusual port of an address, in canonical form: what one robots.txt speaks for.

    Raises SourceError (`bad_url`) for what is no http or https address.
    """
    parts = urlsplit(urls.canonical(url))
    return f"{parts.scheme}://{parts.netloc}"


def product_token(agent: str) -> str:
    """The name under which robots.txt files speak of a user agent: ``Feedmill/0.1 (+x)`` is ``Feedmill``."""
    found = _COMPATIBLE.search(agent)
    if found:
        return found[1]
    token = _TOKEN.search(agent)
    return token[0] if token else "*"


def _rules(origin: str, response: Response, now: float) -> RobotsFile:
    body = response.body[:MOST_READ]
    return RobotsFile(
        origin=origin,
        state="rules",
        body=body,
        fetched_at=now,
        expires_at=now + _kept(response.fresh),
    )


def _kept(fresh: float | None) -> float:
    """Seconds for which an answer holds: as the server says (Cache-Control), within bounds."""
    return _LONGEST_KEPT if fresh is None else min(max(fresh, _SHORTEST_KEPT), _LONGEST_KEPT)


def _is_unavailable(error: FetchError) -> bool:
    """Whether the server said that there is no such file for us (RFC 9309, 2.3.1.3: any 4xx).

    Redirects without end count as that (2.3.1.2). "Too many requests" does not: it speaks of the
    moment, and StormCrawler takes it for an unreachable file, too.
    """
    if error.code == "redirects":
        return True
    return error.status is not None and 400 <= error.status < 500 and error.status not in (408, 425, 429)


def _away(origin: str, error: FetchError, now: float, before: RobotsFile | None) -> RobotsFile:
    wait = _AWAY
    if before is not None and before.state == "away":
        wait = min(2 * (before.expires_at - before.fetched_at), _LONGEST_AWAY)
    wait = min(max(wait, error.retry_after or 0.0), _LONGEST_KEPT)
    if before is not None and before.state != "away" and now - before.fetched_at < _FORGOTTEN:
        return msgspec.structs.replace(before, expires_at=now + wait)
    return RobotsFile(origin=origin, state="away", fetched_at=now, expires_at=now + wait)


def _rules_for(agent: str, body: bytes) -> str:
    """A robots.txt of one group: the rules for an agent, else those for all, each once.

    Groups that name the agent more than once are taken together (RFC 9309, 2.2.1). Lines of unknown
    fields do not end a list of agents (2.2.4); Crawl-delay and its like do, as in Protego: between
    "User-agent: *" and the next agent they are all that the first group says.
    """
    wanted = agent.lower()
    named: dict[str, None] | None = None
    common: dict[str, None] = {}
    current: list[dict[str, None]] = []
    in_rules = False
    for agents, field, value in _lines(body):
        if not agents:
            in_rules = True
            for rules in current:
                rules[f"{field}: {value}"] = None
            continue
        if in_rules:
            current, in_rules = [], False
        if value.split()[:1] == ["*"]:
            current.append(common)
        elif (token := _TOKEN.match(value)) and token[0].lower() == wanted:
            named = {} if named is None else named
            current.append(named)
    rules = common if named is None else named
    return "\n".join([f"User-agent: {agent}", *rules])


def _lines(body: bytes) -> Iterable[tuple[bool, str, str]]:
    """The lines that make up groups: whether it names an agent, the field, and its value."""
    text = body.decode("utf-8-sig", "replace")
    for line in _LINE_END.split(text):
        found = _LINE.match(line.partition("#")[0])
        if found:
            # Protego also ends lines at form feeds and their like.
            value = " ".join(found["value"].split())
            yield found["agent"] is not None, found["field"] or "", value
