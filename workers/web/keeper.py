"""Who is at the door: the token in a header, a session in a cookie, and how often somebody guessed."""

from __future__ import annotations

import ipaddress
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

from starlette.datastructures import Headers
from starlette.requests import cookie_parser

from pipeline.errors import SettingsError
from workers.web import session
from workers.web.attempts import Attempts

#: sessions that are remembered as signed out, or as seen before
_MOST_SESSIONS = 10_000


class Visitor(NamedTuple):
    """What is known of the sender of a request."""

    #: it carries the token in its header
    has_token: bool = False
    #: it carries the cookie of a session
    signed_in: bool = False
    #: seconds until a token from there is looked at again
    wait: float = 0.0


class Keeper:
    """Recognises visitors, and slows down those who guess. Lives on one event loop; what it
    remembers, it forgets with its process. Raises SettingsError for networks that are none."""

    def __init__(self, token: str, proxies: str = "", clock: Callable[[], float] = time.monotonic) -> None:
        """``proxies``: networks whose word is taken for where a request came from (FEEDMILL_WEB_PROXIES).
        ``clock``: seconds, and never back."""
        self._token = token
        self._clock = clock
        self._proxies = _networks(proxies)
        self._attempts = Attempts()
        self._ended: OrderedDict[str, None] = OrderedDict()
        self._seen: OrderedDict[str, None] = OrderedDict()

    def client(self, peer: str, headers: Headers) -> str:
        """Where a request came from: the peer, or whom our own proxies name as theirs."""
        named = [one.strip() for value in headers.getlist("x-forwarded-for") for one in value.split(",")]
        while named and self._is_proxy(peer):
            # From the right: what stands on the left was sent by whoever asked.
            peer = _without_port(named.pop())
        return peer

    def visitor(self, client: str, headers: Headers, now: float) -> Visitor:
        """Who sends these headers. ``now``: Unix seconds, for sessions."""
        if not self._token:
            return Visitor()
        wait = self._attempts.wait(client, self._clock())
        signed_in = self._has_session(client, cookie_of(headers), now, wait)
        given = _bearer(headers)
        has_token = given is not None and not wait and self._is_token(client, given)
        return Visitor(has_token, signed_in, wait)

    def sign_in(self, client: str, given: str, now: float) -> str | None:
        """A cookie's value for the right token; None for a wrong one. To be asked only of visitors
        who need not wait."""
        if not self._token or not self._is_token(client, given):
            return None
        cookie = session.issue(self._token, now, secrets.token_hex(12))
        _remember(self._seen, cookie)
        return cookie

    def sign_out(self, cookie: str, now: float) -> None:
        """End a session: its cookie is worth nothing any more, wherever copies of it are."""
        if session.is_valid(self._token, cookie, now):
            self._seen.pop(cookie, None)
            _remember(self._ended, cookie)

    def _has_session(self, client: str, cookie: str, now: float, wait: float) -> bool:
        if not cookie or cookie in self._ended or not session.is_current(cookie, now):
            return False
        if cookie in self._seen:
            return True
        # A seal is made with the token: who forges cookies guesses at it too.
        if wait:
            return False
        if session.is_valid(self._token, cookie, now):
            _remember(self._seen, cookie)
            return True
        self._attempts.count(client, cookie, self._clock())
        return False

    def _is_token(self, client: str, given: str) -> bool:
        if session.is_token(self._token, given):
            return True
        self._attempts.count(client, given, self._clock())
        return False

    def _is_proxy(self, address: str) -> bool:
        try:
            one = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(one.version == network.version and one in network for network in self._proxies)


def cookie_of(headers: Headers) -> str:
    """The session's cookie that a request carries; empty if none."""
    return cookie_parser(headers.get("cookie", "")).get(session.COOKIE, "")


def _bearer(headers: Headers) -> str | None:
    scheme, _, given = headers.get("authorization", "").partition(" ")
    # Prometheus with an empty file of credentials sends the scheme alone: that is no guess.
    return given.strip() or None if scheme.lower() == "bearer" else None


def _without_port(address: str) -> str:
    """Some proxies name the port too, which is another one with each connection."""
    if address.startswith("["):
        return address[1:].partition("]")[0]
    return address.partition(":")[0] if address.count(":") == 1 else address


def _remember(cookies: OrderedDict[str, None], cookie: str) -> None:
    cookies[cookie] = None
    if len(cookies) > _MOST_SESSIONS:
        cookies.popitem(last=False)


def _networks(text: str) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    try:
        return [ipaddress.ip_network(one.strip()) for one in text.split(",") if one.strip()]
    except ValueError as error:
        raise SettingsError(f"FEEDMILL_WEB_PROXIES={text!r} cannot be used: {error}.") from error


__all__ = ["Keeper", "Visitor", "cookie_of"]
