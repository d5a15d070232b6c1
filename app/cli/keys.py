"""`octet keys`: who may use the service from elsewhere. A key is shown once; what is kept of it cannot be turned back into it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from app.cli.arguments import Command, Given, Option, clean, read
from app.errors import RequestError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.store.keys import Key, Keys, Terms

TAKES: Final = {"create": "one NAME", "list": "no name", "revoke": "one ID"}
TIMES: Final = ("created", "expires", "last_used", "revoked")
LEAST: Final = 6  # characters of an id that say which
DAY: Final = 86_400 * 1_000_000  # microseconds


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < 1e9:
        raise RequestError(f'"{clean(text)[:20]}": a number from 0 on')
    return value


COMMAND: Final = Command(
    "keys create NAME [options] | octet keys list [--json] | octet keys revoke ID",
    "Make a key for the service, list all there are, or let one open nothing any more. What a key makes belongs to its NAME,\n"
    "so that a second key of the same NAME can take the place of the first.",
    (
        Option("--scope", "what it may do (repeat it for more); else generate and read", "SCOPE", clean, "scopes", repeats=True),
        Option("--rate", "requests a minute, else as the service has it", "N", _number),
        Option("--burst", "requests at once", "N", _number),
        Option("--budget-day", "what its requests may cost a day", "USD", _number),
        Option("--budget-month", "what its requests may cost a month", "USD", _number),
        Option("--expires-days", "when it ends", "N", _number),
        Option("--json", "print JSON"),
    ),
    "  octet keys create studio --scope generate --scope read --budget-day 0.50\n  octet keys revoke 01a1fe98",
)


def run(arguments: list[str]) -> int:
    """Make, list or revoke. Returns the exit status."""
    import asyncio

    given = read(COMMAND, arguments)
    word, *names = [clean(name) for name in given.words] or [""]
    if word not in TAKES:
        from app.services.nearest import did_you_mean

        raise RequestError(f'keys "{word[:20]}": {did_you_mean(word, TAKES)}')
    if len(names) != (word != "list"):
        raise RequestError(f"octet keys {word} takes {TAKES[word]}")
    return asyncio.run(_done(word, "".join(names), given))


async def _done(word: str, name: str, given: Given) -> int:
    from app.settings import settings
    from app.settings.keeping import keeping_settings
    from app.store.keys import Keys
    from app.wiring import databases

    _, database = databases(keeping_settings(settings()))
    keys = Keys(database)
    try:
        if word == "create":
            await _create(keys, name, given.values)
        elif word == "list":
            _print(await keys.known(), as_json="json" in given.values)
        else:
            await _revoke(keys, name)
    finally:
        database.close()
    return 0


async def _create(keys: Keys, owner: str, values: dict[str, Any]) -> None:  # Any: values of options
    key, secret = await keys.create(owner, _terms(values))
    if "json" in values:
        import json

        print(json.dumps(_shown(key) | {"key": secret}))
        return
    print(secret)
    _say(f"shown this once: keep it. {key.owner}, id {key.id}, may {', '.join(sorted(key.scopes))}")


def _say(line: str) -> None:
    """Beside standard output, which has the key alone."""
    import sys

    print(line, file=sys.stderr)


def _terms(values: dict[str, Any]) -> Terms:  # Any: values of options
    """Raises RequestError for a scope that is none."""
    from app.api.caller import SCOPES, USUAL
    from app.services.nearest import did_you_mean
    from app.store.keys import Terms
    from app.store.record import microseconds

    scopes = values.get("scopes", USUAL)
    for scope in scopes:
        if scope not in SCOPES:
            raise RequestError(f'scope "{scope[:40]}": {did_you_mean(scope, tuple(SCOPES))}', "scope")
    burst, days = values.get("burst"), values.get("expires_days")
    return Terms(
        scopes,
        values.get("rate"),
        None if burst is None else int(burst),
        values.get("budget_day"),
        values.get("budget_month"),
        None if days is None else microseconds() + int(days * DAY),
    )


async def _revoke(keys: Keys, name: str) -> None:
    """By the id or its beginning, or by what the key begins with. Raises RequestError where that is none, or several."""
    good = [key for key in await keys.known() if key.revoked is None]
    found = [key for key in good if len(name) >= LEAST and name in (key.id[: len(name)], key.prefix)]
    if len(found) != 1:
        which = (
            "several keys begin so: say the whole id" if found else "no key that is not revoked has this id: see octet keys list"
        )
        raise RequestError(f'"{name[:40]}": {which}', "id")
    await keys.revoke(found[0].id)
    print(f"revoked {found[0].prefix}… of {found[0].owner}; a running service knows within a second")


def _print(found: Sequence[Key], *, as_json: bool) -> None:
    if as_json:
        import json

        print(json.dumps({"keys": [_shown(key) for key in found]}))
        return
    if not found:
        print("no keys: octet keys create NAME makes one")
    for key in found:
        row = _shown(key)
        times = [f"{name.replace('_', ' ')} {row[name]}" for name in TIMES if row[name]]
        print(f"{key.id}  {key.prefix}…  {key.owner}  {' '.join(row['scopes'])}  {', '.join(times)}")


def _shown(key: Key) -> dict[str, Any]:  # Any: as JSON
    """A key as a person reads it."""
    from app.services.record import moment

    shown = {name: value and moment(value) for name, value in key._asdict().items() if name in TIMES}
    return key._asdict() | {"scopes": sorted(key.scopes)} | shown
