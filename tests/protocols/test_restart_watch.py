"""A restart shows in the uptimes that a miner tells."""

from collections.abc import Sequence
from unittest.mock import patch

import pytest

from custom_components.miner_controller.protocols import restart_watch
from custom_components.miner_controller.protocols.restart_watch import RestartWatch


@pytest.mark.parametrize(
    ("polls", "expected"),
    [
        # A first sight is no restart, whatever came before.
        ([(1000, 5)], [False]),
        ([(1000, 5), (1010, 15), (1020, 25)], [False, False, False]),
        # It counts in whole seconds, and answers sooner or later.
        ([(1000.9, 5), (1010, 15), (1030, 25), (1035, 40)], [False] * 4),
        ([(1000, 500), (1010, 3)], [False, True]),
        ([(1000, 500), (1010, 3), (1020, 13)], [False, True, False]),
        ([(1000, 5), (1001, 4)], [False, True]),
        ([(1000, 5), (1000, 5)], [False, False]),
        # Away for long, it is up for longer than it was before.
        ([(1000, 5), (2000, 900)], [False, True]),
        ([(1000, 500), (3000, 600)], [False, True]),
        ([(1000, 5), (2000, 1005)], [False, False]),
        # What it does not tell changes nothing.
        ([(1000, None), (1010, 5)], [False, False]),
        ([(1000, 500), (1010, None), (1020, 3)], [False, False, True]),
        ([(1000, 500), (1010, None), (1020, 520)], [False, False, False]),
    ],
)
def test_a_restart_is_told_from_two_uptimes(
    polls: Sequence[tuple[float, float | None]], expected: list[bool]
) -> None:
    """Each poll is a time and the uptime that the miner told then."""
    watch = RestartWatch()
    found = []
    for time, uptime in polls:
        with patch.object(restart_watch, "monotonic", return_value=time):
            found.append(watch.restarted(uptime))
    assert found == expected


def test_the_last_uptime_is_known() -> None:
    """It is what a restart is waited for with."""
    watch = RestartWatch()
    assert watch.uptime == 0
    watch.restarted(17)
    watch.restarted(None)
    assert watch.uptime == 17
