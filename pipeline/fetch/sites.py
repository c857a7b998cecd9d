"""Whether two hosts belong to one site, as far as their names can tell. Pure."""

from __future__ import annotations

#: first labels that name a form of a site, not another site
_FORMS = frozenset(("www", "www2", "amp", "m", "mobile", "mobil", "wap", "touch", "beta"))


def same_site(one: str, other: str) -> bool:
    """Whether two host names, without port, certainly belong together.

    They do when they are equal but for a first label such as ``www`` or ``amp``, or when one lies
    below the other. Two hosts of one registered domain need not: they may be blogs of two people;
    and telling what is registered would cost every fetch process 10 MB for the list of suffixes.
    """
    one, other = _plain(one), _plain(other)
    return one == other or one.endswith("." + other) or other.endswith("." + one)


def _plain(host: str) -> str:
    host = host.lower().rstrip(".")
    first, _, rest = host.partition(".")
    return rest if first in _FORMS and "." in rest else host
