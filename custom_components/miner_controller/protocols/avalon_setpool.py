"""The command by which an Avalon takes a pool: what it wants, and what it refuses.

Source: replies of a Nano 3S with firmware 25021401, and Canaan's open source for it.
"""

import re
from typing import Final

from .avalon_models import AvalonModel
from .errors import MinerError, MinerLoginError, MinerRefusedError
from .pool_settings import PoolSettings, is_sendable
from .web_login import WebLogin

_LOGIN_WORDS: Final = re.compile(r"username err|userpass err", re.IGNORECASE)


def setpool_parameter(
    model: AvalonModel, login: WebLogin | None, slot: int, pool: PoolSettings
) -> str:
    """Return the parameter that fills a slot, with the login of the web page.

    The first slot is number 0. Raises MinerLoginError for a login that is not known
    or cannot be sent: the miner splits the parameter at its commas.
    """
    if login is None:
        raise MinerLoginError("The login of the miner's web page is not known")
    if model.setpool_user is not None:
        user, password = model.setpool_user, login.token
    else:
        user, password = login.user, login.password
    if not (is_sendable(user) and is_sendable(password)):
        raise MinerLoginError("The login of the miner's web page cannot be sent")
    parameters = (user, password, str(slot), pool.url, pool.worker, pool.password)
    return ",".join(parameters)


def setpool_refusal(error: MinerError) -> MinerError:
    """Return an error that says no word of the miner's, which may quote a secret."""
    if _LOGIN_WORDS.search(str(error)):
        return MinerLoginError("The login was not accepted")
    if isinstance(error, MinerRefusedError):
        return MinerRefusedError("The miner did not accept the pool")
    return type(error)("setpool")
