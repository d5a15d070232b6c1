"""Routing and models: requests sent where they belong, a simulated mix, what we add to a call, and two hundred at once.

Options: `--requests N --seed N`, `--shares Q S C` and the pass rates `--small|--large|--cloud|--rules Q S C` (quick, standard,
critical) of the simulated mix; `--only routing|mix|overhead|crowd` for one table.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Final

from benchmarks import _models_crowd, _models_mix, _models_overhead
from tests.services.described import BAND_SCORES, DESCRIBED, IN_OTHER_WORDS, Described
from tests.services.held_out import HELD_OUT
from tests.services.test_described import TIER_OF, first_asked, misses

LISTS: Final = (("in the words of players", DESCRIBED), ("in other words", IN_OTHER_WORDS), ("held out", HELD_OUT))
TABLES: Final = ("routing", "mix", "overhead", "crowd")
BY_BAND: Final = ("shares", "small", "large", "cloud", "rules")


def main(options: Sequence[str] = ()) -> None:
    """Print every table, or the one asked for."""
    parser = argparse.ArgumentParser(prog="models")
    parser.add_argument("--only", choices=TABLES)
    for name in ("requests", "seed"):
        parser.add_argument(f"--{name}", type=int)
    for name in BY_BAND:
        parser.add_argument(f"--{name}", type=float, nargs=3)
    asked = vars(parser.parse_args(options))
    only = asked.pop("only")
    mix = _models_mix.Mix()._replace(**{
        name: tuple(value) if isinstance(value, list) else value for name, value in asked.items() if value is not None
    })  # fmt: skip
    work = (_routing, lambda: _models_mix.report(mix), _models_overhead.report, _models_crowd.report)
    for name, table in zip(TABLES, work, strict=True):
        if only in (None, name):
            print(f"\n-- {name}")
            table()


def _routing() -> None:
    """Print the share of each list that reaches the tier it is labelled with, by band, and the misses."""
    print(f"{'labelled list':<26}{'rows':>6}{'as labelled':>13}" + "".join(f"{band:>11}" for band in BAND_SCORES))
    for name, rows in (*LISTS, ("all", (*DESCRIBED, *IN_OTHER_WORDS, *HELD_OUT))):
        shares = (_share([row for row in rows if row.band == band]) for band in BAND_SCORES)
        print(f"{name:<26}{len(rows):>6}{_share(rows):>13.1%}{''.join(f'{share:>11.1%}' for share in shares)}")
    for name, rows in LISTS:
        print(f"\nsent elsewhere, {name}:")
        for line in misses(rows):
            print(f"  {line}")


def _share(rows: Sequence[Described]) -> float:
    return sum(first_asked(row) == TIER_OF[row.band] for row in rows) / len(rows)


if __name__ == "__main__":
    main()
