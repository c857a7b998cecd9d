"""What the pages of each host repeat, shared by all workers through Redis while it lasts.

It sharpens cuts and is needed by none: an emptied, full or absent Redis and lost updates cost sharpness
only. ``lua/remember.lua`` documents the keys.
"""

from __future__ import annotations

import logging
from typing import NamedTuple

from pipeline.clean.memory import SiteMemory
from pipeline.errors import PipelineError
from pipeline.model import Page
from pipeline.urls import host_of
from workers.stages import Stages

logger = logging.getLogger(__name__)

#: how long a host is remembered after its last page (ms)
LIFETIME_MS = 14 * 86_400_000
#: What all hosts together may take, as a share of the use of Redis at which no new page enters it: the
#: memory alone never stops the mill.
SHARE = 0.25
#: Hosts in hand at once. A full memory takes about 1 MB unpacked, and 60 KB packed: this bounds the
#: process, and what one script call carries.
IN_HAND = 32

_EMPTY = SiteMemory().pack()


class _Loaded(NamedTuple):
    memory: SiteMemory
    #: as Redis had it; None: it did not
    packed: bytes | None


class Sites:
    """The memories that one batch needs: loaded when the first page of a host comes, kept at the end.

    No method raises for what Redis does: while it cannot be used, pages are cleaned without a memory.
    """

    def __init__(self, stages: Stages) -> None:
        self._stages = stages
        self._most = int(stages.settings.redis_high_water * SHARE)
        self._loaded: dict[str, _Loaded] = {}
        self._is_away = False

    def memory(self, page: Page) -> SiteMemory | None:
        """The memory of the page's host, which the page's cut may ask and teach; None: it has none."""
        url = page.fetched.final_url if page.fetched is not None else page.url
        host = host_of(url) if url else ""
        if not host or self._is_away:
            return None
        if host not in self._loaded:
            if len(self._loaded) >= IN_HAND:
                self.keep()
            packed = self._read([host])
            if packed is None:
                return None
            self._loaded[host] = _Loaded(_unpack(host, packed[0]), packed[0])
        return self._loaded[host].memory

    def keep(self) -> None:
        """Store what was learned, together with what other workers stored since, and begin anew.

        Of two that store in the same moment, the last one wins.
        """
        changed = {
            host: one for host, one in self._loaded.items() if one.memory.pack() != (one.packed or _EMPTY)
        }
        self._loaded = {}
        present = self._read(list(changed)) if changed else None
        if present is None:
            return
        args: list[str | bytes | int] = [self._most, LIFETIME_MS]
        for (host, (memory, before)), now in zip(changed.items(), present, strict=True):
            if now is not None and now != before:
                memory.merge(_unpack(host, now))
            args += [host, memory.pack()]
        key = self._stages.key
        try:
            self._stages.run("remember", [key("sites"), key("sites", "used"), key("sites", "bytes")], args)
        except PipelineError as error:
            logger.warning("what %d sites repeat was not kept: %s", len(changed), error)

    def _read(self, hosts: list[str]) -> list[bytes | None] | None:
        """What Redis has of the hosts; None when it cannot be asked, which is not tried again."""
        if self._is_away:
            return None
        try:
            return self._stages.facts(self._stages.key("sites"), hosts)
        except PipelineError as error:
            self._is_away = True
            logger.warning("what sites repeat cannot be read, pages are cleaned without it: %s", error)
            return None


def _unpack(host: str, packed: bytes | None) -> SiteMemory:
    if packed is None:
        return SiteMemory()
    try:
        return SiteMemory.unpack(packed)
    except ValueError as error:
        logger.warning("what was remembered of %s is dropped: %s", host, error)
        return SiteMemory()
