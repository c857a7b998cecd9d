"""The error tree, and the one table of stable codes.

    PipelineError
    |-- NoArticle        the page was read, but holds no article
    |   `-- NotText      the bytes are not text in any encoding
    |-- SourceError      a source could not be read or understood
    |-- FetchError       a page could not be had over HTTP
    |-- StoreError       the database refused or could not be reached
    `-- SettingsError    a setting cannot be used

Every error carries ``code`` (stable, low cardinality, a key of `CODES`), ``retry_helps``
(whether the same attempt later may succeed) and ``retry_after`` (seconds, when the other side
said so). Errors are picklable, and become a `pipeline.model.Problem` where they are recorded.
"""

from __future__ import annotations

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
    # failed: at the source
    "not_found": "No such file or folder. Check the path; files are read when they are enqueued.",
    "unreadable": "The file could not be read. Check its permissions.",
    "too_large": "Larger than FEEDMILL_MAX_PAGE_BYTES. Raise the limit or split the file.",
    "bad_line": "This line of the JSONL file is not an object with url or path and html or text.",
    "bad_feed": "The feed could not be parsed and has no usable entries.",
    "bad_url": "Not a usable http or https address.",
    # failed: on the way
    "dns": "The host name could not be resolved. Check the address and the network.",
    "connect": "No connection to the host. It may be down; the item is retried.",
    "timeout": "The other side, or the work on this page, took longer than allowed.",
    "tls": "The host's certificate could not be verified.",
    "redirects": "Too many redirects, or a redirect to an address that is not allowed.",
    "protocol": "The server broke the HTTP protocol or the connection half-way.",
    "http_client": "The server refused the request (4xx). Check that the page is public.",
    "http_server": "The server failed (5xx). The item is retried.",
    "throttled": "The server asked to slow down (429). The item is retried after the time it named.",
    "gone": "The server says that the page is gone for good (410).",
    "address": "The host's address or port is not public. FEEDMILL_ALLOW_ADDRESSES opens your own networks.",
    "robots_away": "The site's robots.txt could not be had, so nothing may be fetched. The item is retried.",
    "blocked": "A bot wall answered instead of the page. Ask the site for access, or use its feed's text.",
    "soft_404": "The server sent an error page with a status that claims success: the article is not there.",
    "consent": "A consent page answered instead of the article. It cannot be read without agreeing.",
    # failed: in the work itself
    "crashed": "The page killed its worker process several times. It is kept; report it as a bug.",
    "memory": "The page needs more memory than FEEDMILL_PROCESS_BYTES allows. Raise it, then retry.",
    "internal": "An unexpected error in Feedmill. The trace has the details; report it as a bug.",
    # whole commands
    "database": "The database cannot be used. Check FEEDMILL_DATABASE_URL and `feedmill doctor`.",
    "redis": "Redis cannot be used. Check FEEDMILL_REDIS_URL and `feedmill doctor`.",
    "settings": "A setting has a value that cannot be used.",
    "query": "A search that cannot be understood; the message says what can be asked.",
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


class SettingsError(PipelineError):
    """A setting has a value that cannot be used; the message names the setting."""

    code = "settings"


def _rebuild(
    kind: type[PipelineError], message: str, code: str, retry_helps: bool, retry_after: float | None
) -> PipelineError:
    return kind(message, code=code, retry_helps=retry_helps, retry_after=retry_after)
