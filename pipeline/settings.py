"""The only reader of the environment. Every setting is ``FEEDMILL_`` and its name in capitals."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pipeline.errors import SettingsError
from pipeline.policy import orders

PREFIX = "FEEDMILL_"
#: behind the variable of a secret: the variable names a file that holds it
SECRET_FILE = "_FILE"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What can be set, with defaults that suit one machine. Read once, then passed along."""

    #: where the embedded deployment keeps its database
    data_dir: Path = field(
        default=Path("feedmill-data"), metadata={"help": "Folder of the embedded database."}
    )
    #: empty: the embedded server
    redis_url: str = field(
        default="", repr=False, metadata={"help": "Redis to use instead of an embedded one.", "secret": True}
    )
    #: empty: SQLite in data_dir
    database_url: str = field(
        default="",
        repr=False,
        metadata={
            "help": "Database to use instead of SQLite in the data folder: a postgresql:// URL.",
            "secret": True,
        },
    )
    #: apart from the URL, so that one secret file serves the database and us
    database_password: str = field(
        default="",
        repr=False,
        metadata={"help": "Password for `FEEDMILL_DATABASE_URL`, where that has none.", "secret": True},
    )
    #: every Redis key starts with it: deployments can share a server
    redis_prefix: str = field(default="feedmill", metadata={"help": "First part of every Redis key."})
    #: real paths count: no link leads out
    file_roots: str = field(
        default="",
        metadata={"help": "Folders from which alone files may be read, separated by colons; empty: any."},
    )
    max_page_bytes: int = field(
        default=10_000_000, metadata={"help": "Largest page or file that is read, in bytes.", "min": 1_000}
    )
    max_feed_bytes: int = field(
        default=50_000_000,
        metadata={"help": "Largest feed, OPML file or list that is read, in bytes.", "min": 1_000},
    )
    #: more in flight does not go faster; it only costs Redis memory
    window: int = field(
        default=1024, metadata={"help": "Items in flight at once; the rest waits as rows.", "min": 1}
    )
    redis_high_water: int = field(
        default=64_000_000,
        metadata={
            "help": "No new page enters Redis while it uses more memory than this, in bytes.",
            "min": 1_000_000,
        },
    )
    batch: int = field(default=256, metadata={"help": "Most items that a pump claims at once.", "min": 1})
    #: a pump hands its process back after this long, so that other stages get their turn
    slice_seconds: float = field(
        default=3.0, metadata={"help": "How long one pump runs, in seconds.", "min": 0.1}
    )
    #: renewed while the work goes on: this is how long a killed worker's items wait
    lease_seconds: float = field(
        default=10.0,
        metadata={"help": "After this time a vanished worker's items are taken up again.", "min": 0.5},
    )
    item_seconds: float = field(
        default=10.0,
        metadata={"help": "Longest time that one page may take in one stage, in seconds.", "min": 0.1},
    )
    #: what of its pages needs more becomes a dead letter (`memory`), and takes neither host nor neighbours
    process_bytes: int = field(
        default=1_500_000_000,
        metadata={"help": "Most memory of one pool process, in bytes (Linux); 0: no limit.", "min": 0},
    )
    #: deaths of its process, while nothing else was in hand, after which an item is not tried again
    max_crashes: int = field(
        default=3, metadata={"help": "Crashes until a page that kills its process is given up.", "min": 1}
    )
    max_attempts: int = field(
        default=4, metadata={"help": "Tries before a failure that may pass is final.", "min": 1}
    )
    retry_seconds: float = field(
        default=30.0,
        metadata={"help": "Wait before the first retry, doubled each time, in seconds.", "min": 0},
    )
    #: read by `pipeline.policy`
    retry: str = field(
        default="",
        metadata={
            "help": "Retries of single codes: `timeout=6x60s,connect=3,http_server=off`; see failures.md."
        },
    )
    fetch_seconds: float = field(
        default=30.0,
        metadata={"help": "Longest time for one page, with its redirects, in seconds.", "min": 0.1},
    )
    first_byte_seconds: float = field(
        default=20.0, metadata={"help": "Longest wait for an answer to begin, in seconds.", "min": 0.1}
    )
    fetch_parallel: int = field(
        default=64, metadata={"help": "Requests at once in one fetch process.", "min": 1}
    )
    host_delay: float = field(
        default=1.0,
        metadata={"help": "Seconds from the end of one request to a host to the next one's start.", "min": 0},
    )
    host_parallel: int = field(
        default=1, metadata={"help": "Requests at once to one host, over all workers.", "min": 1}
    )
    host_scope: str = field(
        default="host",
        metadata={
            "help": "What counts as one host: `host`, or `domain` for all hosts of a registered domain.",
            "choices": ("host", "domain"),
        },
    )
    hosts_file: str = field(
        default="", metadata={"help": "TOML file with settings for single hosts (delay, headers, passwords)."}
    )
    allow_addresses: str = field(
        default="",
        metadata={
            "help": "Networks beside the public ones that may be fetched from, as 10.0.0.0/8, ::1/128."
        },
    )
    allow_ports: str = field(
        default="80,443,1024-65535", metadata={"help": "Ports of public hosts that may be fetched from."}
    )
    robots: str = field(
        default="obey",
        metadata={
            "help": "`obey` robots.txt for pages, for `feeds` too, or `ignore` it.",
            "choices": ("obey", "feeds", "ignore"),
        },
    )
    entry_text: str = field(
        default="better",
        metadata={
            "help": "Text of a feed entry that carries all of it: the `page`, the `entry`, or the `better`.",
            "choices": ("better", "entry", "page"),
        },
    )
    min_confidence: float = field(
        default=0.0,
        metadata={
            "help": "Articles with a cut less sure than this (0 to 1) are skipped; 0: all are kept.",
            "min": 0,
            "max": 1,
        },
    )
    #: shared through Redis; a page alone never needs it
    site_memory: str = field(
        default="off",
        metadata={
            "help": "`on`: what page after page of a host repeats is remembered, and left out of the next.",
            "choices": ("off", "on"),
        },
    )
    user_agent: str = field(
        default="Feedmill/0.1", metadata={"help": "Sent with every request, with the contact behind it."}
    )
    contact: str = field(
        default="",
        metadata={"help": "Address (mail or web) at which site owners reach you; part of the user agent."},
    )
    poll_least: float = field(
        default=600.0, metadata={"help": "Shortest time between two polls of a feed, in seconds.", "min": 1}
    )
    poll_most: float = field(
        default=86_400.0,
        metadata={"help": "Longest time between two polls of a feed, in seconds.", "min": 60},
    )
    public_url: str = field(
        default="",
        metadata={"help": "Address at which the web server is reached from outside; hubs push feeds there."},
    )
    #: 0: as many as there are cores
    concurrency: int = field(
        default=0, metadata={"help": "Processes of a worker; 0: one per core.", "min": 0}
    )
    #: pumps per stage over all workers; 0: one per core, 1 for store on SQLite
    width: int = field(default=0, metadata={"help": "Most pumps of one stage at once; 0: chosen.", "min": 0})
    #: never shown or logged; empty: whoever reaches the web interface may write
    api_token: str = field(
        default="",
        repr=False,
        metadata={"help": "Secret that the API and the pages ask for before they write.", "secret": True},
    )
    api_read: str = field(
        default="open",
        metadata={
            "help": "Who may read pages and API: `open` for whoever reaches them, `token` as for writing.",
            "choices": ("open", "token"),
        },
    )
    #: their X-Forwarded-For tells clients apart where wrong tokens are counted
    web_proxies: str = field(
        default="",
        metadata={"help": "Networks of your own reverse proxies, as 172.16.0.0/12: who asks is their word."},
    )
    #: loopback, IP addresses and names without a dot are always answered to
    web_hosts: str = field(
        default="",
        metadata={"help": "Host names under which the web pages are served, separated by commas; *: any."},
    )
    max_upload_bytes: int = field(
        default=10_000_000_000, metadata={"help": "Largest upload in one request, in bytes.", "min": 1_000}
    )
    #: read by `workers.web.rates`
    api_rate: str = field(
        default="6000/min",
        metadata={"help": "Requests that one client may send to the API, as 600/min or 10/s; `off`: any."},
    )
    #: what Flower sees of workers and their wake-ups; half as much CPU again a wake-up
    celery_events: str = field(
        default="off",
        metadata={"help": "`on`: workers tell of Celery's tasks, for Flower.", "choices": ("off", "on")},
    )
    #: empty: INFO for services, which say little; WARNING for commands that people watch
    log_level: str = field(
        default="",
        metadata={
            "help": "DEBUG, INFO, WARNING or ERROR; unset: INFO for services, WARNING for other commands.",
            "choices": ("DEBUG", "INFO", "WARNING", "ERROR"),
        },
    )
    log_format: str = field(
        default="text",
        metadata={
            "help": "`text`: lines for people; `json`: one object a line, for collectors.",
            "choices": ("text", "json"),
        },
    )

    @property
    def effective_database_url(self) -> str:
        """A SQLAlchemy URL: the one that was set, in the psycopg dialect, or SQLite in data_dir."""
        if not self.database_url:
            return f"sqlite:///{self.data_dir.absolute()}/feedmill.db"
        for short in ("postgresql://", "postgres://"):
            if self.database_url.startswith(short):
                rest = self.database_url.removeprefix(short)
                return "postgresql+psycopg://" + _with_password(rest, self.database_password)
        return self.database_url


def load(environ: Mapping[str, str] | None = None, **overrides: object) -> Settings:
    """Settings from the environment; overrides that are not None win.

    A secret may lie in a file instead, which the variable with ``_FILE`` behind its name names.
    Raises SettingsError, naming the variable, for a value that cannot be used. An unknown
    ``FEEDMILL_`` variable is no error: later versions may know it.
    """
    environ = os.environ if environ is None else environ
    values: dict[str, object] = {}
    for one in fields(Settings):
        variable = PREFIX + one.name.upper()
        raw = environ.get(variable)
        if one.metadata.get("secret") and (file := environ.get(variable + SECRET_FILE)):
            raw = _secret(variable, raw, file)
        if raw is not None and raw != "":
            raw = _chosen(one.name, raw, one.metadata.get("choices"))
            values[one.name] = _parse(one.name, raw, type(one.default), one.metadata)
    values.update({name: value for name, value in overrides.items() if value is not None})
    settings = Settings(**values)  # type: ignore[arg-type]
    orders(settings.retry)
    if settings.api_read == "token" and not settings.api_token:
        raise SettingsError("FEEDMILL_API_READ=token needs a token: set FEEDMILL_API_TOKEN.")
    return settings


def unknown_variables(environ: Mapping[str, str]) -> list[str]:
    """Variables with our prefix that no setting has: most are typing errors. Those of the tests and
    those without a value are passed over."""
    known = {PREFIX + one.name.upper() for one in fields(Settings)}
    known |= {
        PREFIX + one.name.upper() + SECRET_FILE for one in fields(Settings) if one.metadata.get("secret")
    }
    ours = {name for name, value in environ.items() if name.startswith(PREFIX) and value}
    return sorted(name for name in ours - known if not name.startswith(PREFIX + "TEST_"))


def _secret(variable: str, raw: str | None, file: str) -> str:
    """A secret out of its file, without white space around it."""
    if raw:
        raise SettingsError(f"{variable} and {variable}{SECRET_FILE} are both set: one of them is enough.")
    try:
        secret = Path(file).read_text("utf-8").strip()
    except OSError as error:
        reason = error.strerror or error
        raise SettingsError(f"{variable}{SECRET_FILE}: {file} cannot be read: {reason}.") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{variable}{SECRET_FILE}: {file} is no text in UTF-8.") from error
    if not secret or not secret.isprintable():
        raise SettingsError(f"{variable}{SECRET_FILE}: {file} holds no secret of one line.")
    return secret


def _with_password(rest: str, password: str) -> str:
    """What stands behind ``//`` of a database URL, with a password unless it has one."""
    user, at, place = rest.rpartition("@")
    if not password or not at or ":" in user:
        return rest
    return f"{user}:{quote(password, safe='')}@{place}"


def _chosen(name: str, raw: str, choices: tuple[str, ...] | None) -> str:
    """The choice that is meant, however its case was typed."""
    if not choices:
        return raw
    for one in choices:
        if one.lower() == raw.lower():
            return one
    raise SettingsError(f"{PREFIX}{name.upper()}={raw} is none of {', '.join(choices)}.")


def _parse(name: str, raw: str, kind: type, bounds: Mapping[str, Any]) -> object:
    variable = PREFIX + name.upper()
    if issubclass(kind, Path):
        return Path(raw)
    if kind is str:
        return raw
    try:
        value = int(raw) if kind is int else float(raw)
    except ValueError as error:
        raise SettingsError(f"{variable}={raw!r} is not a number.") from error
    least, most = bounds.get("min"), bounds.get("max")
    if least is not None and not value >= least:
        raise SettingsError(f"{variable}={raw} is too small: the least is {least:g}.")
    if most is not None and not value <= most:
        raise SettingsError(f"{variable}={raw} is too large: the most is {most:g}.")
    return value
