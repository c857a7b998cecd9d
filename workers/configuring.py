"""The list of all settings in ``docs/configuring.md``, made from the settings themselves.

``python -m workers.configuring docs/configuring.md`` (``make docs``) writes it anew, between its two
marks; what stands around them is written by people. Name, default, bounds and meaning come from
`pipeline.settings`; here is what a setting is good for, its unit, and which services act on it.
"""

from __future__ import annotations

import sys
from dataclasses import Field, fields
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.settings import PREFIX, SECRET_FILE, Settings

BEGIN, END = "<!-- settings: begin (written by make docs) -->", "<!-- settings: end -->"


class About(NamedTuple):
    """What the settings do not say of themselves."""

    #: who acts on it: services of compose, or `commands` of the command line
    readers: str
    #: one sentence or two
    good_for: str


_ALL, _NET, _POOL = "all", "worker-fetch", "worker-fetch, worker-clean, worker-store"

#: of numbers that count no things: unit -> how the names of such settings end
UNITS = {
    "seconds": ("_seconds", "_delay", "poll_least", "poll_most"),
    "bytes": ("_bytes", "_high_water"),
}

#: every setting once, by what people look for
GROUPS: dict[str, dict[str, About]] = {
    "Where things are": {
        "data_dir": About(
            "commands, `run`, `up`", "One folder a deployment, on a local disk. `--data-dir` does the same."
        ),
        "redis_url": About(
            _ALL, "For several machines, or a Redis that is there already: redis://, rediss://, unix://."
        ),
        "database_url": About(
            "all but worker-clean", "For several machines, or more than one writer: PostgreSQL 15 or newer."
        ),
        "database_password": About(
            "all but worker-clean",
            "So that one secret file serves PostgreSQL and Feedmill, and the URL can be shown.",
        ),
        "redis_prefix": About(
            _ALL, "For several deployments on one Redis: each needs a first part of its own."
        ),
    },
    "Sites and manners": {
        "contact": About(_NET, "A site owner who can reach you asks; one who cannot blocks you. Set it."),
        "user_agent": About(_NET, "Puts your own name into the logs of sites."),
        "host_delay": About(_NET, "Raise it when sites complain or answer 429; lower it only for your own."),
        "host_parallel": About(_NET, "More than 1 only for hosts of your own, or by agreement."),
        "host_scope": About(
            _NET, "`domain` for publishers with many host names on one server; slower for large platforms."
        ),
        "hosts_file": About(_NET, "For passwords, headers, or another pace for single hosts: see above."),
        "robots": About(_NET, "`ignore` only for hosts that are yours."),
        "poll_least": About("scheduler, worker-fetch", "Lower it for news where minutes count."),
        "poll_most": About("scheduler, worker-fetch", "Lower it if quiet feeds shall be noticed earlier."),
        "public_url": About(
            "worker-fetch, web", "Brings news within seconds from feeds with a hub (WebSub), and fewer polls."
        ),
        "fetch_parallel": About(_NET, "Raise it for very many hosts; it does not speed a single one up."),
        "fetch_seconds": About(_NET, "Raise it, to 55 at most, for large pages on slow lines."),
        "first_byte_seconds": About(_NET, "Lower it when many dead hosts are in the lists."),
    },
    "What may be read": {
        "allow_addresses": About(_NET, "For an intranet's pages and feeds. All others stay closed."),
        "allow_ports": About(_NET, "For sites on ports below 1024 other than 80 and 443."),
        "file_roots": About(
            "web, commands", "For a web server that may read some folders, and nothing else."
        ),
        "max_page_bytes": About(
            "worker-fetch, web, commands", "Raise it for long documents; what is larger fails (`too_large`)."
        ),
        "max_feed_bytes": About("worker-fetch, web, commands", "Raise it for archives as one feed."),
        "max_upload_bytes": About(
            "web", "Uploads are accepted while they come in; what counts is room in the database."
        ),
        "api_rate": About(
            "web",
            "Counted over all web processes. Lower it where strangers ask; raise it for a crawler of yours.",
        ),
    },
    "What becomes an article": {
        "entry_text": About(_NET, "`entry` spares sites whose feeds carry the whole text."),
        "min_confidence": About(
            "worker-clean", "For a collection that had rather miss an article than keep a poor one: try 0.5."
        ),
        "site_memory": About("worker-clean", "For sites with much boilerplate inside their articles."),
    },
    "Failures and retries": {
        "max_attempts": About("worker-store", "More, for sites that are often down."),
        "retry_seconds": About("worker-store", "Longer, for sites that are down for hours."),
        "retry": About("worker-store", "For other rules for single causes ([failures.md](failures.md))."),
        "max_crashes": About(
            _POOL,
            "1 gives up at once what kills its process; more, for machines that kill at random.",
        ),
    },
    "Speed and room": {
        "concurrency": About(_POOL, "Fewer, on a machine that does other work too."),
        "width": About("all but web", "More on several machines; 1 to watch a pump at work."),
        "window": About(
            "scheduler, worker-fetch", "Raise it with the number of hosts that are asked at once."
        ),
        "redis_high_water": About(
            _NET, "Raise it with Redis' memory when pages wait for `clean`; status says when it holds back."
        ),
        "batch": About(_POOL, "Smaller batches are spread more evenly over slow machines."),
        "slice_seconds": About(_POOL, "Shorter: stages take turns more often on few processes."),
        "lease_seconds": About(
            _ALL, "Longer on machines that stand still for seconds; the same for all services."
        ),
        "item_seconds": About(_POOL, "Longer on slow machines, for very long pages."),
        "process_bytes": About(_POOL, "Less where containers are small; pages beyond it fail (`memory`)."),
    },
    "Web pages and API": {
        "api_token": About("web", "Set it whenever others than you reach the web server. Long and random."),
        "api_read": About("web", "`token` when reading is not for everybody either, metrics included."),
        "web_hosts": About("web", "Set it to the name under which a reverse proxy serves the pages."),
        "web_proxies": About("web", "So that wrong tokens are counted by client, not by proxy."),
    },
    "Log and events": {
        "celery_events": About(_POOL, "Needed to see workers and wake-ups in Flower; of no use without it."),
        "log_level": About(_ALL, "DEBUG tells each item and poll."),
        "log_format": About(_ALL, "`json` for Loki, Elasticsearch and the like."),
    },
}


def listing() -> str:
    """All settings, as Markdown."""
    known = {one.name: one for one in fields(Settings)}
    lines = []
    for title, group in GROUPS.items():
        lines += ["", f"## {title}"]
        for name, about in group.items():
            lines += ["", *_entry(known[name], about)]
    return "\n".join(lines) + "\n"


def written(page: str) -> str:
    """The page with the list as it is now between its marks. Raises ValueError when it has no marks."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page has no lines {BEGIN!r} and {END!r}")
    return f"{before}{BEGIN}\n{listing()}\n{END}{after}"


def _entry(setting: Field[Any], about: About) -> list[str]:
    variable = PREFIX + setting.name.upper()
    told = "; ".join([_default(setting), *_bounds(setting), f"read by {about.readers}"])
    if setting.metadata.get("secret"):
        told += f"; a secret: `{variable}{SECRET_FILE}` may name a file that holds it"
    meaning = setting.metadata["help"]
    stop = "" if meaning.endswith(".") else "."
    return [f"### `{variable}`", "", f"{told}.", "", f"{meaning}{stop} {about.good_for}"]


def _default(setting: Field[Any]) -> str:
    if setting.default == "":
        return "Unset by default"
    unit = next((unit for unit, ends in UNITS.items() if setting.name.endswith(ends)), "")
    return f"Default `{setting.default}`" + (f" {unit}" if unit else "")


def _bounds(setting: Field[Any]) -> list[str]:
    found = []
    if choices := setting.metadata.get("choices"):
        found.append("one of " + ", ".join(f"`{one}`" for one in choices))
    for word, name in (("at least", "min"), ("at most", "max")):
        if (bound := setting.metadata.get(name)) is not None:
            found.append(f"{word} {bound}")
    return found


def main(path: str) -> None:
    """Write the list into the page."""
    page = Path(path)
    page.write_text(written(page.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1])

__all__ = ["BEGIN", "END", "GROUPS", "About", "listing", "main", "written"]
