"""What stands above a story in plain text: section label, headlines, byline, date."""

from __future__ import annotations

import re
from collections import Counter

from pipeline.clean import phrases
from pipeline.clean.lines.marks import (
    ASIDE,
    BYLINE,
    CREDIT,
    DATE,
    DATELINE,
    END,
    LEFTOVER,
    NOTICE,
    ends_sentence,
)
from pipeline.clean.lines.model import Judged
from pipeline.words import count_words

#: lines above the story: beyond these it is no head but a page's navigation with a head at its end
_MOST_HEAD_LINES = 14
_MOST_HEAD_WORDS = 160
#: a standfirst has so many words at most, and what is as likely as this is prose
_STANDFIRST_WORDS, _LIKELY = 60, 0.8
#: a paragraph of a story, at the top of a text, has so many words and a full stop
_STORY_WORDS = 25
_STORY_WORDS_FULL_STOP = 13
#: below navigation, a headline is looked for in so many lines above the story
_REACH = 30
#: paragraphs and characters that say what a story speaks of
_BEGINNING, _BEGINNING_LENGTH = 12, 3000
_CLOSING = "\"'”’»)]"
_SECTIONS_WORDS = """
    news world politics business economy markets finance sport sports tech technology science health
    culture arts opinion opinions editorial local national international europe asia africa americas
    environment climate entertainment life lifestyle travel us uk u.s u.s. usa breaking society
    education energy law crime weather top home middle east analysis politik wirtschaft kultur panorama
    wissen wissenschaft ausland inland gesellschaft nachrichten meinung netzwelt regional welt monde
    politique économie société planète sciences actualités france culture international sports mundo
    política economía sociedad cultura deportes ciencia noticias opinión internacional españa mundo
    brasil economia esportes mondo politica cronaca esteri cultura scienza binnenland buitenland
    economie
"""
_SECTIONS = frozenset(_SECTIONS_WORDS.split())
_WORD = re.compile(r"\w{4,}|[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
_SPACED = re.compile(r"\w{4,}")

#: "Q: ...", "Mayor Thorn: ..."
_SPOKEN = re.compile(r"^[^\W\d_][\w.’' -]{0,24}[:：]\s*\S")

Head = dict[str, list[str]]


def is_story(line: str, words: float, marks: int) -> bool:
    """Whether a line near the top belongs to the story itself."""
    if marks & DATELINE:
        return True
    if marks & (LEFTOVER | NOTICE):
        return False
    if not ends_sentence(line):
        return words > 2 * _STORY_WORDS
    return words >= _STORY_WORDS or (words >= _STORY_WORDS_FULL_STOP and line.rstrip(_CLOSING)[-1:] in ".。।")


def is_talk(lines: list[str], at: int) -> bool:
    """Whether a conversation begins with a line: a name and what is said, and soon another."""
    after = lines[at + 1 : at + 3]
    return (
        _SPOKEN.match(lines[at]) is not None
        and ends_sentence(lines[at])
        and any(_SPOKEN.match(line) for line in after)
    )


def opening(judged: Judged) -> tuple[int, bool]:
    """The line from which on a story may begin, and whether it certainly begins there.

    A dateline, or the line after a byline or a date, opens it; standfirsts above are full
    sentences, too. Below so many words of likely prose it opens nothing: the story has begun.
    """
    window, total, prose = 0, 0.0, 0.0
    for at, (words, marks) in enumerate(zip(judged.words[:_MOST_HEAD_LINES], judged.marks, strict=False)):
        total += words
        if (total > _MOST_HEAD_WORDS or prose > _STANDFIRST_WORDS) and not marks & DATELINE:
            break
        window += 1
        if judged.probabilities[at] > _LIKELY and is_story(judged.lines[at], words, marks):
            prose += words
    for at in range(window):
        if judged.marks[at] & DATELINE:
            return at, True
    found = 0
    for at in range(min(window, len(judged.lines) - 1)):
        if judged.marks[at] & (BYLINE | DATE):
            found = at + 1
    return found, False


def read_head(judged: Judged, start: int, story: list[str]) -> Head:
    """Labels, headlines, bylines and dates above the line at which the story starts.

    Above a text there is nothing else; below a page's navigation the headline is the line that
    speaks most of what the story speaks of.
    """
    short = start <= _MOST_HEAD_LINES and judged.words[:start].sum() <= 2 * _MOST_HEAD_WORDS
    spoken = frozenset() if short else _words(story)
    first = 0 if short else _headline(judged, start, spoken)
    head: Head = {"labels": [], "headlines": [], "bylines": [], "dates": []}
    for at in range(first, start):
        line, marks = judged.lines[at], judged.marks[at]
        if marks & BYLINE:
            head["bylines"].append(line)
        elif marks & DATE:
            head["dates"].append(line)
        elif marks & NOTICE:
            continue
        elif short and not head["headlines"] and _is_label(judged, at, start):
            head["labels"].append(line)
        elif not marks & (LEFTOVER | ASIDE) and (short or at == first or _is_standfirst(judged, at, spoken)):
            head["headlines"].append(line)
    return head


def _words(story: list[str]) -> frozenset[str]:
    """The longer words of the story's beginning."""
    text = " ".join(story[:_BEGINNING])[:_BEGINNING_LENGTH].lower()
    return frozenset((_SPACED if text.isascii() else _WORD).findall(text))


def _headline(judged: Judged, start: int, spoken: frozenset[str]) -> int:
    """The line above the story that is most likely its headline; ``start`` when none is."""
    times = Counter(judged.lines[: start + 1])
    best, found = 0.5, start
    for at in range(max(0, start - _REACH), start):
        value = _likeness(judged, at, spoken) * (1.3 if times[judged.lines[at]] > 1 else 1.0)
        # Of equals the one nearest to the story.
        if value >= best:
            best, found = value, at
    return found


def _likeness(judged: Judged, at: int, spoken: frozenset[str]) -> float:
    """How much a line speaks of what the story does; long lines speak of more."""
    marks, words = judged.marks[at], judged.words[at]
    if marks & (BYLINE | DATE | NOTICE | CREDIT | LEFTOVER | ASIDE | END) or not 3 <= words <= 30:
        return 0.0
    own = _WORD.findall(judged.lines[at].lower())
    if not own:
        return 0.0
    return float(sum(1 for word in own if word in spoken) / len(own) * min(words, 10.0) ** 0.5)


def _is_standfirst(judged: Judged, at: int, spoken: frozenset[str]) -> bool:
    return judged.words[at] >= 6 and _likeness(judged, at, spoken) > 1.2


def _is_label(judged: Judged, at: int, start: int) -> bool:
    """Whether a line above the headline names a section: a few words, and a longer line to come."""
    line = judged.lines[at]
    words = [word.strip("&|>›»/,").lower() for word in line.split()]
    words = [word for word in words if word]
    after = next((other for other in range(at + 1, start) if not judged.marks[other] & LEFTOVER), None)
    if (
        after is None
        or not words
        or len(words) > 6
        or (ends_sentence(line) and not line.lower().endswith(("u.s.", "u.k.")))
    ):
        return False
    if phrases.NAVIGATION.match(line) or re.search(r"\s[>›»]\s", line):
        return True
    known = sum(1 for word in words if word in _SECTIONS)
    if known and known >= len(words) / 2 and len(words) <= 4:
        return True
    return (
        (len(words) <= 2 or (len(words) <= 3 and line.isupper()))
        and count_words(judged.lines[after]) >= 4
        and not judged.marks[after] & BYLINE
    )
