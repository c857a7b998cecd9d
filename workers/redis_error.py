"""What is wrong with Redis, in words, and the way out."""

from __future__ import annotations

from pipeline.errors import PipelineError
from pipeline.tally import TALLY
from pipeline.urls import without_password

#: a fragment of the server's words -> what to do
_ADVICE = {
    "maxmemory": "It is full: make room in it, or raise its maxmemory; then work goes on by itself.",
    "MISCONF": "It cannot write to its disk: make room there; then work goes on by itself.",
    "READONLY": "It is a replica: set FEEDMILL_REDIS_URL to the server that takes writes.",
    "loading": "It reads its data from disk; then work goes on by itself.",
    # The client leaves out the word before an error where it has a class for it.
    "Authentication required": "Put its password into FEEDMILL_REDIS_URL.",
    "already authenticated": "Put its password into FEEDMILL_REDIS_URL.",
    "invalid username-password": "Check user and password in FEEDMILL_REDIS_URL.",
    "max number of clients": "It has too many clients: raise its maxclients, or end some.",
    "NOAUTH": "Put its password into FEEDMILL_REDIS_URL.",
    "WRONGPASS": "Check user and password in FEEDMILL_REDIS_URL.",
}
_ELSE = "Start it, or set FEEDMILL_REDIS_URL to one that runs (unset: an embedded one is started)."


def unusable(url: str, error: Exception) -> PipelineError:
    """The error (`redis`) that says which Redis, why, and what to do. It is counted."""
    TALLY.add("error:redis")
    said = str(error).rstrip(".")
    advice = next((told for fragment, told in _ADVICE.items() if fragment in said), _ELSE)
    message = f"Redis at {without_password(url)} cannot be used: {said}. {advice}"
    return PipelineError(message, code="redis", retry_helps=True)
