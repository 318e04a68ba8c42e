"""The time between two runs of a cron expression."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta

_LIMITS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 6))
_WEEKDAYS = _LIMITS[4]
_NAMES = {
    name: number
    for names in (("jan feb mar apr may jun jul aug sep oct nov dec", 1), ("sun mon tue wed thu fri sat", 0))
    for number, name in enumerate(names[0].split(), names[1])
}
# A fixed calendar, so that a schedule gives the same thresholds whenever they are computed: that of
# packages/core/src/kpi/interval.ts.
_FIRST_DAY, _DAYS = datetime(2025, 1, 1), 731


def longest_interval(cron: str) -> float | None:
    """Greatest time in seconds between two runs of a schedule (one of working days pauses at weekends).

    Days have 24 hours. None for what core refuses in a spec (packages/core/src/spec/cron.ts), or does not run twice within two
    years.
    """
    fields = cron.split()
    if len(fields) != 5:
        return None
    try:
        minutes, hours, days, months, weekdays = (_values(f, *limits) for f, limits in zip(fields, _LIMITS, strict=True))
    except ValueError:
        return None
    if not _is_open(fields[2]) and not _is_open(fields[4]):
        return None
    times = [timedelta(hours=hour, minutes=minute) for hour in sorted(hours) for minute in sorted(minutes)]
    gaps: list[timedelta] = []
    last: datetime | None = None
    for day in (_FIRST_DAY + timedelta(days=number) for number in range(_DAYS)):
        if day.month in months and day.day in days and (day.weekday() + 1) % 7 in weekdays:
            if last is None:  # the same on all days
                gaps += [later - earlier for earlier, later in itertools.pairwise(times)]
            else:
                gaps.append(day + times[0] - last)
            last = day + times[-1]
    return max(gaps).total_seconds() if gaps else None


def _is_open(field: str) -> bool:
    return any(part in ("*", "*/1") for part in field.split(","))


def _values(field: str, low: int, high: int) -> set[int]:
    values: set[int] = set()
    is_weekday = (low, high) == _WEEKDAYS
    for part in field.lower().split(","):
        span, slash, step = part.partition("/")
        first, dash, last = span.partition("-")
        if span == "*":
            start, stop = low, high
        else:
            start = _number(first)
            # Sunday is 0 and 7, and ends a week.
            stop = 7 if is_weekday and last == "sun" else _number(last) if dash else start
        by = int(step) if slash else 1
        if not low <= start <= stop <= (7 if is_weekday else high) or not 1 <= by <= high - low + 1:
            raise ValueError(part)
        if slash and span != "*" and not dash:
            raise ValueError(part)
        values.update(value % 7 if is_weekday else value for value in range(start, stop + 1, by))
    return values


def _number(text: str) -> int:
    return _NAMES[text] if text in _NAMES else int(text)
