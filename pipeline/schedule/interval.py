"""The usual time between two polls of a feed that works: wished for, or adapted to its rhythm."""

from __future__ import annotations

from pipeline.model import Feed, Value
from pipeline.schedule.history import answered_polls, crowded_polls, listed_entries, silent_polls
from pipeline.settings import Settings

HOUR, DAY = 3600.0, 86_400.0
#: until the rhythm is known (s): the suggested floor of conditional polling (rachelbythebay.com/w/feed).
#: A known rhythm may go below, down to `poll_least`: half a rhythm is below an hour only where entries
#: come every two hours, and then the polls are not idle ones.
START = HOUR
#: "I = clamp(½ · median gap, floor, 24 h)" (section 3, suggested)
SHARE_OF_RHYTHM = 0.5
#: "lengthen ×1.5 on unchanged" (section 3, suggested; StormCrawler). With half a rhythm every second
#: poll is idle by design, so with a known rhythm only what exceeds two idle polls in a row counts.
LENGTHENING, PATIENCE = 1.5, 2
#: "shorten at once when a poll returns only new items": halved for each crowded poll in the history
SHORTENING = 0.5
#: However silent, a feed that was new within this time (s) is asked twice while its list rolls over
#: once, so that a loud morning after a quiet night is not missed. rss-fetcher takes 31 days for alive.
ALIVE = 31 * DAY
#: Without validators each poll costs the whole feed: a day apart (rachelbythebay.com/w/feed), unless
#: it moves: entries come at least twice a day, or the last polls brought something. Then an hour, and
#: where the list rolls over meanwhile, no floor.
UNCONDITIONAL_FLOOR, UNCONDITIONAL_FLOOR_MOVING = DAY, HOUR
_MOVING_RHYTHM, _MOVING_POLLS = DAY / 2, 3

_UNITS = ((DAY, "days"), (HOUR, "h"), (60.0, "min"))


class Interval(Value, frozen=True, kw_only=True):
    """A length of time and why it is that."""

    #: seconds
    seconds: float
    #: in words, as part of a sentence
    reason: str


def usual_interval(feed: Feed, now: float, settings: Settings) -> Interval:
    """What the user asked for, else what suits the feed; never below ``settings.poll_least``.

    Floors that the server or the feed itself asks for are not in it (`floors`). A user's wish is
    not bounded by ``settings.poll_most``; all else is.
    """
    least = settings.poll_least
    if feed.interval_wanted is not None:
        if feed.interval_wanted >= least:
            return Interval(seconds=feed.interval_wanted, reason="you asked for it")
        told = f"you asked for {words(feed.interval_wanted)}, FEEDMILL_POLL_LEAST allows {words(least)}"
        return Interval(seconds=least, reason=told)
    adapted = _adapted(feed, now, settings)
    if not (feed.etag or feed.last_modified):
        floor, why = _unconditional_floor(feed, settings)
        if adapted.seconds < floor:
            adapted = Interval(seconds=floor, reason=f"{why}; {adapted.reason}")
    if adapted.seconds < least:
        return Interval(seconds=least, reason=f"{adapted.reason}; asked at most every {words(least)}")
    most = max(settings.poll_most, least)
    if adapted.seconds > most:
        return Interval(seconds=most, reason=f"{adapted.reason}; asked at least every {words(most)}")
    return adapted


def _adapted(feed: Feed, now: float, settings: Settings) -> Interval:
    """From the rhythm of the entries and from what the latest polls brought."""
    reason = f"about one entry every {words(feed.rhythm)}" if feed.rhythm else "its rhythm is not known"
    seconds = feed.rhythm * SHARE_OF_RHYTHM if feed.rhythm else START
    if crowded := crowded_polls(feed.history, 2 * settings.poll_most):
        seconds *= SHORTENING**crowded
        reason += f"; {_polls(crowded)} brought mostly new ones"
    silent = silent_polls(feed.history)
    excess = silent - (PATIENCE if feed.rhythm else 0)
    if excess > 0:
        longest = _longest_silence(feed, now, settings)
        seconds = max(seconds, min(seconds * LENGTHENING**excess, longest))
        reason += f"; nothing new in {_polls(silent)}"
    return Interval(seconds=seconds, reason=reason)


def _longest_silence(feed: Feed, now: float, settings: Settings) -> float:
    if feed.rhythm is None or feed.last_new_at is None or now - feed.last_new_at > ALIVE:
        return settings.poll_most
    return feed.rhythm * listed_entries(feed.history) / 2


def _unconditional_floor(feed: Feed, settings: Settings) -> tuple[float, str]:
    if crowded_polls(feed.history, 2 * settings.poll_most):
        return 0.0, ""
    lately = answered_polls(feed.history, _MOVING_POLLS)
    fast = feed.rhythm is not None and feed.rhythm <= _MOVING_RHYTHM
    if fast or len(lately) < _MOVING_POLLS or any(line.new for line in lately):
        return UNCONDITIONAL_FLOOR_MOVING, "each poll costs the whole feed (no validators)"
    return UNCONDITIONAL_FLOOR, "each poll costs the whole feed (no validators), and it hardly changes"


def words(seconds: float) -> str:
    """A length of time for people: ``45 s``, ``40 min``, ``1.5 h``, ``1 day``, ``2.5 days``."""
    if seconds == DAY:
        return "1 day"
    for size, unit in _UNITS:
        if seconds >= (2 * DAY if size == DAY else size):
            return f"{_rounded(seconds / size):g} {unit}"
    return f"{_rounded(seconds):g} s"


def _rounded(number: float) -> float:
    return round(number, 1 if number < 10 else None)


def _polls(number: int) -> str:
    return "the last poll" if number == 1 else f"{number} polls"
