"""The other headlines and standfirsts."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.extract.merge import Merge
from pipeline.extract.titles import plain
from pipeline.extract.wire.sources import byline_agency

#: letters from which a line between headline and story can be a standfirst, and from which the start of a
#: description is enough to prove it: search engines and networks get shortened ones
_LEAST, _ENOUGH = 25, 60
#: characters that a description is cut with
_CUT = 3


def decide(merge: Merge) -> None:
    """All of them in order, once each: what sources call so, then standfirsts on show; no agency's byline."""
    known = {"", plain(merge.fields.get("title") or "")}
    subtitles: list[str] = []
    source = ""
    for line, at in _lines(merge):
        same = plain(line)
        if same not in known and byline_agency(line, certain=True) is None:
            known.add(same)
            subtitles.append(line)
            source = source or at
    merge.set("subtitles", subtitles, source)


def _lines(merge: Merge) -> Iterator[tuple[str, str]]:
    for candidate in merge.of("subtitles"):
        for line in candidate.value:
            yield line, candidate.source
    described = [key for one in merge.of("description") if len(key := plain(one.value)) >= _LEAST]
    for line in merge.document.signals.get("lead", ()) if described else ():
        # A line that the page also describes itself with; a caption says whose picture it is.
        if len(line) > _LEAST and "©" not in line and _is_description(plain(line), described):
            yield line, "standfirst"


def _is_description(line: str, described: list[str]) -> bool:
    return any(
        line == one or (len(one) >= _ENOUGH and line.startswith(one[:-_CUT])) for one in described
    ) and (len(line) >= _LEAST)
