"""How long a rollout waits for what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

# The first pause between two looks, and by how much each is longer than the one before.
_FIRST_PAUSE, _GROWTH = 0.1, 1.4


@dataclass(frozen=True)
class Timing:
    """All in seconds. Tests make them short."""

    # Between two looks at the replicas, when they have been waited for for a while.
    poll: float = 0.5
    # Between two looks while the new version is watched, which may take hours and reads each replica's metrics.
    watch: float = 2.0
    # Until every replica has loaded a version; a node may have to be started for the canary.
    load: float = 900.0
    # How long a replica may report that it cannot load the version: it tries again by itself.
    load_failure: float = 20.0
    # Between two lines of progress in the log.
    progress: float = 10.0
    # Between a change of weights and the gateway having applied it.
    settle: float = 5.0
    # How long no replica at all may answer while the new version is watched.
    silence: float = 60.0

    def pauses(self) -> Iterator[float]:
        """Between one look and the next: short at first, as a replica may need less than a second, and never above `poll`."""
        pause = _FIRST_PAUSE
        while True:
            yield min(pause, self.poll)
            pause = min(pause * _GROWTH, self.poll)


class Failed(Exception):
    """The new version must not be served; the text is the reason."""


class NotNow(Exception):
    """A replica cannot answer at the moment, whatever the version is like; the text is the reason."""
