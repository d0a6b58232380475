"""The command that changes a pool for good, after the next reboot."""

from typing import TYPE_CHECKING

from simulator.avalon.state import PendingPool
from simulator.cgminer.request import leading_number
from simulator.cgminer.wire import Reply

if TYPE_CHECKING:
    from simulator.avalon.device import AvalonDevice

_LAST_SLOT = 2
_FIELDS = 6
_FEWEST_FIELDS = 5


class SetPool:
    """Answer `setpool` with the password of the web page in front."""

    def __init__(self, device: AvalonDevice) -> None:
        """Belong to a device."""
        self._device = device

    def run(self, parameter: str | None) -> Reply:
        """Keep a pool for the next boot, if everything about it is right."""
        if not parameter:
            return self._refused("no params")
        # Whatever follows a sixth comma is lost, and nothing escapes a comma.
        fields = parameter.split(",")[:_FIELDS]
        given = next(
            (place for place, text in enumerate(fields) if not text), len(fields)
        )
        if given < len(fields) or given < _FEWEST_FIELDS:
            return self._refused(
                f"we need 5 | 6 arguments, your input is {given} arguments."
            )
        user, secret, slot, url, worker, *rest = fields
        if user != self._device.web_user:
            return self._refused("username err")
        if secret != self._secret():
            return self._refused("userpass err")
        number = leading_number(slot)
        if not 0 <= number <= _LAST_SLOT:
            return self._refused(
                f"pool num must between 0 and 2 , your input is {number}"
            )
        password = rest[0] if rest else ""
        pool = PendingPool(url=url, user=worker, password=password)
        self._device.state.pending[number] = pool
        return self._device.reply(
            133,
            f"Pool set info: \npool {number} success set to {url}\n"
            f"worker is {worker}\nworkerpassword is {password}\n"
            "Please reboot miner to make config work.\n",
        )

    def _secret(self) -> str:
        """Return what counts as the password, which the oldest model wants hashed."""
        if self._device.kind.key == "nano3":
            return self._device.web_token
        return self._device.web_password

    def _refused(self, reason: str) -> Reply:
        """Refuse a pool."""
        return self._device.error(132, f"Pool set error: {reason}")
