import io

import pytest
from rich.console import Console

from workers.cli.panel import conservation, job_line
from workers.cli.progress import progress_on
from workers.status import adds_up, no_depths, past

OUTCOMES = ("stored", "updated", "unchanged", "duplicate", "skipped", "failed")


def document(items=100, stored=0, pending=None, state="running", **running):
    """A status document: so many items running in each named stage, the others pending."""
    stages = no_depths()
    for stage, number in running.items():
        stages[stage]["running"] = number
    in_flight = sum(running.values())
    return {
        "job": "j",
        "state": state,
        "items": items,
        "stages": stages,
        "outcomes": dict.fromkeys(OUTCOMES, 0) | {"stored": stored},
        "pending": items - stored - in_flight if pending is None else pending,
        "in_flight": in_flight,
    }


def test_an_item_is_past_the_stages_before_the_one_it_is_in():
    behind = past(document(stored=10, clean=5, store=20))
    assert behind == {"fetch": 10 + 20 + 5, "clean": 10 + 20, "extract": 10 + 20, "store": 10}


def test_a_stage_is_never_past_more_items_than_there_are():
    # An item that ended between the two readings is counted in its stage and in its outcome.
    assert past(document(items=10, stored=10, pending=0, store=1))["fetch"] == 10


@pytest.mark.parametrize(
    ("fields", "fine"),
    [({"stored": 40}, True), ({"stored": 40, "pending": 59}, False), ({"stored": 101}, False)],
)
def test_conservation_is_stated_or_its_breach_is_loud(fields, fine):
    told = document(**fields)
    assert adds_up(told) is fine
    assert ("DO NOT EQUAL" in conservation(told)) is not fine


def test_bars_never_go_back():
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=200, color_system=None)
    with progress_on(console) as progress:
        progress.accepted(7)
        progress.show(document(stored=50, clean=20))
        progress.show(document(stored=40))
    assert "50 of 100" in screen.getvalue()
    assert "store    " in screen.getvalue()
    last_store_line = [line for line in screen.getvalue().splitlines() if line.startswith("store")][-1]
    assert "50 of 100" in last_store_line


def test_lines_are_few_and_the_end_is_always_told():
    log = io.StringIO()
    with progress_on(Console(file=log, width=300)) as progress:
        for stored in range(100):
            progress.show(document(stored=stored))
        progress.show(document(stored=100, state="done"))
    assert log.getvalue() == job_line(document(stored=100), rate=None, left=None) + "\n"
    assert "100 stored" in log.getvalue()
