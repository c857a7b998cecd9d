"""What becomes of pages whose cut is doubtful, in a deployment that wants sure ones only."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from mill import Mill, story

from pipeline import process

#: a good part of the prose stands where related stories do: no cut of it is beyond doubt
PAGE = "<html><head><title>{}</title></head><body><article>{}</article><aside>{}</aside></body></html>"


def page() -> bytes:
    title, *story_of_its_own = story(1).strip().split("\n\n")
    _, *others = story(2).strip().split("\n\n")
    parts = ("".join(f"<p>{text}</p>" for text in texts) for texts in (story_of_its_own, others[:1]))
    return PAGE.format(title, *parts).encode()


def test_doubtful_cuts_are_left_out_where_that_is_asked_for(
    start: Callable[..., Mill], tmp_path: Path
) -> None:
    confidence = process(page()).confidence
    assert confidence is not None
    assert confidence < 1
    mill = start(min_confidence=1.0)
    (tmp_path / "doubtful.html").write_bytes(page())
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "links.html").write_text(
        "<html><body>" + "<p><a href=/x>More</a></p>" * 90 + "</body></html>"
    )
    job = mill.enqueue(tmp_path / "doubtful.html", tmp_path / "empty.txt", tmp_path / "links.html")
    mill.finish(job)
    items = {Path(item.name).name: item for item in mill.deployment.store.items(job=job)}
    assert {name: (item.outcome, item.code) for name, item in items.items()} == {
        "doubtful.html": ("skipped", "low_confidence"),
        "empty.txt": ("skipped", "empty"),
        "links.html": ("skipped", "no_article"),
    }
    assert items["doubtful.html"].confidence == pytest.approx(confidence)
    assert "and 1 is asked for" in (items["doubtful.html"].message or "")
    assert items["links.html"].confidence is not None
    assert items["empty.txt"].confidence is None
