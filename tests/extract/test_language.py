"""Languages of texts, and what templates say of them."""

from __future__ import annotations

import pytest

from pipeline.extract.language import agreed_language, guess_language, normal_tag

TEXTS = {
    "en": "The council voted on Monday to keep the old bridge open for another year, although engineers "
    "had warned it.",
    "de": "Der Rat hat am Montag beschlossen, dass die alte Brücke noch ein Jahr lang offen bleibt, und "
    "das ist gut.",
    "fr": "Le conseil a décidé lundi que le vieux pont resterait ouvert pendant une année, malgré les "
    "mises en garde des ingénieurs.",
    "es": "El consejo decidió el lunes que el viejo puente seguirá abierto durante un año más, a pesar de "
    "los ingenieros.",
    "it": "Il consiglio ha deciso lunedì che il vecchio ponte resterà aperto per un altro anno, "
    "nonostante gli ingegneri.",
    "pt": "O conselho decidiu na segunda-feira que a velha ponte não será fechada por mais um ano, apesar "
    "dos engenheiros.",
    "nl": "De raad heeft maandag besloten dat de oude brug nog een jaar open blijft, hoewel het niet de "
    "bedoeling was.",
    "pl": "Rada zdecydowała w poniedziałek, że stary most będzie otwarty jeszcze przez rok, ale nie dla "
    "ciężarówek i to jest dobre.",
    "ru": "Совет решил в понедельник, что старый мост будет открыт ещё один год, но не для грузовиков, "
    "как это было.",
    "ja": "市議会は月曜日、古い橋をもう一年開けておくことを決めた。技術者たちは反対していた。",
    "zh": "市议会星期一决定，旧桥再开放一年，尽管工程师们警告说，北边的桥拱已经不能承受卡车。",
    "ko": "시의회는 월요일에 오래된 다리를 일 년 더 열어 두기로 결정했다. 기술자들은 반대했다.",
    "ar": "قرر المجلس يوم الاثنين إبقاء الجسر القديم مفتوحا لمدة عام آخر رغم تحذيرات المهندسين.",
    "el": "Το συμβούλιο αποφάσισε τη Δευτέρα να κρατήσει ανοιχτή την παλιά γέφυρα για έναν ακόμη χρόνο.",
}


@pytest.mark.parametrize("language", TEXTS)
def test_a_language_is_told_by_its_script_or_its_small_words(language: str) -> None:
    assert guess_language(TEXTS[language]) == language


@pytest.mark.parametrize("text", ["", "1234 5678", "Zyx qrst wvut srqp onml kjih gfed cbaz"])
def test_nothing_is_guessed_from_nothing(text: str) -> None:
    assert guess_language(text) is None


@pytest.mark.parametrize(
    ("tag", "expected"),
    [("en", "en"), ("EN_us", "en-US"), ("zh-hans-cn", "zh-Hans-CN"), ("iw", "he"), ("de-DE", "de-DE"),
    ("es-419", "es-419"),
     ("english", None), ("", None), ("x", None)],
)  # fmt: skip
def test_tags_are_written_as_bcp_47_asks(tag: str, expected: str | None) -> None:
    assert normal_tag(tag) == expected


def test_a_declaration_that_agrees_adds_its_region() -> None:
    assert agreed_language(TEXTS["en"], ["", "en_GB"]) == ("en-GB", 1)


def test_a_declaration_that_contradicts_the_text_is_a_templates() -> None:
    assert agreed_language(TEXTS["de"], ["en-US"]) == ("de", None)


def test_a_declaration_decides_where_the_text_does_not() -> None:
    assert agreed_language("Zyx qrst", ["cs"]) == ("cs", 0)
