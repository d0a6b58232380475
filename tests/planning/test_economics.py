"""What mining earns and may cost, beside values that were worked out by hand."""

from datetime import timedelta
import math

from hypothesis import given, strategies as st
import pytest

from custom_components.miner_controller.planning import economics
from custom_components.miner_controller.planning.economics import Network, Terms

DAY = timedelta(days=1)

# 86400 × 10¹² / (1.5 × 10¹⁴ × 4294967296) = 1.341105 × 10⁻⁷ blocks a day, which are
# 42.311862 sats at 3.155 BTC a block.
NETWORK = Network(difficulty=1.5e14, reward=3.155e8, bitcoin_price=100_000)
PRICELESS = Network(difficulty=1.5e14, reward=3.155e8)
TERMS = Terms(pool_fee=0.02, reject_rate=0.005, heat_value=0.05)

# An Avalon Q: 90 TH/s, 1674 W.
HASHRATE = 90e12
POWER = 1674

hashrates = st.floats(1e3, 1e18)
powers = st.floats(0.1, 1e6)
prices = st.floats(-1, 5)
networks = st.builds(
    Network,
    difficulty=st.floats(1e9, 1e18),
    reward=st.floats(1, 1e10),
    bitcoin_price=st.floats(1, 1e9),
)
terms = st.builds(
    Terms,
    pool_fee=st.floats(0, 0.99),
    reject_rate=st.floats(0, 0.99),
    heat_value=st.floats(0, 0.5),
)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (economics.blocks_per_day(1e12, 1.5e14), 1.3411045e-7),
        (economics.hashprice_sats(NETWORK), 42.311848),
        (economics.hashprice(NETWORK), 42.311848),
        (economics.hashprice(PRICELESS), None),
        # 90 × 42.311848, and what is left of it by 0.98 × 0.995.
        (economics.sats_per_day(HASHRATE, NETWORK), 3808.0663),
        (economics.sats_per_day(HASHRATE, NETWORK, TERMS), 3713.2455),
        (economics.revenue_per_day(HASHRATE, NETWORK, TERMS), 3.7132455),
        (economics.revenue_per_day(HASHRATE, PRICELESS, TERMS), None),
        # 0.9751 × 42.311848 × 0.001 / 24.
        (economics.revenue_per_terahash_hour(NETWORK, TERMS), 0.0017190951),
        (economics.revenue_per_terahash_hour(PRICELESS), None),
        # 3.7132455 / (1.674 × 24), and 0.05 of heat.
        (economics.break_even_price(HASHRATE, POWER, NETWORK, TERMS), 0.14242447),
        (economics.break_even_price(HASHRATE, POWER, PRICELESS), None),
        (economics.break_even_price(HASHRATE, 0, NETWORK), None),
        (economics.break_even_price(0, POWER, NETWORK), None),
        # (0.14242447 - 0.25) × 1.674.
        (economics.profit_per_hour(HASHRATE, POWER, 0.25, NETWORK, TERMS), -0.18008144),
        # Paid for taking it: 3.8080663 / 24 + 1.674 × 0.1.
        (economics.profit_per_hour(HASHRATE, POWER, -0.1, NETWORK), 0.32606943),
        # Off, with 15 W of standby.
        (economics.profit_per_hour(0, 15, 0.2, NETWORK), -0.003),
        (economics.profit_per_hour(HASHRATE, POWER, None, NETWORK), None),
        (economics.profit_per_hour(HASHRATE, POWER, 0.25, PRICELESS), None),
        # All hashrate of the network finds a block in ten minutes, 144 in a day.
        (economics.time_to_block(2.237040972e20, 31251101365711.12), 600),
        (economics.blocks_per_day(2.237040972e20, 31251101365711.12), 144),
        (economics.time_to_block(0, 1.5e14), None),
        # 1 - e⁻¹ in the time that a block takes on average.
        (
            economics.chance_of_block(
                2.237040972e20, 31251101365711.12, timedelta(minutes=10)
            ),
            0.63212056,
        ),
        # A miner of 1 MH/s: one in 7.5 million million days.
        (economics.chance_of_block(1e6, 1.5e14, DAY), 1.3411045e-13),
        (economics.time_to_block(1e6, 1.5e14), 6.442450944e17),
        (economics.chance_of_block(0, 1.5e14, DAY), 0),
    ],
)
def test_values_by_hand(found: float | None, expected: float | None) -> None:
    """Each formula gives what was worked out by hand."""
    assert found == (None if expected is None else pytest.approx(expected, rel=1e-7))


@pytest.mark.parametrize(
    ("joule_per_terahash", "expected"),
    [(15, 0.118), (18, 0.098), (23, 0.077), (30, 0.059)],
)
def test_the_break_even_price_by_efficiency(
    joule_per_terahash: float, expected: float
) -> None:
    """The published table of break-even prices is met, whatever the miner's size."""
    for terahashes in (0.5, 90):
        price = economics.break_even_price(
            terahashes * 1e12, terahashes * joule_per_terahash, NETWORK
        )
        assert price == pytest.approx(expected, abs=0.0006)


@given(hashrates, powers, networks, terms)
def test_at_the_break_even_price_nothing_is_left(
    hashrate: float, power: float, network: Network, terms: Terms
) -> None:
    """There the profit is zero; a cent more is a loss of a cent for each kWh."""
    price = economics.break_even_price(hashrate, power, network, terms)
    assert price is not None
    scale = power / 1000 * max(abs(price), 1)
    profit = economics.profit_per_hour(hashrate, power, price, network, terms)
    assert profit == pytest.approx(0, abs=1e-9 * scale)
    dearer = economics.profit_per_hour(hashrate, power, price + 1, network, terms)
    assert dearer == pytest.approx(-power / 1000, abs=1e-9 * scale)


@given(hashrates, networks, terms)
def test_all_ways_to_tell_the_revenue_agree(
    hashrate: float, network: Network, terms: Terms
) -> None:
    """A day is 24 hours, a PH/s is 1000 TH/s, and a block takes its time."""
    revenue = economics.revenue_per_day(hashrate, network, terms)
    hourly = economics.revenue_per_terahash_hour(network, terms)
    price = economics.hashprice(network)
    time = economics.time_to_block(hashrate, network.difficulty)
    assert hourly is not None
    assert price is not None
    assert time is not None
    assert revenue == pytest.approx(hourly * 24 * hashrate / 1e12)
    assert revenue == pytest.approx(price * hashrate / 1e15 * terms.kept)
    blocks = economics.blocks_per_day(hashrate, network.difficulty)
    assert blocks * time == pytest.approx(86_400)
    chance = economics.chance_of_block(hashrate, network.difficulty, DAY)
    assert 0 <= chance <= min(blocks * (1 + 1e-9), 1)


@pytest.mark.parametrize(
    ("exported", "miners", "share"),
    [
        (500, 2000, 1),
        (0, 2000, 1),
        (-500, 2000, 0.75),
        (-2000, 2000, 0),
        (-5000, 2000, 0),
        (100, 0, 1),
        (0, 0, 0),
        (-100, 0, 0),
    ],
)
def test_solar_share(exported: float, miners: float, share: float) -> None:
    """What the home imports is the miners', and the rest of their power is surplus."""
    assert economics.solar_share(exported, miners) == share


@pytest.mark.parametrize(
    ("price", "solar_price", "share", "expected"),
    [
        (0.3, 0.15, 0.0, 0.3),
        (0.3, 0.15, 0.75, 0.1875),
        (0.3, 0.15, 1.0, 0.15),
        (0.3, None, 0.75, 0.3),
        (None, None, 0.75, None),
        (None, 0.15, 0.75, None),
        # All of it is surplus, so the price of the rest does not matter.
        (None, 0.15, 1.0, 0.15),
        (-0.05, 0.15, 0.5, 0.05),
    ],
)
def test_marginal_price(
    price: float | None, solar_price: float | None, share: float, expected: float | None
) -> None:
    """Surplus costs what its export would pay, and what is not known is not zero."""
    found = economics.marginal_price(price, solar_price, share)
    assert found == (None if expected is None else pytest.approx(expected))


@pytest.mark.parametrize("value", [0, -1, math.nan, math.inf])
@pytest.mark.parametrize("name", ["difficulty", "reward", "bitcoin_price"])
def test_no_network(name: str, value: float) -> None:
    """A network of nonsense is refused, as all that follows would be nonsense."""
    known = {"difficulty": 1.5e14, "reward": 3e8, "bitcoin_price": 1e5, name: value}
    with pytest.raises(ValueError, match="positive and finite"):
        Network(**known)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("pool_fee", 1.1),
        ("pool_fee", -0.1),
        ("reject_rate", math.nan),
        ("heat_value", math.inf),
    ],
)
def test_no_terms(name: str, value: float) -> None:
    """Terms of nonsense are refused."""
    with pytest.raises(ValueError, match="Shares are from 0 to 1"):
        Terms(**{name: value})
