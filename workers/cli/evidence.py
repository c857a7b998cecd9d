"""Where an article's values came from, as commands print it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.store.contract import Store

#: of a value, in characters
_LONGEST = 160


def evidence_document(store: Store, item: int | None) -> dict[str, Any] | None:
    """The evidence on an item's page, field by field; None where there is none to be had."""
    from workers.evidence import evidence_of

    return evidence_of(store, item).fields if item is not None else None


def print_evidence(store: Store, item: int) -> None:
    """For each field its value, who agrees on it, and what others say instead."""
    from rich.text import Text

    from workers.cli import output
    from workers.evidence import agrees, evidence_of
    from workers.wording import line

    found = evidence_of(store, item)
    console = output.results()
    console.print()
    if found.fields is None:
        console.print(Text(line(f"Where its values came from cannot be told. {found.missing}")))
        return
    table = output.table("field", "value", "from")
    for field, told in found.fields.items():
        value, others = told["value"], told["others"]
        agreeing = [other["source"] for other in others if agrees(other["value"], value)]
        sources = list(dict.fromkeys([told["source"], *agreeing])) if told["source"] else []
        table.add_row(field.replace("_", " "), Text(_words(value)), Text(line(", ".join(sources))))
        for other in others:
            if not agrees(other["value"], value):
                words = Text(_words(other["value"]))
                table.add_row(Text("  not"), words, Text(line(other["source"])))
    console.print(table)


def _words(value: Any) -> str:
    from workers.wording import in_words, line

    told = line(in_words(value))
    return told if len(told) <= _LONGEST else told[: _LONGEST - 1] + "…"


__all__ = ["evidence_document", "print_evidence"]
