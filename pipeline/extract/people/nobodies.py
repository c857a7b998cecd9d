"""Words that stand in bylines and in nobody's name: roles, offices, organisations, labels, the calendar."""

from __future__ import annotations

_ROLES = """
    editor editors editor-in-chief reporter reporters correspondent correspondents writer writers
    journalist journalists columnist columnists contributor contributors commentator analyst analysts
    blogger bloggers critic photographer photographers photojournalist videographer producer producers
    director directors manager managers president chairman chairwoman ceo cto cfo coo founder co-founder
    cofounder owner partner partners expert experts specialist strategist consultant consultants advisor
    adviser intern trainee fellow researcher scientist professor lecturer teacher coach officer
    executive head lead leader reviewer reviewers moderator administrator admin webmaster author authors
    publisher publishers host redakteur redakteurin redakteure redaktor redaktorin redakteurinnen
    chefredakteur chefredakteurin autor autorin autoren korrespondent korrespondentin korrespondenten
    journalistin reporterin volontär volontärin fotograf fotografin herausgeber pressesprecher
    pressesprecherin sprecher sprecherin leiter leiterin geschäftsführer geschäftsführerin mitarbeiter
    mitarbeiterin gastautor gastautorin gründer journaliste journalistes rédacteur rédactrice rédacteurs
    auteur auteurs correspondante correspondant envoyé envoyée spécial spéciale directeur directrice
    photographe chroniqueur chroniqueuse redactor redactora redactores periodista corresponsal autora
    autores fotógrafo enviado especial colaborador colaboradora directora reportero reportera jornalista
    repórter giornalista redattore redattrice autore autrice inviato corrispondente collaboratore
    redacteur redactrice verslaggever correspondente redaktør journalisten skribent редактор
    корреспондент журналист автор обозреватель muhabir editör yazar dziennikarz redaktorka
"""
#: what stands before a role
_RANKS = """
    senior junior staff chief deputy associate assistant managing executive contributing special guest
    freelance political national international foreign business economics economy sports science health
    technology tech education environment culture news digital online multimedia web features
    investigative trending former founding lead general principal global local city metro white house
    legal crime arts entertainment travel food money personal finance markets political-economy chef
    freie freier freies leitender leitende stellvertretender stellvertretende verantwortlicher
    verantwortliche
"""
_OFFICES = """
    staff desk newsroom newsdesk team teams editorial redaktion onlineredaktion webredaktion
    redaktionsteam sportredaktion redaksi redaksjonen redaktionen redakcja redakce rédaction redacción
    redazione redação redactie bureau agency agencies agencia agence agenzia press presse prensa stampa
    imprensa pressestelle presseportal news nachrichten noticias notizie notícias actualités nieuws
    media magazine magazin revista zeitung tageblatt anzeiger kurier rundschau tagesschau times daily
    gazette herald tribune journal newspaper chronicle observer newswire newsletter radio tv television
    televisión fernsehen rundfunk broadcasting channel network wire service services online digital web
    website blog podcast video bbc cnn reuters afp dpa getty shutterstock imago alamy university
    universität université universidad università institute institut instituto istituto college school
    schule hochschule akademie academy company inc inc. ltd llc gmbh corp corp. srl e.v foundation
    stiftung fondation fundación fondazione department ministry ministerium ministère ministerio
    departement association verband verein vereinigung bundesverband gesellschaft society council
    committee commission kommission landesanstalt bundesamt amt behörde bank group gruppe groupe grupo
    gruppo club union gewerkschaft partei fraktion bundestagsfraktion feuerwehr polizei kirche abteilung
    solutions systems technologies software studio studios productions agentur marketing communications
    consulting partners holdings international center centre zentrum labs kitchen kitchens official
    government community forum support sponsored content paid office büro hospital clinic klinik clinics
    store shop archive archives archiv library museum
"""
_PUBLIC = """
    pressemitteilung nachricht wortlaut wiki illustration symbolbild symbolfoto
    deutsche deutscher deutsches deutschen bayerische bayerischer österreichische österreichischer schweizer
    schweizerische europäische evangelische katholische rotes american british canadian australian european
    united welle kreuz bundesministerium bündnis
"""
_LABELS = """
    published updated posted created written reported edited reviewed checked translated read more share
    follow subscribe photo photos foto fotos image images bild bilder credit copyright contact kontakt
    about by von vom par por per and und et with mit avec con this that the our your you me us we all
    show view unbekannt unknown anonymous anonym none null undefined nobody user users name email e-mail
    mail facebook twitter instagram linkedin whatsapp youtube telegram ago minutes minute hours hour
    days comment comments kommentar kommentare bio profile profil guest post home login search menu http
    https www com what why how when where who is are was were has have not from into latest breaking
    exclusive interview advertisement anzeige werbung premium plus article articles artikel text story
    stories topic topics category tags question answer guide review reviews best new top part source
    quelle fuente publicado actualizado aktualisiert veröffentlicht erstellt modifié publié rubrik
    listen lesezeit kategorien kategorie categories schlagwörter schlagwort tagged filed last beitrag
    beiträge weiter weitere posts recent featured provider submit uncategorized allgemein redaktionell
"""
_CALENDAR = """
    january february march april may june july august september october november december jan feb mar
    apr jun jul aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday mon
    tue wed thu fri sat sun januar februar märz mai juni juli oktober dezember montag dienstag mittwoch
    donnerstag freitag samstag sonntag janvier février mars avril juin juillet août septembre octobre
    novembre décembre enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre
    diciembre lunes martes miércoles jueves viernes sábado domingo today yesterday heute gestern hoy
    ayer
"""
#: after a name: what was studied, which orders and boards
_DEGREES = """
    phd ph.d dphil md m.d mba mph msc m.sc ma m.a ba b.a bs b.s bsc b.sc ms m.s mfa jd j.d llm llb esq
    rd rdn rn np pa-c do dds dvm cpa cfa cfp cscs lcsw lmft facs faap facp facc faclm fand mpp mpa med
    m.ed edd ed.d psyd psy.d pharmd dc dpt frcp frs obe mbe cbe mp
"""
_TITLES = """
    dr prof professor mr mrs ms miss sir dame drs ing mag dipl-ing dipl.-ing univ-prof herr frau
    rechtsanwalt rechtsanwältin lic don doña doc mudr phdr
"""

#: legal forms and the like: in capitals only
_ACRONYMS = """
    ag kg sa bv ev ap tv plc nv se
"""
#: words above that are surnames, too: they do not count behind a given name
_SURNAMES = """
    post press staff guest read bank share mar mars mai may march young journal herald page bild head coach
    best new bishop abril julio agosto june april august friday sunday mail story king church shop club top
    marzo domingo archer hunt foto kirche part schule amt lane do ma ms med kurier
"""
ROLES = frozenset(_ROLES.split())
RANKS = frozenset(_RANKS.split())
ACRONYMS = frozenset(_ACRONYMS.split())
#: all that makes a piece of a byline no person
NOBODIES = frozenset((_ROLES + _OFFICES + _PUBLIC + _LABELS).split())
CALENDAR = frozenset(_CALENDAR.split())
DEGREES = frozenset(_DEGREES.split())
TITLES = frozenset(_TITLES.split())
SURNAMES = frozenset(_SURNAMES.split())
