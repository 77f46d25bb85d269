"""The one family of errors.

`code` is a stable key: the message catalogues hold its words in every language under `problem.<code>`,
with `params` filled in. The English `message` is for logs, the command line and API clients.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One field of a body that is wrong: `field` is a dotted path (`from.email`), `message` says what was expected."""

    field: str
    code: str
    message: str


class HubError(Exception):
    """Something a person or a program can act on."""

    def __init__(self, code: str, message: str, **params: str | int | float | None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.params: Mapping[str, str | int | float | None] = params


class Invalid(HubError):
    """The request can never succeed as it is; `faults` names every wrong field."""

    def __init__(
        self, code: str, message: str, faults: Sequence[Fault] = (), **params: str | int | float | None
    ) -> None:
        super().__init__(code, message, **params)
        self.faults = tuple(faults)


class NotFound(HubError):
    """Not there, or not for this person: the two are never told apart."""


class Refused(HubError):
    """Well-formed, but not allowed, or no longer possible as things stand now."""


class Unavailable(HubError):
    """Try again later; nothing was stored."""

    def __init__(self, code: str, message: str, retry_after: float = 2.0) -> None:
        super().__init__(code, message)
        self.retry_after = retry_after


class DeliveryError(HubError):
    """An outgoing message could not be handed over; `permanent` says whether trying again may help."""

    def __init__(self, code: str, message: str, *, permanent: bool) -> None:
        super().__init__(code, message)
        self.permanent = permanent
