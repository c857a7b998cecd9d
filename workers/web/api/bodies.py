"""How the API document describes bodies that the framework cannot read off the code."""

from __future__ import annotations

from typing import Any

from workers.web.addresses import MOST_ADDRESSES
from workers.web.api.parameters import ADDRESS
from workers.web.submission import KEY, LONGEST_KEY

_LINES = {"type": "string", "pattern": ADDRESS, "description": "addresses, one a line"}
_BYTES = {"type": "string", "format": "binary"}
_FILE = {"schema": {"type": "string", "format": "binary", "minLength": 1}}

#: of a request to enqueue
ENQUEUE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "JSON, a form, or one file as the body. Any other media type is a file too; what is "
        "in it is told by its first bytes, and JSON lines by the name or the media type.",
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["sources"],
                    "additionalProperties": False,
                    "properties": {
                        "sources": {
                            "type": "array",
                            "minItems": 1,
                            "maxItems": MOST_ADDRESSES,
                            "items": {"type": "string", "pattern": ADDRESS, "maxLength": 8000},
                        }
                    },
                },
                "example": {"sources": ["https://example.org/feed.xml"]},
            },
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "sources": _LINES,
                        "files": {"type": "array", "minItems": 1, "items": _BYTES},
                    },
                    "anyOf": [{"required": ["sources"]}, {"required": ["files"]}],
                }
            },
            "application/x-ndjson": _FILE,
            "application/octet-stream": _FILE,
        },
    },
    "parameters": [
        {
            "name": "name",
            "in": "query",
            "description": "What a file that is the body is called; `.jsonl` and `.jsonl.gz` are JSON lines.",
            "schema": {"type": "string"},
        },
        {
            "name": "Idempotency-Key",
            "in": "header",
            "description": "Anything that no other request of yours has. The same again, within a day, is "
            "answered with the same job, and enqueues nothing.",
            "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[ -~]+$"},
        },
    ],
}

__all__ = ["ENQUEUE", "KEY"]
