"""What other packages add to Feedmill, by entry points (docs/extending.md).

A package that is installed beside Feedmill names its sources, readers, rules and formats in its own
``pyproject.toml``; nothing of Feedmill is changed for it.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import entry_points
from typing import Any

from pipeline.errors import SettingsError

#: group of entry points -> what they name
GROUPS: dict[str, str] = {
    "feedmill.sources": "`pipeline.sources.content.ReferenceKind` or `ContentKind`",
    "feedmill.readers": "`TRUST`, and `read(document)`, as in `pipeline.extract.readers`",
    "feedmill.rules": "`decide(merge)`, as in `pipeline.extract.fields`",
    "feedmill.formats": "`pipeline.store.export.Format`",
}


@cache
def plugged(group: str) -> dict[str, Any]:
    """What is installed of a group, by name, in the order of the names.

    Raises SettingsError, naming the package's entry, for one that cannot be loaded: what somebody
    installed and what does not work shall not be passed over in silence.
    """
    found: dict[str, Any] = {}
    for point in sorted(entry_points(group=group), key=lambda one: one.name):
        try:
            found[point.name] = point.load()
        except Exception as error:
            told = f"{type(error).__name__}: {error}"
            raise SettingsError(
                f"{point.name} ({point.value}), which extends {group}, cannot be loaded: {told}. "
                "Mend that package, or uninstall it."
            ) from error
    return found


__all__ = ["GROUPS", "plugged"]
