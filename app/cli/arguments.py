"""Reading a command's arguments: words and options in any order, and one-line errors that name the nearest option."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import NoReturn

from app.errors import RequestError


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Help of one width: asking for the terminal's costs every start an import."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=32, width=110)


class Parser(argparse.ArgumentParser):
    """An ArgumentParser that raises RequestError, takes options in full, and leaves words to the command."""

    def __init__(self, usage: str, about: str, epilog: str = "") -> None:
        super().__init__(
            usage=f"octet {usage}",
            description=about,
            epilog=epilog,
            allow_abbrev=False,
            formatter_class=_Formatter,
        )

    def error(self, message: str) -> NoReturn:
        """One line instead of a page of usage."""
        raise RequestError(message.replace("argument ", "", 1))

    def read(self, arguments: list[str]) -> tuple[argparse.Namespace, list[str]]:
        """The options, and the words in order. Raises RequestError for an option that there is not."""
        options, rest = self.parse_known_args(arguments)
        cut = rest.index("--") if "--" in rest else len(rest)
        for word in rest[:cut]:
            if word.startswith("-") and len(word) > 1:
                self._unknown_option(word.partition("=")[0])
        return options, rest[:cut] + rest[cut + 1 :]

    def _unknown_option(self, name: str) -> NoReturn:
        from app.services.nearest import did_you_mean

        raise RequestError(f'unknown option "{name[:40]}": {did_you_mean(name, self._option_string_actions)}')


def clean(text: str) -> str:
    """Text as Unicode proper: bytes of the command line that were no UTF-8 become replacement characters."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def decimal(field: str) -> Callable[[str], float]:
    """A reader of a field's numbers. RequestError names the nearest that may be."""

    def read(text: str) -> float:
        from app.services.understand_fields import checked_number

        return checked_number(field, text)

    return read


def whole(field: str) -> Callable[[str], int]:
    """A reader of a field's whole numbers."""
    read = decimal(field)
    return lambda text: int(read(text))
