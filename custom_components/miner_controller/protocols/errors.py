"""The errors that talking to a miner can end in."""


class MinerError(Exception):
    """Base of every error that a miner's client raises."""


class MinerConnectionError(MinerError):
    """The miner could not be reached, or it dropped the connection."""


class MinerUnreachableError(MinerConnectionError):
    """No connection to the miner came about, so it has not heard anything."""


class MinerSilentError(MinerConnectionError):
    """The miner heard something and closed without an answer."""


class MinerTimeoutError(MinerConnectionError):
    """The miner did not answer within the time limit."""


class MinerProtocolError(MinerError):
    """The miner's reply makes no sense."""


class MinerForeignError(MinerProtocolError):
    """What answers does not speak the miner's protocol at all."""


class MinerMismatchError(MinerProtocolError):
    """A miner of another family answers."""


class MinerRefusedError(MinerError):
    """The miner refused a command or did not carry it out, in its own words."""


class MinerCalibratingError(MinerRefusedError):
    """The miner takes no other work mode before it has calibrated the present one."""


class MinerUnconfirmedError(MinerRefusedError):
    """The miner was told, and does not show that it did what it was told."""


class MinerUnsupportedError(MinerError):
    """The miner's family or firmware does not have what was asked for."""


class MinerAuthenticationError(MinerError):
    """The miner does not let this caller in."""


class MinerAccessDeniedError(MinerAuthenticationError):
    """The miner lets this caller read and not change anything."""


class MinerLoginError(MinerAuthenticationError):
    """The miner wants the user name and password of its web page, the right ones."""


class MinerLockedError(MinerAuthenticationError):
    """The miner takes changes only with a one-time password."""


class MinerCodeRejectedError(MinerAuthenticationError):
    """The miner did not accept a one-time password."""


class MinerCodeLimitError(MinerAuthenticationError):
    """Another one-time password now could lock the miner for minutes."""
