"""Every setting, read once into one frozen value: the only place that reads environment variables and the settings file.

What models need is in `app.settings.models`, so that a request by rule reads none of it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple

from app.errors import RequestError
from app.services.runtime import STRATEGIES

CONFIG: Final = "OCTET_CONFIG"
SERVERS: Final = ("OCTET_OLLAMA_URL", "OCTET_OPENAI_URL", "OCTET_GEMINI_URL", "OCTET_GGUF")  # where models are
KEYS: Final = ("OCTET_OPENAI_API_KEY", "OCTET_GEMINI_API_KEY", "OCTET_ANTHROPIC_API_KEY")  # meant for Octet itself
OTHER_KEYS: Final = ("GEMINI_API_KEY", "GOOGLE_API_KEY")  # read too, but nobody has said that Octet may spend them
TERMS: Final = ("OCTET_ALLOW_PAID", "OCTET_BUDGET_DAY_USD", "OCTET_DEADLINE_MS", "OCTET_OPENAI_MODEL", "OCTET_LOOK")
TABLES: Final = ("providers", "tiers", "matrix", "bands", "limits", "prices", "budget", "service", "complexity")
SERVING: Final = (
    "require_keys", "hosts", "connections", "per_minute", "burst", "limit_local", "key_day_usd", "key_month_usd", "log",
    "log_prompts", "workers", "processes", "waiting", "asking", "database_url", "files_url", "keep_days",
)  # fmt: skip  # of the service: variables OCTET_<NAME>, and names in the file's table [service]
TRACES: Final = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_SERVICE_NAME")  # where traces go, and as whose
FLAGS: Final[Mapping[str, bool]] = MappingProxyType(
    {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
)
PLAIN: Final = ("strategy", "data_dir", "allow_paid", "look")
AllowPaid = bool | Literal["ask"]
PAID: Final[Mapping[str, AllowPaid]] = MappingProxyType({**FLAGS, "ask": "ask"})
NO_FILE: Final[Mapping[str, Any]] = MappingProxyType({})


class Variables(dict[str, str]):
    """Variables of the environment; keys are among them, so only their names are ever shown."""

    def __repr__(self) -> str:
        return f"Variables({', '.join(sorted(self))})"


class Settings(NamedTuple):
    """What a person has set; the defaults need nothing."""

    strategy: str = "hybrid"  # OCTET_STRATEGY: how requests are routed that name no strategy
    data_dir: str = ""  # OCTET_DATA_DIR: where Octet keeps what it keeps; "" for the user's own folders
    cache_folder: str = ""  # what can be made anew: in data_dir, else in the user's cache folder
    data_folder: str = ""  # what is kept: data_dir, else the user's data folder
    variables: Mapping[str, str] = Variables()  # those that say something of models or the service
    file: Mapping[str, Any] = NO_FILE  # the settings file, parsed  (Any: TOML)
    path: str = ""  # where it lies
    origins: tuple[str, ...] = ()  # OCTET_CORS_ORIGINS: web pages that may read the service's answers

    @property
    def has_models(self) -> bool:
        """Whether anything is said of models that may be asked: a server, a key for Octet, or a provider in the file."""
        said = any(self.variables.get(name) for name in (*SERVERS, *KEYS)) or bool(self.file.get("providers"))
        return said or (self.allow_paid is not False and any(self.variables.get(name) for name in OTHER_KEYS))

    @property
    def names_local(self) -> bool:
        """Whether it is said where models are on this machine or in the house; else they are looked for."""
        said = any(self.variables.get(name) for name in ("OCTET_OLLAMA_URL", "OCTET_OPENAI_URL", "OCTET_GGUF"))
        return said or bool(self.file.get("providers") or self.file.get("tiers"))

    @property
    def names_no_model(self) -> bool:
        """Whether a server is named by variables alone that is asked by a model's name, and the name is not said."""
        said = self.variables.get("OCTET_OPENAI_URL") and not self.variables.get("OCTET_OPENAI_MODEL")
        return bool(said) and not (self.file.get("providers") or self.file.get("tiers"))

    @property
    def allow_paid(self) -> AllowPaid:
        """Whether models may cost money, or "ask": as said, else whether a key was given to Octet itself."""
        said = self.variables.get("OCTET_ALLOW_PAID") or self.file.get("allow_paid")
        if said is None:
            named = any(isinstance(row, Mapping) and row.get("key_env") for row in self.file.get("providers", {}).values())
            return named or any(self.variables.get(name) for name in KEYS)
        paid = PAID.get(str(said).lower())
        if paid is None:
            raise RequestError(f'OCTET_ALLOW_PAID "{str(said)[:20]}": true, false or ask', "allow_paid")
        return paid


def settings(variables: Mapping[str, str] | None = None) -> Settings:
    """The settings of the environment, or of other `variables`. Raises RequestError for a value that is none."""
    given = os.environ if variables is None else variables
    path = given.get(CONFIG, usual_file(given))
    file = _file(path) if path else NO_FILE
    strategy = given.get("OCTET_STRATEGY", "") or str(file.get("strategy", "")) or "hybrid"
    if strategy not in STRATEGIES:
        raise RequestError(f'OCTET_STRATEGY "{strategy[:40]}": choose one of {", ".join(STRATEGIES)}', "strategy")
    data_dir = given.get("OCTET_DATA_DIR", "") or str(file.get("data_dir", ""))
    return Settings(
        strategy,
        data_dir,
        os.path.join(data_dir, "cache") if data_dir else _user_folder(given, "XDG_CACHE_HOME", ".cache"),
        data_dir or _user_folder(given, "XDG_DATA_HOME", os.path.join(".local", "share")),
        Variables({name: given[name] for name in _about_models(file) if given.get(name)}),
        file,
        path,
        _origins(given.get("OCTET_CORS_ORIGINS", "")),
    )


def usual_file(variables: Mapping[str, str]) -> str:
    """The settings file where no variable names one: that of `octet setup`, "" when there is none."""
    path = place_of_file(variables)
    return path if path and os.path.isfile(path) else ""


def place_of_file(variables: Mapping[str, str]) -> str:
    """Where the settings file lies that nobody names; "" when there is no home for it."""
    base = variables.get("XDG_CONFIG_HOME") or variables.get("APPDATA") or os.path.join(variables.get("HOME", ""), ".config")
    return os.path.join(base, "octet", "octet.toml") if os.path.isabs(base) else ""


def _origins(text: str) -> tuple[str, ...]:
    """Origins between commas. Raises RequestError for what is none."""
    found = tuple(origin.strip().rstrip("/") for origin in text.split(",") if origin.strip())
    for origin in found:
        scheme, mark, host = origin.partition("://")
        if scheme not in ("http", "https") or not mark or not host or set(host) & set("/*? "):
            raise RequestError(
                f'OCTET_CORS_ORIGINS "{origin[:60]}": write origins like https://app.example, between commas', "origins"
            )
    return found


def _about_models(file: Mapping[str, Any]) -> list[str]:
    """The variables that models and the service need, those that the file names as keys included."""
    providers = file.get("providers", {})
    rows = providers.values() if isinstance(providers, Mapping) else ()
    named = [str(row["key_env"]) for row in rows if isinstance(row, Mapping) and row.get("key_env")]
    return [*SERVERS, *KEYS, *OTHER_KEYS, *TERMS, *TRACES, *named, *(f"OCTET_{name.upper()}" for name in SERVING)]


def _file(path: str) -> Mapping[str, Any]:
    """The settings file. Raises RequestError that names file and line for what cannot be read, or the nearest name."""
    import tomllib

    from app.services.nearest import did_you_mean

    try:
        with open(path, "rb") as file:
            found = tomllib.load(file)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise RequestError(f'{CONFIG} "{path}": {reason}', "config") from None
    known = (*PLAIN, *TABLES)
    for name in found:
        if name not in known:
            raise RequestError(f'{path}: unknown setting "{name[:40]}": {did_you_mean(name, known)}', "config")
    return found


def _user_folder(variables: Mapping[str, str], name: str, below_home: str) -> str:
    """The folder that the desktop conventions give; "" when there is no home to keep anything in."""
    base = variables.get(name) or variables.get("LOCALAPPDATA", "")
    if not os.path.isabs(base):
        home = os.path.expanduser("~")
        base = os.path.join(home, below_home) if os.path.isabs(home) else ""
    return os.path.join(base, "octet") if base else ""
