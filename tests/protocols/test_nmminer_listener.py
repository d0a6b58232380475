"""Whatever comes to the port of the broadcasts, only sound reports are handed on."""

import asyncio
from collections.abc import Callable
import json
import socket
from unittest.mock import Mock, patch

import pytest

from custom_components.miner_controller.protocols import (
    nmminer_listener as listener_module,
)
from custom_components.miner_controller.protocols.nmminer_listener import (
    Drop,
    NMMinerListener,
    open_shared_socket,
)
from custom_components.miner_controller.protocols.nmminer_report import LARGEST_REPORT
from custom_components.miner_controller.protocols.private_network import (
    is_private_address,
)
from simulator.clock import ManualClock
from simulator.nmminer import NMMinerUdpDevice
from tests.devices import NMMINER_UDP_PROFILES, StartDevice, free_udp_port

from . import HOST
from .broadcasts import TOLD, Ear, datagram, next_report, say
from .raw_miner import PATIENCE, until

ONE, OTHER, RELAY = "127.0.13.1", "127.0.13.2", "127.0.13.3"
EVERYBODY = "127.255.255.255"

# The addresses that no miner at home has, as something may tell them.
FOREIGN = (
    "8.8.8.8",
    "100.64.0.1",
    "169.254.1.1",
    "192.0.2.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.75",
    "255.255.255.255",
    "0.0.0.1",
)

# What is no address at all.
NO_ADDRESSES = ("::1", "fd00::1", "192.168.1.300", "192.168.1", "miner.local", "x\n")


async def until_dropped(listener: NMMinerListener, count: int) -> None:
    """Wait until so many datagrams were dropped."""
    await until(lambda: listener.dropped.total() >= count)


@pytest.mark.parametrize("profile", NMMINER_UDP_PROFILES)
async def test_each_firmware_is_heard(
    start_device: StartDevice, listener: NMMinerListener, profile: str
) -> None:
    """The listener for all and the one for its address hear the same."""
    device = await start_device(profile, status_target=(HOST, listener.port))
    assert isinstance(device, NMMinerUdpDevice)
    everything, own = Ear(listener), Ear(listener, device.host)
    other = Ear(listener, ONE)
    device.announce()
    await own.until_heard(1)
    assert everything.heard == own.heard
    [(address, report)] = own.heard
    assert (address, report.address) == (device.host, device.host)
    assert report.firmware == f"v{device.firmware_name}"
    assert listener.heard == {device.host: report}
    assert listener.dropped.total() == 0
    assert other.heard == []


@pytest.mark.parametrize(
    "told",
    [
        *({"ip": ONE}, {"IP": ONE}, {}, {"ip": "0.0.0.0"}, {"ip": ""}, {"IP": 7}),  # noqa: S104
        *({"ip": text} for text in NO_ADDRESSES),
    ],
)
async def test_a_miner_that_speaks_for_itself(
    listener: NMMinerListener, told: dict[str, object]
) -> None:
    """Its address is the one that it tells, or else the one that it sends from."""
    ear = Ear(listener)
    say(datagram(**told), listener.port, sender=ONE)
    await ear.until_heard(1)
    assert ear.addresses == [ONE]


async def test_a_relay_speaks_for_others(listener: NMMinerListener) -> None:
    """A miner in another network is heard at the address that it has there."""
    ear = Ear(listener)
    for address in ("10.1.2.3", "192.168.7.7", "172.16.0.9"):
        say(datagram(ip=address), listener.port, sender=RELAY)
    await ear.until_heard(3)
    assert ear.addresses == ["10.1.2.3", "192.168.7.7", "172.16.0.9"]
    assert RELAY not in listener.heard


async def test_who_speaks_for_a_miner_that_speaks_for_itself(
    listener: NMMinerListener, moment: ManualClock
) -> None:
    """It is not believed before the miner itself was silent for a minute."""
    ear = Ear(listener)
    say(datagram(ip=ONE, Valid=0), listener.port, sender=ONE)
    await ear.until_heard(1)
    moment.advance(59)
    say(datagram(ip=ONE, Valid=7), listener.port, sender=OTHER)
    await until_dropped(listener, 1)
    assert listener.dropped == {Drop.SPOKEN_FOR: 1}
    assert listener.heard[ONE].status.blocks_found == 0
    moment.advance(1)
    say(datagram(ip=ONE, Valid=7), listener.port, sender=OTHER)
    await ear.until_heard(2)
    assert listener.heard[ONE].status.blocks_found == 7


async def test_the_miner_itself_is_heard_whoever_spoke_for_it(
    listener: NMMinerListener,
) -> None:
    """Nobody silences a miner by speaking for it all the time."""
    ear = Ear(listener)
    say(datagram(ip=ONE), listener.port, sender=OTHER)
    await ear.until_heard(1)
    say(datagram(ip=ONE, Valid=1), listener.port, sender=ONE)
    await ear.until_heard(2)
    assert ear.addresses == [ONE, ONE]
    assert listener.heard[ONE].status.blocks_found == 1


@pytest.mark.parametrize("sender", [ONE, RELAY])
async def test_at_most_one_report_a_second(
    listener: NMMinerListener, moment: ManualClock, sender: str
) -> None:
    """Of each miner, by whichever way it comes."""
    ear = Ear(listener)
    for second in range(1, 4):
        for _ in range(5):
            say(datagram(ip=ONE), listener.port, sender=sender)
        await ear.until_heard(second)
        moment.advance(0.999)
        say(datagram(ip=ONE), listener.port, sender=sender)
        await until_dropped(listener, 5 * second)
        moment.advance(0.001)
    assert ear.addresses == [ONE] * 3
    assert listener.dropped == {Drop.TOO_SOON: 15}


NOT_REPORTS = (
    b"",
    b"\xff\xfe\x00",
    b"null",
    b"[]",
    b"17",
    b'"text"',
    b"{}",
    b"{" * LARGEST_REPORT,
    b"[" * LARGEST_REPORT,
    datagram()[:-1],
    json.dumps({"IP": ONE, "WiFiSSID": "home", "WiFiPWD": "secret"}).encode(),
)


@pytest.mark.parametrize("data", NOT_REPORTS, ids=lambda data: str(data[:12]))
async def test_something_else_than_a_report(
    listener: NMMinerListener, data: bytes
) -> None:
    """It is counted, and the next report is heard."""
    ear = Ear(listener)
    say(data, listener.port, sender=ONE)
    await until_dropped(listener, 1)
    assert listener.dropped == {Drop.NOT_A_REPORT: 1}
    say(datagram(), listener.port, sender=ONE)
    await ear.until_heard(1)


async def test_a_datagram_that_is_too_large(listener: NMMinerListener) -> None:
    """One with as many bytes as are allowed is heard, and one with more is not."""
    ear = Ear(listener)
    room = LARGEST_REPORT - len(datagram(Padding=""))
    say(datagram(Padding="x" * (room + 1)), listener.port, sender=ONE)
    say(datagram(Padding="x" * 20_000), listener.port, sender=ONE)
    await until_dropped(listener, 2)
    assert listener.dropped == {Drop.TOO_LARGE: 2}
    say(datagram(Padding="x" * room), listener.port, sender=ONE)
    await ear.until_heard(1)


@pytest.mark.parametrize("address", [*FOREIGN, "10.0.0.0", "192.168.1.255"])
async def test_a_told_address_that_is_not_private(
    listener: NMMinerListener, address: str
) -> None:
    """Nobody at home has it."""
    say(datagram(ip=address), listener.port, sender=ONE)
    await until_dropped(listener, 1)
    assert listener.dropped == {Drop.NOT_PRIVATE: 1}
    assert listener.heard == {}


@pytest.mark.parametrize("address", [*FOREIGN, *NO_ADDRESSES])
def test_what_is_no_private_address(address: str) -> None:
    """A name and half an address are none either."""
    assert not is_private_address(address)


class FakeSocket:
    """A socket that has received something, and then nothing more."""

    def __init__(self, *received: tuple[bytes, str] | OSError) -> None:
        """Initialize what was received, with the addresses of the senders."""
        self.received = [*received]

    def recvfrom(self, size: int) -> tuple[bytes, tuple[str, int]]:
        """Return the next datagram."""
        if not self.received:
            raise BlockingIOError
        if isinstance(first := self.received.pop(0), OSError):
            raise first
        data, sender = first
        return data[:size], (sender, 12345)


def receive(
    listener: NMMinerListener, *received: tuple[bytes, str] | OSError
) -> FakeSocket:
    """Let a listener read what a socket has received."""
    opened = FakeSocket(*received)
    with patch.object(listener, "_socket", opened):
        listener._receive()
    return opened


@pytest.mark.parametrize("sender", ["8.8.8.8", "169.254.1.1", "192.0.2.1"])
def test_a_sender_that_is_not_private(sender: str) -> None:
    """It may say what it wants."""
    listener = NMMinerListener(0)
    receive(listener, (datagram(ip=ONE), sender), (datagram(), sender))
    assert listener.dropped == {Drop.NOT_PRIVATE: 2}
    assert listener.heard == {}


def test_a_network_that_is_gone() -> None:
    """What comes when it is back is read."""
    listener = NMMinerListener(0)
    opened = receive(listener, OSError("network is down"), (datagram(), ONE))
    assert len(opened.received) == 1
    receive(listener, *opened.received)
    assert list(listener.heard) == [ONE]


def test_each_reason_to_drop_is_tested() -> None:
    """A new one needs a test."""
    assert {
        Drop.TOO_LARGE,
        Drop.NOT_A_REPORT,
        Drop.NOT_PRIVATE,
        Drop.TOO_SOON,
        Drop.SPOKEN_FOR,
        Drop.TOO_MANY,
    } == set(Drop)


def home_addresses(count: int) -> list[str]:
    """Return so many private addresses."""
    return [f"10.0.{number // 200}.{1 + number % 200}" for number in range(count)]


def test_a_relay_speaks_for_a_home_at_most(moment: ManualClock) -> None:
    """More than it has reason to tell in a second is not even read."""
    listener = NMMinerListener(0)
    told = [(datagram(ip=address), RELAY) for address in home_addresses(50)]
    with patch.object(
        listener_module, "read_report", Mock(wraps=listener_module.read_report)
    ) as read:
        receive(listener, *told[:32])
        receive(listener, *told[32:])
    assert read.call_count == len(listener.heard) == 32
    assert listener.dropped == {Drop.TOO_SOON: 18}
    # Others are heard meanwhile, and the relay itself after a second.
    receive(listener, (datagram(), ONE))
    moment.advance(1)
    receive(listener, *told[32:])
    assert len(listener.heard) == 51


def test_more_addresses_than_a_home_has(moment: ManualClock) -> None:
    """Those that were heard stay, until one of them was silent for long."""
    listener = NMMinerListener(0)
    ear = Ear(listener)
    addresses = home_addresses(1025)
    for address in addresses:
        receive(listener, (datagram(), address))
    assert list(listener.heard) == ear.addresses == addresses[:-1]
    assert listener.dropped == {Drop.TOO_MANY: 1}
    moment.advance(599)
    receive(listener, (datagram(), addresses[1]), (datagram(), addresses[-1]))
    assert listener.dropped == {Drop.TOO_MANY: 2}
    assert ear.addresses[-1] == addresses[1]
    moment.advance(1)
    receive(listener, (datagram(), addresses[-1]))
    assert len(listener.heard) == 1024
    assert addresses[0] not in listener.heard
    assert listener.heard_at(addresses[0]) is None
    assert list(listener.heard)[-2:] == [addresses[1], addresses[-1]]
    assert len(listener._heard_at) == len(listener._heard_itself_at) == 1024


def test_a_miner_that_is_waited_for_has_room(moment: ManualClock) -> None:
    """Nobody keeps it away by making up a thousand others."""
    listener = NMMinerListener(0)
    for address in home_addresses(1024):
        receive(listener, (datagram(), address))
    ear = Ear(listener, ONE)
    receive(listener, (datagram(), ONE), (datagram(), OTHER))
    assert ear.addresses == [ONE]
    assert listener.dropped == {Drop.TOO_MANY: 1}
    assert len(listener.heard) == 1025


def test_reports_grow_old(moment: ManualClock) -> None:
    """What was told half a minute ago may not be true any more."""
    listener = NMMinerListener(0)
    receive(listener, (datagram(), ONE))
    moment.advance(20)
    receive(listener, (datagram(), OTHER))
    assert listener.heard_at(ONE) == 1000
    assert listener.heard_at(RELAY) is None
    moment.advance(9.9)
    assert list(listener.fresh_reports()) == [ONE, OTHER]
    moment.advance(0.1)
    assert list(listener.fresh_reports()) == [OTHER]
    assert list(listener.heard) == [ONE, OTHER]


async def test_who_listens(listener: NMMinerListener) -> None:
    """Until it is ended, several for one address, each in the order of its coming."""
    ears = [Ear(listener, ONE), Ear(listener, ONE), Ear(listener)]
    assert listener.is_followed(ONE)
    assert not listener.is_followed(OTHER)
    ears[0].end()
    assert listener.is_followed(ONE)
    say(datagram(), listener.port, sender=ONE)
    await ears[2].until_heard(1)
    assert [len(ear.heard) for ear in ears] == [0, 1, 1]
    ears[1].end()
    ears[2].end()
    assert not listener.is_followed(ONE)
    say(datagram(), listener.port, sender=OTHER)
    await until(lambda: OTHER in listener.heard)
    assert [len(ear.heard) for ear in ears] == [0, 1, 1]


async def test_the_next_report(listener: NMMinerListener, moment: ManualClock) -> None:
    """It is waited for, and nobody listens any more then."""
    say(datagram(Valid=1), listener.port, sender=ONE)
    await until(lambda: ONE in listener.heard)
    waiting = [asyncio.create_task(next_report(listener, ONE)) for _ in range(2)]
    await until(lambda: listener.is_followed(ONE))
    moment.advance(1)
    say(datagram(Valid=2), listener.port, sender=OTHER)
    say(datagram(Valid=3), listener.port, sender=ONE)
    reports = await asyncio.gather(*waiting)
    assert [report.status.blocks_found for report in reports] == [3, 3]
    assert not listener.is_followed(ONE)


async def test_two_reports_before_the_waiter_has_its_turn(
    listener: NMMinerListener, moment: ManualClock
) -> None:
    """The first of them is the next one."""
    waiting = asyncio.create_task(next_report(listener, ONE))
    await until(lambda: listener.is_followed(ONE))
    receive(listener, (datagram(Valid=1), ONE))
    moment.advance(1)
    receive(listener, (datagram(Valid=2), ONE))
    assert (await waiting).status.blocks_found == 1


async def test_who_waits_may_give_up(listener: NMMinerListener) -> None:
    """Nothing is left behind."""
    waiting = asyncio.create_task(listener.next_report(ONE))
    await until(lambda: listener.is_followed(ONE))
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert not listener.is_followed(ONE)


async def test_two_listeners_hear_one_broadcast(
    start_device: StartDevice, listener: NMMinerListener
) -> None:
    """Another program may listen on the same port."""
    other = NMMinerListener(listener.port)
    other.open()
    try:
        target = (EVERYBODY, listener.port)
        devices = [
            await start_device(profile, status_target=target)
            for profile in ("nmminer-0.3.01", "nmminer-1.8.10")
        ]
        for device in devices:
            assert isinstance(device, NMMinerUdpDevice)
            device.announce()
        for each in (listener, other):
            await until(lambda: len(each.heard) == 2)  # noqa: B023
            assert list(each.heard) == [device.host for device in devices]
    finally:
        other.close()


async def test_a_port_that_is_taken(socket_enabled: None, moment: ManualClock) -> None:
    """Somebody holds it alone; once it is free it can be had."""
    holder = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    with holder:
        holder.bind(("", 0))
        listener = NMMinerListener(holder.getsockname()[1])
        with pytest.raises(OSError, match="in use"):
            listener.open()
        assert not listener.listening
        # Ending what never began does nothing.
        listener.close()
    listener.open()
    assert listener.listening
    say(datagram(), listener.port, sender=ONE)
    await until(lambda: listener.heard)
    listener.close()


async def test_close_and_open_again(
    listener: NMMinerListener, moment: ManualClock
) -> None:
    """It hears nothing meanwhile, forgets what it heard, and keeps its port."""
    port = listener.port
    ear = Ear(listener)
    listener.open()
    assert listener.port == port > 0
    say(datagram(), port, sender=ONE)
    await ear.until_heard(1)
    listener.close()
    listener.close()
    assert not listener.listening
    assert listener.heard == {}
    assert listener.heard_at(ONE) is None
    assert listener.fresh_reports() == {}
    say(datagram(), port, sender=ONE)
    listener.open()
    assert listener.port == port
    # It is no matter that the last report was heard in this very second.
    say(datagram(Valid=4), port, sender=ONE)
    await ear.until_heard(2)
    assert listener.heard[ONE].status.blocks_found == 4


async def test_closed_by_who_listens(listener: NMMinerListener) -> None:
    """What else has come already is not read any more."""
    ear = Ear(listener)
    listener.listen(lambda *_: listener.close())
    for sender in (ONE, OTHER):
        say(datagram(), listener.port, sender=sender)
    await ear.until_heard(1)
    assert ear.addresses == [ONE]
    assert not listener.listening


async def test_a_system_that_shares_ports_in_one_way_only(
    socket_enabled: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A listener is possible there as well."""
    monkeypatch.delattr(socket, "SO_REUSEPORT")
    with open_shared_socket(0) as first:
        port = first.getsockname()[1]
        assert port > 0
        with open_shared_socket(port) as second:
            assert second.getsockname()[1] == port


# The socket has room for as many.
_AT_ONCE = 50


async def flood(
    listener: NMMinerListener, saying: Callable[[int], tuple[bytes, str]], count: int
) -> tuple[int, int]:
    """Send many datagrams while another task wants its turn.

    Returns how often it had one, and how many datagrams were read in between at most.
    """
    turns = most = since = sent = 0
    take = listener._take

    def counted(data: bytes, sender: str) -> Drop | None:
        nonlocal since, most
        since += 1
        most = max(most, since)
        return take(data, sender)

    async def work() -> None:
        nonlocal turns, since
        while True:
            turns += 1
            since = 0
            await asyncio.sleep(0)

    taken = Ear(listener)
    working = asyncio.create_task(work())
    with patch.object(listener, "_take", counted):
        while sent < count:
            for number in range(sent, sent + _AT_ONCE):
                data, sender = saying(number)
                say(data, listener.port, sender=sender)
            sent += _AT_ONCE
            await until(lambda: listener.dropped.total() + len(taken.heard) == sent)  # noqa: B023
    working.cancel()
    return turns, most


async def test_a_flood_of_one_miner(listener: NMMinerListener) -> None:
    """One update in a second is handed on, and others have their turn."""
    ear = Ear(listener, ONE)
    data = datagram(ip=ONE)
    with patch.object(
        listener_module, "read_report", Mock(wraps=listener_module.read_report)
    ) as read:
        turns, most = await flood(listener, lambda _: (data, ONE), 10_000)
    assert len(ear.heard) == 1
    # Reading is what costs time, and is left out.
    assert read.call_count == 1
    assert listener.dropped == {Drop.TOO_SOON: 9_999}
    assert 0 < most <= 32
    assert turns >= 10_000 / 32


async def test_a_flood_of_nonsense(listener: NMMinerListener) -> None:
    """From everywhere at once: too large, no report, for others, and again."""
    kinds = (b"{" * 1000, b"x" * 3000, datagram(ip="8.8.8.8"), datagram(ip=ONE))
    ear = Ear(listener)
    turns, most = await flood(
        listener,
        lambda number: (kinds[number % 4], f"127.0.14.{1 + number % 200}"),
        2_000,
    )
    assert ear.addresses == [ONE]
    assert set(listener.dropped) == {
        Drop.NOT_A_REPORT,
        Drop.NOT_PRIVATE,
        Drop.TOO_LARGE,
        Drop.TOO_SOON,
    }
    assert 0 < most <= 32
    assert turns >= 2_000 / 32
    # A miner is heard through all of it.
    say(datagram(), listener.port, sender=OTHER)
    await ear.until_heard(2)


async def test_a_device_that_sends_nonsense(
    start_device: StartDevice, listener: NMMinerListener
) -> None:
    """Each fault of the simulated device is dropped or read, and it is heard again."""
    device = await start_device("nmminer-1.8.10", status_target=(HOST, listener.port))
    assert isinstance(device, NMMinerUdpDevice)
    ear = Ear(listener)
    for count, fault in enumerate(("garbage", "cut", "huge"), start=1):
        await device.set_fault(next(f for f in device.faults if f == fault))
        device.announce()
        await until_dropped(listener, count)
    assert listener.dropped == {Drop.NOT_A_REPORT: 2, Drop.TOO_LARGE: 1}
    await device.set_fault(None)
    device.announce()
    await ear.until_heard(1)
    assert set(TOLD) - {"Temp"} <= set(ear.heard[0][1].json())


async def test_a_port_that_is_kept_can_be_shared(socket_enabled: None) -> None:
    """Which the other tests of the settings rely on."""
    with free_udp_port() as port:
        opened = open_shared_socket(port)
        with opened:
            opened.setblocking(True)
            opened.settimeout(PATIENCE)
            say(b"hello", port, sender=ONE)
            assert opened.recv(10) == b"hello"
