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


#: name -> scripts in ``workers/lua/`` that it changes as they are read, and the text that it replaces
TARGETS = {
    "lost lease": (("claim.lua", "KEYS[3], '-inf', now,"),),
    "orphan payload": (("done.lua", "redis.call('DEL', ARGV[3]"),),
}


def _changed(name: str, new: str) -> str:
    ((script, old),) = TARGETS[name]
    return _SCRIPT.format(script=script, old=old, new=new)


#: name -> code for ``sitecustomize.py``
PLANTS = {
    # Leases of vanished workers are never taken up.
    "lost lease": _changed("lost lease", "KEYS[3], '-inf', 0,"),
    # A payload stays behind in Redis.
    "orphan payload": _changed("orphan payload", "redis.call('EXISTS', ARGV[3]"),
    # What Redis lost is not looked for.
    "lost rows": """
import workers.coordinator as _coordinator
_coordinator.Coordinator._find_lost = lambda self, now: None
""",
    # An ending counts twice, now and then.
    "doubled ending": """
import pipeline.store.finishing as _finishing
_count = _finishing.count
def count(connection, deltas):
    for job, delta in deltas.items():
        if delta.get("stored", 0) > 3:
            delta["stored"] += 1
    _count(connection, deltas)
_finishing.count = count
""",
}
