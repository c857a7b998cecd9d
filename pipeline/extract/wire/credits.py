"""The lines that close a wire story: who reported, wrote, edited, translated, and from which agency it is."""

from __future__ import annotations

import re

from pipeline.extract.people.names import people
from pipeline.extract.wire.agencies import agency_named
from pipeline.extract.wire.credit_phrases import CONTRIBUTED, TITLE, announced, begins
from pipeline.extract.wire.sources import closing_sign, end_of_story
from pipeline.model import Block, Contributor

#: brackets, dashes and stars before a credit
_MARKS = " \t\n([—–-_*"
_SEPARATOR = re.compile(r"\s*(?:[,;、，；]|(?<!\w)(?:and|und|et|y|e|i|och|og|en|и|dan|&|\+)(?!\w))\s*")
#: what stands behind a name: where its bearer was, and an address to write to
_BEHIND = re.compile(
    r"\s*(?:\bat\s+)?\S+@\S+|\s+(?:in|at|from|of|aus|bei|à|au|en|desde|depuis|em|no|na|do|da|a|te|w|we|в"
    r"|из)\s+(?:the\s+)?"
    r"(?=[^\W\d_a-zß-öø-ÿ]).*$"
)
#: "CNN's " before a name
_HOUSE = re.compile(r"^[A-Z][\w& ]{1,20}[’']s\s+(?=\S+\s+\S)")
#: a place, or an office, in the row of names
_OFFICE = re.compile(
    r"\b(?:newsrooms?|bureaus?|büro|desk|team|staff|newsdesk|redaktion|redazione|redacción|rédaction"
    r"|redação|redactie)\b",
    re.I,
)
_PLACE = re.compile(r"(?:in|at|from|aus|à|au|en|desde|em|no|na|do|da|dal|a|te|w|we)\s+[^\W\d_a-zß-öø-ÿ]")
_SENTENCE = re.compile(r"(?<![^\W\d_a-z])(?<!\b[A-Z][a-z])\.\s+(?=[^\W\d_a-zß-öø-ÿ])")
#: "Audio version: ": work of a kind that the table of phrases lacks
_LABEL = re.compile(r"[,;.]?\s*[^\W\d_][\w-]+(?: [^\W\d_][\w-]+)?:\s.*$")
#: "Photo: Bo Ek", as pictures have it
_PICTURE = re.compile(r"^(?:photos?|fotos?|bild|foto's|image)\s?[:：]", re.I)
_BY = re.compile(r"^(?:by|por|par|von|di)\s+", re.I)
_RIGHTS = re.compile(r"\s*(?:©|\(c\)|\bcopyright\b).*$", re.I)
#: stems of what people do who contribute: the sentences that say so are costly to tell
_CONTRIBUTED = ("contribu", "colabor")
#: and of what they are
_TITLED = (
    "riter",
    "eport",
    "ourna",
    "ornal",
    "orrespon",
    "roducer",
    "esearch",
    "ditor",
    "hotogr",
    "eriodist",
)
#: a credit line names people and roles and nothing else: at most so long (characters)
_LONGEST = 600
#: how many blocks from the end may hold credits
_TAIL = 8
#: blocks from the end of which one may be signed: "Read more" may follow the last sentence
_SIGNED = 3


def read_credits(text: str) -> list[Contributor]:
    """The contributors that a line credits, in order; empty when it is no credit line."""
    if len(text) > _LONGEST:
        return []
    text = text.strip()
    bracketed = text[:1] in "([" and text.rstrip(" .")[-1:] in (")", "]")
    says = any(word in text for word in _CONTRIBUTED)
    if not (bracketed or says or begins(text.lstrip(_MARKS))):
        return []
    body = _RIGHTS.sub("", " ".join(text.lstrip(_MARKS).split())).rstrip(" )].*_")
    found = (_contributed(body) if says else []) or _credited(body, bracketed)
    return list(dict.fromkeys(Contributor(role=role, name=name) for role, name in found))  # type: ignore[arg-type]


def take_credits(blocks: list[Block], notices: list[str]) -> tuple[list[Contributor], list[Block]]:
    """Contributors of a story, and its blocks without the lines that credit them or name its agency.

    Credits close a story: they are looked for in its last blocks and in the lines cut off below.
    """
    kept = list(blocks)
    found: list[Contributor] = []
    for at in range(len(blocks) - 1, max(-1, len(blocks) - 1 - _TAIL), -1):
        block = blocks[at]
        if block.kind not in ("paragraph", "item", "heading"):
            continue
        credits = read_credits(block.text)
        if credits or (len(block.text) < 200 and _is_bare(block.text)):
            found = credits + [one for one in found if one not in credits]
            del kept[at]
        elif at and closing_sign(block.text):
            del kept[at]
    if not found:
        for number, notice in enumerate(notices):
            if number and _PICTURE.match(notice):
                continue
            found += [one for one in read_credits(notice) if one not in found]
    for at in range(len(kept) - 1, max(-1, len(kept) - 1 - _SIGNED), -1):
        if kept[at].kind == "paragraph" and (unsigned := _without_sign(kept[at])) is not kept[at]:
            kept[at] = unsigned
            break
    return found, kept


def _contributed(body: str) -> list[tuple[str, str]]:
    """ "Associated Press writers Ann Lee in Oslo and Bo Ek in Rome contributed to this report." """
    body = body.rstrip(".")
    for pattern in CONTRIBUTED:
        match = pattern.fullmatch(body)
        if match:
            names, clean = _people(match["who"])
            return [("additional_reporting", name) for name in names] if clean else []
    return []


def _credited(body: str, bracketed: bool) -> list[tuple[str, str]]:
    """Roles and names of "Reporting by ...; editing by ..."; in brackets, reporters may come first."""
    if not begins(body) and not bracketed:
        return []
    marks = announced(body)
    if not marks:
        return []
    found: list[tuple[str, str]] = []
    if marks[0][0] > 0:
        names, clean = _people(_BY.sub("", body[: marks[0][0]]))
        if not clean or not names or not any(roles for _, _, roles in marks):
            return []
        found += [("reporting", name) for name in names]
    for number, (_, end, roles) in enumerate(marks):
        stop = marks[number + 1][0] if number + 1 < len(marks) else len(body)
        segment = body[end:stop]
        segment, *more = _SENTENCE.split(_LABEL.sub("", segment) if ":" in segment else segment, maxsplit=1)
        names, clean = _people(segment)
        if not clean or (more and more[0].strip() and not bracketed):
            return found if bracketed else []
        found += [(role, name) for role in roles for name in names]
    return found


def _people(text: str) -> tuple[list[str], bool]:
    """The people in a row of names; and whether nothing else is in it but places, offices and agencies."""
    found: list[str] = []
    for piece in _SEPARATOR.split(text.strip(" ,;.:")):
        if any(word in piece for word in _TITLED):
            piece = TITLE.sub("", piece)
        piece = _BEHIND.sub("", _HOUSE.sub("", piece)).strip(" .,;:|")
        if not piece or _PLACE.match(piece) or _OFFICE.search(piece):
            continue
        names = people(piece)
        if names:
            found += [name for name in names if name not in found]
        elif not agency_named(piece, certain=True) and not _may_be_name(piece):
            return found, False
    return found, True


def _may_be_name(piece: str) -> bool:
    """Whether a piece can be a name that is not told from others: one word, initials, an organisation."""
    words = piece.split()
    return len(words) <= 4 and all(word[0].isupper() for word in words)


def _is_bare(text: str) -> bool:
    """Whether a line credits an office or initials: "(Reporting by Oslo newsroom)"."""
    body = text.lstrip(_MARKS)
    return (
        text.lstrip().startswith(("(", "[")) and text.rstrip(" .").endswith((")", "]")) and bool(begins(body))
    )


def _without_sign(block: Block) -> Block:
    """A story's last paragraph without the agency that signs it."""
    signed = end_of_story(block.text)
    if signed is None:
        return block
    sign = block.text[signed[1] :].strip()
    markup = block.markup.rstrip()
    if not markup.endswith(sign):
        return block
    return Block(
        kind=block.kind,
        text=block.text[: signed[1]].rstrip(),
        markup=markup.removesuffix(sign).rstrip(),
        level=block.level,
    )
