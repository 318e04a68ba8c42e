"""Durations as text: a whole number and one of `s m h d`."""

import re

from cyclops_runtime.errors import InputError

DURATION_PATTERN = r"^[0-9]+[smhd]$"
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def parse_duration(text: str) -> int:
    """Seconds of a duration such as `"10m"`; InputError for anything else."""
    if not isinstance(text, str) or not re.match(DURATION_PATTERN, text):
        raise InputError(f'{text!r} is not a duration: write a whole number and one of s, m, h, d, such as "10m"')
    return int(text[:-1]) * _SECONDS[text[-1]]
