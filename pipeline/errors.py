"""The error tree, and the one table of stable codes.

    PipelineError
    |-- NoArticle        the page was read, but holds no article
    |   `-- NotText      the bytes are not text in any encoding
    |-- SourceError      a source could not be read or understood
    |-- FetchError       a page could not be had over HTTP
    |-- StoreError       the database refused or could not be reached
    |   `-- JobCancelled the job takes no more items: a person cancelled it
    `-- SettingsError    a setting cannot be used

Every error carries ``code`` (stable, low cardinality, a key of `CODES`), ``retry_helps``
(whether the same attempt later may succeed) and ``retry_after`` (seconds, when the other side
said so). Errors are picklable, and become a `pipeline.model.Problem` where they are recorded.
"""

from __future__ import annotations

from typing import NamedTuple

#: Every code that an outcome may carry -> what a person can do about it. Codes are never
#: renamed: they are stored in rows and matched by scripts.
CODES: dict[str, str] = {
    # skipped: nothing is wrong with the pipeline, there is no article to be had
    "no_article": "The page was read but holds no article (a listing, a login page, an error page).",
    "low_confidence": "The cut is less sure than FEEDMILL_MIN_CONFIDENCE asks. Lower it and enqueue again.",
    "empty": "The file or page has no content.",
    "not_text": "The content is not text: a picture, an archive or another binary format.",
    "empty_feed": "The feed is valid but lists no entries at the moment.",
    "robots": "The site's robots.txt asks not to fetch this page. FEEDMILL_ROBOTS says whether to heed it.",
    "deleted": "The article was deleted here; it does not come back. `feedmill delete --forget` undoes that.",
    "cancelled": "A person cancelled its job. `feedmill retry` takes the item up again.",
    # failed: at the source
    "not_found": "No such file or folder. Check the path, then enqueue it again.",
    "unreadable": "The file could not be read. Check its permissions, then enqueue it again.",
    "too_large": "Larger than FEEDMILL_MAX_PAGE_BYTES. Raise it, then retry; enqueue files again.",
    "bad_line": "This line of the JSONL file is not an object with url or path and html or text. Mend it.",
    "bad_feed": "The feed could not be parsed and has no usable entries. Look at it in a browser.",
    "bad_url": "Not a usable http or https address. Check how it is written, then enqueue it again.",
    # failed: on the way
    "dns": "The host name could not be resolved. Check the address, and DNS on this machine; then retry.",
    "connect": "No connection to the host: it may be down. Try it in a browser; retry when it is up.",
    "timeout": "The other side, or the work on this page, took longer than allowed. The message says which.",
    "tls": "The host's certificate could not be verified: the site has to mend it. Retry when it has.",
    "redirects": "Too many redirects, or one to an address that is not allowed. Look for a newer address.",
    "protocol": "The server broke the HTTP protocol or the connection half-way. Retry later.",
    "http_client": "The server refused the request (4xx). Check that the page is there, and public.",
    "http_server": "The server failed (5xx). Retry when the site works again.",
    "throttled": "The server asked to slow down (429). Raise FEEDMILL_HOST_DELAY, then retry.",
    "gone": "The server says that the page is gone for good (410). There is nothing to be done.",
    "address": "The host's address or port is not public. FEEDMILL_ALLOW_ADDRESSES opens your own networks.",
    "robots_away": "The site's robots.txt could not be had, so nothing may be fetched. Retry when it can.",
    "blocked": "A bot wall answered instead of the page. Ask the site for access, or use its feed's text.",
    "soft_404": "The server sent an error page with a status that claims success: the article is not there.",
    "consent": "A consent page answered instead of the article. It cannot be read without agreeing.",
    # failed: in the work itself
    "crashed": "The page killed its process several times. It is kept: report it; retry after an update.",
    "memory": "The page needs more memory than FEEDMILL_PROCESS_BYTES allows. Raise it, then retry.",
    "internal": "An unexpected error in Feedmill. Report it with the trace; retry after an update.",
    # whole commands
    "database": "The database cannot be used. Check FEEDMILL_DATABASE_URL and `feedmill doctor`.",
    "redis": "Redis cannot be used. Check FEEDMILL_REDIS_URL and `feedmill doctor`.",
    "settings": "A setting has a value that cannot be used.",
}
#: codes of endings that are nobody's fault: the item ends `skipped`, not `failed`
SKIP_CODES = frozenset(
    {"no_article", "low_confidence", "empty", "not_text", "empty_feed", "robots", "deleted", "cancelled"}
)
#: codes that no item ends with
COMMAND_CODES = frozenset({"database", "redis", "settings"})


class Retries(NamedTuple):
    """How failures with a code are tried again, where the failure says that it may pass."""

    #: tries in all, in multiples of FEEDMILL_MAX_ATTEMPTS
    attempts: int = 1
    #: the wait before the first retry, in multiples of FEEDMILL_RETRY_SECONDS
    first: int = 1
    #: each wait is so many times the one before
    factor: float = 2.0


#: Codes of failures that may pass -> how they are tried again (`pipeline.policy` makes times of it, and
#: reads what FEEDMILL_RETRY changes). All others are permanent at once.
RETRIES: dict[str, Retries] = {
    # a resolver keeps "no answer" for a minute or so (RFC 2308, section 7)
    "dns": Retries(first=2),
    "connect": Retries(),
    "timeout": Retries(),
    "protocol": Retries(),
    "http_client": Retries(),
    # servers restart within minutes, are mended within hours
    "http_server": Retries(first=2, factor=3.0),
    "tls": Retries(first=4, factor=4.0),
    # nothing is wrong but our pace: asking later helps
    "throttled": Retries(attempts=2),
    "robots_away": Retries(first=4),
    "too_large": Retries(),
    "bad_feed": Retries(),
}


class PipelineError(Exception):
    """Base of all errors that Feedmill raises on purpose. ``str()`` is a sentence for people."""

    code = "internal"
    retry_helps = False

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        retry_helps: bool | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code
        if retry_helps is not None:
            self.retry_helps = retry_helps
        self.retry_after = retry_after

    def __reduce__(self) -> tuple[object, ...]:
        values = (type(self), self.message, self.code, self.retry_helps, self.retry_after)
        return (_rebuild, values, self.__dict__)


class NoArticle(PipelineError):
    """The content was read and understood, and there is no article in it."""

    code = "no_article"
    #: 0 to 1: how sure it is that there is one after all; None where no cut was tried
    confidence: float | None = None


class NotText(NoArticle):
    """The bytes are no text in any encoding: a picture, an archive, a program."""

    code = "not_text"


class SourceError(PipelineError):
    """A source (file, feed, list) could not be read or understood."""

    code = "unreadable"


class FetchError(PipelineError):
    """A page could not be had over HTTP."""

    code = "connect"
    retry_helps = True
    #: of the answer, where there was one
    status: int | None = None
    #: seconds for which the server calls its refusal fresh (Cache-Control, Expires, Age)
    fresh: float | None = None


class StoreError(PipelineError):
    """The database refused, or could not be reached."""

    code = "database"
    retry_helps = True


class JobCancelled(StoreError):
    """The job was cancelled by a person: it takes no more items."""

    code = "cancelled"
    retry_helps = False


class SettingsError(PipelineError):
    """A setting has a value that cannot be used; the message names the setting."""

    code = "settings"


def _rebuild(
    kind: type[PipelineError], message: str, code: str, retry_helps: bool, retry_after: float | None
) -> PipelineError:
    return kind(message, code=code, retry_helps=retry_helps, retry_after=retry_after)
