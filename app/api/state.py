"""What the service holds while it runs: genres, runtime, worker processes for making music, counts."""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeVar

from starlette.requests import HTTPConnection

from app.api.admission import Admission
from app.api.caller import KeyBook
from app.api.counts import Counts
from app.api.keeping import Keeping
from app.api.limits import Shared
from app.api.live import Live
from app.api.metrics import Metrics
from app.api.parcels import worked_here
from app.api.pool import Pool
from app.api.serving import Serving
from app.api.siblings import Siblings
from app.errors import RequestError, StoreError, UnknownGenre
from app.reloading import Reloading
from app.services.base_genre_generator import BaseGenreGenerator
from app.services.local_llm_generator_mixin import LocalLLMGeneratorMixin
from app.services.registry import Registry
from app.services.runtime import BY_RULE_ALONE, Runtime
from app.settings import Settings
from app.settings.keeping import KeepingSettings
from app.theory.brief import Ask
from app.wiring import Models

if TYPE_CHECKING:
    from app.llm.ask import LLM

LOG: Final = logging.getLogger("octet.service")
THREADS: Final = 4
LOOKED_S: Final = 2.0  # between two looks at the settings file
P = ParamSpec("P")
T = TypeVar("T")


class State:
    """One running service. Before `open`, and where it has no worker processes, music is made in threads."""

    def __init__(
        self, registry: Registry, runtime: Runtime, serving: Serving, keeping: Keeping | None = None, beside: str = ""
    ) -> None:
        self.registry, self.runtime, self.serving = registry, runtime, serving
        self.keeping = keeping or Keeping(KeepingSettings(), serving.deadline_s)
        usable, self.broken = registry.usable(runtime)
        self.services: Mapping[str, BaseGenreGenerator] = {service.name: service for service in usable}
        self.described: dict[str, bytes] = {}  # what is answered of genres, by their names; "" for the list
        self.metrics = Metrics()
        self.keys: KeyBook | None = self.keeping.keys
        self.usage: Shared | None = self.keeping.shared  # what all workers count together; None: there is one worker
        self.counts = None if self.usage is None or serving.workers == 1 else Counts(self.keeping.usage, self.counting)
        self.live = Live(serving.patience)
        self.siblings = Siblings(beside, self.live, self.metrics) if beside else None  # other workers at the same address
        self.making = Admission(2 * max(1, serving.processes), serving.waiting)  # by rule
        self.asking = Admission(serving.asking, 0)  # those that wait for models
        self._pool: Pool | None = None
        self._renewing: asyncio.Task[None] | None = None
        self._warming: asyncio.Task[None] | None = None
        self._asked_anew = asyncio.Event()  # by SIGHUP
        self._asked_models = False
        self.answered = asyncio.Event()  # set once a first request is
        self._threads = ThreadPoolExecutor(THREADS, "octet")

    @property
    def counting(self) -> list[LocalLLMGeneratorMixin]:
        """The services that count how their generations came to be."""
        return [service for service in self.services.values() if isinstance(service, LocalLLMGeneratorMixin)]

    def service(self, name: str) -> BaseGenreGenerator:
        """A genre's service. Raises UnknownGenre with the nearest name or with what broke."""
        found = self.services.get(name.lower())
        if found is not None:
            return found
        for broken, why in self.broken.items():
            if broken.partition(" ")[0] == name:
                raise UnknownGenre(f"genre {broken} cannot be used: {why}", "genre")
        return self.registry.service(name, self.runtime)

    async def llm_for(self, ask: Ask) -> LLM | None:
        """The models that this request may ask, None for none; in a thread where they must be looked for. Raises TimeoutError."""
        running = self.runtime
        at_hand = running.models.at_hand if isinstance(running.models, Models) else running.models is None
        if at_hand or not running.wants_models(ask):
            return running.llm_for(ask)
        return await self.aside(running.llm_for, ask)

    async def aside(self, make: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """What `make` returns, made in a thread while others are answered. Raises TimeoutError at the deadline."""
        async with asyncio.timeout(self.serving.deadline_s):
            return await asyncio.get_running_loop().run_in_executor(self._threads, partial(make, *arguments, **named))

    async def hands(self, function: Callable[..., Any], *arguments: Any) -> Any:  # Any: whatever is to be done
        """What the function returns, or its coroutine, which waits for nothing: done in a worker process."""
        if self._pool is not None:
            return await self._pool.run(function, *arguments)
        work = partial(worked_here, function, arguments)
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    @asynccontextmanager
    async def admitted(self, *, models: bool = False) -> AsyncIterator[None]:
        """A place for a request that is made, or that asks models. Raises Overloaded, and TimeoutError at the deadline."""
        async with asyncio.timeout(self.serving.deadline_s), (self.asking if models else self.making).place():
            self._asked_models |= models
            yield

    async def work(self, function: Callable[P, Any], *arguments: P.args, **named: P.kwargs) -> Any:
        """What the function returns, done in a worker process when its turn comes. Raises Overloaded, TimeoutError."""
        async with self.admitted():
            return await self.hands(partial(function, **named) if named else function, *arguments)

    async def open(self, chosen: Settings) -> None:
        """Start the worker processes, and follow the settings file from now on."""
        await self.keeping.open()
        if self.siblings is not None:
            await self.siblings.open()
        if self.serving.processes:
            self._pool = await asyncio.to_thread(Pool, self.serving.processes, self.runtime.cache_folder)
        self.reloading = Reloading(chosen, self.runtime)
        self._renewing = asyncio.create_task(self._renew_on())
        self._warming = asyncio.create_task(self._warm_up_once_asked())
        if hasattr(signal, "SIGHUP") and threading.current_thread() is threading.main_thread():
            asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, self._asked_anew.set)

    async def renew(self) -> None:
        """Read the settings again; requests that begin now go by them."""
        LOG.warning(await self.reloading.reload())
        self.runtime = self.reloading.runtime
        self.services = {name: service.within(self.runtime) for name, service in self.services.items()}
        await self._warm_up()

    async def _warm_up_once_asked(self) -> None:
        """A start asks nothing of the network: whoever asks the first thing, be it whether it lives, has the model loaded."""
        await self.answered.wait()
        await self._warm_up()

    async def _warm_up(self) -> None:
        """Have the small local model loaded before anyone asks for it, where the settings say which; nobody is looked for."""
        models = self.runtime.models
        if not isinstance(models, Models) or self.runtime.strategy == BY_RULE_ALONE:
            return
        if not models.chosen.names_local or models.chosen.names_no_model:
            return
        with suppress(RequestError, TimeoutError):  # whoever asks a model is told what is wrong with the settings
            llm = await self.aside(models)
            if llm is not None:
                self._asked_models = True
                llm.warm_up()

    async def _renew_on(self) -> None:
        """Look now and then whether the settings file is another one, and at once when SIGHUP asks for it."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOKED_S):
                    await self._asked_anew.wait()
            if self._asked_anew.is_set() or self.reloading.changed():
                self._asked_anew.clear()
                await self.renew()
            await self._tell_counts()

    async def _tell_counts(self) -> None:
        if self.counts is not None:
            try:
                await self.counts.tell()
            except StoreError as error:
                LOG.warning("counts are not shared for now: %s", error)

    async def close(self) -> None:
        """Let go of the models, the workers and what is kept."""
        for task in (self._renewing, self._warming):
            if task is not None:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
        await self.live.close()
        if self.siblings is not None:
            await self.siblings.close()
        if self._asked_models and self.runtime.models is not None:
            llm = self.runtime.models()
            if llm is not None:
                await llm.aclose()
        if self._pool is not None:
            await asyncio.to_thread(self._pool.close)
        await self._tell_counts()
        self._threads.shutdown(wait=False, cancel_futures=True)
        await self.keeping.close()


def state_of(request: HTTPConnection) -> State:
    """The service that a request came to."""
    found: State = request.app.state.octet
    return found
