"""Who sent a request: whose it is, and what it may do. `app.api.auth` decides it; routes only ask."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection

SCOPES: Final[Mapping[str, str]] = MappingProxyType(
    {  # what a key may be given → what it lets its owner do
        "generate": "make music, have charts and files read, change and delete what the owner has kept",
        "read": "read what there is and what the owner has kept",
        "cloud": "have models asked that cost money",
        "admin": "see the service's counts and models, and set counts to zero",
    }
)
USUAL: Final = ("generate", "read")  # of a key that is made without saying which
PLACE: Final = "octet.caller"  # where in the request's scope it stands


class KeyRow(Protocol):
    """A key as it is known: `app.store.keys.Key` is one. None leaves a bound to the service's settings."""

    @property
    def id(self) -> str:
        """For logs and counts."""

    @property
    def owner(self) -> str:
        """Whose it is."""

    @property
    def scopes(self) -> frozenset[str]:
        """What it may do."""

    @property
    def rate_per_minute(self) -> float | None:
        """Requests in the long run."""

    @property
    def burst(self) -> int | None:
        """Requests at once."""

    @property
    def budget_day_usd(self) -> float | None:
        """What it may spend a day."""

    @property
    def budget_month_usd(self) -> float | None:
        """What it may spend a month."""


class KeyBook(Protocol):
    """Where keys are looked up: `app.store.keys.Keys` is one."""

    async def find(self, secret: str) -> KeyRow | None:
        """The key whose SHA-256 is this text's, when it opens anything. Raises StoreError."""
        ...


class Caller(NamedTuple):
    """`owner` is "" for the person at this machine, who needs no key on loopback and may do everything."""

    owner: str
    scopes: frozenset[str]
    key_id: str = ""  # of the key that was shown, for logs and counts; never the key


LOCAL: Final = Caller("", frozenset(SCOPES))


def caller_of(request: HTTPConnection) -> Caller:
    """Who sent this request. Without keys it is the person at this machine."""
    found: Caller = request.scope.get(PLACE, LOCAL)
    return found
