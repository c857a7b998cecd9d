"""Run the fault campaign: `make chaos`, or python -m benchmarks.chaos --help."""

from __future__ import annotations

import argparse
import dataclasses
import itertools
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from benchmarks.chaos import laws, plan
from benchmarks.chaos.campaign import Campaign, calm_run
from benchmarks.chaos.evidence import Evidence
from benchmarks.chaos.faults import FAULTS, possible
from benchmarks.chaos.plants import PLANTS


def main() -> int:
    arguments = _arguments()
    seed = arguments.seed if arguments.seed is not None else random.randrange(10**6)
    databases = ["sqlite", "postgres"] if arguments.database == "both" else [arguments.database]
    print(f"seed {seed}: make chaos SEED={seed} MINUTES={arguments.minutes:g} DATABASE={arguments.database}")
    return max(_run(seed, database, arguments) for database in databases)


def _run(seed: int, database: str, arguments: argparse.Namespace) -> int:
    folder = Path(tempfile.mkdtemp(prefix=f"feedmill-chaos-{database}-"))
    folder.chmod(0o755)
    print(f"\n{database}, in {folder}")
    campaign = Campaign(folder, database, PLANTS.get(arguments.plant, ""))
    kinds = {kind: fault.seconds for kind, fault in possible(campaign.mill).items()}
    for kind in [one for one in FAULTS if one not in kinds]:
        print(f"  left out: {kind} (needs {FAULTS[kind].needs})")
    if arguments.only:
        kinds = {kind: kinds[kind] for kind in arguments.only.split(",")}
    broken = True
    try:
        with campaign:
            _rounds(seed, kinds, campaign, arguments)
            found = campaign.finish(calm_run)
        broken = _judge(found, campaign)
    finally:
        campaign.mill.remove(keep=broken)
    return int(broken)


def _rounds(
    seed: int, kinds: Mapping[str, tuple[float, float]], campaign: Campaign, arguments: argparse.Namespace
) -> None:
    ends = time.monotonic() + 60 * arguments.minutes / (2 if arguments.database == "both" else 1)
    for number, faults in enumerate(plan.rounds(seed, kinds)):
        if (number and time.monotonic() > ends) or number == arguments.rounds:
            break
        print(f"round {number + 1}")
        taken = campaign.round(faults, poisoned=number == 0)
        load = f"(load {os.getloadavg()[0]:.1f})"
        print(f"  quiet after {taken:.1f} s {load}" if taken is not None else "  not quiet", flush=True)
        if taken is None:
            _dump(campaign)
            break


def _judge(found: Evidence, campaign: Campaign) -> bool:
    """Print how each law fares; whether one is broken. Then the evidence is kept."""
    broken = laws.broken(found)
    print(f"{len(found.articles)} articles, {sum(found.accepted.values())} items accepted")
    for law in laws.LAWS:
        what = broken.get(law.__name__, [])
        print(f"  {'BROKEN' if what else 'holds '}  {law.__doc__}")
        for line in what[:10]:
            print(f"          {line}")
    if broken:
        told = dataclasses.asdict(found) | {"jobs": [repr(one) for one in found.jobs]}
        told["failed"] = [repr(one) for one in found.failed]
        (campaign.folder / "evidence.json").write_text(json.dumps(told, indent=1, default=repr))
        (campaign.folder / "broken.json").write_text(json.dumps(broken, indent=1))
        print(f"  The evidence is in {campaign.folder}: evidence.json, broken.json, logs/, the database.")
    return bool(broken)


def _dump(campaign: Campaign) -> None:
    """What is still open, for whoever looks for the reason."""
    store = campaign.mill.store
    print(f"  totals {store.totals()}")
    print(f"  Redis {campaign.mill.intruder.left()}")
    for row in itertools.islice((one for one in store.items(limit=100_000) if one.state != "done"), 5):
        print(f"  item {row.id} {row.state} due in {(row.due_at or 0) - time.time():.1f} s: {row.name}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, help="decides which faults happen when (default: by chance)")
    parser.add_argument("--minutes", type=float, default=4.0, help="how long, without the calm run")
    parser.add_argument("--rounds", type=int, default=-1, help="at most so many rounds")
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--only", help="names of faults, separated by commas")
    parser.add_argument(
        "--plant", default="", choices=("", *PLANTS), help="plant a defect, which is to be found"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
