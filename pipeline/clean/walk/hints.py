"""What class, id and role say of an element: families of words, looked up, never searched for.

A dictionary look-up per word and a cache per attribute value cost a tenth of what regular
expressions over every class string do.
"""

from __future__ import annotations

import re

#: families, as bits. Those in `OUTSIDE` mark what is not the article
NAV, ASIDE, FOOTER, FORM, COMMENT, SHARE, COOKIE, RELATED, PROMO, HIDDEN, META = (1 << n for n in range(11))
OUTSIDE = NAV | ASIDE | FOOTER | FORM | COMMENT | SHARE | COOKIE | RELATED | PROMO | HIDDEN | META
#: families that mark metadata on show
AUTHOR, DATE, SECTION, TAG = (1 << n for n in range(11, 15))
#: has an ``itemprop``, whichever
PROPERTY = 1 << 15
SHOWN = AUTHOR | DATE | SECTION | TAG

_FAMILIES = {
    NAV: """
        nav navbar navigation navigationbar menu menubar submenu megamenu breadcrumb breadcrumbs crumbs
        pagination pager paging toolbar topbar sitemap skiplink offcanvas hamburger toc mainnav subnav
        tablist pagenav postnav prevnext nextprev mainmenu
    """,
    ASIDE: """
        sidebar sidebars aside rail rightrail widget widgets siderail rightcol rightcolumn marginale
    """,
    FOOTER: """
        footer foot colophon siteinfo copyright legal disclaimer imprint pagefooter sitefooter
    """,
    FORM: """
        login signin signup register searchform searchbox search poll survey captcha registration
    """,
    COMMENT: """
        comment comments commentlist respond disqus livefyre discussion kommentar kommentare
        commentaires commentaire comentarios commenti pingback trackback pinglist replies reply
        commentform leserkommentare
    """,
    SHARE: """
        share sharing sharedaddy social socials sharebar shareline addthis addtoany sharethis socialbar
        socialmedia sociable jp-relatedposts bookmarks shares sharebuttons teilen partager compartir
        followus
    """,
    COOKIE: """
        cookie cookies consent gdpr cookiebar cookiebanner onetrust ccpa cmp cookienotice cookielaw
    """,
    RELATED: """
        related relateds relatedposts recommended recommendation recommendations recommend readmore
        morenews outbrain taboola trending popular mostread mostpopular mostviewed teaser teasers
        seealso readalso alsoread morefrom morestories moreposts nextarticle similar crosslinks
        crosslink upnext relacionadas verwandte relatedarticles relatedstories relatedcontent
        relatedlinks rel-posts latestnews editorspicks
    """,
    PROMO: """
        ad ads adv advert adverts advertisement advertising advertisment adslot adsbygoogle banner
        banners promo promos promotion sponsor sponsored sponsors newsletter newsletters subscribe
        subscription subscribebox paywall piano donate donation anzeige werbung reklama publicidad pub
        dfp gpt optin mailchimp cta leaderboard billboard appdownload
    """,
    HIDDEN: """
        visuallyhidden sr-only screenreader screen-reader-text noprint modal popup lightbox tooltip
        printonly print-only
    """,
    META: """
        byline bylines dateline-meta postmeta entrymeta articlemeta authorbox authorbio aboutauthor
        authorinfo author-bio bio postinfo tags taglist tagcloud tag-list posttags entrytags categories
        catlinks timestamp editsection mw-editsection navbox reflist
    """,
    AUTHOR: """
        author authors byline bylines autor autoren auteur auteurs autore autores redactor writer
        contributor journalist reporter verfasser fn bywriter authorname creator
    """,
    DATE: """
        date dates datetime time timestamp published pubdate publish publishdate publishedat
        datepublished posted postdate entrydate datum fecha updated dtstamp datepublication postedon
    """,
    SECTION: """
        breadcrumb breadcrumbs crumbs kicker sectionlabel section-name eyebrow rubrik rubrique overline
        dachzeile
    """,
    TAG: """
        tags taglist tagcloud tag-list posttags entrytags tag topics keywords schlagworte etiquetas
    """,
}
#: what is looked up are bytes: they are taken apart without a pattern
_WORDS: dict[bytes, int] = {}
for _family, _names in _FAMILIES.items():
    for _name in _names.encode().split():
        _WORDS[_name] = _WORDS.get(_name, 0) | _family

#: a family word after one of these says what the element lacks or is laid out beside
_NEGATIONS_WORDS = b"""
    no not non without has with hide show is enable enabled open single main toggle content
"""
_NEGATIONS = frozenset(_NEGATIONS_WORDS.split())
#: part of a name -> families of the word that it is, and whether a word of several parts may end with it
_END = 1 << 30
_TELLING = {word[start:]: _END for word in _WORDS for start in range(1, len(word))}
for _word, _bits in _WORDS.items():
    _TELLING[_word] = _TELLING.get(_word, 0) | _bits
#: everything but small letters as spaces
_SMALL = bytes(char if 97 <= char <= 122 else 32 for char in range(256))
_CAMEL = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_MOST_PARTS = 8
#: names of one element that are looked at, and characters of an attribute
_MOST_NAMES = 12
_LONGEST = 300
#: entries of a cache, which is emptied when full: some megabytes at most
_MOST_KEPT = 10_000

_ROLES = {
    "navigation": NAV, "menu": NAV, "menubar": NAV, "complementary": ASIDE, "contentinfo": FOOTER,
    "search": FORM, "dialog": HIDDEN, "alertdialog": HIDDEN, "banner": NAV, "form": FORM, "tooltip": HIDDEN,
}  # fmt: skip
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")


class _Name(dict[str, int]):
    """Families of one name, as bits; asked like a dictionary, it finds out what it does not know."""

    def __missing__(self, name: str) -> int:
        if len(self) >= _MOST_KEPT:
            self.clear()
        if name == name.lower():
            parts = name.encode("ascii", "replace").translate(_SMALL).split()
        else:
            parts = " ".join(_CAMEL.findall(name)).lower().encode().split()
        found = self[name] = _parts_say(parts[:_MOST_PARTS])
        return found


def _parts_say(parts: list[bytes]) -> int:
    """Of one name, split at capitals and at all that is no letter.

    A whole name counts as well as its last two parts (``site-footer``, ``postMeta``), since the
    first often names the place.
    """
    found, before, telling = 0, b"", 0
    for part in parts:
        telling = _TELLING.get(part, 0)
        if telling and before not in _NEGATIONS:
            found |= telling
            if before and telling & _END:
                found |= _WORDS.get(before + part, 0) | _WORDS.get(before + b"-" + part, 0)
        before = part
    if telling & _END and len(parts) > 1:
        found |= _WORDS.get(b"".join(parts), 0) | _WORDS.get(b"-".join(parts), 0)
    return found & ~_END


_NAMES = _Name()


def names_say(names: str) -> int:
    """The families that a class or id attribute speaks of, as bits."""
    found = 0
    for name in names[:_LONGEST].split()[:_MOST_NAMES]:
        found |= _NAMES[name]
    return found


class _Class(dict[str, tuple[str, int]]):
    """A class attribute as names of its element, no longer than any has reason to be, and their families."""

    def __missing__(self, names: str) -> tuple[str, int]:
        said = (names[:_LONGEST], names_say(names))
        if len(names) <= _LONGEST:
            if len(self) >= _MOST_KEPT:
                self.clear()
            self[names] = said
        return said


#: what a class or id attribute says: its names, and their families as bits. Apart, since ids are more
CLASSES, _IDS = _Class(), _Class()
_SILENT = ("", 0)
_TELLING_BESIDE_CLASS = frozenset({"id", "role", "style", "hidden", "aria-hidden", "itemprop"})


def attributes_say(attributes: dict[str, str | None]) -> tuple[str, int]:
    """An element's class and id together, and the families that its attributes speak of, as bits."""
    classes = attributes.get("class")
    said = CLASSES[classes] if classes else _SILENT
    if _TELLING_BESIDE_CLASS.isdisjoint(attributes):
        return said
    names, found = said
    ident = attributes.get("id")
    if ident:
        short, families = _IDS[ident]
        names, found = f"{names} {short}", found | families & OUTSIDE
    if len(attributes) > (classes is not None) + (ident is not None):
        if "role" in attributes:
            found |= _ROLES.get(attributes["role"] or "", 0)
        style = attributes.get("style")
        if style and _hides(style):
            found |= HIDDEN
        if "hidden" in attributes or attributes.get("aria-hidden") == "true":
            found |= HIDDEN
        if "itemprop" in attributes:
            found |= PROPERTY
    return names, found


def _hides(style: str) -> bool:
    lower = style.lower()
    # Looked for first, since few styles hold either: patterns cost ten times as much.
    return ("none" in lower or "hidden" in lower) and _HIDING.search(lower) is not None
