"""API keys. Only what a key hashes to is kept; the key itself is seen once, when it is made."""

from __future__ import annotations

import hashlib
import re
import secrets
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from app.errors import RequestError, StoreError
from app.store.durable import Durable
from app.store.record import microseconds, new_id
from app.store.tables import KEYS

MARK: Final = "octet_"  # that every key begins with, so that one can be told from other secrets
PREFIX: Final = len(MARK) + 6
OWNER: Final = re.compile(r"[\w.@+-]{1,60}")
REMEMBERED_S: Final = 1.0  # how long a revoked key may still work
USED_EVERY_S: Final = 60.0  # how exact `last_used` is
MOST: Final = 1000  # keys that are remembered


class Key(NamedTuple):
    """A key as it is known. What it makes belongs to its owner, who may have several; times are microseconds since 1970."""

    id: str
    owner: str
    prefix: str
    scopes: frozenset[str]
    rate_per_minute: float | None = None  # requests; None: as the service has it
    burst: int | None = None
    budget_day_usd: float | None = None
    budget_month_usd: float | None = None
    created: int = 0
    expires: int | None = None
    revoked: int | None = None
    last_used: int | None = None

    def good(self, now: int) -> bool:
        """Whether it opens anything."""
        return self.revoked is None and (self.expires is None or now < self.expires)


class Terms(NamedTuple):
    """What a new key may do; None: as the service has it."""

    scopes: Iterable[str]
    rate_per_minute: float | None = None
    burst: int | None = None
    budget_day_usd: float | None = None
    budget_month_usd: float | None = None
    expires: int | None = None


COLUMNS: Final = tuple(KEYS.c[name] for name in Key._fields)


class Keys:
    """All methods raise StoreError where the database cannot be reached, StoreFull where it can take no more."""

    def __init__(self, database: Durable, clock: Callable[[], float] = time.monotonic) -> None:
        self._database, self._clock = database, clock
        self._found: dict[str, tuple[float, Key]] = {}  # digest → when it was looked up, the key
        self._noted: dict[str, float] = {}  # id → when its use was written down last

    async def create(self, owner: str, terms: Terms) -> tuple[Key, str]:
        """A new key, and the text of it, which nothing here remembers. Raises RequestError for an owner that is no name."""
        if not OWNER.fullmatch(owner):
            raise RequestError('a name is up to 60 letters, digits and . _ - + @, like "studio-1"', "name")
        secret = MARK + secrets.token_urlsafe(32)
        key = Key(new_id(), owner, secret[:PREFIX], frozenset(terms.scopes), *terms[1:5], microseconds(), terms.expires)
        row = {**key._asdict(), "scopes": " ".join(sorted(key.scopes)), "digest": digest_of(secret)}
        await self._database.write(lambda connection: connection.execute(sa.insert(KEYS), row).rowcount, again=False)
        return key, secret

    async def known(self) -> Sequence[Key]:
        """All there are, the oldest first, revoked ones too."""
        return await self._rows(sa.select(*COLUMNS).order_by(KEYS.c.created, KEYS.c.id))

    async def revoke(self, id: str) -> bool:
        """Let it open nothing any more. Whether it did."""
        asked = sa.update(KEYS).where(KEYS.c.id == id, KEYS.c.revoked.is_(None)).values(revoked=microseconds())
        self._found.clear()
        return await self._database.write(lambda connection: connection.execute(asked).rowcount) > 0

    async def find(self, secret: str) -> Key | None:
        """The key that a caller shows, when it opens anything; any text may be shown."""
        digest, now = digest_of(secret), self._clock()
        looked_up, key = self._found.get(digest, (-REMEMBERED_S, None))
        if key is None or now - looked_up >= REMEMBERED_S:
            rows = await self._rows(sa.select(*COLUMNS).where(KEYS.c.digest == digest))
            key = rows[0] if rows else None
            if key is not None:
                if len(self._found) >= MOST:
                    self._found.clear()
                self._found[digest] = (now, key)
        if key is None or not key.good(microseconds()):
            return None
        await self._note(key)
        return key

    async def there_are(self) -> bool:
        """Whether any key opens anything."""
        now = microseconds()
        return any(key.good(now) for key in await self.known())

    async def _note(self, key: Key) -> None:
        """Write down that it is used, once a minute."""
        now = self._clock()
        if now - self._noted.get(key.id, -USED_EVERY_S) < USED_EVERY_S:
            return
        self._noted[key.id] = now
        asked = sa.update(KEYS).where(KEYS.c.id == key.id).values(last_used=microseconds())
        with suppress(StoreError):  # a key opens what it may even where nothing can be written
            await self._database.write(lambda connection: connection.execute(asked).rowcount)

    async def _rows(self, asked: sa.Select[Any]) -> Sequence[Key]:  # Any: its columns
        rows = await self._database.read(lambda connection: connection.execute(asked).all())
        return [Key(*row)._replace(scopes=frozenset(row.scopes.split())) for row in rows]


def digest_of(secret: str) -> str:
    """What is kept of a key: SHA-256, as a key is chance enough to need no slower one."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
