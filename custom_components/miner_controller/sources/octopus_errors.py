"""The errors that asking Octopus Energy for prices can end in.

No text of them holds a postcode or anything else that was asked or answered.
"""

from .tariff import TariffError, TariffNotFoundError


class OctopusError(TariffError):
    """Base of every error that the client raises."""


class OctopusConnectionError(OctopusError):
    """The service could not be reached, or it dropped the connection."""


class OctopusTimeoutError(OctopusConnectionError):
    """The service did not answer within the time limit."""


class RateLimitedError(OctopusError):
    """The service was asked too often."""


class OctopusUnavailableError(OctopusError):
    """The service answers that it cannot serve anybody at present."""


class OctopusNotFoundError(OctopusError, TariffNotFoundError):
    """The service does not know the product or the region."""


class OctopusReplyError(OctopusError):
    """The reply makes no sense."""
