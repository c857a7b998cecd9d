"""Pages of success that are not the page that was asked for: error pages and consent pages. Pure.

Only what is certain. An error page that is missed ends as a page without an article all the same; an
article taken for one would be lost.
"""

from __future__ import annotations

import html
import re
from urllib.parse import SplitResult, urlsplit

from pipeline import urls
from pipeline.errors import FetchError, SourceError
from pipeline.fetch.sites import same_site
from pipeline.fetch.visible import headline_of, shown, title_of

#: what only an article has, in lower case
_ARTICLE_MARKS = (
    b"<article", b"articlebody", b'"newsarticle"', b'"article"', b'"blogposting"', b'content="article"',
    b"schema.org/article", b"schema.org/newsarticle", b"schema.org/blogposting",
)  # fmt: skip
#: bytes of text outside links and menus that an error page may show: excuses and advice, in scripts
#: of several bytes a letter, too
_MOST_TEXT = 1_500
#: the same of a consent page, which explains at length what will be done with the data
_MOST_CONSENT_TEXT = 5_000
#: larger pages are judged by their title alone: looking for a headline would cost a millisecond (bytes)
_LARGEST = 100_000

_FRONT_PAGES = re.compile(r"/?(?:(?:index|home|default)(?:\.\w{2,5})?)?/?", re.I)
#: last part of a path to an error page, without its ending; whole, never a part of a headline
_ERROR_PATHS_WORDS = """
    404 404-not-found 404error 404-error error404 error-404 error error-page errorpage not-found notfound
    not_found page-not-found page_not_found pagenotfound 404notfound page404 404page 410 gone
    seite-nicht-gefunden fehler fehler-404 fehlerseite page-introuvable page-non-trouvee erreur-404
    pagina-no-encontrada pagina-non-trovata errore-404 pagina-nao-encontrada pagina-niet-gevonden
"""
_ERROR_PATHS = frozenset(_ERROR_PATHS_WORDS.split())

#: hosts that only ever ask for consent
_CONSENT_HOSTS = re.compile(
    r"(?:consent|guce|oauth-consent)(?:\.[a-z]+)?\.(?:yahoo|aol|google|youtube|techcrunch|engadget|huffpost)"
    r"\.[a-z.]{2,6}|guce\.[a-z.-]+|myprivacy\.dpgmedia\.(?:nl|be|net)|consent\.(?:google|youtube)\.[a-z.]{2,6}"
)
#: part of a path, whole, of pages that ask for consent and then lead back
_CONSENT_PATHS_WORDS = """
    consent privacywall privacy-wall privacygate cookiewall cookie-wall cookie-consent cookieconsent
    cookie-consent-wall collectconsent zustimmung consent-a- consent-management tcf-consent
"""
_CONSENT_PATHS = frozenset(_CONSENT_PATHS_WORDS.split())
_FORM_TARGET = re.compile(rb"\baction\s*=\s*[\"']?([^\"'\s<>]{1,400})")
#: forms that are looked at: a consent page has two or three
_MOST_FORMS = 4

_SEPARATOR = re.compile(r"\s*[|\u2013\u2014\u00b7\u2022\u00bb\u00ab:/]+\s*|\s+-+\s+|[.!?\u2026\u3002]+\s+")
_NOISE = re.compile(r"[^\w'\u0300-\u036f\u0600-\u06ff]+")
#: words around the verdict that say nothing; and the number itself
_FILLERS_WORDS = """
    oops ooops ups uups sorry whoops http https status code 404 410 error errors fehler erreur errore
    erro błąd fout fel fejl feil virhe hata chyba hiba ошибка помилка the a diese die der this esta cette
    la questa deze requested angeforderte demandée we are désolé désolés entschuldigung lo sentimos
"""
_FILLERS = frozenset(_FILLERS_WORDS.split())
#: "the page was not found", as titles say it, without the words above
_VERDICTS = frozenset(
    _NOISE.sub(" ", line).strip()
    for line in """
    not found;page not found;page cannot be found;page can't be found;page could not be found
    page couldn't be found;page that page can't be found;that page can't be found;page does not exist
    page doesn't exist;page no longer exists;page is not available;page not available;page unavailable
    page is no longer available;file not found;article not found;story not found;content not found
    post not found;document not found;page missing;page you requested could not be found
    page you are looking for could not be found;page you requested cannot be found;object not found
    seite nicht gefunden;seite wurde nicht gefunden;seite konnte nicht gefunden werden;nicht gefunden
    seite existiert nicht;seite nicht vorhanden;artikel nicht gefunden;inhalt nicht gefunden
    seite nicht verfügbar;seite ist nicht verfügbar
    page non trouvée;page introuvable;page est introuvable;page n'existe pas;page n'a pas été trouvée
    page inexistante;article introuvable;contenu introuvable;page que vous recherchez est introuvable
    página no encontrada;página no existe;página no se encuentra;página no disponible;no encontrada
    no se encontró página;no se ha encontrado página;contenido no encontrado;noticia no encontrada
    pagina non trovata;pagina non esiste;pagina inesistente;contenuto non trovato;articolo non trovato
    página não encontrada;página não existe;página não foi encontrada;conteúdo não encontrado
    pagina niet gevonden;pagina bestaat niet;pagina kon niet worden gevonden;artikel niet gevonden
    pàgina no trobada;no s'ha trobat pàgina;pagina nu a fost găsită;pagina nu există
    strona nie znaleziona;nie znaleziono strony;strony nie znaleziono;strona nie została znaleziona
    strona nie istnieje;podana strona nie istnieje;stránka nenalezena;stránka nebyla nalezena
    stránka neexistuje;stránka nebola nájdená;stranica nije pronađena;stran ni bila najdena
    az oldal nem található;oldal nem található;sivua ei löydy;sivua ei löytynyt;lehte ei leitud
    sidan hittades inte;sidan kunde inte hittas;sidan finns inte;siden blev ikke fundet
    siden findes ikke;siden ble ikke funnet;siden finnes ikke;fant ikke siden;síða fannst ekki
    sayfa bulunamadı;aradığınız sayfa bulunamadı;halaman tidak ditemukan;không tìm thấy trang
    страница не найдена;страницы не существует;страница не существует;сторінку не знайдено
    сторінка не знайдена;страницата не е намерена;страница није пронађена;η σελίδα δεν βρέθηκε
    σελίδα δεν βρέθηκε;ページが見つかりません;ページが見つかりませんでした
    お探しのページは見つかりませんでした;お探しのページは見つかりません;页面不存在;页面未找到
    找不到页面;您访问的页面不存在;找不到網頁;找不到頁面;頁面不存在;페이지를 찾을 수 없습니다
    الصفحة غير موجودة;لم يتم العثور على الصفحة;הדף לא נמצא;העמוד לא נמצא;पृष्ठ नहीं मिला
    صفحه یافت نشد;ไม่พบหน้า;ไม่พบหน้าที่คุณต้องการ
    """.replace("\n", ";").split(";")
    if line.strip()
)


def not_the_page(
    asked: str, final_url: str, body: bytes, *, front_page_will_do: bool = False
) -> FetchError | None:
    """The error `soft_404` or `consent` when a page of success is certainly not the one asked for.

    ``asked`` is the address before all redirects. ``front_page_will_do``: what was asked for need not
    be an article. A retry does not help. None for everything else, also for what is no address or
    no HTML.
    """
    name = urls.printable(urls.without_password(asked))
    led = _led_elsewhere(name, asked, final_url, front_page_will_do) if asked != final_url else None
    if led is not None:
        return led
    title = title_of(body)
    verdict = title if _is_verdict(title) else ""
    if not verdict and len(body) <= _LARGEST:
        headline = headline_of(body)
        verdict = headline if _is_verdict(headline) else ""
    if verdict and _is_bare(body, _MOST_TEXT):
        return _missing(f"{name} shows an error page: {verdict[:80]!r}.")
    if len(body) <= _LARGEST and _is_consent_form(body, final_url):
        return _consent(name, urls.host_of(final_url))
    return None


def _led_elsewhere(name: str, asked: str, final_url: str, front_page_will_do: bool) -> FetchError | None:
    """What the address says to which redirects have led."""
    try:
        before, after = urlsplit(urls.canonical(asked)), urlsplit(urls.canonical(final_url))
    except SourceError:
        return None
    if before == after:
        return None
    if _asks_for_consent(before, after):
        return _consent(name, after.netloc)
    if not front_page_will_do and _is_front_page(before, after):
        return _missing(f"{name} leads to the front page of {after.netloc}.")
    if _error_path(after) and not _error_path(before):
        return _missing(f"{name} leads to an error page of {after.netloc} ({after.path}).")
    return None


def _asks_for_consent(before: SplitResult, after: SplitResult) -> bool:
    if _CONSENT_HOSTS.fullmatch(after.hostname or ""):
        return True
    # Elsewhere the page must also know where to lead back to.
    leads_back = any(
        before.path.strip("/") and part in after.query for part in (before.path, _escaped(before.path))
    )
    return leads_back and bool(_consent_parts(after.path) - _consent_parts(before.path))


def _consent_parts(path: str) -> set[str]:
    return set(path.lower().split("/")) & _CONSENT_PATHS


def _escaped(path: str) -> str:
    return path.replace("/", "%2F")


def _is_front_page(before: SplitResult, after: SplitResult) -> bool:
    """Whether an article's address led to the front page of its own site."""
    if after.query or not _FRONT_PAGES.fullmatch(after.path):
        return False
    parts = [part for part in before.path.split("/") if part]
    # "/news/" may well be shown on the front page today; "/2024/05/storm-hits-coast" is an article.
    deep = len(parts) >= 2 or (bool(parts) and len(re.split(r"[-_]", parts[-1])) >= 3)
    return deep and same_site(before.hostname or "", after.hostname or "")


def _error_path(parts: SplitResult) -> str | None:
    last = parts.path.rstrip("/").rpartition("/")[2].lower()
    last = re.sub(r"\.(?:html?|php|aspx?|jsp|shtml)$", "", last)
    return last if last in _ERROR_PATHS else None


def _is_verdict(text: str) -> bool:
    """Whether a title, or one part of it beside the site's name, says only that nothing was found."""
    if not text or len(text) > 200:
        return False
    return any(_is_saying(part) for part in [text, *_SEPARATOR.split(text)])


def _is_saying(part: str) -> bool:
    words = _NOISE.sub(" ", part.replace("\u2019", "'")).split()
    plain = " ".join(words)
    if plain in _VERDICTS:
        return True
    rest = " ".join(word for word in words if word not in _FILLERS)
    return rest in _VERDICTS or (not rest and ("404" in words or "410" in words) and len(words) <= 4)


def _is_bare(body: bytes, most: int) -> bool:
    low = body.lower()
    return not any(mark in low for mark in _ARTICLE_MARKS) and len(shown(low, links=False)) <= most


def _is_consent_form(body: bytes, url: str) -> bool:
    """Whether a page is nothing but a form whose target asks for consent."""
    start = 0
    for _ in range(_MOST_FORMS):
        start = body.find(b"<form", start) + 5
        if start < 5:
            return False
        found = _FORM_TARGET.search(body[start : start + 600].partition(b">")[0])
        if found is None or b"onsent" not in found[1].lower():
            continue
        target = urls.absolute(html.unescape(found[1].decode("utf-8", "replace")), url)
        parts = urlsplit(target) if target else None
        if parts and (_CONSENT_HOSTS.fullmatch(parts.hostname or "") or _consent_parts(parts.path)):
            return _is_bare(body, _MOST_CONSENT_TEXT)
    return False


def _missing(told: str) -> FetchError:
    return FetchError(told, code="soft_404", retry_helps=False)


def _consent(name: str, host: str) -> FetchError:
    return FetchError(f"{host} asks for consent before it shows {name}.", code="consent", retry_helps=False)
