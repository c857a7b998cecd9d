"""How the API document describes bodies that the framework cannot read off the code."""

from __future__ import annotations

from typing import Any

from workers.web.addresses import LONGEST_ADDRESS, MOST_ADDRESSES
from workers.web.submission import KEY, LONGEST_KEY

#: how a source begins; what is no address behind that becomes an item that says so
_SOURCE = "^[Hh][Tt][Tt][Pp][Ss]?:"
_LINE = f"{_SOURCE[1:]}[^\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029]*"
_LINES = {
    "type": "string",
    "pattern": f"^{_LINE}(\\r?\\n{_LINE})*$",
    "description": f"Addresses, one a line; at most {MOST_ADDRESSES:,}.",
    "examples": ["https://example.org/feed.xml\nhttps://example.org/story"],
}
_BYTES = {"type": "string", "format": "binary"}
_FILE = {"schema": {"type": "string", "format": "binary", "minLength": 1}}

#: of a request to enqueue
ENQUEUE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "JSON, a form, or one file as the body. Any other media type is a file too; what is "
        "in it is told by its first bytes, and JSON lines by the name or the media type. A line is like "
        '{"url": "https://example.org/1", "text": "One."}, or has "html".',
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
                            "description": f"Addresses; at most {MOST_ADDRESSES:,}, and 2 MB in all.",
                            "items": {"type": "string", "pattern": _SOURCE, "maxLength": LONGEST_ADDRESS},
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
                },
                "example": {"sources": "https://example.org/story"},
            },
            "application/x-ndjson": _FILE,
            "application/octet-stream": _FILE,
        },
    },
    "parameters": [
        {
            "name": "Idempotency-Key",
            "in": "header",
            "description": "Anything that no other request of yours has. The same again, within a day, is "
            "answered with the same job, and enqueues nothing.",
            "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[ -~]+$"},
        },
    ],
}

_SPACE, _VALUE = "[ \\t\\r\\n]", "(\"[^<\"]*\"|'[^<']*')"
_MORE = f"({_SPACE}+[A-Za-z_:][A-Za-z0-9_:.-]{{0,39}}{_SPACE}*={_SPACE}*{_VALUE})*"
_XML_URL = "[Xx][Mm][Ll][Uu][Rr][Ll]=(\"[^<\"\\s][^<\"]*\"|'[^<'\\s][^<']*')"
#: what makes a text a list of feeds for `pipeline.sources.opml`, whatever is around it
_OUTLINE = f"<[Oo]utline{_MORE}{_SPACE}+{_XML_URL}{_MORE}{_SPACE}*/?>"
_LIST = {
    "type": "string",
    "pattern": _OUTLINE,
    "description": "OPML: outlines with an `xmlUrl`.",
    "examples": ['<opml version="2.0"><body><outline xmlUrl="https://example.org/feed.xml"/></body></opml>'],
}

#: of a list of feeds
SUBSCRIBE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "text/x-opml": {"schema": _LIST},
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": _LIST | {"contentMediaType": "text/x-opml"}},
                },
                "encoding": {"file": {"contentType": "text/x-opml"}},
            },
        },
    }
}

__all__ = ["ENQUEUE", "KEY", "SUBSCRIBE"]
