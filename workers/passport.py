"""What the page of an item shows beside its row: the way it went, and the page that is kept, taken apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pipeline.clean import clean
from pipeline.clean.encoding.decode import decode
from pipeline.clean.parts import Part, parts
from pipeline.model import Document, Page, Step
from pipeline.store.contract import ItemRow, Store
from workers.evidence import evidence_in, kept_page

#: characters of a page's source, and pieces of it, that are shown unless all are asked for
SOURCE, PIECES = 10_000, 300
#: and when all are asked for: browsers can show no more
MOST_SOURCE, MOST_PIECES = 2_000_000, 20_000
#: characters of one piece
LONGEST = 5_000

#: fields that are written on a page where people read them
_IN_FIELDS = ("title", "subtitles", "authors", "section", "agency", "tags", "site_name")
#: letters that may stand around a value that a piece says
_AROUND = 12


@dataclass(frozen=True)
class Stop:
    """One step of an item's way."""

    step: Step
    #: which try of its stage it was, from 1
    attempt: int
    #: seconds between the step before (or its acceptance) and this one's start
    waited: float


def stops(item: ItemRow) -> list[Stop]:
    """The trace with what lies between its steps."""
    ends, tries = item.created_at, dict[str, int]()
    found = []
    for step in item.trace:
        tries[step.stage] = tries.get(step.stage, 0) + 1
        found.append(Stop(step, tries[step.stage], max(0.0, step.at - ends)))
        ends = max(ends, step.at + step.seconds)
    return found


@dataclass(frozen=True)
class Autopsy:
    """A kept page, read once more by the cleaner of today."""

    page: Page
    document: Document
    #: its source as text, as much as is shown, and how long it is (characters)
    source: str
    length: int
    pieces: list[Part]
    #: how many pieces there are
    count: int
    #: field -> value, source, others (`workers.evidence`); None: there is no article
    fields: dict[str, Any] | None

    @property
    def is_entry(self) -> bool:
        """Whether the text was taken from the feed's entry, as the better one."""
        return self.document.signals.get("text_from") == "entry"

    @property
    def words(self) -> tuple[int, int]:
        """Words kept, and cut, of the pieces that are shown."""
        kept = sum(len(one.text.split()) for one in self.pieces if one.kept)
        return kept, sum(len(one.text.split()) for one in self.pieces) - kept


def autopsy(store: Store, item: int, *, whole: bool = False) -> tuple[Autopsy | None, str]:
    """The page of an item, taken apart; None and why not, where it is not kept. ``whole``: all of it, as
    far as a browser can show it."""
    page, missing = kept_page(store, item)
    if page is None:
        return None, missing
    document = clean(page)
    source = decode(page.body, _declared(page))
    found = parts(page, document)
    most = MOST_PIECES if whole else PIECES
    fields = evidence_in(document).fields
    shown = [_told(one._replace(text=one.text[:LONGEST]), fields or {}) for one in found[:most]]
    return Autopsy(
        page=page,
        document=document,
        source=source[: MOST_SOURCE if whole else SOURCE],
        length=len(source),
        pieces=shown,
        count=len(found),
        fields=fields,
    ), ""


def _told(piece: Part, fields: dict[str, Any]) -> Part:
    """A piece that was cut because a field says it: that is no loss."""
    said = _squeezed(piece.text)
    if piece.kept or not said:
        return piece
    for field in _IN_FIELDS:
        value = fields.get(field, {}).get("value")
        values = value if isinstance(value, list) else [value]
        names = [_squeezed(one) for one in values if isinstance(one, str)]
        # A byline has a word or two around the name.
        if any(name and name in said and len(said) < len(name) + _AROUND for name in names):
            return piece._replace(called=f"told as {field.replace('_', ' ')}")
    return piece


def _squeezed(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()


def _declared(page: Page) -> str | None:
    if page.content_type or page.fetched is None:
        return page.content_type
    return page.fetched.headers.get("content-type")


__all__ = ["LONGEST", "MOST_PIECES", "PIECES", "SOURCE", "Autopsy", "Stop", "autopsy", "stops"]
