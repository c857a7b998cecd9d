"""Names of months, in the languages that news is written in: nominative, genitive and usual abbreviations.

From the Unicode CLDR (dates/calendars/gregorian/months, format and stand-alone; persian for Iran), which
also holds the forms after "of" that Slavic and Baltic languages use.
"""

from __future__ import annotations

import unicodedata

#: language -> twelve months, each with its spellings. Where languages disagree the first one here has a word
_NAMES = {
    "en": "january|jan february|feb|febr march|mar april|apr may june|jun july|jul august|aug "
    "september|sep|sept october|oct november|nov december|dec",
    "de": "januar|jänner|jän|jaenner februar|feber märz|mär|mrz|maerz april mai juni juli august september "
    "oktober|okt november dezember|dez",
    "fr": "janvier|janv février|févr|fév mars avril|avr mai juin juillet|juil|juill août septembre octobre "
    "novembre décembre|déc",
    "es": "enero|ene febrero marzo abril|abr mayo junio julio agosto|ago septiembre|setiembre octubre "
    "noviembre diciembre|dic",
    "it": "gennaio|gen febbraio marzo aprile maggio|mag giugno|giu luglio|lug agosto settembre|set|sett "
    "ottobre|ott novembre dicembre",
    "pt": "janeiro fevereiro|fev março abril maio junho julho agosto setembro outubro|out novembro dezembro",
    "nl": "januari februari maart|mrt april mei juni juli augustus september oktober november december",
    "pl": "styczeń|stycznia|sty luty|lutego|lut marzec|marca kwiecień|kwietnia|kwi maj|maja "
    "czerwiec|czerwca|cze lipiec|lipca|lip sierpień|sierpnia|sie wrzesień|września|wrz "
    "październik|października|paź listopad|listopada|lis grudzień|grudnia|gru",
    "cs": "leden|ledna únor|února|úno březen|března|bře duben|dubna|dub květen|května|kvě "
    "červen|června|čvn červenec|července|čvc srpen|srpna|srp září|zář říjen|října|říj listopadu prosinec"
    "|prosince",
    "sk": "január|januára február|februára marec|marca apríl|apríla máj|mája jún|júna júl|júla augusta "
    "septembra október|októbra novembra decembra",
    "sl": "januarja februarja marec aprila maj junij|junija julij|julija avgust|avgusta|avg septembra "
    "oktobra novembra decembra",
    "hr": "siječanj|siječnja|sij veljača|veljače|velj ožujak|ožujka|ožu travanj|travnja|tra "
    "svibanj|svibnja|svi lipanj|lipnja srpanj|srpnja kolovoz|kolovoza|kol rujan|rujna|ruj "
    "listopad|listopada studeni|studenoga|studenog|stu prosinac|prosinca",
    "sr": "januar|јануар|јан februar|фебруар|феб mart|март|мар april|април|апр maj|мај jun|јун|јуни "
    "jul|јул|јули avgust|август|авг septembar|септембар|сеп|септ oktobar|октобар|окт "
    "novembar|новембар|нов decembar|децембар|дец",
    "mk": "јануари февруари март април мај јуни јули август септември октомври ноември|ноем декември|дек",
    "bg": "януари|ян февруари|фев март април май юни юли август|авг септември|септ октомври ноември декември",
    "ru": "январь|января|янв февраль|февраля|февр|фев март|марта|мар апрель|апреля|апр май|мая "
    "июнь|июня|июн июль|июля|июл август|августа|авг сентябрь|сентября|сент|сен октябрь|октября|окт "
    "ноябрь|ноября|нояб|ноя декабрь|декабря|дек",
    "uk": "січень|січня|січ лютий|лютого|лют березень|березня|бер квітень|квітня|квіт|кві "
    "травень|травня|трав|тра червень|червня|черв|чер липень|липня|лип серпень|серпня|серп|сер "
    "вересень|вересня|вер жовтень|жовтня|жовт|жов "
    "листопад|листопада|лист|лис грудень|грудня|груд|гру",
    "be": "студзень|студзеня люты|лютага сакавік|сакавіка красавік|красавіка май|мая чэрвень|чэрвеня "
    "ліпень|ліпеня жнівень|жніўня верасень|верасня кастрычнік|кастрычніка лістапад|лістапада "
    "снежань|снежня",
    "el": "ιανουάριος|ιανουαρίου|ιαν φεβρουάριος|φεβρουαρίου|φεβ μάρτιος|μαρτίου|μαρ απρίλιος|απριλίου|απρ "
    "μάιος|μαΐου|μαίου|μάι|μαΐ ιούνιος|ιουνίου|ιουν ιούλιος|ιουλίου|ιουλ αύγουστος|αυγούστου|αυγ "
    "σεπτέμβριος|σεπτεμβρίου|σεπ|σεπτ οκτώβριος|οκτωβρίου|οκτ νοέμβριος|νοεμβρίου|νοε|νοέ "
    "δεκέμβριος|δεκεμβρίου|δεκ",
    "tr": "ocak|oca şubat|şub mart nisan|nis mayıs haziran|haz temmuz|tem ağustos|ağu eylül|eyl ekim|eki "
    "kasım|kas aralık|ara",
    "az": "yanvar|yan fevral|fev mart|martın aprel|apr may iyun|iyn iyul|iyl avqust|avq sentyabr|sen "
    "oktyabr noyabr|noy dekabr|dek",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "no": "januar februar mars april mai juni juli august september oktober november desember|des",
    "da": "januar februar marts april maj juni juli august september oktober november december",
    "is": "janúar febrúar mars apríl maí júní júlí ágúst|ágú september október|okt nóvember|nóv desember",
    "fi": "tammikuu|tammikuuta|tammi helmikuu|helmikuuta|helmi maaliskuu|maaliskuuta|maalis "
    "huhtikuu|huhtikuuta|huhti toukokuu|toukokuuta|touko kesäkuu|kesäkuuta|kesä "
    "heinäkuu|heinäkuuta|heinä elokuu|elokuuta|elo syyskuu|syyskuuta|syys lokakuu|lokakuuta|loka "
    "marraskuu|marraskuuta|marras joulukuu|joulukuuta|joulu",
    "et": "jaanuar|jaan veebruar|veebr märts aprill mai juuni juuli august september oktoober november "
    "detsember|dets",
    "lv": "janvāris|janvāra|janvārī|janv februāris|februāra|februārī|febr marts|marta|martā "
    "aprīlis|aprīļa|aprīlī maijs|maija|maijā jūnijs|jūnija|jūnijā|jūn jūlijs|jūlija|jūlijā|jūl "
    "augusts|augustā septembris|septembrī oktobris|oktobra|oktobrī novembris|novembrī "
    "decembris|decembrī",
    "lt": "sausis|sausio|saus vasaris|vasario|vas kovas|kovo balandis|balandžio|bal gegužė|gegužės|geg "
    "birželis|birželio|birž liepa|liepos|liep rugpjūtis|rugpjūčio|rugp rugsėjis|rugsėjo|rugs "
    "spalis|spalio|spal lapkritis|lapkričio|lapkr gruodis|gruodžio|gruodž",
    "hu": "január februar|február március|márc április|ápr május|máj június|jún július|júl "
    "augusztus szeptember|szept október november december",
    "ro": "ianuarie|ian februarie martie aprilie mai iunie|iun iulie|iul august septembrie octombrie "
    "noiembrie|noi decembrie",
    "sq": "janar shkurt|shk mars prill|pri maj qershor|qer korrik|korr gusht|gush shtator|sht tetor|tet "
    "nëntor|nën dhjetor|dhj",
    "ca": "gener febrer març abril maig juny juliol agost|ag setembre octubre novembre desembre",
    "gl": "xaneiro|xan febreiro marzo abril maio xuño xullo agosto setembro outubro novembro decembro",
    "eu": "urtarrila|urtarrilaren|urt otsaila|otsailaren|ots martxoa|martxoaren apirila|apirilaren "
    "maiatza|maiatzaren ekaina|ekainaren uztaila|uztailaren abuztua|abuztuaren iraila|irailaren "
    "urria|urriaren azaroa|azaroaren abendua|abenduaren",
    "ga": "eanáir feabhra márta aibreán bealtaine meitheamh iúil lúnasa fómhair deireadh samhna nollaig",
    "cy": "ionawr chwefror mawrth ebrill mai mehefin gorffennaf awst medi hydref tachwedd rhagfyr",
    "id": "januari februari maret april mei juni juli agustus|agu|agt|ags september oktober november|nop "
    "desember|des",
    "ms": "januari februari mac april mei|mei jun julai ogos|ogo september oktober november disember|dis",
    "tl": "enero pebrero|peb marso abril mayo hunyo|hun hulyo agosto setyembre oktubre nobyembre disyembre",
    "sw": "januari februari machi aprili mei juni julai|julai agosti septemba oktoba novemba desemba",
    "hi": "जनवरी|जन फरवरी|फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर|सितम्बर अक्टूबर|अक्तूबर नवंबर|नवम्बर दिसंबर|दिसम्बर",
    "mr": "जानेवारी फेब्रुवारी मार्च एप्रिल मे जून जुलै ऑगस्ट सप्टेंबर ऑक्टोबर नोव्हेंबर डिसेंबर",
    "bn": "জানুয়ারি|জানুয়ারী ফেব্রুয়ারি|ফেব্রুয়ারী মার্চ এপ্রিল মে জুন জুলাই আগস্ট|আগষ্ট সেপ্টেম্বর অক্টোবর নভেম্বর ডিসেম্বর",
    "ta": "ஜனவரி பிப்ரவரி மார்ச் ஏப்ரல் மே ஜூன் ஜூலை ஆகஸ்ட் செப்டம்பர் அக்டோபர் நவம்பர் டிசம்பர்",
    "te": "జనవరి ఫిబ్రవరి మార్చి ఏప్రిల్ మే జూన్ జులై|జూలై ఆగస్టు సెప్టెంబర్ అక్టోబర్ నవంబర్ డిసెంబర్",
    "ur": "جنوری فروری مارچ اپریل مئی جون جولائی اگست ستمبر اکتوبر نومبر دسمبر",
    "ar": "يناير|جانفي فبراير|فيفري|شباط مارس|آذار "
    "أبريل|ابريل|إبريل|أفريل|نيسان مايو|ماي|أيار يونيو|يونيه|جوان"
    "|حزيران يوليو|يوليه|جويلية|تموز أغسطس|اغسطس|أوت|آب سبتمبر|أيلول أكتوبر|اكتوبر نوفمبر ديسمبر",
    "he": "ינואר פברואר מרץ|מרס אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר",
    "th": "มกราคม|มค กุมภาพันธ์|กพ มีนาคม|มีค เมษายน|เมย พฤษภาคม|พค "
    "มิถุนายน|มิย กรกฎาคม|กค สิงหาคม|สค กันยายน|กย ตุลาคม|ตค "
    "พฤศจิกายน|พย ธันวาคม|ธค",
    "ka": "იანვარი|იანვარს|იან თებერვალი|თებ მარტი|მარ აპრილი|აპრ "
    "მაისი|მაი ივნისი|ივნ ივლისი|ივლ აგვისტო|აგვ "
    "სექტემბერი|სექ ოქტომბერი|ოქტ ნოემბერი|ნოე დეკემბერი|დეკ",
    "hy": "հունվար|հունվարի փետրվար|փետրվարի մարտ|մարտի ապրիլ|ապրիլի "
    "մայիս|մայիսի հունիս|հունիսի հուլիս|հուլիսի "
    "օգոստոս|օգոստոսի սեպտեմբեր|սեպտեմբերի հոկտեմբեր|հոկտեմբերի "
    "նոյեմբեր|նոյեմբերի դեկտեմբեր|դեկտեմբերի",
    "kk": "қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан",
}
#: months of two words are written as one, so that each is a word; Hebrew sets "in" before without a space
_JOINED = {
    "كانون الثاني": "يناير", "كانون الأول": "ديسمبر", "تشرين "
    "الأول": "أكتوبر", "تشرين الثاني": "نوفمبر",
    "ม.ค.": "มค ", "ก.พ.": "กพ ", "มี.ค.": "มีค ", "เม.ย.": "เมย ", "พ.ค.": "พค ", "มิ.ย.": "มิย ",
    "ก.ค.": "กค ", "ส.ค.": "สค ", "ก.ย.": "กย ", "ต.ค.": "ตค ", "พ.ย.": "พย ", "ธ.ค.": "ธค ",
}  # fmt: skip
#: months of the Iranian solar year, which begins at the spring equinox
_PERSIAN = "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند"


def _plain(word: str) -> str:
    """Without accents, as capitals and plain keyboards have it."""
    return "".join(char for char in unicodedata.normalize("NFD", word) if not unicodedata.combining(char))


def _table() -> tuple[dict[str, int], dict[str, dict[str, int]]]:
    every: dict[str, int] = {}
    own: dict[str, dict[str, int]] = {}
    for language, names in _NAMES.items():
        for month, spellings in enumerate(names.split(), 1):
            for spelling in spellings.split("|"):
                for form in {
                    spelling,
                    _plain(spelling).replace("ı", "i") if spelling < "\u0900" else spelling,
                }:
                    if every.setdefault(form, month) != month:
                        own.setdefault(language, {})[form] = month
    return every, own


_EVERY, _OWN = _table()
PERSIAN = {name: month for month, name in enumerate(_PERSIAN.split(), 1)}


def month_named(word: str, language: str = "") -> int | None:
    """The month, 1 to 12, that a word in any case names; of words that differ by language, that of
    ``language`` (two letters), else of the most spoken one."""
    word = word.replace("İ", "i").lower()
    own = _OWN.get(language)
    if own is not None and word in own:
        return own[word]
    found = _EVERY.get(word)
    if found is None and "\u05d0" <= word[:1] <= "\u05ea" and word[0] == "ב":
        found = _EVERY.get(word[1:])
    return found


def joined(text: str) -> str:
    """A text in which names of months that hold blanks or full stops are one word."""
    for name, one in _JOINED.items():
        if name in text:
            text = text.replace(name, one)
    return text
