"""Metadata beside its peers: what is read of labelled pages, and at what cost. See ``docs/benchmarks.md``."""
