"""Full-text search without a database: what words are, what a query asks, where a text answers it.

`pipeline.store.search` keeps the index and turns a `Query` into what each database understands.
"""

from pipeline.search.query import Filters, Query, QueryError, Wanted, parse
from pipeline.search.snippet import Snippet, highlights, snippet
from pipeline.search.words import GAP, MARKS, marked, words

__all__ = [
    "GAP",
    "MARKS",
    "Filters",
    "Query",
    "QueryError",
    "Snippet",
    "Wanted",
    "highlights",
    "marked",
    "parse",
    "snippet",
    "words",
]
