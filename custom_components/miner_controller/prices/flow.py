"""The steps of the config flow that add a tariff and change it."""

from typing import Any

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    ConfigFlow,
    ConfigFlowResult,
)
from homeassistant.const import CONF_BASE, CONF_REGION, CONF_URL
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
import probatio

from ..const import CONF_POSTCODE, CONF_PRODUCT
from ..sources.octopus_products import REGIONS
from .connect import (
    SECTION_MORE,
    FoundTariff,
    ProductError,
    SeveralRegionsError,
    TariffFieldError,
    TypedTariff,
    async_find_tariff,
    tariff_title,
)
from .entries import async_tariff_entries


def _region_selector(letters: list[str]) -> SelectSelector:
    """Return a choice of regions, each by its letter and its name."""
    return SelectSelector(
        SelectSelectorConfig(
            options=[
                SelectOptionDict(value=letter, label=f"{letter} – {REGIONS[letter]}")
                for letter in letters
            ],
            mode=SelectSelectorMode.DROPDOWN,
        )
    )


def _tariff_schema(*, collapsed: bool) -> probatio.Schema:
    """Return the form for a tariff."""
    return probatio.Schema(
        {
            probatio.Optional(CONF_REGION): _region_selector([*REGIONS]),
            probatio.Optional(CONF_POSTCODE): TextSelector(
                TextSelectorConfig(autocomplete="postal-code")
            ),
            probatio.Required(SECTION_MORE): section(
                probatio.Schema(
                    {
                        probatio.Optional(CONF_PRODUCT): TextSelector(
                            TextSelectorConfig(autocomplete="off")
                        ),
                        probatio.Optional(CONF_URL): TextSelector(
                            TextSelectorConfig(type=TextSelectorType.URL)
                        ),
                    }
                ),
                {"collapsed": collapsed},
            ),
        }
    )


class PriceFlow(ConfigFlow):
    """Handle what is about a tariff."""

    _form: tuple[str, dict[str, Any]]
    """The step whose form was filled in last, and with what."""
    _typed: TypedTariff
    _regions: list[str]
    """The regions that a postcode may be in."""

    async def async_step_prices(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Add a tariff."""
        return await self._async_step_tariff("prices", user_input, {})

    async def async_step_reconfigure_prices(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change the region, the product or the address of a tariff."""
        data = self._get_reconfigure_entry().data
        more = {key: data[key] for key in (CONF_PRODUCT, CONF_URL) if key in data}
        return await self._async_step_tariff(
            "reconfigure_prices",
            user_input,
            {CONF_REGION: data[CONF_REGION], SECTION_MORE: more},
        )

    async def _async_step_tariff(
        self,
        step_id: str,
        user_input: dict[str, Any] | None,
        suggested: dict[str, Any],
    ) -> ConfigFlowResult:
        """Take a tariff, and try it."""
        if user_input is None:
            return self._show_tariff(step_id, suggested, {})
        self._form = (step_id, user_input)
        self._typed = TypedTariff.from_form(user_input)
        try:
            found = await async_find_tariff(self.hass, self._typed)
        except SeveralRegionsError as err:
            self._regions = err.regions
            return await self.async_step_region()
        except TariffFieldError as err:
            return self._show_tariff(*self._form, {err.field: err.key})
        return await self._async_finish(found)

    def _show_tariff(
        self, step_id: str, shown: dict[str, Any], errors: dict[str, str]
    ) -> ConfigFlowResult:
        """Show the form. What was typed, or is wrong, is in sight."""
        is_used = bool(errors) and any(shown.get(SECTION_MORE, {}).values())
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(
                _tariff_schema(collapsed=not is_used), shown
            ),
            errors=errors,
        )

    async def async_step_region(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Take one of the regions that a postcode may be in."""
        errors: dict[str, str] = {}
        if user_input is not None:
            typed = self._typed.in_region(user_input[CONF_REGION])
            try:
                found = await async_find_tariff(self.hass, typed)
            except ProductError as err:
                # The field is in the form before this one.
                return self._show_tariff(*self._form, {err.field: err.key})
            except TariffFieldError as err:
                errors[CONF_BASE] = err.key
            else:
                return await self._async_finish(found)
        schema = probatio.Schema(
            {probatio.Required(CONF_REGION): _region_selector(self._regions)}
        )
        return self.async_show_form(
            step_id="region",
            data_schema=self.add_suggested_values_to_schema(schema, user_input),
            errors=errors,
        )

    async def _async_finish(self, found: FoundTariff) -> ConfigFlowResult:
        """Add the tariff that was found, or change the one that is there."""
        changed = (
            self._get_reconfigure_entry() if self.source == SOURCE_RECONFIGURE else None
        )
        if any(
            entry.unique_id == found.unique_id
            for entry in async_tariff_entries(self.hass)
            if entry is not changed
        ):
            return self.async_abort(reason="tariff_configured")
        if changed is not None:
            is_own_name = changed.title != tariff_title(changed.data[CONF_REGION])
            # The listener of the entry reloads it.
            return self.async_update_and_abort(
                changed,
                unique_id=found.unique_id,
                title=changed.title if is_own_name else found.title,
                data=found.entry_data,
            )
        await self.async_set_unique_id(found.unique_id)
        return self.async_create_entry(title=found.title, data=found.entry_data)
