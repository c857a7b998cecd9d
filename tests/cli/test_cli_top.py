"""`feedmill status --watch` on a terminal: the whole deployment on one screen."""

import io

import pytest
from cli_place import article, failed_item, finish, new_item, open_job
from rich.console import Console

from pipeline.errors import StoreError
from workers.cli import top


class Terminal(io.StringIO):
    """Somebody looks at it."""

    def isatty(self):
        return True


@pytest.fixture
def looked_at(place, monkeypatch):
    """What stands on the screen after one look, at some size."""
    store = place.store()

    def looked(width=80, height=24, of=store):
        screen = Terminal()
        console = Console(file=screen, width=width, height=height, color_system=None)

        def leave(_seconds):
            raise KeyboardInterrupt

        monkeypatch.setattr(top.time, "sleep", leave)
        with pytest.raises(KeyboardInterrupt):
            top.watch(console, of, None, "my data")
        drawn = screen.getvalue().partition("\x1b[H")[2].rpartition("\x1b[?2026l")[0]
        assert screen.getvalue().endswith("\x1b[?1049l\x1b[?25h")
        return drawn.partition("\x1b[H")[2].replace("\x1b[K", "").replace("\x1b[J", "").splitlines()

    yield store, looked
    store.close()


@pytest.mark.parametrize("width", [60, 80, 140])
def test_one_screen_has_stages_jobs_and_what_came_in(looked_at, width):
    import time

    store, looked = looked_at
    now = time.time()
    job = open_job(store, [new_item("a"), failed_item("b", "not_found", "No such file."), new_item("c")], now)
    finish(store, {"a": article("Harbour \x1b[2Jreopens", site_name="The Wire")}, now)
    lines = looked(width)
    assert lines[0].startswith("Feedmill  my data")
    assert "`feedmill up` starts it" in " ".join(lines[1:3])
    starts = [line.split()[0] for line in lines if line.strip()]
    assert [one for one in starts if one in ("fetch", "clean", "extract", "store")] == [
        "fetch", "clean", "extract", "store",
    ]  # fmt: skip
    assert any(line.startswith(job) for line in lines)
    assert any(r"Harbour \x1b[2Jreopens" in line for line in lines)
    assert any(line.startswith("failed") and "not_found" in line for line in lines)
    assert max(map(len, lines)) < width
    assert len(lines) < 24


def test_a_low_terminal_shows_no_more_than_it_has(looked_at):
    assert len(looked_at[1](height=8)) <= 7


def test_a_database_that_is_away_is_said_and_looked_for_again(looked_at):
    class Away:
        def __getattr__(self, _name):
            raise StoreError("The database cannot be reached: it is being restarted.")

    lines = looked_at[1](of=Away())
    assert "being restarted" in " ".join(lines)
    assert "Ctrl-C ends this" in " ".join(lines)
