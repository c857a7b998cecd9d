"""What holds for one host: pace, robots, headers, credentials, and what counts as one host at all.

The file named by FEEDMILL_HOSTS_FILE is TOML, a table for each host:

    ["example.com"]             # this host, on any port; "example.com:8443": only there
    delay = 5                   # seconds from the end of one request to the start of the next
    parallel = 2                # requests at once
    robots = false              # robots.txt is not heeded here
    user_agent = "News desk"    # instead of FEEDMILL_USER_AGENT and contact
    headers = {"X-Key" = "..."} # sent to this host, and after a redirect to no other
    user = "..."                # with password: sent as Basic authentication, likewise
    password = "..."

    ["*.tumblr.com"]            # every host below, not the name itself
    scope = "domain"            # all hosts of the registered domain share delay and parallel

The most specific entry counts alone; what it leaves open is as the settings say.
"""

from __future__ import annotations

import ipaddress
import math
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pipeline import urls
from pipeline.errors import SettingsError
from pipeline.settings import Settings

#: answers of `HostRules.of` and `scope` that are remembered
_REMEMBERED = 10_000
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_PORTS = {"http": 80, "https": 443}
#: what the client alone decides; sent twice or wrong they would break the request
_RESERVED = frozenset(
    {
        "host",
        "connection",
        "content-length",
        "transfer-encoding",
        "accept-encoding",
        "te",
        "upgrade",
        "expect",
    }
)

Scope = Literal["host", "domain"]


@dataclass(frozen=True, kw_only=True)
class HostRule:
    """How one host is treated. Secrets are not in its repr."""

    #: seconds from the end of one request to the start of the next
    delay: float
    #: requests at once
    parallel: int
    #: whether robots.txt is heeded
    robots: bool
    scope: Scope
    #: None: as the settings say
    user_agent: str | None = None
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    #: Basic authentication; empty: none
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)


class HostRules:
    """The settings and the hosts file. Raises SettingsError naming file, entry and reason."""

    def __init__(self, settings: Settings) -> None:
        self._usual = HostRule(
            delay=settings.host_delay,
            parallel=settings.host_parallel,
            robots=settings.robots != "ignore",
            scope="domain" if settings.host_scope == "domain" else "host",
        )
        #: (name, port) of exact entries, and of those below a name; port None: any
        self._exact: dict[tuple[str, int | None], HostRule] = {}
        self._below: dict[tuple[str, int | None], HostRule] = {}
        self._known: dict[tuple[str, str], tuple[HostRule, str]] = {}
        self._last = ("", (self._usual, ""))
        if settings.hosts_file:
            self._read(Path(settings.hosts_file))

    def of(self, url: str) -> HostRule:
        """The rule for the host of an address."""
        return self._look_up(url)[0]

    def scope(self, url: str) -> str:
        """What shares its pace: the canonical host with an unusual port, or the registered domain.

        IP addresses and names without a registered domain are their own.
        """
        return self._look_up(url)[1]

    def _look_up(self, url: str) -> tuple[HostRule, str]:
        # One request asks several times for one address.
        if url != self._last[0]:
            self._last = (url, self._found(url))
        return self._last[1]

    def _found(self, url: str) -> tuple[HostRule, str]:
        try:
            parts = urlsplit(url.strip())
        except ValueError:
            return self._usual, url
        key = (parts.scheme, parts.netloc.rpartition("@")[2])
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            known = self._known[key] = self._judged(f"{key[0]}://{key[1]}/")
        return known

    def _judged(self, url: str) -> tuple[HostRule, str]:
        netloc = urls.host_of(url)
        if not netloc:
            return self._usual, url
        parts = urlsplit(f"{urlsplit(url).scheme.lower()}://{netloc}")
        host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
        rule = self._exact.get((host, port)) or self._exact.get((host, None))
        above = host
        while rule is None and "." in above:
            above = above.partition(".")[2]
            rule = self._below.get((above, port)) or self._below.get((above, None))
        rule = rule or self._usual
        return rule, (registered_domain(host) or netloc) if rule.scope == "domain" else netloc

    def _read(self, path: Path) -> None:
        try:
            entries = tomllib.loads(path.read_text("utf-8"))
        except OSError as error:
            told = f"FEEDMILL_HOSTS_FILE: {path} cannot be read: {error.strerror}."
            raise SettingsError(told) from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingsError(f"FEEDMILL_HOSTS_FILE: {path} is not TOML: {error}.") from error
        for name, entry in entries.items():
            try:
                below, key = _key(name)
                rule = _rule(entry, self._usual)
            except ValueError as error:
                raise SettingsError(f"FEEDMILL_HOSTS_FILE: {path}, entry {name!r}: {error}.") from error
            rules = self._below if below else self._exact
            if key in rules:
                raise SettingsError(f"FEEDMILL_HOSTS_FILE: {path}, entry {name!r}: this host is there twice.")
            rules[key] = rule


def registered_domain(host: str) -> str:
    """The registered domain of a host (``news.bbc.co.uk``: ``bbc.co.uk``); empty if it has none.

    By the public suffix list as it was when tldextract was released, without its private section:
    the blogs of one hosting company are one machine's worth of politeness.
    """
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return str(_suffixes()(host).top_domain_under_public_suffix)
    return ""


@cache
def _suffixes() -> Callable[[str], Any]:
    # Imported here: 0.2 s and 10 MB that only the scope "domain" needs.
    import tldextract

    extract: Callable[[str], Any] = tldextract.TLDExtract(cache_dir=None, suffix_list_urls=())
    return extract


def _key(name: str) -> tuple[bool, tuple[str, int | None]]:
    """Whether an entry is for all hosts below a name; name and port. Raises ValueError."""
    below = name.startswith("*.")
    given = name[2:] if below else name
    parts = urlsplit(f"http://{given}")
    host = urlsplit(f"http://{urls.host_of(f'http://{given}/')}").hostname
    if not host or "*" in host or "@" in given or parts.path or parts.query or parts.fragment:
        raise ValueError('a host is written as "example.com", "example.com:8443" or "*.example.com"')
    return below, (host, parts.port)


def _rule(entry: object, usual: HostRule) -> HostRule:
    """An entry as a rule. Raises ValueError that says what is wrong, but never a secret."""
    if not isinstance(entry, dict):
        raise ValueError("it is no table")
    unknown = [key for key in entry if key not in _CHECKS]
    if unknown:
        raise ValueError(f"unknown key {unknown[0]!r}; known are {', '.join(_CHECKS)}")
    for key, value in entry.items():
        if (reason := _CHECKS[key](value)) is not None:
            raise ValueError(f"{key} {reason}")
    if entry.get("password") and not entry.get("user"):
        raise ValueError("a password needs a user")
    if entry.get("user") and any(name.lower() == "authorization" for name in entry.get("headers", {})):
        raise ValueError("user and a header Authorization exclude each other")
    return replace(usual, **entry)


def _is_number(value: object) -> str | None:
    fine = isinstance(value, int | float) and not isinstance(value, bool)
    fine = fine and math.isfinite(value) and value >= 0  # type: ignore[arg-type, operator]
    return None if fine else "is no number of seconds"


def _is_count(value: object) -> str | None:
    fine = isinstance(value, int) and not isinstance(value, bool) and value >= 1
    return None if fine else "is no number from 1"


def _is_flag(value: object) -> str | None:
    return None if isinstance(value, bool) else "is neither true nor false"


def _is_scope(value: object) -> str | None:
    return None if value in ("host", "domain") else 'is neither "host" nor "domain"'


def _is_text(value: object) -> str | None:
    fine = isinstance(value, str) and value.isprintable()
    return None if fine else "is no text in one line"


def _is_user(value: object) -> str | None:
    # RFC 7617: the colon ends the name.
    return _is_text(value) or ("holds a colon" if ":" in str(value) else None)


def _are_headers(value: object) -> str | None:
    if not isinstance(value, dict):
        return "is no table of names and texts"
    for name, text in value.items():
        if not _TOKEN.fullmatch(name) or name.lower() in _RESERVED:
            return f"has a name that cannot be set: {name!r}"
        if _is_text(text) is not None:
            return f"has no text in one line for {name!r}"
    return None


_CHECKS: dict[str, Callable[[object], str | None]] = {
    "delay": _is_number,
    "parallel": _is_count,
    "robots": _is_flag,
    "scope": _is_scope,
    "user_agent": _is_text,
    "headers": _are_headers,
    "user": _is_user,
    "password": _is_text,
}
