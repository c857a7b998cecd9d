"""The fault campaign: real processes under load and under faults, and the laws that hold after it.

    make chaos SEED=7 MINUTES=3 DATABASE=both

`docs/faults.md` says what it does and how it is read.
"""
