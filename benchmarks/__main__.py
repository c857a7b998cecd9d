"""``make bench``, or ``python -m benchmarks --articles 20000 --corpus pages.jsonl.xz``."""

from __future__ import annotations

import argparse
import itertools
import statistics
import tempfile
from pathlib import Path

from benchmarks import material, throughput

SHAPES = {"plain": material.plain, "shaped": material.shaped}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--articles", type=int, default=2000, help="pages of each shape (default 2000)")
    parser.add_argument("--shape", choices=[*SHAPES, "all"], default="all")
    parser.add_argument(
        "--corpus", type=Path, help="also real pages: JSON lines with html, plain, .gz or .xz"
    )
    parser.add_argument("--accept", type=int, default=20_000, help="files for the acceptance test")
    parser.add_argument("--skip", nargs="*", default=[], choices=["bulk", "single", "accept"])
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="feedmill-bench-") as scratch:
        if "bulk" not in given.skip:
            for name, make in SHAPES.items():
                if given.shape in (name, "all"):
                    folder = Path(scratch) / name
                    throughput.write((make(n) for n in range(given.articles)), folder)
                    report(name, folder)
            if given.corpus:
                folder = Path(scratch) / "corpus"
                throughput.write(itertools.islice(material.corpus(given.corpus), given.articles), folder)
                report(given.corpus.name, folder)
    if "single" not in given.skip:
        times = throughput.single(10, material.plain)
        print(
            f"\none article, enqueue to stored: median {statistics.median(times):.3f} s, "
            f"slowest of {len(times)}: {times[-1]:.3f} s"
        )
    if "accept" not in given.skip:
        took = throughput.acceptance(given.accept, material.plain)
        print(
            f"\n{given.accept} files accepted in {took:.1f} s ({took / given.accept * 1e5:.1f} s for 100,000)"
        )


def report(name: str, folder: Path) -> None:
    """Bare loop, pipeline, bare loop: the machine may drift, the mean of the loops drifts with it."""
    first = throughput.bare_loop(folder)
    found = throughput.bulk(folder, material.plain)
    second = throughput.bare_loop(folder)
    rate, loop_cpu = (first.rate + second.rate) / 2, (first.cpu + second.cpu) / 2
    total = sum(found.by_process.values())
    size = statistics.mean(path.stat().st_size for path in folder.iterdir()) / 1000
    print(f"\n{name}: {found.articles} pages of {size:.0f} KB on average")
    print(f"  outcomes            {', '.join(f'{n} {k}' for k, n in found.outcomes.items() if n)}")
    print(f"  throughput          {found.rate:.0f} articles/s (accepted within {found.accepted:.1f} s)")
    print(f"  bare process() x 2  {rate:.0f} articles/s; the pipeline reaches {found.rate / rate:.0%} of it")
    alone = f"process() alone {loop_cpu:.2f}, pipeline {total - loop_cpu:.2f}"
    print(f"  CPU ms per article  {total:.2f}: {alone}")
    print(f"    by stage          {_listed(found.by_stage)}")
    print(f"    by process        {_listed(found.by_process)}")
    peaks = " ".join(f"{mb:.0f}" for mb in found.worker_peaks)
    print(f"  peak memory MB      Redis {found.redis_peak:.0f}; worker processes {peaks}")


def _listed(figures: dict[str, float]) -> str:
    return ", ".join(f"{name} {ms:.2f}" for name, ms in figures.items())


if __name__ == "__main__":
    main()
