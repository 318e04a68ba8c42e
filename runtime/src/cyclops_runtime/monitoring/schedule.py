"""The time between two runs of a cron expression."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta

_LIMITS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
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

    Days have 24 hours. None for what is not a cron expression of five fields, or does not run twice within two years.
    """
    fields = cron.split()
    if len(fields) != 5:
        return None
    try:
        minutes, hours, days, months, weekdays = (_values(f, *limits) for f, limits in zip(fields, _LIMITS, strict=True))
    except ValueError:
        return None
    weekdays = {day % 7 for day in weekdays}
    either = not fields[2].startswith("*") and not fields[4].startswith("*")
    times = [timedelta(hours=hour, minutes=minute) for hour in sorted(hours) for minute in sorted(minutes)]
    gaps: list[timedelta] = []
    last: datetime | None = None
    for day in (_FIRST_DAY + timedelta(days=number) for number in range(_DAYS)):
        in_month, on_weekday = day.day in days, (day.weekday() + 1) % 7 in weekdays
        if day.month in months and ((in_month or on_weekday) if either else (in_month and on_weekday)):
            if last is None:  # the same on all days
                gaps += [later - earlier for earlier, later in itertools.pairwise(times)]
            else:
                gaps.append(day + times[0] - last)
            last = day + times[-1]
    return max(gaps).total_seconds() if gaps else None


def _values(field: str, low: int, high: int) -> set[int]:
    values: set[int] = set()
    for part in field.lower().split(","):
        span, _, step = part.partition("/")
        first, _, last = span.partition("-")
        if span == "*":
            start, stop = low, high
        else:
            start = _number(first)
            stop = _number(last) if last else (high if step else start)
        if not low <= start <= stop <= high or (step and int(step) < 1):
            raise ValueError(part)
        values.update(range(start, stop + 1, int(step) if step else 1))
    return values


def _number(text: str) -> int:
    return _NAMES[text] if text in _NAMES else int(text)
