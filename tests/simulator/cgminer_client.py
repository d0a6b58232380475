"""A client of cgminer's API that does what a test asks and no more."""

import asyncio
import json
from typing import Any

from simulator.device import SimulatedDevice


async def exchange(device: SimulatedDevice, request: bytes) -> bytes:
    """Send one request and return everything until the device closes."""
    reader, writer = await asyncio.open_connection(device.host, device.port)
    try:
        writer.write(request)
        return await reader.read()
    finally:
        writer.close()


async def text(device: SimulatedDevice, request: str) -> str:
    """Return the reply to a request in text, which has to end with a NUL."""
    reply = (await exchange(device, request.encode())).decode()
    assert reply.endswith("\0")
    return reply.removesuffix("\0")


async def raw(
    device: SimulatedDevice, command: str, parameter: str | None = None
) -> bytes:
    """Return the bytes of the reply to a request in JSON."""
    content = {"command": command}
    if parameter is not None:
        content["parameter"] = parameter
    return await exchange(device, json.dumps(content).encode())


async def ask(
    device: SimulatedDevice, command: str, parameter: str | None = None
) -> dict[str, Any]:
    """Return the reply to a request in JSON."""
    reply = await raw(device, command, parameter)
    assert reply.endswith((b"}\0", b"}\n\0"))
    # Some messages have raw newlines in them.
    found: dict[str, Any] = json.loads(reply.rstrip(b"\0"), strict=False)
    return found


async def rows(device: SimulatedDevice, command: str) -> list[dict[str, Any]]:
    """Return the rows of a report."""
    reply = await ask(device, command)
    found: list[dict[str, Any]] = next(
        value for name, value in reply.items() if name not in ("STATUS", "id")
    )
    return found


async def said(
    device: SimulatedDevice, command: str, parameter: str | None = None
) -> tuple[str, int, str]:
    """Return how a command went: letter, code and message."""
    (status,) = (await ask(device, command, parameter))["STATUS"]
    return status["STATUS"], status["Code"], status["Msg"]


async def set_option(device: SimulatedDevice, option: str) -> tuple[str, int, str]:
    """Return how `ascset` of the only device went."""
    return await said(device, "ascset", f"0,{option}")


async def fields(device: SimulatedDevice) -> dict[str, str]:
    """Return the fields of an Avalon's long line, in their order."""
    row = (await rows(device, "estats"))[0]
    line: str = row["MM ID0"] if "MM ID0" in row else row["MM ID0:Summary"]
    line = line.removeprefix("'STATS':{").removesuffix("}")
    found: dict[str, str] = {}
    while line:
        name, _, rest = line.partition("[")
        value, _, line = rest.partition("]")
        found[name.strip()] = value
    return found


async def power(device: SimulatedDevice) -> list[int]:
    """Return the numbers of the power supply."""
    return [int(part) for part in (await fields(device))["PS"].split()]
