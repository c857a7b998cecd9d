"""Documents to articles: metadata with its evidence, and the text without what belongs in fields."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable

from pipeline.dedup import fingerprint
from pipeline.extract import entry, json_ld, meta_tags, visible
from pipeline.extract.candidate import Candidate
from pipeline.extract.copyrights import take_copyright
from pipeline.extract.credits import take_credits
from pipeline.extract.dates import read_date
from pipeline.extract.language import agreed_language
from pipeline.extract.merge import Merge, is_repeated
from pipeline.extract.titles import plain
from pipeline.extract.wire import Opening, resolve_date, take_dateline
from pipeline.model import Article, Block, Contributor, Copyright, Document
from pipeline.words import count_words

#: changes whenever the same document would give another article
EXTRACTOR_VERSION = "2"

#: in order of trust: what publishers state for machines, what readers see, what the feed says
READERS: tuple[Callable[[Document], Iterable[Candidate]], ...] = (
    json_ld.read,
    meta_tags.read,
    visible.read,
    entry.read,
)
#: blocks at the top that may repeat the headline or hold the byline
_TOP = 6
#: in Markdown: what begins an item of a list, and an empty line inside a quote
_BULLET = re.compile(r"(?P<indent>(?:> | )*)(?:[-*]|(?P<number>\d{1,9})[.)]) ")
_QUOTED_BLANK = re.compile(r"[> ]*>\n")


def extract(document: Document) -> Article:
    """The article that a document holds. Pure; reads no HTML. Never raises for what the page says.

    ``text`` starts with the first sentence of the story: headlines, dateline, reporting credits
    and copyright line have fields of their own and are taken out of it. ``authors`` are the people
    of the byline; where there is none, those whom the credits name for reporting and writing.
    ``provenance`` names, for each field that has a value, the source that gave it. ``confidence`` is that
    of the document's cut.
    """
    notices: list[str] = document.signals.get("notices", [])
    opening, blocks = take_dateline(document.blocks)
    contributors, blocks = take_credits(blocks, notices)
    rights, blocks = take_copyright(blocks, notices)
    merge = Merge(document, [candidate for read in READERS for candidate in read(document)])
    merge.decide()
    merge.set("contributors", contributors, "credits")
    merge.set("copyright", rights, "copyright line")
    _authors_from_credits(merge, contributors)
    if opening is not None:
        _dateline(merge, opening, rights)
    blocks = _without_top(blocks, merge)
    text = _nfc("\n\n".join(block.text for block in blocks if block.text and block.kind != "caption"))
    _language(merge, document, text)
    equality, likeness = fingerprint(text)
    if text_from := document.signals.get("text_from"):
        merge.provenance["text"] = text_from
    return Article(
        url=document.url,
        text=text,
        markup=_nfc(_markdown(blocks)),
        word_count=count_words(text),
        content_hash=equality,
        simhash=likeness,
        confidence=round(document.confidence, 3),
        provenance=merge.provenance,
        extractor_version=EXTRACTOR_VERSION,
        **merge.fields,
    )


def _authors_from_credits(merge: Merge, contributors: list[Contributor]) -> None:
    if "authors" in merge.fields:
        return
    names = [one.name for one in contributors if one.role in ("reporting", "writing")]
    merge.set("authors", list(dict.fromkeys(names)), "credits")


def _dateline(merge: Merge, opening: Opening, rights: Copyright | None) -> None:
    dateline = resolve_date(
        opening, merge.fields.get("published_at"), rights.year if rights is not None else None
    )
    merge.set("dateline", dateline, "dateline")
    if dateline.agency:
        merge.set("agency", dateline.agency, "dateline")
    # A dateline that states its year tells the day; one completed from a copyright line only likely does.
    if "published_at" not in merge.fields and dateline.date and dateline.date[:4] in opening.date_text:
        merge.set("published_at", dateline.date, "dateline")


def _without_top(blocks: list[Block], merge: Merge) -> list[Block]:
    """The blocks without what is repeated above the story: headlines, section, byline, date."""
    headlines = [merge.fields.get("title") or "", *merge.fields.get("subtitles", [])]
    section = plain(merge.fields.get("section") or "")
    authors = merge.fields.get("authors", [])
    top = []
    for block in blocks[:_TOP]:
        text = block.text
        repeated = block.kind in ("heading", "paragraph", "item") and is_repeated(text, headlines)
        short = len(text) < 100
        byline = short and any(name in text for name in authors) and count_words(text) <= 4 + 3 * len(authors)
        dated = short and count_words(text) <= 8 and not text.endswith(".") and read_date(text) is not None
        if text and (repeated or byline or dated or (section and short and plain(text) == section)):
            continue
        top.append(block)
    return top + blocks[_TOP:]


def _language(merge: Merge, document: Document, text: str) -> None:
    declared = [(document.signals.get("html_lang") or "", "html lang")]
    declared += [(one.value, one.source) for one in merge.of("language")]
    language, at = agreed_language(text, [value for value, _ in declared])
    merge.set("language", language, "text" if at is None else declared[at][1])


def _markdown(blocks: list[Block]) -> str:
    """Blocks as Markdown: a blank line between them, but not between the items of a list, nor where a
    block brings the quoted blank line that keeps it in the quote of the one before."""
    out: list[str] = []
    last: Block | None = None
    for block in blocks:
        if last is not None:
            attached = last.kind == "item" and _is_new_item(last.markup, block.markup)
            out.append("\n" if attached or _QUOTED_BLANK.match(block.markup) else "\n\n")
        out.append(block.markup)
        last = block
    return "".join(out)


def _is_new_item(last: str, markup: str) -> bool:
    """Whether a block begins an item that may follow at once. A further paragraph of an item may not, nor
    an inner list with another number than 1, which would read as text (CommonMark 5.3)."""
    bullet = _BULLET.match(markup)
    if bullet is None:
        return False
    outer = _BULLET.match(last)
    return bullet["number"] in (None, "1") or (
        outer is not None and bullet.end("indent") <= outer.end("indent")
    )


def _nfc(text: str) -> str:
    return (
        text
        if text.isascii() or unicodedata.is_normalized("NFC", text)
        else unicodedata.normalize("NFC", text)
    )


__all__ = ["EXTRACTOR_VERSION", "READERS", "extract"]
