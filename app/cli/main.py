"""The door of the command line: finds the command, and turns every error into one line and an exit status."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from types import MappingProxyType
from typing import Final, NoReturn

from app import __version__
from app.cli.arguments import HelpAsked
from app.errors import OctetError, RequestError

COMMANDS: Final = MappingProxyType(
    {  # name → what it does; its module of the same name has `run(arguments) -> int`
        "generate": "make a piece from words and write it as MIDI",
        "regenerate": "make one part of a piece anew from its file",
        "vary": "write variations of a piece from its file",
        "progression": "make chord progressions alone",
        "reharmonize": "offer other chords for the bars of a chart",
        "explain": "say what each chord of a chart or a file is",
        "genres": "list the genres, describe one, or check a genre's files",
        "complexity": "say how hard the harmony is that words ask for, and why",
        "llm": "which models there are, what they were asked, and how they did",
        "doctor": "look for models, test them, and say what to do next",
        "setup": "write a settings file for the models that are there",
        "keys": "make, list and revoke keys for the service",
        "serve": "answer HTTP requests on this machine",
        "lint": "check a MIDI file for what a DAW would trip over",
    }
)
DONE, FAILED, WRONG_REQUEST, INTERRUPTED = 0, 1, 2, 130


def entry() -> NoReturn:
    """What the installed command runs: it lives for an instant, so it hardly collects garbage and leaves without tidying up."""
    gc.set_threshold(100_000)
    status = main()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):
            stream.flush()
    os._exit(status)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line. Returns the exit status: 0 done, 1 could not write or findings, 2 wrong request, 130 interrupted."""
    _print_anything()
    try:
        status = _dispatch(sys.argv[1:] if arguments is None else list(arguments))
        if sys.stdout is not None:
            sys.stdout.flush()
    except HelpAsked as asked:
        print(asked)
        return DONE
    except OctetError as error:
        _complain(" ".join(str(error).split()))
        return WRONG_REQUEST if isinstance(error, RequestError) else FAILED
    except KeyboardInterrupt:
        _complain("interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        _discard_output()
        return FAILED
    except OSError as error:  # a full disk behind standard output
        _discard_output()
        _complain(f"could not write: {error.strerror or error}")
        return FAILED
    return status


def _dispatch(arguments: list[str]) -> int:
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(_overview(), file=sys.stdout if arguments else sys.stderr)
        return DONE if arguments else WRONG_REQUEST
    command, *rest = arguments
    if command in ("--version", "-V", "version"):
        print(f"octet {__version__}")
        return DONE
    if command not in COMMANDS:
        from app.services.nearest import did_you_mean

        raise RequestError(f'unknown command "{command[:40]}": {did_you_mean(command, COMMANDS)}')
    status: int = import_module(f"app.cli.{command}").run(rest)
    return status


def _overview() -> str:
    width = max(map(len, COMMANDS))
    lines = [f"  octet {name:{width}}  {about}" for name, about in COMMANDS.items()]
    example = '  octet generate jazz "smoky late-night ballad in Eb minor, 72 bpm, 32 bars, with brushes" -o ballad.mid'
    return "\n".join(["usage: octet COMMAND ...", "", *lines, "", example, "  octet COMMAND --help says more."])


def _print_anything() -> None:
    """Let no letter that the terminal lacks stop a message."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _complain(message: str) -> None:
    with suppress(OSError):
        print(f"octet: {message}", file=sys.stderr, flush=True)


def _discard_output() -> None:
    """Nobody reads on: what is still buffered must not raise at exit."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
