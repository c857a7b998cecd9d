"""The part of `feedmill doctor` that looks at the settings of fetching."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from pipeline.errors import SettingsError
from pipeline.settings import Settings
from workers.finding import Finding


def fetching(settings: Settings) -> Iterator[Finding]:
    """What is wrong with the hosts file, the networks and ports that are allowed, and the public
    address. Nothing is said of what is not set. Reads the hosts file, and changes nothing."""
    yield from _hosts_file(settings)
    yield from _allowed(settings)
    yield from _public_url(settings.public_url)


def _hosts_file(settings: Settings) -> Iterator[Finding]:
    if not settings.hosts_file:
        return
    from pipeline.fetch.hosts import HostRules

    try:
        HostRules(settings)
    except SettingsError as error:
        yield Finding("hosts file", False, error.message, "Mend the file that FEEDMILL_HOSTS_FILE names.")
    else:
        yield Finding("hosts file", True, f"{Path(settings.hosts_file).absolute()}: readable")


def _allowed(settings: Settings) -> Iterator[Finding]:
    from pipeline.fetch.guard import Guard

    try:
        Guard(settings)
    except SettingsError as error:
        cure = "Set it to networks such as 10.0.0.0/8, or to ports such as 80,443; separated by commas."
        yield Finding("addresses", False, error.message, cure)


def _public_url(url: str) -> Iterator[Finding]:
    if not url:
        return
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        usable = False
    if not usable:
        yield Finding(
            "public address",
            False,
            f"FEEDMILL_PUBLIC_URL={url} is no http or https address, so hubs cannot push feeds here",
            "Set it to the address at which this server is reached, as https://feedmill.example.org.",
        )


__all__ = ["fetching"]
