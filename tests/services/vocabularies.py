"""Eight genres as understanding sees them, small and fixed: the shipped tables may change without these tests."""

from __future__ import annotations

from types import MappingProxyType

from app.services.vocabulary import Application, Vocabulary

BAND = ("keys", "organ", "guitar", "bass", "drums", "horns", "strings", "choir", "pad", "melody")
Row = tuple[str, str, float, tuple[float, float], str, int, str, str]


def _genre(name: str, title: str, rows: tuple[Row, ...], **more: object) -> Vocabulary:
    """The first row is the default: name, words, tempo, range, metres, bars, keys, ensemble."""
    applications = {}
    for row, words, tempo, tempo_range, metres, bars, keys, ensemble in rows:
        applications[row] = Application(
            name=row,
            title=row.replace("_", " "),
            words=tuple(word.strip() for word in words.split(",") if word.strip()),
            tempo=tempo,
            tempo_range=tempo_range,
            metre=metres.split()[0],
            metres=tuple(metres.split()),
            bars=bars,
            keys=tuple(keys.split()),
            ensemble=tuple(ensemble.split()),
            form="",
            chorus_bars=bars,
        )
    given = {"roles": BAND} | more
    return Vocabulary(name, title, MappingProxyType(applications), rows[0][0], **given)  # type: ignore[arg-type]


JAZZ = _genre(
    "jazz",
    "Jazz",
    (
        ("swing", "straight ahead", 140, (100, 220), "4/4", 32, "Bb F Eb Cm", "keys bass drums"),
        ("bebop", "bop", 220, (170, 300), "4/4", 32, "Bb F Cm", "keys bass drums"),
        ("ballad", "jazz ballad", 62, (50, 76), "4/4", 32, "Eb Db Ebm", "keys bass drums"),
        ("waltz", "jazz waltz", 150, (96, 200), "3/4", 32, "F G Dm", "keys bass drums"),
        ("modal", "modal jazz", 138, (110, 230), "4/4", 32, "Dm Ebm", "keys bass drums"),
        ("fusion", "jazz rock", 104, (84, 132), "4/4", 32, "Em Am", "keys guitar bass drums"),
    ),
    words=MappingProxyType({"late-night": (("mood", "tender"),), "burning": (("application", "bebop"), ("tempo", "fast"))}),
)
BLUES = _genre(
    "blues",
    "Blues",
    (
        ("shuffle", "chicago blues", 116, (84, 140), "4/4", 24, "E A G", "guitar bass drums"),
        ("slow", "slow blues", 58, (48, 72), "12/8", 12, "G A C", "guitar organ bass drums"),
        ("minor", "minor blues", 100, (66, 140), "4/4 12/8", 24, "Am Dm Cm", "guitar bass drums"),
        ("jump", "jump blues", 168, (140, 210), "4/4", 24, "Bb F", "keys bass drums horns"),
        ("eight_bar", "", 92, (60, 120), "4/4", 16, "E A C", "keys bass drums"),
        ("delta", "country blues", 96, (70, 130), "4/4", 24, "G D E", "guitar"),
    ),
)
GOSPEL = _genre(
    "gospel",
    "Gospel",
    (
        ("contemporary", "urban gospel", 92, (72, 116), "4/4", 32, "Ab Db Fm", "keys organ bass drums choir"),
        ("traditional", "", 120, (96, 160), "4/4", 32, "F C", "keys organ bass drums"),
        ("worship", "praise and worship", 66, (54, 76), "12/8 6/8", 32, "Db Ab", "keys pad bass drums"),
        ("shout", "shout music", 240, (200, 260), "4/4", 32, "Ab F", "keys organ bass drums"),
        ("hymn", "", 84, (66, 100), "4/4 3/4", 16, "F Bb", "keys organ"),
    ),
)
CLASSICAL = _genre(
    "classical",
    "Classical",
    (
        ("chorale", "bach chorale", 72, (56, 88), "4/4 3/4", 16, "G Am", "soprano alto tenor bass"),
        ("minuet", "menuet", 126, (108, 144), "3/4", 32, "G F", "keys"),
        ("waltz", "viennese waltz", 168, (108, 200), "3/4", 32, "Ab Am", "keys"),
        ("sonatina", "alberti", 132, (108, 160), "4/4 2/4", 32, "C G Am", "keys"),
        ("nocturne", "", 66, (54, 76), "12/8 6/8", 32, "Ab Cm", "keys"),
        ("string_quartet", "chamber music", 120, (60, 152), "4/4 3/4", 32, "C D", "violin1 violin2 viola cello"),
    ),
    roles=("keys", "soprano", "alto", "tenor", "bass", "violin1", "violin2", "viola", "cello"),
)
NEOSOUL = _genre(
    "neosoul",
    "Neo-soul",
    (
        ("smooth", "", 84, (72, 98), "4/4", 32, "Db Ebm", "keys guitar bass drums"),
        ("dilla", "j dilla", 88, (80, 98), "4/4", 32, "Fm", "keys bass drums"),
        ("uptempo", "", 100, (94, 112), "4/4", 32, "Em", "keys guitar bass drums"),
        ("ballad", "", 66, (56, 74), "4/4 12/8", 32, "Ab", "keys bass drums"),
        ("quartal", "", 90, (76, 104), "4/4", 32, "Cm", "keys bass drums"),
    ),
)
REGGAE = _genre(
    "reggae",
    "Reggae",
    (
        ("one_drop", "roots", 74, (62, 84), "4/4", 32, "Am G", "keys organ guitar bass drums"),
        ("rockers", "", 76, (66, 86), "4/4", 32, "Dm", "keys organ guitar bass drums"),
        ("steppers", "", 70, (62, 76), "4/4", 32, "Dm", "keys organ guitar bass drums"),
        ("ska", "", 132, (110, 180), "4/4", 32, "F Bb", "keys guitar bass drums horns"),
        ("rocksteady", "", 84, (74, 94), "4/4", 32, "G C", "keys guitar bass drums"),
        ("dub", "", 72, (62, 80), "4/4", 32, "Am", "keys guitar bass drums"),
    ),
)
LATIN = _genre(
    "latin",
    "Latin",
    (
        ("salsa", "mambo", 184, (160, 220), "4/4", 32, "Am C", "keys bass drums horns"),
        ("son", "son cubano", 168, (130, 190), "4/4", 32, "G Am", "guitar bass drums"),
        ("bossa_nova", "bossa", 130, (110, 150), "4/4", 32, "C F Dm", "guitar keys bass drums"),
        ("samba", "", 100, (84, 120), "2/4", 32, "G Dm", "guitar bass drums"),
        ("cha_cha", "cha cha cha", 120, (108, 132), "4/4", 32, "Dm C", "keys bass drums"),
        ("bolero", "", 92, (72, 108), "4/4", 32, "Am C", "guitar keys bass drums"),
        ("rumba", "guaguanco", 200, (180, 240), "4/4", 32, "Dm", "drums"),
    ),
)
RNB = _genre(
    "rnb",
    "R&B",
    (
        ("classic_soul", "soul", 104, (60, 132), "4/4 12/8", 32, "F Dm", "keys guitar bass drums horns"),
        ("slow_jam", "quiet storm", 66, (56, 76), "4/4 12/8", 32, "Db", "keys bass drums strings"),
        ("motown", "", 126, (100, 150), "4/4", 32, "Eb", "keys guitar bass drums strings"),
        ("new_jack_swing", "", 108, (98, 118), "4/4", 32, "Cm", "keys bass drums"),
        ("contemporary", "", 92, (70, 104), "4/4", 32, "Bbm Db", "keys bass drums pad"),
        ("trap_soul", "trap", 134, (110, 150), "4/4", 32, "F#m C#m", "keys pad bass drums"),
    ),
    words=MappingProxyType({"808": (("application", "trap_soul"),), "sultry": (("mood", "tender"),)}),
)
GENRES = MappingProxyType({genre.name: genre for genre in (JAZZ, BLUES, GOSPEL, CLASSICAL, NEOSOUL, REGGAE, LATIN, RNB)})
