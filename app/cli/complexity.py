"""`octet complexity WORDS [--bars N]`: the score first, then its factors."""

from __future__ import annotations

from app.cli.arguments import Parser, clean, whole
from app.errors import RequestError
from app.services import complexity


def run(arguments: list[str]) -> int:
    """Print the score and why."""
    parser = Parser("complexity WORDS [--bars N]", "Say how hard the harmony is that words ask for, 1-10, and why.")
    parser.add_argument("--bars", type=whole("num_bars"), default=0, metavar="N", help="bars asked for, 1-512")
    options, words = parser.read(arguments)
    if not words:
        raise RequestError('which words? octet complexity "sophisticated jazz with altered dominants"')
    found = complexity.estimate(clean(" ".join(words)), options.bars)
    print(found.score)
    for factor, weight in found.factors:
        print(f"{weight:+d}  {factor}")
    return 0
