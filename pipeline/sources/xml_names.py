"""Names of feed elements, as feedparser sees them: namespace and local name to one handled name.

The tables repeat feedparser's (mixin.py and namespaces/ of 6.0): `xml_feed` must tell what it
treats alike from what it would treat otherwise.
"""

from __future__ import annotations

#: lower-case namespace -> prefix of the handled name; those not listed have no say
_PREFIXES = {
    "": "",
    "http://backend.userland.com/rss": "",
    "http://blogs.law.harvard.edu/tech/rss": "",
    "http://purl.org/rss/1.0/": "",
    "http://my.netscape.com/rdf/simple/0.9/": "",
    "http://purl.org/atom/ns#": "",
    "http://www.w3.org/2005/atom": "",
    "http://purl.org/rss/1.0/modules/rss091#": "",
    "http://webns.net/mvcb/": "admin",
    "http://creativecommons.org/ns#license": "cc",
    "http://web.resource.org/cc/": "cc",
    "http://cyber.law.harvard.edu/rss/creativecommonsrssmodule.html": "creativecommons",
    "http://backend.userland.com/creativecommonsrssmodule": "creativecommons",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://www.w3.org/2003/01/geo/wgs84_pos#": "geo",
    "http://www.georss.org/georss": "georss",
    "http://www.opengis.net/gml": "gml",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://search.yahoo.com/mrss": "media",
    "http://search.yahoo.com/mrss/": "media",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://purl.org/rss/1.0/modules/slash/": "slash",
    "http://purl.org/rss/1.0/modules/syndication/": "sy",
    "http://purl.org/rss/1.0/modules/taxonomy/": "taxo",
    "http://purl.org/rss/1.0/modules/threading/": "thr",
    "http://madskills.com/public/xml/rss/module/trackback/": "trackback",
    "http://madskills.com/public/xml/rss/module/pingback/": "pingback",
    "http://wellformedweb.org/commentapi/": "wfw",
    "http://www.w3.org/1999/xhtml": "xhtml",
    "http://www.w3.org/1999/xlink": "xlink",
    "http://www.w3.org/xml/1998/namespace": "xml",
    "http://podlove.org/simple-chapters": "psc",
}
#: what feedparser knows beside these is so rare that it may have it
_STRANGE = (
    "http://example.com/", "http://purl.org/echo/", "uri/of/echo/namespace#", "http://purl.org/pie/",
)  # fmt: skip
#: Prefixes that lead to handlers of feedparser even when they stand for another namespace.
_TELLING = {
    "admin", "cc", "content", "creativecommons", "dc", "dcterms", "feedburner", "georss", "gml", "itunes",
    "media", "psc", "rdf", "sy", "xhtml", "xml",
}  # fmt: skip

#: names that feedparser has a handler for, or that would land on a key that is read
_CORE = {
    "rss", "channel", "feed", "image", "textinput", "author", "managingeditor", "contributor", "name",
    "width",
    "height", "url", "homepage", "uri", "email", "subtitle", "tagline", "rights", "copyright", "item",
    "entry",
    "language", "webmaster", "published", "issued", "pubdate", "updated", "modified", "lastbuilddate",
    "created", "expirationdate", "category", "keywords", "cloud", "link", "guid", "id", "title",
    "description",
    "abstract", "info", "generator", "summary", "enclosure", "source", "content", "body", "fullitem",
    "newlocation", "tags", "georssgeom", "date", "links", "authors", "items", "entries", "ttl", "skiphours",
    "skipdays", "href", "hour", "day", "where",
}  # fmt: skip
_MODULES = {
    "admin": {"generatoragent", "errorreportsto"},
    "cc": {"license"},
    "content": {"encoded"},
    "creativecommons": {"license"},
    "dc": {
        "author", "creator", "date", "description", "language", "publisher", "rights", "subject", "title",
        "contributor",
    },
    "dcterms": {"created", "issued", "modified", "valid"},
    "feedburner": {"browserfriendly", "origlink"},
    "itunes": {
        "author", "category", "name", "email", "subtitle", "summary", "owner", "keywords", "image", "link",
        "block", "explicit",
    },
    "media": {
        "category", "keywords", "title", "group", "rating", "credit", "description", "restriction", "license",
        "content", "thumbnail", "player",
    },
    "psc": {"chapters", "chapter"},
    "rdf": {"rdf"},
    "sy": {"updateperiod", "updatefrequency", "updatebase"},
    "xhtml": {"body"},
}  # fmt: skip


class Unsure(Exception):
    """The document holds something that feedparser may read otherwise."""


class Excess(Unsure):
    """The document holds more, or nests deeper, than any feed that people write."""


class Names:
    """The namespaces that one document declares, and the handled names of its elements."""

    def __init__(self, lenient: bool = False) -> None:
        self._lenient = lenient
        #: expat's name ("namespace local") -> handled name; empty: it has no meaning here
        self.known: dict[str, str] = {}
        #: namespaces declared so far, in lower case
        self.declared: set[str] = set()
        self._declared: dict[str, str] = {}

    def declare(self, prefix: str | None, uri: str | None) -> None:
        """Raises Unsure for what feedparser reads by rules of its own."""
        lower = (uri or "").lower()
        self.declared.add(lower)
        if lower.startswith(_STRANGE) and not self._lenient:
            raise Unsure(f"namespace {uri}")
        if prefix and lower not in _PREFIXES:
            before = self._declared.setdefault(uri or "", prefix)
            telling = {before.lower(), prefix.lower()} & _TELLING
            if telling and (before != prefix or prefix != prefix.lower()) and not self._lenient:
                raise Unsure(f"prefix {prefix} for {uri}")

    def handled(self, name: str) -> str:
        """The handled name of an element: ``title``, ``dc_creator``; empty for one without a say.

        Raises Unsure for what feedparser handles and `xml_feed` does not know.
        """
        uri, _, local = name.rpartition(" ")
        try:
            found = self._handled(uri, local.lower())
        except Unsure:
            if not self._lenient:
                raise
            found = ""
        self.known[name] = found
        return found

    def _handled(self, uri: str, local: str) -> str:
        lower = uri.lower()
        prefix = "" if "backend.userland.com/rss" in lower else _PREFIXES.get(lower)
        if prefix is None:
            # The usual prefix of a misspelt namespace counts, and an unknown default namespace.
            prefix = self._declared.get(uri, "")
            if prefix and prefix not in _TELLING:
                return ""
        if not prefix:
            if local in _CORE:
                return local
            if local.partition("_")[0] in _TELLING or local.endswith(("_detail", "_parsed")):
                raise Unsure(f"element {local}")
            return ""
        if prefix in ("georss", "gml"):
            raise Unsure(f"element {local} of {uri}")
        return f"{prefix}_{local}" if local in _MODULES.get(prefix, ()) else ""


def attribute_name(name: str) -> str:
    """An attribute's name as feedparser has it: a known prefix, else none, in lower case."""
    uri, _, local = name.rpartition(" ")
    prefix = _PREFIXES.get(uri.lower(), "")
    return f"{prefix}:{local}".lower() if prefix else local.lower()
