"""What went wrong on the way, as one of our codes: every exception of httpx has its meaning here."""

from __future__ import annotations

import socket
import ssl

import httpx

from pipeline import urls
from pipeline.errors import FetchError
from pipeline.fetch.transport import Refused

#: each class of httpx -> code, whether a retry helps, and what to tell
_MEANINGS: dict[type[Exception], tuple[str, bool, str]] = {
    httpx.InvalidURL: ("bad_url", False, "is no usable address"),
    httpx.UnsupportedProtocol: ("bad_url", False, "is no http or https address"),
    httpx.ConnectTimeout: ("timeout", True, "did not take the connection in time"),
    httpx.ReadTimeout: ("timeout", True, "did not answer in time"),
    httpx.WriteTimeout: ("timeout", True, "did not take the request in time"),
    httpx.PoolTimeout: ("timeout", True, "had no free connection in time"),
    httpx.TimeoutException: ("timeout", True, "took too long"),
    httpx.ConnectError: ("connect", True, "could not be connected to"),
    httpx.ReadError: ("protocol", True, "broke the connection off"),
    httpx.WriteError: ("protocol", True, "broke the connection off"),
    httpx.CloseError: ("protocol", True, "broke the connection off"),
    httpx.NetworkError: ("connect", True, "could not be reached"),
    httpx.ProxyError: ("connect", True, "could not be reached through the proxy"),
    httpx.RemoteProtocolError: ("protocol", True, "broke the HTTP protocol"),
    httpx.LocalProtocolError: ("protocol", False, "cannot be asked in correct HTTP"),
    httpx.ProtocolError: ("protocol", True, "broke the HTTP protocol"),
    httpx.DecodingError: ("protocol", True, "sent a damaged answer"),
    httpx.TooManyRedirects: ("redirects", False, "redirects too often"),
    httpx.HTTPStatusError: ("protocol", True, "answered with an error"),
    httpx.CookieConflict: ("internal", False, "confused the cookies"),
    httpx.StreamError: ("internal", False, "was read in a wrong way"),
    httpx.HTTPError: ("protocol", True, "could not be had"),
}

#: what a transport may raise
RAISED = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError)


def translated(error: Exception, url: str) -> FetchError:
    """Any exception of httpx as ours, by the closest class; guard, resolver and TLS told apart."""
    for cause in _causes(error):
        if isinstance(cause, Refused):
            return FetchError(f"{shown(url)} is not fetched: {cause}.", code="address", retry_helps=False)
        if isinstance(cause, socket.gaierror):
            # "No such name" is final; the other verdicts say that the resolver had no answer.
            final = cause.errno in (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME))
            told = f"The host of {shown(url)} could not be resolved ({cause.strerror})."
            return FetchError(told, code="dns", retry_helps=not final)
        if isinstance(cause, ssl.SSLError):
            verdict = getattr(cause, "verify_message", "") or getattr(cause, "reason", "") or str(cause)
            told = f"No trusted connection to {shown(url)} ({verdict})."
            return FetchError(told, code="tls", retry_helps=not isinstance(cause, ssl.CertificateError))
        if isinstance(cause, UnicodeError):
            # The resolver's verdict on labels that are too long.
            told = f"{shown(url)} has no usable host name ({cause})."
            return FetchError(told, code="bad_url", retry_helps=False)
    kind = next((kind for kind in type(error).__mro__ if kind in _MEANINGS), None)
    code, retry_helps, meaning = _MEANINGS[kind] if kind else ("internal", False, "could not be had")
    detail = f" ({error})" if str(error) else ""
    return FetchError(f"{shown(url)} {meaning}{detail}.", code=code, retry_helps=retry_helps)


def shown(url: str) -> str:
    """The address as messages may hold it: printable, without a password."""
    return urls.printable(urls.without_password(url))


def _causes(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found
