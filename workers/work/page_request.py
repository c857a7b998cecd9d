"""One item's page over the network: what came of asking for it, as a value."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import msgspec

from pipeline.errors import FetchError, PipelineError, SourceError
from pipeline.fetch import Client, fetch_page
from pipeline.model import Fetched, Item, NewItem, Problem, Value
from pipeline.sources import common_paths, discover_feeds, expand, is_home_page
from pipeline.sources.entries import as_document, full_text
from workers.alarm import OutOfTime, time_limit
from workers.app import SoftTimeLimitExceeded
from workers.pump import Process
from workers.stages import Claimed
from workers.work.attempt import out_of_memory
from workers.work.stay import Elsewhere, NoTurn, Stay

logger = logging.getLogger(__name__)

#: a feed or list may hold many articles: it may take as long as so many pages
LIST_PAGES = 3
#: feeds that a home page announces of which the first that can be read is taken
ANNOUNCED = 3
#: usual places that are tried where a home page announces none: each costs a request and a pause
GUESSED = 6


class Way(Value, frozen=True, kw_only=True):
    """How far an item has come on its way through redirects: it waits for another host now."""

    url: str
    passed: list[str] = []


@dataclass(frozen=True)
class Answer:
    """What came of one visit: a page, entries, the way to another host, an error, or a problem."""

    item: Item
    claimed: Claimed
    #: Unix seconds
    started: float
    body: bytes | None = None
    fetched: Fetched | None = None
    content_type: str | None = None
    #: for the trace
    note: str | None = None
    #: the item proved to be a feed or a list: it becomes these
    entries: list[NewItem] | None = None
    moved: Way | None = None
    #: it goes on at the same host, after its pause
    again: bool = False
    #: what the web answered; also set beside a body that was had in another way
    error: FetchError | None = None
    problem: Problem | None = None


async def answer_for(process: Process, stay: Stay, item: Item, way: Way) -> Answer:
    """Fetch an item's page. Raises nothing that the web or the page may cause."""
    begun = Answer(item, stay.visit.claimed, time.time())
    passed = list(way.passed)
    client = stay.client
    try:
        at = msgspec.structs.replace(item, url=way.url)
        body, fetched, content_type = await fetch_page(client, at, turn=stay.turn, passed=passed)
        if item.expand:
            found = await _entries(process, client, stay, item, body, fetched, content_type)
            if found is not None:
                return _expanded(begun, found)
        return _with(begun, body=body, fetched=fetched, content_type=content_type)
    except Elsewhere as moved:
        return _with(begun, moved=Way(url=moved.url, passed=passed), again=moved.again)
    except NoTurn as error:
        return _with(begun, problem=error.problem)
    except FetchError as error:
        return _without_page(begun, error)
    except PipelineError as error:
        return _with(begun, problem=Problem(code=error.code, message=error.message))
    except SoftTimeLimitExceeded:
        raise
    except MemoryError:
        return _with(begun, problem=out_of_memory(process.settings, f"fetch of {item.name}"))
    except Exception as error:
        # A bug met by one page costs this item, with its message kept, and no other.
        logger.exception("fetch of item %d", item.id)
        problem = Problem(code="internal", message=f"{type(error).__name__}: {error}")
        return _with(begun, problem=problem)


def _without_page(begun: Answer, error: FetchError) -> Answer:
    """The entry's own text stands in for a page that cannot be had, when the feed carries it whole."""
    entry = begun.item.entry
    text = full_text(entry) if entry and entry.content else None
    if entry is None or text is None:
        return _with(begun, error=error)
    return _with(
        begun,
        error=error,
        body=as_document(entry, text),
        content_type="text/html; charset=utf-8",
        note=f"{error.message} The text of the feed's entry is used.",
    )


async def _entries(
    process: Process, client: Client, stay: Stay, item: Item, body: bytes, fetched: Fetched, kind: str | None
) -> tuple[list[NewItem], str | None] | None:
    """The entries of a page that proves to be a feed, a list, or a home page with a feed; and what
    to say of the choice."""
    with limited(process, item.id, fetched.final_url):
        found = expand(body, fetched.final_url, kind, process.settings, item)
    if found is not None:
        return found, None
    if not is_home_page(fetched.final_url, body):
        return None
    announced = discover_feeds(body, fetched.final_url, headers=fetched.headers)
    for url in announced[:ANNOUNCED] or common_paths(fetched.final_url)[:GUESSED]:
        try:
            page = msgspec.structs.replace(item, url=url, name=url)
            feed, at, feed_kind = await fetch_page(client, page, turn=stay.patient_turn)
            with limited(process, item.id, url):
                entries = expand(feed, at.final_url, feed_kind, process.settings, item)
        except PipelineError as error:
            logger.info("feed %s of %s: %s", url, item.name, error)
            continue
        if entries:
            others = [other for other in announced if other != url]
            told = f"{url} is the feed of {fetched.final_url}"
            return entries, told + (f", which also names {', '.join(others[:5])}." if others else ".")
    return None


def _expanded(begun: Answer, found: tuple[list[NewItem], str | None]) -> Answer:
    entries, note = found
    if entries:
        what = note or f"it lists {len(entries)} entries"
        return _with(begun, entries=entries, note=what)
    message = f"{begun.item.name} is a feed that lists no entries."
    return _with(begun, problem=Problem(code="empty_feed", message=message))


@contextmanager
def limited(process: Process, item: int, url: str) -> Iterator[None]:
    """Bound the work on one feed or list, of an item or a feed with this number. Raises SourceError
    (`timeout`)."""
    seconds = process.settings.item_seconds * LIST_PAGES
    process.renewal.progress(seconds)
    try:
        with process.line.at(item, seconds), time_limit(seconds):
            yield
    except OutOfTime:
        told = f"{url} could not be read within {seconds:g} s."
        raise SourceError(told, code="timeout", retry_helps=True) from None


def _with(answer: Answer, **found: object) -> Answer:
    return replace(answer, **found)  # type: ignore[arg-type]
