"""Files: only from the folders that are allowed, whatever a name or a link says."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path

import pytest

from pipeline import sources
from pipeline.model import NewItem
from pipeline.settings import Settings

STORY = "Council meets\n\nThe council met on Monday to talk about the new bridge.\n"


@pytest.fixture
def allowed(tmp_path: Path) -> Path:
    """A folder that may be read, beside one that may not, which it links to."""
    inside, outside = tmp_path / "inside", tmp_path / "inside-out"
    for folder in (inside, outside):
        folder.mkdir()
        (folder / "story.txt").write_text(STORY)
    (inside / "link.txt").symlink_to(outside / "story.txt")
    (inside / "folder").symlink_to(outside)
    (inside / "up.txt").symlink_to(Path("..") / "inside-out" / "story.txt")
    return inside


def read(ref: Path | str, roots: str) -> list[NewItem]:
    return list(sources.read(str(ref), Settings(file_roots=roots)))


def taken(items: list[NewItem]) -> list[str]:
    return [item.name for item in items if item.content]


def test_no_link_leads_out_of_the_folders_that_may_be_read(allowed: Path) -> None:
    items = read(allowed, str(allowed))
    assert taken(items) == [str(allowed / "story.txt")]
    refused = [item.problem for item in items if item.problem]
    assert len(refused) == 2
    assert all("FEEDMILL_FILE_ROOTS" in one.message for one in refused)
    assert {one.code for one in refused} == {"unreadable"}


@pytest.mark.parametrize(
    "name",
    ["../inside-out/story.txt", "link.txt", "folder/story.txt", "folder", "../inside-out", "*/story.txt"],
)
def test_nothing_outside_is_read_by_any_name(allowed: Path, name: str) -> None:
    assert not taken(read(allowed / name, str(allowed)))
    assert not taken(read(f"file://{allowed}/{name}", str(allowed)))


def test_several_folders_may_be_read(allowed: Path) -> None:
    outside = allowed.parent / "inside-out"
    assert len(taken(read(allowed, f"{allowed}:{outside}/"))) == 2
    assert taken(read(outside, f"{allowed}:{outside}"))


def test_without_the_setting_every_file_may_be_read(allowed: Path) -> None:
    assert len(taken(read(allowed, ""))) == 2


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/tty", "/proc/self/mem"])
def test_no_device_and_no_endless_file_holds_up_the_reading(path: str) -> None:
    if not os.path.lexists(path):
        pytest.skip(f"this system has no {path}")
    (item,) = read(path, "")
    assert item.problem is not None


@pytest.mark.parametrize(
    "line",
    [
        b'{"url": "file:///etc/passwd"}',
        b'{"path": "/etc/passwd"}',
        b'<opml version="2.0"><body><outline type="rss" xmlUrl="file:///etc/passwd"/></body></opml>',
        b'<opml version="2.0"><body><outline type="rss" xmlUrl="/etc/passwd"/></body></opml>',
        b'<rss version="2.0"><channel><title>T</title><item><title>A</title>'
        b"<link>file:///etc/passwd</link></item></channel></rss>",
    ],
)
def test_no_list_that_was_handed_in_makes_a_file_of_this_machine_be_read(line: bytes) -> None:
    items = list(
        sources.read_upload(BytesIO(line), "list.jsonl" if line[:1] == b"{" else "x", None, Settings())
    )
    assert items
    for item in items:
        assert b"root:" not in (item.content or b"")
        assert not (item.url or "").startswith("file:")
