"""The elements that are open while the tags of a page pass by: what the parser's own stack holds, nearly.

The rules are those of the HTML standard (13.2.6, tree construction) as far as they decide how deep
the stack gets and how many formatting elements are opened again; where in doubt an element counts
as open.
"""

from __future__ import annotations

#: elements inside one another that are kept; deeper tags are dropped, their text stays
MAX_DEPTH = 400
#: formatting elements open at once that are kept
MAX_FORMATTING = 40
#: formatting elements that a page may make the parser open again, in all
MAX_REOPENED = 50_000
#: steps down the stack that a page may cost; after that only what is on top is closed
_MAX_STEPS = 1_000_000


def _names(text: str) -> frozenset[bytes]:
    return frozenset(text.encode().split())


_VOID = _names(
    "area base br col embed hr img input link meta param source track wbr keygen frame bgsound image basefont"
)
_FORMATTING = _names("a b big code em font i nobr s small strike strong tt u")
_FOREIGN_ROOTS = _names("svg math")
#: of these there is one, whatever tags come later
_SINGLE = _names("html head body")
#: elements of drawings and formulas that hold ordinary ones
_INTEGRATION_POINTS = _names("foreignobject desc title mi mo mn ms mtext annotation-xml")
#: elements that end a drawing or formula
_NEVER_FOREIGN = _names(
    "b big blockquote br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 hr i img li listing menu meta"
    " nobr ol p pre ruby s small span strong strike sub sup table tt u ul var"
)
#: end tags that do so
_BREAKING_ENDS = _names("p br")
#: borders of what an end tag can reach
_SCOPES = _INTEGRATION_POINTS | _names("table td th caption html template applet marquee object")
_SPECIAL = _SCOPES | _names(
    "address article aside blockquote body button center dd details dir div dl dt fieldset"
    " figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 head header hgroup iframe li"
    " listing main menu nav noembed noframes noscript ol p plaintext pre script search section"
    " select style summary tbody textarea tfoot thead title tr ul xmp"
)
#: of these, such whose own end tag does not reach behind another of these
_ENDED_AS_OTHERS = _INTEGRATION_POINTS | _names(
    "noscript iframe noembed noframes plaintext script style textarea title xmp frameset head body"
)
_CLOSES_P = _names(
    "address article aside blockquote center details dialog dir div dl fieldset figcaption"
    " figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr li dd dt listing main menu nav ol p"
    " plaintext pre search section summary table ul xmp"
)
_RUBY_PARTS = _names("rb rt rtc rp")
#: elements that end where a part of a ruby annotation starts
_IMPLIED = _RUBY_PARTS | _names("dd dt li optgroup option p")
_P, _BUTTON_SCOPES = _names("p"), _SCOPES | _names("button")
_LIST_BORDERS = _SPECIAL - _names("address div p")
_TABLE_BORDERS = _names("table template")
_TABLE_PARTS = _names("td th tr tbody thead tfoot caption col colgroup")
#: start tag -> the open elements that it closes, and those that it does not look behind
_CLOSES = {
    b"li": (_names("li"), _LIST_BORDERS),
    b"dd": (_names("dd dt"), _LIST_BORDERS),
    b"dt": (_names("dd dt"), _LIST_BORDERS),
    b"td": (_names("td th"), _TABLE_BORDERS | _names("tr")),
    b"th": (_names("td th"), _TABLE_BORDERS | _names("tr")),
    b"tr": (_names("tr"), _TABLE_BORDERS | _names("tbody thead tfoot")),
    b"tbody": (_names("tbody thead tfoot caption"), _TABLE_BORDERS),
    b"thead": (_names("tbody thead tfoot caption"), _TABLE_BORDERS),
    b"tfoot": (_names("tbody thead tfoot caption"), _TABLE_BORDERS),
    b"table": (_names("table"), _SCOPES - _names("table")),
}


#: what the rules say of an element, as bits
_IS_VOID, _IS_FORMATTING, _REACHES_FAR, _IS_ROOT, _IS_PART = (1 << bit for bit in range(5))
_BREAKS_OUT, _ENDS_P, _ENDS_OTHERS = (1 << bit for bit in range(5, 8))
_RULES: dict[bytes, int] = {}
for _bit, _members in (
    (_IS_VOID, _VOID), (_IS_FORMATTING, _FORMATTING), (_REACHES_FAR, _SPECIAL - _ENDED_AS_OTHERS),
    (_IS_ROOT, _FOREIGN_ROOTS), (_BREAKS_OUT, _NEVER_FOREIGN), (_IS_PART, _TABLE_PARTS),
    (_ENDS_P, _CLOSES_P), (_ENDS_OTHERS, _RUBY_PARTS.union(_CLOSES, (b"a",))),
):  # fmt: skip
    for _name in _members:
        _RULES[_name] = _RULES.get(_name, 0) | _bit


class OpenElements:
    """A stack of names, with what is dropped for being too deep."""

    def __init__(self) -> None:
        self._stack: list[bytes] = []
        self._open: dict[bytes, int] = {b"p": 0, b"svg": 0, b"math": 0, b"table": 0}
        self._dropped: dict[bytes, int] = {}
        #: formatting elements that another end tag closed: they come back with what follows
        self._interrupted: list[bytes] = []
        self._formatting = self._reopened = self._steps = 0

    @property
    def is_foreign(self) -> bool:
        """Whether a drawing or formula is open, where no element's inside is raw text."""
        return self._open[b"svg"] > 0 or self._open[b"math"] > 0

    @property
    def depth(self) -> int:
        """How many elements are open."""
        return len(self._stack)

    def reopen(self) -> bytes:
        """Open again what an end tag interrupted, as text and tags do: to be called before each tag.

        Instead, when that came to too much on a page, the end tags that keep it closed.
        """
        if not self._interrupted:
            return b""
        interrupted, self._interrupted = self._interrupted, []
        self._reopened += len(interrupted)
        if self._reopened < MAX_REOPENED:
            for name in reversed(interrupted):
                self._push(name, _IS_FORMATTING)
            return b""
        return b"".join(b"</" + name + b">" for name in interrupted)

    def start(self, name: bytes, ends_itself: bool = False) -> bool:
        """Open an element; whether its tag is kept.

        ``ends_itself`` tells of a slash at the tag's end, which counts in drawings and formulas only.
        """
        rules = _RULES.get(name, 0)
        if (name in _SINGLE or (rules & _IS_PART and not self._open[b"table"])) and not self.is_foreign:
            return True
        if rules & (_BREAKS_OUT | _ENDS_P | _ENDS_OTHERS):
            self._end_others(name, rules)
        if rules & _IS_VOID and not self.is_foreign:
            return True
        if ends_itself and (rules & _IS_ROOT or self.is_foreign):
            return True
        if (
            rules & _IS_FORMATTING and (self._formatting >= MAX_FORMATTING or self._reopened >= MAX_REOPENED)
        ) or len(self._stack) >= MAX_DEPTH:
            self._dropped[name] = self._dropped.get(name, 0) + 1
            return False
        self._push(name, rules)
        return True

    def end(self, name: bytes) -> bool:
        """Close an element; whether its end tag is kept."""
        if self._dropped.get(name):
            self._dropped[name] -= 1
            return False
        if name in _BREAKING_ENDS and self.is_foreign:
            self._close(_FOREIGN_ROOTS, _INTEGRATION_POINTS)
        if not self._open.get(name):
            if name in self._interrupted:
                self._interrupted.remove(name)
            return True
        rules = _RULES.get(name, 0)
        if self._stack[-1] == name:
            self._pop()
        elif name == b"form":
            self._remove(len(self._stack) - 1 - self._stack[::-1].index(name))
        elif rules & _IS_FORMATTING:
            self._close_formatting(name)
        else:
            self._close(frozenset((name,)), _SCOPES if rules & _REACHES_FAR else _SPECIAL)
        return True

    def _end_others(self, name: bytes, rules: int) -> None:
        """Close what a start tag closes."""
        if rules & _BREAKS_OUT and self.is_foreign:
            self._close(_FOREIGN_ROOTS, _INTEGRATION_POINTS)
        if rules & _ENDS_P and self._open[b"p"]:
            self._close(_P, _BUTTON_SCOPES)
        if rules & _ENDS_OTHERS:
            if name in _CLOSES:
                names, borders = _CLOSES[name]
                if not (rules & _IS_PART and self.is_foreign) and any(map(self._open.get, names)):
                    self._close(names, borders)
            elif name in _RUBY_PARTS:
                while self._open.get(b"ruby") and self._stack[-1] in _IMPLIED:
                    self._pop()
            elif self._open.get(name) and not self.is_foreign:
                self._close_formatting(name)

    def _close(self, names: frozenset[bytes], borders: frozenset[bytes]) -> None:
        """Close the innermost of these elements and all in it, unless a border comes first."""
        stack = self._stack
        if stack and stack[-1] in names:
            self._pop()
            return
        found = [name for name in names if self._open.get(name)]
        if not found or self._steps >= _MAX_STEPS:
            return
        upwards = stack[::-1]
        above = min(map(upwards.index, found))
        self._steps += above
        if borders.isdisjoint(upwards[:above]):
            self._interrupt(len(stack) - above)
            self._pop()

    def _close_formatting(self, name: bytes) -> None:
        """Close a formatting element; blocks that were opened in it stay open."""
        stack = self._stack
        at = len(stack) - 1
        while stack[at] != name:
            at -= 1
        self._steps += len(stack) - at
        if _SPECIAL.isdisjoint(stack[at + 1 :]):
            self._interrupt(at + 1)
            self._pop()
        else:
            self._remove(at)

    def _remove(self, at: int) -> None:
        """Close an element alone; what is in it stays open."""
        name = self._stack.pop(at)
        self._open[name] -= 1
        if name in _FORMATTING:
            self._formatting -= 1

    def _interrupt(self, depth: int) -> None:
        """Close elements down to a depth; of these the formatting ones come back."""
        while len(self._stack) > depth:
            name = self._pop()
            if name in _FORMATTING:
                self._interrupted.append(name)

    def _push(self, name: bytes, rules: int) -> None:
        self._stack.append(name)
        self._open[name] = self._open.get(name, 0) + 1
        if rules & _IS_FORMATTING:
            self._formatting += 1

    def _pop(self) -> bytes:
        name = self._stack.pop()
        self._open[name] -= 1
        if name in _FORMATTING:
            self._formatting -= 1
        return name
