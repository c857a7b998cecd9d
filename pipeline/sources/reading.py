"""One reading of one source: what its kinds need to know, and what they call to go on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from pipeline.errors import PipelineError
from pipeline.model import NewItem, Problem
from pipeline.settings import Settings
from pipeline.sources.content import Content, ContentKind, ReferenceKind


class Reading:
    """Carries the settings and the source's name through the kinds; remembers what it yielded.

    Contains no knowledge of any kind: those come in as arguments, asked in order.
    """

    def __init__(
        self,
        source: str,
        settings: Settings,
        references: Sequence[ReferenceKind],
        contents: Sequence[ContentKind],
        stdin: BinaryIO | None = None,
    ) -> None:
        #: what the user handed in
        self.source = source
        self.settings = settings
        self.stdin = stdin
        self._references = references
        self._contents = contents
        self._yielded: set[str] = set()

    def reference(self, ref: str) -> Iterator[NewItem]:
        """The items that ref leads to."""
        kind = next(kind for kind in self._references if kind.claims(ref))
        return kind.read(ref, self)

    def content(self, content: Content) -> Iterator[NewItem]:
        """The items in content; one with a problem when it cannot be used. Never raises for it."""
        kind = next(kind for kind in self._contents if kind.understands(content))
        try:
            yield from kind.items(content, self)
        except PipelineError as error:
            yield self.refuse(content.key, content.name, error)
        except OSError as error:
            yield self.problem(content.key, content.name, "unreadable", reason(content.name, error))

    def first_time(self, key: str) -> bool:
        """Whether this reading has not yielded key yet; from now on it has.

        Asked for what lists and feeds name, which overlap; files cannot (`files` sees to it),
        and the lines of a JSONL file are as many as they like.
        """
        if key in self._yielded:
            return False
        self._yielded.add(key)
        return True

    def problem(self, key: str, name: str, code: str, message: str, url: str | None = None) -> NewItem:
        """An item that says why there is none."""
        told = Problem(code=code, message=message)
        return NewItem(key=key, name=name, source=self.source, url=url, problem=told)

    def refuse(self, key: str, name: str, error: PipelineError) -> NewItem:
        """The same, for an error that says why."""
        return self.problem(key, name, error.code, error.message)


def reason(name: str, error: OSError) -> str:
    """An operating system's refusal as a sentence."""
    return f"{name} could not be read: {error.strerror or error}."
