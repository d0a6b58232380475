"""One-time codes against the vectors of RFC 6238."""

import pytest

from simulator.totp import code_at, matches

# Base32 of the RFC's ASCII secret 12345678901234567890.
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.mark.parametrize(
    ("unix_time", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_codes_are_those_of_the_standard(unix_time: int, code: str) -> None:
    """The last six digits of the published eight."""
    assert code_at(SECRET, unix_time) == code


def test_a_code_is_good_for_one_step_around_its_own() -> None:
    """Two steps away it is wrong, and so is what is no code at all."""
    code = code_at(SECRET, 3000)
    assert matches(SECRET, code, 2970)
    assert matches(SECRET, code, 3059)
    assert not matches(SECRET, code, 2969)
    assert not matches(SECRET, code, 3060)
    assert not matches(SECRET, "", 3000)
    assert not matches(SECRET, "zwölf", 3000)
