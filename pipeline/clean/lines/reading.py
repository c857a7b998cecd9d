"""Plain text to documents: the story's paragraphs, and what stands above and below it as signals."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from pipeline.clean.closing import below
from pipeline.clean.lines.head import Head, is_story, is_talk, opening, read_head
from pipeline.clean.lines.joined import parted
from pipeline.clean.lines.marks import ASIDE, CREDIT, END, LEFTOVER, NOTICE, ends_sentence, is_credit
from pipeline.clean.lines.model import Judged, model
from pipeline.clean.lines.wrapping import gap, paragraphs
from pipeline.clean.scoring.cut import cut
from pipeline.clean.scoring.sheet import Flags
from pipeline.model import Block, Document, Page, Problem
from pipeline.words import count_words

_LEAST_WORDS = 8
#: a line as likely and long as this opens a story even without a full stop: headlines are shorter
_SURE, _LONG_WORDS = 0.9, 22
#: and one as likely as this with a full stop, below fewer likely lines than that
_SURER, _SENTENCE_WORDS, _HEADLINES = 0.95, 6, 3
#: a text of which this share is story has nothing around it: a poem, a recipe, what was cleaned before
_CLEAN_SHARE = 0.9
#: Where the cut is surer than this, lines no likelier than that are left out: chosen on held-out texts with
#: the same values as those of pages (`choosing`)
_CLEAR, _LIKELY = 0.85, 0.6
#: a line of so many words that recurs was put there twice, unless this share of the story recurs
_REPEATED_WORDS, _REPEATED_SHARE = 12, 0.25
#: likely words above the first paragraph that may be a head, and lines below the last one that may be none
_HEAD_WORDS, _TRAILING = 40, 3
#: a notice of more words is no notice
_NOTICE_WORDS = 40
#: a credit stands so many lines below the story at most
_CREDIT_REACH = 4
#: characters, above which no line is a heading
_LONGEST_HEADING = 150
_ITEM = re.compile(r"^(?:[-*•‣◦]|[0-9]{1,2}[.)])\s+(?=\S)")
_ITEM_SIGNS = "-*•‣◦>0123456789"


@dataclass
class Story:
    """A text, taken apart."""

    head: Head = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    #: expected share of right words, see `cut`
    confidence: float = 0.0


def read_lines(text: str, page: Page) -> Document:
    """The document of a plain text. Section label, headlines, byline and dates above the story, credits
    cut off with the rest below it, and copyright lines become signals; the rest is told by the model.

    Raises:
        ValueError: the package's model is of other features than its code computes.
    """
    lines, origin = parted(paragraphs(text))
    story = take_apart(model().judge(lines), origin) if lines else Story()
    blocks = [_block(line, at, story.body) for at, line in enumerate(story.body)]
    signals: dict[str, Any] = {kind: values for kind, values in story.head.items() if values}
    if story.notices:
        signals["notices"] = story.notices[:10]
    if closing := below(lines, story.body):
        signals["closing"] = closing
    problem = None
    if not _is_enough(story.body):
        problem = Problem(code="no_article", message=f"{page.url or page.key} holds no running text.")
    return Document(
        kind="text",
        blocks=[] if problem else blocks,
        signals=signals,
        confidence=0.0 if problem else round(story.confidence, 3),
        url=page.url,
        problem=problem,
        entry=page.entry,
    )


def _is_enough(lines: list[str]) -> bool:
    """Whether lines are running text rather than a few words."""
    words = 0
    for line in lines:
        words += count_words(line)
        if words >= _LEAST_WORDS:
            return True
    return False


def take_apart(judged: Judged, origin: list[int] | None = None) -> Story:
    """Head, story and notices of judged lines.

    Args:
        origin: for each line the number of the line that it was a part of, see `line_joined`; None when
            none was taken apart. What is kept of one line is one paragraph.
    """
    kept, confidence = cut(judged.probabilities, judged.words)
    _leave_out_doubtful(kept, judged, confidence)
    _leave_out_repeated(kept, judged)
    _fill_gaps(kept, judged)
    origin = list(range(len(judged.lines))) if origin is None else origin
    _fill(kept, origin)
    story = Story(confidence=confidence)
    start = _start(judged, kept)
    # How many words of story are expected in what is kept: navigation has a few likely words, too.
    if float((judged.probabilities * judged.words)[kept].sum()) < _LEAST_WORDS / 2:
        return story
    _read_body(judged, kept, origin, start, story)
    story.head = read_head(judged, start, story.body)
    above = zip(judged.lines[:start], judged.marks, strict=False)
    story.notices = [line for line, marks in above if marks & NOTICE] + story.notices
    return story


def _leave_out_doubtful(kept: Flags, judged: Judged, confidence: float) -> None:
    """Of a clear story: its doubtful lines. Where the cut is unsure they may be what the page is about."""
    if confidence > _CLEAR:
        likely = kept & (judged.probabilities > _LIKELY)
        if judged.words[likely].sum() > judged.words[kept].sum() / 2:
            kept &= likely


def _leave_out_repeated(kept: Flags, judged: Judged) -> None:
    """Of long lines that say the same, keep the first; unless so much recurs that it is the text's way."""
    repeated: list[int] = []
    seen: set[str] = set()
    for at in np.flatnonzero(kept & (judged.words >= _REPEATED_WORDS)).tolist():
        line = judged.lines[at]
        if line in seen:
            repeated.append(at)
        seen.add(line)
    if judged.words[repeated].sum() < judged.words[kept].sum() * _REPEATED_SHARE:
        kept[repeated] = False


def _fill_gaps(kept: Flags, judged: Judged) -> None:
    """Of a text that is story almost throughout, keep what stands inside, unless its wording is known: its
    short lines are its own headings, ingredients and answers."""
    at = np.flatnonzero(kept)
    if len(at) and judged.words[kept].sum() >= judged.words.sum() * _CLEAN_SHARE:
        inside = slice(at[0], at[-1] + 1)
        kept[inside] |= np.array(judged.marks[inside]) == 0


def _fill(kept: Flags, origin: list[int]) -> None:
    """Keep whatever stands between two kept parts of one line: only its ends are cut."""
    if origin[-1] == len(origin) - 1:
        return
    parts = np.array(origin)
    for line in np.flatnonzero(np.bincount(parts) > 1):
        at = np.flatnonzero(kept & (parts == line))
        if len(at):
            kept[at[0] : at[-1] + 1] = True


def _start(judged: Judged, kept: Flags) -> int:
    """Index of the story's first paragraph, which is kept when it opens like one."""
    first, certain = opening(judged)
    if certain:
        kept[first] = True
        return first
    for passed, at in enumerate((np.flatnonzero(kept[first:]) + first).tolist()):
        if (
            _is_likely(judged, at, passed)
            or is_story(judged.lines[at], judged.words[at], judged.marks[at])
            or is_talk(judged.lines, at)
        ):
            # A head is short: what is skipped beyond it is a list or a talk, and the text itself.
            above = np.flatnonzero(kept[first:at]) + first
            return at if judged.words[above].sum() <= _HEAD_WORDS else int(above[0])
    # No running text at all: the first line is the headline, when it looks like one.
    return first or (1 if len(judged.lines) > 1 and not ends_sentence(judged.lines[0]) else 0)


def _is_likely(judged: Judged, at: int, passed: int) -> bool:
    """Whether the model takes a line for one of a story, and its length, or its full stop below a few lines
    of head, for no headline. Verses have a full stop here and there."""
    chance, words = judged.probabilities[at], judged.words[at]
    if chance > _SURE and words >= _LONG_WORDS:
        return True
    sentence = chance > _SURER and words >= _SENTENCE_WORDS and passed < _HEADLINES
    return bool(sentence) and ends_sentence(judged.lines[at])


def _read_body(judged: Judged, kept: Flags, origin: list[int], start: int, story: Story) -> None:
    """Fill the story: kept lines up to the end, credits, and none that is a leftover by its wording."""
    last, chances = start, []
    seen = np.flatnonzero(kept[start:] | (np.array(judged.marks[start:]) > 0)) + start
    for at, keep, chance in zip(
        seen.tolist(), kept[seen].tolist(), judged.probabilities[seen].tolist(), strict=True
    ):
        line, marks = judged.lines[at], judged.marks[at]
        if not line[:1].isalnum() and not any(map(str.isalnum, line)):
            continue
        if marks & NOTICE and judged.words[at] < _NOTICE_WORDS:
            story.notices.append(line)
        elif marks & END:
            # "Comments" may be a heading inside a story: then the story goes on at length.
            if not _resumes(judged, kept, at):
                _read_rest(judged, at + 1, story)
                break
        elif marks & (ASIDE | LEFTOVER):
            continue
        elif keep or (marks & CREDIT and at - last <= _CREDIT_REACH):
            if story.body and origin[at] == origin[last] and not marks & CREDIT:
                story.body[-1] += gap(story.body[-1], line) + line
            else:
                story.body.append(line)
                chances.append(chance)
            last = at
    _end(story.body, chances)


def _end(body: list[str], chances: list[float]) -> None:
    """Take away what may be no last line of a story, unless the model is sure of it."""
    for chance in chances[: -_TRAILING - 1 : -1]:
        if not body or chance > _SURE or _closes(body[-1]) or not _is_enough(body[:-1]):
            return
        body.pop()


def _read_rest(judged: Judged, start: int, story: Story) -> None:
    story.notices += [
        line
        for line, marks in zip(judged.lines[start:], judged.marks[start:], strict=True)
        if marks & (NOTICE | CREDIT)
    ]


def _resumes(judged: Judged, kept: Flags, at: int) -> bool:
    after = range(at + 1, len(judged.lines))
    prose = sum(1 for other in after if kept[other] and is_story(judged.lines[other], judged.words[other], 0))
    return prose >= 4


def _closes(line: str) -> bool:
    """Whether a line can be the last of a story: a sentence, with an agency's name behind it or without, a
    list item, a credit."""
    if ends_sentence(line) or _ITEM.match(line) is not None or is_credit(line) or count_words(line) > 20:
        return True
    return line.endswith(")") and ends_sentence(line.rpartition("(")[0].rstrip())


def _block(line: str, at: int, lines: list[str]) -> Block:
    if line[0] in _ITEM_SIGNS:
        item = _ITEM.match(line)
        if item:
            text = line[item.end() :]
            mark = "-" if not line[0].isdigit() else item[0].strip()
            return Block(kind="item", text=text, markup=f"{mark} {text}", level=1)
        if line.startswith("> "):
            return Block(kind="quote", text=line[2:], markup=line)
    heading = (
        len(line) < _LONGEST_HEADING
        and 0 < at < len(lines) - 1
        and line[-1] not in ",;:-–"
        and not line[0].islower()
        and not ends_sentence(line)
        and count_words(line) <= 10
        and not is_credit(line)
    )
    if heading:
        return Block(kind="heading", text=line, markup=f"## {line}", level=2)
    return Block(kind="paragraph", text=line, markup=line)
