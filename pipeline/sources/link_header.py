"""The HTTP header Link (RFC 8288, section 3)."""

from __future__ import annotations

import re
from collections.abc import Mapping

#: characters that are looked at; servers send a few hundred
_LOOKED_AT = 16_384
_TARGET = re.compile(r"[\s,]*<([^<>]*)>")
_PARAMETER = re.compile(
    r"\s*;\s*(?:([\w*!#$%&'+.^`|~-]+)\s*(?:=\s*(?:\"((?:[^\"\\]|\\.)*)\"|([^\s;,\"]*)))?)?"
)


def links(headers: Mapping[str, str] | None) -> list[dict[str, str]]:
    """The links that headers carry, in their order: parameters by name in lower case, the target
    (as written, it may be relative) as ``href``.

    Of a parameter that comes twice the first counts. Links of another resource than the one that
    was fetched (``anchor``) are left out. What breaks the grammar ends the reading.
    """
    value = ", ".join(text for name, text in (headers or {}).items() if name.lower() == "link")
    value = value[:_LOOKED_AT]
    found, at = [], 0
    while (target := _TARGET.match(value, at)) is not None:
        at = target.end()
        link = {"href": target[1].strip()}
        while (parameter := _PARAMETER.match(value, at)) is not None:
            at = parameter.end()
            if parameter[1]:
                text = parameter[3] or re.sub(r"\\(.)", r"\1", parameter[2] or "")
                link.setdefault(parameter[1].lower(), text.strip())
        if "anchor" not in link:
            found.append(link)
    return found


__all__ = ["links"]
