"""What the walk does at each element, by lexbor's number for it."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser

from pipeline.clean.walk import hints

#: elements that hold no text of the page, or none that is read
_SKIPPED = (
    "style noscript template svg math iframe object embed canvas audio video map select button textarea input"
    " datalist progress meter applet frameset noframes rp rt rtc track col colgroup area param"
)
_CONTAINERS = (
    "div p section article main aside nav header footer form fieldset ul ol dl dt dd li blockquote figure"
    " figcaption table tbody thead tfoot tr td th caption address details summary center hgroup dialog menu"
    " dir h1 h2 h3 h4 h5 h6 legend pre listing xmp"
)
_TAG_FAMILIES = {
    "nav": hints.NAV, "aside": hints.ASIDE, "footer": hints.FOOTER, "form": hints.FORM,
    "dialog": hints.HIDDEN, "menu": hints.NAV, "address": hints.META,
}  # fmt: skip
MARKS = {
    "b": "**", "strong": "**", "i": "*", "em": "*", "cite": "*", "dfn": "*", "var": "*",
    "code": "`", "kbd": "`", "samp": "`", "tt": "`", "del": "~~", "s": "~~", "strike": "~~",
    "sub": "<sub>", "sup": "<sup>",
}  # fmt: skip


def note_of(tag: str, attributes: dict[str, str | None]) -> str:
    """What rendering needs of a container beside its tag: see `Boxes.notes`."""
    if tag == "td" or tag == "th":
        columns, rows = attributes.get("colspan") or "1", attributes.get("rowspan") or "1"
        return "" if columns == rows == "1" else f"{columns[:9]}x{rows[:9]}"
    if tag == "ol":
        start = (attributes.get("start") or "")[:9]
        return f"reversed {start}".strip() if "reversed" in attributes else start
    if tag == "li":
        return (attributes.get("value") or "")[:9]
    return "presentation" if attributes.get("role") in ("presentation", "none") else ""


def _tag_handlers() -> tuple[int, list[str], list[str]]:
    """lexbor's numbers: of text nodes, and for each element its handler and its name.

    The numbers change between releases, so they are asked for by name at import.
    """
    by_name = dict.fromkeys(_SKIPPED.split(), "skip") | dict.fromkeys(_CONTAINERS.split(), "container")
    by_name |= dict.fromkeys(MARKS, "emphasis") | dict.fromkeys(
        ("span", "time", "small", "font", "label"), "inline"
    )
    by_name |= {
        "q": "quotation", "picture": "picture_set", "source": "source", "a": "link",
        "br": "line_break", "hr": "rule", "img": "picture", "script": "script",
        "meta": "meta", "link": "head_link", "title": "title", "html": "root", "body": "root",
    }  # fmt: skip
    parser = LexborHTMLParser("<p>x")
    numbers = {name: parser.create_node(name).tag_id for name in by_name}
    names, handlers = [""] * (max(numbers.values()) + 1), [""] * (max(numbers.values()) + 1)
    for name, number in numbers.items():
        names[number], handlers[number] = name, by_name[name]
    paragraph = parser.css_first("p")
    text = paragraph.first_child if paragraph is not None else None
    if text is None:
        raise RuntimeError("lexbor did not parse a paragraph")
    return text.tag_id, handlers, names


TEXT, HANDLERS, NAMES = _tag_handlers()
FAMILIES = [_TAG_FAMILIES.get(name, 0) for name in NAMES]
NOSCRIPT = ["" if NAMES[number] == "noscript" else name for number, name in enumerate(HANDLERS)]


def _numbers(*tags: str) -> frozenset[int]:
    return frozenset(number for number, name in enumerate(NAMES) if name in tags)


#: containers whose attributes say how they are shown: numbers of items, cells that span, tables for layout
NOTED = _numbers("ol", "li", "td", "th", "table")
HEADLINES = _numbers("h1", "h2", "h3")
#: containers of text that is read as it is
LISTINGS = _numbers("pre", "listing", "xmp")
