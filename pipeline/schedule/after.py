"""What a feed is from now on, after one poll of it."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

from msgspec.structs import replace

from pipeline.model import Feed, Poll, Polled, Problem
from pipeline.schedule import floors
from pipeline.schedule.failing import LONGEST_BACKOFF, backoff
from pipeline.schedule.history import CROWDED_LEAST, listed_last, with_line
from pipeline.schedule.hub import slowed
from pipeline.schedule.interval import Interval, usual_interval
from pipeline.schedule.moving import moved
from pipeline.schedule.rhythm import arrivals, rhythm_of
from pipeline.schedule.skipping import next_allowed
from pipeline.settings import Settings

#: a poll comes up to this share earlier or later (section 3, suggested), so that feeds which were added
#: together drift apart; never before a floor, and never past a cap
JITTER = 0.1
#: when our own network failed, the feed is asked again after this many seconds, or up to twice that
OUTAGE_WAIT = 180.0


def after_poll(
    feed: Feed, polled: Polled, new: int, listed: int, now: float, settings: Settings, random: Random
) -> Feed:
    """The feed as it is after a poll, complete: what was learnt of it, and when it is due again.

    ``new``: how many of the ``listed`` entries this feed never had before. ``random`` decides the
    jitter and nothing else. Raises nothing.
    """
    if polled.pushed:
        return _after_push(feed, polled, new, listed, now)
    if polled.problem is None:
        return _after_success(feed, polled, new, listed, now, settings, random)
    if polled.problem.ours:
        return _after_outage(feed, polled, polled.problem, now, random)
    return _after_failure(feed, polled, polled.problem, now, settings, random)


# -- the four kinds of polls --------------------------------------------------------------------


def _after_success(
    feed: Feed, polled: Polled, new: int, listed: int, now: float, settings: Settings, random: Random
) -> Feed:
    known = listed_last(feed.history) if polled.not_modified or polled.unchanged else listed
    result = "new" if new else "not_modified" if polled.not_modified else "unchanged"
    learnt = replace(
        _with_content(feed, polled, listed, now),
        state="active" if feed.state == "gone" else feed.state,
        # A name that somebody gave, here or in a list, stands.
        title=feed.title or polled.title,
        last_polled_at=now,
        last_success_at=now,
        last_new_at=_last_new_at(feed, polled, new, now),
        errors=0,
        problem=None,
        entries_seen=feed.entries_seen + new,
        history=with_line(feed.history, _line(polled, result, now, known, new)),
    )
    if polled.hints is not None:
        rhythm = rhythm_of(polled.published, now) or arrivals(learnt.history)
        learnt = replace(learnt, rhythm=rhythm or feed.rhythm)
    if feed.entries_seen and new == listed >= CROWDED_LEAST:
        # None of those seen before is left: whatever came and went in between was missed.
        learnt = replace(learnt, overflows=feed.overflows + 1, last_overflow_at=now)
    learnt = moved(learnt, polled, now)
    asked = [*floors.of_feed(learnt.hints), *floors.of_answer(polled)]
    usual = usual_interval(learnt, now, settings)
    wait = slowed(usual, learnt, now, settings)
    # What a hub's lease allows is used up: jitter may only bring the poll forward.
    most = settings.poll_most if wait is usual else wait.seconds
    return _due(learnt, wait, asked, most, now, settings, random)


def _after_failure(
    feed: Feed, polled: Polled, problem: Problem, now: float, settings: Settings, random: Random
) -> Feed:
    failed = replace(
        feed,
        last_polled_at=now,
        errors=feed.errors + 1,
        problem=problem,
        choices=polled.choices or feed.choices,
        history=with_line(feed.history, _line(polled, problem.code, now)),
    )
    if problem.code == "gone":
        told = f"{problem.message} It is not polled any more; resume it to have it asked again."
        failed = replace(failed, state="gone", problem=replace(problem, message=told))
    usual = floors.highest(usual_interval(feed, now, settings), *floors.of_feed(feed.hints))
    asked = [*floors.of_feed(feed.hints), *floors.of_answer(polled), *floors.of_throttle(feed, polled)]
    wait = backoff(usual, problem, polled.status, failed.errors)
    return _due(failed, wait, asked, LONGEST_BACKOFF, now, settings, random)


def _after_outage(feed: Feed, polled: Polled, problem: Problem, now: float, random: Random) -> Feed:
    """Our own network failed: nothing was learnt of the feed, and it is asked again soon."""
    return replace(
        feed,
        last_polled_at=now,
        problem=problem,
        history=with_line(feed.history, _line(polled, problem.code, now)),
        due_at=now + OUTAGE_WAIT * (1 + random.random()),
    )


def _after_push(feed: Feed, polled: Polled, new: int, listed: int, now: float) -> Feed:
    """A hub sent what is new, without validators: the polls go on as they were planned."""
    result = polled.problem.code if polled.problem else "pushed"
    return replace(
        feed,
        last_new_at=now if new else feed.last_new_at,
        entries_seen=feed.entries_seen + new,
        history=with_line(feed.history, _line(polled, result, now, listed, new)),
    )


# -- what is learnt -----------------------------------------------------------------------------


def _with_content(feed: Feed, polled: Polled, listed: int, now: float) -> Feed:
    """What the answer tells of the feed itself; of a 304, the validators that it names anew
    (RFC 9111 section 4.3.4)."""
    if polled.not_modified:
        return replace(
            feed, etag=polled.etag or feed.etag, last_modified=polled.last_modified or feed.last_modified
        )
    asked = replace(
        feed,
        etag=polled.etag,
        last_modified=polled.last_modified,
        body_digest=polled.body_digest,
        entries_digest=polled.entries_digest or feed.entries_digest,
        full_at=feed.full_at if polled.conditional else now,
    )
    if polled.hints is None:
        return asked
    warnings, before = polled.warnings, listed_last(feed.history)
    if before and not listed and not polled.unchanged:
        # Alive is not complete: a feed that falls silent this way answers every poll.
        warnings = [*warnings, f"The feed lists no entries now; it listed {before} before."]
    return replace(asked, hints=polled.hints, warnings=warnings)


def _last_new_at(feed: Feed, polled: Polled, new: int, now: float) -> float | None:
    if not new:
        return feed.last_new_at
    if feed.entries_seen or not polled.published:
        return now
    # At first everything is new to us: the feed's own word is nearer to the truth.
    return min(max(polled.published), now)


def _line(polled: Polled, result: str, now: float, entries: int = 0, new: int = 0) -> Poll:
    return Poll(at=now, seconds=polled.seconds, result=result, status=polled.status, entries=entries, new=new)


# -- when it is due -----------------------------------------------------------------------------


def _due(
    feed: Feed,
    wait: Interval,
    asked: Iterable[Interval],
    most: float,
    now: float,
    settings: Settings,
    random: Random,
) -> Feed:
    """Due after the wait or the highest floor, whichever is longer, with jitter.

    ``most``: the longest wait that jitter may lead to, where no floor and no wish is longer (s).
    """
    asked = list(asked)
    floor = max([settings.poll_least, *(one.seconds for one in asked)])
    chosen = floors.highest(wait, *asked)
    if chosen is not wait and feed.interval_wanted is not None:
        told = f"{chosen.reason} (longer than what you asked for)"
        chosen = replace(chosen, reason=told)
    low = max(chosen.seconds * (1 - JITTER), floor)
    high = chosen.seconds * (1 + JITTER)
    high = min(high, most if chosen.seconds <= most else max(floors.LONGEST_FLOOR, chosen.seconds))
    moment = now + low + max(high - low, 0.0) * random.random()
    return replace(
        feed,
        interval=chosen.seconds,
        interval_reason=chosen.reason,
        due_at=next_allowed(moment, feed.hints, random),
    )
