"""Reading a command's arguments: a table of options makes the reader, the help and one-line errors with the nearest option.

Words and options come in any order. (The standard library's parser costs a start as much as writing the music.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple, NoReturn

from app.errors import RequestError

HELP: Final = ("-h", "--help")


class Option(NamedTuple):
    """One option. `value` is what its value is called in the help; "" makes it a switch."""

    names: str  # "-o --output": what it is called, the last one in messages
    about: str
    value: str = ""
    read: Callable[[str], Any] = str  # raises RequestError for what cannot be
    field: str = ""  # what the result calls it; "" for its last name
    repeats: bool = False  # given several times, its values are a list

    @property
    def key(self) -> str:
        """What the result calls it."""
        return self.field or self.names.split()[-1].lstrip("-").replace("-", "_")


class Command(NamedTuple):
    """A command: how it is used, what it does, its options, and examples."""

    usage: str
    about: str
    options: tuple[Option, ...] = ()
    examples: str = ""


class Given(NamedTuple):
    """What was given: words in order, and the values of options by key (True for switches)."""

    words: list[str]
    values: dict[str, Any]


class HelpAsked(Exception):
    """Help was asked for; the message is the help."""


def read(command: Command, arguments: list[str]) -> Given:
    """Sort arguments into words and options. Raises RequestError for what cannot be, HelpAsked for -h."""
    by_name = {name: option for option in command.options for name in option.names.split()}
    given = Given([], {})
    rest = iter(arguments)
    for argument in rest:
        if argument == "--":
            given.words.extend(rest)
        elif not argument.startswith("-") or argument == "-":
            given.words.append(argument)
        elif argument in HELP:
            raise HelpAsked(help_of(command))
        else:
            _take(argument, rest, by_name, given.values)
    return given


def _take(argument: str, rest: Iterator[str], by_name: dict[str, Option], values: dict[str, Any]) -> None:
    """Read one option, with its value from behind `=`, from within (`-oFILE`), or from the argument that follows."""
    name, equals, value = argument.partition("=") if argument.startswith("--") else (argument[:2], argument[2:], argument[2:])
    option = by_name.get(name) or _unknown(argument.partition("=")[0], by_name)
    if not option.value:
        if equals:
            raise RequestError(f"{name}: takes no value")
        values[option.key] = True
        return
    if not equals:
        found = next(rest, None)
        if found is None or found in by_name:
            raise RequestError(f"{name}: {option.value} is missing")
        value = found
    if option.repeats:
        values.setdefault(option.key, []).append(option.read(value))
    else:
        values[option.key] = option.read(value)


def _unknown(name: str, by_name: dict[str, Option]) -> NoReturn:
    from app.services.nearest import did_you_mean

    known = [other for other in by_name if other.startswith("--")]
    raise RequestError(f'unknown option "{name[:40]}": {did_you_mean(name, known)}')


def help_of(command: Command) -> str:
    """The help: usage, what it does, every option in columns, examples."""
    rows = [(f"{', '.join(option.names.split())} {option.value}".strip(), option.about) for option in command.options]
    rows.append((", ".join(HELP), "show this"))
    width = max(len(left) for left, _ in rows) + 2
    lines = [
        f"usage: octet {command.usage}",
        "",
        command.about,
        "",
        "options:",
        *(f"  {left:{width}}{about}" for left, about in rows),
    ]
    return "\n".join([*lines, *(["", "examples:", command.examples] if command.examples else [])])


def clean(text: str) -> str:
    """Text as Unicode proper: bytes of the command line that were no UTF-8, and halves of letters, become U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def decimal(field: str) -> Callable[[str], float]:
    """A reader of a field's numbers. RequestError names the nearest that may be."""

    def read_number(text: str) -> float:
        from app.services.understand_fields import checked_number

        return checked_number(field, text)

    return read_number


def whole(field: str) -> Callable[[str], int]:
    """A reader of a field's whole numbers."""
    read_number = decimal(field)
    return lambda text: int(read_number(text))


def among(name: str, choices: tuple[str, ...]) -> Callable[[str], str]:
    """A reader of one of some words."""

    def read_choice(text: str) -> str:
        if text not in choices:
            from app.services.nearest import did_you_mean

            raise RequestError(f'{name} "{clean(text)[:40]}": {did_you_mean(text, choices)}', name)
        return text

    return read_choice
