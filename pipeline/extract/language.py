"""The language of a text: by its script, or by its most common small words."""

from __future__ import annotations

import re
from collections import Counter

_STOP_WORDS = {
    "en": """
        the of and to in that is was for it with as his on be at by this had not are but from they which
        you were her all she there would their been has have will who
    """,
    "de": """
        der die und das den von zu mit sich des auf für ist im dem nicht ein eine als auch es werden aus
        er hat dass sie nach wird bei einer um am sind noch wie einem über wurde
    """,
    "fr": """
        le la les des et en un une du que est pour qui dans par pas sur plus au avec ce il sont se mais
        cette été aux nous ont ne être deux leur elle
    """,
    "es": """
        el la los las y a en que un una del se por con para no es al lo como más su ha pero sus este fue
        entre han desde sobre también está muy hasta
    """,
    "it": """
        il la di che e un una in per non del della sono con si le dei nel alla anche più gli ha dal come
        dei delle questo essere è ma lo nella hanno
    """,
    "pt": """
        o os as de que e do da em um uma para com não no na por mais dos das se foi ao como sua são pelo
        também ele está seu entre após segundo
    """,
    "nl": """
        de het een en van in is dat op te zijn voor met die niet aan er om ook als dan maar bij wordt
        door naar uit nog werd heeft over deze ze
    """,
    "sv": """
        och att det som en på är av för med den till inte har ett om var de sig från men vi så kan han
        hade när efter eller
    """,
    "da": """
        og at det er en til af på for med de den ikke som der et har var han fra men sig jeg vi kan blev
        efter også skal
    """,
    "nb": """
        og det er en til av på for med som ikke har de den at et var han fra men seg jeg vi kan ble
        etter også skal hun
    """,
    "fi": """
        ja on ei se että oli mutta ovat joka myös hän kun tai mukaan kuin ole jo niin nyt sen olla sitä
        vain vuoden voi
    """,
    "pl": """
        w i na z się do nie że jest to o jak po za od przez co dla ale są był tym tego jego oraz być
        może został już
    """,
    "cs": """
        a se v na je že s z do o to i jako k po ale za by ve od pro které jsou byl jeho už ze při podle
        také která
    """,
    "sk": """
        a sa v na je že s z do o to aj ako k po ale za by vo od pre ktoré sú bol jeho už zo pri podľa
        tiež ktorá
    """,
    "hu": """
        a az és hogy nem is egy van meg de ez azt ha el már csak mint volt még ki szerint után által
        lehet kell
    """,
    "ro": """
        de și în a la cu o pe din că nu un care pentru mai este fi sunt au fost sau dar ca prin după s-a
        această
    """,
    "tr": """
        ve bir bu da de için ile çok olarak daha olan gibi ne en kadar sonra var ama ise olduğu göre
        tarafından değil oldu
    """,
    "id": """
        yang dan di untuk dengan itu dari ini pada tidak ke dalam akan juga adalah oleh bahwa telah ada
        mereka sebagai karena
    """,
    "ms": """
        yang dan di untuk dengan itu dari ini pada tidak ke dalam akan juga adalah oleh bahawa telah ada
        mereka sebagai kerana beliau
    """,
    "vi": """
        và của là có trong được cho không các một những người với đã để từ này về tại khi cũng đến năm
        ông
    """,
    "hr": """
        i je u da se na za su od što nije kako će koji ali iz bi po o sa kao samo još više godine
    """,
    "sl": """
        je in v da na so se za ki ni pa bi tudi z po kot iz od ob še leta pri bo
    """,
    "lt": """
        ir kad yra tai su į iš bet buvo jau kaip už apie dėl taip tik nuo ar po savo metų
    """,
    "et": """
        ja on ei et see oli kui aga ka mis oma kes ning või nii pärast ta seda välja aasta
    """,
    "ca": """
        de la i el que en els les un per amb una del és al no a més com ha seva són aquest però
    """,
    "sw": """
        ya wa na kwa ni katika za la kuwa hiyo huo hii cha kwamba pia hao baada kama huyo hilo yake wake
        hiyo vya yao ambao ambayo kutoka
    """,
    "af": """
        die van en in is het dat nie vir op met te hy by wat aan was sy ook na om uit word deur as se
    """,
    "sq": """
        të e në dhe për me i që një nga si është u së më ka do se kjo nuk por janë pas
    """,
    "lv": """
        un ir ar no par kas ka uz bija to lai tika arī pēc kā vai bet gan viņš tas savu gada
    """,
    "is": """
        og að í á er sem til við um það var en af með ekki fyrir hann þá eftir eru verið segir
    """,
    "ga": """
        agus an na ar go a is i do bhí sé le leis seo sin ag níl raibh ach nach
    """,
    "eu": """
        eta da ez du dute ere izan zen bat egin den dira baina beste hori baino duen
    """,
    "az": """
        və bu bir ilə üçün də da ki olan daha ən isə olub edib edir hər çox sonra
    """,
    "tl": """
        ang ng sa na mga ay at si ni para ito niya kay hindi siya pa kung may nang
    """,
    "zu": """
        ukuthi futhi uma kanye ukuba khona ngoba lo lokhu kodwa kusho le nokuthi ngemuva ngesikhathi la uthe
        abantu kulo lapho yena ukuze ngo kwi
    """,
    "xh": """
        ukuba kwaye kodwa xa kuba ngoku emva le lo abantu ukuze ngexesha nje kunye ngokuba okanye into yokuba
        kwi uthi apho loo ke
    """,
    "kl": """
        aamma taanna tassa kisianni ilaatigut pillugu oqarpoq tassani taakku tamanna naalakkersuisut kalaallit
        nunaat massakkut soorlu tamatuma tamarmik ukioq imaluunniit
    """,
    "ru": """
        и в не на что с по как это он из за от то для его все было был также если года но о при они
        после
    """,
    "uk": """
        і в не на що з по як це він із за від та для його було був також року але про при вони після
        який
    """,
    "bg": """
        и в на да се за от с не е че по като са това си до ще но или които след през при беше има
    """,
    "sr": """
        и је у да се на за су од што није како ће који али из би по о са као само још више године
    """,
}
#: letters that only one of these languages is written with
_SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7a3]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
    ("bn", re.compile(r"[\u0980-\u09ff]")),
    ("ta", re.compile(r"[\u0b80-\u0bff]")),
    ("te", re.compile(r"[\u0c00-\u0c7f]")),
    ("ml", re.compile(r"[\u0d00-\u0d7f]")),
    ("gu", re.compile(r"[\u0a80-\u0aff]")),
    ("ka", re.compile(r"[\u10a0-\u10ff]")),
    ("hy", re.compile(r"[\u0530-\u058f]")),
    ("my", re.compile(r"[\u1000-\u109f]")),
    ("km", re.compile(r"[\u1780-\u17ff]")),
    ("lo", re.compile(r"[\u0e80-\u0eff]")),
    ("am", re.compile(r"[\u1200-\u137f]")),
)
#: what none of the languages with small words above is written with
_OTHER = re.compile(r"[\u0370-\u03ff\u0530-\u1fff\u3040-\ud7ff]")
_ARABIC = re.compile(r"[\u0600-\u06ff]")
_BY_WORD: dict[str, list[str]] = {}
for _language, _words in _STOP_WORDS.items():
    for _word in set(_words.split()):
        _BY_WORD.setdefault(_word, []).append(_language)
_TOKEN = re.compile(r"[^\W\d_]+")
#: the same for characters below `_FAR`, spelled out: that is five times as fast
_NEAR_TOKEN = re.compile(f"[{''.join(filter(_TOKEN.match, map(chr, range(0x530))))}]+")
_ASCII = bytes(range(128))
_FAR = re.compile("[\u0530-\u1fff\u2070-\U0010ffff]")
#: how much of a text is looked at, in characters
_SAMPLE = 1_500
#: share of small words that a guess needs, and how far it must be ahead
_LEAST = 0.12
_AHEAD = 1.15
#: words after which the lack of small words speaks against a language
_ENOUGH = 80
_TAG = re.compile(r"^([a-zA-Z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|\d{3}))?(?![A-Za-z])")
_OLD_CODES = {
    "iw": "he",
    "in": "id",
    "no": "nb",
    "jp": "ja",
    "cz": "cs",
    "gr": "el",
    "ua": "uk",
    "dk": "da",
    "se": "sv",
}


def guess_language(text: str) -> str | None:
    """BCP 47 language of a text, without region; None when too little or nothing speaks for one."""
    sample = text[:_SAMPLE]
    tokens = _tokens(sample)
    letters = sum(map(len, tokens))
    if letters < 20:
        return None
    if not sample.isascii() and len(_OTHER.findall(sample)) > letters * 0.3:
        scripted = _by_script(sample, letters)
        if scripted:
            return scripted
    small = [(times, _BY_WORD[token]) for token, times in Counter(tokens).items() if token in _BY_WORD]
    weights: dict[str, float] = {}
    for times, languages in small:
        # A word that few languages have says more than one that half of Europe has.
        weight = times / len(languages)
        for language in languages:
            weights[language] = weights.get(language, 0.0) + weight
    best = sorted(weights, key=weights.__getitem__, reverse=True)[:2]
    if not best:
        return None
    found = sum(times for times, languages in small if best[0] in languages)
    if found < max(3, _LEAST * len(tokens)):
        return None
    if len(best) > 1 and weights[best[0]] < weights[best[1]] * _AHEAD:
        return None
    return best[0]


def _tokens(sample: str) -> list[str]:
    lowered = sample.lower()
    # Nearly all characters are ASCII: without them the search is short.
    rare = lowered.encode("utf-8", "surrogatepass").translate(None, _ASCII).decode("utf-8", "surrogatepass")
    return (_TOKEN if _FAR.search(rare) else _NEAR_TOKEN).findall(lowered)


def normal_tag(tag: str) -> str | None:
    """A language tag as BCP 47 writes it (``en_us`` becomes ``en-US``), or None when it is none."""
    match = _TAG.match(tag.strip())
    if match is None:
        return None
    language, script, region = match.groups()
    language = _OLD_CODES.get(language.lower(), language.lower())
    if len(language) == 3 and language not in ("fil", "haw", "ckb", "yue"):
        return None
    return "-".join(part for part in (language, script and script.title(), region and region.upper()) if part)


def agreed_language(text: str, declared: list[str]) -> tuple[str | None, int | None]:
    """The text's language, and which declaration gave it (None: the text itself).

    A declaration that agrees with the guess adds its region; one that does not is a template's.
    """
    guessed = guess_language(text)
    tags = [normal_tag(tag) for tag in declared]
    for at, tag in enumerate(tags):
        if tag and (_same(tag, guessed) if guessed else not _refuted(tag, text)):
            return tag, at
    return guessed, None


def _refuted(tag: str, text: str) -> bool:
    """Whether a text is long enough to show a language's small words, and hardly has any."""
    words = _STOP_WORDS.get(tag.split("-")[0])
    tokens = _tokens(text[:_SAMPLE])
    if words is None or len(tokens) < _ENOUGH:
        return False
    usual = set(words.split())
    return sum(1 for token in tokens if token in usual) < _LEAST / 2 * len(tokens)


def _same(tag: str, guessed: str) -> bool:
    primary = tag.split("-")[0]
    if primary == guessed:
        return True
    # Close kin share nearly all small words, and a declaration knows better.
    return any(
        {primary, guessed} <= kin
        for kin in ({"nb", "da", "nn"}, {"id", "ms"}, {"hr", "sr", "bs", "sl"}, {"cs", "sk"}, {"pt", "gl"})
    )


def _by_script(sample: str, letters: int) -> str | None:
    for language, pattern in _SCRIPTS:
        found = len(pattern.findall(sample))
        if found > letters * (0.1 if language == "ja" else 0.4):
            return language
    if len(_ARABIC.findall(sample)) > letters * 0.4:
        if re.search("[ٹڈڑںے]", sample):
            return "ur"
        return "fa" if len(re.findall("[پچژگی]", sample)) > letters * 0.04 else "ar"
    return None
