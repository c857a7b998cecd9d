"""The scripts that move items: on a real Redis, with leases that end at once instead of sleeps."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from pipeline.errors import PipelineError
from pipeline.settings import Settings
from workers.stages import MAX_CRASHES, Done, Stages, connect


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
    assert stages.counters() == {"fetch:done": 1}
    assert [one.payload for one in stages.claim("clean", 9, "t")] == [b"a"]


def test_an_item_that_ends_leaves_nothing_behind(stages: Stages) -> None:
    stages.admit("store", [1])
    stages.claim("store", 1, "t")
    assert stages.done("store", [Done(1)]) == (1, 0)
    stages.free("store", "t")
    assert {key.decode() for key in stages.redis.scan_iter("*")} == {"feedmill:cnt"}


def test_items_of_a_vanished_worker_come_back_alone(stages: Stages, hasty: Stages) -> None:
    stages.admit("clean", [1, 2])
    assert len(hasty.claim("clean", 9, "killed")) == 2
    stages.admit("clean", [3])
    batches = [[one.id for one in stages.claim("clean", 9, "t")] for _ in range(3)]
    assert sorted(batches[:2]) == [[1], [2]]
    assert batches[2] == [3]


def test_an_item_that_kills_its_process_again_and_again_is_dead(stages: Stages, hasty: Stages) -> None:
    stages.admit("clean", [1, 2])
    hasty.claim("clean", 9, "t")  # together: nobody knows which of them it was
    for _ in range(MAX_CRASHES):
        while (claimed := hasty.claim("clean", 9, "t")) and claimed[0].id != 1:
            hasty.done("clean", [Done(2)])
    hasty.claim("clean", 9, "t")
    assert stages.dead() == [("clean", 1)]
    stages.bury("clean", 1)
    assert stages.dead() == []
    assert stages.live() == set()


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


ACTIONS = st.lists(st.sampled_from(["claim", "vanish", "done", "late", "release"]), max_size=40)


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
