"""The other headlines and standfirsts."""

from __future__ import annotations

from pipeline.extract.merge import Merge
from pipeline.extract.titles import plain


def decide(merge: Merge) -> None:
    """All of them in order, once each."""
    known = {"", plain(merge.fields.get("title", ""))}
    subtitles: list[str] = []
    source = ""
    for candidate in merge.of("subtitles"):
        for line in candidate.value:
            same = plain(line)
            if same not in known:
                known.add(same)
                subtitles.append(line)
                source = source or candidate.source
    merge.set("subtitles", subtitles, source)
