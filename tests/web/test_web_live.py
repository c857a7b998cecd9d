"""Pages that are kept as things are, for one and for many who watch."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from event_stream import Event, Watcher
from web_site import Site, new_item

from pipeline.errors import StoreError
from workers.web import live
from workers.web.live import MOST_TOPICS, Live, View


class Thing:
    """Something to look at, and how often somebody did."""

    def __init__(self) -> None:
        self.looks, self.view = 0, View({"a": "one", "b": "two"}, "Thing")
        self.error: Exception | None = None

    def look(self) -> View:
        self.looks += 1
        if self.error:
            raise self.error
        return self.view


def watch(
    streams: Live, thing: Thing, does: Callable[[Callable[[object], Watcher]], Awaitable[None]]
) -> None:
    """Let a scenario open watchers of things."""

    async def run() -> None:
        opened: list[Watcher] = []

        def begin(name: object = "thing") -> Watcher:
            async def app(scope: object, receive: object, send: object) -> None:
                await streams.answer(name, thing.look)(scope, receive, send)  # type: ignore[arg-type]

            opened.append(Watcher(app))
            return opened[-1]

        await does(begin)
        for one in opened:
            await one.leave()

    asyncio.run(run())


def named(name: str, times: int = 1) -> Callable[[list[Event]], bool]:
    return lambda events: sum(1 for one, _ in events if one == name) >= times


def test_a_part_is_sent_again_only_when_it_changes() -> None:
    thing, streams = Thing(), Live(pause=0.01)

    async def scenario(begin: Callable[..., Watcher]) -> None:
        one = await begin().open("/")
        await one.until(named("parts"))
        thing.view = View({"a": "one", "b": "three"}, "Thing")
        events = await one.until(named("parts", 2))
        assert [told["parts"] for _, told in events] == [{"a": "one", "b": "two"}, {"b": "three"}]

    watch(streams, thing, scenario)
    assert streams.streams == 0


def test_many_who_watch_share_one_look() -> None:
    thing, streams = Thing(), Live(pause=3600)

    async def scenario(begin: Callable[..., Watcher]) -> None:
        for _ in range(5):
            one = await begin().open("/")
            assert (await one.until(named("parts")))[0][1]["parts"] == thing.view.parts
        assert streams.streams == 5

    watch(streams, thing, scenario)
    assert thing.looks == 1


def test_nobody_looks_when_nobody_watches() -> None:
    thing, streams = Thing(), Live(pause=0.001)

    async def scenario(begin: Callable[..., Watcher]) -> None:
        one = await begin().open("/")
        await one.until(named("parts"))
        await one.leave()
        looks = thing.looks
        again = await begin().open("/")
        await again.until(named("parts"))
        assert thing.looks > looks

    watch(streams, thing, scenario)
    assert streams.streams == 0


def test_a_stream_too_many_is_refused_in_words_and_the_others_go_on() -> None:
    thing, streams = Thing(), Live(pause=0.01, most=2)

    async def scenario(begin: Callable[..., Watcher]) -> None:
        first = await begin().open("/")
        second = await begin().open("/")
        await second.until(named("parts"))
        ((name, told),) = await (await begin().open("/")).ended()
        assert (name, told["say"]) == ("refused", "2 pages are kept live already.")
        thing.view = View({"a": "more"})
        await first.until(named("parts", 2))
        await second.leave()
        await (await begin().open("/")).until(named("parts"))

    watch(streams, thing, scenario)


def test_different_things_are_bounded_too() -> None:
    thing, streams = Thing(), Live(pause=3600)

    async def scenario(begin: Callable[..., Watcher]) -> None:
        for number in range(MOST_TOPICS):
            await (await begin(number).open("/")).until(named("parts"))
        assert [name for name, _ in await (await begin("more").open("/")).ended()] == ["refused"]
        await (await begin(0).open("/")).until(named("parts"))

    watch(streams, thing, scenario)


def test_what_cannot_be_looked_at_for_a_while_is_said_and_goes_on() -> None:
    thing, streams = Thing(), Live(pause=0.01)

    async def scenario(begin: Callable[..., Watcher]) -> None:
        one = await begin().open("/")
        await one.until(named("parts"))
        thing.error = StoreError("The database is away.")
        events = await one.until(named("trouble"))
        assert events[-1] == ("trouble", {"say": "The database is away."})
        thing.error, thing.view = None, View({"a": "back"})
        assert (await one.until(named("parts", 2)))[-1][1]["parts"] == {"a": "back"}

    watch(streams, thing, scenario)


def test_a_defect_of_ours_is_said_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    thing, streams = Thing(), Live(pause=0.01)
    thing.error = ZeroDivisionError("ours")

    async def scenario(begin: Callable[..., Watcher]) -> None:
        await (await begin().open("/")).until(named("trouble"))

    watch(streams, thing, scenario)
    assert "no longer kept live" in caplog.text


def test_what_has_ended_ends_the_stream() -> None:
    thing, streams = Thing(), Live(pause=0.01)
    thing.view = View({"a": "done"}, over=True)

    async def scenario(begin: Callable[..., Watcher]) -> None:
        ((_, told),) = await (await begin().open("/")).ended()
        assert told["over"] is True

    watch(streams, thing, scenario)


def test_a_stopping_server_ends_all_streams_at_once() -> None:
    thing, streams = Thing(), Live(pause=3600)

    async def scenario(begin: Callable[..., Watcher]) -> None:
        one = await begin().open("/")
        await one.until(named("parts"))
        streams.close()
        assert (await one.ended())[-1][0] == "bye"

    watch(streams, thing, scenario)


def test_a_stream_ends_after_a_while_so_that_who_may_read_is_asked_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(live, "STREAM_SECONDS", 0.0)
    thing, streams = Thing(), Live()

    async def scenario(begin: Callable[..., Watcher]) -> None:
        assert [name for name, _ in await (await begin().open("/")).ended()] == ["bye"]

    watch(streams, thing, scenario)


def test_the_dashboard_is_sent_as_it_is_in_the_page(site: Site) -> None:
    site.job([new_item("a"), new_item("b")])
    shown = site.browser.get("/").text

    async def read() -> Event:
        one = await Watcher(site.whole).open("/events")
        events = await one.until(named("parts"))
        await one.leave()
        assert one.headers["content-type"].startswith("text/event-stream")
        return events[0]

    _, told = asyncio.run(read())
    assert told["title"].startswith("Nothing runs")
    assert set(told["parts"]) == {"state", "conservation", "stages", "charts", "workers", "feeds", "jobs"}
    for name, html in told["parts"].items():
        assert f'id="{name}"' in shown
        assert html in shown
