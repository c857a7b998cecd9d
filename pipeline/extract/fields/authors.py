"""The people who wrote the article."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.extract.given_names import is_given
from pipeline.extract.merge import Merge
from pipeline.extract.on_show import on_show
from pipeline.extract.titles import host_names, plain
from pipeline.urls import host_of

#: sources that say what readers see
_SHOWN = ("byline", "byline:words", "byline:line", "byline:below", "byline:end")
_MOST = 20


def decide(merge: Merge) -> None:
    """The names of the most trusted source that has any, without the site's own.

    What the head of a page says of its author is taken over by the byline on show where the two name
    different people and the former are nowhere in sight: templates and accounts are not who wrote.
    """
    own = _own_names(merge)
    offers = [(one, names) for one in merge.of("authors") if (names := _people(one.value, own))]
    if not offers:
        return
    chosen, names = offers[0]
    shown = next(((one, who) for one, who in offers if one.source in _SHOWN[:3]), None)
    differs = shown and chosen.source not in _SHOWN and not _agree(names, shown[1])
    if shown and differs and (chosen.source != "json-ld" or not _in_sight(names, merge)):
        chosen, names = shown
    merge.set("authors", _without_parts(names), chosen.source)


def _own_names(merge: Merge) -> set[str]:
    site = merge.fields.get("site_name") or ""
    url = merge.document.url or ""
    names = {site, *(one.value for one in merge.of("site_name"))}
    if url:
        names.update(host_names(host_of(url)))
    keys = {plain(name) for name in names}
    return {key.removeprefix("the") for key in keys if key}


def _people(names: list[str], own: set[str]) -> list[str]:
    """The names but for the site's own: a person's site may carry the person's name."""
    return [
        name
        for name in names
        if plain(name).removeprefix("the") not in own or (" " in name and is_given(name.split()[0]))
    ]


def _agree(some: list[str], others: list[str]) -> bool:
    """Whether any word of a name is in both."""
    words = {word for name in some for word in name.casefold().split()}
    return any(word in words for name in others for word in name.casefold().split())


def _in_sight(names: list[str], merge: Merge) -> bool:
    """Whether all of the names stand above or below the story."""
    text = plain(" ".join(_texts(merge)))
    return all(plain(name) in text for name in names)


def _texts(merge: Merge) -> Iterator[str]:
    document = merge.document
    yield from (one["text"] for one in on_show(document))
    yield from document.signals.get("lead", ())
    yield from (block.text for block in document.blocks[:3])
    yield from (block.text for block in document.blocks[-3:])


def _without_parts(names: list[str]) -> list[str]:
    """The names without those that are a part of another: a surname alone beside the whole name."""
    kept = [
        name
        for name in names
        if not any(name != other and f" {name.casefold()} " in f" {other.casefold()} " for other in names)
    ]
    return kept[:_MOST]
