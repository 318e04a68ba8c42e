"""Which version answers a request. A routing never changes; a new one takes its place in a single assignment."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

from cyclops_runtime.serving.batching import Batcher
from cyclops_runtime.serving.problems import Problem

BAKING = "baking"


@dataclass(frozen=True)
class Rollout:
    """The tag `cyclops.rollout`: which version is being rolled out, and how far it is."""

    version: str
    strategy: str
    percent: float
    state: str


@dataclass(frozen=True)
class Routing:
    """What is in memory and who gets which requests.

    A scorer of role `canary` sends everything to the challenger; the gateway has split the traffic already.
    """

    champion: Batcher | None = None
    challenger: Batcher | None = None
    rollout: Rollout | None = None
    canary_only: bool = False

    def share(self, strategy: str) -> float:
        """Percent of requests for the challenger under this strategy: none before it was checked and after it was judged."""
        rollout = self.rollout
        if self.challenger is None or rollout is None or rollout.state != BAKING or rollout.strategy != strategy:
            return 0.0
        return rollout.percent if rollout.version == self.challenger.model.version else 0.0

    def choose(self, request_id: str, forced: str | None) -> Batcher | None:
        """The version for a request, or None where there is no model yet. Raises a 503 when the forced one is not here."""
        if forced is not None:
            batcher = self.challenger if forced == "challenger" else self.champion
            if batcher is None:
                raise Problem(503, f'no {forced} is loaded here (header "x-cyclops-version")', retry_after=5)
            return batcher
        if self.challenger is None:
            return self.champion
        if self.canary_only:
            return self.challenger
        if self.champion is not None and selected(request_id, self.share("canary")):
            return self.challenger
        return self.champion

    def of_version(self, version: str) -> Batcher | None:
        """The loaded version of that number."""
        for batcher in (self.champion, self.challenger):
            if batcher is not None and batcher.model.version == version:
                return batcher
        return None

    def copies(self, request_id: str) -> bool:
        """Whether a copy of this request goes to the challenger."""
        return not self.canary_only and selected(request_id, self.share("shadow"))


def selected(request_id: str, percent: float) -> bool:
    """Whether this request is among `percent` of all; always the same answer for the same id."""
    if percent <= 0:
        return False
    if percent >= 100:
        return True
    digest = blake2b(request_id.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64 * 100 < percent
