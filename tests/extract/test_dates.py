"""Dates as pages write them."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract.dates.calendars import from_iranian
from pipeline.extract.dates.reading import day_and_month, find_dates, nearest, read_date


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-04-19", "2024-04-19"),
        ("2024-04-19T10:30:00Z", "2024-04-19T10:30:00+00:00"),
        ("2024-04-19T10:30:00.123+02:00", "2024-04-19T10:30:00+02:00"),
        ("2024-04-19T10:30:00+02:00[Europe/Berlin]", "2024-04-19T10:30:00+02:00"),
        ("2024-04-19 10:30", "2024-04-19T10:30:00"),
        ("2024-04-19 10:30 PM", "2024-04-19T22:30:00"),
        ("2024-04-19T10:30:00-0500", "2024-04-19T10:30:00-05:00"),
        ("2024-04-19 10:30:00 +0530", "2024-04-19T10:30:00+05:30"),
        ("20240419", "2024-04-19"),
        ("Fri, 19 Apr 2024 10:30:00 +0200", "2024-04-19T10:30:00+02:00"),
        ("Fri Apr 19 10:30:00 CEST 2024", "2024-04-19T10:30:00+02:00"),
        ("Fri Apr 19 2024 10:30:00 GMT+0200 (CEST)", "2024-04-19T10:30:00+02:00"),
        ("April 19, 2024", "2024-04-19"),
        ("the 19th of April, 2024", "2024-04-19"),
        ("Published: Apr. 19th, 2024 at 3:05 PM", "2024-04-19T15:05:00"),
        ("10:15 AM EDT, Fri April 19, 2024", "2024-04-19T10:15:00-04:00"),
        ("Published 5:30 p.m. ET July 3, 2024", "2024-07-03T17:30:00-04:00"),
        ("Published 5:30 p.m. ET December 3, 2024", "2024-12-03T17:30:00-05:00"),
        ("20 January 2024 10:15 IST", "2024-01-20T10:15:00"),
        ("19 April 2024 14:30 UTC", "2024-04-19T14:30:00+00:00"),
        ("19. April 2024, 17.45 Uhr", "2024-04-19T17:45:00"),
        ("le 3 mars 2024 à 10h30", "2024-03-03T10:30:00"),
        ("1er août 2024", "2024-08-01"),
        ("3 de marzo de 2024", "2024-03-03"),
        ("3. März 2024", "2024-03-03"),
        ("onsdag den 3. april 2024 kl. 10.30", "2024-04-03T10:30:00"),
        ("keskiviikko 3. huhtikuuta 2024 klo 10.30", "2024-04-03T10:30:00"),
        ("Среда, 3 апреля 2024 г., 10:30 МСК", "2024-04-03T10:30:00+03:00"),
        ("3 Απριλίου 2024, 3:05 μ.μ.", "2024-04-03T15:05:00"),
        ("Rabu, 3 April 2024 10:30 WIB", "2024-04-03T10:30:00+07:00"),
        ("ngày 3 tháng 4 năm 2024", "2024-04-03"),
        ("19.04.2024", "2024-04-19"),
        ("19.04.24", "2024-04-19"),
        ("19/04/2024", "2024-04-19"),
        ("04/19/2024", "2024-04-19"),
        ("05/05/2024", "2024-05-05"),
        ("3-Apr-24", "2024-04-03"),
        ("26 | 01 | 2024", "2024-01-26"),
        ("2024.04.19. 10:30", "2024-04-19T10:30:00"),
        ("2024/4/3(水) 10:30", "2024-04-03T10:30:00"),
        ("2024年4月19日 下午3:05", "2024-04-19T15:05:00"),
        ("令和6年4月19日", "2024-04-19"),
        ("民國113年4月19日", "2024-04-19"),
        ("2024년 4월 19일 오후 3:05", "2024-04-19T15:05:00"),
        ("3 เม.ย. 2567 10:30 น.", "2024-04-03T10:30:00"),
        ("٣ أبريل ٢٠٢٤", "2024-04-03"),
        ("3 كانون الثاني 2024", "2024-01-03"),
        ("ראשון, 3 במרץ 2024", "2024-03-03"),
        ("۱۴ فروردین ۱۴۰۳ - ۱۰:۳۰", "2024-04-02T10:30:00"),
        ("۱۴۰۳/۰۱/۱۵", "2024-04-03"),
        ("३ अप्रैल २०२४", "2024-04-03"),
        ("September 1, 2016September 8, 2016 Ada Thorn", "2016-09-01"),
        ("2025-11-0314 min read", "2025-11-03"),
        ("1713522600", "2024-04-19T10:30:00+00:00"),
        ("1713522600000", "2024-04-19T10:30:00+00:00"),
    ],
)
def test_a_date_is_read(text: str, expected: str) -> None:
    assert read_date(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "3 hours ago",
        "early Friday",
        "03/04/2024",
        "31.02.2024",
        "2024",
        "April 2024",
        "13 of them",
        "9999-99-99",
        "1.2.24",
        "macOS 10.15.7",
        "192.168.10.24",
        "section 4.12.2024.3",
        "April",
        "0001-01-01",
        "2024-W16",
        "phone 030 2024 1904",
    ],
)
def test_what_is_no_certain_date_is_none(text: str) -> None:
    assert read_date(text) is None


#: as each language writes the third of a month; the names of its months, January first
LANGUAGES = {
    "en": (
        "{m} 3, {y}",
        "January February March April May June July August September October November "
        "December",
    ),
    "de": (
        "3. {m} {y}",
        "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    ),
    "fr": (
        "3 {m} {y}",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    ),
    "es": (
        "3 de {m} de {y}",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre "
        "diciembre",
    ),
    "pt": (
        "3 de {m} de {y}",
        "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro "
        "dezembro",
    ),
    "it": (
        "3 {m} {y}",
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre "
        "dicembre",
    ),
    "nl": (
        "3 {m} {y}",
        "januari februari maart april mei juni juli augustus september oktober november "
        "december",
    ),
    "pl": (
        "3 {m} {y} r.",
        "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października "
        "listopada grudnia",
    ),
    "cs": (
        "3. {m} {y}",
        "ledna února března dubna května června července srpna září října listopadu prosince",
    ),
    "hr": (
        "3. {m} {y}.",
        "siječnja veljače ožujka travnja svibnja lipnja srpnja kolovoza rujna listopada "
        "studenoga prosinca",
    ),
    "hu": (
        "{y}. {m} 3.",
        "január február március április május június július augusztus szeptember október "
        "november december",
    ),
    "ro": (
        "3 {m} {y}",
        "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie "
        "noiembrie decembrie",
    ),
    "ru": (
        "3 {m} {y} г.",
        "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    ),
    "uk": (
        "3 {m} {y} року",
        "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада "
        "грудня",
    ),
    "bg": (
        "3 {m} {y}",
        "януари февруари март април май юни юли август септември октомври ноември декември",
    ),
    "el": (
        "3 {m} {y}",
        "Ιανουαρίου Φεβρουαρίου Μαρτίου Απριλίου Μαΐου Ιουνίου Ιουλίου Αυγούστου Σεπτεμβρίου "
        "Οκτωβρίου Νοεμβρίου Δεκεμβρίου",
    ),
    "tr": (
        "3 {m} {y} Salı",
        "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık",
    ),
    "fi": (
        "3. {m} {y}",
        "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta "
        "elokuuta syyskuuta lokakuuta marraskuuta joulukuuta",
    ),
    "et": (
        "3. {m} {y}",
        "jaanuar veebruar märts aprill mai juuni juuli august september oktoober november "
        "detsember",
    ),
    "lv": (
        "{y}. gada 3. {m}",
        "janvāris februāris marts aprīlis maijs jūnijs jūlijs augusts septembris oktobris "
        "novembris decembris",
    ),
    "lt": (
        "{y} m. {m} 3 d.",
        "sausio vasario kovo balandžio gegužės birželio liepos rugpjūčio rugsėjo spalio "
        "lapkričio gruodžio",
    ),
    "is": (
        "3. {m} {y}",
        "janúar febrúar mars apríl maí júní júlí ágúst september október nóvember desember",
    ),
    "id": (
        "3 {m} {y}",
        "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November "
        "Desember",
    ),
    "th": (
        "3 {m} {y}",
        "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม "
        "พฤศจิกายน ธันวาคม",
    ),
    "hi": (
        "3 {m} {y}",
        "जनवरी फरवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर",
    ),
    "he": (
        "3 ב{m} {y}",
        "ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר",
    ),
    "ar": (
        "3 {m} {y}",
        "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    ),
    "vi": (
        "3 {m} năm {y}",
        "tháng\xa01 tháng\xa02 tháng\xa03 tháng\xa04 tháng\xa05 tháng\xa06 tháng\xa07 "
        "tháng\xa08 tháng\xa09 tháng\xa010 tháng\xa011 tháng\xa012",
    ),
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=30)
@given(day=st.dates(date(1995, 1, 1), date(2049, 12, 31)), capitals=st.booleans())
def test_what_a_language_writes_is_read(language: str, day: date, capitals: bool) -> None:
    form, names = LANGUAGES[language]
    text = form.replace("3", str(day.day)).format(m=names.split(" ")[day.month - 1], y=day.year)
    # Greek capitals are written without accents.
    text = text.upper() if capitals and language not in ("el", "vi") else text
    assert read_date(text, language=language) == day.isoformat()


@given(st.dates(date(1930, 1, 1), date(2099, 12, 31)))
def test_years_of_the_buddhist_era_are_those_of_thailand(day: date) -> None:
    assert read_date(f"วันที่ {day.day}/{day.month}/{day.year + 543}", month_first=False) == day.isoformat()


@given(st.integers(1301, 1490), st.integers(1, 12), st.integers(1, 29))
def test_iranian_days_follow_each_other(year: int, month: int, day: int) -> None:
    first, second = from_iranian(year, month, day), from_iranian(year, month, day + 1)
    if day < 29 or month < 12:
        assert first is not None
        assert second == first + timedelta(days=1)
    assert from_iranian(1403, 1, 1) == date(2024, 3, 20)


def test_both_readings_of_an_open_date_are_given() -> None:
    (found,) = find_dates("Posted 03/04/2024")
    assert (found.value, found.other) == ("2024-04-03", "2024-03-04")


def test_all_dates_of_a_line_come_in_order() -> None:
    found = find_dates("Updated May 5, 2024 10:30 | Published 1 May 2024")
    assert [one.value for one in found] == ["2024-05-05T10:30:00", "2024-05-01"]


def test_the_same_word_is_another_month_in_another_language() -> None:
    assert read_date("3. listopada 2024", language="hr") == "2024-10-03"
    assert read_date("3 listopada 2024", language="pl") == "2024-11-03"


def test_an_ambiguous_date_is_read_when_the_order_is_known() -> None:
    assert read_date("03/04/2024", month_first=True) == "2024-03-04"
    assert read_date("03/04/2024", month_first=False) == "2024-04-03"


def test_day_and_month_are_read_without_a_year() -> None:
    assert day_and_month("April 19") == day_and_month("19. April") == day_and_month("19 avril") == (19, 4)
    assert day_and_month("the 19") is None


def test_the_nearest_year_is_taken() -> None:
    assert nearest(30, 12, "2025-01-02") == "2024-12-30"
    assert nearest(2, 1, "2024-12-30") == "2025-01-02"
    assert nearest(29, 2, "2023-03-01T00:00:00Z") == "2024-02-29"
    assert nearest(31, 2, "2023-03-01") is None


@given(st.text(alphabet="0123456789-/.: TZ+apmAprilMä年月日,", max_size=40))
def test_reading_never_fails(text: str) -> None:
    read_date(text)


OFFSETS = st.integers(-48, 56).map(lambda quarters: timezone(timedelta(minutes=15 * quarters)))


@given(st.datetimes(timezones=OFFSETS).filter(lambda moment: 1900 < moment.year < 2100))
def test_iso_dates_come_back(moment: datetime) -> None:
    text = moment.replace(microsecond=0).isoformat()
    assert read_date(text) == text
