"""The words in dates: months and days of the week in the languages of feeds, and named zones."""

from __future__ import annotations

import re
from datetime import UTC, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

#: A line per month. Names that mean different months in two languages are left out.
_MONTH_NAMES = (
    "jan january januar jänner janvier janv enero ene gennaio gen janeiro januari jaanuar январь "
    "января янв stycznia ocak tammikuu ledna január ιαν",
    "feb february februar février févr fév fevrier febrero febbraio fevereiro fev februari февраль "
    "февраля фев lutego şubat helmikuu února február φεβ",
    "mar march märz mär maerz mrz mars marzo março maart mrt март марта marca mart maaliskuu března "
    "március μάρ μαρ μαρτ",
    "apr april avril avr abril abr aprile апрель апреля апр kwietnia nisan huhtikuu dubna április απρ",
    "may mai mayo maggio mag maio mei maj май мая maja mayıs toukokuu května május μάι μαι μαϊ",
    "jun june juni juin junio giugno giu junho июнь июня июн czerwca haziran kesäkuu června június "
    "ιούν ιουν ιον",
    "jul july juli juillet juil julio luglio lug julho июль июля июл lipca temmuz heinäkuu července "
    "július ιούλ ιουλ ιολ",
    "aug august août aout agosto ago augustus augusti август августа авг sierpnia ağustos elokuu "
    "srpna augusztus αύγ αυγ",
    "sep sept september septembre septiembre settembre setembro set сентябрь сентября сен сент "
    "września eylül syyskuu září szeptember σεπ σεπτ",
    "oct october oktober okt octobre octubre ottobre ott outubro out октябрь октября окт października "
    "ekim lokakuu října október οκτ",
    "nov november novembre noviembre novembro ноябрь ноября ноя kasım marraskuu listopadu november νοέ νοε",
    "dec december dezember dez décembre déc decembre diciembre dic dicembre dezembro декабрь декабря "
    "дек grudnia aralık joulukuu prosince december δεκ",
)
MONTHS = {name: number for number, line in enumerate(_MONTH_NAMES, 1) for name in line.split()}

_DAY_NAMES = """
mon monday mo montag lun lundi lunes lunedì maandag ma måndag mandag пн pon δευ
tue tues tuesday di dienstag mardi martes martedì dinsdag tisdag tirsdag вт wto τρι
wed weds wednesday mi mittwoch mer mercredi miércoles mié mercoledì woensdag wo onsdag ср śro τετ
thu thur thurs thursday do donnerstag jeu jeudi jueves jue giovedì gio donderdag torsdag чт czw πεμ
fri friday fr freitag ven vendredi viernes vie venerdì vrijdag vr fredag пт pią παρ
sat saturday sa samstag sam samedi sábado sáb sabato sab zaterdag za lördag lørdag сб sob σαβ
sun sunday so sonntag dim dimanche domingo dom domenica zondag zo söndag søndag вс nie κυρ
"""
WEEKDAYS = {
    name: number for number, line in enumerate(_DAY_NAMES.strip().splitlines()) for name in line.split()
}
#: words that stand in dates and say nothing
NOISE = {
    "at",
    "on",
    "of",
    "de",
    "del",
    "um",
    "uhr",
    "à",
    "le",
    "the",
    "den",
    "kl",
    "г",
    "года",
    "o",
    "clock",
    "t",
}

#: RFC 822, and names that mean one zone wherever they stand; IST and its like are left out
_HOURS = {
    "gmt": 0, "utc": 0, "ut": 0, "z": 0, "wet": 0, "bst": 1, "west": 1, "cet": 1, "met": 1, "mez": 1,
    "cest": 2,
    "mest": 2, "mesz": 2, "eet": 2, "eest": 3, "msk": 3, "hkt": 8, "sgt": 8, "jst": 9, "kst": 9, "aest": 10,
    "aedt": 11, "nzst": 12, "nzdt": 13,
}  # fmt: skip
_AMERICAN = {
    "ast": -4, "adt": -3, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8,
    "pdt": -7, "akst": -9, "akdt": -8, "hst": -10,
}  # fmt: skip
#: names that leave the time of the year open
_AMERICAN_PLACES = {
    "et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver", "pt": "America/Los_Angeles",
}  # fmt: skip
_PLACE = re.compile(r"[A-Z][A-Za-z]+/[A-Z][A-Za-z_/]+")


def zone(name: str) -> tuple[tzinfo | None, bool]:
    """The zone of that name, if it has one meaning, and whether it is one of North America.

    A place (``Europe/Berlin``) needs the time zone database; without it there is no zone.
    """
    lower = name.lower().removeprefix("etc/")
    if lower in _HOURS:
        hours = _HOURS[lower]
        return (timezone(timedelta(hours=hours)) if hours else UTC), False
    if lower in _AMERICAN:
        return timezone(timedelta(hours=_AMERICAN[lower])), True
    place = _AMERICAN_PLACES.get(lower) or (name if _PLACE.fullmatch(name) else None)
    if place is None:
        return None, False
    try:
        return ZoneInfo(place), place.startswith("America/")
    except (KeyError, ValueError, OSError):
        # No such place, or no database on this machine.
        return None, False
