"""Bytes to text: which of mark, bytes, declarations and guess decides."""

from __future__ import annotations

import html
import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from pipeline.clean.encoding.controls import printable
from pipeline.clean.encoding.decode import decode, to_utf8
from pipeline.clean.encoding.legacy import guess

FRENCH = "L'été dernier, la forêt brûlait déjà près de Montférand, où l'église a été sauvée à temps. " * 3
GERMAN = "Die Bäume am Fluß wurden gefällt, während die Bürger für größere Gärten kämpften. " * 3
RUSSIAN = "Вчера вечером в порту снова загорелся старый маяк, и жители вышли на площадь. " * 3
GREEK = "Χθες το βράδυ άναψε ξανά ο παλιός φάρος στο λιμάνι και οι κάτοικοι βγήκαν στην πλατεία. " * 3
POLISH = "Wczoraj wieczorem w porcie znów zapłonęła latarnia, a mieszkańcy wyszli na główną ulicę. " * 3
JAPANESE = "昨日の夕方、港の古い灯台に再び明かりがともり、町の人々は広場に集まりました。" * 3
KOREAN = "어제 저녁 항구의 오래된 등대가 다시 켜지자 주민들이 광장에 모였습니다. " * 3
CHINESE = "昨天晚上，港口的旧灯塔又亮了，居民们来到广场上，看着大海，不说话。他们在这里等了一年。" * 3


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (FRENCH, "cp1252"),
        (GERMAN, "latin-1"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (GREEK, "cp1253"),
        (JAPANESE, "cp932"),
        (JAPANESE, "euc-jp"),
        (KOREAN, "cp949"),
        (CHINESE, "gb18030"),
        (CHINESE, "utf-8"),
        (POLISH, "cp1250"),
    ],
)
def test_an_undeclared_encoding_is_recognised(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_marks_and_wide_encodings_are_recognised(encoding: str) -> None:
    assert decode(GERMAN.encode(encoding)) == GERMAN


def test_a_wrong_declaration_does_not_win_over_valid_utf8() -> None:
    page = f'<meta charset="iso-8859-1"><p>{FRENCH}'
    assert FRENCH in decode(page.encode(), "text/html; charset=windows-1251")


def test_the_header_comes_before_the_page_and_the_page_before_the_guess() -> None:
    page = f'<meta charset="koi8-r"><p>{RUSSIAN}'.encode("cp1251")
    assert RUSSIAN in decode(page, "text/html; charset=windows-1251")
    declared = f'<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-2"><p>{POLISH}'
    assert POLISH in decode(declared.encode("iso-8859-2"))


def test_latin1_is_read_as_browsers_read_it() -> None:
    assert decode(b"\x93Yes\x94 \x96 caf\xe9", "text/plain; charset=iso-8859-1") == "“Yes” – café"


def test_an_unknown_charset_is_ignored() -> None:
    assert decode(FRENCH.encode("cp1252"), "text/html; charset=x-nonsense") == FRENCH
    assert decode(FRENCH.encode("cp1252"), "text/html; charset=base64") == FRENCH


def test_a_few_broken_bytes_do_not_cost_a_utf8_page_its_encoding() -> None:
    assert decode(FRENCH.encode() * 5 + b"\xff\xe9" + FRENCH.encode()).count("été") == 36


def test_nuls_and_stray_controls_go_and_white_space_stays() -> None:
    assert decode(b"one\x00 two\x07\tthree\r\n\x1ffour") == "one two\tthree\r\nfour"


def test_bytes_that_fit_nothing_still_come_out_as_text() -> None:
    assert isinstance(decode(bytes(range(128, 256))), str)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (JAPANESE, "iso2022_jp"),
        ("昨天晚上，港口的舊燈塔又亮了，居民們來到廣場上，看著大海，不說話。他們在這裡等了一年。", "big5"),
        ("Учора ввечері в порту знову засвітився старий маяк, і мешканці вийшли на площу. ", "koi8-u"),
        (RUSSIAN, "cp866"),
        (POLISH, "iso-8859-2"),
        ("Včera večer v přístavu znovu vzplál starý maják a lidé vyšli na náměstí. ", "cp1250"),
        ("Tegnap este a kikötőben újra felgyulladt a régi világítótorony, és jöttek az emberek. ", "cp1250"),
        ("Dün akşam limandaki eski deniz feneri yeniden yandı ve halk ışığı görmeye çıktı. ", "cp1254"),
        ("Vakar vakare uoste vėl užsidegė senasis švyturys, ir žmonės išėjo į aikštę. ", "cp1257"),
        ("אמש נדלק שוב המגדלור הישן בנמל והתושבים יצאו לכיכר כדי לראות את האור. ", "cp1255"),
        ("أضاءت المنارة القديمة في الميناء من جديد مساء أمس وخرج السكان إلى الساحة. ", "cp1256"),
        ("เมื่อเย็นวานนี้ประภาคารเก่าที่ท่าเรือสว่างขึ้นอีกครั้งและชาวเมืองออกมา ", "cp874"),
        ("“It’s late,” she said — and the harbour’s light went on… ", "cp1252"),
    ],
)
def test_the_letters_tell_the_encoding_of_markup_too(text: str, encoding: str) -> None:
    page = f"<html><body><div class='story'><p>{text}</p></div></body></html>"
    assert decode(page.encode(encoding)) == page
    assert to_utf8(page.encode(encoding)).decode() == page


def test_a_declaration_quoted_in_a_script_or_comment_is_none() -> None:
    quoted = """<!-- <meta charset="koi8-r"> --><script>write('<meta charset="big5">')</script>"""
    page = f'{quoted}<meta charset="windows-1251"><p>{RUSSIAN}'
    assert RUSSIAN in decode(page.encode("cp1251"))


@pytest.mark.parametrize(
    "name", ["punycode", "idna", "unicode_escape", "rot13", "utf-7", "undefined", "\u0130"]
)
def test_encodings_that_no_page_is_in_are_not_taken_from_a_declaration(name: str) -> None:
    assert decode(FRENCH.encode("cp1252"), f"text/html; charset={name}") == FRENCH


def test_foreign_bytes_inside_utf8_are_read_as_windows_1252() -> None:
    page = RUSSIAN.encode() + b" caf\xe9 \x93M\xfcller\x94 " + FRENCH.encode()
    for declared in (None, "text/html; charset=iso-8859-1"):
        assert decode(page, declared) == RUSSIAN + " café “Müller” " + FRENCH


def test_half_a_character_inside_utf8_is_no_letter() -> None:
    page = RUSSIAN.encode()[:-3] + b"... " + CHINESE.encode()[:-1] + b" end " + FRENCH.encode()
    assert decode(page).count("\ufffd") == 2


def test_foreign_bytes_are_found_behind_much_ascii() -> None:
    page = b"<p>plain</p>" * 10_000 + FRENCH.encode() + b"\xe9 " + FRENCH.encode()
    assert decode(page).endswith(FRENCH + "é " + FRENCH)


@pytest.mark.parametrize("taken_for", ["cp1252", "latin-1"])
def test_text_encoded_twice_is_put_right(taken_for: str) -> None:
    text = "It’s “late” – he said: déjà vu, naïve Größe… "
    bytes_of = text.encode().replace(b"\x9d", b"\x94") if taken_for == "cp1252" else text.encode()
    twice = bytes_of.decode(taken_for).encode()
    assert decode(twice) == to_utf8(twice).decode() == bytes_of.decode()


def test_correct_text_that_looks_encoded_twice_is_left() -> None:
    text = "«\u00a0C’est publié\u00a0», dit-il à\u00a0» Noé\u00a0«\u00a0vu\u00a0» ÉTÉ à\u00a0Noël. " * 9
    assert decode(text.encode()) == text
    example = "Ã© is what é becomes when it is encoded twice."
    assert decode(example.encode()) == example


def test_a_character_cut_off_at_the_end_is_left_out() -> None:
    for cut in (1, 2):
        assert to_utf8(CHINESE.encode()[:-cut]).decode() == CHINESE[:-1]


def test_references_to_control_characters_go_and_others_stay() -> None:
    kept = "&#9;&#10;&#x0D;&#32;&#150;&#x93;&#8217;&#310;&#x1F600;&#xa0;&#;&#x;&#"
    assert to_utf8(f"<p title='a&#1;b'>{kept}".encode()).decode() == f"<p title='a b'>{kept}"
    for gone in ("&#31;", "&#x1F", "&#0031;", "&#x0000;", "&#127;", "&#129;", "&#&#1;1;"):
        parsed = LexborHTMLParser(to_utf8(f"<p>x {gone} y".encode())).text()
        assert printable(parsed) == parsed


def test_c1_controls_in_markup_are_read_as_windows_1252() -> None:
    page = f"<p>{FRENCH}{chr(0xA9)}" + "x" * 5_000 + "\x93Yes\x94 \u00a0"
    assert to_utf8(page.encode()).decode() == page.replace("\x93", "“").replace("\x94", "”")


def test_clean_utf8_is_not_copied() -> None:
    page = f"<p>{FRENCH}{CHINESE}".encode()
    assert to_utf8(page) is page


def test_printable_text_has_no_controls_and_reads_c1_as_windows_1252() -> None:
    assert printable("one\x1f\x00 \x93two\x94\n\tthree\udc80\uffff\x81") == "one “two”\n\tthree"


def test_ascii_needs_no_guess() -> None:
    assert guess(b"plain") == "cp1252"


@given(
    st.binary(max_size=400),
    st.sampled_from([None, "text/html; charset=utf-16", "x; charset=gb2312", "charset="]),
)
def test_decoding_never_fails_and_both_forms_agree(body: bytes, declared: str | None) -> None:
    text = decode(body, declared)
    assert printable(text) == text
    if b"&#" not in body:
        assert to_utf8(body, declared).decode() == text


@given(
    st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(
        lambda text: "\ufeff" not in text
    )
)
def test_utf8_comes_back_as_it_went_in(text: str) -> None:
    expected = text.replace("\ufffe", "").replace("\uffff", "")
    assert decode(("Some ASCII first. " + text).encode()) == "Some ASCII first. " + expected


@pytest.mark.skipif("FEEDMILL_CORPORA" not in os.environ, reason="needs the folder of corpora")
def test_the_words_of_real_pages_in_legacy_encodings_are_found() -> None:
    corpora = pytest.importorskip("training.corpora")
    pages = [
        page
        for page in corpora.read(Path(os.environ["FEEDMILL_CORPORA"]), "trafilatura")
        if page.content.decode("utf-8", "ignore").encode() != page.content
    ]
    missed = []
    for page in pages:
        text = " ".join(html.unescape(re.sub("<[^>]*>", "", decode(page.content))).split())
        missed += [words for words in page.truth["with"] if " ".join(words.split()) not in text]
    assert len(pages) > 20
    assert not missed
