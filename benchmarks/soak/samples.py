"""What is looked at every few seconds: memory, files and threads of each service, Redis, the database."""

from __future__ import annotations

import os
import time
from collections import Counter
from pathlib import Path

import psycopg

from benchmarks.processes import cpu, tree
from benchmarks.soak.deployment import Deployment
from workers.stages import Stages

#: name of a series -> its value now
Sample = dict[str, float]

_COUNTS = """
SELECT (SELECT count(*) FROM items) AS items,
       (SELECT count(*) FROM articles) AS articles,
       (SELECT count(*) FROM jobs) AS jobs,
       (SELECT count(*) FROM feed_entries) AS entries,
       (SELECT coalesce(max(extract(epoch FROM now()) - created_at), 0)
          FROM items WHERE state <> 'done') AS oldest,
       (SELECT count(*) FROM pg_stat_activity WHERE application_name = 'feedmill') AS connections,
       (SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
         WHERE relkind = 'r' AND nspname = 'public') AS bytes
"""


class Sampler:
    """Looks at a deployment. Counting costs the rows that it counts: not for millions of them."""

    def __init__(self, deployment: Deployment) -> None:
        self._pids, self._port = deployment.pids, deployment.port
        self._stages = Stages(deployment.settings)
        self._database = psycopg.connect(deployment.settings.database_url, autocommit=True)
        self._before: dict[str, tuple[float, float]] = {}
        #: kinds of keys that were there once: where they are none later, that is a figure too
        self._kinds: set[str] = set()

    def look(self) -> Sample:
        kept = host_connections(self._port)
        sample: Sample = {"host connections": float(kept)}
        for name, pid in self._pids.items():
            sample |= self._service(name, tree(pid))
        # Connections to hosts come and go with the load; what is left are files that stay.
        sample["fetch files"] -= kept
        return sample | self._redis() | self._rows()

    def close(self) -> None:
        self._database.close()
        self._stages.close()

    def _service(self, name: str, pids: list[int]) -> Sample:
        # Of PostgreSQL only what its processes hold themselves: its shared buffers fill once, as set.
        kind = "Pss_Anon" if name == "postgres" else "Pss"
        told = {
            f"{name} MB": sum(memory(pid, kind) for pid in pids) / 1e6,
            f"{name} threads": float(sum(_entries(pid, "task") for pid in pids)),
        }
        if name != "postgres":  # each connection opens the file of each table that it ever reads, once
            told[f"{name} files"] = float(sum(_entries(pid, "fd") for pid in pids))
        now, spent = time.monotonic(), cpu(pids)
        at, before = self._before.get(name, (now, spent))
        self._before[name] = now, spent
        if now > at:
            # A process that ended takes its time with it, unless its parent waited for it.
            told[f"{name} CPU ms/s"] = max(0.0, spent - before) / (now - at) * 1000
        return told

    def _redis(self) -> Sample:
        redis = self._stages.redis
        kinds: Counter[str] = Counter()
        skipped = len(self._stages.prefix) + 1
        for key in redis.scan_iter(count=1000):
            kinds[key.decode()[skipped:].partition(":")[0]] += 1
        self._kinds |= kinds.keys()
        told = {f"Redis {kind} keys": float(kinds[kind]) for kind in self._kinds}
        memory_info = redis.info("memory")
        told["Redis all keys"] = float(kinds.total())
        told["Redis used KB"] = memory_info["used_memory_dataset"] / 1000
        told["Redis connections"] = float(redis.info("clients")["connected_clients"])
        return told

    def _rows(self) -> Sample:
        row = self._database.execute(_COUNTS).fetchone()
        assert row
        items, articles, jobs, entries, oldest, connections, size = map(float, row)
        return {
            "items": items,
            "articles": articles,
            "jobs": jobs,
            "feed entries": entries,
            "oldest open item seconds": oldest,
            "database connections": connections,
            "database bytes/row": size / max(1.0, items + articles + jobs + entries),
            "database size": size,
        }


def memory(pid: int, kind: str) -> float:
    """Bytes of a process as the kernel counts them (`Pss`: shared pages by their share)."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0  # it ended while it was looked at
    return next((float(line.split()[1]) * 1024 for line in lines if line.startswith(f"{kind}:")), 0.0)


def host_connections(port: int) -> int:
    """Connections that stand to the local web, on the side of those who ask (proc(5), /proc/net/tcp)."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    established = "01"
    return sum(int(row[2].partition(":")[2], 16) == port and row[3] == established for row in rows)


def _entries(pid: int, of: str) -> int:
    try:
        return len(os.listdir(f"/proc/{pid}/{of}"))
    except (FileNotFoundError, ProcessLookupError):
        return 0
