"""Datelines in Japanese, Chinese and Korean."""

from __future__ import annotations

import re
from typing import NamedTuple

from pipeline.extract.wire.agencies import agency_spelled


class Found(NamedTuple):
    """A dateline, taken apart."""

    #: "" when there is none
    place: str
    agency: str | None
    #: as written; "" when there is none
    date_text: str
    #: characters up to the first sentence
    length: int
    #: names before the place; "" when there are none
    byline: str = ""


_IDEOGRAPHS = r"[\u3005\u3040-\u30ff\u4e00-\u9fff]"
#: 【ロンドン共同】, 【ワシントン時事】
_LENTICULAR = re.compile(
    rf"【(?P<place>{_IDEOGRAPHS}{{1,12}}?)(?P<date>[0-9０-９]{{1,2}}日)?(?P<agency>共同|時事|ロイター|AFP|AP)】\s*"
)
#: ［東京　３日　ロイター］ - , 東京 3日 共同 -
_SPACED = re.compile(
    rf"[［\[]?(?P<place>{_IDEOGRAPHS}{{2,12}})[\s\u3000]+(?P<date>[0-9０-９]{{1,2}}日)[\s\u3000]+(?P<agency>{_IDEOGRAPHS}{{2,8}}"
    r"|[A-Z]{2,4})\s*[］\]]?\s*[-－—ー]?\s*"
)
#: 新华社北京3月12日电（记者王小明）
_CHINESE = re.compile(
    r"[（(]?(?P<agency>[\u4e00-\u9fff]{2,4}[社网網])(?:记者)?(?P<place>[\u4e00-\u9fff]{2,8}?)"
    r"(?P<date>(?:[0-9０-９]{1,2}月)?[0-9０-９]{1,2}日)(?:专电|電訊|[电讯電訊])"
    r"(?:[（(](?P<names>[^（）()]{2,40})[）)])?[）)]?[\s\u3000:：]*"
)
#: (서울=연합뉴스) 김철수 기자 =
_KOREAN = re.compile(
    r"[(\[](?P<place>[^=()\[\]]{2,20})=(?P<agency>[^=()\[\]]{2,10})[)\]]\s*"
    r"(?:(?P<names>[\uac00-\ud7af·, ]{2,40}?)\s*(?:기자|특파원)\s*=\s*)?"
)
_REPORTER = re.compile(r"^(?:本报|本社)?记者")


def find_opening(text: str) -> Found | None:
    """The dateline that a paragraph begins with, or None."""
    for pattern in (_LENTICULAR, _SPACED, _CHINESE, _KOREAN):
        match = pattern.match(text)
        agency = agency_spelled(match["agency"]) if match else None
        if match and agency:
            groups = match.groupdict()
            names = _REPORTER.sub("", groups.get("names") or "")
            return Found(groups["place"].strip(), agency, groups.get("date") or "", match.end(), names)
    return None
