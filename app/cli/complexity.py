"""`octet complexity WORDS [--bars N]`: the score first, then its factors."""

from __future__ import annotations

from typing import Final

from app.cli.arguments import Command, Option, clean, read, whole
from app.errors import RequestError
from app.services import complexity
from app.settings import settings
from app.settings.scale import scale

COMMAND: Final = Command(
    "complexity WORDS [--bars N]",
    "Say how hard the harmony is that words ask for, 1-10, and why.",
    (Option("--bars", "bars asked for, 1-512", "N", whole("num_bars")),),
)


def run(arguments: list[str]) -> int:
    """Print the score and why."""
    given = read(COMMAND, arguments)
    if not given.words:
        raise RequestError('which words? octet complexity "sophisticated jazz with altered dominants"')
    found = complexity.estimate(clean(" ".join(given.words)), given.values.get("bars"), scale(settings()))
    print(found.score)
    for factor, weight in found.factors:
        print(f"{weight:+d}  {factor}")
    return 0
