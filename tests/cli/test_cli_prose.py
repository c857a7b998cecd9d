"""Articles as pages to read, the pager, and terminals that know only ASCII."""

import gc
import io
import os
import re
import sys

import pytest
from cli_place import article, finish, new_item, open_job
from rich.console import Console

from workers.cli import plain
from workers.cli.pager import results_in_pages
from workers.cli.prose import page_of


def shown(markup, width=40):
    screen = io.StringIO()
    console = Console(file=screen, width=width, color_system=None, highlight=False, markup=False, emoji=False)
    for block in page_of(markup):
        console.print(block)
    return [line.rstrip() for line in screen.getvalue().splitlines()]


def test_paragraphs_headings_quotes_and_lists_are_told_apart():
    markup = "## The wall\n\nIt fell\nat noon.\n\n> Nobody saw it.\n\n- one\n- two\n\n1. first\n2. second"
    assert shown(markup) == [
        "The wall", "", "It fell", "at noon.", "", "    Nobody saw it.", "",
        "  - one", "  - two", "", "  1. first", "  2. second",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("marked", "said"),
    [
        ("a [link](https://example.org/x_y) here", "a link here"),
        ("**bold** and *light* and _light_", "bold and light and light"),
        (r"2 \* 3 \[sic\] \# \\", r"2 * 3 [sic] # \\"[:-1]),
        ("![a harbour](x.png)", "[a harbour]"),
        ("snake_case_name stays, as does 2*3*4", "snake_case_name stays, as does 2*3*4"),
        ("[bold red]no style of ours[/bold red]", "[bold red]no style of ours[/bold red]"),
        ("`code`", "code"),
    ],
)
def test_marks_inside_a_paragraph_are_read_and_not_shown(marked, said):
    assert shown(marked, 100) == [said]


def test_long_items_hang_behind_their_mark_and_code_keeps_its_lines():
    assert shown("- " + "word " * 10, 30) == ["  - word word word word word", "    word word word word word"]
    assert shown("```\nif x:\n\n    y()\n```") == ["    if x:", "", "        y()"]


@pytest.mark.parametrize("hostile", ["[" * 5000, "*" * 5000 + "a", "[a](" * 2000, "\\" * 5001, "_a" * 5000])
def test_hostile_markup_takes_no_time_to_speak_of(hostile):
    before = os.times()
    shown(hostile, 200)
    after = os.times()
    assert after.user - before.user < 20


class Stream(io.TextIOWrapper):
    """A text stream on a terminal, or not."""

    def __init__(self, terminal, encoding="utf-8"):
        super().__init__(io.BytesIO(), encoding=encoding)
        self.terminal = terminal

    def isatty(self):
        return self.terminal

    def said(self, text):
        plain.fit(self)
        self.write(text)
        self.flush()
        return self.buffer.getvalue()


TEXT = "Caf\u00e9 \u2014 \u65e5\u672c \u00b7 \u0416\u2026"


@pytest.mark.parametrize(
    ("locale", "terminal", "encoding", "said"),
    [
        ({"LANG": "C"}, True, "utf-8", b"Cafe - ???? * ?."),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "POSIX"}, True, "utf-8", b"Cafe - ???? * ?."),
        ({"LANG": "C"}, False, "utf-8", TEXT.encode()),
        ({"LANG": "en_US.UTF-8"}, True, "utf-8", TEXT.encode()),
        ({"LANG": "en_US"}, True, "latin-1", "Caf\u00e9 - ???? \u00b7 ?.".encode("latin-1")),
        ({"LANG": "en_US"}, False, "ascii", rb"Caf\xe9 \u2014 \u65e5\u672c \xb7 \u0416\u2026"),
    ],
)
def test_what_a_terminal_cannot_show_is_put_as_wide_into_ascii(monkeypatch, locale, terminal, encoding, said):
    for name in ("LANG", "LC_ALL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in locale.items():
        monkeypatch.setenv(name, value)
    assert Stream(terminal, encoding).said(TEXT) == said


def on_terminal(monkeypatch):
    """From now on standard output is a terminal, 80 columns wide; what goes past a pager is in it."""
    stream = Stream(True)
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "xterm")
    return stream


def test_long_results_go_through_the_pager_of_the_reader(monkeypatch, tmp_path):
    terminal = on_terminal(monkeypatch)
    monkeypatch.setenv("PAGER", f"tee {tmp_path}/paged")
    with results_in_pages(no_pager=False) as console:
        console.print("to be read")
    assert (tmp_path / "paged").read_text() == "to be read\n"
    with results_in_pages(no_pager=True) as console:
        console.print("straight")
    assert terminal.buffer.getvalue() == b"straight\n"


@pytest.mark.parametrize(
    ("pager", "kind"), [("cat", "xterm"), ("", "xterm"), ("no-such-program", "xterm"), ("tee", "dumb")]
)
def test_without_a_pager_results_are_printed(monkeypatch, pager, kind):
    terminal = on_terminal(monkeypatch)
    monkeypatch.setenv("PAGER", pager)
    monkeypatch.setenv("TERM", kind)
    with results_in_pages(no_pager=False) as console:
        console.print("to be read")
    assert terminal.buffer.getvalue() == b"to be read\n"


def test_a_reader_who_leaves_early_is_no_error(monkeypatch):
    on_terminal(monkeypatch)
    monkeypatch.setenv("PAGER", "true")
    ignored = []
    monkeypatch.setattr(sys, "unraisablehook", ignored.append)
    with results_in_pages(no_pager=False) as console:
        for _ in range(20_000):
            console.print("too long to be read")
    gc.collect()
    assert not ignored


@pytest.mark.parametrize(
    ("variables", "coloured"),
    [({"FORCE_COLOR": "1"}, True), ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False), ({}, False)],
)
def test_colours_are_for_terminals_unless_asked_for(place, monkeypatch, variables, coloured):
    store = place.store()
    open_job(store, [new_item("a.txt")])
    finish(store, {"a.txt": article()})
    store.close()
    monkeypatch.setenv("TERM", "xterm-256color")
    for name in ("FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    stdout = place.feedmill("articles", "--search", "harbour").stdout
    assert bool(re.search(r"\x1b\[[0-9;]*4[0-9]m", stdout)) is coloured
