"""What people type into a search box, taken apart.

    harbour budget            both words, anywhere in the article
    "harbour budget"          one after the other
    harb*                     words that begin so
    -ferry   -"night ferry"   not these
    ferry OR boat             either
    title:strike  author:"ana lopes"  agency:reuters  section:sport  tag:cup  in that field
    language:de  site:example.org  source:news  place:rome  likewise
    after:2026-03-01  before:2026-04                        when it was published (UTC)

What is no field that is known is words: a title such as "Re: budget" can be pasted as it is.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from pipeline.errors import PipelineError
from pipeline.model import Value
from pipeline.search.words import MARKS, words

#: most words of one query that are looked for; what is beyond them is left out
MOST_WORDS = 60

_PART = re.compile(
    r"""(?P<not>-)?(?:(?P<field>[A-Za-z_]+):)?(?:"(?P<phrase>[^"]*)(?:"|$)|(?P<word>[^\s"]+))"""
)
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
#: other names that people try
_ALIASES = {
    "lang": "language", "by": "author", "authors": "author", "tags": "tag", "host": "site", "domain": "site",
    "since": "after", "until": "before", "from": "after", "to": "before", "headline": "title",
}  # fmt: skip


class QueryError(PipelineError):
    """A query that cannot be understood; the message says what can."""

    code = "query"


class Wanted(Value, frozen=True, kw_only=True):
    """Words that follow one another, in any field or in one."""

    words: tuple[str, ...]
    #: a key of `pipeline.search.words.MARKS`; None: anywhere
    field: str | None = None
    #: the last word may go on
    prefix: bool = False
    excluded: bool = False

    @property
    def marked(self) -> list[str]:
        """The words as the index has them."""
        mark = MARKS[self.field] if self.field else ""
        return [mark + word for word in self.words]


class Filters(Value, frozen=True, kw_only=True):
    """What is asked of an article's publication: Unix seconds, the earliest and the first too late."""

    after: float | None = None
    before: float | None = None


class Query(Value, frozen=True, kw_only=True):
    """All of `groups`; of each group any one. None of `excluded`."""

    groups: tuple[tuple[Wanted, ...], ...] = ()
    excluded: tuple[Wanted, ...] = ()
    filters: Filters = Filters()

    @property
    def has_words(self) -> bool:
        return bool(self.groups or self.excluded)


def parse(text: str) -> Query:
    """A query from what was typed. Raises QueryError for a date that is none.

    Never fails otherwise: a quote that is not closed ends with the text, signs without a meaning
    are passed over.
    """
    groups: list[tuple[Wanted, ...]] = []
    excluded: list[Wanted] = []
    filters: dict[str, object] = {}
    left, joins = MOST_WORDS, False
    for part in _PART.finditer(text):
        if part["word"] == "OR" and not part["field"] and not part["not"]:
            joins = bool(groups)
            continue
        name = (part["field"] or "").lower()
        name = _ALIASES.get(name, name)
        said = part["word"] if part["word"] is not None else part["phrase"]
        if name in _READERS and said and not part["not"]:
            filters[name] = _READERS[name](name, said)
            continue
        wanted = _wanted(part, name, said)
        if wanted is None or len(wanted.words) > left:
            continue
        left -= len(wanted.words)
        if wanted.excluded:
            excluded.append(wanted)
        elif joins:
            groups[-1] = (*groups[-1], wanted)
        else:
            groups.append((wanted,))
        joins = False
    return Query(groups=tuple(groups), excluded=tuple(excluded), filters=Filters(**filters))  # type: ignore[arg-type]


def _wanted(part: re.Match[str], name: str, said: str) -> Wanted | None:
    field = name if name in MARKS else None
    if part["field"] and field is None:
        said = f"{part['field']} {said}"
    found = tuple(words(said))
    if not found:
        return None
    prefix = part["word"] is not None and said.endswith("*")
    return Wanted(words=found, field=field, prefix=prefix, excluded=bool(part["not"]))


def _time(name: str, said: str) -> float:
    """The start (UTC) of the day, month or year that is named."""
    found = _DATE.fullmatch(said)
    try:
        if found is None:
            raise ValueError(said)
        year, month, day = (int(number or 1) for number in found.groups())
        return datetime(year, month, day, tzinfo=UTC).timestamp()
    except ValueError as error:
        raise QueryError(
            f"{name}:{said} is no date. Write it as {name}:2026-03-01, {name}:2026-03 or {name}:2026."
        ) from error


#: filters -> how their value is read
_READERS = {"after": _time, "before": _time}
