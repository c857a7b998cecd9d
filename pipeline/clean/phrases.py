"""What is written around articles: lines that no story contains, in the languages of common news sites.

Each pattern matches a whole line in lower case (up to a full stop or a few words more), so that a story
which talks of cookies or comments keeps its sentences. Ignoring case in the patterns would double their time.
"""

from __future__ import annotations

import re


def _lines(*alternatives: str) -> re.Pattern[str]:
    return re.compile(r"^\W*(?:" + "|".join(alternatives) + r")\W*$")


_SHARE = (
    r"(?:share|tweet|print|e-?mail|save|pin(?: it)?|like|copy link|bookmark|listen|facebook|twitter|linkedin"
    r"|whatsapp|telegram|reddit|pinterest|instagram|x|threads|bluesky|teilen|drucken|merken|partager|imprimer"
    r"|compartir|imprimir|compartilhar|condividi|stampa|delen)\b"
)
_SHARE_WITH = (
    r" this(?: article| story| post)?| on\b.{0,40}| via .{0,20}| by .{0,20}| diesen artikel| cet article"
    r"| auf .{0,30}| sur .{0,30}"
)

#: after one of these, nothing of the story follows
END = _lines(
    r"leave a (?:reply|comment)(?: cancel reply)?",
    r"(?:post|add|write) (?:a|your) (?:comment|reply).{0,20}",
    r"(?:\d+ )?(?:comments?|replies|responses?)(?: \(?\d+\)?)?",
    r"join the (?:conversation|discussion).{0,30}",
    r"comments? (?:are|is) (?:closed|off).{0,40}",
    r"schreiben? sie einen kommentar",
    r"(?:\d+ )?kommentare?(?: \(?\d+\)?)?",
    r"kommentar (?:schreiben|hinterlassen|verfassen)",
    r"schreibe einen kommentar(?: antworten abbrechen)?",
    r"laisser un commentaire(?: annuler la réponse)?",
    r"(?:\d+ )?commentaires?(?: \(?\d+\)?)?",
    r"deja (?:una respuesta|un comentario).{0,30}",
    r"(?:\d+ )?comentarios?(?: \(?\d+\)?)?",
    r"deixe (?:um|uma) (?:comentário|resposta).{0,30}",
    r"lascia un commento.{0,30}",
    r"(?:\d+ )?commenti",
    r"geef een reactie.{0,30}",
    r"(?:\d+ )?reacties?",
)

#: a list of other stories follows, until prose resumes
ASIDE = _lines(
    r"(?:related|recommended|more|similar|other|latest|popular|trending|recent|top"
    r"|featured) (?:articles?|stories|posts?|news|reading|content|coverage|topics?|links?"
    r"|from .{2,40}|in .{2,30}|on .{2,30}|about .{2,30})",
    r"(?:related|recommended|trending|most (?:read|popular|viewed)|editor[’']?s[’']? picks?|up next"
    r"|see also|also read)(?: now| today| for you| on .{2,30}| in .{2,30})?",
    r"(?:you may|you might|readers?) also (?:like|enjoy|be interested in).{0,20}",
    r"what to read next",
    r"read next",
    r"don[’' ]t miss",
    r"mehr zum thema",
    r"(?:mehr|weitere) (?:artikel|nachrichten|meldungen|themen|beiträge).{0,30}",
    r"(?:auch|das könnte (?:sie|dich) auch) interess(?:ant|ieren).{0,20}",
    r"lesen sie auch",
    r"meistgelesen\b.{0,20}",
    r"(?:à lire aussi|lire aussi|sur le même (?:sujet|thème)|articles (?:liés|similaires"
    r"|recommandés)|les plus lus)",
    r"(?:noticias|artículos|temas) relacionad[oa]s",
    r"(?:lea|lee) también",
    r"te puede interesar",
    r"lo más (?:leído|visto)",
    r"(?:leia (?:também|mais)|notícias relacionadas|mais lidas)",
    r"(?:leggi anche|articoli correlati|potrebbe interessarti)",
    r"(?:lees ook|meer (?:nieuws|artikelen)|gerelateerd(?:e artikelen)?)",
)

#: a single line that is dropped wherever it stands
LINE = _lines(
    r"back to (?:the )?top",
    r"(?:scroll|return) to (?:the )?top",
    r"nach oben",
    r"zum seitenanfang",
    r"haut de page",
    r"retour en haut",
    r"volver arriba",
    r"torna su",
    r"voltar ao topo",
    r"skip to (?:main )?(?:content|navigation)",
    r"zum inhalt springen",
    r"aller au contenu",
    r"saltar al contenido",
    r"(?:advertisement|anzeige|werbung|publicité|publicidad|pubblicità|publicidade|advertentie"
    r"|sponsored(?: content)?)(?: continues? below)?",
    r"advertisement\W+(?:story|article|scroll).{0,40}",
    r"(?:story|article) continues (?:below|after).{0,40}",
    r"continue reading(?: below)?.{0,20}",
    rf"{_SHARE}(?:\W+{_SHARE})*+(?:{_SHARE_WITH})?",
    r"share (?:this|on|via|the).{0,60}",
    r"(?:artikel |beitrag )?teilen\b.{0,30}",
    r"follow us.{0,60}",
    r"folgen sie uns.{0,40}",
    r"suivez-nous.{0,40}",
    r"síguenos\b.{0,40}",
    r"(?:read|learn|see|view|show|load) more(?: comments| stories| news)?\W*",
    r"(?:weiterlesen|mehr lesen|mehr anzeigen|lire (?:la suite|plus)|leer más|leggi tutto|lees meer"
    r"|ler mais)",
    r"your e-?mail address will not be published.{0,60}",
    r"required fields are marked.{0,10}",
    r"ihre e-mail-adresse wird nicht veröffentlicht.{0,80}",
    r"deine e-mail-adresse wird nicht veröffentlicht.{0,80}",
    r"votre adresse e-?mail ne sera pas publiée.{0,80}",
    r"tu dirección de correo electrónico no será publicada.{0,80}",
    r"save my name,? e-?mail.{0,90}",
    r"notify me of (?:follow-up comments|new posts).{0,30}",
    r"(?:name|e-?mail|website|comment|kommentar|nom|nombre|naam|post comment|submit|reply|cancel"
    r"|antworten|abbrechen)(?: \*)?(?:\s+(?:name|e-?mail|website|comment|submit)(?: \*)?)*",
    r"(?:previous|next|older|newer|vorherige[rs]?|nächste[rs]?|précédent|suivant|anterior"
    r"|siguiente)(?: (?:article|post|story|posts|page|artikel|beitrag))?",
    r"(?:sign|log) (?:in|up|out)(?: (?:to|for|with) .{0,60})?",
    r"register(?: now| for free)?",
    r"subscribe(?: now| today| here)?",
    r"(?:menu|search|close|home|toggle navigation|open menu|navigation|suche|menü|startseite"
    r"|recherche|accueil|buscar|inicio)",
    r"\d+ (?:min(?:ute)?s?|minuten|minutos)(?: (?:read|lesezeit|de lecture|de lectura))?",
    r"(?:reading time|lesezeit|temps de lecture)\b.{0,20}",
    r"all rights reserved",
    r"alle rechte vorbehalten",
    r"tous droits réservés",
    r"todos los derechos reservados",
    r"(?:our standards|read our standards|purchase licensing rights).{0,60}",
    r"(?:filed under|posted in|tags?|topics?|schlagwörter|themen|mots-clés|etiquetas)\s*:.{0,150}",
    r"image source,? .{0,60}",
    r"(?:\d+ )?(?:shares?|views?|likes?)",
    r"this (?:article|story) (?:was|is) (?:originally |first )?(?:published|available) (?:on|at|in"
    r"|by) .{0,80}",
)

#: a prompt of a sentence or two: it asks the reader for something instead of telling a story
PROMPT = re.compile(
    r"^\W*(?:(?:sign up|subscribe|register) (?:now |today |here |free )?(?:for|to|and) "
    r".{0,80}(?:newsletter|updates|alerts|inbox|e-?mail|briefing|channel)"
    r"|(?:get|receive) .{0,60}(?:newsletter|(?:delivered |straight |sent )?(?:directly )?(?:in|to) your "
    r"(?:inbox|e-?mail))"
    r"|(?:we|this (?:web)?site|our (?:web)?site|our partners) (?:and our partners )?uses? (?:of "
    r")?(?:cookies|your data)"
    r"|by (?:continuing|clicking|signing up|using|subscribing|submitting)\b.{0,120}(?:cookies?|privacy"
    r"|terms|agree|consent)"
    r"|(?:please )?(?:enable|turn on|disable|turn off) (?:javascript|cookies|your ad ?blocker)"
    r"|(?:you can )?(?:accept|manage|reject) (?:all )?(?:cookies|(?:your )?(?:privacy |cookie )?preferences)"
    r"|(?:diese|unsere) (?:web)?(?:site|seite)n? (?:verwendet|benutzt|nutzt) cookies|wir (?:verwenden"
    r"|nutzen|benutzen) cookies"
    r"|(?:abonnieren sie|melden sie sich|jetzt) .{0,60}newsletter|(?:ce|notre) site utilise des cookies"
    r"|nous utilisons des cookies"
    r"|(?:inscrivez-vous|abonnez-vous) .{0,60}(?:newsletter|lettre)|(?:este sitio|utilizamos|usamos) "
    r".{0,20}cookies"
    r"|suscr[ií]b[ea]te .{0,60}|questo sito utilizza .{0,20}cookie|deze (?:web)?site gebruikt cookies"
    r"|download (?:the|our) .{0,30}app\b|join (?:our|us on) .{0,30}(?:telegram|whatsapp|channel|group)"
    r"|(?:already|not yet) a (?:subscriber|member)\b|support (?:our|independent|quality) .{0,20}journalism)",
)
#: longest single line of these kinds, in words
LINE_WORDS = 25
#: and as many characters as this at most characters
LINE_LENGTH = 200
#: longest prompt, in words: a story about cookies has longer paragraphs
PROMPT_WORDS = 45

#: a line of navigation: short words between bars, arrows or dots
NAVIGATION = re.compile(r"^(?:[^|›»•·>/]{1,28}(?:\s*[|›»•·>]\s*|\s/\s)){2,}[^|›»•·>/]{0,28}$")


_END_WORDS = """
    add comentario comentarios comment commentaire commentaires commenti comments deixe deja geef
    join kommentar kommentare laisser lascia leave post reactie reacties replies response responses
    schreibe schreiben write
"""
_ASIDE_WORDS = """
    also articles articoli artículos auch das don editor editors featured gerelateerd gerelateerde
    latest lea lee lees leggi leia les lesen lire lo mais meer mehr meistgelesen more most noticias
    notícias other popular potrebbe read reader readers recent recommended related see similar sur
    te temas top trending up weitere what you à
"""
_LINE_WORDS = """
    abbrechen accueil advertentie advertisement all alle aller anterior antworten anzeige article
    artikel back beitrag bluesky bookmark buscar cancel close comment compartilhar compartir
    condividi continue copy deine delen drucken e email etiquetas facebook filed folgen follow haut
    home ihre image imprimer imprimir inicio instagram kommentar learn leer lees leggi ler lesezeit
    like likes linkedin lire listen load log mehr menu menü merken mots naam nach name navigation
    newer next nom nombre notify nächste nächster nächstes older open our partager pin pinterest
    post posted previous print précédent pubblicità publicidad publicidade publicité purchase read
    reading recherche reddit register reply required retour return saltar save schlagwörter scroll
    search see share shares show sign siguiente skip sponsored stampa startseite story submit
    subscribe suche suivant suivez síguenos tag tags teilen telegram temps themen this threads todos
    toggle topic topics torna tous tu tweet twitter view views voltar volver vorherige vorheriger
    vorheriges votre website weiterlesen werbung whatsapp x your zum
"""
_PROMPT_WORDS = """
    abonnez abonnieren accept already by ce deze diese disable download enable este get inscrivez
    jetzt join manage melden not notre nous our please questo receive register reject sign subscribe
    support suscribate suscribete suscríbate suscríbete this turn unsere usamos utilizamos we wir
    you
"""
#: What lines that match may begin with, beside numbers: most lines begin with another word, and are not
#: looked at twice.
FIRST_WORDS: dict[str, frozenset[str]] = {
    "end": frozenset(_END_WORDS.split()),
    "aside": frozenset(_ASIDE_WORDS.split()),
    "line": frozenset(_LINE_WORDS.split()),
    "prompt": frozenset(_PROMPT_WORDS.split()),
}
#: the kinds that may begin with a number
NUMBERED = ("end", "line")
_FIRST_WORD = re.compile(r"\W*(\w+)")
_BARS = re.compile(r"[|›»•·>/]")


def first_word(lower: str) -> str:
    """The word that a line begins with; nothing where it has none."""
    found = _FIRST_WORD.match(lower)
    return found[1] if found else ""


def may_be(kind: str, first: str) -> bool:
    """Whether lines that begin with a word, in lower case, may be of a kind (see `FIRST_WORDS`)."""
    return first in FIRST_WORDS[kind] or (kind in NUMBERED and first.isdigit())


def is_leftover(line: str, words: int) -> bool:
    """Whether a line was written around an article rather than in it."""
    if words > PROMPT_WORDS:
        return False
    lower = line.lower()
    first = first_word(lower)
    if words <= LINE_WORDS and len(lower) < LINE_LENGTH:
        if may_be("line", first) and LINE.match(lower):
            return True
        if _BARS.search(lower) and is_navigation(lower):
            return True
    return may_be("prompt", first) and PROMPT.match(lower) is not None


def is_navigation(line: str) -> bool:
    """Whether a line is words between bars."""
    # A name of three parts has dots between them, too (Chinese writes them so), but stands in a sentence.
    return line[-1:] not in ".。" and NAVIGATION.match(line) is not None
