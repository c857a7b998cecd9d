"""The line under a feed's entry that says where it was first published."""

from __future__ import annotations

import re

#: how it begins before the title, and goes on before the site's name: as WordPress words it in each
#: language, and as people do
_WORDINGS = (
    (r"the post", r"(?:first )?appeared first on"),
    (
        r"(?:the|this) (?:post|article|story|piece)",
        r"(?:(?:originally|first) )+(?:appeared|ran|published) (?:first )?(?:on|at|in|by)",
    ),
    (
        r"(?:the|this) (?:post|article|story|piece)",
        r"was (?:(?:originally|first) )+(?:published|posted) (?:on|at|in|by)",
    ),
    (r"der (?:beitrag|artikel)", r"erschien zuerst (?:auf|bei|in)"),
    (r"(?:l['’]article|cet article)", r"est apparu en premier sur"),
    (r"la entrada", r"(?:se public[óo]|apareci[óo]|aparece) primero en"),
    (
        r"(?:l['’]articolo|il post)",
        r"(?:proviene da|sembra essere il primo su|è apparso per la prima volta su)",
    ),
    (r"o (?:post|conteúdo|artigo)", r"(?:apareceu|aparece) primeiro em"),
    (r"het (?:bericht|artikel)", r"(?:verscheen eerst op|is verschenen op)"),
    (r"(?:artykuł|post|wpis)", r"(?:pochodzi z serwisu|pojawił się (?:najpierw|po ?raz pierwszy) (?:na|w))"),
    (
        r"(?:сообщение|запись|статья)",
        r"(?:появились сначала на|впервые появил[аи]сь|появил[ао]сь сначала на)",
    ),
    (r"(?:запис|допис)", r"(?:з['’]явився спочатку на|вперше з['’]явив(?:ся|лась))"),
    (r"inlägget", r"dök först upp på"),
    (r"indlægget", r"blev først udgivet på"),
    (r"innlegget", r"(?:dukket først opp på|ble først publisert på)"),
    (r"artikkeli", r"(?:julkaistiin ensimmäisen kerran|ilmestyi ensin)"),
    (r"(?:příspěvek|článek)", r"(?:pochází z|se nejdříve objevil na)"),
    (r"articolul", r"(?:apare prima dată|a apărut prima dată)"),
    (r"l['’]entrada", r"ha aparegut primer a"),
    (r"(?:το άρθρο|η δημοσίευση)", r"εμφανίστηκε πρώτα στο"),
    (r"bài viết", r"(?:đã )?xuất hiện đầu tiên"),
    (r"(?:artikel|pos)", r"pertama kali (?:tampil|muncul) (?:pada|di)"),
    (r"投稿", r"は\s?.{0,100}に最初に表示されました"),
    (r"게시물", r"에 처음 등장했습니다"),
)
#: as above where the site's name comes before the verb, or there is no opening word
_CLOSINGS = (
    r".{1,200}\S (?:bejegyzés|cikk) először .{1,100} jelent meg",
    r".{1,200}\S yazısı ilk (?:önce )?.{1,100}(?:üzerinde|yayınlandı|ortaya çıktı)",
    r".{1,200}(?:最先出现在|最早发布于|首先出現於|最先出現在).{1,100}",
    # What is left of the text where an entry breaks off.
    r"\[?\s*(?:…|\.\.\.)\s*\]?",
)
#: no such line is longer (letters)
_LONGEST = 400
_LINE = re.compile(
    r"\W*(?:"
    + "|".join(rf"{opening}\b.{{0,300}}?\s?{middle}.{{0,150}}" for opening, middle in _WORDINGS)
    + "|"
    + "|".join(_CLOSINGS)
    + r")\W*",
    re.I | re.S,
)


def is_tail(text: str) -> bool:
    """Whether a whole piece of text says no more than where an entry was first published, or that it goes
    on elsewhere. Meant for the last pieces of an entry: a story may begin like that."""
    return len(text) <= _LONGEST and _LINE.fullmatch(text) is not None
