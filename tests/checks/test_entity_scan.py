"""Tests of the search for entities."""

from pathlib import Path

from .entity_scan import placeholder_names, scan_entities
from .snippets import make_source

SENSOR = '''
@dataclass(frozen=True, kw_only=True)
class MinerSensorDescription(SensorEntityDescription):
    """A sensor."""

def _temperature(key):
    return MinerSensorDescription(
        key=key, translation_key=key, device_class=SensorDeviceClass.TEMPERATURE
    )

SENSORS = (
    MinerSensorDescription(key="hashrate", translation_key="hashrate"),
    _temperature("temperature"),
    _temperature("vr_temperature"),
    MinerSensorDescription(key="reason", options=["power", "watchdog"]),
    *(
        MinerSensorDescription(key=f"fan_rpm_{n}", translation_key="fan_rpm_n")
        for n in range(2, 4)
    ),
)

class MinerSensor(MinerEntity, SensorEntity):
    entity_description: MinerSensorDescription

    def __init__(self, n):
        self._attr_translation_placeholders = {"number": str(n)}
'''
OTHERS = """
class Mode(MinerEntity, SelectEntity):
    _attr_translation_key = "mode"

class Firmware(MinerEntity, UpdateEntity):
    _attr_device_class = UpdateDeviceClass.FIRMWARE
    entity_description: UpdateEntityDescription

FIRMWARE = UpdateEntityDescription(key="firmware")
"""


def test_every_description_is_found(tmp_path: Path) -> None:
    """Descriptions count wherever they are made, also by a helper."""
    entities = scan_entities(
        make_source(tmp_path, miner__tables=SENSOR, miner__rest=OTHERS)
    )
    found = {
        (entity.platform, key): entity.has_device_class
        for entity in entities
        for key in entity.translation_keys.values
    }
    assert found == {
        ("sensor", "hashrate"): False,
        ("sensor", "temperature"): True,
        ("sensor", "vr_temperature"): True,
        ("sensor", "reason"): False,
        ("sensor", "fan_rpm_n"): False,
        ("select", "mode"): False,
    }
    # What its device class names needs no translation.
    assert [e.keys.values for e in entities if not e.translation_keys.values] == [
        {"firmware"}
    ]
    options = [entity.options for entity in entities if entity.options]
    assert [item.values for item in options] == [{"power", "watchdog"}]


def test_placeholders_of_names_are_found(tmp_path: Path) -> None:
    """A numbered name is filled by the entity."""
    source = make_source(tmp_path, miner__sensor=SENSOR)
    assert placeholder_names(source) == frozenset({"number"})
