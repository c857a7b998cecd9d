"""Runs of text as Markdown: emphasis, links, code inside a paragraph."""

from __future__ import annotations

from pipeline.clean.render.escaping import code_span, escaped_run, escaped_start
from pipeline.clean.render.runs import EMPHASIS, STRONG, STRUCK, SUB, SUP, Run

_OPENING = {STRONG: "**", EMPHASIS: "*", STRUCK: "~~", SUB: "<sub>", SUP: "<sup>"}
_CLOSING = _OPENING | {SUB: "</sub>", SUP: "</sup>"}
#: of styles that begin and end together, the first is outermost
_STYLES = tuple(_OPENING)
#: a line break in the paragraph (CommonMark 6.7), in a heading, in a cell of a table
HARD_BREAK, NO_BREAK, CELL_BREAK = "\\\n", " ", "<br>"


def written(runs: list[Run], line_break: str = HARD_BREAK) -> str:
    """The runs as Markdown, each style opened once for as long as it lasts."""
    out: list[str] = []
    #: styles, and links as negative numbers, outermost first
    opened: list[int] = []
    addresses: dict[int, str] = {}
    for at, run in enumerate(runs):
        kept = 0
        while kept < len(opened) and _has(run, opened[kept]):
            kept += 1
        while len(opened) > kept:
            mark = opened.pop()
            out.append(f"]({addresses[-mark]})" if mark < 0 else _CLOSING[mark])
        if run.space:
            out.append(run.space.replace("\n", line_break))
        if run.link and run.address is not None:
            addresses[run.link] = run.address
        for mark in _opening(runs, at, opened):
            if mark < 0:
                if out and out[-1].endswith("!"):
                    # An exclamation mark before a link would make it an image.
                    out[-1] = out[-1][:-1] + "\\!"
                out.append("[")
            else:
                out.append(_OPENING[mark])
            opened.append(mark)
        if run.code:
            out.append(code_span(run.text))
        else:
            text = escaped_run(run.text, brackets=run.link > 0)
            out.append(text.replace("\n", line_break) if "\n" in text else text)
    while opened:
        mark = opened.pop()
        out.append(f"]({addresses[-mark]})" if mark < 0 else _CLOSING[mark])
    whole = "".join(out)
    if line_break is not HARD_BREAK:
        return whole
    if HARD_BREAK in whole:
        return HARD_BREAK.join(map(escaped_start, whole.split(HARD_BREAK)))
    return escaped_start(whole)


def plain(runs: list[Run]) -> str:
    """What the runs say, without their styles."""
    return "".join(f"{run.space}{run.text}" for run in runs).strip()


def _has(run: Run, mark: int) -> bool:
    return run.link == -mark if mark < 0 else bool(run.style & mark)


def _opening(runs: list[Run], at: int, opened: list[int]) -> list[int]:
    """The marks that open before a run, in order: what lasts longer goes around what ends sooner."""
    run = runs[at]
    marks = [-run.link] if run.link and -run.link not in opened else []
    if run.style:
        marks += [style for style in _STYLES if run.style & style and style not in opened]
    if len(marks) > 1:
        marks.sort(key=lambda mark: -_until(runs, at, mark))
    return marks


def _until(runs: list[Run], at: int, mark: int) -> int:
    while at < len(runs) and _has(runs[at], mark):
        at += 1
    return at
