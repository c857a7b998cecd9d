"""Everything known of a feed, in words: what `feedmill feeds show` and the feed's page tell. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.errors import CODES
from pipeline.model import Feed, Hints, Poll, WebSub
from pipeline.schedule.history import SUCCESSES
from pipeline.urls import without_password
from workers.feed_health import health, missed
from workers.wording import count, from_now, moment, span

#: a name and what is to be said under it
Fact = tuple[str, str]

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

#: the result of a poll that worked -> in words; any other result is a code
_RESULTS = {
    "unchanged": "nothing new",
    "not_modified": "not modified",
    "pushed": "pushed by the hub",
}


def facts(feed: Feed, now: float) -> list[Fact]:
    """What is known of a feed, in the order in which one asks. Passwords are masked; text from
    outside is not yet made safe to print (`workers.wording.line`)."""
    return [
        *_where(feed),
        *_condition(feed, now),
        *_times(feed, now),
        *_entries(feed, now),
        *_server(feed, now),
    ]


def poll_in_words(poll: Poll) -> str:
    """``12 entries, 3 new``; ``not modified``; ``timeout (503)``."""
    if poll.result in ("new", "pushed"):
        brought = f"{_entries_counted(poll.entries)}, {poll.new:,} new"
        return brought if poll.result == "new" else f"{_RESULTS['pushed']}: {brought}"
    if poll.result == "unchanged" and poll.entries:
        return f"{_entries_counted(poll.entries)}, none new"
    if poll.result in _RESULTS:
        return _RESULTS[poll.result]
    return poll.result if poll.status is None else f"{poll.result} (status {poll.status})"


def has_entries(poll: Poll) -> bool:
    """Whether a poll or a push was answered with the feed, or with word that it has not changed."""
    return poll.result == "pushed" or poll.result in SUCCESSES


def next_poll(feed: Feed, now: float) -> str:
    """When a feed is polled next and why then: ``next poll in 25 min: an entry comes every 50 min``."""
    if feed.state != "active":
        return f"no further poll: it is {feed.state}"
    due = "now" if feed.due_at <= now else from_now(feed.due_at, now)
    return f"next poll {due}: {feed.interval_reason}" if feed.interval_reason else f"next poll {due}"


def _where(feed: Feed) -> Iterator[Fact]:
    yield "address", without_password(feed.url)
    if feed.found_at and feed.found_at != feed.url:
        yield "found at", f"{without_password(feed.found_at)}, which names it as its feed"
    if feed.choices:
        yield "other choices", "\n".join(without_password(one) for one in feed.choices)
    if feed.moved_to:
        since = f" since {moment(feed.moved_since)}" if feed.moved_since else ""
        yield (
            "moves to",
            f"{without_password(feed.moved_to)} (permanent redirect, seen {count(feed.moved_seen, 'time')}"
            f"{since}; it becomes the address when it lasts)",
        )


def _condition(feed: Feed, now: float) -> Iterator[Fact]:
    found = health(feed, now)
    yield "health", f"{found.word}: {found.says}"
    yield "state", feed.state
    if feed.errors:
        yield "failures", f"{feed.errors:,} in a row"
    if feed.problem:
        yield "error", f"{feed.problem.code}: {feed.problem.message}"
        yield "advice", CODES.get(feed.problem.code, "")
    if feed.warnings:
        yield "warnings", "\n".join(feed.warnings)


def _times(feed: Feed, now: float) -> Iterator[Fact]:
    yield "interval", _interval(feed)
    if feed.state == "active":
        yield "next poll", _moment(feed.due_at, now)
    yield "last poll", _moment(feed.last_polled_at, now) or "never"
    yield "last success", _moment(feed.last_success_at, now) or "never"
    yield "last new entry", _moment(feed.last_new_at, now) or "never"


def _interval(feed: Feed) -> str:
    reason = f": {feed.interval_reason}" if feed.interval_reason else ""
    wanted = ""
    if feed.interval_wanted is not None and "you asked" not in feed.interval_reason:
        wanted = f" (you asked for {span(feed.interval_wanted)})"
    return f"{span(feed.interval)}{wanted}{reason}"


def _entries(feed: Feed, now: float) -> Iterator[Fact]:
    told = f"{feed.entries_seen:,} seen"
    if feed.history:
        lately = sum(poll.new for poll in feed.history)
        polls = "in the last poll" if len(feed.history) == 1 else f"in the last {len(feed.history)} polls"
        told += f", {lately:,} new {polls}"
    yield "entries", told
    lost = missed(feed)
    when = f" The last one: {_moment(feed.last_overflow_at, now)}." if feed.last_overflow_at else ""
    yield "missed", f"{lost}{when}" if lost else "none that is known of"
    if feed.rhythm is not None:
        yield "rhythm", f"an entry every {span(feed.rhythm)} (median)"


def _server(feed: Feed, now: float) -> Iterator[Fact]:
    validators = [name for name, one in (("ETag", feed.etag), ("Last-Modified", feed.last_modified)) if one]
    if feed.last_success_at is not None:
        asked = f"with {' and '.join(validators)}" if validators else "whole: the server gives no validators"
        full = f"; last asked for whole {from_now(feed.full_at, now)}" if validators and feed.full_at else ""
        yield "asked", asked + full
    if feed.hints is not None and (hints := _hints(feed.hints)):
        yield "feed's wishes", hints
    if feed.websub is not None:
        yield "WebSub", _websub(feed.websub, now)
    elif feed.hints is not None and feed.hints.hub:
        yield "WebSub", f"{without_password(feed.hints.hub)} would push it; not subscribed there"


def _hints(hints: Hints) -> str:
    said = []
    if hints.ttl is not None:
        said.append(f"a copy keeps {span(hints.ttl)} (ttl)")
    if hints.update_period is not None:
        said.append(f"updated every {span(hints.update_period)} (sy:)")
    if hints.skip_hours:
        said.append(f"not at {', '.join(f'{hour}:00' for hour in hints.skip_hours)} GMT (skipHours)")
    if hints.skip_days:
        named = ", ".join(_DAYS[day] for day in hints.skip_days if 0 <= day < len(_DAYS))
        said.append(f"not on {named} (skipDays)")
    return "; ".join(said)


def _websub(websub: WebSub, now: float) -> str:
    said = [f"{websub.state} at {without_password(websub.hub)}"]
    if websub.state == "asked":
        said.append(f"since {_moment(websub.asked_at, now)}")
    if websub.until is not None:
        said.append(f"lease until {_moment(websub.until, now)}")
    pushed = f"has pushed {count(websub.pushes, 'time')}"
    if websub.last_push_at is not None:
        pushed += f", the last {_moment(websub.last_push_at, now)}"
    if websub.state == "active":
        said.append(pushed)
    if websub.message:
        said.append(websub.message)
    return "; ".join(said)


def _entries_counted(number: int) -> str:
    return "1 entry" if number == 1 else f"{number:,} entries"


def _moment(at: float | None, now: float) -> str:
    return "" if at is None else f"{moment(at)} ({from_now(at, now)})"


__all__ = ["Fact", "facts", "has_entries", "next_poll", "poll_in_words"]
