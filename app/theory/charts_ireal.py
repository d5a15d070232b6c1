"""Reads and writes iReal Pro links: `irealb://` (its letters are shuffled) and the open `irealbook://`."""

from __future__ import annotations

from fractions import Fraction
from types import MappingProxyType
from typing import Final, NamedTuple

from app.errors import ChordError
from app.theory.charts import Bar, Bars, Marks, shared_beats, starting_at
from app.theory.charts_song import Song
from app.theory.chord import Chord
from app.theory.chord_symbol import safe_suffix
from app.theory.key import Key
from app.theory.rhythm import Metre

PREFIX: Final = "1r34LbKcu7"  # stands before shuffled music
LONGEST: Final = 400_000  # characters of a link, playlists included
METRES: Final = MappingProxyType({"12": "12/8", "22": "4/4", "32": "3/4"})  # T12, and half notes counted in quarters
QUALITY: Final = frozenset("^-ho+0123456789b#")
QUALITY_WORDS: Final = ("sus", "alt", "add")
SPELLED: Final = (
    ("maj", "^"),
    ("dim7", "o7"),
    ("dim", "o"),
    ("m7b5", "h7"),
    ("mM7", "-^7"),
    ("aug", "+"),
    ("m", "-"),
)
BAR_ENDS: Final = frozenset("|[]{}Z")
SILENT: Final = frozenset("YSQfUsl,")  # layout, segno, coda, fermata, small and large letters
MARKS: Final = MappingProxyType({"i": "Intro", "V": "Verse"})  # rehearsal marks that are no letter of the form
NOT_FOLLOWED: Final = ("D.C.", "D.S.", "Fine", "Coda")


class Measure(NamedTuple):
    """A bar as it is drawn: chords by cell, and the signs on it."""

    chords: tuple[tuple[int, str], ...]  # (cell from 0, text); "x" repeats one bar, "r" two
    cells: int
    opens: bool = False
    closes: bool = False
    ending: int = 0
    mark: str = ""


def read_ireal(link: str, metre: Metre) -> tuple[Song, ...]:
    """The songs of a link, repeats and endings written out. `metre` holds for songs that say none.

    Raises ChordError for what is no such link or has a chord that cannot be read.
    """
    text = _unquoted(link.strip())
    scheme, mark, body = text.partition("://")
    if not mark or len(link) > LONGEST or scheme not in ("irealb", "irealbook"):
        raise ChordError('no iReal Pro link: it begins with "irealb://" or "irealbook://"', link[:40])
    songs = body.split("===") if scheme == "irealb" else _sixes(body.split("="))
    read = tuple(_song(song.split("="), metre) for song in songs if song.count("=") >= 5)
    if not read:
        raise ChordError("the iReal Pro link holds no song", link[:40])
    return read


def _sixes(fields: list[str]) -> list[str]:
    return ["=".join(fields[start : start + 6]) for start in range(0, len(fields) - 5, 6)]


def _song(fields: list[str], metre: Metre) -> Song:
    """Title, composer, style, key and music; where the music stands depends on how old the link is."""
    music = next((field for field in fields[4:] if field.startswith(PREFIX)), "")
    shuffled = bool(music)
    plain = unshuffled(music.removeprefix(PREFIX)) if shuffled else fields[5]
    style, key = (fields[3], fields[4]) if shuffled else (fields[2], fields[3])
    tempo = fields[-2] if shuffled and fields[-2].isdecimal() and fields[-2].isascii() else "0"
    measures, said, notes = _measures(plain)
    metre = Metre.of(said) if said else metre
    bars, marks = _bars(measures, metre)
    return Song(bars, metre, fields[0], fields[1], style, _key(key), int(tempo[:3]), notes, marks)


def _key(text: str) -> Key | None:
    return Key.parse(text.replace("-", "m")) if text[:1] in tuple("ABCDEFG") else None


def unshuffled(text: str) -> str:
    """The music of an `irealb://` link as it is written; shuffling again gives it back but for the abbreviations."""
    parts = []
    while len(text) > 51:
        parts.append(_swapped(text[:50]))
        text = text[50:]
    music = "".join(parts) + text
    return music.replace("Kcl", "| x").replace("LZ", " |").replace("XyQ", "   ")


def _swapped(block: str) -> str:
    """Fifty characters with their ends and their inner parts mirrored."""
    back = block[::-1]
    return back[:5] + block[5:10] + back[10:24] + block[24:26] + back[26:40] + block[40:45] + back[45:]


def _measures(music: str) -> tuple[list[Measure], str, tuple[str, ...]]:
    """The drawn bars, the metre that the song begins with ("" for none), and what is not followed."""
    page = _Page()
    place = 0
    while place < len(music):
        place = page.take(music, place)
    page.end()
    return page.measures, page.metre, tuple(dict.fromkeys(page.notes))


class _Page:
    """A chart while it is read from left to right."""

    def __init__(self) -> None:
        self.measures: list[Measure] = []
        self.chords: list[tuple[int, str]] = []
        self.cells = 0
        self.opens = False
        self.ending = 0
        self.metre = ""
        self.mark = ""
        self.notes: list[str] = []

    def take(self, music: str, place: int) -> int:
        """Read what stands at that place; where the next begins."""
        letter = music[place]
        if letter in BAR_ENDS:
            self.bar_line(letter)
        elif letter == " ":
            self.cells += 1
        elif letter in "ABCDEFGW":
            return self.chord(music, place)
        elif letter in "xrpn":
            self.put({"n": "N.C.", "p": ""}.get(letter, letter))
        elif letter in "<(":
            return self.text(music, place)
        elif letter in "T*N":
            return self.sign(music, place)
        elif letter not in SILENT:
            raise ChordError(
                f'bar {len(self.measures) + 1}: "{music[place : place + 10]}" is no sign of an iReal Pro chart', music[:40]
            )
        return place + 1

    def put(self, chord: str) -> None:
        if chord:
            self.chords.append((self.cells, chord))
        self.cells += 1

    def chord(self, music: str, place: int) -> int:
        end = place + 1
        if music[end : end + 1] == "*":  # a quality of one's own, between stars
            close = music.find("*", end + 1)
            end = close + 1 if close > 0 else len(music)
        while end < len(music) and (music[end] in QUALITY or music.startswith(QUALITY_WORDS, end)):
            end += 1 if music[end] in QUALITY else 3
        if music[end : end + 1] == "/" and music[end + 1 : end + 2] in tuple("ABCDEFG"):
            end += 3 if music[end + 2 : end + 3] in ("b", "#") else 2
        self.put(music[place:end].replace("*", ""))
        return end

    def text(self, music: str, place: int) -> int:
        """Words over the staff, or a chord in brackets that one may play instead."""
        close = music.find(">" if music[place] == "<" else ")", place)
        close = len(music) if close < 0 else close
        words = music[place + 1 : close]
        if any(sign.lower() in words.lower() for sign in NOT_FOLLOWED):
            self.notes.append(f'"{words.strip()[:40]}" is not followed')
        return close + 1

    def sign(self, music: str, place: int) -> int:
        """Metre `T44`, rehearsal mark `*A`, ending `N1`."""
        value = music[place + 1 : place + 3]
        if music[place] == "T":
            metre = METRES.get(value, "/".join(value))
            if self.metre and metre != self.metre:
                self.notes.append(f"the change to {metre} is not followed")
            self.metre = self.metre or metre
            return place + 3
        if music[place] == "*":
            self.mark = MARKS.get(value[:1], value[:1].strip())
        if music[place] == "N" and value[:1].isdecimal():
            self.ending = int(value[0])
        return place + 2

    def bar_line(self, line: str) -> None:
        if self.cells:
            closes = line == "}"
            self.measures.append(Measure(tuple(self.chords), self.cells, self.opens, closes, self.ending, self.mark))
            self.chords, self.cells, self.opens, self.ending, self.mark = [], 0, False, 0, ""
        elif line == "}" and self.measures:
            self.measures[-1] = self.measures[-1]._replace(closes=True)
        self.opens = self.opens or line == "{"

    def end(self) -> None:
        self.bar_line("Z")


def _bars(measures: list[Measure], metre: Metre) -> tuple[Bars, Marks]:
    """The bars as they are played, repeats twice, each ending once; and their rehearsal marks."""
    bars: list[Bar] = []
    marks: list[str] = []
    start = common = 0  # where the repeated passage begins, and what all its endings share
    endings = False
    for number, measure in enumerate(measures, 1):
        if measure.opens:
            start, endings = len(bars), False
        if measure.ending == 1:
            common, endings = len(bars), True
        bars += _bar(measure, number, bars, metre)
        marks += [measure.mark, ""][: len(bars) - len(marks)]
        if measure.closes:
            end = common if endings else len(bars)
            bars, marks, start = [*bars, *bars[start:end]], [*marks, *marks[start:end]], len(bars)
            common = len(bars)
    if not bars:
        raise ChordError("the iReal Pro chart holds no chords")
    return tuple(bars), tuple((bar, mark) for bar, mark in enumerate(marks) if mark)


def _bar(measure: Measure, number: int, before: list[Bar], metre: Metre) -> list[Bar]:
    names = [name for _, name in measure.chords]
    if names in (["x"], ["r"], []) and not before:
        if not names:
            return []
        raise ChordError(f"bar {number}: repeats the bar before, and there is none")
    if names == ["r"]:
        return before[-2:] if len(before) > 1 else before * 2
    if names in (["x"], []):
        return before[-1:]
    chords: list[Chord] = []
    for place, name in enumerate(names, 1):
        last = chords[-1] if chords else before[-1][-1][1] if before else None
        chords.append(_chord(name, (number, place), last))
    return [tuple(zip(_lengths(measure, metre), chords, strict=True))]


def _chord(name: str, place: tuple[int, int], last: Chord | None) -> Chord:
    if name.startswith("W"):
        if last is None:
            raise ChordError(f'bar {place[0]}, chord {place[1]} "{name}": a bass for the chord before, and there is none', name)
        return last.with_bass(name.partition("/")[2]) if "/" in name else last
    try:
        return Chord.parse(name)
    except ChordError as error:
        what = error.args[0].removeprefix("chord ")
        raise ChordError(f"bar {place[0]}, chord {place[1]} {what}", name, error.position, error.nearest) from None


def _lengths(measure: Measure, metre: Metre) -> tuple[Fraction, ...]:
    """Cells are beats where they fit the metre; else the chords share the bar."""
    starts = [cell for cell, _ in measure.chords]
    beats = len(metre.groups)
    if measure.cells >= beats and starts[0] == 0 and starts[-1] < beats:
        return starting_at(starts, metre)
    return shared_beats(len(starts), metre)


def write_ireal(song: Song) -> str:
    """The song as an open `irealbook://` link: one chart cell a beat, symbols as iReal Pro spells them."""
    upper, lower = song.metre.upper, song.metre.lower
    metre = "T12" if upper == 12 else f"T{upper}{lower}"
    marks = {bar: _mark(name) for bar, name in song.sections}
    music = "|".join(marks.get(place, "") + _cells(bar, song.metre) for place, bar in enumerate(song.bars))
    key = f"{song.key.tonic}{'-' if song.key.is_minor else ''}" if song.key else "C"
    fields = (song.title or "Untitled", song.composer or "Unknown", song.style or "Medium Swing", key, "n", f"[{metre}{music}Z")
    return "irealbook://" + _quoted(
        "=".join(field.replace("=", "-") if index < 5 else field for index, field in enumerate(fields))
    )


def _mark(name: str) -> str:
    """The rehearsal mark of a section: its letter (`A2` is `*A`), intro or verse; none for other names."""
    last = name.split()[-1] if name else ""
    if len(last.rstrip("0123456789")) == 1 and last[:1] in "ABCD":
        return f"*{last[0]}"
    return next((f"*{letter}" for letter, word in MARKS.items() if name.startswith(word)), "")


def _cells(bar: Bar, metre: Metre) -> str:
    """A chord, and a blank cell for each further beat that it lasts."""
    text, used = "", 0
    for length, chord in bar:
        beats = max(1, round(length * len(metre.groups) / metre.upper))
        text += ("" if not text or text.endswith(" ") else ",") + ireal_symbol(chord) + " " * (beats - 1)
        used += beats
    return text + " " * max(0, len(metre.groups) - used)


def ireal_symbol(chord: Chord) -> str:
    """The symbol in iReal Pro's letters: `D-7`, `G7sus`, `C^7`, `Bh7`, `n`."""
    if not chord.root:
        return "n"
    suffix = safe_suffix(chord.shape)
    ours, theirs = next((pair for pair in SPELLED if suffix.startswith(pair[0])), ("", ""))
    suffix = (theirs + suffix.removeprefix(ours)).replace("sus4", "sus")
    return chord.root + suffix + (f"/{chord.bass}" if chord.bass else "")


def _unquoted(text: str) -> str:
    """Percent signs decoded; a broken one stands for itself."""
    first, *others = text.split("%")
    data = bytearray(first.encode())
    for piece in others:
        try:
            data.append(int(piece[:2], 16) if len(piece) > 1 and piece[:2].isalnum() else -1)
            data += piece[2:].encode()
        except ValueError:
            data += f"%{piece}".encode()
    return data.decode("utf-8", "replace")


def _quoted(text: str) -> str:
    plain = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~=")
    return "".join(letter if letter in plain else "".join(f"%{byte:02X}" for byte in letter.encode()) for letter in text)
