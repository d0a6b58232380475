"""Turns what miners, the fleet and tariffs tell into messages."""

from dataclasses import dataclass
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.json import json_dumps
from homeassistant.util import dt as dt_util

from ..prices.coordinator import PriceConfigEntry
from ..protocols.model import MinerStatus
from .members import Member, MemberWatch
from .mqtt_link import Message
from .mqtt_memory import MqttMemory
from .mqtt_options import MqttOptions
from .mqtt_outbox import MqttOutbox
from .mqtt_topics import (
    assign_slugs,
    fleet_topic,
    price_topic,
    status_topic,
    telemetry_topic,
)
from .runtime import FleetConfigEntry
from .tariff_watch import TariffWatch
from .telemetry import (
    Telemetry,
    TelemetryState,
    fleet_telemetry,
    miner_state,
    miner_telemetry,
    price_telemetry,
)

ONLINE: Final = "online"
OFFLINE: Final = "offline"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What was told of a miner last."""

    slug: str
    name: str
    status: MinerStatus | None
    state: TelemetryState | None

    def is_same(self, other: _Told | None) -> bool:
        """Return whether nothing was told since, not even the same once more."""
        return (
            other is not None
            and other.status is self.status
            and (other.slug, other.name, other.state)
            == (self.slug, self.name, self.state)
        )


class MqttPublisher:
    """Hands the outbox one message for each poll, each new total and each new price."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: FleetConfigEntry,
        options: MqttOptions,
        outbox: MqttOutbox,
        memory: MqttMemory,
    ) -> None:
        """Start to publish what is known, and then what is new."""
        self._options = options
        self._outbox = outbox
        self._memory = memory
        self._totals = entry.runtime_data.totals
        self._told: dict[str, _Told] = {}
        self._prices: dict[str, Telemetry] = {}
        self._members = MemberWatch(
            hass, updated=self._async_tell_member, changed=self._async_arrange
        )
        self._tariffs = TariffWatch(hass, self._async_arrange)
        self._stop_totals = self._totals.async_add_listener(self._async_tell_fleet)
        self._async_arrange()
        self._async_tell_fleet()

    @callback
    def async_close(self) -> list[Message]:
        """Follow nothing any more, and return what is to be published in the end.

        Nobody shall believe that a miner is online of which nobody tells anything.
        """
        self._stop_totals()
        self._tariffs.async_close()
        self._members.async_close()
        return [
            self._status(told.slug, online=False)
            for told in self._told.values()
            if told.status is not None
        ]

    @callback
    def _async_arrange(self) -> None:
        """Give each miner and tariff that there is now its topics, and clean others."""
        prefix, retain = self._options.prefix, self._options.retain
        slugs = assign_slugs(
            {key: member.name for key, member in self._members.members.items()},
            self._memory.slugs,
        )
        if slugs != self._memory.slugs:
            self._memory.slugs = slugs
            self._outbox.async_save_soon()
        tariffs = self._tariff_topics()
        self._outbox.async_keep(
            {
                **{status_topic(prefix, slug): True for slug in slugs.values()},
                **{telemetry_topic(prefix, slug): retain for slug in slugs.values()},
                **dict.fromkeys(tariffs, retain),
                fleet_topic(prefix): retain,
            }
        )
        self._told = {key: told for key, told in self._told.items() if key in slugs}
        self._prices = {
            topic: told for topic, told in self._prices.items() if topic in tariffs
        }
        for member in self._members.members.values():
            self._async_tell_member(member)
        self._async_tell_prices(tariffs)

    @callback
    def _async_tell_member(self, member: Member) -> None:
        """Tell what a miner told, and whether it is there, if that is new."""
        key, state = member.entry.entry_id, miner_state(member)
        slug = self._memory.slugs[key]
        told = _Told(slug=slug, name=member.name, status=member.status, state=state)
        self._outbox.async_show(self._status(slug, online=member.online))
        if told.is_same(self._told.get(key)):
            return
        self._told[key] = told
        self._async_tell(
            telemetry_topic(self._options.prefix, slug),
            miner_telemetry(member, dt_util.utcnow()),
        )

    @callback
    def _async_tell_fleet(self) -> None:
        """Tell what all miners amount to."""
        self._async_tell(
            fleet_topic(self._options.prefix),
            fleet_telemetry(self._totals.data, dt_util.utcnow()),
        )

    def _tariff_topics(self) -> dict[str, PriceConfigEntry]:
        """Return the tariffs by their topics. Only the first needs no name in it."""
        entries = list(self._tariffs.tariffs)
        slugs = assign_slugs(
            {entry.entry_id: entry.title for entry in entries[1:]}, {}, frozenset()
        )
        prefix = self._options.prefix
        return {
            price_topic(prefix, slugs.get(entry.entry_id)): entry for entry in entries
        }

    @callback
    def _async_tell_prices(self, topics: dict[str, PriceConfigEntry]) -> None:
        """Tell the prices that are others than before.

        While a tariff is being set up, what was told before holds.
        """
        tariffs = self._tariffs.tariffs
        for topic, entry in topics.items():
            if (coordinator := tariffs[entry]) is None:
                continue
            telemetry = price_telemetry(
                entry.title,
                coordinator.tariff.unit,
                coordinator.data,
                dt_util.utcnow(),
            )
            prices = {key: telemetry[key] for key in telemetry if key != "time"}
            if self._prices.get(topic) != prices:
                self._prices[topic] = prices
                self._async_tell(topic, telemetry)

    @callback
    def _async_tell(self, topic: str, telemetry: Telemetry) -> None:
        """Publish an object."""
        self._outbox.async_show(
            Message(
                topic=topic,
                payload=json_dumps(telemetry),
                qos=self._options.qos,
                retain=self._options.retain,
            )
        )

    def _status(self, slug: str, *, online: bool) -> Message:
        """Return what says whether a miner answers, also to who comes later."""
        return Message(
            topic=status_topic(self._options.prefix, slug),
            payload=ONLINE if online else OFFLINE,
            qos=self._options.qos,
            retain=True,
        )
