"""Charts: plain text, ChordPro and iReal Pro links, read into exact beats and written again."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import ChordError, RequestError
from app.theory.charts import Bars, read_chart, shared_beats, write_chart
from app.theory.charts_chordpro import read_chordpro, write_chordpro
from app.theory.charts_ireal import PREFIX, read_ireal, unshuffled, write_ireal
from app.theory.charts_song import Song, heading_of, read_song, write_song
from app.theory.chord import Chord
from app.theory.chord_symbol import SAFE
from app.theory.key import Key
from app.theory.rhythm import METRES, Metre

FOUR = Metre.of("4/4")


def written(bars: Bars) -> list[list[tuple[str, str]]]:
    """Bars as (beats, symbol) in text."""
    return [[(str(beats), str(chord)) for beats, chord in bar] for bar in bars]


@pytest.mark.parametrize(
    ("chart", "bars"),
    [
        ("Dm7 G7 | Cmaj7", "Dm7 G7 | Cmaj7"),
        ("| Dm7 / G7 / | Cmaj7 / / / |", "Dm7 G7 | Cmaj7"),
        ("|| Dm7 G7 || Cmaj7 |]", "Dm7 G7 | Cmaj7"),
        ("Am | % | F", "Am | Am | F"),
        ("Am |  | F", "Am | Am | F"),
        ("Am F\nC G\n", "Am F | C G"),
        ("| Am F |\n| C G |", "Am F | C G"),
        ("|: Am | F :| G", "Am | F | Am | F | G"),
        ("C |: Am | F :| x3 G", "C | Am | F | Am | F | Am | F | G"),
        ("ii7 V7 | Imaj7 ♭VII7", "Dm7 G7 | Cmaj7 Bb7"),
        ("N6 V | Cad64 V7 | I", "Db/F G | C/G G7 | C"),
        ("N.C. | NC C", "N.C. | N.C. C"),
        ("(D|C) G | Am", "(D|C) G | Am"),
        ("Dm7*3 G7 | C", "Dm7*3 G7*1 | C"),
        ("Dm7*2.5 G7 | C", "Dm7*5/2 G7*3/2 | C"),
        ("C:min7/b3 F:7 | Bb:maj", "Cm7/Eb F7 | Bb"),
        ("C . . F", "C*3 F*1"),
    ],
)
def test_a_chart_is_read_as_players_read_it(chart: str, bars: str) -> None:
    """Bar lines, repeats, held beats, numerals and polychords mean what they mean on paper."""
    read = read_chart(chart, FOUR, Key("C"))
    assert write_chart(read, FOUR) == bars
    assert read_chart(bars, FOUR) == read


@pytest.mark.parametrize(
    ("metre", "lengths"),
    [
        ("4/4", ["4", "2 2", "2 1 1", "1 1 1 1", "1 1 1 1/2 1/2"]),
        ("3/4", ["3", "2 1", "1 1 1"]),
        ("5/4", ["5", "3 2", "3 1 1", "2 1 1 1"]),
        ("5/4 (2+3)", ["5", "2 3"]),
        ("6/8", ["6", "3 3", "2 2 2", "2 1 2 1"]),
        ("9/8", ["9", "6 3", "3 3 3"]),
        ("12/8", ["12", "6 6", "6 3 3", "3 3 3 3"]),
        ("7/8", ["7", "4 3", "2 2 3"]),
        ("7/8 (3+2+2)", ["7", "5 2", "3 2 2"]),
    ],
)
def test_chords_share_a_bar_on_its_beats(metre: str, lengths: list[str]) -> None:
    """One, two, three ... chords begin on beats of the metre, the earlier ones longer."""
    shares = [" ".join(map(str, shared_beats(chords, Metre.of(metre)))) for chords in range(1, len(lengths) + 1)]
    assert shares == lengths


@given(st.integers(1, 40), st.sampled_from(METRES))
def test_a_bars_beats_sum_to_its_metre(chords: int, metre: str) -> None:
    """Whatever the number of chords, their beats are above 0 and fill the bar exactly."""
    beats = shared_beats(chords, Metre.of(metre))
    assert len(beats) == chords
    assert sum(beats) == Metre.of(metre).upper
    assert min(beats) > 0


@pytest.mark.parametrize(
    ("chart", "message"),
    [
        ("|||", "holds no chords"),
        ("", "holds no chords"),
        (" \n ", "holds no chords"),
        ("Dm7 G7 | H#7", 'bar 2, chord 1 "H#7": cannot be read'),
        ("C | F xyz", 'bar 2, chord 2 "xyz": cannot be read'),
        ("% | C", "bar 1: .* there is none"),
        ("/ C", 'bar 1: begins with "/"'),
        ("C / / / /", "bar 1: 5 beats are written, 4/4 has 4"),
        ("C*3 G*3", "bar 1: its beats must be above 0 and sum to 4"),
        ("C | C*0 G", "bar 2: its beats must be above 0"),
        ("C*1/0 G", "beats that cannot be read"),
        ("C |" * 3000, "more than 2048 bars"),
        ("C " * 30_000, "longer than"),
    ],
)
def test_a_chart_that_cannot_be_read_says_where(chart: str, message: str) -> None:
    """The error names the bar and the chord."""
    with pytest.raises(ChordError, match=message):
        read_chart(chart, FOUR)


CHORDS = st.sampled_from([Chord.parse(f"{root}{suffix}") for root in ("C", "F#", "Bb") for suffix in SAFE])


@st.composite
def songs(draw: st.DrawFn) -> Song:
    """A song of a few bars in any metre, chords on its beats."""
    metre = Metre.of(draw(st.sampled_from(METRES)))
    counts = draw(st.lists(st.integers(1, len(metre.groups)), min_size=1, max_size=9))
    bars = tuple(tuple(zip(shared_beats(count, metre), [draw(CHORDS) for _ in range(count)], strict=True)) for count in counts)
    return Song(bars, metre, "Blue ö/%= Tune", "Last First", "Slow Swing", draw(st.sampled_from([Key("Eb"), Key("A", "minor")])))


@given(songs())
def test_every_format_gives_the_song_back(song: Song) -> None:
    """What is written as text, numerals, ChordPro or an iReal Pro link is read as the same bars."""
    assert read_chart(write_chart(song.bars, song.metre), song.metre) == song.bars
    assert read_song(write_chordpro(song), FOUR)[:2] == song[:2]
    assert read_song(write_ireal(song), FOUR)[:2] == song[:2]
    numerals = read_chart(write_chart(song.bars, song.metre, song.key), song.metre, song.key)
    assert [[chord.pitch_classes for _, chord in bar] for bar in numerals] == [
        [chord.pitch_classes for _, chord in bar] for bar in song.bars
    ]


def sounding(bars: Bars) -> list[list[frozenset[int]]]:
    """The notes of every chord, whatever their names."""
    return [[chord.pitch_classes for _, chord in bar] for bar in bars]


IREAL = (
    "irealbook://A%20Tune=Last First=Medium Swing=D-=n="
    "{*AT44D- D-/C |Bh7, Bb7(A7b9) |A7sus,p,p,W/E |<D.C. al Fine>A7b9 |N1D-6   | x  }|N2F6   |E-7b5 A7alt Z"
)


def test_an_ireal_chart_is_played_with_its_endings() -> None:
    """The repeat is played twice, each ending once; a bare bass moves, alternates are left out, and jumps are told."""
    song = read_ireal(IREAL, FOUR)[0]
    head = "Dm Dm/C | Bm7b5 Bb7"
    first = write_chart(song.bars, FOUR).split(" | ")
    assert (song.title, song.composer, song.style, song.key) == ("A Tune", "Last First", "Medium Swing", Key("D", "minor"))
    assert first[:2] == head.split(" | ")
    assert written(song.bars)[2] == [("3", "A7sus4"), ("1", "A7sus4/E")]
    assert first[3:] == ["A7b9", "Dm6", "Dm6", *first[:3], "A7b9", "F6", "Em7b5 A7#9#5"]
    assert song.notes == ('"D.C. al Fine" is not followed',)


def shuffled(music: str) -> str:
    """The shuffle of irealb links, by its published description: blocks of fifty with four parts mirrored."""
    blocks = []
    while len(music) > 51:
        block, music = music[:50], music[50:]
        parts = (
            block[45:][::-1],
            block[5:10],
            block[26:40][::-1],
            block[24:26],
            block[10:24][::-1],
            block[40:45],
            block[:5][::-1],
        )
        blocks.append("".join(parts))
    return "".join(blocks) + music


@given(st.text("ABC^-7 |,/b", max_size=240))
def test_shuffled_music_is_put_in_order(music: str) -> None:
    """Unshuffling is the inverse of the published shuffle, for every length."""
    assert unshuffled(shuffled(music)) == music


def test_a_shuffled_playlist_is_read_song_by_song() -> None:
    """Every song of an irealb playlist has its chords; abbreviations stand for what they mean."""
    music = "[T44C^7XyQLZA-7XyQLZD-7 G7 LZC^7XyQKclXyQZ"
    songs = "===".join(f"Tune {n}=Last First==Ballad=C==1r34LbKcu7{shuffled(music)}==72=0" for n in (1, 2))
    read = read_ireal(f"irealb://{songs}===My list", FOUR)
    assert [song.title for song in read] == ["Tune 1", "Tune 2"]
    assert PREFIX in songs
    assert write_chart(read[0].bars, FOUR) == "Cmaj7 | Am7 | Dm7 G7 | Cmaj7 | Cmaj7"
    assert read[0].tempo == 72


@pytest.mark.parametrize(
    "link",
    [
        "http://x",
        "irealb://",
        "irealb://a=b",
        "irealbook://a=b=c=C=n=%ZZ!",
        "irealbook://a=b=c=C=n=[T44 |Z",
        "irealbook://a=b=c=C=n=W/C Z",
    ],
)
def test_what_is_no_ireal_chart_is_an_error(link: str) -> None:
    """Other links, broken links and links without chords are told."""
    with pytest.raises(ChordError):
        read_ireal(link, FOUR)


CHORDPRO = """\
# a remark
{title: A Song}
{artist: Somebody}
{key: Am}
{time: 3/4}
{tempo: 96}
[Am]Words and [Dm/F]more words [*soft]
{start_of_tab}
[E]--0--
{end_of_tab}
[E7]end
"""
GRID = """\
{t:Grid}
{start_of_grid}
A   || Am . C/G . | F . . . |
    |: Dm . . . | % :| 2nd time
{eog}
"""


def test_chords_over_words_last_a_bar_each() -> None:
    """ChordPro gives words no beats: each chord is a bar, and a note says so."""
    song = read_chordpro(CHORDPRO, FOUR)
    assert (song.title, song.composer, song.key, str(song.metre), song.tempo) == (
        "A Song",
        "Somebody",
        Key("A", "minor"),
        "3/4",
        96,
    )
    assert write_chart(song.bars, song.metre) == "Am | Dm/F | E7"
    assert song.notes


def test_a_grid_is_read_bar_by_bar() -> None:
    """Margins are no music, points hold the chord, repeats are played."""
    song = read_song(GRID, FOUR)
    assert write_chart(song.bars, FOUR) == "Am C/G | F | Dm | Dm | Dm | Dm"


@given(
    st.text(max_size=120) | st.text("{}[]|:%/. AmC7#\n=x", max_size=80),
    st.sampled_from(("", "irealb://a=b==c=C==1r34LbKcu7", "irealbook://a=b=c=C=n=", "{title:x}\n")),
)
def test_no_text_raises_anything_but_our_errors(text: str, start: str) -> None:
    """Any text is a song whose bars are full, or one of our errors."""
    try:
        song = read_song(start + text, FOUR)
    except RequestError:
        return
    assert song.bars
    assert all(sum((beats for beats, _ in bar), Fraction(0)) == song.metre.upper for bar in song.bars)


@pytest.mark.parametrize(
    ("chart", "sections"),
    [
        ("[A]\n| C | F |\n[B]\n| G | C |", ((0, "A"), (2, "B"))),
        ("Verse 1:\nC | F\nChorus: G | C", ((0, "Verse 1"), (2, "Chorus"))),
        ("C | F\n[B] G | C", ((2, "B"),)),
        ("[A] |: C | F :|\n[B] G", ((0, "A"), (2, "A"), (4, "B"))),
        ("Title: X\nKey: C\n[A] C | F", ((0, "A"),)),
        ("{start_of_verse}\n[C]la [F]la\n{eov}\n{soc: Refrain}\n[G]la\n{eoc}", ((0, "Verse"), (2, "Refrain"))),
        ("{start_of_grid}\nA | C | F |\nB | G | C |\n{end_of_grid}", ((0, "A"), (2, "B"))),
        ("irealbook://X=Y=Z=C=n={*AT44C   |F   }*BG   |C   Z", ((0, "A"), (2, "A"), (4, "B"))),
        ("irealbook://X=Y=Z=C=n=[*iT44C   |*VF   Z", ((0, "Intro"), (1, "Verse"))),
        ("C | F", ()),
    ],
)
def test_rehearsal_marks_are_sections(chart: str, sections: tuple[tuple[int, str], ...]) -> None:
    """Every format's marks are known with the bars they stand at, repeats written out."""
    assert read_song(chart, FOUR).sections == sections


@pytest.mark.parametrize("text", ["Cadd9 | Cadd9/E", "Dadd9 | Gadd9", "Fr | C", "Am | G | F"])
def test_letters_are_chords_before_they_are_numerals(text: str) -> None:
    """With a key, Cadd9 is no cadential six-four: only what analysis names so (Cad64, Ger65, Fr43) is."""
    if text.startswith("Fr"):
        assert read_chart(text, FOUR, Key("C")) == read_chart("Fr43 | C", FOUR, Key("C"))
    else:
        assert read_chart(text, FOUR, Key("C")) == read_chart(text, FOUR)


@pytest.mark.parametrize(
    ("chart", "heading"),
    [
        ("Title: Blue\nKey: Cm\nTime: 3/4\nTempo: 120 bpm\n\nC | F", ("Blue", "Cm", "3/4", 120)),
        ("key: Eb\nC | F", ("", "Eb", "", 0)),
        ("{title: Blue}\n{key: Cm}\n{time: 6/8}\n[C]la", ("Blue", "Cm", "6/8", 0)),
        ("irealbook://Blue=Y=Z=C-=n=[T34C  |F  Z", ("Blue", "Cm", "3/4", 0)),
        ('<a href="irealbook://Blue=Y=Z=C-=n=[T34C  |F  Z">Blue</a>', ("Blue", "Cm", "3/4", 0)),
        ("C | F", ("", "", "", 0)),
    ],
)
def test_a_chart_says_what_it_is(chart: str, heading: tuple[str, str, str, int]) -> None:
    """Title, key, metre and tempo are read without reading the bars."""
    found = heading_of(chart)
    assert (found.title, found.key.short if found.key else "", str(found.metre or ""), found.tempo) == heading


@given(songs())
def test_rows_of_text_keep_the_sections(song: Song) -> None:
    """A song written as rows under its marks is read as the same bars and sections."""
    marked = song._replace(sections=((0, "A"), *(((len(song.bars) - 1, "Coda"),) if len(song.bars) > 1 else ())))
    again = read_song(write_song(marked), song.metre)
    assert (again.bars, again.sections) == (marked.bars, marked.sections)
    assert read_song(write_chordpro(marked), FOUR).sections == marked.sections


def test_a_mark_may_stand_before_any_bar_of_a_row() -> None:
    """As people write a whole chart on one line; chords in brackets alone are chords still."""
    song = read_song("[A] Dm7 | G7 | Cmaj7 | A7 | [B] Dm7 | G7", Metre.of("4/4"))
    over_words = read_song("[C] | [G]", Metre.of("4/4"))

    assert song.sections == ((0, "A"), (4, "B"))
    assert len(song.bars) == 6
    assert [str(chord) for bar in over_words.bars for _, chord in bar] == ["C", "G"]
