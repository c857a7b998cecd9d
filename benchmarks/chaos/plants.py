"""Defects to plant: a campaign that does not find them proves nothing."""

from __future__ import annotations

_SCRIPT = """
from pathlib import Path as _Path
_read = _Path.read_text
def _read_text(self, *given, **named):
    text = _read(self, *given, **named)
    return text.replace({old!r}, {new!r}) if self.name == {script!r} else text
_Path.read_text = _read_text
"""


def _changed(script: str, old: str, new: str) -> str:
    """Code that changes one of the scripts in ``workers/lua/`` as it is read."""
    return _SCRIPT.format(script=script, old=old, new=new)


#: name -> code for ``sitecustomize.py``
PLANTS = {
    # Leases of vanished workers are never taken up.
    "lost lease": _changed("claim.lua", "KEYS[3], '-inf', now,", "KEYS[3], '-inf', 0,"),
    # A payload stays behind in Redis.
    "orphan payload": _changed("done.lua", "redis.call('DEL', ARGV[3]", "redis.call('EXISTS', ARGV[3]"),
    # What Redis lost is not looked for.
    "lost rows": """
import workers.coordinator as _coordinator
_coordinator.Coordinator._find_lost = lambda self: None
""",
    # An ending counts although the item had ended before.
    "doubled ending": """
import pipeline.store.counting as _counting
_count = _counting.count
def count(connection, changes):
    _count(connection, changes)
    for job, change in changes.items():
        if change.get("stored"):
            _count(connection, {job: type(change)(stored=1)})
_counting.count = count
""",
}
