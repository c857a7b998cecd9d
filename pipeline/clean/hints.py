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
_SPLIT = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)?|[A-Z][a-z0-9]*")
_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_ROLES = {
    "navigation": NAV, "menu": NAV, "menubar": NAV, "complementary": ASIDE, "contentinfo": FOOTER,
    "search": FORM, "dialog": HIDDEN, "alertdialog": HIDDEN, "banner": NAV, "form": FORM, "tooltip": HIDDEN,
}  # fmt: skip
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)


@lru_cache(maxsize=50_000)
def names_say(names: str) -> int:
    """The families that a class or id attribute speaks of, as bits.

    Names are split at spaces, dashes, underscores and capitals; a whole name counts as well as
    its last two parts (``site-footer``, ``postMeta``), since the first often names the place.
    """
    found = 0
    for name in names.split()[:12]:
        parts = [part.lower() for part in _PART.findall(name)][:8]
        if not parts:
            continue
        found |= _WORDS.get("".join(parts), 0) | _WORDS.get("-".join(parts), 0)
        for at, part in enumerate(parts):
            if at and parts[at - 1] in _NEGATIONS:
                continue
            found |= _WORDS.get(part, 0)
            if at:
                found |= _WORDS.get(parts[at - 1] + part, 0) | _WORDS.get(f"{parts[at - 1]}-{part}", 0)
    return found


def attributes_say(attributes: dict[str, str | None]) -> int:
    """The families that an element's attributes speak of, as bits."""
    found = 0
    for name, value in attributes.items():
        if name == "class":
            if value:
                found |= names_say(value)
        elif name == "id":
            if value:
                found |= names_say(value) & OUTSIDE
        elif name == "role":
            found |= _ROLES.get(value or "", 0)
        elif name == "style":
            found |= HIDDEN if value and _HIDING.search(value) else 0
        elif name == "hidden" or (name == "aria-hidden" and value == "true"):
            found |= HIDDEN
    return found
