"""The scripts that move items: on a real Redis, with leases that end at once instead of sleeps."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from pipeline.errors import PipelineError
from pipeline.settings import Settings
from workers.stages import DOUBTFUL, SURE, Claimed, Done, Stages, connect


def test_items_are_claimed_in_the_order_of_admission_with_their_payloads(stages: Stages) -> None:
    stages.admit("fetch", [1, 2, 3])
    assert [one.id for one in stages.claim("fetch", 2, "t")] == [1, 2]
    stages.done("fetch", [Done(2, "clean", b"two"), Done(1, "clean", b"one")])
    assert [(one.id, one.payload) for one in stages.claim("clean", 9, "u")] == [(2, b"two"), (1, b"one")]


def test_a_short_queue_is_shared_between_pumps(stages: Stages) -> None:
    stages.admit("clean", range(20))
    assert [len(stages.claim("clean", 256, token)) for token in "abcd"] == [10, 5, 4, 1]


def test_a_long_queue_and_the_last_stage_come_in_full_batches(stages: Stages) -> None:
    stages.admit("clean", range(300))
    assert len(stages.claim("clean", 256, "a")) == 256
    stages.admit("store", range(1000, 1020))
    assert len(stages.claim("store", 256, "b")) == 20


def test_an_item_in_flight_is_not_admitted_twice(stages: Stages) -> None:
    assert stages.admit("fetch", [1, 2]) == 2
    stages.claim("fetch", 1, "t")
    assert stages.admit("fetch", [1, 2, 3]) == 1
    assert stages.depths()["fetch"] == {"waiting": 2, "running": 1}


def test_only_the_holder_of_the_lease_hands_on(stages: Stages) -> None:
    stages.admit("fetch", [1])
    stages.claim("fetch", 1, "t")
    assert stages.done("fetch", [Done(1, "clean", b"a")]) == (1, 1)
    assert stages.done("fetch", [Done(1, "clean", b"b")]) == (0, 1)
    assert stages.counters() == {"fetch:done": 1, "fetch:handed": 1}
    assert [one.payload for one in stages.claim("clean", 9, "t")] == [b"a"]


def test_an_item_that_ends_leaves_nothing_behind(stages: Stages) -> None:
    stages.admit("store", [1])
    stages.claim("store", 1, "t")
    assert stages.done("store", [Done(1)]) == (1, 0)
    stages.free("store", "t")
    assert {key.decode() for key in stages.redis.scan_iter("*")} == {"feedmill:cnt"}


def ids(claimed: list[Claimed]) -> list[int]:
    return [one.id for one in claimed]


def test_items_of_a_vanished_worker_are_next_in_line_and_no_suspects(stages: Stages, hasty: Stages) -> None:
    stages.admit("store", [1, 2])
    hasty.claim("store", 9, "killed")
    stages.admit("store", [3])
    assert sorted(ids(stages.claim("store", 9, "t"))) == [1, 2, 3]


def test_items_that_were_lost_twice_travel_alone(stages: Stages, hasty: Stages) -> None:
    stages.admit("store", [1, 2])
    for _ in range(2):
        assert len(hasty.claim("store", 9, "killed")) == 2
    stages.admit("store", [3])
    batches = [ids(stages.claim("store", 9, "t")) for _ in range(3)]
    assert sorted(batches[:2]) == [[1], [2]]
    assert batches[2] == [3]


def test_the_mates_of_an_item_that_killed_its_process_go_on_at_once(stages: Stages) -> None:
    stages.admit("store", [1, 2, 3])
    stages.claim("store", 9, "t")
    assert stages.vanished("store", "t", 2, [1, 3], weight=SURE, seen=b"{}") == (False, 2)
    assert ids(stages.claim("store", 9, "u")) == [2], "the suspect, alone"
    assert sorted(ids(stages.claim("store", 9, "v"))) == [1, 3]
    assert stages.pumps("store") == 2, "the place of the dead one was given back"


def test_an_item_that_kills_its_process_again_and_again_is_dead(stages: Stages) -> None:
    stages.admit("clean", [1, 2])
    stages.claim("clean", 9, "t")
    stages.vanished("clean", "t", 1, [2], weight=SURE, seen=b"first")
    deaths = []
    while ids(stages.claim("clean", 1, "t")) == [1]:
        dead, _ = stages.vanished("clean", "t", 1, [], weight=SURE, seen=b"more")
        deaths.append(dead)
    assert deaths == [False] * (stages.settings.max_crashes - 1) + [True]
    assert stages.dead() == [("clean", 1)]
    assert stages.seen("clean", 1) == [b"first"] + [b"more"] * stages.settings.max_crashes
    stages.bury("clean", 1)
    assert (stages.dead(), stages.live(), stages.seen("clean", 1)) == ([], {2}, [])


def test_deaths_that_may_have_come_from_outside_count_a_third(stages: Stages) -> None:
    stages.admit("clean", [1])
    stages.claim("clean", 9, "t")
    stages.vanished("clean", "t", 1, [], weight=DOUBTFUL)
    number = 0
    while stages.claim("clean", 9, "t"):
        stages.vanished("clean", "t", 1, [], weight=DOUBTFUL)
        number += 1
    assert number == stages.settings.max_crashes * SURE / DOUBTFUL
    assert stages.dead() == [("clean", 1)]


def test_an_item_whose_whole_worker_always_vanishes_is_dead_in_the_end(hasty: Stages) -> None:
    hasty.admit("clean", [1])
    claims = 0
    while hasty.claim("clean", 9, "t"):
        claims += 1
    assert hasty.dead() == [("clean", 1)]
    assert claims == 2 + hasty.deadly


def test_an_item_that_hung_is_dead_at_once(stages: Stages) -> None:
    stages.admit("clean", [1, 2])
    stages.claim("clean", 9, "t")
    assert stages.vanished("clean", "t", 1, [2], weight=stages.deadly) == (True, 1)
    assert stages.dead() == [("clean", 1)]


def test_where_nobody_knows_which_item_it_was_all_are_suspects_from_the_second_time(stages: Stages) -> None:
    stages.admit("fetch", [1, 2])
    for _ in range(2):
        stages.claim("fetch", 9, "t")
        stages.vanished("fetch", "t", None, [1, 2], weight=SURE, any_of_them=True)
    assert [len(stages.claim("fetch", 9, "t")) for _ in range(3)] == [1, 1, 0]


def test_a_suspect_that_ends_well_is_none_in_the_next_stage(stages: Stages) -> None:
    stages.admit("clean", [1])
    stages.claim("clean", 1, "t")
    stages.vanished("clean", "t", 1, [], weight=SURE, seen=b"{}")
    stages.claim("clean", 1, "t")
    stages.done("clean", [Done(1, "extract", b"x")])
    stages.admit("clean", [2])
    assert stages.seen("clean", 1) == []
    assert [(one.id, one.lost) for one in stages.claim("extract", 1, "t")] == [(1, 0)]


def test_an_item_handed_back_is_next_in_line_and_no_suspect(stages: Stages) -> None:
    stages.admit("fetch", [1, 2])
    stages.claim("fetch", 1, "t")
    assert stages.release("fetch", [1, 7]) == 1
    assert [(one.id, one.lost) for one in stages.claim("fetch", 9, "t")] == [(1, 0), (2, 0)]


def test_a_renewed_lease_does_not_end(settings: Settings, stages: Stages, hasty: Stages) -> None:
    stages.admit("fetch", [1])
    hasty.claim("fetch", 1, "t")
    stages.renew("fetch", "t", [1])
    assert stages.claim("fetch", 1, "other") == []


def test_renewing_does_not_bring_back_what_was_reported(stages: Stages) -> None:
    stages.admit("fetch", [1])
    stages.claim("fetch", 1, "t")
    stages.done("fetch", [Done(1)])
    stages.renew("fetch", "t", [1])
    assert stages.depths()["fetch"]["running"] == 0


def test_a_stage_is_woken_once_for_a_batch_and_up_to_its_width(stages: Stages) -> None:
    stages.admit("clean", range(100))
    assert [stages.kick("clean", 2, 32, token) for token in "abc"] == [True, True, False]
    stages.free("clean", "a")
    assert stages.kick("clean", 2, 32, "d")


def test_a_stage_without_work_is_not_woken(stages: Stages) -> None:
    assert not stages.kick("clean", 2, 32, "a")
    stages.admit("clean", [1])
    stages.claim("clean", 1, "a")
    assert not stages.kick("clean", 2, 32, "b"), "its lease has not ended"


def test_a_stage_whose_worker_vanished_is_woken(stages: Stages, hasty: Stages) -> None:
    stages.admit("clean", [1])
    hasty.claim("clean", 1, "killed")
    assert stages.kick("clean", 1, 32, "b")


def test_wake_ups_do_not_pile_up_while_no_worker_runs(stages: Stages, hasty: Stages) -> None:
    stages.admit("clean", range(100))
    stages.redis.lpush(stages.key("mq", "clean"), "a message nobody takes")
    assert not hasty.kick("clean", 2, 32, "a")


def test_an_empty_claim_gives_the_place_back(stages: Stages) -> None:
    stages.admit("clean", [1])
    stages.claim("clean", 1, "a")
    assert stages.claim("clean", 1, "b") == []
    assert stages.pumps("clean") == 1


def test_one_coordinator_holds_the_lock(stages: Stages) -> None:
    assert stages.hold("one")
    assert stages.hold("one")
    assert not stages.hold("two")
    stages.let_go("two")
    assert not stages.hold("two")
    stages.let_go("one")
    assert stages.hold("two")


def test_locate_counts_only_the_items_that_were_asked_for(stages: Stages) -> None:
    stages.admit("fetch", [1, 2, 3])
    stages.claim("fetch", 1, "t")
    assert stages.locate([1, 3])["fetch"] == {"waiting": 1, "running": 1}


def test_a_redis_that_cannot_be_reached_is_named_without_its_password() -> None:
    stages = connect(Settings(redis_url="redis://user:secret@127.0.0.1:1/0"))
    with pytest.raises(PipelineError) as caught:
        stages.ping()
    assert caught.value.code == "redis"
    assert "127.0.0.1:1" in caught.value.message
    assert "secret" not in caught.value.message


ACTIONS = st.lists(st.sampled_from(["claim", "vanish", "die", "done", "late", "release"]), max_size=40)


@given(ACTIONS)
@hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_every_item_is_in_exactly_one_place_whatever_happens(
    stages: Stages, hasty: Stages, actions: list[str]
) -> None:
    stages.redis.flushall()
    stages.admit("clean", range(6))
    held: list[int] = []
    late: list[int] = []
    finished: Counter[int] = Counter()
    for action in actions:
        if action == "claim":
            held += [one.id for one in stages.claim("clean", 2, "t")]
        elif action == "vanish":
            late += [one.id for one in hasty.claim("clean", 2, "t")]
        elif action == "die":
            stages.vanished("clean", "t", held[0] if held else None, held[1:], weight=SURE, seen=b"{}")
            held = []
        elif action == "release":
            stages.release("clean", held)
            held = []
        else:
            mine = held if action == "done" else late
            count, _ = stages.done("clean", [Done(one) for one in mine])
            finished["all"] += count  # type: ignore[index]
            mine.clear()
    depths = stages.depths()["clean"]
    inside = depths["waiting"] + depths["running"] + len(stages.dead())
    assert inside == len(stages.live())
    assert inside + finished.total() == 6


def test_the_token_of_a_pump_that_vanished_goes_though_there_is_no_work(
    stages: Stages, hasty: Stages
) -> None:
    assert hasty.claim("clean", 10, "token", stay=True) == []
    assert stages.redis.zcard(stages.key("pump", "clean")) == 1
    stages.kick("clean", 1, 8, "other")
    assert stages.redis.zcard(stages.key("pump", "clean")) == 0
