"""The examination behind `feedmill doctor`: each thing that must be right, and the cure if not.

One file a thing that is examined; each gives findings, and changes nothing. All run at once, each
within its time, so that what hangs costs seconds and hides nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pipeline.settings import Settings
from workers.doctor import database, fetching, folder, items, redis_server, workers
from workers.doctor import settings as settings_of
from workers.doctor.bounds import Bounds
from workers.doctor.examination import Examination, run_all
from workers.finding import Finding


def examine(
    settings: Settings, environ: Mapping[str, str] | None = None, bounds: Bounds | None = None
) -> list[Finding]:
    """Examine a deployment; the worst first. ``environ``: where variables that nobody knows are looked
    for.

    Changes nothing and makes nothing. Raises nothing: what cannot be used is a finding.
    """
    found = run_all(_examinations(settings, environ or {}, bounds or Bounds()))
    return sorted(found, key=lambda one: 2 if one.ok and not one.warning else int(one.ok))


def _examinations(settings: Settings, environ: Mapping[str, str], bounds: Bounds) -> list[Examination]:
    """Those that others need come first."""
    patience = bounds.patience
    used = replace(settings, redis_url=redis_server.in_use(settings))
    planned = [
        Examination("settings", lambda: settings_of.examine(settings, environ), patience),
        Examination("fetching", lambda: fetching.fetching(settings), patience),
        Examination("data folder", lambda: folder.examine(settings, used.redis_url, bounds), patience),
        Examination(
            "database", lambda: database.examine(settings, bounds), patience, database.CURE, database.CURES
        ),
    ]
    if used.redis_url:
        ours = not settings.redis_url
        planned += [
            Examination(
                "redis",
                lambda: redis_server.examine(used, bounds, ours=ours),
                patience,
                redis_server.CURE,
                redis_server.CURES,
            ),
            Examination("workers", lambda: workers.examine(used, bounds), patience, needs=("redis",)),
        ]
    else:
        planned.append(Examination("redis", redis_server.at_rest, patience))
    if database.is_there(settings):
        if used.redis_url:
            needs = ("database", "redis")
            planned.append(Examination("items", lambda: items.examine(used, bounds), patience, needs=needs))
        counting = Examination("counts", lambda: database.count(settings), bounds.counting)
        counting.needs, counting.may_be_long = ("database",), True
        planned.append(counting)
    return planned


__all__ = ["Bounds", "Finding", "examine"]
