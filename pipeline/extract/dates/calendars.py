"""Years and months of other calendars to the common one."""

from __future__ import annotations

from datetime import date, timedelta

#: first year of Japanese eras, of which year 1 is the first
ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "民國": 1911, "民国": 1911}
#: years that the Buddhist era of Thailand is ahead
BUDDHIST = 543
#: the equinox of this day begins the Iranian year 1400, the fifth after the leap year 1399
_NEW_YEAR, _YEAR = date(2021, 3, 21), 1400
#: leap years of the 33-year cycle that the calendar has followed since 1925, by year modulo 33
_LEAP = (1, 5, 9, 13, 17, 22, 26, 30)


def from_iranian(year: int, month: int, day: int) -> date | None:
    """The day of an Iranian solar date, between the years 1300 and 1500; None when there is none such."""
    if not (1300 <= year <= 1500 and 1 <= month <= 12):
        return None
    if not 1 <= day <= (31 if month <= 6 else 30 if month < 12 or year % 33 in _LEAP else 29):
        return None
    days = 31 * (month - 1) if month <= 7 else 186 + 30 * (month - 7)
    if year >= _YEAR:
        days += sum(365 + (one % 33 in _LEAP) for one in range(_YEAR, year))
    else:
        days -= sum(365 + (one % 33 in _LEAP) for one in range(year, _YEAR))
    return _NEW_YEAR + timedelta(days=days + day - 1)
