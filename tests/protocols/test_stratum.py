"""Tests for asking a pool the way a miner does, against a simulated one."""

import asyncio
from collections.abc import AsyncIterator, Iterator
import datetime as dt
from ipaddress import ip_address
from pathlib import Path
import ssl
from unittest.mock import patch

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
import pytest

from custom_components.miner_controller.protocols import stratum
from custom_components.miner_controller.protocols.pool_settings import PoolSettings
from custom_components.miner_controller.protocols.stratum import (
    Probe,
    ProbeProblem,
    probe,
)
from custom_components.miner_controller.protocols.stratum_address import StratumAddress
from simulator.stratum import Manners, StratumPool

HOST = "127.0.0.1"
WORKER = PoolSettings(
    url="stratum+tcp://pool.example:3333", worker="bc1qsecret.probe", password="hush"
)


@pytest.fixture
async def pool(socket_enabled: None) -> AsyncIterator[StratumPool]:
    """Run a pool."""
    async with StratumPool() as pool:
        yield pool


@pytest.fixture
def impatient() -> Iterator[None]:
    """Wait for nothing that does not come."""
    with patch.object(stratum, "STEP_LIMIT", 1.0):
        yield


def address(pool: StratumPool, **other: object) -> StratumAddress:
    """Return the address of a pool."""
    return StratumAddress(host=pool.host, port=pool.port, **other)  # type: ignore[arg-type]


def steps(result: Probe) -> list[bool]:
    """Return which steps a probe came to the end of."""
    taken = (
        result.resolved,
        result.connected,
        result.secured,
        result.answered,
        result.working,
    )
    return [seconds is not None for seconds in taken]


async def test_a_pool_that_serves(pool: StratumPool) -> None:
    """It answers, and nobody logs in."""
    result = await probe(address(pool))
    assert result.serves
    assert steps(result) == [True, True, False, True, False]
    assert result.seconds >= (result.answered or 0) > 0
    assert pool.subscribed == ["miner-controller-probe"]
    assert pool.authorized == []


@pytest.mark.parametrize("manners", [Manners.WORK_AT_ONCE, Manners.WORK_FIRST])
async def test_work_without_a_worker(pool: StratumPool, manners: Manners) -> None:
    """Some pools give work to anybody, before or after they have answered."""
    pool.manners = manners
    result = await probe(address(pool), wait_for_work=True)
    assert result.serves
    assert steps(result) == [True, True, False, True, True]


async def test_work_for_a_worker(pool: StratumPool) -> None:
    """Most give it to a worker only, who is in no result."""
    result = await probe(address(pool), wait_for_work=True, worker=WORKER)
    assert result.serves
    assert pool.authorized == [("bc1qsecret.probe", "hush")]
    assert "secret" not in repr(result)
    assert "hush" not in repr(result)


@pytest.mark.usefixtures("impatient")
async def test_a_subscription_is_no_work(pool: StratumPool) -> None:
    """The answer to a subscription names mining.notify, which gives nobody work."""
    result = await probe(address(pool), wait_for_work=True)
    assert result.problem is ProbeProblem.NO_WORK
    assert steps(result) == [True, True, False, True, False]


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    ("manners", "problem"),
    [
        (Manners.REFUSES, ProbeProblem.REFUSED),
        (Manners.REFUSES_WORKER, ProbeProblem.REFUSED),
        (Manners.NO_WORK, ProbeProblem.NO_WORK),
        (Manners.DROPS, ProbeProblem.NO_ANSWER),
        (Manners.SILENT, ProbeProblem.NO_ANSWER),
        (Manners.CHATTERS, ProbeProblem.NO_ANSWER),
        (Manners.HALF_A_LINE, ProbeProblem.NO_ANSWER),
        (Manners.NOT_JSON, ProbeProblem.NOT_STRATUM),
        (Manners.NO_OBJECT, ProbeProblem.NOT_STRATUM),
        (Manners.LONG_LINE, ProbeProblem.NOT_STRATUM),
    ],
)
async def test_bad_manners(
    pool: StratumPool, manners: Manners, problem: ProbeProblem
) -> None:
    """Each is told from the others, and none is an exception."""
    pool.manners = manners
    result = await probe(address(pool), wait_for_work=True, worker=WORKER)
    assert result.problem is problem
    assert not result.serves


async def test_nobody_listens(pool: StratumPool) -> None:
    """A port where nothing is cannot be connected to."""
    place = address(pool)
    await pool.stop()
    result = await probe(place)
    assert result.problem is ProbeProblem.NOT_CONNECTED
    assert steps(result) == [True, False, False, False, False]


async def test_a_name_that_leads_nowhere(socket_enabled: None) -> None:
    """It is told from a pool that is away."""
    loop = asyncio.get_running_loop()
    with patch.object(loop, "getaddrinfo", side_effect=OSError):
        result = await probe(StratumAddress(host="pool.example", port=3333))
    assert result.problem is ProbeProblem.NOT_RESOLVED
    assert steps(result) == [False] * 5


async def test_the_second_version(pool: StratumPool) -> None:
    """It is binary: only the connection is tried, and nothing is said."""
    result = await probe(address(pool, version=2), wait_for_work=True)
    assert result.serves
    assert steps(result) == [True, True, False, False, False]
    assert pool.subscribed == []


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Make a certificate of a pool, as many pools have: signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "pool")])
    start = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + dt.timedelta(days=36500))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    paths = (folder / "pool.pem", folder / "pool.key")
    paths[0].write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return paths


@pytest.fixture
async def secure_pool(
    socket_enabled: None, certificate: tuple[Path, Path]
) -> AsyncIterator[StratumPool]:
    """Run a pool that speaks TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    async with StratumPool(tls=context) as pool:
        yield pool


async def test_tls(secure_pool: StratumPool, certificate: tuple[Path, Path]) -> None:
    """A pool that speaks TLS has one step more."""
    context = ssl.create_default_context(cafile=certificate[0])
    result = await probe(address(secure_pool, tls=True), tls=context)
    assert result.serves
    assert steps(result) == [True, True, True, True, False]


async def test_a_certificate_that_is_not_accepted(secure_pool: StratumPool) -> None:
    """Whoever wants to know whom he speaks to does not speak to everybody."""
    result = await probe(
        address(secure_pool, tls=True), tls=ssl.create_default_context()
    )
    assert result.problem is ProbeProblem.NOT_SECURED
    assert secure_pool.subscribed == []


@pytest.mark.usefixtures("impatient")
async def test_tls_where_there_is_none(pool: StratumPool) -> None:
    """A pool that speaks plain TCP is not one that speaks TLS, and the reverse."""
    result = await probe(address(pool, tls=True), tls=ssl.create_default_context())
    assert result.problem is ProbeProblem.NOT_SECURED


@pytest.mark.usefixtures("impatient")
async def test_plain_where_there_is_tls(secure_pool: StratumPool) -> None:
    """A pool that speaks TLS does not answer a plain question."""
    result = await probe(address(secure_pool))
    assert result.problem in {ProbeProblem.NO_ANSWER, ProbeProblem.NOT_STRATUM}


async def test_tls_needs_a_context(pool: StratumPool) -> None:
    """What is encrypted without anybody's trust is a mistake in the program."""
    with pytest.raises(ValueError, match="context"):
        await probe(address(pool, tls=True))
