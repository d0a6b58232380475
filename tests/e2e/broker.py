"""A real MQTT broker, and clients of it that have nothing to do with Home Assistant."""

import asyncio
import os
from pathlib import Path
import shutil
from threading import Event
from typing import Any, Self

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

HOST = "127.0.0.1"

_LIMIT = 10

# A message for oneself comes after all that a broker had before.
_END = "reader/end"


class Mosquitto:
    """A broker that forgets everything when it ends."""

    def __init__(self, folder: Path, port: int) -> None:
        """Initialize for a folder and a port of its own."""
        self.port = port
        self._configuration = folder / "mosquitto.conf"
        self._configuration.write_text(
            f"listener {port} {HOST}\nallow_anonymous true\npersistence false\n",
            encoding="utf-8",
        )
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        """Start the broker."""
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """End the broker."""
        await self.kill()

    async def start(self) -> None:
        """Start the process and wait until it answers."""
        # Debian puts servers where only root's PATH leads.
        folders = f"{os.environ['PATH']}:/usr/sbin:/sbin"
        program = shutil.which("mosquitto", path=folders)
        assert program is not None, "Mosquitto is not installed"
        self._process = await asyncio.create_subprocess_exec(
            program,
            "-c",
            str(self._configuration),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        async with asyncio.timeout(_LIMIT):
            # Another process says by its port alone that it is ready.
            while not await self._answers():  # noqa: ASYNC110
                await asyncio.sleep(0.1)

    async def kill(self) -> None:
        """End the process without a chance to say anything."""
        if self._process is not None:
            self._process.kill()
            await self._process.wait()
            self._process = None

    async def _answers(self) -> bool:
        """Return whether the broker takes connections."""
        try:
            _, writer = await asyncio.open_connection(HOST, self.port)
        except OSError:
            return False
        writer.close()
        await writer.wait_closed()
        return True

    async def retained(self, prefix: str) -> dict[str, str]:
        """Return what somebody gets who comes now, by the topic."""
        reader = Reader(self.port)
        with reader:
            assert await asyncio.to_thread(reader.complete.wait, _LIMIT)
        return {
            topic: payload
            for topic, payload, retain in reader.messages
            if retain and topic.startswith(f"{prefix}/")
        }


class Reader:
    """Reads everything that a broker has, also after the broker was away."""

    def __init__(self, port: int) -> None:
        """Initialize for a broker."""
        self.messages: list[tuple[str, str, bool]] = []
        """Topic, payload, and whether it was there before."""
        self.complete = Event()
        """What was there before has been read."""
        self._port = port
        self._client = Client(CallbackAPIVersion.VERSION2)
        self._client.on_connect = self._connected
        self._client.on_subscribe = self._subscribed
        self._client.on_message = self._received

    def __enter__(self) -> Self:
        """Begin to read."""
        self._client.connect(HOST, self._port)
        self._client.loop_start()
        return self

    def __exit__(self, *_: object) -> None:
        """Read no longer."""
        self._client.disconnect()
        self._client.loop_stop()

    def _connected(self, client: Client, *_: Any) -> None:
        """Ask for everything."""
        client.subscribe("#", qos=1)

    def _subscribed(self, client: Client, *_: Any) -> None:
        """Ask for what tells that nothing is left to read."""
        client.publish(_END, "", qos=1)

    def _received(self, client: Client, _: Any, message: MQTTMessage) -> None:
        """Keep a message."""
        if message.topic == _END:
            self.complete.set()
            return
        self.messages.append(
            (message.topic, message.payload.decode(), bool(message.retain))
        )
