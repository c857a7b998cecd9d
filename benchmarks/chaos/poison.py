"""Pages that are made to kill, to hang or to exhaust the process that cleans them."""

from __future__ import annotations

#: loaded by the worker that cleans, as ``sitecustomize.py``; the words stand in the pages
CODE = """
import os
import pipeline.clean as cleaning
_clean = cleaning.clean
def clean(page, memory=None):
    if b"POISON-CRASH" in page.body:
        os.kill(os.getpid(), 9)
    if b"POISON-ENDLESS" in page.body:
        while True:
            pass
    return _clean(page, memory)
cleaning.clean = clean
"""

#: word in the page -> codes with which its item may end
WORDS = {"POISON-CRASH": ("crashed",), "POISON-ENDLESS": ("timeout",)}
