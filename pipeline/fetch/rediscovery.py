"""From a site's page to its feed: when a page was subscribed, and when a feed's address is dead."""

from __future__ import annotations

from urllib.parse import urljoin

from pipeline import sniff
from pipeline.errors import FetchError, SourceError
from pipeline.fetch.client import Response
from pipeline.fetch.reading import Asking, Read
from pipeline.model import Feed, Value
from pipeline.sources.discover import common_paths, discover_feeds

#: addresses that are tried on one page: sites announce their articles first, then comments and topics
_MOST_TRIED = 8
#: failures in a row (before this one) at which a feed that answers 404 has its site looked at: once when
#: it is no passing trouble, and once more about a week later: a feed that moved is lost to its readers
_LOOKED_AFTER = (2, 8)
#: feeds that are kept for people to choose from
_MOST_CHOICES = 20


class Found(Value, frozen=True, kw_only=True):
    """The first feed of a page that could be read."""

    url: str
    #: the other feeds that the page announces
    choices: list[str]
    response: Response
    read: Read


async def feed_of_page(page: Response, asking: Asking, *, guess: bool) -> Found:
    """The first feed that a page announces, in its order, and that can be read; else, where
    ``guess`` allows it, one at a common path of its site.

    Raises SourceError (`bad_feed`) when there is none, saying what was tried.
    """
    named = discover_feeds(page.body, page.final_url, headers=page.headers)
    guessed = common_paths(page.final_url) if guess else []
    others = [url for url in dict.fromkeys([*named, *guessed]) if url != page.final_url]
    reasons: list[str] = []
    for url in others[:_MOST_TRIED]:
        try:
            response = await asking.get(url)
            read = asking.read(response)
        except (FetchError, SourceError) as error:
            reasons.append(error.message)
            continue
        choices = [other for other in named if other != url][:_MOST_CHOICES]
        return Found(url=url, choices=choices, response=response, read=read)
    name = asking.name(page.final_url)
    told = f"{name} is a page (HTML) and announces no feed."
    if named and reasons:
        told = f"{name} is a page (HTML), and no feed that it announces can be read: {reasons[0]}"
    raise SourceError(told, code="bad_feed", retry_helps=True)


def is_called_for(feed: Feed, status: int | None) -> bool:
    """Whether a feed that worked once is so dead that its site is asked for another one."""
    if feed.last_success_at is None:
        return False
    return status == 410 or (status == 404 and feed.errors in _LOOKED_AFTER)


async def other_feeds(feed: Feed, asking: Asking) -> list[str]:
    """What the feed's site announces now, other than the feed itself; nothing when it does not answer.

    Asks for one page: where the feed was found, else the root of its host.
    """
    try:
        page = await asking.get(feed.found_at or urljoin(feed.url, "/"))
    except FetchError:
        # The feed's own failure is what is told; this was only a try to help.
        return []
    if sniff.sniff(page.body[: sniff.HEAD], page.headers.get("content-type")) != "html":
        return []
    named = discover_feeds(page.body, page.final_url, headers=page.headers)
    return [url for url in named if url != feed.url][:_MOST_CHOICES]
