"""What class, id and role say of an element: families of words, looked up, never searched for.

A dictionary look-up per word and a cache per attribute value cost a tenth of what regular
expressions over every class string do.
"""

from __future__ import annotations

import re
from functools import lru_cache

#: families, as bits. Those in `OUTSIDE` mark what is not the article
NAV, ASIDE, FOOTER, FORM, COMMENT, SHARE, COOKIE, RELATED, PROMO, HIDDEN, META = (1 << n for n in range(11))
OUTSIDE = NAV | ASIDE | FOOTER | FORM | COMMENT | SHARE | COOKIE | RELATED | PROMO | HIDDEN | META
#: families that mark metadata on show
AUTHOR, DATE, SECTION, TAG = (1 << n for n in range(11, 15))
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
_WORDS: dict[str, int] = {}
for _family, _names in _FAMILIES.items():
    for _name in _names.split():
        _WORDS[_name] = _WORDS.get(_name, 0) | _family

#: a family word after one of these says what the element lacks or is laid out beside
_NEGATIONS_WORDS = """
    no not non without has with hide show is enable enabled open single main toggle content
"""
_NEGATIONS = frozenset(_NEGATIONS_WORDS.split())
_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_ROLES = {
    "navigation": NAV, "menu": NAV, "menubar": NAV, "complementary": ASIDE, "contentinfo": FOOTER,
    "search": FORM, "dialog": HIDDEN, "alertdialog": HIDDEN, "banner": NAV, "form": FORM, "tooltip": HIDDEN,
}  # fmt: skip
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)


@lru_cache(maxsize=50_000)
def names_say(names: str) -> int:
    """The families that a class or id attribute speaks of, as bits."""
    found = 0
    for name in names.split()[:12]:
        found |= _name_says(name)
    return found


@lru_cache(maxsize=50_000)
def _name_says(name: str) -> int:
    """Of one name, split at dashes, underscores and capitals.

    A whole name counts as well as its last two parts (``site-footer``, ``postMeta``), since the
    first often names the place.
    """
    parts = [part.lower() for part in _PART.findall(name)][:8]
    if not parts:
        return 0
    found = _WORDS.get("".join(parts), 0) | _WORDS.get("-".join(parts), 0)
    for at, part in enumerate(parts):
        if at and parts[at - 1] in _NEGATIONS:
            continue
        found |= _WORDS.get(part, 0)
        if at:
            found |= _WORDS.get(parts[at - 1] + part, 0) | _WORDS.get(f"{parts[at - 1]}-{part}", 0)
    return found


@lru_cache(maxsize=50_000)
def _names_and_say(names: str | None, ident: str | None) -> tuple[str, int]:
    found = names_say(names) if names else 0
    if not ident:
        return names or "", found
    return f"{names or ''} {ident}", found | names_say(ident) & OUTSIDE


def attributes_say(attributes: dict[str, str | None]) -> tuple[str, int]:
    """An element's class and id together, and the families that its attributes speak of, as bits."""
    said = _names_and_say(attributes.get("class"), attributes.get("id"))
    if len(attributes) == 1 and said[0]:
        return said
    names, found = said
    if "role" in attributes:
        found |= _ROLES.get(attributes["role"] or "", 0)
    if "style" in attributes:
        style = attributes["style"]
        found |= HIDDEN if style and _HIDING.search(style) else 0
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        found |= HIDDEN
    return names, found
