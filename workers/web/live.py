"""Pages that stay as things are: their parts as server-sent events (WHATWG HTML, section 9.2).

Whoever watches the same thing shares one look at it every few seconds, however many they are; each is
sent the parts that changed since it was last sent something. `static/live.js` puts them in their places.

Events: `parts` (JSON: `parts` by their ids in the page; where there are: `title`, `say` for screen
readers, `over` when nothing more will change), `still` (nothing changed), `trouble` (what cannot be looked
at; the stream goes on), `refused` (too many streams), `bye` (come again).
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Callable, Hashable
from dataclasses import dataclass, field

from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from pipeline.errors import CODES, PipelineError

logger = logging.getLogger(__name__)

#: where the application's state has its `Live`
LIVE = "live"
#: between two looks at a thing (s); longer where a look takes long, so that looking takes a fifth of the time
LOOK_SECONDS, SHARE = 2.0, 0.2
#: streams at once, and different things that they show
MOST_STREAMS, MOST_TOPICS = 64, 16
#: without a change for so long (s), a stream says that it is there
STILL_SECONDS = 15.0
#: a stream ends after this time (s): who may read is asked anew when it comes again
STREAM_SECONDS = 600.0
#: who was refused comes again after this time (s)
REFUSED_SECONDS = 60


@dataclass(frozen=True)
class View:
    """What one look found."""

    #: id of the part in the page -> its HTML
    parts: dict[str, str]
    title: str = ""
    #: for screen readers, whenever it changes; so not every number
    say: str = ""
    #: nothing of it will change any more
    over: bool = False


@dataclass
class _Topic:
    look: Callable[[], View]
    watchers: set[asyncio.Event] = field(default_factory=set)
    view: View | None = None
    trouble: str = ""
    task: asyncio.Task[None] | None = None


class Live:
    """The streams of one process, on one event loop."""

    def __init__(self, pause: float = LOOK_SECONDS, most: int = MOST_STREAMS) -> None:
        """``pause``: see `LOOK_SECONDS`; ``most``: streams at once."""
        self._pause, self._most = pause, most
        self._topics: dict[Hashable, _Topic] = {}
        self._closing = False

    @property
    def streams(self) -> int:
        """How many are open."""
        return sum(len(topic.watchers) for topic in self._topics.values())

    @property
    def closing(self) -> bool:
        """Whether the server stops."""
        return self._closing

    def close(self) -> None:
        """End all streams at once; those who watch come again."""
        self._closing = True
        for topic in self._topics.values():
            _wake(topic)

    def answer(self, name: Hashable, look: Callable[[], View]) -> StreamingResponse:
        """The stream of a thing. ``look`` runs in a thread; whoever has the same name shares it."""
        return StreamingResponse(
            self._follow(name, look),
            media_type="text/event-stream",
            # Proxies that collect answers would hold events back.
            headers={"cache-control": "no-store", "x-accel-buffering": "no"},
        )

    async def _follow(self, name: Hashable, look: Callable[[], View]) -> AsyncIterator[str]:
        if self.streams >= self._most or (name not in self._topics and len(self._topics) >= MOST_TOPICS):
            told = f"{self.streams} pages are kept live already."
            yield _event("refused", {"say": told, "seconds": REFUSED_SECONDS})
            return
        topic = self._topics.setdefault(name, _Topic(look))
        mine = asyncio.Event()
        topic.watchers.add(mine)
        if topic.task is None:
            topic.task = asyncio.create_task(self._keep_looking(topic))
        if topic.view or topic.trouble:
            mine.set()
        try:
            async for event in self._events(topic, mine):
                yield event
        finally:
            topic.watchers.discard(mine)
            if not topic.watchers and self._topics.get(name) is topic:
                del self._topics[name]
                topic.task.cancel()

    async def _events(self, topic: _Topic, mine: asyncio.Event) -> AsyncIterator[str]:
        sent: dict[str, str] = {}
        ends = time.monotonic() + STREAM_SECONDS
        while time.monotonic() < ends and not self._closing:
            try:
                async with asyncio.timeout(STILL_SECONDS):
                    await mine.wait()
            except TimeoutError:
                yield _event("still", {})
                continue
            mine.clear()
            if topic.trouble:
                yield _event("trouble", {"say": topic.trouble})
            elif topic.view:
                yield _event("parts", _news(topic.view, sent))
                if topic.view.over:
                    return
        yield _event("bye", {})

    async def _keep_looking(self, topic: _Topic) -> None:
        while True:
            began, trouble = time.monotonic(), ""
            view: View | None
            try:
                view = await run_in_threadpool(topic.look)
            except PipelineError as error:
                # The database is away for a while; those who watch are told, and stay.
                view, trouble = topic.view, error.message
            except Exception:
                # Nobody awaits this task: without this those who watch would see nothing move, and never why.
                logger.exception("a page is no longer kept live")
                view, trouble = topic.view, CODES["internal"]
            if view != topic.view or trouble != topic.trouble:
                topic.view, topic.trouble = view, trouble
                _wake(topic)
            if view and view.over and not trouble:
                return
            await asyncio.sleep(max(self._pause, (time.monotonic() - began) / SHARE))


def _wake(topic: _Topic) -> None:
    for one in topic.watchers:
        one.set()


def _news(view: View, sent: dict[str, str]) -> dict[str, object]:
    """What one who was sent this before is to be told; noted as sent."""
    parts = {part: html for part, html in view.parts.items() if sent.get(part) != html}
    sent |= parts
    told: dict[str, object] = {"parts": parts, "title": view.title, "say": view.say}
    return told | ({"over": True} if view.over else {})


def _event(name: str, data: dict[str, object]) -> str:
    return f"event: {name}\ndata: {json.dumps(data, separators=(',', ':'))}\n\n"


__all__ = [
    "LIVE", "LOOK_SECONDS", "MOST_STREAMS", "MOST_TOPICS", "REFUSED_SECONDS", "STREAM_SECONDS", "Live",
    "View",
]  # fmt: skip
