"""Roles a part can have, the words people use for instruments, and General MIDI's names of the programs."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

ROLES: Final = (
    "keys", "organ", "guitar", "bass", "drums", "horns", "strings", "choir", "pad", "melody",
    "soprano", "alto", "tenor", "violin1", "violin2", "viola", "cello",
)  # fmt: skip

NO_PROGRAM: Final = -1
INSTRUMENTS: Final = (
    # roles it can be, the first that a genre has; its General MIDI program from 0, or none of its own; words
    ("keys", NO_PROGRAM, ("keys", "keyboard", "clavier")),
    ("keys", 0, ("piano", "acoustic piano", "grand piano", "klavier", "pianist")),
    ("keys", 1, ("upright piano", "bright piano")),
    ("keys", 3, ("honky tonk", "honky tonk piano", "barrelhouse piano")),
    ("keys", 4, ("rhodes", "electric piano", "fender rhodes", "e piano", "epiano", "rhodes piano")),
    ("keys", 5, ("wurlitzer", "wurly", "wurli", "dx7", "fm piano")),
    ("keys", 6, ("harpsichord", "cembalo")),
    ("keys", 7, ("clavinet", "clav")),
    ("keys", 8, ("celesta", "celeste")),
    ("keys melody", 11, ("vibraphone", "vibe player", "vibes player", "vibraharp")),
    ("keys melody", 12, ("marimba",)),
    ("keys", 46, ("harp",)),
    ("organ keys", 16, (
        "organ", "hammond", "hammond organ", "b3", "b 3", "b3 organ", "b 3 organ", "hammond b3", "hammond b 3", "organist",
    )),
    ("organ keys", 19, ("church organ", "pipe organ")),
    ("organ keys", 20, ("harmonium", "reed organ")),
    ("melody keys", 21, ("accordion", "bandoneon")),
    ("guitar", NO_PROGRAM, ("guitar", "rhythm guitar", "guitarist")),
    ("guitar", 24, ("nylon guitar", "classical guitar", "spanish guitar", "nylon string guitar", "cavaquinho", "cuatro")),
    ("guitar", 25, ("acoustic guitar", "steel guitar", "steel string guitar", "tres", "resonator", "resonator guitar")),
    ("guitar", 26, ("jazz guitar", "archtop", "hollow body guitar")),
    ("guitar", 27, ("electric guitar", "clean guitar", "lead guitar")),
    ("guitar", 29, ("overdriven guitar", "distorted guitar")),
    ("guitar", 105, ("banjo",)),
    ("bass", NO_PROGRAM, ("bass", "bassline", "bass line", "bass player", "bassist", "bass guitar")),
    ("bass", 32, ("upright bass", "double bass", "acoustic bass", "contrabass", "stand up bass", "string bass")),
    ("bass", 33, ("electric bass", "fender bass", "fingered bass", "finger bass", "p bass", "jazz bass", "j bass")),
    ("bass", 34, ("picked bass",)),
    ("bass", 35, ("fretless bass", "fretless")),
    ("bass", 38, ("synth bass", "moog bass", "bass synth")),
    ("bass", 58, ("tuba", "sousaphone")),
    ("drums", NO_PROGRAM, (
        "drums", "drum", "drum kit", "drumkit", "drum set", "drumset", "drummer", "percussion", "percussionist", "kit",
        "drum machine", "conga", "bongo", "timbale", "timbales", "cajon", "shaker", "guiro", "maraca", "cowbell", "cymbal",
        "hi hat", "hihat", "snare", "kick", "kick drum", "surdo", "tamborim", "pandeiro", "cabasa", "triangle", "timpani",
        "djembe", "tambourine player", "stomp",
    )),
    ("horns", NO_PROGRAM, ("horns", "horn", "horn section", "horn line", "horn stab", "brass", "brass section")),
    ("horns melody", 56, ("trumpet", "trumpeter", "cornet")),
    ("horns melody", 59, ("muted trumpet", "harmon mute", "mute trumpet")),
    ("horns melody", 56, ("flugelhorn", "flugel")),
    ("horns melody", 57, ("trombone",)),
    ("horns melody", 60, ("french horn",)),
    ("horns melody", 64, ("soprano sax", "soprano saxophone")),
    ("horns melody", 65, ("alto sax", "alto saxophone")),
    ("horns melody", 66, ("tenor sax", "tenor saxophone", "sax", "saxophone", "saxes", "saxophonist")),
    ("horns melody", 67, ("baritone sax", "baritone saxophone", "bari sax")),
    ("melody horns", 71, ("clarinet",)),
    ("melody horns", 73, ("flute", "flautist", "flutist")),
    ("melody horns", 68, ("oboe",)),
    ("melody horns", 70, ("bassoon",)),
    ("melody", 22, ("harmonica", "blues harp", "harp player")),
    ("strings", 48, (
        "strings", "string section", "string ensemble", "string", "string pad", "orchestra", "orchestral string",
        "string arrangement", "string orchestra", "lush string", "string quartet",
    )),
    ("violin1 strings melody", 40, ("violin", "fiddle", "first violin", "violin 1")),
    ("violin2 strings", 40, ("second violin", "violin 2")),
    ("viola strings", 41, ("viola",)),
    ("cello strings", 42, ("cello", "violoncello")),
    ("choir", 52, (
        "choir", "vocal", "choral", "backing vocal", "background vocal", "singer", "choir pad", "gospel choir", "oohs",
        "voices", "male voices", "female voices", "voice",
    )),
    ("pad keys", 89, ("pad", "warm pad", "synth pad", "synth", "synthesizer", "synthesiser", "moog", "juno", "prophet")),
    ("melody", NO_PROGRAM, ("melody", "lead", "lead line", "lead melody", "topline", "top line", "solo line")),
    ("melody", 81, ("synth lead", "lead synth", "saw lead")),
    ("soprano", NO_PROGRAM, ("soprano",)),
    ("alto horns", NO_PROGRAM, ("alto",)),
    ("tenor horns", NO_PROGRAM, ("tenor",)),
)  # fmt: skip

BANDS: Final = MappingProxyType(
    {  # a word for several → the roles that play, and no others; none: those named around it
        "piano trio": ("keys", "bass", "drums"),
        "jazz trio": ("keys", "bass", "drums"),
        "organ trio": ("organ", "guitar", "drums"),
        "guitar trio": ("guitar", "bass", "drums"),
        "power trio": ("guitar", "bass", "drums"),
        "trio": ("keys", "bass", "drums"),
        "jazz quartet": ("keys", "bass", "drums", "horns"),
        "quartet": ("keys", "bass", "drums", "horns"),
        "rhythm section": ("keys", "bass", "drums"),
        "a cappella": ("choir",),
        "acappella": ("choir",),
        "acapella": ("choir",),
        "duo": (),
        "duet": (),
    }
)

GM_NAMES: Final = (
    "acoustic grand piano", "bright acoustic piano", "electric grand piano", "honky-tonk piano", "electric piano 1",
    "electric piano 2", "harpsichord", "clavinet", "celesta", "glockenspiel", "music box", "vibraphone", "marimba", "xylophone",
    "tubular bells", "dulcimer", "drawbar organ", "percussive organ", "rock organ", "church organ", "reed organ", "accordion",
    "harmonica", "tango accordion", "nylon-string guitar", "steel-string guitar", "jazz guitar", "clean electric guitar",
    "muted electric guitar", "overdriven guitar", "distortion guitar", "guitar harmonics", "acoustic bass",
    "fingered electric bass", "picked electric bass", "fretless bass", "slap bass 1", "slap bass 2", "synth bass 1",
    "synth bass 2", "violin", "viola", "cello", "contrabass", "tremolo strings", "pizzicato strings", "orchestral harp",
    "timpani", "string ensemble 1", "string ensemble 2", "synth strings 1", "synth strings 2", "choir aahs", "voice oohs",
    "synth voice", "orchestra hit", "trumpet", "trombone", "tuba", "muted trumpet", "french horn", "brass section",
    "synth brass 1", "synth brass 2", "soprano sax", "alto sax", "tenor sax", "baritone sax", "oboe", "english horn", "bassoon",
    "clarinet", "piccolo", "flute", "recorder", "pan flute", "blown bottle", "shakuhachi", "whistle", "ocarina", "square lead",
    "sawtooth lead", "calliope lead", "chiff lead", "charang lead", "voice lead", "fifths lead", "bass and lead", "new age pad",
    "warm pad", "polysynth pad", "choir pad", "bowed pad", "metallic pad", "halo pad", "sweep pad", "rain", "soundtrack",
    "crystal", "atmosphere", "brightness", "goblins", "echoes", "sci-fi", "sitar", "banjo", "shamisen", "koto", "kalimba",
    "bagpipe", "fiddle", "shanai", "tinkle bell", "agogo", "steel drums", "woodblock", "taiko drum", "melodic tom",
    "synth drum", "reverse cymbal", "guitar fret noise", "breath noise", "seashore", "bird tweet", "telephone ring",
    "helicopter", "applause", "gunshot",
)  # fmt: skip

KITS: Final = MappingProxyType(
    {0: "drum kit", 8: "room kit", 16: "power kit", 24: "electronic kit", 25: "808 kit", 32: "jazz kit", 40: "brush kit"}
)  # fmt: skip
"""Drum kits by program on channel 10, as GM2 and GS have them."""


def instrument_name(program: int, drums: bool = False) -> str:
    """What a person reads for a General MIDI program (from 0): `instrument_name(4) == "electric piano 1"`."""
    return KITS.get(program, "drum kit") if drums else GM_NAMES[program]
