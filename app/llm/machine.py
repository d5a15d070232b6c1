"""What this machine has for models: memory, cores, graphics; which known models fit, and the setup that suits it."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from app.llm.known import CONTEXT, LARGE_UP_TO, SMALL_UP_TO, Known, needed_gb, seconds_of, table

GB: Final = 1e9
ASKED_S: Final = 3.0  # a driver that is asleep takes a second or two
SHARE: Final = {"cpu": 0.6, "apple": 0.7, "nvidia": 0.92}  # of the memory that models live in, what they may take
CONTEXTS: Final = (CONTEXT, 4096)  # tokens, the better first; a question and its answer of eight bars take about 3000
SLOWEST_S: Final = 120.0  # a request of eight bars; longer than that nobody waits for chords

Ask = Callable[[Sequence[str]], str]


class Machine(NamedTuple):
    """Gigabytes are of 10⁹ bytes. `device` is what models run on: cpu, apple or nvidia."""

    memory_gb: float
    available_gb: float
    cores: int
    device: str = "cpu"
    graphics: str = ""
    graphics_gb: float = 0.0  # its own memory; with Apple silicon what it shares

    @property
    def models_gb(self) -> float:
        """What models may take of the memory that they live in: the graphics card's, else the machine's."""
        return round((self.graphics_gb if self.device == "nvidia" else self.memory_gb) * SHARE[self.device], 1)


class Fit(NamedTuple):
    """A known model on this machine."""

    name: str
    tag: str
    quantisation: str
    context: int
    needed_gb: float
    fits: bool
    up_to: int
    seconds: float  # about, for a request of eight bars


class Size(NamedTuple):
    """What a known model needs in one quantisation with one context."""

    tag: str
    quantisation: str
    context: int
    needed_gb: float
    fits: bool


class Setup(NamedTuple):
    """What is recommended: a server, models for the tiers, and the commands in their order."""

    server: str
    small: Fit | None
    large: Fit | None
    commands: tuple[str, ...]
    why: str


def machine(ask: Ask | None = None) -> Machine:
    """This machine. `ask` runs a command and returns what it prints, "" when there is no such command."""
    import psutil

    memory = psutil.virtual_memory()
    ask = ask or _printed
    own = Machine(
        round(memory.total / GB, 1), round(memory.available / GB, 1), psutil.cpu_count(logical=False) or os.cpu_count() or 1
    )
    if platform.system() == "Darwin" and platform.machine() == "arm64":
        name = ask(("sysctl", "-n", "machdep.cpu.brand_string")).strip() or "Apple silicon"
        return own._replace(device="apple", graphics=name, graphics_gb=own.memory_gb)
    card = _nvidia(ask(("nvidia-smi", "--query-gpu=name,memory.total", "--format=csv,noheader,nounits")))
    return own._replace(device="nvidia", graphics=card[0], graphics_gb=card[1]) if card else own


def _nvidia(printed: str) -> tuple[str, float] | None:
    """The cards' name and their memory together, of lines such as `NVIDIA L4, 23034` (MiB)."""
    rows = [line.rpartition(",") for line in printed.splitlines() if line.rpartition(",")[2].strip().isdigit()]
    if not rows:
        return None
    size = sum(int(mebibytes) for _, _, mebibytes in rows) * 2**20 / GB
    return (rows[0][0].strip() if len(rows) == 1 else f"{len(rows)} × {rows[0][0].strip()}"), round(size, 1)


def _printed(command: Sequence[str]) -> str:
    program = shutil.which(command[0])
    if program is None:
        return ""
    try:
        ran = subprocess.run([program, *command[1:]], capture_output=True, text=True, timeout=ASKED_S, check=False)
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return ""
    return ran.stdout if ran.returncode == 0 else ""


def fits(own: Machine) -> tuple[Fit, ...]:
    """Every known model on this machine, in its default quantisation with the most context that it has room for."""
    return tuple(_fit(model, own) for model in table().models)


def sizes(own: Machine) -> tuple[Size, ...]:
    """What every known model needs in each quantisation, its own and finer ones, with each context, and whether that is there."""
    bits = table().bits
    return tuple(
        Size(model.tag, name, context, needed_gb(model, context, name), needed_gb(model, context, name) <= own.models_gb)
        for model in table().models
        for name in bits
        if name == model.quantisation or (bits[name] > bits[model.quantisation] and name.startswith(("Q", "F")))
        for context in CONTEXTS
    )


def _fit(model: Known, own: Machine) -> Fit:
    context = next((one for one in CONTEXTS if needed_gb(model, one) <= own.models_gb), 0)
    needed = needed_gb(model, context or CONTEXTS[-1])
    seconds = seconds_of(model, own.device)
    fitting = bool(context) and seconds <= SLOWEST_S
    return Fit(model.name, model.tag, model.quantisation, context or CONTEXTS[-1], needed, fitting, model.up_to, seconds)


def recommended(own: Machine) -> Setup:
    """The server and models that suit this machine: of each tier the first of the table that fits and is quick enough."""
    fitting = [fit for fit in fits(own) if fit.fits]
    small = next((fit for fit in fitting if fit.up_to == SMALL_UP_TO), None)
    large = next((fit for fit in fitting if fit.up_to == LARGE_UP_TO), None)
    if small is None and large is None:
        return Setup("", None, None, ("octet generate jazz",), _too_little(own))
    server = "LM Studio or Ollama" if own.device == "apple" else "Ollama"
    pulls = [f"ollama pull {fit.tag}" for fit in (small, large) if fit is not None]
    return Setup(server, small, large, (*INSTALL[platform.system() == "Darwin"], *pulls, "octet setup"), _why(own, small, large))


INSTALL: Final = (
    ("curl -fsSL https://ollama.com/install.sh | sh", "ollama serve  # in a terminal of its own, unless it runs already"),
    ("brew install ollama", "brew services start ollama"),
)


def _too_little(own: Machine) -> str:
    return f"{own.models_gb:g} GB for models are too little for a local one: Octet answers by rule, or give it a cloud key"


def _why(own: Machine, small: Fit | None, large: Fit | None) -> str:
    place = own.graphics if own.device != "cpu" else "no graphics card that models run on"
    said = [f"{own.memory_gb:g} GB of memory, {place}: models may take {own.models_gb:g} GB"]
    both = small is not None and large is not None
    if both and small and large and small.needed_gb + large.needed_gb > own.models_gb:
        said.append("one model is in memory at a time: changing between the two takes a while")
    if large is None:
        said.append("harder requests go to the small model too, or to a cloud model where a key is set")
    return "; ".join(said)
