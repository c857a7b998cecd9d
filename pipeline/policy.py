"""The retry policy: which failures are tried again, how often, and after which waits.

`pipeline.errors.RETRIES` is the table; FEEDMILL_MAX_ATTEMPTS and FEEDMILL_RETRY_SECONDS are its units,
and FEEDMILL_RETRY changes single codes::

    timeout=6x60s      six tries in all, the first retry after a minute
    connect=3          three tries in all, waits as in the table
    http_server=off    permanent at once
    http_client=2x1h!  also those failures that are known not to pass

A failure of a code in the table is tried again only if it may pass: a 404 will not, a 408 may, though
both are `http_client`. A mark (`!`) behind it overrules that, and so does naming a code that the table
has not.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from pipeline.errors import CODES, COMMAND_CODES, RETRIES, SKIP_CODES, Retries, SettingsError

if TYPE_CHECKING:
    from pipeline.settings import Settings

#: no wait is longer than this, in seconds: a day
LONGEST_WAIT = 86_400.0
#: codes that an item may fail with, in the order of the table of codes
FAILURE_CODES: tuple[str, ...] = tuple(
    code for code in CODES if code not in SKIP_CODES and code not in COMMAND_CODES
)
#: more tries than this are a slip of the pen
MOST_ATTEMPTS = 1_000

_UNITS = {"": 1.0, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86_400.0}
_ORDER = re.compile(
    r"(?P<attempts>\d{1,9})(?:x(?P<wait>\d{1,9}(?:\.\d{1,9})?)(?P<unit>[a-z]*))?(?P<always>!?)"
)


class Policy(NamedTuple):
    """How failures with one code are tried again."""

    code: str
    #: tries in all; 1: permanent at once
    attempts: int
    #: seconds before the first retry; each wait is factor times the one before
    first: float
    factor: float
    #: whether also those are tried again of which nothing says that they may pass
    always: bool
    #: whether FEEDMILL_RETRY says so
    is_set: bool

    @property
    def transient(self) -> bool:
        return self.attempts > 1

    def wait(self, attempts: int) -> float:
        """Seconds to wait after the attempts-th failure (from 1), without jitter."""
        # 40 doublings of a second are far beyond the longest wait: a larger power would only overflow.
        return min(self.first * self.factor ** min(attempts - 1, 40), LONGEST_WAIT)

    def waits(self) -> list[float]:
        """All waits, in their order."""
        return [self.wait(number) for number in range(1, self.attempts)]


class Order(NamedTuple):
    """What FEEDMILL_RETRY says of one code. ``first`` None: as in the table."""

    attempts: int
    first: float | None
    always: bool


def policy_of(code: str, settings: Settings) -> Policy:
    """The policy for a code. One that no table knows is tried again as the settings say, if it may pass."""
    order = orders(settings.retry).get(code)
    row = RETRIES.get(code, Retries())
    first = row.first * settings.retry_seconds
    if order is not None:
        first = first if order.first is None else order.first
        always = order.always or code not in RETRIES
        return Policy(code, order.attempts, first, row.factor, always=always, is_set=True)
    permanent = code in CODES and code not in RETRIES
    attempts = 1 if permanent else row.attempts * settings.max_attempts
    return Policy(code, attempts, first, row.factor, always=False, is_set=False)


def policies(settings: Settings) -> list[Policy]:
    """Those of all codes that an item may fail with."""
    return [policy_of(code, settings) for code in FAILURE_CODES]


@lru_cache(maxsize=8)
def orders(text: str) -> dict[str, Order]:
    """FEEDMILL_RETRY by code. Raises SettingsError, naming the part that cannot be read."""
    found: dict[str, Order] = {}
    for part in filter(None, (one.strip() for one in text.split(","))):
        code, equals, said = (one.strip() for one in part.partition("="))
        if not equals:
            raise _unreadable(part, "it is no CODE=RETRIES")
        if code in SKIP_CODES:
            raise _unreadable(part, f"{code} is no failure: such items end skipped")
        if code not in FAILURE_CODES:
            raise _unreadable(part, f"there is no code {code}; the codes: {', '.join(FAILURE_CODES)}")
        if code in found:
            raise _unreadable(part, f"{code} is named twice")
        found[code] = _order(part, said)
    return found


def _order(part: str, said: str) -> Order:
    if said == "off":
        return Order(1, None, always=False)
    match = _ORDER.fullmatch(said)
    if match is None or (match["unit"] or "") not in _UNITS:
        raise _unreadable(part, "it takes `off`, a number of tries, or tries and first wait (6x60s, 4x5m)")
    attempts = int(match["attempts"])
    if not 1 <= attempts <= MOST_ATTEMPTS:
        raise _unreadable(part, f"tries are from 1 (or `off`) to {MOST_ATTEMPTS}")
    if match["wait"] is None:
        return Order(attempts, None, bool(match["always"]))
    seconds = float(match["wait"]) * _UNITS[match["unit"]]
    if seconds > LONGEST_WAIT:
        raise _unreadable(part, "no wait is longer than a day")
    return Order(attempts, seconds, bool(match["always"]))


def _unreadable(part: str, why: str) -> SettingsError:
    return SettingsError(f"FEEDMILL_RETRY: {part!r} cannot be read: {why}.")


__all__ = ["FAILURE_CODES", "LONGEST_WAIT", "Order", "Policy", "orders", "policies", "policy_of"]
