"""The candidates of one document, and the fields and provenance decided so far.

The rules are in `pipeline.extract.fields`; readers run in order of trust, so the first candidate of a field
wins unless its rule says otherwise.
"""

from __future__ import annotations

from typing import Any

from pipeline.extract.candidate import Candidate
from pipeline.model import Document


class Merge:
    """What rules read and write."""

    def __init__(self, document: Document, candidates: list[Candidate]) -> None:
        self.document = document
        self._by_field: dict[str, list[Candidate]] = {}
        for candidate in candidates:
            self._by_field.setdefault(candidate.field, []).append(candidate)
        self.fields: dict[str, Any] = {}
        self.provenance: dict[str, str] = {}

    def set(self, field: str, value: Any, source: str) -> None:
        """Give a field the value that its rule found, with its provenance."""
        if value is not None and value != []:
            self.fields[field] = value
            self.provenance[field] = source

    def of(self, field: str) -> list[Candidate]:
        """All candidates of a field, the most trusted first."""
        return self._by_field.get(field, [])

    def take_first(self, field: str) -> None:
        """Give a field the value of its most trusted candidate, if there is one."""
        for candidate in self.of(field)[:1]:
            self.set(field, candidate.value, candidate.source)
