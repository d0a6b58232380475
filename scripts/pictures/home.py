"""The home in the pictures: that of scripts/develop, in a process of its own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
import signal
import socket
import sys

from scripts.devhome.instance import REPOSITORY, HomeAssistantStartError

# What scripts/develop says last, when all is there.
_READY = "Ctrl-C ends all of it."
_START_SECONDS = 300
_STOP_SECONDS = 90


@dataclass(frozen=True, slots=True)
class PictureHome:
    """A running home: its address, and its configuration folder."""

    url: str
    config: Path


@asynccontextmanager
async def running_home(folder: Path) -> AsyncIterator[PictureHome]:
    """Run the home in a folder that is not there yet; leaving the context ends it."""
    port = _free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "scripts.devhome",
        *("--port", str(port), "--config", str(folder), "--simulator-port", "0"),
        cwd=REPOSITORY,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        # Ctrl-C in a terminal reaches this program, which ends the other.
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(_START_SECONDS):
            await _wait_until_ready(process)
        yield PictureHome(f"http://127.0.0.1:{port}", folder)
    finally:
        await _end(process)


def _free_port() -> int:
    """Return a port that nothing uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def _wait_until_ready(process: asyncio.subprocess.Process) -> None:
    """Hand on what the home says, until all of it is there."""
    while process.stdout and (line := await process.stdout.readline()):
        text = line.decode().rstrip()
        print(text, flush=True)
        if text == _READY:
            return
    raise HomeAssistantStartError("the home ended before it was there")


async def _end(process: asyncio.subprocess.Process) -> None:
    """End the home, in peace if it lets itself."""
    if process.returncode is None:
        process.send_signal(signal.SIGINT)
    try:
        await asyncio.wait_for(process.communicate(), _STOP_SECONDS)
    except TimeoutError:
        process.kill()
        await process.wait()
