"""Pages that are made to kill, to hang or to exhaust the process that cleans them."""

from __future__ import annotations

#: loaded by the worker that cleans, as ``sitecustomize.py``; the words stand in the pages
CODE = """
import itertools, os
import pipeline.clean as cleaning
_clean = cleaning.clean
def clean(page, memory=None):
    if b"POISON-CRASH" in page.body:
        os.kill(os.getpid(), 9)
    if b"POISON-ENDLESS" in page.body:
        while True:
            pass
    if b"POISON-STUCK" in page.body:
        sum(itertools.repeat(1, 10**13))  # one call in C: no signal is handled meanwhile
    if b"POISON-GREEDY" in page.body:
        kept = []
        while True:
            kept.append(bytearray(20_000_000))
    return _clean(page, memory)
cleaning.clean = clean
"""

#: word in the page -> codes with which its item may end
WORDS = {
    "POISON-CRASH": ("crashed",),
    "POISON-ENDLESS": ("timeout",),
    "POISON-STUCK": ("timeout",),
    "POISON-GREEDY": ("memory",),
}
