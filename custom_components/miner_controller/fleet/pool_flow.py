"""The flow that adds a pool to the fleet and changes it."""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    ConfigEntry,
    ConfigSubentry,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.const import CONF_URL

from .library import CONF_STATISTICS, LibraryPool
from .members import async_members
from .pool_flow_form import (
    CONF_SAVE_ANYWAY,
    EXAMPLES,
    TypedPool,
    pool_schema,
    shown_pool,
)
from .pool_trial import async_pool_fault, async_statistics_fault
from .worker_template import WorkerTemplateError

# More names than this tell nothing more.
_MOST_SHOWN: Final = 10


class PoolFlow(ConfigSubentryFlow):
    """Handle a pool."""

    _typed: TypedPool
    _form: tuple[str, dict[str, Any]]
    """The step whose form was filled in last, and with what."""

    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Add a pool."""
        return await self._async_step_pool("user", user_input, None)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Change a pool."""
        subentry = self._get_reconfigure_subentry()
        return await self._async_step_pool("reconfigure", user_input, subentry)

    async def _async_step_pool(
        self,
        step_id: str,
        user_input: dict[str, Any] | None,
        present: ConfigSubentry | None,
    ) -> SubentryFlowResult:
        """Take a pool, and try it."""
        if user_input is None:
            return self._show_pool(step_id, shown_pool(present), {})
        self._form = (step_id, user_input)
        self._typed = typed = TypedPool.from_form(user_input, present)
        if errors := typed.faults(self._other_names(present)):
            return self._show_pool(step_id, user_input, errors)
        if not user_input.get(CONF_SAVE_ANYWAY):
            if (fault := await async_pool_fault(self.hass, typed.pool)) is not None:
                errors[CONF_URL] = fault
            fault = await async_statistics_fault(self.hass, typed.pool.statistics)
            if fault is not None:
                # The fields are in a section, at which their errors are shown.
                errors[CONF_STATISTICS] = fault
            if errors:
                return self._show_pool(step_id, user_input, errors, can_save=True)
        return await self.async_step_workers()

    def _other_names(self, present: ConfigSubentry | None) -> list[str]:
        """Return the names that other pools have."""
        return [
            subentry.title
            for subentry in self._get_entry().subentries.values()
            if subentry is not present
        ]

    def _show_pool(
        self,
        step_id: str,
        shown: Mapping[str, Any],
        errors: dict[str, str],
        *,
        can_save: bool = False,
    ) -> SubentryFlowResult:
        """Show the form. A pool that does not answer can be kept all the same."""
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(
                pool_schema(can_save=can_save or CONF_SAVE_ANYWAY in shown), shown
            ),
            description_placeholders=EXAMPLES,
            errors=errors,
        )

    async def async_step_workers(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Show under which names the miners will work."""
        return self.async_show_menu(
            step_id="workers",
            menu_options=["save", "change"],
            description_placeholders={"workers": self._workers()},
        )

    def _workers(self) -> str:
        """Return the workers as a list, one line for each miner."""
        lines = [
            f"- {member.name}: `{_worker(self._typed.pool, member.entry)}`"
            for member in async_members(self.hass)
        ]
        if len(lines) > _MOST_SHOWN:
            lines[_MOST_SHOWN:] = ["- …"]
        return "\n".join(lines) or f"- `{self._typed.pool.worker}`"

    async def async_step_change(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Go back to the form, with what was typed."""
        step_id, typed = self._form
        return self._show_pool(step_id, typed, {})

    async def async_step_save(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Keep the pool, unless another one has got its name meanwhile."""
        is_changed = self.source == SOURCE_RECONFIGURE
        present = self._get_reconfigure_subentry() if is_changed else None
        if errors := self._typed.faults(self._other_names(present)):
            return self._show_pool(*self._form, errors)
        title, data = self._typed.pool.name, self._typed.data
        if present is not None:
            # The listener of the entry reloads it.
            return self.async_update_and_abort(
                self._get_entry(),
                present,
                title=title,
                data=data,
            )
        return self.async_create_entry(title=title, data=data)


def _worker(pool: LibraryPool, entry: ConfigEntry) -> str:
    """Return the name under which a miner works, a dash where it has none."""
    try:
        return pool.settings_for(entry).worker
    except WorkerTemplateError:
        return "–"
