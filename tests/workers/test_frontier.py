"""The frontier on a real Redis: spacing, parallelism and holds are kept whatever its callers do."""

from __future__ import annotations

import time
from collections import defaultdict
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from pipeline.model import Problem
from workers.frontier import Frontier, Place, Release, Step, Visit
from workers.stages import Done, Stages

WHY = Problem(code="connect", message="It takes no connection.")


@pytest.fixture
def frontier(stages: Stages) -> Frontier:
    return Frontier(stages, "fetch")


def waiting(
    frontier: Frontier, *ids: int, host: str = "a.example", delay: float = 0.0, **more: object
) -> None:
    """Ids, admitted and claimed, into the queue of a host."""
    frontier.stages.admit(frontier.stage, ids)
    while claimed := frontier.stages.claim(frontier.stage, 1000, "router"):
        places = [Place(one.id, host, delay, **{"parallel": 1} | more) for one in claimed]  # type: ignore[arg-type]
        frontier.route(places)


def look(frontier: Frontier, want: int = 64, *released: Release, quiet: bool = True) -> Step:
    return frontier.step(want, "token", released, quiet=quiet, stay=True)


def until_taken(frontier: Frontier, *released: Release, quiet: bool = True) -> list[Visit]:
    """What is handed out next, when its time has come."""
    ends = time.monotonic() + 10
    step = look(frontier, 64, *released, quiet=quiet)
    while not step.visits:
        assert time.monotonic() < ends
        time.sleep(step.ready_in or 0.01)
        step = look(frontier, 64, quiet=quiet)
    return step.visits


def over(visit: Visit, delay: float = 0.0, **more: object) -> Release:
    return Release(visit.host, visit.claimed.id, delay, **({"took": 0.0} | more))  # type: ignore[arg-type]


def ids(visits: list[Visit]) -> list[int]:
    return [one.claimed.id for one in visits]


def test_a_host_is_with_one_caller_at_a_time_and_others_are_free(frontier: Frontier) -> None:
    waiting(frontier, 1, 2, host="a.example")
    waiting(frontier, 3, host="b.example")
    assert sorted(ids(look(frontier).visits)) == [1, 3]
    assert look(frontier).visits == []


def test_the_pause_begins_when_the_host_is_given_back(frontier: Frontier) -> None:
    waiting(frontier, 1, 2, delay=0.15)
    (first,) = look(frontier).visits
    time.sleep(0.2)  # longer than the pause: it must count from the end, not from the beginning
    before = time.monotonic()
    (second,) = until_taken(frontier, over(first, 0.15))
    assert second.claimed.id == 2
    assert time.monotonic() - before >= 0.149


def test_what_passed_since_the_answer_is_part_of_the_pause(frontier: Frontier) -> None:
    waiting(frontier, 1, 2, delay=60)
    (first,) = look(frontier).visits
    step = look(frontier, 64, over(first, 60, ago=0.0))
    assert step.ready_in == pytest.approx(60, abs=1)


def test_a_host_may_be_asked_twice_at_once_where_its_rule_says_so(frontier: Frontier) -> None:
    waiting(frontier, 1, 2, 3, parallel=2)
    taken = until_taken(frontier) + until_taken(frontier)
    assert ids(taken) == [1, 2]
    assert look(frontier).visits == []
    assert ids(until_taken(frontier, over(taken[0]))) == [3]


def test_both_stages_share_a_host(frontier: Frontier, stages: Stages) -> None:
    polls = Frontier(stages, "poll")
    waiting(frontier, 1)
    waiting(polls, 7)
    (page,) = look(frontier).visits
    assert look(polls).visits == []
    assert ids(until_taken(frontier, over(page)) if False else until_given(polls, frontier, over(page))) == [
        7
    ]


def until_given(taker: Frontier, giver: Frontier, released: Release) -> list[Visit]:
    look(giver, 0, released)
    return until_taken(taker)


def test_a_long_latency_lengthens_the_pause(frontier: Frontier) -> None:
    waiting(frontier, 1, 2)
    (first,) = look(frontier).visits
    assert look(frontier, 64, over(first, 0.0, took=40.0)).ready_in == pytest.approx(10, abs=0.5)


def test_a_host_that_asks_to_slow_down_is_left_alone_as_long_as_it_said(frontier: Frontier) -> None:
    waiting(frontier, 1, 2)
    (first,) = look(frontier).visits
    step = look(frontier, 64, over(first, 0.0, took=0.1, result="slow_down", hold=90.0, holds=(5.0, 600.0)))
    assert step.ready_in == pytest.approx(90, abs=1)


def test_each_further_refusal_doubles_the_hold_and_a_success_ends_it(frontier: Frontier) -> None:
    waits = []
    for number in range(1, 5):
        waiting(frontier, number, 100 + number, where="first")
        (visit,) = look(frontier).visits
        step = look(frontier, 0, over(visit, 0.0, took=0.0, result="slow_down", holds=(0.02, 0.06)))
        waits.append(step.ready_in or 0.0)
        time.sleep(0.08)
    assert waits[0] <= 0.021
    assert 0.03 < waits[1] <= 0.041
    assert 0.05 < waits[2] <= 0.061
    assert 0.05 < waits[3] <= 0.061


def test_items_of_a_host_that_is_away_learn_so_at_once(frontier: Frontier) -> None:
    waiting(frontier, *range(1, 31))
    for _ in range(2):
        (visit,) = until_taken(frontier)
        assert visit.away is None
        step = look(frontier, 0, over(visit, 0.0, took=0.1, result="away", holds=(30.0, 600.0), why=WHY))
    assert step.visits == []
    told = look(frontier).visits
    assert all(one.away == WHY for one in told)
    assert len(told) >= 4


def test_a_host_has_room_for_some_seconds_and_the_rest_gets_times_of_its_own(frontier: Frontier) -> None:
    frontier.stages.admit("fetch", range(1, 101))
    claimed = frontier.stages.claim("fetch", 1000, "router")
    claimed += frontier.stages.claim("fetch", 1000, "router")
    due = frontier.route([Place(one.id, "a.example", 1.0, 1) for one in claimed])
    routed = [one.id for one in claimed if one.id not in due]
    assert routed == [one.id for one in claimed][: len(routed)]
    assert 4 <= len(routed) <= 8
    times = list(due.values())
    assert times == sorted(times)
    assert all(later - earlier >= 0.99 for earlier, later in pairwise(times))
    # They are still the caller's: only who holds the lease can report them.
    assert frontier.stages.done("fetch", [Done(one) for one in due])[0] == len(due)


def test_evicted_items_come_back_one_after_the_other(frontier: Frontier) -> None:
    waiting(frontier, 1, 2, 3, delay=1.0)
    (visit,) = look(frontier).visits
    look(frontier, 0, over(visit, 1.0, took=0.0, result="slow_down", hold=60.0, holds=(5.0, 600.0)))
    due = frontier.evict("a.example")
    assert list(due) == [2, 3]
    assert due[2] == pytest.approx(time.time() + 60, abs=2)
    assert due[3] - due[2] >= 0.99
    assert look(frontier).ready_in is None


def test_a_suspect_waits_until_its_taker_has_nothing_else(frontier: Frontier, hasty: Stages) -> None:
    hasty.admit("fetch", [1])
    for _ in range(2):
        hasty.claim("fetch", 1, "killed")
    frontier.stages.claim("fetch", 1, "router")  # finds the lost lease and takes the suspect
    frontier.route([Place(1, "a.example", 0.0, 1, where="first")])
    waiting(frontier, 2, host="b.example")
    step = look(frontier, quiet=False)
    assert ids(step.visits) == [2]
    assert step.suspect
    assert ids(until_taken(frontier, quiet=True)) == [1]


def test_a_vanished_worker_gives_its_host_back(frontier: Frontier, hasty: Stages) -> None:
    waiting(frontier, 1, 2)
    gone = Frontier(hasty, "fetch")
    assert ids(look(gone).visits) == [1]
    assert ids(until_taken(frontier)) == [2]


def test_a_host_beside_the_queues_is_waited_for_and_then_exclusive(frontier: Frontier) -> None:
    waiting(frontier, 1, 2, host="b.example", delay=0.1)
    waiting(frontier, 3, host="a.example")
    taken = {one.host: one for one in look(frontier).visits}
    wait = frontier.turn(3, "b.example", 0.1, 1)
    assert wait > 0
    step = look(frontier, 64, over(taken["b.example"], 0.1))
    # The queues leave it to the one who asked.
    assert step.visits == []
    ends = time.monotonic() + 5
    while (wait := frontier.turn(3, "b.example", 0.1, 1)) > 0:
        assert time.monotonic() < ends
        time.sleep(wait)
    assert look(frontier).visits == []
    look(frontier, 0, Release("b.example", 3, 0.1, took=0.0))
    assert ids(until_taken(frontier)) == [2]


def test_routed_items_count_as_waiting(frontier: Frontier) -> None:
    waiting(frontier, 1, 2, 3)
    look(frontier)
    assert frontier.stages.depths()["fetch"] == {"waiting": 2, "running": 1}
    assert frontier.stages.locate([1, 2])["fetch"] == {"waiting": 1, "running": 1}


def test_a_pump_is_called_when_a_host_is_ready(frontier: Frontier) -> None:
    waiting(frontier, 1)
    frontier.stages.free("fetch", "router")
    assert frontier.stages.kick("fetch", 2, 8, "t")


@hypothesis_settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    moves=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), min_size=1, max_size=60),
    parallel=st.integers(1, 2),
)
def test_law_no_host_is_handed_out_beyond_its_share_and_no_item_twice(
    frontier: Frontier, moves: list[tuple[int, int]], parallel: int
) -> None:
    """Whatever the order of routing, looking and giving back."""
    frontier.stages.redis.flushall()
    held: dict[str, list[Visit]] = defaultdict(list)
    seen: list[int] = []
    for number, (kind, which) in enumerate(moves, 1):
        host = f"{which}.example"
        if kind == 0 and held[host]:
            look(frontier, 0, over(held[host].pop(), 0.0, took=0.0, result="ok"))
        elif kind == 1:
            waiting(frontier, number, host=host, parallel=parallel)
        else:
            for visit in look(frontier, 1 + which).visits:
                held[visit.host].append(visit)
                seen.append(visit.claimed.id)
        assert all(len(visits) <= parallel for visits in held.values())
    assert len(seen) == len(set(seen))


def test_a_host_that_was_not_asked_needs_no_pause(frontier: Frontier) -> None:
    waiting(frontier, 1, 2, delay=60.0)
    (first,) = look(frontier).visits
    assert ids(look(frontier, 64, over(first, 60.0, took=None)).visits) == [2]
