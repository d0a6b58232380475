"""A miner that is known by its cgminer API alone: an Antminer, an older Avalon."""

from datetime import datetime
from typing import ClassVar, Final, override

from . import parse
from .avalon_models import find_model
from .cgminer_client import CgminerApiClient, Reports
from .cgminer_status import read_device_status
from .errors import MinerProtocolError
from .model import Capabilities, MinerFamily, MinerIdentity, MinerStatus
from .parse import Reply

_ANY_MODEL: Final = "cgminer miner"

# What the firmware's own version is called, by whose cgminer it is.
_SOFTWARE: Final = ("CGMiner", "BMMiner", "BTMiner", "SGMiner", "Miner")


class CgminerClient(CgminerApiClient[Reports]):
    """A miner with what `summary`, `devs` and `pools` tell."""

    _details: ClassVar[tuple[str, ...]] = ("devs",)
    _reports_type = Reports

    @classmethod
    @override
    def recognizes(cls, version: Reply) -> bool:
        return find_model(version) is None

    @classmethod
    def sight(cls, version: Reply) -> MinerIdentity:
        """Return who the miner is that a row of a reply to `version` is from."""
        named = next((name for name in _SOFTWARE if name in version), None)
        return MinerIdentity(
            family=MinerFamily.CGMINER,
            manufacturer=None,
            model=(
                parse.text(version, "Type") or parse.text(version, "PROD") or _ANY_MODEL
            ),
            mac=parse.mac(version, "MAC"),
            firmware=named and f"{named} {parse.text(version, named) or '?'}",
        )

    @override
    async def _identify(self, version: Reply, reports: Reports) -> None:
        self.identity = self.sight(version)
        privileged = await self._try_command("privileged") is not None
        self.capabilities = Capabilities(
            restart=privileged and await self._accepts("restart"),
            switch_pool=privileged,
            pool_slots=len(reports.pools),
        )

    @override
    def _is_another(self, reports: Reports) -> bool:
        # Nothing in these reports tells one miner from another.
        return False

    @override
    def _read_status(self, reports: Reports, now: datetime) -> MinerStatus:
        return read_device_status(
            reports.summary,
            reports.detail_rows,
            reports.pools,
            when=reports.when,
            now=now,
        )

    @override
    async def restart(self) -> None:
        try:
            await self._send_last("restart")
        except MinerProtocolError:
            # The API has it answer with the bare word RESTART.
            return
