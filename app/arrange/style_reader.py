"""From the tables of genre.toml and a groove file to a Style; every problem is collected, none hides another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from app.arrange.kit import DRUMS
from app.arrange.notation import Choice, read_row, tokens_of
from app.arrange.song import Song, song_of
from app.arrange.style import (
    VARIATIONS,
    DrumStyle,
    EndingStyle,
    Feel,
    Fill,
    PartStyle,
    SectionStyle,
    Style,
)
from app.arrange.touch import within_octaves
from app.errors import NotationError
from app.theory.pitch import midi_pitch
from app.theory.rhythm import Metre
from app.theory.scale import KEY_SCALES, SCALES
from app.theory.techniques import PLAYING

Table = Mapping[str, Any]  # parsed TOML: checked here, value by value

DRUM_TOKENS: Final = frozenset(".oxXefrt123456789")
CHORD_TOKENS: Final = frozenset(".-cCeohHBVt")
FIGURE_TOKENS: Final = frozenset(".-BV123456789")
LINE_LETTERS: Final = frozenset(".-anm")
ENGINE_TOKENS: Final = MappingProxyType({"comp": CHORD_TOKENS, "figure": FIGURE_TOKENS})
ENGINES: Final = ("walking", "two_feel", "pattern", "comp", "figure", "pad", "line", "melody", "satb")
VOICINGS: Final = (
    "rootless", "shell", "drop2", "drop3", "quartal", "spread", "close", "open", "triad", "power", "octaves", "gospel",
)  # fmt: skip
LEADS: Final = ("fill", "setup", "mute", "none")
SECTION_KINDS: Final = (
    "intro", "verse", "prechorus", "chorus", "bridge", "head", "solo", "vamp", "break", "tag", "ending", "default",
)  # fmt: skip
_PART_FIELDS: Final = frozenset(PartStyle._fields) - {"role", "rows", "low", "high"} | {"range"} | set(VARIATIONS)
_SONG_FIELDS: Final = frozenset(Song._fields)


class _Problems(list[str]):
    """Problems found so far, each with the path of the table it is in."""

    def tell(self, path: str, what: object) -> None:
        self.append(f"{path}: {what}")


def read_style(groove: Table, genre: Table, application: str) -> Style:
    """The style of an application: its groove over the genre's defaults.

    Raises NotationError that lists every problem, `path: what`, one a line.
    """
    problems = _Problems()
    style = _style(groove, genre, application, problems)
    if problems:
        raise NotationError("\n".join(problems))
    return style


def _style(groove: Table, genre: Table, application: str, problems: _Problems) -> Style:
    facts = genre.get("applications", {}).get(application, {})
    metre = Metre.of(str(groove.get("metre", facts.get("metre", "4/4"))))
    ensemble = tuple(groove.get("ensemble", ()))
    defaults, own = genre.get("parts", {}), groove.get("parts", {})
    roles = [*dict.fromkeys([*defaults, *own])]
    beats = len(metre.groups)
    parts = {}
    for role in roles:
        if role != "drums":
            parts[role] = _part(role, {**defaults.get(role, {}), **own.get(role, {})}, beats, problems)
    for role in ensemble:
        if role not in parts and role != "drums":
            problems.tell("ensemble", f'"{role}" has no [parts.{role}] here or in genre.toml')
    if not ensemble:
        problems.tell("ensemble", "names no part")
    drums = groove.get("drums")
    return Style(
        name=application,
        metre=metre,
        metres=tuple(facts.get("metres", (str(metre),))),
        feel=_feel(groove.get("feel", {}), problems),
        drums=_drums(drums, beats, problems) if drums else None,
        parts=MappingProxyType(parts),
        ensemble=ensemble,
        sections=MappingProxyType({kind: _section(kind, row, problems) for kind, row in groove.get("sections", {}).items()}),
        ending=_ending(groove.get("ending", {}), problems),
        plays=_plays(groove.get("plays", ()), problems),
    )


def _plays(names: Any, problems: _Problems) -> tuple[str, ...]:
    return tuple(_one_of("plays", name, tuple(PLAYING), problems) for name in names)


def _known(path: str, table: Table, known: frozenset[str], problems: _Problems) -> None:
    for name in table:
        if name not in known:
            problems.tell(path, f'"{name}" is not a field; fields are {", ".join(sorted(known))}')


def _one_of(path: str, value: object, allowed: tuple[str, ...], problems: _Problems) -> str:
    if value not in allowed:
        problems.tell(path, f'"{value}" is not one of {", ".join(allowed)}')
    return str(value)


def _feel(table: Table, problems: _Problems) -> Feel:
    _known("feel", table, frozenset(Feel._fields), problems)
    ratio = table.get("ratio", 1.0)
    rows = ((100.0, float(ratio)),) if isinstance(ratio, int | float) else tuple((float(bpm), float(r)) for bpm, r in ratio)
    return Feel(
        swing=_one_of("feel.swing", table.get("swing", "none"), ("none", "8th", "16th"), problems),
        ratio=rows,
        lean=tuple(float(ms) for ms in table.get("lean", ())),
        scatter=float(table.get("scatter", 8.0)),
        ritard=float(table.get("ritard", 1.0)),
        ritard_bars=int(table.get("ritard_bars", 0)),
    )


def _choices(path: str, value: object, beats: int, problems: _Problems, *, tokens: Callable[[str], bool]) -> tuple[Choice, ...]:
    """One row, a list of rows, or a list of [row, weight]."""
    found = []
    for row, weight in _weighted(value):
        try:
            read = read_row(row, beats)
        except NotationError as error:
            problems.tell(path, error)
            continue
        strange = sorted(token for token in tokens_of(read) if not tokens(token))
        if strange:
            problems.tell(path, f'"{row}" has tokens that do not belong here: {" ".join(strange)}')
        found.append(Choice(read, weight))
    return tuple(found)


def _weighted(value: object) -> Iterator[tuple[str, float]]:
    if isinstance(value, str):
        yield value, 1.0
    elif isinstance(value, list):
        for item in value:
            if isinstance(item, str):
                yield item, 1.0
            else:
                yield str(item[0]), float(item[1])


def _drums(table: Table, beats: int, problems: _Problems) -> DrumStyle:
    scalars = {"kit", "lead", "crash", "phrase", "phrase_fill", "timelines", "clave", "echo"}
    _known("drums", table, frozenset(scalars | {"velocity", "late", "scatter", "fill"} | set(VARIATIONS)), problems)
    variations = {
        name: tuple(
            (drum, _choices(f"drums.{name}.{drum}", row, beats, problems, tokens=DRUM_TOKENS.__contains__))
            for drum, row in table[name].items()
            if _is_drum(f"drums.{name}", drum, problems)
        )
        for name in VARIATIONS
        if name in table
    }
    fills = [_fill(f"drums.fill[{number}]", fill, problems) for number, fill in enumerate(table.get("fill", ()), 1)]
    return DrumStyle(
        program=int(table.get("kit", 0)),
        variations=MappingProxyType(variations),
        fills=tuple(fill for fill in fills if fill.beats <= beats),
        lead=_one_of("drums.lead", table.get("lead", "fill"), LEADS, problems),
        crash=float(table.get("crash", 1.0)),
        phrase=int(table.get("phrase", 4)),
        phrase_fill=float(table.get("phrase_fill", 0.0)),
        timelines=frozenset(table.get("timelines", ())),
        velocity=MappingProxyType({drum: (int(v[0]), int(v[1]), int(v[2])) for drum, v in table.get("velocity", {}).items()}),
        late=MappingProxyType({drum: float(ms) for drum, ms in table.get("late", {}).items()}),
        scatter=MappingProxyType({drum: float(ms) for drum, ms in table.get("scatter", {}).items()}),
        clave=_one_of("drums.clave", table.get("clave", ""), ("", "2-3", "3-2"), problems),
        echo=float(table.get("echo", 0.75)),
    )


def _is_drum(path: str, name: str, problems: _Problems) -> bool:
    if name not in DRUMS:
        problems.tell(path, f'no drum "{name}" in the kit; drums are {", ".join(DRUMS)}')
    return name in DRUMS


def _fill(path: str, table: Table, problems: _Problems) -> Fill:
    beats = int(table.get("beats", 1))
    rows = [
        (drum, choice)
        for drum, row in table.items()
        if drum not in ("beats", "weight") and _is_drum(path, drum, problems)
        for choice in _choices(f"{path}.{drum}", row, beats, problems, tokens=DRUM_TOKENS.__contains__)[:1]
    ]
    return Fill(beats, tuple(rows), float(table.get("weight", 1.0)))


def _part(role: str, table: Table, beats: int, problems: _Problems) -> PartStyle:
    path = f"parts.{role}"
    _known(path, table, _PART_FIELDS, problems)
    engine = _one_of(f"{path}.engine", table.get("engine", ""), ENGINES, problems)
    tokens = ENGINE_TOKENS.get(engine)
    belongs = tokens.__contains__ if tokens else _is_riff_token if engine == "line" else _is_line_token
    rows = {
        name: _choices(f"{path}.{name}", table[name], beats, problems, tokens=belongs) for name in VARIATIONS if name in table
    }
    low, high = table.get("range", ("C3", "C5"))
    plain = {name: value for name, value in table.items() if name not in VARIATIONS and name not in ("range", "engine", "song")}
    if "voicing" in plain:
        _one_of(f"{path}.voicing", plain["voicing"], VOICINGS, problems)
    if plain.get("scale"):
        _one_of(f"{path}.scale", plain["scale"], (*KEY_SCALES, *SCALES), problems)
    bottom, top = within_octaves(midi_pitch(low), midi_pitch(high), str(table.get("double", "")))
    song = _song(f"{path}.song", table["song"], beats, problems) if "song" in table else Song()
    return PartStyle(
        role=role, engine=engine, low=bottom, high=top, rows=MappingProxyType(rows), song=song,
        **{name: value for name, value in plain.items() if name in PartStyle._fields},
    )  # fmt: skip


def _song(path: str, table: Table, beats: int, problems: _Problems) -> Song:
    _known(path, table, _SONG_FIELDS, problems)
    ends = _choices(f"{path}.ends", table["ends"], beats, problems, tokens=_is_line_token) if "ends" in table else ()
    try:
        return song_of(table, ends)
    except ValueError as error:
        problems.tell(path, error)
        return Song()


def _is_line_token(token: str) -> bool:
    return token in LINE_LETTERS or token[-1:].isdigit()


def _is_riff_token(token: str) -> bool:
    return token == "p" or _is_line_token(token)


def _section(kind: str, table: Table, problems: _Problems) -> SectionStyle:
    path = f"sections.{kind}"
    _one_of(path, kind, SECTION_KINDS, problems)
    _known(path, table, frozenset(SectionStyle._fields), problems)
    return SectionStyle(
        level=int(table.get("level", 0)),
        rise=int(table.get("rise", 0)),
        layers=tuple(table.get("layers", ())),
        away=tuple(table.get("away", ())),
        play=_one_of(f"{path}.play", table.get("play", "a"), VARIATIONS, problems),
        only=tuple(table.get("only", ())),
        without=tuple(table.get("without", ())),
        later=tuple(table.get("later", ())),
    )


def _ending(table: Table, problems: _Problems) -> EndingStyle:
    _known("ending", table, frozenset(EndingStyle._fields), problems)
    return EndingStyle(
        kind=_one_of("ending.kind", table.get("kind", "held"), ("held", "hit", "stop", "rows"), problems),
        beat=float(table.get("beat", 0.0)),
        crash=bool(table.get("crash", True)),
        roll=bool(table.get("roll", False)),
    )
