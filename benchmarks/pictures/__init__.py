"""The pictures of the documentation, taken of a deployment that runs.

    python -m benchmarks.pictures [--out docs]

Needs a Chromium on this machine. Every number in them is one that Feedmill counted.
"""
