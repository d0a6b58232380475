/** Everything that Home Assistant's frontend can ask for, by its name. */

import "./cards/register";
import "./cards/price-card/register";
import "./strategy/register";
