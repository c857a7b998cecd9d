"""Documents to articles: metadata with its evidence, and the text without what belongs in fields."""

from __future__ import annotations

from pipeline.dedup import fingerprint
from pipeline.extract.fields import RULES
from pipeline.extract.language import agreed_language
from pipeline.extract.merge import Merge
from pipeline.extract.readers import evidence
from pipeline.extract.story import markdown, without_top
from pipeline.extract.wire.copyrights import take_copyright
from pipeline.extract.wire.credits import take_credits
from pipeline.extract.wire.datelines import Opening, resolve_date, take_dateline
from pipeline.model import Article, Contributor, Copyright, Document
from pipeline.normal import normal, normal_text
from pipeline.plugins import plugged
from pipeline.words import count_words

#: changes whenever the same document would give another article
EXTRACTOR_VERSION = "2"


def extract(document: Document) -> Article:
    """The article that a document holds. Pure; reads no HTML. Never raises for what the page says.

    ``text`` starts with the first sentence of the story: headlines, dateline, reporting credits
    and copyright line have fields of their own and are taken out of it. ``authors`` are the people
    of the byline; where there is none, those whom the credits name for reporting and writing.
    ``provenance`` names, for each field that has a value, the source that gave it. ``confidence`` is that
    of the document's cut.
    """
    signals = document.signals
    closing, notices = signals.get("closing", []), signals.get("notices", [])
    opening, blocks = take_dateline(document.blocks)
    contributors, blocks = take_credits(blocks, [*closing, *notices])
    rights, blocks = take_copyright(blocks, notices, closing)
    merge = Merge(document, evidence(document))
    for decide in (*RULES, *plugged("feedmill.rules").values()):
        decide(merge)
    for field in ("description", "is_paywalled", "agency"):
        merge.take_first(field)
    merge.set("contributors", contributors, "credits")
    merge.set("copyright", rights, "copyright line")
    _authors_from_credits(merge, contributors)
    if opening is not None:
        _dateline(merge, opening, rights)
    blocks = without_top(blocks, merge)
    text = normal_text("\n\n".join(block.text for block in blocks if block.text and block.kind != "caption"))
    _language(merge, document, text)
    equality, likeness = fingerprint(text)
    if text_from := document.signals.get("text_from"):
        merge.provenance["text"] = text_from
    article = Article(
        url=document.url,
        text=text,
        markup=normal_text(markdown(blocks)),
        word_count=count_words(text),
        content_hash=equality,
        simhash=likeness,
        confidence=round(document.confidence, 3),
        provenance=merge.provenance,
        extractor_version=EXTRACTOR_VERSION,
        **merge.fields,
    )
    return normal(article, known=("text", "markup"))


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


def _language(merge: Merge, document: Document, text: str) -> None:
    declared = [(document.signals.get("html_lang") or "", "html lang")]
    declared += [(one.value, one.source) for one in merge.of("language")]
    language, at = agreed_language(text, [value for value, _ in declared])
    merge.set("language", language, "text" if at is None else declared[at][1])


__all__ = ["EXTRACTOR_VERSION", "RULES", "evidence", "extract"]
