"""Places as datelines name them: what can be one by its words, and well-known ones."""

from __future__ import annotations

import re

#: cities that datelines name without their country: capitals, and the large cities of the languages'
#: countries. In lower case, with underscores for spaces
_CITIES_WORDS = """
    aarhus abidjan abuja accra addis_abeba ahmedabad albany alexandria alger algier algiers amman amsterdam
    ankara antwerpen anvers arnhem asunción atenas atene athen athens athènes atlanta auckland augsburg
    austin bagdad baghdad bahrain baku bali baltimore bamako bangalore bangkok barcelona barcelone bari
    basel beijing beirut beirutas belfast belgrad belgrade bengaluru bergen berlim berlin berlino berlín
    bern berne bielefeld bilbao birmingham bochum bogota bogotá bologna bonn bordeaux boston brasilia
    brasília bratislava braunschweig bregenz bremen brescia brisbane bruselas brussel brussels bruxelas
    bruxelles brüssel bucarest bucharest budapest buenos_aires buffalo bukarest bâle cairo calgary cali
    canberra caracas cardiff casablanca catania chennai chicago chisinau chişinău cincinnati cleveland
    colombo colonia copenhagen cottbus cracow córdoba dakar dallas damas damascus damaskus dar_es_salaam
    darmstadt delhi den_haag denver detroit dhaka doha dortmund dresden dubai dublin dublino dublín duisburg
    durban dushanbe düsseldorf edinburgh edmonton eindhoven eisenstadt erfurt essen firenze flensburg
    florence frankfurt frankfurt/main frankfurt_am_main freiburg fukushima gaza gaza_city geneva genf genova
    gent genève gerusalemme ginebra glasgow graz grenoble groningen guadalajara guatemala guayaquil göteborg
    göttingen haifa halifax halle hamburg hamburgo hannover hanoi harare havana havanna heidelberg helsinki
    hong_kong hongkong honolulu houston hyderabad indianapolis innsbruck islamabad istanbul jakarta jena
    jerusalem jerusalén johannesburg jérusalem kaboul kabul kairo kampala kansas_city karachi karlsruhe
    kassel kathmandu kharkiv khartoum kiel kiev kiew kigali kingston kinshasa klagenfurt koblenz kolkata
    konstanz kopenhagen krakau kuala_lumpur kuwait kyiv kyoto köln københavn la_habana la_paz lagos lahore
    las_vegas lausanne leeds leipzig lille lima linz lisboa lisbon lisbonne lissabon liverpool liège
    ljubljana london londra londres los_angeles luanda lucerne luik lusaka luxembourg luxemburg luzern lviv
    lyon lübeck maastricht macau madrid magdeburg mailand mainz malmö managua manaus manchester manila
    mannheim maputo marrakesch marseille mecca medellín melbourne memphis mexico_city miami milan milano
    milwaukee minneapolis minsk mogadishu monterrey montevideo montreal montréal mosca moscou moscow moscú
    moskau mumbai munich málaga méxico münchen münster nagasaki nairobi namur nantes naples napoli nashville
    neu_delhi new_delhi new_orleans new_york nice nicosia nürnberg odessa oklahoma_city omaha osaka oslo
    ottawa paderborn palermo panama panamá parigi paris parís patna pechino peking pekín perth philadelphia
    phnom_penh phoenix pittsburgh podgorica port-au-prince portland porto potsdam prag praga prague praha
    pretoria pristina pyongyang pékin quito québec rabat ramallah recife regensburg rennes reykjavik riad
    riga rio_de_janeiro riyadh rom roma rome rostock rotterdam ryad saarbrücken sacramento salt_lake_city
    salzburg san_diego san_francisco san_josé san_juan san_salvador santiago santo_domingo sao_paulo
    sarajevo schwerin seattle seoul sevilla seúl shanghai singapore singapour singapur skopje sofia
    st._gallen st._louis st._pölten stavanger stockholm strasbourg straßburg stuttgart sydney são_luís
    são_paulo séoul taipeh taipei tallinn tashkent tbilisi tegucigalpa teheran teherán tehran tel_aviv
    tirana tokio tokyo torino toronto toulouse trier tripoli tripolis trondheim tunis turin turku téhéran
    ulm uppsala utrecht vaduz valencia valletta vancouver varsovie vatican_city vatikanstadt venedig venezia
    venice verona viena vienna vienne vilnius warsaw warschau warszawa washington weimar wellington wien
    wiesbaden winnipeg wolfsburg wuhan wuppertal würzburg yangon yaoundé yerevan zagreb zaragoza zurich
    zürich
"""
_CITIES = frozenset(word.replace("_", " ") for word in _CITIES_WORDS.split())
#: in capitals before a dash, and no place: kinds of stories, clubs, what sites shout
_SHOUTED_WORDS = """
    academy actu actualización advertisement agency alert analisi analyse analysis announcement análise
    análisis army association atualização audio background bank bears breaking briefing bulletin bulls cf
    check chronique club column comment commentary comunicado corrected correction crónica cup developing
    direct dossier décryptage eagles editorial eil eilmeldung enquête entretien entretiens entrevista
    esclusiva exclusif exclusiva exclusive exklusiv explained explainer fact factbox fc feature federation
    flash focus gallery giants grand graphic guide hintergrund important infografik infographie interview
    intervista investigation just kolumne kommentar league leitartikel letter letters live liveblog
    liveticker meinung ministry new news newsletter note notice obituary op-ed opinion opinione opinião
    opinión party photos podcast point police poll portrait porträt press preview profile quiz rangers recap
    recipe record reminder report reportage reportagem reportaje retrospective review rezension rovers récit
    satire sc scoop sondage special spoiler sponsored spotlight statement statistics stellungnahme story
    summary survey sv team testimony ticker tigers timeline tip tips transcript trending tribune tsv tv
    témoignage ultima university update updated urgent utd vfb vfl video vidéo vu vídeo wanderers warning
    watch weather win wrapup édito éditorial úldtima última último
"""
_SHOUTED = frozenset(_SHOUTED_WORDS.split())
_SMALL_WORDS = """
    a aan al am an and at au auf aux bei by d da das de del della den der di do dos du e el en et i im in la
    las le les los na nad near o och of off og on op per sobre sul sur the u und unter upon van von y zu zur
"""
#: words in small letters that stand within places' names
_SMALL = frozenset(_SMALL_WORDS.split())
_NEVER_FIRST_WORDS = """
    a am an as at by das de der die een ein eine el gli her het his i il im in its l' la las le les lo los
    my o on os our that the their these this um uma un una une uno your
"""
#: words that begin a sentence rather than a place, unless all is in capitals
_NEVER_FIRST = frozenset(_NEVER_FIRST_WORDS.split()) - {"la", "los", "las", "le", "el", "il"}
#: even in capitals no place but a few begins with them: "THE TIMES — "
_ARTICLES = frozenset(("the", "a", "an", "der", "die", "das", "this", "our", "un", "une"))
_WITH_ARTICLE = frozenset(("the hague", "the dalles", "the bronx"))
_WORD = re.compile(r"[^\s,/()\[\]]+")
_NOT_IN_PLACES = re.compile(r"[\d:;!?\"“”„«»©@|=+*<>_#%]")
_MOST_WORDS = 8


def may_be_place(text: str) -> bool:
    """Whether words can name a place: few, each beginning in a capital but for "de", "am", "upon"."""
    words = _WORD.findall(text)
    if not 1 <= len(words) <= _MOST_WORDS or _NOT_IN_PLACES.search(text):
        return False
    first = words[0].lower()
    if not words[0][0].isalpha() or words[0][0].islower() or first.startswith(("l'", "l’", "d'", "d’")):
        return False
    if first in (_ARTICLES if text.isupper() else _NEVER_FIRST) and text.lower() not in _WITH_ARTICLE:
        return False
    return all(word.lower() in _SMALL or not word[0].islower() or word[1:2] in "'’." for word in words)


def is_city(text: str) -> bool:
    """Whether one of the places in a dateline ("Köln/Berlin", "Paris, France") is a well-known city."""
    return any(part.strip().lower() in _CITIES for part in re.split(r"[/,]", text)) or text.lower() in _CITIES


def is_shouted(text: str) -> bool:
    """Whether capitals before a dash say what kind of story follows, or name a club or an organisation."""
    if is_city(text):
        return False
    words = [word.lower() for word in _WORD.findall(text)]
    if any(word in _SHOUTED for word in words) or words[-1] == "united":
        return True
    # NASA, WHO, IBM: short names in capitals are initials unless known as a city.
    return len(words) == 1 and len(words[0]) <= 5
