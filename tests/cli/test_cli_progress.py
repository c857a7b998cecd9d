import io
import re
import sys

import pytest
from cli_place import article, failed_item, finish, new_item, open_job
from rich.console import Console
from rich.text import Text

from workers.cli.arrivals import Arrival, arrival_lines
from workers.cli.panel import conservation, job_line
from workers.cli.progress import progress_on
from workers.cli.region import Region
from workers.status import adds_up, job_document, no_depths, past

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


class Terminal(io.StringIO):
    """Somebody looks at it."""

    def isatty(self):
        return True


def on_terminal(width=80, height=24):
    screen = Terminal()
    return screen, Console(file=screen, width=width, height=height, color_system=None)


def frames(screen):
    """What was drawn, one list of lines for each time."""
    drawn = [one.partition("\x1b[?2026l")[0] for one in screen.getvalue().split("\x1b[?2026h")[1:]]
    return [re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\r", "", one).splitlines() for one in drawn]


def test_bars_never_go_back():
    screen, console = on_terminal(width=200)
    with progress_on(console) as progress:
        progress.accepted(7)
        progress.show(document(stored=50, clean=20))
        progress.show(document(stored=40))
    first, second, third = frames(screen)
    assert first == ["reading the sources: 7 items"]
    assert "50 of 100" in second[3]
    assert third[3].startswith("store ")
    assert "50 of 100" in third[3]


def test_forced_colours_make_no_terminal_of_a_pipe(monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    log = io.StringIO()
    with progress_on(Console(file=log, width=300)) as progress:
        progress.show(document(stored=100, state="done"))
    assert "\x1b[?" not in log.getvalue()
    assert log.getvalue().count("\n") == 1


@pytest.mark.parametrize("width", [40, 60, 80, 140])
def test_no_drawn_line_is_wider_than_the_terminal(width):
    screen, console = on_terminal(width=width)
    with progress_on(console) as progress:
        progress.show(document(items=1_000_000, stored=400_000, fetch=900, clean=80, extract=8, store=12))
    (drawn,) = frames(screen)
    assert max(map(len, drawn)) < width
    assert [line.split()[0] for line in drawn[:4]] == ["fetch", "clean", "extract", "store"]


def test_a_region_that_the_terminal_broke_up_is_drawn_over_whole():
    screen, console = on_terminal(width=80)
    with Region(console) as region:
        region.draw(Text("x" * 70))
        console.width = 40
        region.draw(Text("short"))
    # The line of 70 columns takes two of 40: one up, to its first.
    assert "\r\x1b[1Ashort" in screen.getvalue()


def test_what_others_say_meanwhile_stands_above_the_region_in_whole_lines(monkeypatch):
    screen, console = on_terminal()
    with Region(console) as region:
        region.draw(Text("bars"))
        print("a warn", end="", file=sys.stderr)
        print("ing", file=sys.stderr)
    assert frames(screen) == [["bars"], ["a warning", "bars"]]
    assert screen.getvalue().endswith("\r\x1b[J\x1b[?25h")


def test_a_region_is_never_higher_than_the_terminal_and_shows_its_end():
    screen, console = on_terminal(height=5)
    with Region(console) as region:
        region.draw(Text("\n".join(map(str, range(20)))))
    assert frames(screen) == [["16", "17", "18", "19"]]


def test_what_came_in_runs_above_the_bars(place):
    store = place.store()
    job = open_job(store, [new_item("a"), failed_item("b", "not_found", "No such file: b."), new_item("c")])
    finish(store, {"a": article("Harbour \x1b[2Jreopens", site_name="The Wire")})
    screen, console = on_terminal()
    told = job_document(store, None, job)
    with progress_on(console, store) as progress:
        progress.show(told)
    (drawn,) = frames(screen)
    assert drawn[0] == "failed    b  not_found: No such file: b."
    assert drawn[1] == r"stored    Harbour \x1b[2Jreopens  The Wire"
    assert drawn[3].startswith("fetch")
    store.close()


def test_a_flood_of_articles_does_not_wash_away_what_failed():
    failed = Arrival(1.0, "failed", "a", "timeout: It took too long.", ("item", 1))
    flood = [Arrival(2.0 + n, "stored", f"Story {n}", "The Wire", ("article", n)) for n in range(30)]
    told = [line.plain for line in arrival_lines([failed, *flood], 4, 80)]
    assert [one.split()[0] for one in told] == ["failed", "stored", "stored", "stored"]
    assert "Story 29" in told[-1]
    assert arrival_lines([failed, *flood], 0, 80) == []


@pytest.mark.parametrize("width", [30, 60, 140])
def test_lines_of_what_came_in_fit_and_keep_the_reason(width):
    long = Arrival(
        1.0, "failed", "https://example.org/" + "a" * 200, "timeout: It took too long.", ("item", 1)
    )
    (line,) = arrival_lines([long], 5, width)
    assert line.cell_len <= width
    assert "timeout" in line.plain or width < 60


def test_lines_are_few_and_the_end_is_always_told():
    log = io.StringIO()
    with progress_on(Console(file=log, width=300)) as progress:
        for stored in range(100):
            progress.show(document(stored=stored))
        progress.show(document(stored=100, state="done"))
    assert log.getvalue() == job_line(document(stored=100), rate=None, left=None) + "\n"
    assert "100 stored" in log.getvalue()
