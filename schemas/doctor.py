"""What the doctor answers: servers, keys, the machine, where requests would go, tests, and the next steps."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

Status = Literal["ready", "rules", "trouble"]


class _Answer(BaseModel):
    model_config = ConfigDict(extra="allow", frozen=True)  # a later version may say more


class ServerModel(_Answer):
    """A model of a server; `up_to` is the highest complexity it is good for."""

    name: str
    up_to: int
    known: bool
    loaded: bool


class ServerSeen(_Answer):
    """An address that was looked at; `why` says what is wrong where no server is found."""

    url: str
    provider: str
    server: str
    kind: str
    models: tuple[ServerModel, ...]
    why: str


class KeySeen(_Answer):
    """A key by the name of its variable, never the key."""

    name: str
    used: bool
    own_name: str


class MachineAbout(_Answer):
    """Gigabytes of 10⁹ bytes; `models_gb` is what models may take."""

    memory_gb: float
    available_gb: float
    cores: int
    device: str
    graphics: str
    graphics_gb: float
    models_gb: float


class RouteAbout(_Answer):
    """Who would be asked for a complexity, in order."""

    complexity: int
    route: tuple[str, ...]


class ModelTest(_Answer):
    """How one model did; `outcome` is answered, not asked, rejected, or a kind of fault."""

    label: str
    provider: str
    model: str
    local: bool
    outcome: str
    reason: str
    latency_ms: float
    tokens_out: int
    tokens_a_second: float | None
    cost_usd: float | None


class NextStep(_Answer):
    """What to do, and the commands that do it."""

    text: str
    commands: tuple[str, ...]


class ModelTests(_Answer):
    """The answers to a tiny question."""

    status: Status
    tests: tuple[ModelTest, ...]


class DoctorAnswer(ModelTests):
    """All that was found."""

    servers: tuple[ServerSeen, ...]
    keys: tuple[KeySeen, ...]
    machine: MachineAbout
    routes: tuple[RouteAbout, ...]
    next_steps: tuple[NextStep, ...]
