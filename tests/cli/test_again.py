"""`octet regenerate` and `octet vary`: from the file alone, one thing anew and the rest as it was."""

from __future__ import annotations

from pathlib import Path

import mido
import pytest

from tests.cli.conftest import Octet


def _tracks(path: Path) -> dict[str, list[str]]:
    return {track.name: [str(event) for event in track if not event.is_meta] for track in mido.MidiFile(path).tracks}


@pytest.fixture
def song(octet: Octet, place: Path) -> Path:
    """A piece of Motown, made."""
    assert octet("generate", "rnb", "motown in Eb", "--bars", "16", "--seed", "4", "-o", "song.mid", "-q").status == 0
    return place / "song.mid"


def test_one_part_is_made_anew(octet: Octet, song: Path) -> None:
    """The bass changes; every other track keeps its bytes."""
    assert octet("regenerate", "song.mid", "--part", "bass", "--seed", "9", "-o", "other.mid").status == 0
    before, after = _tracks(song), _tracks(song.with_name("other.mid"))

    assert {name for name in before if before[name] != after[name]} == {"Bass"}


def test_one_section_of_a_part_is_made_anew(octet: Octet, song: Path) -> None:
    """The keys change in the second section only."""
    form = next(
        line for line in octet("generate", "rnb", "motown in Eb", "--bars", "16", "--seed", "4", "-o", "x.mid").out.splitlines()
    )
    assert "16 bars" in form
    names = [event.text for event in mido.MidiFile(song).tracks[0] if event.type == "marker"]
    assert octet("regenerate", "song.mid", "--part", "keys", "--section", names[1], "--seed", "9", "-o", "other.mid").status == 0
    starts = [_starts(path) for path in (song, song.with_name("other.mid"))]
    middle = 8 * 1920 - 60

    assert [note for note in starts[0] if note[0] < middle] == [note for note in starts[1] if note[0] < middle]
    assert starts[0] != starts[1]


def test_a_section_is_found_by_its_letter(octet: Octet, place: Path) -> None:
    """`B` is enough where the markers say "Head B"; a letter that several sections share is not."""
    assert octet("generate", "jazz", "--bars", "32", "--form", "AABA", "--seed", "4", "-o", "song.mid", "-q").status == 0
    assert octet("regenerate", "song.mid", "--part", "bass", "--section", "B", "--seed", "9", "-o", "other.mid").status == 0
    before, after = _tracks(place / "song.mid"), _tracks(place / "other.mid")
    assert {name for name in before if before[name] != after[name]} == {"Bass"}

    assert octet("regenerate", "song.mid", "--part", "bass", "--section", "A", "-o", "third.mid").status == 2


def _starts(path: Path) -> list[tuple[int, int]]:
    keys = next(track for track in mido.MidiFile(path).tracks if track.name == "Keys")
    now, found = 0, []
    for event in keys:
        now += event.time
        if event.type == "note_on" and event.velocity:
            found.append((now, event.note))
    return found


def test_a_regenerated_file_can_be_regenerated(octet: Octet, song: Path) -> None:
    """What was made anew before stays when another part follows."""
    octet("regenerate", "song.mid", "--part", "bass", "--seed", "9", "-o", "second.mid")
    octet("regenerate", "second.mid", "--part", "drums", "--seed", "3", "-o", "third.mid")
    second, third = _tracks(song.with_name("second.mid")), _tracks(song.with_name("third.mid"))

    assert {name for name in second if second[name] != third[name]} == {"Drums"}


def test_variations_keep_what_is_locked(octet: Octet, song: Path) -> None:
    """Two variations beside the file: the drums as they were, the bass otherwise in each."""
    assert octet("vary", "song.mid", "--n", "2", "--lock", "drums").out.split() == ["song-1.mid", "song-2.mid"]
    first, *others = (_tracks(song.with_name(name)) for name in ("song.mid", "song-1.mid", "song-2.mid"))

    assert all(other["Drums"] == first["Drums"] for other in others)
    assert len({str(tracks["Bass"]) for tracks in (first, *others)}) == 3


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (("regenerate", "song.mid", "-o", "x.mid"), "which part"),
        (("regenerate", "song.mid", "--part", "bass"), "where to"),
        (("regenerate", "song.mid", "--part", "kazoo", "-o", "x.mid"), "kazoo"),
        (("regenerate", "song.mid", "--part", "bass", "--section", "Chorus 9", "-o", "x.mid"), "there are"),
        (("regenerate", "absent.mid", "--part", "bass", "-o", "x.mid"), "absent.mid"),
        (("vary", "song.mid", "--n", "0"), "1 to"),
        (("vary", "song.mid", "--lock", "kazoo"), "the file has"),
    ],
)
def test_a_wrong_request_is_one_line(octet: Octet, song: Path, command: tuple[str, ...], says: str) -> None:
    """Status 2, one sentence, nothing written."""
    ran = octet(*command)

    assert (ran.status, ran.err.count("\n")) == (2, 1)
    assert says in ran.err
    assert not song.with_name("x.mid").exists()


def test_a_strangers_file_is_refused(octet: Octet, place: Path) -> None:
    """A MIDI file without a request in it says so."""
    mido.MidiFile(tracks=[mido.MidiTrack()]).save(place / "other.mid")

    assert "only files that Octet wrote" in octet("regenerate", "other.mid", "--part", "bass", "-o", "x.mid").err
