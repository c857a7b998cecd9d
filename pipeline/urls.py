"""Addresses: canonical form, host, and the key that tells whether two names mean one thing."""

from __future__ import annotations

import os
import re
from functools import lru_cache
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote_to_bytes, urljoin, urlsplit, urlunsplit

from pipeline.errors import SourceError

#: query parameters that say where a click came from and never select content
_TRACKING = re.compile(
    r"^(?:utm_\w+|at_(?:medium|campaign|custom\d|link_\w+|ptr_\w+|bbc_\w+)|mc_(?:cid|eid)|fbclid|gclid|dclid|msclkid"
    r"|yclid|twclid|igshid|wt_?mc(?:_o)?|wt\.mc_id|xtor|cmpid|cmp|_hs(?:enc|mi)|mkt_tok|vero_id|oly_(?:anon|enc)_id"
    r"|ns_(?:campaign|mchannel|source|linkname|fee)|s_cid|ocid|ftag|smid|smtyp|__twitter_impression)$",
    re.I,
)
_PORTS = {"http": 80, "https": 443}
_PLAIN_PATH = re.compile(r"[A-Za-z0-9_.\-~/]*")
_SCHEME = re.compile(r"^https?:", re.I)
#: a name, or an address of the sixth version with its zone; servers answer to names with underscores too
_HOST = re.compile(r"[\w.-]+|[0-9a-f:.]+(?:%[\w.~-]+)?", re.I | re.A)
#: what stands before a host; the second form is what people and scripts get wrong
_BEFORE = r"(?:://|\bhttps?:[/\\]*)"
_USER = re.compile(rf"({_BEFORE})" + r"([^ /?#\\]*)@", re.I)
#: a password with a slash in it: what then looks like a port is none
_BROKEN_USER = re.compile(rf"({_BEFORE}" + r"""[^\s/?#@:\[]*:)(?!\d*(?:[/?#]|$)|\*\*\*@)[^\s@'"<>]*@""", re.I)
#: as keys and tokens look: letters and digits, at least sixteen
_RANDOM = re.compile(r"(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{16,}")
_SECRET_VALUE = re.compile(
    r"([?&;][\w.-]{0,40}?(?:tokens?|secret|password|passwd|passwort|pwd|api[_-]?key|accesskey|signature"
    r"|credentials?|jsessionid|phpsessid)=)[^&#\s'\"<>]+",
    re.I,
)
#: names that mean many things: only what looks like a key is taken for one
_RANDOM_VALUE = re.compile(
    rf"([?&;](?:key|sig|auth|code|pass|pw|sid|hash|k|t)=){_RANDOM.pattern}(?![\w-])", re.I
)


def is_url(text: str) -> bool:
    """Whether a source is an http or https address rather than a path."""
    return bool(_SCHEME.match(text.strip()))


@lru_cache(maxsize=4096)
def canonical(url: str) -> str:
    """One spelling for the addresses that mean the same page. Idempotent; keeps the host.

    Lower-case scheme and host (IDNA to ASCII), no default port, no fragment, no empty path, no
    tracking parameters, dot segments resolved, escapes normalised (RFC 3986 section 6.2.2).
    The order of the other parameters is kept: some servers heed it.
    Raises SourceError (`bad_url`) for what is no http or https address.
    """
    text = re.sub(r"[\t\r\n]", "", url.strip())
    try:
        parts = urlsplit(text)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError as error:
        # Of a port that is none, the reason holds what may be half a password.
        reason = str(error).partition(" as ")[0]
        raise SourceError(f"Not a usable address: {_shown(url)} ({reason}).", code="bad_url") from error
    scheme = parts.scheme.lower()
    if scheme not in _PORTS or not host:
        raise SourceError(f"Not an http or https address: {_shown(url)}.", code="bad_url")
    host = _ascii_host(host, url)
    if ":" in host:
        host = f"[{host}]"
    if port is not None and port != _PORTS[scheme]:
        host = f"{host}:{port}"
    # Escapes first: an escaped dot is a dot.
    path = _without_dots(_escape(parts.path or "/", "/:@!$&'()*+,;=~"))
    return urlunsplit((scheme, host, path, _query(parts.query), ""))


def host_of(url: str) -> str:
    """Host with port if unusual, lower case, as in the canonical form; empty if there is none."""
    try:
        return urlsplit(canonical(url)).netloc
    except SourceError:
        return ""


def absolute(link: str, base: str | None) -> str | None:
    """A link as found, made absolute; None when it leads to no http or https page."""
    try:
        joined = urljoin(base or "", link.strip())
        return joined if is_url(joined) and urlsplit(joined).hostname else None
    except ValueError:
        return None


def file_key(path: Path) -> str:
    """Identity of a file: ``file://`` and its absolute path, escaped byte by byte.

    Names that are not UTF-8 keep their bytes (``%FF``); newlines and spaces are escaped.
    """
    whole = path.absolute()
    if ".." in whole.parts:
        # Only the file system knows where "link/.." leads.
        whole = Path(os.path.realpath(whole.parent), whole.name) if whole.name != ".." else whole.resolve()
    return "file://" + escape_path(str(whole))


def escape_path(path: str) -> str:
    """A path, or one name of it, as it stands in a `file_key`."""
    if _PLAIN_PATH.fullmatch(path):
        return path
    return quote(path.encode("utf-8", "surrogateescape"), safe="/~")


def file_path(key: str) -> Path:
    """The path that `file_key` was given."""
    return Path(unquote_to_bytes(key.removeprefix("file://")).decode("utf-8", "surrogateescape"))


def printable(name: str) -> str:
    """A name for people: no control characters, and no bytes that cannot be shown."""
    if name.isprintable():
        return name
    shown = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in shown)


def without_password(text: str) -> str:
    """An address, or a text with addresses in it, with what is secret masked: for messages and logs.

    Masked are passwords, user names that look like keys, and parameters that are called a token, key,
    signature or password. Idempotent. What is no address stays as it is.
    """
    if "@" in text:
        text = _USER.sub(_masked_user, text)
        text = _BROKEN_USER.sub(r"\1***@", text)
    if "=" in text:
        text = _SECRET_VALUE.sub(r"\1***", text)
        text = _RANDOM_VALUE.sub(r"\1***", text)
    return text


def _masked_user(match: re.Match[str]) -> str:
    user, colon, _ = re.split("(:|%3A|$)", match[2], maxsplit=1, flags=re.I)
    if colon:
        return f"{match[1]}{user}{colon}***@"
    return f"{match[1]}{'***' if _RANDOM.fullmatch(user) else user}@"


def _shown(url: str) -> str:
    return repr(without_password(url))


def _ascii_host(host: str, url: str) -> str:
    try:
        name = host.lower() if host.isascii() else host.encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise SourceError(f"Not a usable host name in {_shown(url)} ({error}).", code="bad_url") from error
    if not _HOST.fullmatch(name):
        raise SourceError(f"Not a usable host name in {_shown(url)}.", code="bad_url")
    return name


def _escape(text: str, safe: str) -> str:
    # Unreserved characters unescaped, the rest escaped in upper case; an escaped slash stays so.
    text = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", text)
    pieces = re.split(r"(%[0-9A-Fa-f]{2})", text)
    out = []
    for piece in pieces:
        if len(piece) == 3 and piece[0] == "%" and re.fullmatch(r"[0-9A-Fa-f]{2}", piece[1:]):
            char = chr(int(piece[1:], 16))
            out.append(char if re.match(r"[A-Za-z0-9\-._~]", char) else piece.upper())
        else:
            out.append(quote(piece, safe=safe))
    return "".join(out)


def _without_dots(path: str) -> str:
    # RFC 3986, 5.2.4. Not urljoin, which takes a path of two slashes for a host.
    if "/." not in path:
        return path
    *segments, last = path.removeprefix("/").split("/")
    kept: list[str] = []
    for segment in [*segments, last]:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if last in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)


def _query(query: str) -> str:
    if not query:
        return ""
    pairs = parse_qsl(query, keep_blank_values=True, separator="&")
    if not any(_TRACKING.match(name) for name, _ in pairs):
        return _escape(query, "/:@!$&'()*+,;=~?")
    kept = [piece for piece in query.split("&") if not _TRACKING.match(piece.partition("=")[0])]
    return _escape("&".join(kept), "/:@!$&'()*+,;=~?")


__all__ = [
    "absolute", "canonical", "escape_path", "file_key", "file_path", "host_of", "is_url",
    "printable", "without_password",
]  # fmt: skip
