"""Whether two hosts belong to one site, as far as their names can tell. Pure."""

from __future__ import annotations

import re

#: second-level names under which countries register (co.uk, com.br, gob.mx, or.jp)
_CATEGORIES_WORDS = "ac co com edu go gob gouv gov gub ltd me mil ne net nom or org sch"
_CATEGORIES = frozenset(_CATEGORIES_WORDS.split())
#: hosts whose subdomains are sites of different people
_SHARED_WORDS = """
    ampproject.org appspot.com blogspot.com cloudfront.net github.io gitlab.io hatenablog.com
    herokuapp.com livejournal.com netlify.app pages.dev substack.com tumblr.com typepad.com vercel.app
    weebly.com wixsite.com wordpress.com
"""
_SHARED = frozenset(_SHARED_WORDS.split())
_ADDRESS = re.compile(r"[\d.]+|.*:.*")


def registered_domain(host: str) -> str:
    """The part of a host name that someone registered: ``amp.news.co.uk`` gives ``news.co.uk``.

    By rule of thumb, on the careful side: with a suffix that it does not know, two hosts may be
    taken for one site only when both lie under one name that looks registered.
    """
    host = host.lower().rstrip(".")
    labels = host.split(".")
    if _ADDRESS.fullmatch(host) or len(labels) <= 2:
        return host
    shared = ".".join(labels[-2:])
    by_category = len(labels[-1]) == 2 and labels[-2] in _CATEGORIES
    return ".".join(labels[-3:]) if shared in _SHARED or by_category else shared


def same_site(one: str, other: str) -> bool:
    """Whether two host names are of one registered domain."""
    return registered_domain(one) == registered_domain(other)
