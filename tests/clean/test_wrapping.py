"""Lines to paragraphs."""

from __future__ import annotations

import textwrap

import pytest

from pipeline.clean.lines.wrapping import paragraphs

STORY = [
    "The council voted on Monday to keep the old bridge open for another year, although engineers had warned "
    "that its northern arch could no longer carry lorries and that the railings had rusted through in "
    "places.",
    "“We know what we are asking of it,” said the mayor, who walks across the bridge every morning. She "
    "added that "
    "a new one would cost more than the town spends in four years on all of its schools and roads together.",
    "The vote was close. Two members who had wanted to close the bridge at once left the hall before it "
    "was held.",
]


def test_each_line_is_a_paragraph_when_nothing_was_wrapped() -> None:
    assert paragraphs("\n".join(STORY)) == STORY
    assert paragraphs("\r\n\r\n".join(STORY)) == STORY


@pytest.mark.parametrize("width", [60, 72, 80, 100])
def test_wrapped_lines_are_joined(width: int) -> None:
    text = "\n\n".join(textwrap.fill(paragraph, width) for paragraph in STORY)
    assert paragraphs(text) == STORY


@pytest.mark.parametrize("width", [66, 80])
def test_wrapped_lines_are_joined_without_blank_lines_between_paragraphs(width: int) -> None:
    text = "\n".join(textwrap.fill(paragraph, width) for paragraph in STORY)
    assert paragraphs(text) == STORY


def test_a_flash_of_two_lines_is_joined() -> None:
    flash = "The old bridge stays open for another year, the council decided by one vote on Monday evening."
    assert paragraphs(textwrap.fill(flash, 72)) == [flash]


def test_a_headline_and_a_line_below_it_stay_apart() -> None:
    lines = ["Council keeps the old bridge open for another year", "The vote was close."]
    assert paragraphs("\n".join(lines)) == lines


def test_headlines_stay_apart_in_wrapped_text() -> None:
    head = ["Local News", "Council keeps the old bridge open", "By Ada Thorn"]
    text = "\n".join(head) + "\n\n" + "\n\n".join(textwrap.fill(paragraph, 72) for paragraph in STORY)
    assert paragraphs(text) == head + STORY


def test_list_items_are_not_joined() -> None:
    items = ["- four boats a day", "- bicycles travel free", "- dogs pay half"]
    assert paragraphs("\n".join(items)) == items


def test_one_long_line_in_wrapped_text_is_a_paragraph_of_its_own() -> None:
    notice = (
        "Copyright 2024 by somebody. "
        + "All rights are reserved and this text may not be printed again. " * 3
    )
    text = "\n\n".join(textwrap.fill(paragraph, 76) for paragraph in STORY) + "\n\n" + notice
    assert paragraphs(text) == [*STORY, notice.strip()]


UNSPACED = {
    "chinese": [
        "停运二十三年的青石渡口星期六重新开放。清晨六点，第一班渡船载着四十多名村民离开码头，其中年纪最大的已经九十一岁，"
        "她说上一次坐船还是送女儿出嫁的那一天，那时候河上还没有桥，孩子们每天都要坐船去上学。",
        "船工说，桥修好以后，大家都忘了这条河，可是绕桥要走一个小时，坐船只要八分钟，老人和孩子都愿意坐船，"
        "他的父亲和祖父都曾经在这里撑船，他自己从十二岁起就在船上帮忙。",
    ],
    "thai": [
        "ท่าเรือเก่าของหมู่บ้านเปิดให้บริการอีกครั้งเมื่อวันเสาร์หลังจากปิดมานานกว่ายี่สิบปี"
        "ชาวบ้านกว่าสี่สิบคนขึ้นเรือเที่ยวแรกตั้งแต่เช้ามืดและหลายคนนำอาหารมาแบ่งกันบนเรือ",
        "คนขับเรือบอกว่าสะพานใหม่ทำให้ทุกคนลืมแม่น้ำสายนี้แต่การเดินอ้อมสะพานใช้เวลาหนึ่งชั่วโมง"
        "ส่วนเรือใช้เวลาเพียงแปดนาทีเท่านั้น"
        "ผู้สูงอายุจึงชอบนั่งเรือมากกว่า",
    ],
}


@pytest.mark.parametrize("language", UNSPACED)
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_scripts_without_spaces_are_joined_without_spaces(language: str, gap: str) -> None:
    # Chinese characters take two columns each, Thai letters one.
    width = 70 if language == "thai" else 35
    wrapped = [
        "\n".join(paragraph[at : at + width] for at in range(0, len(paragraph), width))
        for paragraph in UNSPACED[language]
    ]
    assert paragraphs(gap.join(wrapped)) == UNSPACED[language]


@pytest.mark.parametrize("width", [66, 90])
def test_a_script_from_right_to_left_is_joined_like_others(width: int) -> None:
    story = [
        "وصلت صباح الأحد مكتبة متنقلة إلى قرية وادي الزيتون بعد رحلة استغرقت خمس ساعات على طريق جبلي ضيق، "
        "وكان في استقبالها عشرات الأطفال الذين لم يدخلوا مكتبة من قبل كما قالت معلمتهم.",
        "وقال سائق الحافلة إنه يحمل أكثر من ألفي كتاب، معظمها هدايا من سكان العاصمة، وإنه يعرف أسماء القراء "
        "الصغار جميعا بعد عام واحد من العمل في هذه المنطقة البعيدة.",
    ]
    text = "\n\n".join(textwrap.fill(paragraph, width) for paragraph in story)
    assert paragraphs(text) == story
