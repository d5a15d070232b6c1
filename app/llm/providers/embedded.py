"""A GGUF model without any server of one's own: a child process serves it, so that a crash of the engine harms no request."""

from __future__ import annotations

import asyncio
import hashlib
import json
import secrets
import subprocess
import sys
import threading
from importlib.util import find_spec
from pathlib import Path

from app.errors import ProviderError
from app.llm.config import Limits, ProviderSettings, TierSettings
from app.llm.engine import READY
from app.llm.providers.chat import MODES, Chat, question, telling
from app.llm.providers.mapping import fault_of
from app.llm.reading import paced
from app.llm.secret import Secret
from app.llm.types import Call, Prompt, Reply
from app.llm.wire import opened, sdk


class Embedded:
    """One model file. It is loaded when it is first asked, and again after a crash."""

    def __init__(self, server: ProviderSettings, tier: TierSettings, limits: Limits) -> None:
        self._server = server
        self._tier = tier
        self._limits = limits
        self._child: subprocess.Popen[bytes] | None = None
        self._url = self._key = ""
        self._starting = threading.Lock()

    async def complete(self, prompt: Prompt, call: Call) -> Reply:
        """The whole answer. Raises ProviderError."""
        if not await self.loaded():
            await self.warm()
        chat = Chat("", call)
        body = question(prompt, self._tier.model or "model", MODES[0])
        try:
            http = sdk("httpx", "all")
            async with (
                opened(http, self._server._replace(url=self._url, key=Secret(self._key)), call) as client,
                client.stream("POST", f"{self._url}/v1/chat/completions", json=body, headers=self._headers()) as response,
            ):
                if response.status_code != 200:
                    await response.aread()
                    response.raise_for_status()
                async for line in paced(telling(response.aiter_lines()), call):
                    chat.line(line)
            return chat.reply()
        except Exception as error:  # noqa: BLE001 - whatever the engine does is its own fault
            raise fault_of(error) from None

    def _headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self._key}"}

    async def loaded(self) -> bool:
        """Whether the child serves."""
        return self._child is not None and self._child.poll() is None and bool(self._url)

    async def warm(self) -> None:
        """Start the child. Raises ProviderError: `missing` without the library, `model` for a file that is not as configured."""
        await asyncio.to_thread(self._start)

    async def aclose(self) -> None:
        """End the child."""
        await asyncio.to_thread(self._stop)

    def _start(self) -> None:
        with self._starting:
            if self._child is not None and self._child.poll() is None and self._url:
                return
            self._stop()
            if find_spec("xllamacpp") is None:
                raise ProviderError("xllamacpp is not installed: pip install 'octet-music[embedded]'", "missing")
            self._proved()
            command = [sys.executable, "-m", "app.llm.engine", self._server.path, str(self._tier.num_ctx)]
            command.append(str(int(self._server.options.get("threads", 0))))  # 0: as many as the engine thinks best
            self._child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            self._key = secrets.token_urlsafe(24)
            if self._child.stdin is not None:
                self._child.stdin.write(f"{self._key}\n".encode())
                self._child.stdin.flush()
            self._url = self._announced(self._child)

    def _proved(self) -> None:
        """A model file is as good as code: it is the configured one, or it is not loaded."""
        path = Path(self._server.path)
        if not path.is_file():
            raise ProviderError(f"there is no model file {path.name}", "model")
        if self._server.sha256:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            if digest != self._server.sha256.lower():
                raise ProviderError(f"{path.name} is not the model file whose sha256 is configured", "policy")

    def _announced(self, child: subprocess.Popen[bytes]) -> str:
        """Where the child serves; reading ends with the child, or with the time that loading may take."""
        patience = threading.Timer(self._limits.warm_up_s, child.kill)
        patience.start()
        try:
            for line in child.stdout or ():
                text = line.decode("utf-8", "replace")
                if text.startswith(READY):
                    return str(json.loads(text[len(READY) :])["url"])
        finally:
            patience.cancel()
        raise ProviderError("its model file could not be loaded", "model")

    def _stop(self) -> None:
        child, self._child, self._url = self._child, None, ""
        if child is None:
            return
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                pipe.close()
        try:
            child.wait(2)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
