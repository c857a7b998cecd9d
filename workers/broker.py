"""The broker's side of a worker: a message that is no wake-up costs nothing but itself.

kombu lets what the decoding of a message raises out of its event loop, and the worker ends; what
fails a little later stays unacknowledged and blocks the consumer (measured with kombu 5.7: a
number, bytes that are no JSON, a body that is no base64, one that is missing). Nobody else should
be able to write to a deployment's Redis; but whoever can, or shares it by mistake, shall not stop
its workers. So only what `workers.app.publish` sends gets in.
"""

from __future__ import annotations

import base64
import json
import logging
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, redis

logger = logging.getLogger(__name__)

#: the one task there is
TASK = "feedmill.pump"
#: two words in JSON, and that in base64 (bytes)
_LONGEST_BODY = 2_000
#: what decoding raises for JSON, its extensions by kombu, and shapes that are no message's
_UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError)


class Channel(redis.Channel):  # type: ignore[misc]
    """kombu's, but for messages that are no wake-up: they are dropped, and the log says so."""

    def _brpop_read(self, **options: Any) -> Any:
        self.connection.delivered = False
        try:
            return super()._brpop_read(**options)
        except _UNREADABLE as error:
            if self.connection.delivered:
                # Not the message's fault, and it is unacknowledged by now: only a new start helps.
                raise
            # Its content is not told: it may be anything, of anybody.
            logger.warning(
                "A message in Redis was no wake-up and was dropped (%s). Something else writes to this "
                "Redis under the prefix of this deployment; see FEEDMILL_REDIS_PREFIX.",
                type(error).__name__,
            )
            return True


class Transport(redis.Transport):  # type: ignore[misc]
    """kombu's Redis transport with that channel."""

    Channel = Channel
    #: whether the message that was read last has reached its consumer
    delivered = False

    def _deliver(self, message: Any, queue: str) -> None:
        if not is_wake_up(message):
            raise ValueError("no wake-up")
        self.delivered = True
        super()._deliver(message, queue)


def is_wake_up(message: Any) -> bool:
    """Whether a message is of the kind that wakes a pump. Raises `_UNREADABLE` for some that are none."""
    headers, properties, body = message["headers"], message["properties"], message["body"]
    if len(body) > _LONGEST_BODY:
        return False
    arguments, named, embedded = json.loads(base64.b64decode(body, validate=True))
    limits = headers["timelimit"]
    return (
        [type(one) for one in arguments] == [str, str]
        and named == {}
        # Callbacks, chains and chords would have us send further messages.
        and not any(embedded.values())
        and message["content-type"] == "application/json"
        and message["content-encoding"] == "utf-8"
        and properties["body_encoding"] == "base64"
        and isinstance(properties["delivery_tag"], str)
        and isinstance(properties["delivery_info"]["routing_key"], str)
        and headers["task"] == TASK
        and isinstance(headers["id"], str)
        and headers["eta"] is None
        and headers["expires"] is None
        and len(limits) == 2
        and all(isinstance(one, int | float) for one in limits)
    )


def install() -> None:
    """Have every connection to Redis made by `Transport`, whichever spelling its URL has."""
    for scheme in ("redis", "rediss"):
        TRANSPORT_ALIASES[scheme] = f"{__name__}:Transport"


__all__ = ["TASK", "Channel", "Transport", "install", "is_wake_up"]
