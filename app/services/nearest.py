"""The nearest valid choice to what was written, for the one line that an error is."""

from __future__ import annotations

from collections.abc import Iterable


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """`did you mean jazz?`, or the whole list when nothing is near."""
    from difflib import get_close_matches

    known = list(choices)
    near = get_close_matches(word[:60], known, n=1, cutoff=0.65)
    return f"did you mean {near[0]}?" if near else f"choose one of {', '.join(known) or '(none is installed)'}"
