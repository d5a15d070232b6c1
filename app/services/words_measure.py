"""Numbers with a unit in words: beats a minute, bars, choruses, minutes, metres."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from app.services.words_lexicon import Finding
from app.services.words_tables import AFTER_A_COUNT, METRE_TAIL
from app.services.words_text import NUMBER_WORDS, Token, number_at

BPM_WORDS: Final = frozenset({"bpm", "bpms"})
BAR_WORDS: Final = frozenset({"bar", "bars", "measure", "measures", "meas"})
CHORUS_WORDS: Final = frozenset({"chorus", "choruses"})
DURATIONS: Final = MappingProxyType({"minute": 60.0, "min": 60.0, "mins": 60.0, "second": 1.0, "sec": 1.0, "secs": 1.0})
UNITS: Final = BPM_WORDS | BAR_WORDS | CHORUS_WORDS | {"beats", "minutes", "seconds", *DURATIONS}
NOTE_VALUES: Final = MappingProxyType(
    {"q": 1.0, "quarter": 1.0, "crotchet": 1.0, "half": 2.0, "minim": 2.0, "eighth": 0.5, "quaver": 0.5}
)  # in quarters
LEADS: Final = frozenset({"at", "tempo", "bpm", "metronome", "mm"})
LENGTH_LEADS: Final = frozenset({"bars", "measures", "length"})
ON_THE_WAY: Final = frozenset({"of", "around", "about", "roughly", "approximately", "ca", "circa", "a", "tempo", "at", "bpm"})
NO_LENGTH_BEFORE: Final = frozenset({"every", "each", "first", "last", "final", "next", "per", "bar", "bars", "measure"})
LONGEST_SECTION: Final = 32  # bars
NO_LENGTH_AFTER: Final = frozenset(
    {  # "a four-bar intro" says nothing of the whole
        "intro", "introduction", "bridge", "verse", "vamp", "tag", "outro", "ending", "turnaround", "phrase", "fill", "solo",
        "section", "break", "pattern", "riff", "clave", "coda", "prechorus", "pickup", "lick", "interlude", "figure", "motif",
        "antecedent", "consequent",
    }
)  # fmt: skip
BARE_TEMPO: Final = (40, 300)  # a number that is a clause by itself is a tempo between these
AT_TEMPO: Final = (20, 999)
LOWER_NUMBERS: Final = frozenset({"1", "2", "4", "8", "16", "32"})


def read_measure(tokens: list[Token], index: int) -> Finding | None:
    """What a number, or a word that leads to one, says at a token: a tempo, a length or a metre."""
    word = tokens[index].word
    if "/" in word:
        return _metre(tokens, index)
    if word in LEADS:
        return _led_tempo(tokens, index)
    if word in LENGTH_LEADS:
        return _led_length(tokens, index)
    if found := _note_value(tokens, index) or _part_of_a_minute(tokens, index):
        return found
    if word[0].isdecimal() or word in NUMBER_WORDS or word in ("a", "hundred"):
        return _number(tokens, index)
    return None


def counts_beats(tokens: list[Token], start: int, end: int) -> bool:
    """Whether "in five" or "three four" counts beats, and not parts or bars: "in five keys", "three four-bar phrases"."""
    after = tokens[end] if end < len(tokens) else None
    if after is None or after.breaks:
        return True
    if after.joined or after.word in BAR_WORDS:
        return False
    return tokens[start].word != "in" or after.word in AFTER_A_COUNT


def _word(tokens: list[Token], index: int) -> str:
    """A word that goes on in the same clause, "" past the end."""
    return tokens[index].word if index < len(tokens) and not tokens[index].breaks else ""


def _number(tokens: list[Token], index: int) -> Finding | None:
    """`120 bpm`, `80 to 90 bpm`, `32 bars`, `two choruses`, `two 12-bar choruses`, `3 minutes`; a number alone in its clause."""
    first = number_at(tokens, index)
    if first is None:
        return None
    value, end = first
    second = _second_number(tokens, index, end)
    if second is not None and _has_unit(tokens, second[1]):
        value, end = ((value + second[0]) / 2, second[1])
    for read in (_tempo, _choruses, _bars, _duration):
        if found := read(tokens, index, end, value):
            return found
    alone = (index == 0 or tokens[index].breaks) and not _word(tokens, end)
    if "=" in tokens[index].gap or "@" in tokens[index].gap:
        return Finding("bpm_quarters", str(value * (1.5 if "." in tokens[index].gap else 1.0)), index, end)
    if alone and tokens[index].word[0].isdecimal() and BARE_TEMPO[0] <= value <= BARE_TEMPO[1]:
        return Finding("bpm", str(value), index, end)
    return None


def _second_number(tokens: list[Token], index: int, end: int) -> tuple[float, int] | None:
    """The upper end of a range: `80-90`, `80 to 90`, `between 80 and 90`."""
    if end >= len(tokens):
        return None
    if tokens[end].joined:
        return number_at(tokens, end)
    links = ("to", "or", "and") if index and tokens[index - 1].word == "between" else ("to", "or")
    return number_at(tokens, end + 1) if tokens[end].word in links else None


def _has_unit(tokens: list[Token], index: int) -> bool:
    return _word(tokens, index) in UNITS


def _tempo(tokens: list[Token], index: int, end: int, value: float) -> Finding | None:
    unit = _word(tokens, end)
    if unit in BPM_WORDS:
        return Finding("bpm", str(value), index, end + 1)
    if unit == "beats" and _word(tokens, end + 1) in ("per", "a") and _word(tokens, end + 2) in ("minute", "min"):
        return Finding("bpm", str(value), index, end + 3)
    return None


def _bars(tokens: list[Token], index: int, end: int, value: float) -> Finding | None:
    """`32 bars` is a length; `12-bar` one that gives way, for it may be a form's; `4-bar intro` is the intro's."""
    unit = _word(tokens, end)
    if unit not in BAR_WORDS or (index and tokens[index - 1].word in NO_LENGTH_BEFORE and not tokens[index].breaks):
        return None
    after = tokens[end + 1].stem if _word(tokens, end + 1) else ""
    if after in NO_LENGTH_AFTER or (after == "of" and value < 8):
        return None
    times, end = _times(tokens, end + 1)
    strong = unit != "bar" or value == 1 or times > 1
    return Finding("bars", str(int(value) * times), index, end, strong=strong)


def _times(tokens: list[Token], index: int) -> tuple[int, int]:
    """How often, in `12 bars x 3` and `12 bars x3`, and the index after it; once where nothing is said."""
    word = _word(tokens, index)
    number = number_at(tokens, index + 1) if word == "x" else None
    if number is not None:
        return int(number[0]), number[1]
    if word[:1] == "x" and word[1:].isdecimal() and len(word) < 4:
        return int(word[1:]), index + 1
    return 1, index


def _choruses(tokens: list[Token], index: int, end: int, value: float) -> Finding | None:
    """`two choruses`, `twice through the form`, `two 12-bar choruses`."""
    unit = _word(tokens, end)
    if unit in CHORUS_WORDS and (unit == "choruses" or value == 1):
        return Finding("choruses", str(int(value)), index, end + 1)
    if unit == "through" and tokens[index].word in ("once", "twice", "thrice"):
        return Finding("choruses", str(int(value)), index, _after_the_form(tokens, end + 1))
    if unit == "times" and _word(tokens, end + 1) in ("through", "around", "round"):
        return Finding("choruses", str(int(value)), index, _after_the_form(tokens, end + 2))
    inner = number_at(tokens, end) if unit else None
    if inner and _word(tokens, inner[1]) in BAR_WORDS and _word(tokens, inner[1] + 1) in CHORUS_WORDS:
        return Finding("bars", str(int(value * inner[0])), index, inner[1] + 2)
    return None


def _after_the_form(tokens: list[Token], index: int) -> int:
    return index + 2 if _word(tokens, index) == "the" and _word(tokens, index + 1) in ("form", "changes", "head") else index


def _duration(tokens: list[Token], index: int, end: int, value: float) -> Finding | None:
    unit = tokens[end].stem if _word(tokens, end) else ""
    if unit not in DURATIONS or tokens[index].word in ("a", "first", "second"):
        return None
    return Finding("seconds", str(value * DURATIONS[unit]), index, end + 1)


def _part_of_a_minute(tokens: list[Token], index: int) -> Finding | None:
    """`half a minute`, `a minute`."""
    if tokens[index].word not in ("half", "a"):
        return None
    words = [tokens[index].word, _word(tokens, index + 1), _word(tokens, index + 2)]
    if words == ["half", "a", "minute"]:
        return Finding("seconds", "30.0", index, index + 3)
    if words[:2] == ["a", "minute"] and not (index and tokens[index - 1].word in ("beats", "times", "bpm", "half")):
        return Finding("seconds", "60.0", index, index + 2)
    return None


def _led_tempo(tokens: list[Token], index: int) -> Finding | None:
    """`at 90`, `at around 90 bpm`, `tempo: 120`."""
    start = index + 1
    while start < len(tokens) and tokens[start].word in ON_THE_WAY and start - index < 4:
        start += 1
    number = number_at(tokens, start)
    if number is None or (start < len(tokens) and tokens[start].gap.strip(":=-@~ ")):
        return None
    value, end = number
    if _word(tokens, end) in BPM_WORDS:
        return Finding("bpm", str(value), start, end + 1)
    if tokens[index].word == "at" and (_is_counted(tokens, end) or not AT_TEMPO[0] <= value <= AT_TEMPO[1]):
        return None
    return Finding("bpm", str(value), index, end)


def _led_length(tokens: list[Token], index: int) -> Finding | None:
    """`bars: 16`."""
    number = number_at(tokens, index + 1)
    if number is None or tokens[index + 1].gap not in (":", "=") or _word(tokens, number[1]):
        return None
    return Finding("bars", str(int(number[0])), index, number[1])


def _is_counted(tokens: list[Token], index: int) -> bool:
    """Whether a noun follows that the number counts ("at 12 bars")."""
    word = _word(tokens, index)
    tied = bool(word) and tokens[index].joined
    return tied or _has_unit(tokens, index) or word in ("percent", "times", "a", "o'clock", "am", "pm")


def _note_value(tokens: list[Token], index: int) -> Finding | None:
    """`quarter = 108`, `dotted quarter note = 72`: quarters a minute."""
    dotted = tokens[index].word == "dotted"
    place = index + dotted
    value = NOTE_VALUES.get(_word(tokens, place) if dotted else tokens[index].word)
    if value is None:
        return None
    place += 1
    if _word(tokens, place) == "note":
        place += 1
    equals = _word(tokens, place) == "equals"
    number = number_at(tokens, place + equals)
    if number is None or not (equals or "=" in tokens[place].gap):
        return None
    end = number[1] + (_word(tokens, number[1]) in BPM_WORDS)
    return Finding("bpm_quarters", str(number[0] * value * (1.5 if dotted else 1.0)), index, end)


def _metre(tokens: list[Token], index: int) -> Finding | None:
    """`6/8`, `12/8 feel`, `5/4 (2+3)`; a fraction that is no metre is none."""
    upper, _, lower = tokens[index].word.partition("/")
    if lower not in LOWER_NUMBERS or not (upper.isdecimal() and 2 <= int(upper[:4]) <= 32):
        return None
    end = index + 1
    if _word(tokens, end) == "clave":
        return None
    grouping = ""
    while end < len(tokens) and tokens[end].word in METRE_TAIL and not tokens[end].gap:
        end += 1
    if end < len(tokens) and "+" in tokens[end].word and tokens[end].gap in ("", "(", ","):
        grouping, end = f" ({tokens[end].word})", end + 1
    return Finding("metre", f"{int(upper)}/{lower}{grouping}", index, end)
