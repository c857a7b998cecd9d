"""Which pictures belong to the chosen pieces, and where each has its file."""

from __future__ import annotations

import re
from bisect import bisect_left

from pipeline.clean.render.addresses import Addresses
from pipeline.clean.render.escaping import escaped_run
from pipeline.clean.render.places import Places
from pipeline.clean.walk import hints
from pipeline.clean.walk.boxes import Picture, Tree

#: attributes in which pages keep the file of a picture that is loaded late; ``src`` is a stand-in then
_LATE = dict.fromkeys(
    ("data-src", "data-lazy-src", "data-original", "data-lazy", "data-image", "data-original-src",
     "data-hi-res-src", "data-full-src", "data-img-src", "data-src-medium", "data-url")
)  # fmt: skip
_SETS = ("data-srcset", "data-lazy-srcset", "srcset", "source")
_CANDIDATE = re.compile(r"\s*([^\s,]\S*[^\s,]|[^\s,])(?:\s+([\d.]+)([wx]))?\s*(?:,|$)")
#: no candidate of a set wider than this (pixels) is taken while there is a smaller one
_WIDE_ENOUGH = 1_600
#: smaller pictures (pixels) are icons and lines, or count visits
_SMALLEST = 48
_IS_FURNITURE = re.compile(
    r"[\s/_.-](?:pixel|spacer|blank|transparent|placeholder|1x1|beacon|clear|tracking|tracker|emoji|smiley"
    r"|smilies|icons?|avatar|gravatar|sprite|loader|loading|spinner)(?:[\s/_.\d-]|$)"
    r"|//(?:pixel|stats|feeds)\.(?:wp|wordpress|feedburner)\.com/|\.doubleclick\.net|/~[rf]/",
    re.I,
)
_SHOWS_ITSELF = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|svg)(?:$|[?#])", re.I)
#: how far around a picture a box with chosen text is looked for
_FAR = 5
#: pieces before the first chosen one among which its picture may stand: a headline, a byline
_NEAR = 3
#: pieces of a figure among which its caption is looked for
_MOST_IN_FIGURE = 12


class Figures:
    """The pictures of the article by the chosen piece that they stand before."""

    def __init__(self, tree: Tree, chosen: list[int], places: Places, addresses: Addresses) -> None:
        self._addresses = addresses
        #: addresses of the pictures that are shown, by identity
        self._found: dict[int, str] = {}
        #: captions that were not chosen, by identity of their pictures: what a picture shows is kept
        self._said: dict[int, str] = {}
        #: chosen piece, or the number of pieces for the end -> pictures to show before it
        self.before: dict[int, list[Picture]] = {}
        #: chosen piece that is a caption -> the picture it is the caption of
        self.captioned: dict[int, Picture] = {}
        if not chosen:
            return
        shown: set[str] = set()
        # Of a text that is all story, as a feed's entry is, the last picture is one of the story's, too.
        self._is_whole = len(chosen) == len(tree.pieces)
        for picture in tree.pictures:
            at = picture.at
            if not chosen[0] - _NEAR <= at <= chosen[-1] + 1:
                continue
            position = bisect_left(chosen, at)
            if not self._belongs(tree, picture, chosen, position, places):
                continue
            address = self.address(picture)
            if address is None or address in shown:
                continue
            shown.add(address)
            self._found[id(picture)] = address
            caption = _caption(tree, picture, chosen, places)
            if caption is not None and caption not in self.captioned:
                self.captioned[caption] = picture
            else:
                self._note_caption(tree, picture, places)
                following = chosen[position] if position < len(chosen) else len(tree.pieces)
                self.before.setdefault(following, []).append(picture)

    def address(self, picture: Picture) -> str | None:
        """The absolute address of a picture's file; None for what is none: icons, spacers, counters."""
        attributes = picture.attributes
        if _is_small(attributes) or _is_furniture(attributes.get("class")):
            return None
        own = attributes.get("src") or ""
        if not _LATE.keys().isdisjoint(attributes):
            for name in _LATE:
                link = attributes.get(name)
                if link and not _is_furniture(link):
                    return self._file(link)
        if own and not own.startswith("data:") and not _is_furniture(own):
            return self._file(own)
        for name in _SETS:
            link = _widest(attributes.get(name) or "")
            if link and not _is_furniture(link):
                return self._file(link)
        return None

    def markup(self, picture: Picture) -> str:
        """A picture as Markdown, inside its link if it leads to another page."""
        said = self._said.get(id(picture))
        alternative = _alt(picture) if said is None else escaped_run(said, brackets=True)
        image = f"![{alternative}]({self._found[id(picture)]})"
        target = self._addresses.of(picture.link) if picture.link else None
        if target is None or _SHOWS_ITSELF.search(target):
            # Most linked pictures lead to themselves in full size.
            return image
        return f"[{image}]({target})"

    def _note_caption(self, tree: Tree, picture: Picture, places: Places) -> None:
        figure = places.of(picture.box).figure
        if figure >= 0:
            start, end = tree.boxes.start[figure], tree.boxes.end[figure]
            pieces = list(range(start, min(end, start + _MOST_IN_FIGURE)))
            caption = _caption(tree, picture, pieces, places)
            if caption is not None:
                self._said[id(picture)] = " ".join(tree.pieces[caption].text.split())

    def _file(self, link: str) -> str | None:
        return None if link.startswith("data:") else self._addresses.of(link)

    def _belongs(
        self, tree: Tree, picture: Picture, chosen: list[int], position: int, places: Places
    ) -> bool:
        """Whether a picture is part of what was chosen: the boxes around it, up to the first with chosen
        text, are neither marked as something else nor were they cut."""
        boxes = tree.boxes
        figure = places.of(picture.box).figure
        between = 0 < position < len(chosen)
        number = picture.box
        for _ in range(_FAR if between else _FAR - 2):
            start, end = boxes.start[number], boxes.end[number]
            first = bisect_left(chosen, start)
            if first < len(chosen) and chosen[first] < end:
                # At the rim of the story any picture may be a logo: there only figures count.
                counts = between or figure >= 0 or chosen[first] == picture.at or self._is_whole
                return number > 0 and counts
            if boxes.families[number] & hints.OUTSIDE & ~hints.META:
                return False
            # A box with text of which nothing was chosen was cut. A figure may lose a credit line.
            if end > start and not (figure >= 0 and number >= figure):
                return False
            number = boxes.parent[number]
        return False


def _caption(tree: Tree, picture: Picture, chosen: list[int], places: Places) -> int | None:
    """The first chosen piece that is a caption in the picture's figure."""
    figure = places.of(picture.box).figure
    if figure < 0:
        return None
    first = bisect_left(chosen, tree.boxes.start[figure])
    for at in chosen[first : first + _MOST_IN_FIGURE]:
        if at >= tree.boxes.end[figure]:
            return None
        if places.of(tree.pieces[at].box).kind == "caption":
            return at
    return None


def _alt(picture: Picture) -> str:
    return escaped_run(" ".join((picture.attributes.get("alt") or "").split()), brackets=True)


def _is_furniture(name: str | None) -> bool:
    """Whether a class or an address is that of an icon, a spacer or a counter."""
    return bool(name) and _IS_FURNITURE.search(f" {name}") is not None


def _is_small(attributes: dict[str, str | None]) -> bool:
    for name in ("width", "height"):
        size = (attributes.get(name) or "").strip().removesuffix("px")
        if size.isascii() and size.isdigit() and int(size[:6]) < _SMALLEST:
            return True
    return False


def _widest(candidates: str) -> str:
    """The best address of a ``srcset``: the widest that is not larger than a screen."""
    best, best_width = "", -1.0
    for match in _CANDIDATE.finditer(candidates[:20_000]):
        try:
            width = float(match[2] or 1)
        except ValueError:
            continue
        if width > _WIDE_ENOUGH and best:
            continue
        if width > best_width or best_width > _WIDE_ENOUGH:
            best, best_width = match[1], width
    return best
