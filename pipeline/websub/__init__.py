"""WebSub (https://www.w3.org/TR/websub/): which hub pushes a feed, when it is asked for that, and
what is made of what it says at our callback.

    asked --verified--> active --lease ends--> asked
      |                   |
      `----- denied ------+--> refused --days later--> asked

All judgement here is pure; `keep_subscribed` alone asks hubs, through the client that it is given.
"""

from __future__ import annotations

from pipeline.websub.answers import after_push, answered, challenge, is_authentic, pushed
from pipeline.websub.discovery import announced
from pipeline.websub.hub import keep_subscribed
from pipeline.websub.subscription import PATH, callback, intended

__all__ = [
    "PATH", "after_push", "announced", "answered", "callback", "challenge", "intended", "is_authentic",
    "keep_subscribed", "pushed",
]  # fmt: skip
