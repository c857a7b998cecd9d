"""Files that a service touches while all is well; the health checks of containers look at their age."""

from __future__ import annotations

import tempfile
from pathlib import Path

from pipeline.settings import Settings


def file_of(settings: Settings, service: str) -> Path:
    """The file of a service (`worker`, `scheduler`) of this host."""
    return Path(tempfile.gettempdir()) / f"{settings.redis_prefix}-{service}.beat"


__all__ = ["file_of"]
