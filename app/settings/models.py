"""The settings of models: providers, tiers, matrix, limits, prices and budgets, from variables and the settings file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, TypeVar

from app.errors import RequestError
from app.llm.config import BANDS, MATRIX, Budget, Limits, LLMSettings, MatrixRow, Price, Prices, ProviderSettings, TierSettings
from app.llm.look import Found
from app.llm.secret import Secret
from app.services.nearest import did_you_mean
from app.settings import KEYS, OTHER_KEYS, SERVERS, Settings
from app.settings.tiers import default_tiers

Table = Mapping[str, Any]  # parsed TOML: `_made` checks it
Row = TypeVar("Row", bound=tuple[Any, ...])

TYPES: Final[Mapping[str, Callable[[Any], bool]]] = MappingProxyType(
    {  # as a field of a value is annotated → whether TOML gave such a thing
        "str": lambda value: isinstance(value, str),
        "bool": lambda value: isinstance(value, bool),
        "int": lambda value: isinstance(value, int) and not isinstance(value, bool),
        "float": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
        "tuple[str, ...]": lambda value: isinstance(value, list) and all(isinstance(item, str) for item in value),
        "Mapping[str, Any]": lambda value: isinstance(value, Mapping),
    }
)
NAMES: Final = MappingProxyType(
    {"str": "a text", "bool": "true or false", "int": "a whole number", "float": "a number", "tuple[str, ...]": "a list of texts"}
)


def llm_settings(chosen: Settings, found: Sequence[Found] = ()) -> LLMSettings:
    """All that the model layer is told. `found` are servers that were looked for. Raises RequestError with file and name."""
    providers = _providers(chosen, found)
    file = chosen.file
    tiers = tuple(_made(TierSettings, row, f"{chosen.path}: tiers") for row in _rows(file, "tiers", chosen.path))
    tiers = tiers or default_tiers(providers, chosen, found)
    return LLMSettings(
        providers,
        tiers,
        _matrix(chosen, tuple(tier.label for tier in tiers)),
        _bands(chosen),
        chosen.strategy,
        chosen.allow_paid,
        _budget(chosen),
        _limits(chosen),
        _prices(chosen),
    )


def providers_of(chosen: Settings) -> tuple[ProviderSettings, ...]:
    """The servers that are configured. Raises RequestError."""
    return _providers(chosen, ())


def _providers(chosen: Settings, found: Sequence[Found]) -> tuple[ProviderSettings, ...]:
    """Those of the file, those of the variables, those that were found; a name belongs to the first."""
    rows = chosen.file.get("providers", {})
    if not isinstance(rows, Mapping) or not all(isinstance(row, Mapping) for row in rows.values()):
        raise RequestError(f"{chosen.path}: providers: write [providers.NAME] tables", "config")
    made = {name: _provider(name, row, chosen) for name, row in rows.items()}
    for provider in _of_variables(chosen.variables):
        made.setdefault(provider.name, provider)
    for server in found:
        if server.models and all(provider.url.rstrip("/").removesuffix("/v1") != server.url for provider in made.values()):
            name = server.kind if server.kind not in made else _free_name(server, made)
            made[name] = ProviderSettings(name, server.kind, server.url)
    return tuple(made.values())


def _free_name(server: Found, taken: Mapping[str, ProviderSettings]) -> str:
    """A name for a second server of a kind: its own, or with its port."""
    name = server.server.lower().replace(" ", "-").replace(".", "-").replace("_", "-")
    return name if name not in taken else f"{name}-{server.url.rpartition(':')[2]}"


def _provider(name: str, row: Table, chosen: Settings) -> ProviderSettings:
    where = f"{chosen.path}: providers.{name}"
    if "key" in row:
        raise RequestError(f"{where}: keys do not belong in a file; say key_env, the variable that holds it", "config")
    key = Secret(chosen.variables.get(str(row.get("key_env", "")), ""))
    fields = {field: value for field, value in row.items() if field != "key_env"}
    made = _made(ProviderSettings, {"name": name, "kind": name, **fields}, where)
    return made._replace(key=key or _default_key(made.kind, chosen.variables))


def _default_key(kind: str, variables: Mapping[str, str]) -> Secret:
    """The key that variables hold for a kind of provider."""
    names = {"openai": KEYS[:1], "gemini": (KEYS[1], *OTHER_KEYS), "anthropic": KEYS[2:]}.get(kind.removesuffix("-legacy"), ())
    return Secret(next((variables[name] for name in names if variables.get(name)), ""))


def _of_variables(variables: Mapping[str, str]) -> list[ProviderSettings]:
    made = []
    for kind, url in zip(("ollama", "openai", "gemini", "anthropic"), (*SERVERS[:3], ""), strict=True):
        key = _default_key(kind, variables)
        if variables.get(url) or key:
            made.append(ProviderSettings(kind, kind, variables.get(url, ""), key))
    if variables.get("OCTET_GGUF"):
        made.append(ProviderSettings("embedded", "embedded", path=variables["OCTET_GGUF"]))
    return made


def _matrix(chosen: Settings, labels: tuple[str, ...]) -> tuple[MatrixRow, ...]:
    """The default rows, those of the file in the place of theirs."""
    where = f"{chosen.path}: matrix"
    own = [_made(MatrixRow, row, where) for row in _rows(chosen.file, "matrix", chosen.path)]
    bands = _bands(chosen)
    for row in own:
        if row.band not in bands:
            raise RequestError(f'{where}: band "{row.band[:40]}": {did_you_mean(row.band, tuple(bands))}', "config")
        if row.end not in ("rules", "review"):
            raise RequestError(f'{where}: end "{row.end[:40]}": rules or review', "config")
        _known(row.chain, labels, f"{where}: chain")
        _known((row.checker,), ("", "same", "next", *labels), f"{where}: checker")
        if row.checks:
            from app.services.judging import CHECKS

            _known(row.checks, tuple(CHECKS), f"{where}: checks")
    named = {(row.task, row.band) for row in own}
    return (*own, *(row for row in MATRIX if (row.task, row.band) not in named))


def _known(names: Sequence[str], known: tuple[str, ...], where: str) -> None:
    """Raises RequestError for the first name that is not known."""
    for name in names:
        if name not in known:
            raise RequestError(f'{where}: "{name[:40]}": {did_you_mean(name, tuple(filter(None, known)))}', "config")


def _bands(chosen: Settings) -> Mapping[str, int]:
    bands = chosen.file.get("bands", BANDS)
    if not isinstance(bands, Mapping) or not all(TYPES["int"](up_to) for up_to in bands.values()):
        raise RequestError(f"{chosen.path}: bands: write NAME = the highest complexity in it", "config")
    return bands


def _budget(chosen: Settings) -> Budget:
    budget = _made(Budget, _table(chosen.file, "budget", chosen.path), f"{chosen.path}: budget")
    day = chosen.variables.get("OCTET_BUDGET_DAY_USD")
    return budget._replace(day_usd=_number("OCTET_BUDGET_DAY_USD", day)) if day else budget


def _limits(chosen: Settings) -> Limits:
    limits = _made(Limits, _table(chosen.file, "limits", chosen.path), f"{chosen.path}: limits")
    deadline = chosen.variables.get("OCTET_DEADLINE_MS")
    return limits._replace(deadline_s=_number("OCTET_DEADLINE_MS", deadline) / 1000) if deadline else limits


def _number(name: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < float("inf"):
        raise RequestError(f'{name} "{text[:20]}": must be a number from 0 on', name.lower())
    return value


def _prices(chosen: Settings) -> Prices:
    table = _table(chosen.file, "prices", chosen.path)
    where = f"{chosen.path}: prices"
    rows = {name: row for name, row in table.items() if isinstance(row, Mapping)}
    rest = {name: row for name, row in table.items() if name not in rows}
    prices = _made(Prices, rest, where)
    return prices._replace(table=MappingProxyType({name: _made(Price, row, f"{where}.{name}") for name, row in rows.items()}))


def _table(file: Table, name: str, path: str) -> Table:
    found = file.get(name, {})
    if not isinstance(found, Mapping):
        raise RequestError(f"{path}: {name}: write a [{name}] table", "config")
    return found


def _rows(file: Table, name: str, path: str) -> list[Table]:
    found = file.get(name, [])
    if not isinstance(found, list) or not all(isinstance(row, Mapping) for row in found):
        raise RequestError(f"{path}: {name}: write [[{name}]] tables", "config")
    return found


def _made(kind: type[Row], table: Table, where: str) -> Row:
    """The value of a table. Raises RequestError for a name that it has not, a wrong type, or what is missing."""
    annotations, defaults = kind.__annotations__, getattr(kind, "_field_defaults", {})
    fields = {name: str(getattr(kept, "__forward_arg__", kept)).removesuffix(" | None") for name, kept in annotations.items()}
    settable = tuple(name for name, kept in fields.items() if kept in TYPES)
    given = {}
    for name, value in table.items():
        if name not in settable:
            raise RequestError(f'{where}: unknown "{name[:40]}": {did_you_mean(name, settable)}', "config")
        if not TYPES[fields[name]](value):
            raise RequestError(f"{where}: {name}: must be {NAMES.get(fields[name], 'a table')}", "config")
        given[name] = tuple(value) if isinstance(value, list) else value
    missing = [name for name in fields if name not in defaults and name not in given]
    if missing:
        raise RequestError(f"{where}: {missing[0]} is missing", "config")
    return kind(**given)
