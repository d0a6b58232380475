"""The settings a NerdQAxe++ shows in /api/system/info."""

from simulator.firmware import Field
from simulator.nerdqaxe import board
from simulator.nerdqaxe.fields import OBJECT_SINCE
from simulator.nerdqaxe.state import NerdQAxeState
from simulator.wire import number

type F = Field[NerdQAxeState]

SETTING_FIELDS: tuple[F, ...] = (
    Field(name="hostname", make=lambda s: s.settings.hostname),
    Field(name="ssid", make=lambda s: s.settings.ssid),
    Field(name="frequency", make=lambda s: s.settings.frequency),
    Field(name="defaultFrequency", make=lambda _: board.DEFAULT_FREQUENCY),
    Field(name="coreVoltage", make=lambda s: s.settings.core_voltage),
    Field(name="defaultCoreVoltage", make=lambda _: board.DEFAULT_VOLTAGE),
    Field(name="autofanspeed", make=lambda s: s.settings.autofan),
    Field(
        name="manualFanSpeed", since=OBJECT_SINCE, make=lambda s: s.settings.manual_fan
    ),
    Field(name="pidTargetTemp", make=lambda s: s.settings.pid_target),
    Field(name="pidP", make=lambda s: number(s.settings.pid_p)),
    Field(name="pidI", make=lambda s: number(s.settings.pid_i)),
    Field(name="pidD", make=lambda s: number(s.settings.pid_d)),
    Field(name="overheat_temp", make=lambda s: s.settings.overheat_temperature),
    Field(name="jobInterval", make=lambda s: s.settings.job_interval),
    Field(name="stratumDifficulty", make=lambda s: s.settings.stratum_difficulty),
    Field(
        name="stratum_keep",
        since=OBJECT_SINCE,
        make=lambda s: int(s.settings.stratum_keep),
    ),
    Field(name="vrFrequency", since=(1, 0, 33), make=lambda s: s.settings.vr_frequency),
    Field(
        name="defaultVrFrequency",
        since=(1, 0, 33),
        make=lambda _: board.DEFAULT_VR_FREQUENCY,
    ),
    Field(name="flipscreen", make=lambda s: int(s.settings.flip_screen)),
    Field(name="invertscreen", make=lambda s: int(s.settings.invert_screen)),
    Field(name="autoscreenoff", make=lambda s: int(s.settings.auto_screen_off)),
    Field(name="invertfanpolarity", make=lambda s: int(s.settings.invert_fan_polarity)),
)
