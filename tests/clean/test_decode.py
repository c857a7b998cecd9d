"""Bytes to text: which of mark, bytes, declarations and guess decides."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.clean.decode import decode, guess, to_utf8

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


def test_ascii_needs_no_guess() -> None:
    assert guess(b"plain") == "cp1252"


@given(
    st.binary(max_size=400),
    st.sampled_from([None, "text/html; charset=utf-16", "x; charset=gb2312", "charset="]),
)
def test_decoding_never_fails_and_both_forms_agree(body: bytes, declared: str | None) -> None:
    text = decode(body, declared)
    assert "\x00" not in text
    assert to_utf8(body, declared).decode("utf-8", "replace").replace("\ufffd", "") == text.replace(
        "\ufffd", ""
    )


@given(
    st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(
        lambda text: "\ufeff" not in text
    )
)
def test_utf8_comes_back_as_it_went_in(text: str) -> None:
    expected = text.replace("\ufffe", "").replace("\uffff", "")
    assert decode(("Some ASCII first. " + text).encode()) == "Some ASCII first. " + expected
