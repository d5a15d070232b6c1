"""What is known of models: which tier each is good for, what memory it needs, and what a request takes. The table is data."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, Final, NamedTuple

SMALL_UP_TO, LARGE_UP_TO = 4, 7  # complexities of the two local tiers
LARGE_FROM_BILLIONS: Final = 8.0  # parameters of a model that is not known
CONTEXT: Final = 8192  # tokens that are asked of a server unless a tier says otherwise
OVERHEAD_GB: Final = 0.4  # buffers of an engine
SIZE: Final = re.compile(r"(\d+(?:\.\d+)?)b(?![a-z0-9])")
FILE: Final = os.path.join(os.path.dirname(os.path.abspath(__file__)), "known_models.toml")


class Known(NamedTuple):
    """One model of the table; its fields are said there."""

    name: str
    tag: str
    match: tuple[str, ...]
    billions: float
    gb: float
    quantisation: str
    cache_kb: float
    up_to: int
    active: float = 0.0  # billions of parameters that a token passes; 0: all


class Device(NamedTuple):
    """A class of hardware that models run on; its fields are said in the table."""

    kind: str
    name: str
    gb_a_second: float
    reads: float


class Table(NamedTuple):
    """The whole file."""

    models: tuple[Known, ...]
    bits: Mapping[str, float]
    devices: Mapping[str, Device]
    request: tuple[int, int]  # tokens in, tokens out


@cache
def table() -> Table:
    """The models that are known, preferred ones first."""
    with open(FILE, "rb") as file:
        read: dict[str, Any] = tomllib.load(file)
    models = tuple(Known(**{**row, "match": tuple(row["match"])}) for row in read["models"])
    devices = {row["kind"]: Device(**row) for row in read["devices"]}
    asked = read["request"]
    return Table(models, MappingProxyType(read["bits"]), MappingProxyType(devices), (asked["tokens_in"], asked["tokens_out"]))


def known_as(name: str) -> Known | None:
    """The model that a server's name for it means: tags, folders, quantisations and spelling aside. None for a stranger."""
    plain = re.sub(r"[^a-z0-9]", "", name.replace("\\", "/").rpartition("/")[2].lower().removesuffix(":latest"))
    fitting = [(len(match), model) for model in table().models for match in model.match if match in plain]
    return max(fitting, key=lambda row: row[0])[1] if fitting else None


def up_to_of(name: str) -> int:
    """The highest complexity a model is good for: of the table, else by the size in its name; 7 for one that tells nothing."""
    known = known_as(name)
    if known is not None:
        return known.up_to
    sizes = [float(size) for size in SIZE.findall(name.lower())]
    return SMALL_UP_TO if sizes and max(sizes) < LARGE_FROM_BILLIONS else LARGE_UP_TO


def rank(name: str) -> int:
    """Its place in the table, from 0; after all of them for a stranger."""
    known, models = known_as(name), table().models
    return models.index(known) if known is not None else len(models)


def needed_gb(model: Known, context: int = CONTEXT, quantisation: str = "") -> float:
    """Gigabytes of memory for the model in this quantisation ("": its default one) with so many tokens of context."""
    bits = table().bits
    weights = model.gb * bits[quantisation or model.quantisation] / bits[model.quantisation]
    return round(weights + context * model.cache_kb / 1e6 + OVERHEAD_GB, 1)


def seconds_of(model: Known, kind: str) -> float:
    """About how long a request of eight bars takes on this kind of device, once the model is loaded."""
    device, (tokens_in, tokens_out) = table().devices[kind], table().request
    read_gb = model.gb * (model.active / model.billions if model.active else 1.0)
    rate = device.gb_a_second / read_gb
    return round(tokens_out / rate + tokens_in / (rate * device.reads), 1)
