"""The texts that models are asked with, one Markdown file each: found by name, filled in, named by a hash."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256
from typing import Final

NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}(/[a-z][a-z0-9_]{0,39})?\Z")
PLACE: Final = re.compile(r"\{\{(\w+)\}\}")
FOLDER: Final = os.path.dirname(os.path.abspath(__file__))


@lru_cache(maxsize=128)
def template(name: str) -> str:
    """The text of `<name>.md`: "system", "genres/jazz". Raises LookupError when there is none."""
    try:
        if NAME.match(name):
            with open(os.path.join(FOLDER, f"{name}.md"), encoding="utf-8") as file:
                return file.read().strip()
    except FileNotFoundError:
        pass
    raise LookupError(f'no prompt is called "{name[:80]}"')


def filled(text: str, **words: object) -> str:
    """The text with each `{{name}}` replaced, in one pass. Raises KeyError for a name not given."""
    return PLACE.sub(lambda found: str(words[found[1]]), text)


def version(texts: Iterable[str]) -> str:
    """A short name of these texts: another one as soon as any of them changes."""
    return sha256("\0".join(texts).encode()).hexdigest()[:12]
