"""Polling an index of sitemaps: only those that changed, and only the newest of them."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.errors import FetchError, SourceError
from pipeline.fetch.reading import Asking, Read, unix_seconds
from pipeline.model import NewItem, Value
from pipeline.sources.entries import ParsedFeed
from pipeline.sources.sitemap import Child

#: sitemaps that one poll asks for: a news site changes one or two between polls
MOST_FOLLOWED = 10
#: A sitemap counts as changed when its ``lastmod`` is at most this much older than the last success
#: (s): many name a day without a time, in a zone of their own.
MARGIN = 36 * 3600.0
#: At first only what changed in this time (s) is followed: a subscription is for what is new, and an
#: index names a site's whole archive.
FIRST_WINDOW = 7 * 86_400.0


class Followed(Value, frozen=True, kw_only=True):
    """What the chosen sitemaps list, together."""

    read: Read
    #: nothing failed or was left out
    is_whole: bool


def chosen(named: Sequence[Child], last_success_at: float | None, now: float) -> list[Child]:
    """The sitemaps to ask for, the newest first; those without ``lastmod`` after them.

    "A crawler may only retrieve Sitemaps that were modified since a certain date"
    (https://www.sitemaps.org/protocol.html, ``lastmod`` of an index). Where at first none is new
    enough, the newest one shows at least what the site publishes.
    """
    since = now - FIRST_WINDOW if last_success_at is None else last_success_at - MARGIN
    dated = sorted(
        ((at, child) for child in named if (at := unix_seconds(child.lastmod)) is not None),
        key=lambda pair: pair[0],
        reverse=True,
    )
    undated = [child for child in named if unix_seconds(child.lastmod) is None]
    changed = [child for at, child in dated if at >= since]
    if last_success_at is None and not changed and not undated:
        changed = [child for _, child in dated[:1]]
    return [*changed, *undated][:MOST_FOLLOWED]


def tells_changes(named: Sequence[Child]) -> bool:
    """Whether an index changes itself when any of its sitemaps does."""
    return all(unix_seconds(child.lastmod) is not None for child in named)


async def follow(asked: Sequence[Child], asking: Asking) -> Followed:
    """Ask for sitemaps, one after the other, and read them as one feed.

    Those that fail become warnings; raises the first one's error when all of them fail. Together
    they may have as many bytes as a feed.
    """
    errors: list[FetchError | SourceError] = []
    reads: list[Read] = []
    for child in asked:
        if asking.bytes >= asking.most_bytes:
            told = f"The index names more than {asking.most_bytes} bytes of sitemaps: not all were read."
            errors.append(SourceError(told, code="too_large"))
            break
        try:
            reads.append(asking.read(await asking.get(child.loc)))
        except (FetchError, SourceError) as error:
            errors.append(error)
    if errors and not reads:
        raise errors[0]
    return Followed(read=_merged(reads, [error.message for error in errors]), is_whole=not errors)


def _merged(reads: Sequence[Read], warnings: Sequence[str]) -> Read:
    items: dict[str, NewItem] = {}
    for read in reads:
        for item in read.items:
            items.setdefault(item.key, item)
    parsed = ParsedFeed(
        title=next((read.parsed.title for read in reads if read.parsed.title), None),
        entries=[entry for read in reads for entry in read.parsed.entries],
        warnings=[*warnings, *(told for read in reads for told in read.parsed.warnings)],
    )
    return Read(parsed=parsed, items=list(items.values()))
