"""Cleaning beside its peers: what is kept of labelled pages, and at what cost. See ``docs/benchmarks.md``."""
