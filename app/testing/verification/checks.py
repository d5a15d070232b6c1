"""The checks, in the order of the table's columns. Each returns when a promise is kept, and raises Broken when it is not."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from app.render.lint import lint
from app.services.base_genre_generator import BaseGenreGenerator
from app.services.local_llm_generator_mixin import LocalLLMGeneratorMixin
from app.services.piece import Piece
from app.services.runtime import Runtime, run_straight
from app.testing.verification.bench import BARS, BY_RULE, CLOUD, LARGE, SEED, SMALL, TIERS, Bench, Broken, Spoil, gemini_kind
from app.theory.brief import Ask

CONTRACT: Final = (
    "_generate_progression_with_local_llm", "_estimate_complexity", "_build_progression_prompt", "_parse_llm_response",
    "get_llm_stats", "reset_llm_stats",
)  # fmt: skip
NO_GEMINI: Final = "no library for Gemini is installed: pip install 'octet-music[gemini]'"
SAVED: Final = 1e-6  # US dollars: counts are rounded to that


class Skipped(Exception):
    """A check that cannot be made here; the text says what is missing."""


class Subject:
    """One genre under verification."""

    def __init__(self, service: BaseGenreGenerator, rest: str = "", spoil: Spoil = str) -> None:
        self.plain = service.with_runtime(Runtime("rules_only"))
        self.rest = rest  # where the REST service is, "" for none
        self.bench = Bench(service, spoil) if isinstance(service, LocalLLMGeneratorMixin) else None

    @property
    def applications(self) -> tuple[str, ...]:
        """Of the genre."""
        return tuple(self.plain.genre.vocabulary.applications)

    def by_rule(self, **fields: Any) -> Piece:
        """The piece of these fields, by rule."""
        return run_straight(self.plain.make(Ask(self.plain.name, **{"seed": SEED, **fields})))


Check = Callable[[Subject], Awaitable[None]]


def wanted(kept: bool, otherwise: str) -> None:
    """Raises Broken with `otherwise` where a promise is not kept."""
    if not kept:
        raise Broken(otherwise)


async def files_read(subject: Subject) -> None:
    """Its files hold what they must."""
    from app.services.genre_check import problems_of

    problems = [str(problem) for problem in problems_of(subject.plain.folder())]
    wanted(not problems, f"{len(problems)} problem{'s' * (len(problems) > 1)} in its files; the first: {(problems or [''])[0]}")


async def class_inherits(subject: Subject) -> None:
    """Mixin, then base, with the mixin's way of finding harmony in front."""
    kind = type(subject.plain)
    order = kind.__mro__
    wanted(LocalLLMGeneratorMixin in order, f"{kind.__name__} does not inherit LocalLLMGeneratorMixin: no model can be asked")
    mixin, base = order.index(LocalLLMGeneratorMixin), order.index(BaseGenreGenerator)
    wanted(mixin < base, f"{kind.__name__}: BaseGenreGenerator comes before LocalLLMGeneratorMixin")
    between = [one.__name__ for one in order[:mixin] if one is not kind and issubclass(one, BaseGenreGenerator)]
    hidden = [one.__name__ for one in order[:mixin] if "progression_for" in vars(one)]
    wanted(not hidden, f"{', '.join(hidden or between)} hides the mixin's progression_for")
    missing = [name for name in CONTRACT if not callable(getattr(subject.plain, name, None))]
    wanted(not missing, f"{kind.__name__} has no {', '.join(missing)}")


async def request_valid(subject: Subject) -> None:
    """A schema, every application, and nothing else."""
    from pydantic import ValidationError

    kind = subject.plain.request_class()
    properties = kind.model_json_schema()["properties"]
    missing = [name for name in ("description", "key", "tempo", "num_bars", "application") if name not in properties]
    wanted(not missing, f"{kind.__name__} has no field {', '.join(missing)}")
    for application in subject.applications:
        asked = kind.model_validate({"application": application}).ask(subject.plain.name)
        wanted(asked.application == application, f"{kind.__name__} reads {application} as {asked.application}")
    for nonsense in ({"application": "no such one"}, {"num_bars": 0}, {"colour": "blue"}):
        try:
            kind.model_validate(nonsense)
        except ValidationError:
            continue
        raise Broken(f"{kind.__name__} takes {nonsense}")


async def plays_by_rule(subject: Subject) -> None:
    """Each application: the bars it has, in parts that sound, in a clean file."""
    for application in subject.applications:
        piece = subject.by_rule(application=application)
        findings = [str(finding) for finding in lint(piece.midi)]
        wanted(piece.method.label == BY_RULE, f"{application}: made by {piece.method.label}")
        wanted(not findings, f"{application}: lint: {(findings or [''])[0]}")
        wanted(bool(piece.arrangement.parts), f"{application}: no part plays")
        silent = [part.role for part in piece.arrangement.parts if not part.notes]
        wanted(not silent, f"{application}: {', '.join(silent)} plays nothing")


def goes_to(label: str, *, local: bool = True, cloud: bool = True, answers: str = "") -> Check:
    """A check that the words meant for this tier are answered by `answers`, by default by the tier itself."""
    answers = answers or label

    async def check(subject: Subject) -> None:
        if CLOUD in (label, answers) and not gemini_kind():
            raise Skipped(NO_GEMINI)
        bench = _bench(subject)
        before = len(bench.asked(bench.local)), len(bench.asked(bench.cloud))
        piece = await bench.make(label, local=local, cloud=cloud)
        asked = [*bench.asked(bench.local)[before[0] :], *bench.asked(bench.cloud)[before[1] :]]
        method = piece.method
        reason = f": {method.fallback_reason}" if method.fallback_reason else ""
        wanted(method.label == answers, f"complexity {piece.complexity.score} was answered by {method.label}{reason}")
        model = next((row[1] for row in TIERS if row[0] == answers), "")
        wanted(asked == ([model] if model else []), f"over the wire these were asked: {', '.join(asked) or 'none'}")
        wanted((answers == BY_RULE) == bool(method.fallback_reason), "the result does not say why the rules made it")
        wanted(len(piece.progression.bars) == BARS, f"{len(piece.progression.bars)} bars for {BARS}")
        findings = [str(finding) for finding in lint(piece.midi)]
        wanted(not findings, f"lint: {(findings or [''])[0]}")

    return check


async def counts_add_up(subject: Subject) -> None:
    """What was counted is what was made; costs and savings are those of the pieces."""
    bench = _bench(subject)
    wanted(bool(bench.made), "nothing was made that could be counted")
    labels = [piece.method.label for piece in bench.made]
    stats = bench.service.get_llm_stats()
    expected = {
        "local_generations": sum(label in (SMALL, LARGE) for label in labels),
        "gemini_generations": labels.count(CLOUD),
        "rule_based_generations": labels.count(BY_RULE),
    }
    for name, count in expected.items():
        wanted(stats.get(name) == count, f"{name} is {stats.get(name)}, {count} were made")
    for name, total in (("estimated_cost_saved_usd", _sum("cost_saved_usd", bench)), ("cost_usd", _sum("cost_usd", bench))):
        wanted(abs(stats[name] - total) <= SAVED * len(labels), f"{name} is {stats[name]}, the pieces' sum is {total:.6f}")
    wanted(expected["local_generations"] == 0 or stats["estimated_cost_saved_usd"] > 0, "local models saved nothing")
    accepted = {label: row["accepted"] for label, row in stats["by_label"].items() if row.get("accepted")}
    wanted(accepted == {label: labels.count(label) for label in set(labels)}, f"by_label is {accepted}")
    bench.service.reset_llm_stats()
    left = {name: count for name, count in bench.service.get_llm_stats().items() if count}
    wanted(not left, f"after a reset there is still {left}")


def _sum(field: str, bench: Bench) -> float:
    return sum(getattr(piece.method, field) or 0.0 for piece in bench.made)


async def seed_repeats(subject: Subject) -> None:
    """By rule: the same seed, the same bytes; another seed, others."""
    first, second, other = subject.by_rule().midi, subject.by_rule().midi, subject.by_rule(seed=SEED + 1).midi
    wanted(first == second, "two pieces of the same seed differ")
    wanted(first != other, "two seeds give the same piece")


async def rest_answers(subject: Subject) -> None:
    """Its route: the whole result, with the file that Python gets."""
    if not subject.rest:
        raise Skipped("no REST service was started")
    import httpx

    name = subject.plain.name
    body = {"seed": SEED}
    async with httpx.AsyncClient(base_url=subject.rest, timeout=20, trust_env=False) as client:
        answer = await client.post(f"/v1/generate/{name}", json=body)
    wanted(answer.status_code == 200, f"POST /v1/generate/{name} answers {answer.status_code}: {answer.text[:200]}")
    result = answer.json()
    wanted(result.get("genre") == name, f"the result is of genre {result.get('genre')}")
    midi = base64.b64decode(result.get("midi_base64", ""))
    wanted(midi == subject.by_rule().midi, "the file is another one than Python's")


def _bench(subject: Subject) -> Bench:
    if subject.bench is None:
        raise Broken("it cannot ask models: see the check of its class")
    return subject.bench


ALL: Final[Mapping[str, Check]] = MappingProxyType(
    {
        "import": files_read,
        "class": class_inherits,
        "request": request_valid,
        "rules": plays_by_rule,
        "small": goes_to(SMALL),
        "large": goes_to(LARGE),
        "cloud": goes_to(CLOUD),
        "local down": goes_to(SMALL, local=False, answers=CLOUD),
        "all down": goes_to(SMALL, local=False, cloud=False, answers=BY_RULE),
        "counts": counts_add_up,
        "seed": seed_repeats,
        "rest": rest_answers,
    }
)
