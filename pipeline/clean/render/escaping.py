"""Text written so that Markdown shows it as it is, with as few backslashes as that takes.

CommonMark 0.31 with the tables and strikethrough of GitHub's dialect.
"""

from __future__ import annotations

import re

_BACKSLASH = re.compile(r"\\(?=[!-/:-@\[-`{-~]|$)", re.M)
#: stars between white space open and close nothing; in a run, what comes before and after is not
#: known. The end of a line is no white space, since a backslash will stand there
_STAR = re.compile(r"(?<!\s)(?<!^)\*|\*(?![^\S\n]|\Z)", re.M)
_STAR_IN_RUN = re.compile(r"(?<!\s)\*|\*(?![^\S\n])")
#: nor do underscores between letters or digits
_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_REFERENCE = re.compile(r"&(?=#?\w+;)")
#: brackets mean something before an address, a reference or a definition
_BRACKETED = ("](", "][", "]:")

#: what begins a heading, quote, list, fence, task, rule, table or heading's underline at the start of a line
_BEGINS = re.compile(
    r"(?:#{1,6}|[-+*])(?=\s|$)|>|~~~|(?P<number>\d{1,9})(?=[.)](?:\s|$))|\[[ xX]\](?=\s)"
    r"|(?:=+|-+)\s*$|(?P<rule>[-_*])(?:\s*(?P=rule)){2,}\s*$|[|:-][\s|:-]*$"
)
_BEGINNERS = frozenset("#-+*>~[=_|:0123456789")


def escaped(text: str) -> str:
    """A whole text of one or more lines, of which nothing is emphasised or linked, as Markdown.

    Line breaks become hard breaks.
    """
    # A test a character is several times cheaper than one pattern for all.
    if (
        "*" in text or "_" in text or "`" in text or "<" in text or "\\" in text or "&" in text
        or "~" in text or "](" in text or "]:" in text or "][" in text
    ):  # fmt: skip
        text = escaped_run(text, alone=True)
    if "\n" in text:
        return "\\\n".join(map(escaped_start, text.split("\n")))
    return escaped_start(text) if text[:1] in _BEGINNERS else text


def escaped_run(text: str, *, alone: bool = False, brackets: bool = False) -> str:
    """A run of text inside a paragraph. ``alone`` says that it is all of the paragraph, so that a mark
    without a second one is harmless; ``brackets`` that it stands inside a link or image."""
    if "\\" in text:
        text = _BACKSLASH.sub(r"\\\\", text)
    if "`" in text:
        text = text.replace("`", "\\`")
    if "*" in text and not (alone and text.count("*") == 1):
        text = (_STAR if alone else _STAR_IN_RUN).sub(r"\\*", text)
    if "_" in text and not (alone and text.count("_") == 1):
        text = _UNDERSCORE.sub(r"\\_", text)
    if "<" in text:
        text = _TAG.sub(r"\\<", text)
    if "&" in text:
        text = _REFERENCE.sub(r"\\&", text)
    if "~" in text and not (alone and text.count("~") == 1):
        text = text.replace("~", "\\~")
    if brackets or any(one in text for one in _BRACKETED):
        text = text.replace("[", "\\[").replace("]", "\\]")
    return text


def escaped_start(line: str) -> str:
    """A line of Markdown that begins no block of its own."""
    if line[:1] not in _BEGINNERS:
        return line
    begins = _BEGINS.match(line)
    if begins is None:
        return line
    at = begins.end("number") if begins["number"] else 0
    return f"{line[:at]}\\{line[at:]}"


def code_span(text: str) -> str:
    """Text as a code span, whose ticks are more than any run of ticks inside (CommonMark 6.1)."""
    ticks = "`"
    if "`" in text:
        ticks = "`" * (max(map(len, re.findall("`+", text))) + 1)
        return f"{ticks} {text} {ticks}" if text[0] == "`" or text[-1] == "`" else f"{ticks}{text}{ticks}"
    return f"`{text}`"


def fenced(text: str, language: str) -> str:
    """Lines of code in a fence that is longer than any inside."""
    runs = re.findall("`{3,}", text) if "```" in text else ()
    fence = "`" * (max(map(len, runs), default=2) + 1)
    return f"{fence}{language}\n{text}\n{fence}"
