"""Files, folders and patterns: each real file once, in order, and every refusal with its reason."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path

import pytest

from pipeline import sources
from pipeline.errors import CODES
from pipeline.model import NewItem
from pipeline.settings import Settings
from pipeline.urls import file_key, file_path

SETTINGS = Settings(max_page_bytes=10_000, max_feed_bytes=50_000)
STORY = "Council meets\n\nThe council met on Monday to talk about the new bridge.\n"


def read(ref: Path | str) -> list[NewItem]:
    items = list(sources.read(str(ref), SETTINGS))
    assert all(item.problem is None or item.problem.code in CODES for item in items)
    return items


def names_under(folder: Path, items: list[NewItem]) -> list[str]:
    return [str(file_path(item.key).relative_to(folder)) for item in items]


def codes(items: list[NewItem]) -> list[str | None]:
    return [item.problem.code if item.problem else None for item in items]


def tree(root: Path, *paths: str) -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(STORY)


def test_a_text_file_is_one_item_with_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "story.txt"
    path.write_text(STORY)
    assert read(path) == [
        NewItem(
            key=f"file://{path}",
            name=str(path),
            source=str(path),
            content=STORY.encode(),
            content_type="text/plain",
        )
    ]


def test_an_html_file_is_known_by_its_content_and_has_no_url(tmp_path: Path) -> None:
    path = tmp_path / "page"
    path.write_text("<!DOCTYPE html><html><body><p>Text</p></body></html>")
    (item,) = read(path)
    assert (item.content_type, item.url, item.key) == ("text/html", None, file_key(path))


def test_a_file_is_also_found_by_its_file_address(tmp_path: Path) -> None:
    path = tmp_path / "a story.txt"
    path.write_text(STORY)
    assert read(file_key(path))[0].content == STORY.encode()


def test_a_folder_is_read_in_order_and_without_what_is_hidden(tmp_path: Path) -> None:
    tree(tmp_path, "b.txt", "a.txt", "z/1.txt", "c/d/e.txt", ".git/config", ".hidden.txt", "c/.svn/x.txt")
    items = read(tmp_path)
    assert names_under(tmp_path, items) == ["a.txt", "b.txt", "c/d/e.txt", "z/1.txt"]
    assert {item.source for item in items} == {str(tmp_path)}


def test_links_give_each_real_file_once_and_loops_end(tmp_path: Path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    tree(inside, "a.txt", "deep/b.txt")
    tree(outside, "c.txt", "more/d.txt")
    (inside / "0-again.txt").symlink_to(inside / "deep/b.txt")
    (inside / "deep/loop").symlink_to(inside)
    (inside / "self").symlink_to("self")
    (inside / "out").symlink_to(outside)
    (inside / "out-again").symlink_to(outside)
    (inside / "1-c.txt").symlink_to(outside / "c.txt")
    (outside / "back").symlink_to(inside)
    items = read(inside)
    assert names_under(inside, items) == ["1-c.txt", "a.txt", "deep/b.txt", "out/more/d.txt"]
    assert codes(items) == [None] * 4


def test_a_link_to_nothing_says_so_and_costs_no_other_item(tmp_path: Path) -> None:
    tree(tmp_path, "b.txt")
    (tmp_path / "a.txt").symlink_to(tmp_path / "nowhere.txt")
    assert codes(read(tmp_path)) == ["not_found", None]


@pytest.mark.parametrize(
    "name", ["with space.txt", "new\nline.txt", "ümlaut.txt", "per%20cent.txt", "[x]*.txt", "-"]
)
def test_odd_names_keep_their_identity_and_can_be_printed(tmp_path: Path, name: str) -> None:
    tree(tmp_path, name)
    (item,) = read(tmp_path)
    assert file_path(item.key) == tmp_path / name
    assert item.name.isprintable()
    assert item.content == STORY.encode()
    assert [again.key for again in read(tmp_path / name)] == [item.key]


def test_names_that_are_not_utf8_are_read(tmp_path: Path) -> None:
    raw = os.fsencode(tmp_path) + b"/caf\xe9 \xff.txt"
    with open(raw, "wb") as file:
        file.write(STORY.encode())
    (item,) = read(tmp_path)
    assert item.key.endswith("caf%E9%20%FF.txt")
    assert os.fsencode(file_path(item.key)) == raw
    item.name.encode("utf-8")
    assert read(os.fsdecode(raw))[0].key == item.key


def test_contents_that_hold_no_article_say_why(tmp_path: Path) -> None:
    (tmp_path / "1-empty.txt").write_bytes(b"")
    (tmp_path / "2-blank.txt").write_bytes(b" \n\t" * 10_000)
    (tmp_path / "3-picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(500))
    (tmp_path / "4-large.txt").write_text("word " * 5_000)
    (tmp_path / "5-good.txt").write_text(STORY)
    items = read(tmp_path)
    assert codes(items) == ["empty", "too_large", "not_text", "too_large", None]
    assert all(item.name in item.problem.message for item in items if item.problem)


def test_a_huge_file_is_refused_by_its_size_alone(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    path.write_text(STORY * 1000)
    os.truncate(path, 200_000_000_000)
    began = time.process_time()
    assert codes(read(path)) == ["too_large"]
    assert time.process_time() - began < 1


def test_an_endless_file_without_a_size_is_not_read_on() -> None:
    assert codes(read("/dev/zero")) == ["unreadable"]


def test_what_is_no_regular_file_is_unreadable(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "1-pipe.txt")
    with socket.socket(socket.AF_UNIX) as listener:
        here = os.getcwd()
        os.chdir(tmp_path)
        try:
            listener.bind("2-socket")
        finally:
            os.chdir(here)
        tree(tmp_path, "3-good.txt")
        assert codes(read(tmp_path)) == ["unreadable", "unreadable", None]


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_forbidden_files_and_folders_say_so(tmp_path: Path) -> None:
    tree(tmp_path, "a.txt", "b/c.txt", "d.txt")
    (tmp_path / "a.txt").chmod(0)
    (tmp_path / "b").chmod(0)
    try:
        assert sorted(codes(read(tmp_path)), key=str) == [None, "unreadable", "unreadable"]
    finally:
        (tmp_path / "b").chmod(0o700)


def test_a_file_that_vanishes_while_the_folder_is_read_costs_nothing_else(tmp_path: Path) -> None:
    tree(tmp_path, "a.txt", "b.txt", "c.txt")
    walk = sources.read(str(tmp_path), SETTINGS)
    first = next(walk)
    (tmp_path / "b.txt").unlink()
    assert codes([first, *walk]) == [None, "not_found", None]


@pytest.mark.parametrize("ref", ["nowhere.txt", "/no/where/", "", "a\0b", "no/*.match", "x" * 5000])
def test_a_path_that_leads_nowhere_is_not_found(
    ref: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (item,) = read(ref)
    assert codes([item]) == ["not_found"]
    assert item.name.isprintable()


def test_a_scheme_that_cannot_be_read_is_a_bad_url() -> None:
    assert codes(read("ftp://host.example/feed")) == ["bad_url"]


def test_a_file_where_a_folder_is_meant_is_not_found(tmp_path: Path) -> None:
    tree(tmp_path, "a.txt")
    assert codes(read(tmp_path / "a.txt" / "b.txt")) == ["not_found"]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*.txt", ["a.txt", "b.txt"]),
        ("?.md", ["n.md"]),
        ("[ab].txt", ["a.txt", "b.txt"]),
        ("**/*.txt", ["a.txt", "b.txt", "sub/c.txt", "sub/deep/d.txt"]),
        ("sub/**", ["sub/c.txt", "sub/deep/d.txt"]),
        ("**/deep/*", ["sub/deep/d.txt"]),
        ("**/**/d.txt", ["sub/deep/d.txt"]),
        ("s*", ["sub/c.txt", "sub/deep/d.txt"]),
        ("sub/./*.txt", ["sub/c.txt"]),
        (".h*", [".hidden.txt"]),
    ],
)
def test_patterns_match_as_in_a_shell(tmp_path: Path, pattern: str, expected: list[str]) -> None:
    tree(tmp_path, "a.txt", "b.txt", "n.md", "sub/c.txt", "sub/deep/d.txt", ".hidden.txt", ".git/e.txt")
    assert names_under(tmp_path, read(f"{tmp_path}/{pattern}")) == expected


def test_a_pattern_through_a_loop_of_links_ends(tmp_path: Path) -> None:
    tree(tmp_path, "sub/a.txt")
    for number in range(3):
        (tmp_path / f"sub/loop{number}").symlink_to(tmp_path)
    began = time.process_time()
    assert names_under(tmp_path, read(f"{tmp_path}/**/*.txt")) == ["sub/a.txt"]
    assert time.process_time() - began < 2


def test_a_relative_path_and_its_detours_have_one_identity(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree(tmp_path, "sub/a.txt")
    monkeypatch.chdir(tmp_path)
    refs = ["sub/a.txt", "./sub/a.txt", "sub/../sub/a.txt", "sub", "*/a.txt", str(tmp_path)]
    assert {item.key for ref in refs for item in read(ref)} == {file_key(tmp_path / "sub/a.txt")}


def test_many_small_files_are_read_fast(tmp_path: Path) -> None:
    for number in range(1500):
        (tmp_path / f"{number:04}.txt").write_text(STORY)
    began = time.process_time()
    count = sum(item.content is not None for item in sources.read(str(tmp_path), SETTINGS))
    assert count == 1500
    # 100,000 in 15 s is the aim; three times that leaves room for a busy machine.
    assert time.process_time() - began < 1500 * 15 / 100_000 * 3
