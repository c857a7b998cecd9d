"""Logs: one line an event, for people or (``FEEDMILL_LOG_FORMAT=json``) for programs.

    anywhere      logging.getLogger(__name__).warning("...", extra={"code": ..., "host": ...})
    where work    with about(stage="clean", item=7, job="k3"):   # on each line said inside, those of
    on an item        ...                                        # libraries too
    begins
    lines.Lines   context + extra -> limits -> text or json -> masked, one line -> standard error

Every library's lines go the same way: `set_up` gives the root logger the only handler there is.
"""

from __future__ import annotations

from workers.logs.context import about, note
from workers.logs.fields import FIELDS
from workers.logs.setup import SERVICES, as_line, identify, set_up, speaks_json

__all__ = ["FIELDS", "SERVICES", "about", "as_line", "identify", "note", "set_up", "speaks_json"]
