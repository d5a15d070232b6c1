"""What the environment holds that models could be asked with: keys by their names, model files, installed libraries."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from types import MappingProxyType
from typing import Final, NamedTuple

from app.settings import KEYS, OTHER_KEYS, Settings

STRANGE_KEYS: Final = ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "OPENROUTER_API_KEY")  # never read; only said to be there
OWN_NAME: Final = MappingProxyType(
    {"GEMINI_API_KEY": KEYS[1], "GOOGLE_API_KEY": KEYS[1], "OPENAI_API_KEY": KEYS[0], "ANTHROPIC_API_KEY": KEYS[2]}
)
LIBRARIES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {  # kind of provider → the library it needs, the extra that brings it
        "ollama": ("ollama", "all"),
        "openai": ("openai", "openai"),
        "gemini": ("google.genai", "gemini"),
        "gemini-legacy": ("google.generativeai", "gemini-legacy"),
        "anthropic": ("anthropic", "anthropic"),
        "embedded": ("xllamacpp", "embedded"),
    }
)
MAGIC: Final = b"GGUF"
MOST_ENTRIES: Final = 2000  # of the folders that are looked through
DEPTH: Final = 3  # LM Studio keeps PUBLISHER/MODEL/FILE


class Key(NamedTuple):
    """A key by the name of its variable; never the key. `used`: Octet spends it."""

    name: str
    used: bool
    own_name: str = ""  # the variable that would give it to Octet


class ModelFile(NamedTuple):
    """A GGUF file that could be loaded here."""

    path: str
    gb: float
    used: bool


def keys(chosen: Settings, variables: Mapping[str, str]) -> tuple[Key, ...]:
    """The keys that there are."""
    spent = chosen.allow_paid is not False
    named = [
        str(row["key_env"])
        for row in chosen.file.get("providers", {}).values()
        if isinstance(row, Mapping) and row.get("key_env")
    ]
    found = [Key(name, spent) for name in dict.fromkeys((*KEYS, *named)) if variables.get(name)]
    found += [Key(name, spent, OWN_NAME[name]) for name in OTHER_KEYS if variables.get(name) and name not in named]
    found += [Key(name, False, OWN_NAME.get(name, "")) for name in STRANGE_KEYS if variables.get(name) and name not in named]
    return tuple(found)


def model_files(chosen: Settings, variables: Mapping[str, str]) -> tuple[ModelFile, ...]:
    """GGUF files: the one that is configured, and those in the folders where programs keep them."""
    own = chosen.variables.get("OCTET_GGUF", "")
    home = variables.get("HOME", "")
    folders = [os.path.join(chosen.data_folder, "models")] if chosen.data_folder else []
    folders += [os.path.join(home, *path) for path in ((".lmstudio", "models"), (".cache", "llama.cpp"))] if home else []
    there = [path for folder in folders for path in _ggufs(folder)]
    found = [_file(path, own) for path in dict.fromkeys((*([own] if own else []), *there))]
    return tuple(one for one in found if one is not None)


def _file(path: str, own: str) -> ModelFile | None:
    try:
        with open(path, "rb") as file:
            real = file.read(4) == MAGIC
        return ModelFile(path, round(os.stat(path).st_size / 1e9, 2), path == own) if real else None
    except OSError:
        return None


def _ggufs(folder: str) -> Iterator[str]:
    """The files of that kind below a folder, not deep and not many."""
    left = MOST_ENTRIES
    for place, below, names in os.walk(folder):
        left -= len(names) + len(below)
        if left < 0:
            return
        if place[len(folder) :].count(os.sep) >= DEPTH:
            below.clear()
        yield from (os.path.join(place, name) for name in sorted(names) if name.endswith(".gguf") and "mmproj" not in name)


def lacking(kind: str) -> str:
    """How to install the library that a kind of provider needs, "" where it is there or needs none."""
    library, extra = LIBRARIES.get(kind, ("", ""))
    if not library or _there(library):
        return ""
    return f"pip install 'octet-music[{extra}]'"


def _there(library: str) -> bool:
    try:
        return find_spec(library) is not None
    except ModuleNotFoundError:
        return False
