"""What a look for an article brought."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

#: it is there; something went wrong or forbids it; it is on its way; good to know
Tone = Literal["good", "bad", "wait", "note"]

#: what one button can do: retry an item, hand in an address, subscribe to one, poll or resume a feed, take a
#: deletion back
Does = Literal["retry", "hand_in", "subscribe", "poll", "resume", "restore"]


@dataclass(frozen=True)
class Deed:
    """What helps, as a button."""

    does: Does
    #: the number of an item or a feed, or an address
    of: str


@dataclass(frozen=True)
class Clue:
    """One thing that is known. Its texts hold text from outside, which is not yet made safe to print."""

    tone: Tone
    #: one or two sentences
    says: str
    #: path of the page that tells more, and what it is called; empty: there is none
    link: str = ""
    link_words: str = ""
    #: what to do about it; empty: nothing need be done
    next: str = ""
    #: the same on the command line
    command: str = ""
    #: and as a button
    deed: Deed | None = None


@dataclass(frozen=True)
class Whereabouts:
    """Everything that is known of what was asked for, the most telling first."""

    asked: str
    clues: list[Clue] = field(default_factory=list)
    #: the item that it surely is: the newest under that address, path, name or number
    item: int | None = None
    #: the article that it is stored as
    article: int | None = None
    #: what can be handed in, if it is an address
    address: str | None = None
    #: a number that is an item's and another article's
    is_ambiguous: bool = False

    @property
    def is_known(self) -> bool:
        """Whether there is an item or an article of it."""
        return self.item is not None or self.article is not None


def whereabouts_document(found: Whereabouts) -> dict[str, Any]:
    """The same for programs, as plain JSON values."""
    return {
        "asked": found.asked,
        "known": found.is_known,
        "item": found.item,
        "article": found.article,
        "address": found.address,
        "ambiguous": found.is_ambiguous,
        "clues": [asdict(clue) for clue in found.clues],
    }


__all__ = ["Clue", "Deed", "Does", "Tone", "Whereabouts", "whereabouts_document"]
