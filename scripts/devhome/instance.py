"""A Home Assistant process with a configuration folder of its own."""

import asyncio
from collections.abc import Mapping
import json
import os
from pathlib import Path
import signal
import sys
from typing import Self
import zipfile

REPOSITORY = Path(__file__).resolve().parents[2]

# A new instance has only its owner left to create. The other steps of onboarding
# would add integrations that need the internet.
_ONBOARDING = {
    "version": 4,
    "minor_version": 1,
    "key": "onboarding",
    "data": {"done": ["core_config", "analytics", "integration"]},
}

# What the integration is used with, without what needs hardware or an account.
_CONFIGURATION = """\
config:
energy:
frontend:
history:
logbook:
my:
sun:
system_health:

automation: !include automations.yaml
script: !include scripts.yaml
scene: !include scenes.yaml

homeassistant:
  name: Home of miners
  country: GB
  currency: GBP
  latitude: 51.48
  longitude: 0
  time_zone: Europe/London
  unit_system: metric

logger:
  default: warning
  logs:
    custom_components.miner_controller: info
"""

# Tells a folder that was made here from one that holds somebody's home.
MARKER = ".simulated-home"

_START_SECONDS = 120
_STOP_SECONDS = 60


class HomeAssistantStartError(Exception):
    """Home Assistant did not come up."""


class HomeAssistantInstance:
    """A running Home Assistant; leaving the context ends it."""

    def __init__(
        self,
        config: Path,
        port: int,
        environment: Mapping[str, str] | None = None,
        archive: Path | None = None,
    ) -> None:
        """Initialize for a configuration folder and a port.

        The integration is that of an archive, if there is one, and otherwise that of
        the repository as it is.
        """
        self.config = config
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.log = config / "output.log"
        self._environment = environment or {}
        self._archive = archive
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        """Start Home Assistant and wait until it answers."""
        await asyncio.to_thread(self._write_configuration)
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """End Home Assistant."""
        await self.stop()

    async def start(self) -> None:
        """Start the process and wait until it answers."""
        if await self._is_port_taken():
            raise HomeAssistantStartError(f"Port {self.port} is taken")
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "homeassistant",
                "--config",
                str(self.config),
                # All that it would install is in its environment already.
                "--skip-pip",
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, "SETUP_PORT": str(self.port), **self._environment},
                # Ctrl-C in a terminal reaches this program, which ends the other.
                start_new_session=True,
            )
        try:
            async with asyncio.timeout(_START_SECONDS):
                # Another process says by its port alone that it is ready.
                while not await self._answers():  # noqa: ASYNC110
                    await asyncio.sleep(0.2)
        except TimeoutError as err:
            await self.stop()
            raise HomeAssistantStartError(f"No answer: see {self.log}") from err
        except asyncio.CancelledError:
            await self.stop()
            raise

    async def _answers(self) -> bool:
        """Return whether Home Assistant takes connections."""
        if self._process is None or self._process.returncode is not None:
            raise HomeAssistantStartError(f"Home Assistant ended: see {self.log}")
        return await self._is_port_taken()

    async def _is_port_taken(self) -> bool:
        """Return whether anything takes connections on the port."""
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            return False
        writer.close()
        await writer.wait_closed()
        return True

    async def stop(self) -> None:
        """End the process, in peace if it lets itself."""
        if self._process is None or self._process.returncode is not None:
            return
        self._process.send_signal(signal.SIGINT)
        try:
            await asyncio.wait_for(self._process.wait(), _STOP_SECONDS)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()

    async def ended(self) -> None:
        """Wait until the process ends by itself."""
        if self._process is not None:
            await self._process.wait()

    def _write_configuration(self) -> None:
        """Create the configuration folder, or leave the one that is there."""
        if not self.config.exists():
            self.config.mkdir(parents=True)
            (self.config / MARKER).touch()
        configuration = self.config / "configuration.yaml"
        if not configuration.exists():
            configuration.write_text(_CONFIGURATION, encoding="utf-8")
        for name in ("automations", "scripts", "scenes"):
            listed = self.config / f"{name}.yaml"
            if not listed.exists():
                listed.write_text("[]\n" if name != "scripts" else "", encoding="utf-8")
        onboarding = self.config / ".storage" / "onboarding"
        if not onboarding.exists():
            onboarding.parent.mkdir(exist_ok=True)
            onboarding.write_text(json.dumps(_ONBOARDING), encoding="utf-8")
        components = self.config / "custom_components"
        if self._archive is not None:
            with zipfile.ZipFile(self._archive) as archive:
                archive.extractall(components / "miner_controller")
        elif not components.is_symlink():
            components.symlink_to(REPOSITORY / "custom_components")
