"""The errors that asking Octopus Energy for prices can end in.

No text of them holds a postcode or anything else that was asked or answered.
"""


class OctopusError(Exception):
    """Base of every error that the client raises.

    `retry_after` is the time in seconds that the service wants to be left alone from
    the reply on, None where it names none.
    """

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        """Initialize the error."""
        super().__init__(message)
        self.retry_after = retry_after


class OctopusConnectionError(OctopusError):
    """The service could not be reached, or it dropped the connection."""


class OctopusTimeoutError(OctopusConnectionError):
    """The service did not answer within the time limit."""


class RateLimitedError(OctopusError):
    """The service was asked too often."""


class OctopusUnavailableError(OctopusError):
    """The service answers that it cannot serve anybody at present."""


class OctopusNotFoundError(OctopusError):
    """The service does not know the product or the region."""


class OctopusReplyError(OctopusError):
    """The reply makes no sense."""
