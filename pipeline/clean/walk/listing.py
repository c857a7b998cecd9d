"""Preformatted text: its lines as shown, and the language that its classes name."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

#: elements that begin and end a line inside preformatted text
_LINES = frozenset({"div", "p", "li", "tr", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6"})
#: classes of line numbers: Pygments, highlight.js, Jekyll, Hexo, GitHub
_NUMBERS = frozenset(
    {
        "lineno", "linenos", "linenumber", "line-number", "line-numbers", "linenumbers", "hljs-ln-numbers",
        "gutter", "lnt", "ln", "linenr", "blob-num",
    }
)  # fmt: skip
_UNPLAIN = "br, div, p, li, tr, " + ", ".join(f".{name}" for name in sorted(_NUMBERS))

#: language-python (HTML standard), lang-py, highlight-source-js (GitHub), highlight-python3 (Sphinx),
#: brush: js (SyntaxHighlighter); and the second class after sourceCode (Pandoc) or highlight (Hexo)
_LANGUAGE = re.compile(
    r"\b(?:language|lang|highlight-(?:source|text)|highlight|brush)[-:]\s*([A-Za-z][\w+#]*)"
    r"|(?:^|\s)(?:sourceCode|highlight|hljs|prettyprint|code)\s+([A-Za-z][\w+#]*)(?:\s|$)"
)
_NO_LANGUAGE = frozenset(
    {
        "none", "plain", "plaintext", "text", "txt", "nohighlight", "no", "source", "default", "auto", "true",
        "notranslate", "wrapper", "wrap", "table", "code", "block", "numbers", "line", "linenums",
        "highlight", "hljs", "sourcecode", "container", "copy", "toolbar", "inline", "undefined",
    }
)  # fmt: skip
#: elements around the preformatted one that may name the language; beyond the nearer ones only a figure
_NEAR, _AROUND = 2, 5


def read_listing(node: LexborNode) -> tuple[str, str]:
    """Text and language of a ``pre``.

    No text for a column of line numbers, no language where none is named.
    """
    whole = node.text(deep=True) if node.css_first(_UNPLAIN) is None else _lines_of(node)
    text = (whole or "").replace("\xa0", " ").replace("\r\n", "\n").strip("\r\n").rstrip()
    return ("", "") if _counts(text) else (text, _language(node))


def _lines_of(top: LexborNode) -> str:
    out: list[str] = []
    stack: list[LexborNode] = []
    node = top.first_child
    while node is not None or stack:
        if node is None:
            node = stack.pop()
            if node.tag in _LINES:
                _end_line(out)
            node = node.next
            continue
        tag = node.tag
        if tag == "-text":
            out.append(node.text_content or "")
        elif tag == "br":
            out.append("\n")
        elif node.first_child is not None and not _is_number(node):
            if tag in _LINES:
                _end_line(out)
            stack.append(node)
            node = node.first_child
            continue
        node = node.next
    return "".join(out)


def _is_number(node: LexborNode) -> bool:
    return not _NUMBERS.isdisjoint((node.attributes.get("class") or "").lower().split())


def _end_line(out: list[str]) -> None:
    last = next((text for text in reversed(out) if text), "\n")
    if last[-1] != "\n":
        out.append("\n")


def _counts(text: str) -> bool:
    """Whether a text is nothing but two or more consecutive numbers, one a line."""
    numbers = text.split()
    if len(numbers) < 2 or not all(number.isascii() and number.isdigit() for number in numbers[:3]):
        return False
    first = numbers[0]
    return len(first) < 7 and numbers == [str(int(first) + at) for at in range(len(numbers))]


def _language(node: LexborNode) -> str:
    inside = node.css_first("code")
    around: list[LexborNode] = [node]
    parent = node.parent
    for step in range(_AROUND):
        if parent is None:
            break
        if step < _NEAR or parent.tag == "figure":
            around.append(parent)
        parent = parent.parent
    for one in [inside, *around] if inside is not None else around:
        attributes = one.attributes
        named = attributes.get("data-lang") or attributes.get("data-language")
        candidates = [named] if named else []
        for match in _LANGUAGE.finditer(attributes.get("class") or ""):
            candidates.append(match[1] or match[2])
        for language in candidates:
            if language.lower() not in _NO_LANGUAGE and re.fullmatch(r"[\w+#.-]{1,20}", language):
                return language.lower()
    return ""
