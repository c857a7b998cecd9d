"""Nothing that comes from outside reaches a terminal as more than text."""

from __future__ import annotations

import re

from cli_place import Place, article, failed_item, finish, new_item, open_job, step

from pipeline.model import Ending, Problem

#: clears the screen, sets the title, the same with C1 signs, turns the direction, ends the line, rings
EVIL = "A\x1b[2J\x1b]0;owned\x07B\x9b2J\u202eC\u2066D\r\nE\x08F\x7fG\u200bH\u061cI\U000e0041J\u2028K"
_HARMFUL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\U000e0000-\U000e007f]"
)
_CONTROLS = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f]")
COMMANDS = (
    "status", "status --json", "articles", "articles --json", "articles --search Ring", "show 1",
    "show 1 --markdown", "show 1 --json", "why 1", "why 1 --json", "why 2", "why 3", "why 3 --json",
    "failures", "failures --json", "feeds list", "feeds list --json", "feeds show 1", "feeds show 1 --json",
    "feeds export", "doctor", "retry --item 2", "delete 1 --yes",
)  # fmt: skip


def test_no_command_hands_a_control_character_to_the_terminal(place: Place) -> None:
    store = place.store()
    failed = failed_item(f"failed {EVIL}", message=f"It said {EVIL}.")
    broken = new_item(f"broken {EVIL}", source=f"in {EVIL}")
    open_job(store, [new_item(f"good {EVIL}", source=f"in {EVIL}"), failed, broken])
    told = article(f"Ring {EVIL}", f"Text {EVIL}", authors=[EVIL], site_name=EVIL, section=EVIL, tags=[EVIL])
    problem = Problem(code="internal", message=f"Raised {EVIL}")
    trace = [step("clean", f"failed {EVIL}", worker=EVIL, message=EVIL)]
    finish(store, {f"good {EVIL}": told, f"broken {EVIL}": Ending(item=0, problem=problem, trace=trace)})
    store.add_feed("https://news.example/feed.xml", 1_000.0, None, f"Feed {EVIL}")
    store.close()
    for command in COMMANDS:
        result = place.feedmill(*command.split())
        # In the formats of a file, a direction mark is content; in what is for people, it is a trick.
        harmful = _CONTROLS if "export" in command else _HARMFUL
        found = harmful.search(result.stdout) or harmful.search(result.stderr)
        assert not found, f"{command}: {found[0]!r} in {result.output!r}"
    assert place.feedmill("feeds", "show", "1").stdout.count("Feed") >= 1


def test_no_name_that_was_typed_comes_back_as_more_than_text(place: Place) -> None:
    place.store().close()
    for command in (
        "show",
        "why",
        "status",
        "delete --yes",
        "feeds show",
        "feeds remove --yes",
        "enqueue",
        "retry --job",
    ):
        result = place.feedmill(*command.split(), EVIL)
        assert not _HARMFUL.search(result.stdout + result.stderr), (command, result.output)
