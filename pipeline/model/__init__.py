"""The values, named by their place in the flow. They hold data and judge nothing.

    source --read--> NewItem --accept--> Item --fetch--> Page --clean--> Document
           --extract--> Article --> Ending --store--> Finished

All times are Unix seconds (float, UTC) unless the name ends in ``_at`` of an `Article`, which
is ISO 8601 text. All values are immutable and can be packed with `pipeline.packing`.
"""

from pipeline.model.article import (
    DOUBTFUL,
    Article,
    Block,
    Contributor,
    Copyright,
    Dateline,
    Document,
    article_schema,
)
from pipeline.model.ending import Counts, Ending, Finished, JobStatus, Step
from pipeline.model.feed import Feed, Hints, Poll, Polled, WebSub
from pipeline.model.flow import (
    OUTCOMES,
    STAGES,
    Entry,
    Fetched,
    Item,
    ItemState,
    NewItem,
    Outcome,
    Page,
    Stage,
)
from pipeline.model.value import Problem, Value

__all__ = [
    "DOUBTFUL",
    "OUTCOMES",
    "STAGES",
    "Article",
    "Block",
    "Contributor",
    "Copyright",
    "Counts",
    "Dateline",
    "Document",
    "Ending",
    "Entry",
    "Feed",
    "Fetched",
    "Finished",
    "Hints",
    "Item",
    "ItemState",
    "JobStatus",
    "NewItem",
    "Outcome",
    "Page",
    "Poll",
    "Polled",
    "Problem",
    "Stage",
    "Step",
    "Value",
    "WebSub",
    "article_schema",
]
