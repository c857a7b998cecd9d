"""What keeps a host from being asked: its robots.txt, and what workers know of it at the moment."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.errors import SettingsError
from pipeline.fetch.client import user_agent
from pipeline.fetch.hosts import HostRules
from pipeline.fetch.robots import Robots, origin_of
from pipeline.model import Problem
from pipeline.packing import unpack
from pipeline.settings import Settings
from workers.frontier import Frontier
from workers.stages import Stages
from workers.whereabouts.clue import Clue
from workers.wording import count, from_now, span

#: a pause that is shorter is the usual distance between two requests (s)
SHORT = 15.0


def host_clues(stages: Stages | None, url: str, settings: Settings, now: float) -> Iterator[Clue]:
    """Why an address cannot be fetched, or not at once. Raises PipelineError (`redis`)."""
    try:
        rules = HostRules(settings)
    except SettingsError as error:
        yield Clue("bad", error.message, next="Mend the file, then restart the workers.")
        return
    if stages is None:
        return
    rule = rules.of(url)
    if rule.robots and settings.robots != "ignore":
        yield from _robots(stages, url, rule.user_agent or user_agent(settings), now)
    yield from _hold(stages, rules.scope(url), now)


def _robots(stages: Stages, url: str, agent: str, now: float) -> Iterator[Clue]:
    file = Frontier(stages, "fetch").robots(origin_of(url))
    if file is None:
        return
    read = f"as it was read {from_now(file.fetched_at, now)}"
    if file.state == "away":
        yield Clue(
            "bad",
            f"The robots.txt of {file.origin} could not be had, {read}: until it can, nothing is fetched "
            "there.",
            next=f"It is asked for again {from_now(max(file.expires_at, now), now)}.",
        )
    elif not Robots(file, agent).allows(url):
        yield Clue(
            "bad",
            f"The robots.txt of {file.origin} asks not to fetch this address, {read}.",
            next="Hand in the text itself if you have it. `robots = false` in FEEDMILL_HOSTS_FILE, or "
            "FEEDMILL_ROBOTS=ignore, would not heed it: ask the site first.",
        )


def _hold(stages: Stages, host: str, now: float) -> Iterator[Clue]:
    until, strikes, away, why = stages.facts(stages.key("host", host), ["next", "strikes", "away", "why"])
    clock = stages.clock()
    if away and float(away) / 1000 > clock:
        problem = unpack(why, Problem) if why else None
        said = f": {problem.code}: {problem.message}" if problem else "."
        wait = span(float(away) / 1000 - clock)
        yield Clue(
            "wait",
            f"{host} takes no connections at the moment{said}",
            next=f"It is left alone for {wait}; what waits for it is tried again.",
        )
    elif until and float(until) / 1000 - clock > SHORT:
        times = f" after {count(int(strikes), 'refusal')} in a row" if strikes and int(strikes) > 0 else ""
        yield Clue(
            "wait",
            f"{host} is left alone for {span(float(until) / 1000 - clock)}{times}.",
            next="What waits for it is fetched then.",
        )


__all__ = ["SHORT", "host_clues"]
