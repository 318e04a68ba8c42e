"""How much of the traffic is captured at most."""

from __future__ import annotations

from random import random

from cyclops_runtime.logging import get_logger

log = get_logger(__name__)


class Rate:
    """Lets about `limit` a second pass, and of more a sample: what capture may cost a request is bounded by that.

    The sample is drawn at random, as the first ones of a second, or every n-th, could all be of one client. How many come in one
    second decides the share of the next, so the first second of a rush passes whole.
    """

    def __init__(self, limit: float) -> None:
        self._limit = limit
        self._second, self._seen = 0, 0
        self.share = 1.0

    def passes(self, now: float) -> bool:
        """Whether what comes at `now` (seconds since 1970) is let through."""
        second = int(now)
        if second != self._second:
            self._begin(second)
        self._seen += 1
        return self.share >= 1 or random() < self.share

    def _begin(self, second: int) -> None:
        seen = self._seen if second == self._second + 1 else 0
        before, self.share = self.share, min(1.0, self._limit / seen) if seen else 1.0
        self._second, self._seen = second, 0
        if (before < 1) != (self.share < 1):
            log.info("capture-share", share=round(self.share, 3), requests=seen, limit=self._limit)
