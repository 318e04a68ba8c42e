"""How long a rollout waits between two looks."""

import itertools

from cyclops_runtime.rollout.timing import Timing


def test_looks_are_close_at_first_and_never_further_apart_than_poll():
    pauses = list(itertools.islice(Timing().pauses(), 15))
    assert pauses[0] == 0.1
    assert sum(pauses[:4]) < 1
    assert pauses == sorted(pauses)
    assert pauses[-1] == Timing().poll == 0.5
    assert list(itertools.islice(Timing(poll=0.05).pauses(), 3)) == [0.05] * 3
