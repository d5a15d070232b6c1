"""Keys: held so that no print, log line or traceback shows them."""

from __future__ import annotations

from typing import Final

STRUCK: Final = "•••"


class Secret:
    """A key that is shown only when asked to reveal itself."""

    __slots__ = ("_text",)

    def __init__(self, text: str = "") -> None:
        self._text = text

    def reveal(self) -> str:
        """The key itself: for the header of a request, nothing else."""
        return self._text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __repr__(self) -> str:
        return STRUCK if self._text else "none"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __reduce__(self) -> str:
        raise TypeError("a secret is not pickled")
