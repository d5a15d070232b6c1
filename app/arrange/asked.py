"""What the words ask of the players: instruments, voicings, feels and ways to play, laid over a style as table edits."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, Final, NamedTuple

from app.arrange.clave import on_clave
from app.arrange.notation import Choice, read_row
from app.arrange.style import DrumStyle, PartStyle, Style
from app.arrange.touch import within_octaves
from app.theory.brief import Brief

NO_ROWS: Final[MappingProxyType[str, tuple[Choice, ...]]] = MappingProxyType({})
STRINGS: Final = ("strings", "violin1", "violin2", "viola", "cello")
CHORDS: Final = ("keys", "guitar", "organ")


class Edit(NamedTuple):
    """Fields of parts that a way of playing sets; `row`, written for four beats, replaces their rows."""

    roles: tuple[str, ...]  # () for every pitched part
    fields: MappingProxyType[str, Any] = MappingProxyType({})  # of PartStyle
    row: str = ""


def _edit(roles: tuple[str, ...], row: str = "", **fields: object) -> Edit:
    return Edit(roles, MappingProxyType(fields), row)


EDITS: Final = MappingProxyType(
    {  # names of app.theory.techniques.PLAYING
        "walking bass": _edit(("bass",), engine="walking", rows=NO_ROWS),
        "two-feel": _edit(("bass",), engine="two_feel", rows=NO_ROWS),
        "tumbao": _edit(("bass",), "-- -5 -- n-", engine="pattern", anticipate=True, steady=True),
        "boogie": _edit(("bass",), "1 3 5 6 | 7 6 5 3", engine="pattern", steady=True),
        "bass riff": _edit(("bass",), steady=True),
        "slap bass": _edit(("bass",), program=36),
        "808": _edit(("bass",), program=38, length=1.0),
        "palm mute": _edit(("guitar",), program=28, length=0.35),
        "fingerpicking": _edit(("guitar",), "13 24 13 24", engine="figure", program=24),
        "slide": _edit(("guitar",), slide=0.4),
        "four-to-the-bar": _edit(("guitar",), "c c c c", engine="comp", voicing="shell", length=0.6, rest=0.0),
        "montuno": _edit(("keys",), "1. 23 .4 .2 | .1 .3 .4 .2", engine="figure", double="8", steady=True),
        "stride": _edit(("keys",), "B c V c", engine="comp", length=0.8),
        "Alberti bass": _edit(("keys",), "1323 1323 1323 1323", engine="figure"),
        "arpeggios": _edit(("keys",), "1234 5432 1234 5432", engine="figure", length=1.0),
        "charleston": _edit(("keys",), "c. .c .. ..", engine="comp"),
        "skank": _edit(("guitar", "keys"), ".c .c .c .c", engine="comp", voicing="triad", voices=3, length=0.3, steady=True),
        "off-beats": _edit(("keys", "guitar"), ".c .c .c .c", engine="comp", length=0.4),
        "bubble": _edit(("organ",), ".cCc .cCc .cCc .cCc", engine="comp", voicing="triad", steady=True),
        "organ swells": _edit(("organ",), swell=True),
        "rootless voicings": _edit(("keys",), voicing="rootless"),
        "shell voicings": _edit(("keys", "guitar"), voicing="shell"),
        "block chords": _edit(("keys",), voicing="drop2"),
        "spread voicings": _edit(CHORDS, voicing="spread"),
        "close voicings": _edit(CHORDS, voicing="close"),
        "drop-2 voicings": _edit(CHORDS, voicing="drop2"),
        "pizzicato": _edit(STRINGS, program=45, length=0.4),
        "tremolo": _edit(STRINGS, program=44),
        "legato": _edit((), length=1.0),
        "staccato": _edit((), length=0.4),
        "riffs": _edit(("horns",), rest=0.0),
        "call and response": _edit(("horns", "strings", "guitar"), rest=0.5),
    }
)
DRUM_ROWS: Final = MappingProxyType(
    {  # a way of playing → the drum it adds or takes over, in four beats
        "four on the floor": ("kick", "X X X X"),
        "claps": ("clap", ". X . X"),
        "finger snaps": ("clap", ". x . x"),
        "tambourine": ("tamb", ". X . X"),
        "backbeat": ("snare", ". X . X"),
        "ghost notes": ("snare", "...o X..o .o.. X..o"),
        "hi-hat rolls": ("hat", "x.x. x.x. x.x. t.rr"),
    }
)
INSTEAD: Final = MappingProxyType({"walking bass": "two-feel", "two-feel": "walking bass", "brushes": "sticks"})
KITS: Final = MappingProxyType({"brushes": 40, "sticks": 0})
LEANINGS: Final = MappingProxyType({"laid back": 12.0, "on top": -8.0})  # ms added to every pitched part
RITARD: Final = (0.75, 2)  # share of the tempo, bars
PLAYED_ELSEWHERE: Final = frozenset(
    {
        "brushes",
        "sticks",
        "cross-stick",
        "drum fills",
        "comping",
        "syncopation",
        "rubato",
        "ritardando",
        "build",
        "die away",
        "fade out",
    }
)


def asked_of(style: Style, brief: Brief) -> tuple[Style, tuple[str, ...]]:
    """The style as the brief wants it played, and a note for each way of playing that found no player."""
    notes = []
    for name in brief.avoid:
        if name in style.plays:
            other = _way(style, INSTEAD.get(name, ""))
            notes += [] if other else [f"{name}: {style.name} is played with it, so it stays"]
            style = other or style
    for name in brief.playing:
        if name in style.plays or name in brief.avoid:
            continue
        changed = _way(style, name)
        if changed is None:
            notes.append(f"{name}: {style.name} has no way to play it")
        else:
            style = changed
    return _as_dense(_instruments(style, brief), brief), tuple(notes)


def _way(style: Style, name: str) -> Style | None:
    """The style with one way of playing; None where nobody can."""
    if name in LEANINGS:
        return _parts(style, Edit(()), late=LEANINGS[name])
    if name in ("ritardando", "rubato"):
        return style._replace(feel=style.feel._replace(ritard=min(RITARD[0], style.feel.ritard), ritard_bars=RITARD[1]))
    if name.startswith("clave "):
        return on_clave(style, name.removeprefix("clave "))
    if name in EDITS:
        edit = EDITS[name]
        fits = not edit.row or len(style.metre.groups) == len(read_row(edit.row)[0])
        return _parts(style, edit) if fits and any(role in style.parts for role in edit.roles or style.parts) else None
    if style.drums is not None and (name in DRUM_ROWS or name in PLAYED_ELSEWHERE):
        drums = _drums(style.drums, name, len(style.metre.groups))
        return None if drums is None else style._replace(drums=drums)
    return style if name in PLAYED_ELSEWHERE else None


def _parts(style: Style, edit: Edit, late: float = 0.0) -> Style:
    parts = dict(style.parts)
    for role, part in style.parts.items():
        if not edit.roles or role in edit.roles:
            fields = dict(edit.fields)
            if edit.row:
                fields["rows"] = MappingProxyType({"a": (Choice(read_row(edit.row)),)})
            if fields.get("double", part.double) != part.double:
                fields["low"], fields["high"] = within_octaves(part.low, part.high, fields["double"])
            parts[role] = part._replace(**fields)._replace(late=part.late + late)
    return style._replace(parts=MappingProxyType(parts))


def _drums(drums: DrumStyle, name: str, beats: int) -> DrumStyle | None:
    if name in KITS:
        return drums._replace(program=KITS[name])
    if name == "drum fills":
        return drums._replace(phrase=4, phrase_fill=1.0)
    if name == "cross-stick":
        variations = {
            variation: tuple(("stick" if drum == "snare" else drum, rows) for drum, rows in own)
            for variation, own in drums.variations.items()
        }
        return drums._replace(variations=MappingProxyType(variations))
    if name not in DRUM_ROWS:
        return drums
    drum, text = DRUM_ROWS[name]
    row = read_row(text)
    if len(row[0]) != beats:
        return None
    added = (drum, (Choice(row),))
    keep_own = name == "ghost notes"
    variations = {
        variation: (*(one for one in own if keep_own or one[0] != drum), added)
        for variation, own in drums.variations.items()
        if variation in ("a", "b")
    }
    return drums._replace(variations=MappingProxyType({**drums.variations, **variations}))


def _instruments(style: Style, brief: Brief) -> Style:
    """The General MIDI programs that were asked for."""
    parts = dict(style.parts)
    for role, program in brief.programs:
        if role in parts:
            parts[role] = parts[role]._replace(program=program, instrument="")
    return style._replace(parts=MappingProxyType(parts)) if brief.programs else style


def _as_dense(style: Style, brief: Brief) -> Style:
    """Sparse playing leaves more bars to others, busy playing none."""
    lean = brief.density - 0.5
    if not lean:
        return style
    parts = {role: _leaned(part, lean) for role, part in style.parts.items()}
    drums = style.drums
    if drums is not None:
        drums = drums._replace(phrase_fill=min(1.0, max(0.0, drums.phrase_fill * (1.0 + 1.6 * lean))), ghosts=1.0 + 1.2 * lean)
    return style._replace(parts=MappingProxyType(parts), drums=drums)


def _leaned(part: PartStyle, lean: float) -> PartStyle:
    rest = part.rest * (1.0 - 2.0 * lean) if lean > 0 else part.rest + (0.0 if part.role == "bass" else -0.6 * lean)
    return part._replace(rest=min(0.8, max(0.0, rest)), density=part.density * (1.0 + lean))
