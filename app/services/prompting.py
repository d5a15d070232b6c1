"""What a model is asked: the genre's prompt, the request as understood, and the listener's words as data among fences."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from functools import lru_cache
from random import Random
from typing import Any, Final, NamedTuple

import prompts
from app.errors import NotationError, RejectedReply, RequestError
from app.llm.types import Check, Judge, Prompt, Turn
from app.services.genre import Genre
from app.services.model_form import given_form
from app.services.parsing import beats_of
from app.services.reply_text import read_reply
from app.theory.brief import Brief
from app.theory.charts import Bar, read_chart, write_chart
from app.theory.chord import Chord
from app.theory.form import Form
from app.theory.key import Key
from app.theory.progression import Progression
from app.theory.rhythm import Metre
from schemas.progression import QUALITIES, Frame, Verdict, schema_of, verdict_schema

LONGEST_WORDS: Final = 600  # characters of the listener's that a model is shown
SHOWN: Final = 2  # examples
PLAIN_METRE: Final = Metre.of("4/4")
SURE: Final = 3  # of 5: a judge that is less sure refuses nothing
OWN_PROMPT: Final = "prompt.md"  # in a genre's folder
EXAMPLES: Final = "## Examples"
TOKENS: Final = (96, 28, 5120)  # of an answer without bars, of a chord, and at most, so that question and answer fit 8192
DIFFICULTY: Final = (
    (2, "beginners: triads and plain sevenths of the key, one chord a bar"),
    (4, "plain: chords of the key, a secondary dominant here and there"),
    (7, "rich: what players of this style use, substitutes and borrowed chords in their place"),
    (10, "daring: far chords, chromatic motion and other keys, but a line that leads home"),
)
NAMES: Final = {suffix: name for name, suffix in QUALITIES.items()}


class Idioms(NamedTuple):
    """What is said of a genre, and the examples it gives: (key, chart)."""

    text: str
    examples: tuple[tuple[Key, str], ...]


def frame_of(brief: Brief, genre: Genre) -> Frame:
    """What an answer must fill."""
    groups = len(brief.metre.groups)
    pace = int(genre.harmony(brief.application).pace)
    return Frame(brief.num_bars, brief.metre.upper, max(1, min(4, groups, max(2, pace + bool(brief.techniques)))))


def progression_prompt(brief: Brief, genre: Genre) -> Prompt:
    """The question for a progression."""
    frame, idioms = frame_of(brief, genre), idioms_of(genre)
    name = "sections" if frame.by_sections else "progression"
    form = given_form(brief, genre.harmony(brief.application))
    return question(
        name,
        frame,
        (brief, genre, form),
        examples="\n".join(shown(key, chart, brief.metre, frame) for key, chart in chosen(idioms, brief)),
        pace="change the chord often" if brief.density > 0.6 else "one or two are usual",
    )


def question(name: str, frame: Frame, about: tuple[Brief, Genre, Form], **more: object) -> Prompt:
    """The question of a template for an answer that fills a frame; `more` is what this template alone says."""
    brief, genre, form = about
    text = prompts.filled(
        prompts.template(name),
        **_scene(brief, genre, form),
        idioms=idioms_of(genre).text,
        most=frame.most,
        difficulty=next(words for up_to, words in DIFFICULTY if brief.complexity <= up_to),
        tonic=f"{brief.key.tonic} ({'minor' if brief.key.is_minor else 'major'}, the tonic)",
        **more,
    )
    chords = frame.most * (frame.bars if not frame.by_sections else 96)
    tokens = min(TOKENS[2], TOKENS[0] + chords * TOKENS[1])
    return Prompt(text, prompts.template("system"), schema_of(frame), tokens, brief.seed, version=version_of(genre))


def _scene(brief: Brief, genre: Genre, form: Form) -> dict[str, object]:
    """What question and judge are told alike."""
    application = genre.vocabulary.applications[brief.application]
    about = genre.facts["applications"][brief.application].get("about", "")
    return {
        "genre": genre.vocabulary.title,
        "application": application.title,
        "about": about,
        "key": str(brief.key),
        "metre": str(brief.metre),
        "beats": brief.metre.upper,
        "bars": brief.num_bars,
        "form": described(form),
        "wishes": "".join(f"- {line}\n" for line in _wishes(brief)).rstrip("\n"),
        "description": fenced(brief.description),
    }


def _wishes(brief: Brief) -> list[str]:
    lines = [f"tempo: {brief.tempo:g} beats a minute"]
    if brief.techniques:
        lines.append(f"must be heard: {', '.join(brief.techniques)}")
    if brief.destination is not None:
        lines.append(f"goes to {brief.destination} {'and comes back' if brief.returns else 'and ends there'}")
    if brief.moods:
        lines.append(f"mood: {', '.join(brief.moods)}")
    if brief.avoid:
        lines.append(f"not wanted: {', '.join(brief.avoid)}")
    return lines


def fenced(words: str) -> str:
    """The listener's words on one line, of bounded length, without what could close the fence."""
    plain = "".join(letter if letter.isprintable() else " " for letter in words[: 2 * LONGEST_WORDS])
    plain = " ".join(plain.replace("<", "(").replace(">", ")").replace("`", "'").split())
    return plain[:LONGEST_WORDS] or "(nothing)"


def described(form: Form) -> str:
    """`AABA: A1 bars 1-8, A2 bars 9-16 ...`; sections of one label are said to be alike."""
    parts = [f"{section.name} bars {section.bar + 1}-{section.end}" for section in form.sections]
    return f"{form.name}: {', '.join(parts)}" if form.name else ", ".join(parts)


@lru_cache(maxsize=64)
def idioms_of(genre: Genre) -> Idioms:
    """What the genre's prompt says: its own `prompt.md`, ours of its name, else the general one."""
    text, _, listed = _source(genre).partition(EXAMPLES)
    rows = [line for line in listed.splitlines() if line.startswith("- ")]
    return Idioms(text.strip(), tuple(_example(line) for line in rows if not _unreadable(line)))


def prompt_problems(genre: Genre) -> list[str]:
    """The examples of a genre's prompt that cannot be shown, and why: requests leave them out."""
    lines = _source(genre).partition(EXAMPLES)[2].splitlines()
    return [f"{OWN_PROMPT}: {problem}" for line in lines if line.startswith("- ") and (problem := _unreadable(line))]


def _example(line: str) -> tuple[Key, str]:
    key, _, chart = line[2:].partition(":")
    return Key.parse(key), chart.strip()


def _unreadable(line: str) -> str:
    try:
        key, chart = _example(line)
        example(chart, PLAIN_METRE, key)
    except (RequestError, NotationError) as error:
        return str(error)
    return ""


def _source(genre: Genre) -> str:
    try:
        with open(os.path.join(genre.folder, OWN_PROMPT), encoding="utf-8", errors="replace") as file:
            return file.read()[:20_000]
    except OSError:
        pass
    try:
        return prompts.template(f"genres/{genre.name}")
    except LookupError:
        return prompts.filled(prompts.template("general"), about=str(genre.facts.get("about", "")))


@lru_cache(maxsize=64)
def version_of(genre: Genre) -> str:
    """The name of all texts that a question to this genre's models is made of."""
    names = ("system", "progression", "sections", "variation", "reharmonize", "repair", "refused", "judge")
    return prompts.version([_source(genre), *(prompts.template(name) for name in names)])


def chosen(idioms: Idioms, brief: Brief) -> list[tuple[Key, str]]:
    """Two examples that change with the seed, of the same mode where there are enough, none in the key asked for."""
    apart = [row for row in idioms.examples if row[0].tonic_pc != brief.key.tonic_pc] or list(idioms.examples)
    alike = [row for row in apart if row[0].is_minor == brief.key.is_minor]
    rows = alike if len(alike) > SHOWN else apart
    chance = Random(f"examples:{brief.seed}")  # noqa: S311 - which examples are shown is no secret
    return chance.sample(rows, min(SHOWN, len(rows)))


@lru_cache(maxsize=256)
def shown(key: Key, chart: str, metre: Metre, frame: Frame) -> str:
    """An example as the JSON that is to be answered, in the metre that is asked."""
    bars = [
        _row(bar if len(bar) <= frame.most else bar[: frame.most - 1] + bar[-1:], metre) for bar in example(chart, metre, key)
    ]
    return f"{key}: " + json.dumps({"plan": ["to V", "to I"], "bars": bars}, separators=(",", ":"))


@lru_cache(maxsize=256)
def example(chart: str, metre: Metre, key: Key) -> tuple[Bar, ...]:
    """The bars of an example. Raises NotationError for one that has a chord that no answer could have."""
    bars = read_chart(chart, metre, key)
    for bar in bars:
        for _, chord in bar:
            if _quality(chord) not in NAMES:
                raise NotationError(f'example "{chart}": an answer cannot have {chord}', chart)
    return bars


def _quality(chord: Chord) -> str:
    return str(chord.with_bass(""))[len(chord.root) :]


def _row(bar: Bar, metre: Metre) -> list[dict[str, Any]]:
    lengths = beats_of([length for length, _ in bar], metre)
    return [
        {"root": chord.root, "quality": NAMES[_quality(chord)], "bass": chord.bass or None, "beats": int(length)}
        for length, (_, chord) in zip(lengths, bar, strict=True)
    ]


def repaired(prompt: Prompt, answer: str, advice: str) -> Prompt:
    """The question again: after a refused answer, or ("") to another model that is told of the refusal."""
    if not answer:
        return prompt._replace(text=prompts.filled(prompts.template("refused"), question=prompt.text, advice=advice))
    again = prompts.filled(prompts.template("repair"), advice=advice)
    return prompt._replace(turns=(*prompt.turns, Turn("assistant", answer), Turn("user", again)))


def judge_of(brief: Brief, genre: Genre, progression_in: Callable[[Any], Progression]) -> Judge[Any]:
    """How a second model is asked about an answer; `progression_in` takes the progression out of an accepted value."""

    def question(value: Any) -> Prompt:
        progression = progression_in(value)
        chart = write_chart(tuple(tuple((span.beats, span.chord) for span in bar) for bar in progression.bars), progression.metre)
        text = prompts.filled(
            prompts.template("judge"), **_scene(brief, genre, progression.form), idioms=idioms_of(genre).text, chart=chart
        )
        return Prompt(text, "", verdict_schema(), 160, brief.seed, version=version_of(genre))

    return Judge(question, verdict)


def verdict(text: str) -> Check:
    """What a judge said, as a check. Raises RejectedReply when it cannot be read."""
    found = read_reply(text, lambda value: isinstance(value, dict) and "verdict" in value).value
    try:
        said = Verdict.model_validate(found)
    except ValueError as error:
        raise RejectedReply("the verdict is not as the schema has it") from error
    faults = ", ".join(said.faults)
    refused = said.verdict == "poor" and said.confidence >= SURE
    return Check("judge", not refused, f"{said.verdict}{': ' if faults else ''}{faults}", said.confidence / 5)
