"""Judged answers kept in this process, and the key under which any memory keeps them."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Sequence
from hashlib import sha256

from app.llm.types import Prompt, Remembered


def key_of(prompt: Prompt, asked: Sequence[str]) -> str:
    """The name of a question: the whole prompt, its seed, and the models that may be `asked`."""
    whole = json.dumps([*prompt, *asked], sort_keys=True, separators=(",", ":"), default=dict)
    return sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


class RecentMemory:
    """The last `most` answers, in this process alone."""

    def __init__(self, most: int = 512) -> None:
        self._most = most
        self._kept: OrderedDict[str, Remembered] = OrderedDict()

    async def recall(self, key: str) -> Remembered | None:
        """What was kept under this key."""
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)

    async def remember(self, key: str, answer: Remembered) -> None:
        """Keep it, and drop the one that was longest not asked for."""
        self._kept[key] = answer
        self._kept.move_to_end(key)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)

    async def forget(self, key: str) -> None:
        """Drop it."""
        self._kept.pop(key, None)
