"""A provider that says what it is told to: for demonstrations and tests, without a server."""

from __future__ import annotations

from collections.abc import Iterable

from app.errors import ProviderError
from app.llm.config import Limits, ProviderSettings, TierSettings
from app.llm.moment import Moment
from app.llm.types import Call, Prompt, Reply

Line = str | Reply | ProviderError


class Scripted:
    """Gives its `lines` one after another, the last one for ever; a ProviderError among them is raised."""

    def __init__(self, lines: Iterable[Line], model: str = "", seconds: float = 0.0, moment: Moment | None = None) -> None:
        self._lines = list(lines)
        self._model = model
        self._seconds = seconds
        self._moment = moment or Moment()
        self.asked: list[Prompt] = []
        self.at_once = self.most_at_once = 0

    async def complete(self, prompt: Prompt, call: Call) -> Reply:  # noqa: ARG002 - it keeps every bound by itself
        """The next line, after `seconds`."""
        self.asked.append(prompt)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            if self._seconds:
                await self._moment.sleep(self._seconds)
            line = self._lines[min(len(self.asked), len(self._lines)) - 1]
        finally:
            self.at_once -= 1
        if isinstance(line, ProviderError):
            raise ProviderError(str(line), line.kind, line.retry_after)
        if isinstance(line, Reply):
            return line
        return Reply(line, self._model, tokens_in=len(prompt.text) // 4, tokens_out=len(line) // 4)


def from_settings(server: ProviderSettings, tier: TierSettings, limits: Limits) -> Scripted:  # noqa: ARG001
    """The provider of kind `scripted`: `[providers.<name>.options] lines = [...]`."""
    return Scripted([str(line) for line in server.options.get("lines", ())] or [""], tier.model)
