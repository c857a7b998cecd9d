"""Settings that contradict each other, and variables that nobody knows."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import fields
from importlib.metadata import version

from pipeline.settings import PREFIX, Settings, unknown_variables
from workers.finding import Finding
from workers.wording import span

#: a pump that fetches begins requests for this long, and is ended after that (s): what is under way
#: then begins again, and never ends if a request may take longer than the rest
_BEGINS, _ENDS = 20.0, 75.0
#: a failure that is tried again after longer than this (s) is forgotten by whoever waits for it
_LONG_RETRY = 7 * 86_400.0


def examine(settings: Settings, environ: Mapping[str, str]) -> Iterator[Finding]:
    """Nothing is said of settings that fit."""
    yield from _unknown(environ)
    for says, cure in _contradictions(settings):
        yield Finding("settings", False, says, cure)
    for says, cure in _doubtful(settings):
        yield Finding("settings", True, says, cure, warning=True)


def _unknown(environ: Mapping[str, str]) -> Iterator[Finding]:
    known = [PREFIX + one.name.upper() for one in fields(Settings)]
    for name in unknown_variables(environ):
        near = difflib.get_close_matches(name, known, 1, 0.75)
        cure = f"Perhaps {near[0]} is meant." if near else "docs/configuring.md lists all settings; unset it."
        says = f"{name} is set, and Feedmill {version('feedmill')} has no such setting: it does nothing"
        yield Finding("settings", True, says, cure, warning=True)


def _contradictions(settings: Settings) -> Iterator[tuple[str, str]]:
    if settings.fetch_seconds > _ENDS - _BEGINS:
        yield (
            f"FEEDMILL_FETCH_SECONDS={settings.fetch_seconds:g}: a fetching worker ends its requests after "
            f"{_ENDS - _BEGINS:g} s at the latest, so slower pages are begun again and again",
            f"Set it to {_ENDS - _BEGINS:g} or less.",
        )
    if settings.poll_least > settings.poll_most:
        yield (
            f"FEEDMILL_POLL_LEAST={settings.poll_least:g} is more than FEEDMILL_POLL_MOST="
            f"{settings.poll_most:g}",
            "Feeds cannot be polled both less and more often: change one of them.",
        )
    if settings.max_page_bytes > settings.redis_high_water:
        yield (
            f"FEEDMILL_MAX_PAGE_BYTES={settings.max_page_bytes} is more than FEEDMILL_REDIS_HIGH_WATER="
            f"{settings.redis_high_water}: one such page stops all others",
            "Lower the one, or raise the other.",
        )


def _doubtful(settings: Settings) -> Iterator[tuple[str, str]]:
    if settings.first_byte_seconds > settings.fetch_seconds:
        yield (
            f"FEEDMILL_FIRST_BYTE_SECONDS={settings.first_byte_seconds:g} is more than "
            f"FEEDMILL_FETCH_SECONDS={settings.fetch_seconds:g}, and so has no effect",
            "Lower it, or leave it unset.",
        )
    if settings.lease_seconds < 3:
        yield (
            f"FEEDMILL_LEASE_SECONDS={settings.lease_seconds:g}: a busy machine may renew leases too late, "
            "and items are done twice (to the same end)",
            "Leave it at 10, unless this is a test.",
        )
    last = settings.retry_seconds * 2.0 ** max(0, settings.max_attempts - 2)
    if last > _LONG_RETRY and settings.max_attempts > 1:
        yield (
            f"FEEDMILL_RETRY_SECONDS={settings.retry_seconds:g} doubled for each of FEEDMILL_MAX_ATTEMPTS="
            f"{settings.max_attempts} makes the last retry wait {span(last)}",
            "Lower one of them.",
        )


__all__ = ["examine"]
