"""The people who wrote the article."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.extract.candidate import Candidate
from pipeline.extract.merge import Merge
from pipeline.extract.on_show import on_show
from pipeline.extract.people.given_names import is_given
from pipeline.extract.people.names import people
from pipeline.extract.titles import plain, site_keys

#: sources that say what readers see, above the story and below it
_ABOVE, _BELOW = "byline", "byline:below"
_MOST = 20


def decide(merge: Merge) -> None:
    """The names of the most trusted source that has any, without the site's own.

    What the head of a page says of its author is taken over by the byline on show where the two name
    different people and the former are nowhere in sight: templates and accounts are not who wrote. A name
    gives way to a fuller one of another source, and a list to a longer one that holds it all and that two
    sources agree on. Where nobody is named, a site called like a person is that person's.
    """
    own = _own_names(merge)
    offers = [(names, one) for one in merge.of("authors") if (names := _people(one.value, own))]
    if not offers:
        owner = _owner(merge)
        merge.set("authors", owner, "site_name")
        return
    names, chosen = offers[0]
    shown = next((offer for offer in offers if offer[1].source == _ABOVE), None)
    differs = shown is not None and chosen.source not in (_ABOVE, _BELOW) and not _agree(names, shown[0])
    if shown and differs and (chosen.source != "json-ld" or not _in_sight(names, merge)):
        names, chosen = shown
    lists = [offer for offer, _ in offers]
    names = [_fuller(name, lists) for name in names]
    names = _longer(names, offers)
    merge.set("authors", _without_parts(names), chosen.source)


def _own_names(merge: Merge) -> set[str]:
    names = {one.value for one in merge.of("site_name")}
    if merge.document.url:
        names.update(site_keys(merge.document.url))
    keys = {plain(name).removeprefix("the") for name in names}
    return {key for key in keys if key}


def _people(names: list[str], own: set[str]) -> list[str]:
    """The names but for the site's own: a person's site may carry the person's name."""
    kept = []
    for name in names:
        key = plain(name).removeprefix("the")
        is_own = key in own or (" " in name and any(one.startswith(key) for one in own))
        if not is_own or (" " in name and is_given(name.split()[0])):
            kept.append(name)
    return kept


def _owner(merge: Merge) -> list[str]:
    """The person whom the site is called after."""
    for candidate in merge.of("site_name")[:2]:
        names = people(candidate.value)
        if len(names) == 1 and is_given(names[0].split()[0]) and len(names[0]) + 4 >= len(candidate.value):
            return names
    return []


def _fuller(name: str, lists: list[list[str]]) -> str:
    """A name of one word, or written as one, as another source writes it out."""
    if " " in name:
        return name
    key = plain(name)
    for names in lists:
        for other in names:
            if " " in other and (plain(other) == key or other.casefold().split()[0] == name.casefold()):
                return other
    return name


def _longer(names: list[str], offers: list[tuple[list[str], Candidate]]) -> list[str]:
    """The longest list that holds all of the names and that two sources give, or else the names."""
    held = {name.casefold() for name in names}
    best = names
    for at, (other, candidate) in enumerate(offers):
        keys = {name.casefold() for name in other}
        if len(other) > len(best) and held < keys and candidate.source != _BELOW:
            again = [more for more, _ in offers[at + 1 :] if keys <= {name.casefold() for name in more}]
            if again or (candidate.source == _ABOVE and not candidate.note):
                best = other
    return best


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
    yield from (block.text for block in (*document.blocks[:3], *document.blocks[-3:]))


def _without_parts(names: list[str]) -> list[str]:
    """The names without those that are a part of another: a surname alone beside the whole name."""
    kept = [
        name
        for name in dict.fromkeys(names)
        if not any(name != other and f" {name.casefold()} " in f" {other.casefold()} " for other in names)
    ]
    return kept[:_MOST]
