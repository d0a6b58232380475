"""The session after a one-time password, and the count of wrong codes."""

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.miner_controller.protocols.errors import (
    MinerCodeLimitError,
    MinerCodeRejectedError,
    MinerProtocolError,
)
from custom_components.miner_controller.protocols.otp import OtpSession, is_code

LOCK_OUT_FAILURES = 5
LOCK_OUT_WINDOW = 60
DAY = 24 * 3600


class FakeClock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        """Start at some time."""
        self.now = 1000.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


def wrong_code(session: OtpSession) -> None:
    """Try a code that the miner does not accept."""
    session.check_attempt()
    with pytest.raises(MinerCodeRejectedError):
        session.fail()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("000000", True),
        ("123456", True),
        ("", False),
        ("12345", False),
        ("1234567", False),
        ("12345a", False),
        ("12 456", False),
        ("-12345", False),
        ("12345\n", False),
        ("１２３４５６", False),
    ],
)
def test_a_code_has_six_digits(text: str, expected: bool) -> None:
    """Anything else would only be counted as a failure."""
    assert is_code(text) is expected


def test_there_is_no_session_at_first() -> None:
    """Nothing is open before a code was accepted."""
    assert OtpSession().token() is None


@pytest.mark.parametrize(
    ("told", "life"), [(3600.0, 3600), (None, DAY), (float(DAY), DAY)]
)
def test_a_session_lasts_as_long_as_the_miner_says(
    told: float | None, life: float
) -> None:
    """The token is there until the session's life is over."""
    clock = FakeClock()
    session = OtpSession(clock)
    session.open("token", told)
    clock.now += life - 1
    assert session.token() == "token"
    clock.now += 1
    assert session.token() is None
    clock.now -= life
    assert session.token() is None


def test_a_session_can_be_closed_and_replaced() -> None:
    """The newest token counts, and none after closing."""
    session = OtpSession(FakeClock())
    session.open("first", 60)
    session.open("second", 60)
    assert session.token() == "second"
    session.close()
    assert session.token() is None


def test_a_reply_without_token_opens_nothing() -> None:
    """A session needs a token."""
    session = OtpSession(FakeClock())
    with pytest.raises(MinerProtocolError, match="no session"):
        session.open(None, 60)
    assert session.token() is None


def test_three_wrong_codes_are_the_most_within_a_minute() -> None:
    """The next attempt waits until the first failure is a minute old."""
    clock = FakeClock()
    session = OtpSession(clock)
    for _ in range(3):
        wrong_code(session)
        clock.now += 10
    with pytest.raises(MinerCodeLimitError):
        session.check_attempt()
    clock.now += 29
    with pytest.raises(MinerCodeLimitError):
        session.check_attempt()
    clock.now += 1
    wrong_code(session)
    with pytest.raises(MinerCodeLimitError):
        session.check_attempt()


def test_a_right_code_does_not_undo_wrong_ones() -> None:
    """The miner goes on counting failures after a code that it accepted."""
    session = OtpSession(FakeClock())
    wrong_code(session)
    wrong_code(session)
    session.open("token", 60)
    wrong_code(session)
    with pytest.raises(MinerCodeLimitError):
        session.check_attempt()
    assert session.token() == "token"


def test_a_refused_session_counts_as_a_failure() -> None:
    """The miner counts a token that it does not know like a wrong code."""
    session = OtpSession(FakeClock())
    session.open("token", 60)
    session.refuse()
    assert session.token() is None
    wrong_code(session)
    wrong_code(session)
    with pytest.raises(MinerCodeLimitError):
        session.check_attempt()


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["wrong", "right", "change"]),
            st.floats(min_value=0, max_value=40),
        ),
        max_size=60,
    )
)
def test_the_miner_never_sees_five_failures_in_a_minute(
    steps: list[tuple[str, float]],
) -> None:
    """Whatever is tried, even with a miner that forgets each session at once."""
    clock = FakeClock()
    session = OtpSession(clock)
    failures: list[float] = []
    for step, pause in steps:
        clock.now += pause
        if step == "change":
            if session.token() is not None:
                failures.append(clock.now)
                session.refuse()
            continue
        try:
            session.check_attempt()
        except MinerCodeLimitError:
            continue
        if step == "right":
            session.open("token", None)
            continue
        failures.append(clock.now)
        with pytest.raises(MinerCodeRejectedError):
            session.fail()
    for first, last in zip(failures, failures[LOCK_OUT_FAILURES - 1 :], strict=False):
        assert last - first >= LOCK_OUT_WINDOW
