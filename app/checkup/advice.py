"""What to do next, in order, from what was found: only where something is to be done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from app.checkup.findings import BY_RULE, Findings
from app.checkup.plan import KEYS_OF
from app.checkup.trial import ANSWERED, NOT_ASKED, Trial
from app.llm.address import runs_elsewhere
from app.llm.known import table
from app.llm.machine import Fit
from app.llm.survey import KEY_ASKED, NOBODY, Sighting
from app.services.runtime import BY_RULE_ALONE
from app.settings.holdings import lacking


class Advice(NamedTuple):
    """One step: what it is good for, and the commands that do it."""

    text: str
    commands: tuple[str, ...] = ()


def advice(found: Findings, trials: Sequence[Trial] = ()) -> tuple[Advice, ...]:
    """The steps, the most needed one first; none when all is well."""
    if found.configured.problem:
        return (Advice(f"mend the settings: {found.configured.problem}"),)
    if found.configured.strategy == BY_RULE_ALONE:
        return (Advice('no model is asked, because the strategy is "rules_only"', ("octet setup",)),) if _servers(found) else ()
    steps = [*_missing(found), *_of_servers(found), *_of_keys(found), *_of_trials(found, trials)]
    if all(way.route == (BY_RULE,) for way in found.ways):
        steps += _from_nothing(found)
    return tuple(dict.fromkeys(steps))


def _missing(found: Findings) -> list[Advice]:
    return [Advice(f"install what asks models of kind {kind}", (command,)) for kind, command in found.lacking.items()]


def _of_servers(found: Findings) -> list[Advice]:
    steps = []
    for one in found.seen:
        if one.place.name and one.why == NOBODY:
            commands: tuple[str, ...] = ("ollama serve",) if one.place.name == "ollama" else ()
            steps.append(Advice(f"start the server that is configured at {one.place.url}: nobody listens there", commands))
        elif one.why == KEY_ASKED and not one.place.name:
            commands = (f"export OCTET_OPENAI_URL={one.place.url}", "export OCTET_OPENAI_API_KEY=...")
            steps.append(Advice(f"the server at {one.place.url} wants its key", commands))
        elif one.found is not None:
            steps += _of_models(found, one)
    return steps


def _of_models(found: Findings, one: Sighting) -> list[Advice]:
    """A server without models, or without those that the settings name."""
    server = one.found
    if server is None:
        return []
    if server.kind == "ollama":
        if not any(not runs_elsewhere("ollama", model) for model in server.models):
            best = found.setup.small or found.setup.large
            return [_pull("Ollama runs and has no model", best)] if best is not None else []
        there = {model.removesuffix(":latest") for model in server.models}
        asked = [rung for rung in found.llm.rungs if rung.provider_name == one.place.name] if found.llm is not None else []
        lost = [rung.model for rung in asked if rung.model.removesuffix(":latest") not in there]
        return [Advice(f"{model} is configured and not on this Ollama", (f"ollama pull {model}",)) for model in lost]
    return [] if server.models else [Advice(f"{server.server} at {server.url} runs and has no model: load one there")]


def _of_keys(found: Findings) -> list[Advice]:
    """A key that may be spent where no model would be asked with it: the settings file names other tiers."""
    if found.llm is None or not found.configured.path:
        return []
    asked = {rung.kind.removesuffix("-legacy") for rung in found.llm.rungs}
    kinds = {name: kind for kind, names in KEYS_OF.items() for name in names}
    idle = next((key.name for key in found.keys if key.used and kinds.get(key.name) not in (None, *asked)), "")
    return [Advice(f"{idle} is there, and no tier of the settings file asks that service", ("octet setup",))] if idle else []


def _pull(text: str, fit: Fit) -> Advice:
    return Advice(f"{text}: {fit.name} suits this machine ({fit.needed_gb:g} GB)", (f"ollama pull {fit.tag}",))


def _of_trials(found: Findings, trials: Sequence[Trial]) -> list[Advice]:
    """Those that did not answer, but for want of a library: that is told already; and those that take too long."""
    lost = [trial for trial in trials if trial.outcome not in (ANSWERED, NOT_ASKED)]
    told = tuple(found.lacking.values())
    silent = [
        Advice(f"{trial.label} did not answer: {trial.reason or trial.outcome}")
        for trial in lost
        if not any(command in trial.reason for command in told)
    ]
    return [*silent, *(Advice(slow) for trial in trials if (slow := _slow(found, trial)))]


def _slow(found: Findings, trial: Trial) -> str:
    """What to say of a model whose answer would not be waited for, at the rate at which it has just written; else ""."""
    if found.llm is None or not trial.tokens_a_second:
        return ""
    seconds, wait = table().request[1] / trial.tokens_a_second, found.llm.settings.limits.deadline_s
    if seconds <= wait:
        return ""
    said = f"{trial.label} writes {trial.tokens_a_second:g} tokens a second: eight bars take about {seconds:.0f} s"
    more = f"give it more time in the settings file: [limits] deadline_s = {2 * seconds:.0f}, local_s = {1.5 * seconds:.0f}"
    return f"{said}, and a request waits {wait:g} s; use a smaller model, or {more}"


def _from_nothing(found: Findings) -> list[Advice]:
    """Nobody can be asked: a local model, a key, or stay with the rules."""
    steps = []
    if not _servers(found) and found.setup.small is not None:
        steps.append(Advice(f"for local models install {found.setup.server}", found.setup.commands))
    for key in found.keys:
        if not key.used and key.own_name:
            steps.append(Advice(f"{key.name} is there; to let Octet spend it", (f'export {key.own_name}="${key.name}"',)))
    if not found.keys:
        commands = tuple(filter(None, (lacking("gemini"), "export OCTET_GEMINI_API_KEY=...")))
        steps.append(Advice("or for a cloud model get a key from Google AI Studio", commands))
    if found.files:
        steps.append(Advice("or load a model file that is here", (f"export OCTET_GGUF={found.files[0].path}",)))
    return steps


def _servers(found: Findings) -> bool:
    return any(one.found is not None for one in found.seen)
