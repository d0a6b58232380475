"""The commands that choose, order, add and remove pools."""

import re

from simulator.cgminer.device import CgminerDevice, Command, Handler
from simulator.cgminer.pools import Pool
from simulator.cgminer.request import leading_number
from simulator.cgminer.wire import Reply, Severity

_MOST_POOLS = 64
# What is between two commas that no backslash protects.
_DETAIL = re.compile(r"((?:[^\\,]|\\.)*)(?:,|$)")


class PoolCommands:
    """What a client may do to the pools of a running miner."""

    def __init__(self, device: CgminerDevice) -> None:
        """Work on the pools of a device."""
        self._device = device
        self._pools = device.state.pools

    def choosing(self) -> dict[str, Command]:
        """Return the commands that work with the pools there are."""
        return _changing(
            {
                "switchpool": self._switch,
                "enablepool": self._enable,
                "disablepool": self._disable,
                "poolpriority": self._order,
            }
        )

    def editing(self) -> dict[str, Command]:
        """Return the commands that change which pools there are."""
        return _changing({"addpool": self._add, "removepool": self._remove})

    def _switch(self, parameter: str | None) -> Reply:
        """Put a pool in front of all others."""
        number = self._number(parameter)
        if isinstance(number, Reply):
            return number
        self._pools.switch_to(number)
        return self._said(27, "Switching to pool {}:'{}'", number)

    def _enable(self, parameter: str | None) -> Reply:
        """Let a pool take part again."""
        number = self._number(parameter)
        if isinstance(number, Reply):
            return number
        if self._pools[number].enabled:
            return self._said(49, "Pool {}:'{}' already enabled", number, Severity.INFO)
        self._pools[number].enabled = True
        return self._said(47, "Enabling pool {}:'{}'", number)

    def _disable(self, parameter: str | None) -> Reply:
        """Take a pool out of use, unless it is the last one."""
        number = self._number(parameter)
        if isinstance(number, Reply):
            return number
        if not self._pools[number].enabled:
            return self._said(
                50, "Pool {}:'{}' already disabled", number, Severity.INFO
            )
        if self._pools.enabled <= 1:
            return self._said(
                51, "Cannot disable last active pool {}:'{}'", number, Severity.ERROR
            )
        self._pools[number].enabled = False
        return self._said(48, "Disabling pool {}:'{}'", number)

    def _order(self, parameter: str | None) -> Reply:
        """Put some pools in front in the order given."""
        if not parameter:
            return self._device.error(25, "Missing pool id parameter")
        numbers = [leading_number(part) for part in parameter.split(",") if part]
        for place, number in enumerate(numbers):
            if not self._exists(number):
                return self._no_such(number)
            if number in numbers[:place]:
                return self._device.error(74, f"Duplicate pool specified {number}")
        self._pools.order(numbers)
        return self._device.reply(73, "Changed pool priorities")

    def _add(self, parameter: str | None) -> Reply:
        """Append a pool; commas and backslashes in it are escaped."""
        if not parameter:
            return self._device.error(52, "Missing addpool details")
        found = _DETAIL.findall(f"{parameter},")[:-1]
        parts = [re.sub(r"\\(.)", r"\1", part) for part in found]
        if len(parts) != 3 or not all(parts):
            return self._device.error(53, f"Invalid addpool details '{parameter}'")
        if len(self._pools) >= _MOST_POOLS:
            return self._device.error(
                54, f"Reached maximum number of pools ({_MOST_POOLS})"
            )
        number = self._pools.add(*parts)
        return self._said(55, "Added pool {}: '{}'", number)

    def _remove(self, parameter: str | None) -> Reply:
        """Take a pool away, unless it is in use or the last one."""
        number = self._number(parameter)
        if isinstance(number, Reply):
            return number
        if len(self._pools) <= 1:
            return self._said(
                66, "Cannot remove last pool {}:'{}'", number, Severity.ERROR
            )
        pool = self._pools[number]
        if pool is self._pools.active:
            return self._said(
                67, "Cannot remove active pool {}:'{}'", number, Severity.ERROR
            )
        reply = self._said(68, "Removed pool {}:'{}'", number)
        self._pools.remove(number)
        return reply

    def _exists(self, number: int) -> bool:
        """Tell whether there is a pool of this number."""
        return 0 <= number < len(self._pools)

    def _number(self, parameter: str | None) -> int | Reply:
        """Return the number of a pool, or the refusal of what is none."""
        if not parameter:
            return self._device.error(25, "Missing pool id parameter")
        number = leading_number(parameter)
        return number if self._exists(number) else self._no_such(number)

    def _no_such(self, number: int) -> Reply:
        """Refuse a number that no pool has."""
        last = len(self._pools) - 1
        return self._device.error(26, f"Invalid pool id {number} - range is 0 - {last}")

    def _said(
        self,
        code: int,
        pattern: str,
        number: int,
        severity: Severity = Severity.SUCCESS,
    ) -> Reply:
        """Return a reply that names a pool."""
        pool: Pool = self._pools[number]
        return self._device.reply(code, pattern.format(number, pool.url), severity)


def _changing(handlers: dict[str, Handler]) -> dict[str, Command]:
    """Return handlers as commands that need the right to change something."""
    return {
        name: Command(handler=handler, changes=True)
        for name, handler in handlers.items()
    }
