"""Every field that a genre's files may have, one row each: the checker, the editor's schema and the error messages read it."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final, NamedTuple

from app.arrange.kit import DRUMS
from app.arrange.song import ORNAMENTS
from app.arrange.style import VARIATIONS
from app.arrange.style_reader import ENGINES, LEADS, SECTION_KINDS, VOICINGS
from app.theory.instruments import ROLES
from app.theory.rhythm import METRES
from app.theory.techniques import PLAYING


class Field(NamedTuple):
    """One field. In `path`, `*` stands for any name and `[]` for each table of a list."""

    path: str
    kind: str  # a name of KINDS
    about: str
    required: bool = False
    among: tuple[str, ...] = ()  # the texts allowed, or the names a table may have
    least: float | None = None
    most: float | None = None


KINDS: Final = MappingProxyType(
    {  # kind → what it is called in messages
        "text": "a text",
        "texts": "a list of texts",
        "text or texts": "a text or a list of texts",
        "number": "a number",
        "whole": "a whole number",
        "yes or no": "true or false",
        "table": "a table",
        "tables": "a list of tables",
        "pitches": 'two pitches, the lowest and the highest: ["E1", "G3"]',
        "span": "two numbers, the least and the most",
        "levels": "three velocities: ghost, normal, accent",
        "milliseconds": "a list of 2, 3, 4, 6 or 8 numbers",
        "ratio": "a number, or rows of [tempo, ratio]",
        "rows": "a row, a list of rows, or a list of [row, weight]",
        "any": "anything",
    }
)

ROWS: Final = MappingProxyType(
    {
        "a": "rows of variation a: verses, heads, quiet sections",
        "b": "rows of variation b: choruses, solos",
        "intro": "rows of an intro",
        "break": "rows of a break",
        "ending": "rows of an ending whose kind is rows",
    }
)

PART_FIELDS: Final = (
    Field("engine", "text", "the player", among=ENGINES),
    Field("program", "whole", "General MIDI program, from 0", least=0, most=127),
    Field("instrument", "text", "what a person reads; else the program's name"),
    Field("range", "pitches", "lowest and highest pitch, C4 = 60"),
    Field("velocity", "whole", "of a normal stroke", least=1, most=127),
    Field("length", "number", "share of a note's written length that sounds", least=0.02, most=1.5),
    Field("late", "number", "ms behind the beat; below 0 ahead", least=-200, most=200),
    Field("scatter", "number", "ms around the grid; below 0 the feel's", least=-1, most=100),
    Field("volume", "whole", "CC 7", least=0, most=127),
    Field("pan", "whole", "CC 10: 0 left, 64 middle, 127 right", least=0, most=127),
    *(Field(name, "rows", about) for name, about in ROWS.items()),
    Field("voicing", "text", "how chords are voiced", among=VOICINGS),
    Field("voices", "whole", "notes of a voicing", least=1, most=8),
    Field("anticipate", "yes or no", "an attack on the last off-beat before a change takes the next chord"),
    Field("steady", "yes or no", "keeps one row within a section"),
    Field("rest", "number", "how likely a bar is left empty", least=0, most=1),
    Field("strum", "number", "ms between the notes of a chord, upward; below 0 downward", least=-500, most=500),
    Field("pedal", "yes or no", "sustain pedal with each chord"),
    Field("swell", "yes or no", "expression rises and falls over two bars"),
    Field("slide", "number", "how likely a note is slid into", least=0, most=1),
    Field("glide", "number", "how likely a fifth or octave above the note before is bent into from it", least=0, most=1),
    Field("rotor", "yes or no", "an organ's rotor: fast in b, from the bar before it"),
    Field("grace", "number", "how likely a chord has a crushed note", least=0, most=1),
    Field("lighter", "whole", "velocity by which chords are softer than the bass notes between them", least=0, most=60),
    Field("plane", "number", "how likely one of two strokes on a chord is the whole stack a scale step away", least=0, most=1),
    Field("density", "number", "how many notes: 1 as the engine has it", least=0, most=4),
    Field("scale", "text", "a named scale for lines; else the chord's own"),
    Field("double", "text", 'sounded with each note: "8", "-8", "3"; by a guitar: "root" under a boogie, "thumb" on the beats'),
    Field("clave", "yes or no", "two-bar rows follow the kit's direction"),
    Field("echo", "number", "beats between the repeats of an echoed chord", least=0.1, most=4),
    Field("walk_up", "number", "how likely a bass comes to a chord a fourth above by 2 and 3", least=0, most=1),
    Field("listen", "number", "how much room chords leave to a melody, and answer in its rests", least=0, most=1),
    Field("song", "table", "how a melody is made, beyond its rhythms"),
    Field("song.phrases", "rows", "motifs by bar: letters a-d return, z closes, . is left to others"),
    Field("song.ends", "rows", "rhythms of the bars that close a phrase"),
    Field("song.strong", "text", "degrees liked where a listener counts"),
    Field("song.half", "text", "degrees on which an asking phrase ends, the first most"),
    Field("song.full", "text", "degrees on which an answering phrase ends"),
    Field("song.literal", "number", "how exactly a motif that returns keeps its intervals", least=0, most=1),
    Field("song.stay", "number", "what a repeated note costs, against the engine's price", least=0, most=4),
    Field("song.leaps", "number", "what a leap costs, against the engine's price", least=0.1, most=4),
    Field("song.wide", "number", "how far a motif's contour reaches, against the engine's", least=0, most=3),
    Field("song.pickup", "number", "how likely a phrase has an upbeat", least=0, most=1),
    Field("song.pickups", "whole", "notes of the upbeat", least=1, most=4),
    Field("song.approach", "number", "how likely a short note before a strong one is its half step", least=0, most=1),
    Field("song.enclose", "number", "how likely two are the step above it and the half step below", least=0, most=1),
    Field("song.slip", "number", "how likely a bar is set a half step higher", least=0, most=1),
    Field("song.accent", "whole", "added off the beat to what falls", least=-20, most=30),
    Field("song.ornaments", "table", "how likely each is where it fits", among=ORNAMENTS),
    Field("song.ornaments.*", "number", "how likely", least=0, most=1),
)


def _under(prefix: str, fields: tuple[Field, ...]) -> tuple[Field, ...]:
    return tuple(field._replace(path=f"{prefix}.{field.path}") for field in fields)


GENRE_FIELDS: Final = (
    Field("name", "text", "the entry point's name", required=True),
    Field("title", "text", "what people call it", required=True),
    Field("about", "text", "one sentence", required=True),
    Field("default", "text", "the application when none is said", required=True),
    Field("forms", "texts", "forms of its own that may be asked for by name"),
    Field("words", "table", "phrases that mean something here"),
    Field("words.*", "text or texts", '"field:value", such as "mood:dark"'),
    Field("applications", "table", "its sub-styles", required=True),
    Field("applications.*", "table", "a sub-style; grooves/<name>.toml says how it is played"),
    *_under(
        "applications.*",
        (
            Field("title", "text", "what people call it", required=True),
            Field("about", "text", "one sentence", required=True),
            Field("words", "texts", "what people call it besides its name"),
            Field("tempo", "number", "the metre's beats a minute", required=True, least=20, most=400),
            Field("range", "span", "slowest and fastest tempo it is played at", required=True, least=20, most=400),
            Field("half_below", "number", "below this tempo the rows of <name>.half.toml, if any", least=20, most=400),
            Field("double_above", "number", "above this tempo the rows of <name>.double.toml, if any", least=20, most=400),
            Field("metre", "text", "its metre", required=True, among=METRES),
            Field("metres", "texts", "played in these as written; others are adapted and said so", among=METRES),
            Field("bars", "whole", "bars when none are asked for", required=True, least=1, most=512),
            Field("chorus", "whole", "bars of once through its form; 0 where there is none", least=0, most=128),
            Field("keys", "texts", "keys it is played in, the default first", required=True),
            Field("form", "text", "its form"),
            Field("humanize", "number", "share of the groove's human timing when none is asked for", least=0, most=1),
            Field("techniques", "texts", "harmonic techniques that are its own without asking"),
        ),
    ),
    Field("drums", "yes or no", "whether it can have a kit; true when this is not said"),
    Field("parts", "table", "every part it can play", required=True, among=ROLES),
    Field("parts.*", "table", "a part's defaults; a groove overrides them field by field"),
    *_under("parts.*", PART_FIELDS),
)

GROOVE_FIELDS: Final = (
    Field("metre", "text", "the metre its rows are written in; else the application's", among=METRES),
    Field("ensemble", "texts", "who plays by default, in order", required=True, among=ROLES),
    Field("plays", "texts", "ways of playing that its rows have already, and words need not bring", among=tuple(PLAYING)),
    Field("feel", "table", "how time is bent"),
    Field("feel.swing", "text", "which pair swings", among=("none", "8th", "16th")),
    Field("feel.ratio", "ratio", "long : short of the swung pair, or rows of [tempo, ratio]"),
    Field("feel.lean", "milliseconds", "ms by which the even parts of each quarter lie off the grid; below 0 early"),
    Field("feel.scatter", "number", "ms around the grid (standard deviation)", least=0, most=100),
    Field("feel.ritard", "number", "the last bars slow to this share of the tempo", least=0.2, most=1),
    Field("feel.ritard_bars", "whole", "over so many bars", least=0, most=16),
    Field("drums", "table", "the kit"),
    Field("drums.kit", "whole", "its program: 0 standard, 40 brush, 25 TR-808", least=0, most=127),
    Field("drums.lead", "text", "what leads into a new section", among=LEADS),
    Field("drums.crash", "number", "how likely a crash opens the new section", least=0, most=1),
    Field("drums.phrase", "whole", "every so many bars a small fill may come", least=0, most=64),
    Field("drums.phrase_fill", "number", "with this probability", least=0, most=1),
    Field("drums.timelines", "texts", "drums that never vary: clave, bell, cascara", among=tuple(DRUMS)),
    Field("drums.clave", "text", "the direction its rows are written in", among=("", "2-3", "3-2")),
    Field("drums.echo", "number", "beats between the repeats of an echoed stroke", least=0.1, most=4),
    Field("drums.velocity", "table", "by drum", among=tuple(DRUMS)),
    Field("drums.velocity.*", "levels", "ghost, normal, accent"),
    Field("drums.late", "table", "by drum", among=tuple(DRUMS)),
    Field("drums.late.*", "number", "ms behind the beat", least=-200, most=200),
    Field("drums.scatter", "table", "by drum, or of `all`", among=("all", *DRUMS)),
    Field("drums.scatter.*", "number", "ms, where it differs from the feel's", least=0, most=100),
    *(Field(f"drums.{name}", "table", about, among=tuple(DRUMS)) for name, about in ROWS.items()),
    *(Field(f"drums.{name}.*", "rows", "a drum's rows") for name in VARIATIONS),
    Field("drums.fill", "tables", "what leads into a section, over its last beats"),
    Field("drums.fill[]", "table", "one fill", among=("beats", "weight", *DRUMS)),
    Field("drums.fill[].beats", "whole", "how many beats it lasts", required=True, least=1, most=12),
    Field("drums.fill[].weight", "number", "how often it is chosen", least=0, most=100),
    Field("drums.fill[].*", "rows", "a drum's row of `beats` beats"),
    Field("parts", "table", "how each part plays, over genre.toml's", among=ROLES),
    Field("parts.*", "table", "one part"),
    *_under("parts.*", PART_FIELDS),
    Field("sections", "table", "how kinds of sections are played", among=SECTION_KINDS),
    Field("sections.*", "table", "one kind of section"),
    Field("sections.*.level", "whole", "added to velocities", least=-60, most=60),
    Field("sections.*.layers", "texts", "parts that come in one after another, the first after four bars", among=ROLES),
    Field("sections.*.away", "texts", "parts of which one rests, in turn, in every other four bars", among=ROLES),
    Field("sections.*.rise", "whole", "added again with every four bars", least=-20, most=20),
    Field("sections.*.play", "text", "the variation", among=VARIATIONS),
    Field("sections.*.only", "texts", "just these parts"),
    Field("sections.*.without", "texts", "not these parts"),
    Field("sections.*.later", "texts", "nor these the first time such a section comes"),
    Field("ending", "table", "how the last bar ends"),
    Field("ending.kind", "text", "a chord held or short, a cut, or the rows named ending", among=("held", "hit", "stop", "rows")),
    Field("ending.beat", "number", "the beat of the last hit, from 0", least=0, most=12),
    Field("ending.crash", "yes or no", "whether a crash is on it"),
    Field("ending.roll", "yes or no", "the chord rolled upward"),
)

HARMONY_FIELDS: Final = (
    Field("all", "any", "what all applications share"),
    Field("applications", "table", "each application's own rows, forms, recipes, rule weights and colours"),
    Field("applications.*", "table", "one application"),
    Field("applications.*.*", "any", "as docs/harmony.md says"),
)
