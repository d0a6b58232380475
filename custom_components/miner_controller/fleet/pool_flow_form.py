"""The form for a pool."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Self

from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import CONF_NAME, CONF_PASSWORD, CONF_URL
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
import probatio

from ..protocols.stratum_address import parse_stratum_address
from ..sources.pool_statistics import PoolService
from .entries import SUBENTRY_POOL
from .library import (
    CONF_NOTE,
    CONF_PRIORITY,
    CONF_PROBE_UNUSED,
    CONF_SECRET,
    CONF_SERVICE,
    CONF_STATISTICS,
    CONF_WAIT_FOR_WORK,
    CONF_WEIGHT,
    CONF_WORKER,
    DEFAULT_PASSWORD,
    DEFAULT_PRIORITY,
    DEFAULT_WEIGHT,
    LibraryPool,
    pool_data,
)
from .pool_checks import pool_faults

CONF_SAVE_ANYWAY: Final = "save_anyway"
SECTION_MORE: Final = "more"

EXAMPLES: Final = {
    "address": "stratum+tcp://pool.example:3333",
    "service": "http://192.168.1.5:3334",
    "tls": "stratum+tls://",
    "worker": "bc1q….{miner}",
}
"""What the texts of the form show, which hold no address themselves."""

_PASSWORD: Final = TextSelector(
    TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="new-password")
)
_NEW_POOL: Final = {
    CONF_PRIORITY: DEFAULT_PRIORITY,
    CONF_WEIGHT: DEFAULT_WEIGHT,
    SECTION_MORE: {CONF_PROBE_UNUSED: True, CONF_WAIT_FOR_WORK: False},
}


def _whole_number(minimum: int, maximum: int) -> NumberSelector:
    """Return a field for a whole number."""
    return NumberSelector(
        NumberSelectorConfig(
            min=minimum, max=maximum, step=1, mode=NumberSelectorMode.BOX
        )
    )


def pool_schema(*, can_save: bool) -> probatio.Schema:
    """Return the form. With `can_save` it offers to keep what did not answer."""
    fields: dict[Any, Any] = {
        probatio.Required(CONF_NAME): TextSelector(),
        probatio.Required(CONF_URL): TextSelector(
            TextSelectorConfig(autocomplete="off")
        ),
        probatio.Required(CONF_WORKER): TextSelector(
            TextSelectorConfig(autocomplete="off")
        ),
        probatio.Optional(CONF_PASSWORD): _PASSWORD,
        probatio.Required(CONF_PRIORITY): _whole_number(1, 1000),
        probatio.Required(CONF_WEIGHT): _whole_number(0, 1000),
        probatio.Required(SECTION_MORE): section(
            probatio.Schema(
                {
                    probatio.Optional(CONF_NOTE): TextSelector(
                        TextSelectorConfig(multiline=True)
                    ),
                    probatio.Required(CONF_PROBE_UNUSED): BooleanSelector(),
                    probatio.Required(CONF_WAIT_FOR_WORK): BooleanSelector(),
                }
            ),
            {"collapsed": True},
        ),
        probatio.Required(CONF_STATISTICS): section(
            probatio.Schema(
                {
                    probatio.Optional(CONF_SERVICE): SelectSelector(
                        SelectSelectorConfig(
                            options=[service.value for service in PoolService],
                            mode=SelectSelectorMode.DROPDOWN,
                            translation_key="pool_service",
                        )
                    ),
                    probatio.Optional(CONF_SECRET): _PASSWORD,
                    probatio.Optional(CONF_URL): TextSelector(
                        TextSelectorConfig(type=TextSelectorType.URL)
                    ),
                }
            ),
            {"collapsed": True},
        ),
    }
    if can_save:
        fields[probatio.Required(CONF_SAVE_ANYWAY, default=False)] = BooleanSelector()
    return probatio.Schema(fields)


def shown_pool(present: ConfigSubentry | None) -> dict[str, Any]:
    """Return what the form shows at first. Nothing secret is shown again."""
    if present is None:
        return dict(_NEW_POOL)
    data = present.data
    statistics = data.get(CONF_STATISTICS, {})
    shown = (CONF_URL, CONF_WORKER, CONF_PRIORITY, CONF_WEIGHT)
    return {
        CONF_NAME: present.title,
        **{key: data[key] for key in shown},
        SECTION_MORE: {
            key: data[key] for key in (CONF_NOTE, CONF_PROBE_UNUSED, CONF_WAIT_FOR_WORK)
        },
        CONF_STATISTICS: {
            key: value for key, value in statistics.items() if key != CONF_SECRET
        },
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedPool:
    """A pool as it was typed, with the secrets of the one that it changes."""

    name: str
    url: str
    worker: str = field(repr=False)
    password: str = field(repr=False)
    form: Mapping[str, Any] = field(repr=False)
    statistics: Mapping[str, Any] | None = field(repr=False)

    @classmethod
    def from_form(
        cls, user_input: Mapping[str, Any], present: ConfigSubentry | None
    ) -> Self:
        """Return what a form says. A secret that was left empty is kept."""
        known: Mapping[str, Any] = {} if present is None else present.data
        return cls(
            name=user_input[CONF_NAME].strip(),
            url=user_input[CONF_URL].strip(),
            worker=user_input[CONF_WORKER].strip(),
            password=user_input.get(CONF_PASSWORD)
            or known.get(CONF_PASSWORD, DEFAULT_PASSWORD),
            form=user_input,
            statistics=_statistics(user_input, known.get(CONF_STATISTICS, {})),
        )

    def faults(self, others: Iterable[str]) -> dict[str, str]:
        """Return what can be seen to be wrong, by field."""
        errors = pool_faults(
            self.name, self.url, self.worker, self.password, others=others
        )
        if self.statistics is not None and not self.statistics[CONF_SECRET]:
            # The field is in a section, at which its errors are shown.
            errors[CONF_STATISTICS] = "secret_needed"
        return errors

    @property
    def data(self) -> dict[str, Any]:
        """Return the data of the subentry, of a form without faults."""
        more = self.form[SECTION_MORE]
        return pool_data(
            url=str(parse_stratum_address(self.url)),
            worker=self.worker,
            password=self.password,
            priority=int(self.form[CONF_PRIORITY]),
            weight=int(self.form[CONF_WEIGHT]),
            note=more.get(CONF_NOTE, ""),
            probe_unused=more[CONF_PROBE_UNUSED],
            wait_for_work=more[CONF_WAIT_FOR_WORK],
            statistics=self.statistics,
        )

    @property
    def pool(self) -> LibraryPool:
        """Return the pool that a form without faults means."""
        return LibraryPool.from_subentry(
            ConfigSubentry(
                data=MappingProxyType(self.data),
                subentry_type=SUBENTRY_POOL,
                title=self.name,
                unique_id=None,
            )
        )


def _statistics(
    user_input: Mapping[str, Any], known: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Return where the pool tells more, if a service is chosen.

    A secret is kept for the service that it belongs to.
    """
    typed = user_input[CONF_STATISTICS]
    if (service := typed.get(CONF_SERVICE)) is None:
        return None
    kept = known.get(CONF_SECRET, "") if known.get(CONF_SERVICE) == service else ""
    source = {
        CONF_SERVICE: service,
        CONF_SECRET: (typed.get(CONF_SECRET) or kept).strip(),
    }
    return {**source, CONF_URL: typed[CONF_URL]} if typed.get(CONF_URL) else source
