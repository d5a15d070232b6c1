"""The doctor's report: for people in lines, for programs as one object."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from app.checkup.advice import Advice, advice
from app.checkup.findings import BY_RULE, Findings, as_json
from app.checkup.trial import ANSWERED, Trial
from app.llm.known import known_as, up_to_of
from app.llm.machine import Fit
from app.llm.routing import Rung
from app.llm.survey import NOBODY, Sighting

READY, RULES, TROUBLE = "ready", "rules", "trouble"


def status_of(found: Findings, trials: Sequence[Trial]) -> str:
    """`ready`: a model would be asked, and those that were tried answered; `rules`: none would; `trouble`: something is wrong."""
    if found.configured.problem or any(trial.outcome not in (ANSWERED, "not asked") for trial in trials):
        return TROUBLE
    return RULES if all(way.route == (BY_RULE,) for way in found.ways) else READY


def object_of(found: Findings, trials: Sequence[Trial] = ()) -> dict[str, Any]:
    """All of it for programs."""
    steps = [{"text": step.text, "commands": list(step.commands)} for step in advice(found, trials)]
    return {
        "status": status_of(found, trials),
        **as_json(found),
        "tests": [trial._asdict() for trial in trials],
        "next_steps": steps,
    }


def lines_of(found: Findings, trials: Sequence[Trial] = ()) -> Iterator[str]:
    """All of it for people."""
    yield from _section("found", _found(found))
    yield from _section("machine", _machine(found))
    yield from _section("configured", _configured(found))
    yield from _section("would be asked", (f"complexity {way.complexity}: {', then '.join(way.route)}" for way in found.ways))
    if trials:
        yield from _section("tests", map(trial_line, trials))
    yield from _section("next", _next(found, advice(found, trials)))


def _section(title: str, lines: Iterator[str] | map[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        yield f"{'' if number else title:15}{line}"


def _found(found: Findings) -> Iterator[str]:
    for one in found.seen:
        if one.found is not None or one.place.name:
            yield _server(one)
    nobody = [
        one.place.url.rpartition("/")[2] for one in found.seen if one.found is None and not one.place.name and one.why == NOBODY
    ]
    others = [one for one in found.seen if one.found is None and not one.place.name and one.why != NOBODY]
    yield from (f"{one.place.url}: {one.why}" for one in others)
    if nobody:
        yield f"nobody listens at {', '.join(nobody)}"
    for key in found.keys:
        yield f"key {key.name}: {'used' if key.used else 'there, not used'}"
    for file in found.files:
        yield f"model file {file.path} ({file.gb:g} GB): {'used' if file.used else 'not used'}"


def _server(one: Sighting) -> str:
    if one.found is None:
        return f"{one.place.name} at {one.place.url}: {one.why}"
    names = ", ".join(_model(name, name in one.found.loaded) for name in one.found.models)
    return f"{one.found.server} at {one.found.url}: {one.why or names or 'no model'}"


def _model(name: str, loaded: bool) -> str:
    return f"{name} ({'in memory, ' if loaded else ''}good up to {up_to_of(name)})"


def _machine(found: Findings) -> Iterator[str]:
    own = found.machine
    graphics = f"{own.graphics}, {own.graphics_gb:g} GB" if own.graphics else "no graphics card that models run on"
    yield f"{own.memory_gb:g} GB of memory ({own.available_gb:g} free), {own.cores} cores, {graphics}"
    yield f"models may take {own.models_gb:g} GB"
    chosen = [fit for fit in (found.setup.small, found.setup.large) if fit is not None]
    yield from (f"suits: {fit_line(fit)}" for fit in chosen)
    if chosen and (more := found.setup.why.partition("; ")[2]):
        yield more
    others = [fit.tag for fit in found.fits if fit.fits and fit not in chosen]
    if others:
        yield f"fit too: {', '.join(others)}"
    if not chosen:
        yield found.setup.why


def fit_line(fit: Fit) -> str:
    """One model, with what it takes here."""
    size = f"{fit.needed_gb:g} GB with {fit.context} tokens of context"
    return f"{fit.tag} for complexity up to {fit.up_to}: {size}, about {fit.seconds:.0f} s for eight bars"


def _configured(found: Findings) -> Iterator[str]:
    own = found.configured
    paid = {True: "allowed", False: "not allowed", "ask": "asked for"}[own.allow_paid]
    yield f"{own.path or 'no settings file'}; strategy {own.strategy}; paid models: {paid}"
    if own.problem:
        yield own.problem
    if found.llm is not None:
        for rung in found.llm.rungs:
            where = "local" if rung.local else "paid" if rung.paid else "free"
            model = f"{rung.label}: {rung.model} on {rung.provider_name}"
            yield f"{model}, up to complexity {rung.up_to}, {where}{_too_large(found, rung)}"


def _too_large(found: Findings, rung: Rung) -> str:
    """What to say of a local model that is known not to fit."""
    known = known_as(rung.model) if rung.local else None
    fit = next((fit for fit in found.fits if known is not None and fit.tag == known.tag and not fit.fits), None)
    return f" (takes {fit.needed_gb:g} GB and {fit.seconds:.0f} s here: too much, if it runs on this machine)" if fit else ""


def trial_line(trial: Trial) -> str:
    """How one model did."""
    if trial.outcome != ANSWERED:
        return f"{trial.label}: {trial.outcome}{f': {trial.reason}' if trial.reason else ''}"
    rate = "" if trial.tokens_a_second is None else f", {trial.tokens_a_second:g} tokens/s"
    price = "at an unknown price" if trial.cost_usd is None else f"{trial.cost_usd:.5f} USD" if trial.cost_usd else "free"
    return f"{trial.label}: answered in {trial.latency_ms / 1e3:.1f} s{rate}, {price}"


def _next(found: Findings, steps: Sequence[Advice]) -> Iterator[str]:
    for number, step in enumerate(steps, 1):
        yield f"{number}. {step.text}"
        yield from (f"     {command}" for command in step.commands)
    if not steps:
        yield 'nothing to do: octet generate jazz "simple, in C"'
    elif status_of(found, ()) == RULES:
        yield "   until then everything is made by rule, which needs none of this"
