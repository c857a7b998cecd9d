"""What an examination found."""

from __future__ import annotations

from dataclasses import dataclass

#: how the names of threads begin that may be left behind, waiting for what never answers
LEFT_BEHIND = "doctor-"


@dataclass(frozen=True)
class Finding:
    """One examined thing."""

    name: str
    ok: bool
    #: what was found, one sentence
    says: str
    #: what to do; empty when all is well
    cure: str = ""
    #: with ok: it works, but somebody should look at it
    warning: bool = False


__all__ = ["LEFT_BEHIND", "Finding"]
