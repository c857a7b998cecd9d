"""Addresses that a request brings: which of them are taken, and the items that they become."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fastapi import HTTPException

from pipeline.model import NewItem, Problem
from pipeline.settings import Settings
from pipeline.sources import links, read, upload

#: most addresses in one request, and longest one (characters); longer lists come in parts, or as OPML
MOST_ADDRESSES, LONGEST_ADDRESS = 10_000, 8_000


def refuse_others(addresses: Sequence[str]) -> None:
    """Raises HTTPException (422) for what is no address, or are too many."""
    if len(addresses) > MOST_ADDRESSES:
        told = f"At most {MOST_ADDRESSES:,} addresses at once. Send longer lists in parts, or as OPML."
        raise HTTPException(422, told)
    refused = [one for one in addresses if not links.claims(one) or len(one) > LONGEST_ADDRESS]
    if refused:
        shown = ", ".join(repr(upload.label(one)) for one in refused[:3])
        raise HTTPException(422, f"Not an http or https address: {shown}. Files are uploaded, not named.")


def linked(address: str, settings: Settings) -> Iterator[NewItem]:
    """The item of an address; of what is none, one that says so. Never a file of this machine."""
    if links.claims(address):
        yield from read(address, settings)
    else:
        name = upload.label(address)
        told = Problem(code="bad_url", message=f"{name!r} is not an http or https address.")
        yield NewItem(key=f"refused:{name}", name=name, source=name, problem=told)


__all__ = ["LONGEST_ADDRESS", "MOST_ADDRESSES", "linked", "refuse_others"]
