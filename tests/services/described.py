"""What people ask for, and how able a model its harmony needs: labelled by judgement, before and apart from any estimate.

`DESCRIBED` is written by someone who knows which words the estimate looks for; `IN_OTHER_WORDS` avoided them on purpose until
it was used to find what was missing. What the estimate does with words that nobody had in mind, `tests.services.held_out` says.

`quick`: a stock form or a few chords of the key, which a small model knows. `standard`: the style's richer vocabulary, named
techniques in their usual places, or a long form to keep in mind. `critical`: harmony that follows no pattern one could
copy, such as far keys in a plan, new languages, or several of these over a long form.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Described(NamedTuple):
    """One request. `bars` of None: no number was given beside the words."""

    genre: str
    words: str
    band: str
    bars: int | None = None


BAND_SCORES: Final = {"quick": range(1, 5), "standard": range(5, 8), "critical": range(8, 11)}

_JAZZ: Final = (
    ("quick", "simple C major jazz progression", 8),
    ("quick", "easy swing tune for my students, just ii-V-I in F", None),
    ("quick", "a basic jazz blues in B flat, medium tempo", 12),
    ("quick", "smoky late-night ballad with brushes, nothing fancy", 16),
    ("quick", "slow jazz waltz in G, warm and tender", 16),
    ("quick", "So What kind of vamp in D dorian", None),
    ("quick", "beginner friendly swing with walking bass", 8),
    ("quick", "medium swing in Eb, happy", None),
    ("standard", "sophisticated jazz progression with altered dominants", None),
    ("standard", "bebop in F at 240, rhythm changes with tritone substitutions in the A sections", 32),
    ("standard", "32 bar AABA standard with a bridge that goes to the relative minor and backdoor cadences", 32),
    ("standard", "advanced ballad changes in Db with chromatic passing chords and lots of substitutions", None),
    ("standard", "complex hard bop tune in C minor, detailed voice leading please", None),
    ("critical", "experimental avant-garde fusion with unusual modulations", None),
    ("critical", "Coltrane changes through all three key centres, something virtuosic and unconventional", 32),
    ("critical", "radical reinvention of a standard: polytonal, no functional cadences, innovative harmony", 64),
)
_BLUES: Final = (
    ("quick", "12 bar blues in A, shuffle", 12),
    ("quick", "plain old three-chord blues, please keep it simple", None),
    ("quick", "slow minor blues, late night, lots of space", 12),
    ("quick", "delta blues for solo guitar, raw and lonely", None),
    ("quick", "quick change blues in E with a turnaround", 12),
    ("quick", "eight bar blues in C like the old piano players", 8),
    ("quick", "jump blues in Bb, up tempo, party", 24),
    ("quick", "easy boogie for beginners", None),
    ("standard", "jazzy blues with tritone substitutions and a ii-V into the IV", 12),
    ("standard", "sophisticated west coast blues with passing diminished chords", None),
    ("standard", "Bird blues with descending ii-Vs all the way down", 12),
    ("standard", "an elaborate slow blues, secondary dominants everywhere, gospel flavoured ending", 24),
    ("standard", "minor blues with altered dominants, 36 bars so three choruses", 36),
    ("critical", "experimental blues that modulates every chorus and ends in a key nobody expects", 48),
    ("critical", "avant-garde take on the blues, bitonal, keep only the shape of the form", None),
    ("critical", "progressive blues epic with innovative chromatic mediants and unconventional form", 64),
)
_GOSPEL: Final = (
    ("quick", "simple worship ballad in G, four chords", 16),
    ("quick", "traditional hymn in F, SATB style", 16),
    ("quick", "uplifting gospel song with organ in Ab", None),
    ("quick", "a shout in F, fast, drums and organ", None),
    ("quick", "easy church song for a children's choir", 8),
    ("quick", "slow 6/8 worship, warm and reverent", None),
    ("quick", "hymn like Amazing Grace, plain", None),
    ("quick", "praise break, high energy, one chord is fine", 16),
    ("standard", "contemporary gospel in Db with passing diminished chords and 2-5-1s into everything", None),
    ("standard", "sophisticated choir arrangement with a step-up modulation at the end", 32),
    ("standard", "reharmonized hymn with secondary dominants and tritone subs in the last verse", 24),
    ("standard", "advanced gospel chords, lots of movement in the walk-ups", None),
    ("standard", "ballad with rich harmony, borrowed minor iv and a modulation up a half step", 32),
    ("critical", "experimental gospel with modulations to distant keys, very advanced reharmonization throughout", 48),
    ("critical", "innovative, unconventional choir piece with polytonal clusters and negative harmony", None),
    ("critical", "virtuosic gospel fusion, radical substitutions on every beat, changes key four times", 40),
)
_CLASSICAL: Final = (
    ("quick", "a simple chorale in C major", 8),
    ("quick", "little minuet in G, easy for piano beginners", 16),
    ("quick", "Alberti bass sonatina in C, cheerful", 16),
    ("quick", "waltz in A minor, nostalgic", None),
    ("quick", "calm nocturne in E flat", None),
    ("quick", "lullaby for string quartet, diatonic", 16),
    ("quick", "basic I IV V I exercise in D", 4),
    ("quick", "stately chorale, slow, with a plagal ending", None),
    ("standard", "chorale in B minor with suspensions, secondary dominants and a Neapolitan before the cadence", 16),
    ("standard", "sonatina exposition that modulates to the dominant and comes back", 32),
    ("standard", "an intricate string quartet movement with augmented sixth chords", None),
    ("standard", "romantic nocturne, detailed chromatic inner lines and a modulation to the relative major", 24),
    ("standard", "sophisticated minuet and trio, the trio in the subdominant", 32),
    ("critical", "late romantic prelude with constant enharmonic modulations, Tristan like, never resolving", 32),
    ("critical", "experimental piece between tonality and atonality for string quartet, innovative harmonic language", None),
    ("critical", "avant-garde nocturne, unconventional and complex, with bitonal passages", 40),
)
_NEOSOUL: Final = (
    ("quick", "chill neo soul loop in D minor", 4),
    ("quick", "smooth two chord vamp with Rhodes", None),
    ("quick", "simple lo-fi neosoul groove, laid back", 8),
    ("quick", "Dilla style beat with a four chord loop", 8),
    ("quick", "slow ballad in Eb, rainy day mood", 16),
    ("quick", "something easy and warm, like D'Angelo on a lazy Sunday", None),
    ("quick", "upbeat neo-soul in A minor, danceable", None),
    ("quick", "basic minor 9 chords going down by step", 8),
    ("standard", "sophisticated neo soul with chromatic mediants and sus chords", None),
    ("standard", "quartal voicings with tritone substitutions leading back to the top", 16),
    ("standard", "advanced Robert Glasper type chords, borrowed from minor, with backdoor cadences", 16),
    ("standard", "intricate verse and chorus with a modulation for the bridge", 40),
    ("standard", "altered dominants and passing diminished chords over a slow groove", None),
    ("critical", "experimental neo soul, unusual modulations, innovative harmony that never repeats", 32),
    ("critical", "progressive soul suite with planing, polytonal pads and unconventional form", 64),
    ("critical", "futuristic avant garde neo-soul with complex chromatic harmony", None),
)
_REGGAE: Final = (
    ("quick", "one drop in A minor, two chords", 16),
    ("quick", "sunny reggae in G", None),
    ("quick", "simple roots reggae loop, very chill", 8),
    ("quick", "dub with lots of space and echo", None),
    ("quick", "ska tune in C, fast and fun", 16),
    ("quick", "rocksteady love song in F", 16),
    ("quick", "steppers riddim, minor, militant", 8),
    ("quick", "easy reggae like Bob Marley", None),
    ("standard", "jazzy ska with ii-V-Is and secondary dominants, Skatalites style", 32),
    ("standard", "sophisticated lovers rock with maj7 chords and a key change for the last chorus", 40),
    ("standard", "rocksteady with a bridge in the relative major and some chromatic passing chords", 32),
    ("standard", "complex reggae with a detailed horn-style chord movement", None),
    ("standard", "reggae with borrowed chords and a backdoor cadence", 16),
    ("critical", "experimental dub, modulating to far keys, unconventional chords", 48),
    ("critical", "avant-garde reggae with polytonal stabs and innovative harmony", None),
    ("critical", "progressive ska with virtuosic modulations, Coltrane changes in the bridge", 40),
)
_LATIN: Final = (
    ("quick", "simple salsa montuno in C minor, i iv V", 8),
    ("quick", "cha-cha in G, easy and danceable", 16),
    ("quick", "son cubano, traditional, in D", None),
    ("quick", "happy samba for a party", None),
    ("quick", "gentle bossa nova in F, for cocktails", None),
    ("quick", "slow bolero in A minor, romantic", 16),
    ("quick", "basic bossa, just ii V I in C", 8),
    ("quick", "rumba with congas, one chord", None),
    ("standard", "Jobim style bossa nova with tritone substitutions and chromatic bass", 32),
    ("standard", "sophisticated bolero with secondary dominants and a major section in the middle", 32),
    ("standard", "Latin jazz with altered dominants over a 2-3 clave", None),
    ("standard", "advanced samba harmony, lots of diminished passing chords", 24),
    ("standard", "bossa with a modulation down a half step in the B part, like Girl from Ipanema", 40),
    ("critical", "experimental Afro-Cuban fusion with unusual modulations and unconventional meters", None),
    ("critical", "avant-garde samba, innovative polytonal harmony", 32),
    ("critical", "virtuosic songo with radical reharmonization, a new key every eight bars and complex substitutions", 64),
)
_RNB: Final = (
    ("quick", "slow jam in Eb minor", None),
    ("quick", "simple motown groove in C", 8),
    ("quick", "90s new jack swing, upbeat, four chords", 16),
    ("quick", "classic soul like Otis Redding", None),
    ("quick", "trap soul loop, dark, minor", 4),
    ("quick", "easy R&B ballad for a wedding", 16),
    ("quick", "I want a smooth contemporary R&B beat in F sharp minor with electric piano, 70 bpm", None),
    ("quick", "basic doo-wop progression, I vi IV V", 8),
    ("standard", "sophisticated slow jam with altered dominants and a modulation before the last chorus", None),
    ("standard", "Stevie Wonder type changes with chromatic mediants and secondary dominants", 24),
    ("standard", "advanced soul chords with tritone subs into each section", 16),
    ("standard", "verse, pre-chorus, chorus and bridge, each with its own chords, and a step-up modulation at the end", 48),
    ("standard", "rich harmony in the style of Quincy Jones, intricate turnarounds", 32),
    ("critical", "experimental R&B with unconventional modulations, like nothing on the radio", 32),
    ("critical", "innovative alt-R&B, atonal pads over a groove, radical chords", None),
    ("critical", "a complex, progressive soul odyssey that passes through six unrelated keys with planing chords", 64),
)
_BY_GENRE: Final = {
    "jazz": _JAZZ, "blues": _BLUES, "gospel": _GOSPEL, "classical": _CLASSICAL, "neosoul": _NEOSOUL, "reggae": _REGGAE,
    "latin": _LATIN, "rnb": _RNB,
}  # fmt: skip

DESCRIBED: Final = tuple(Described(genre, words, band, bars) for genre, rows in _BY_GENRE.items() for band, words, bars in rows)

_OTHERWISE: Final = (
    ("jazz", "quick", "something my grandma could hum, piano and bass", None),
    ("jazz", "quick", "Autumn Leaves kind of changes", 16),
    ("jazz", "standard", "give it those crunchy Bill Evans chords, moving inner voices", None),
    ("jazz", "standard", "Giant Steps", 16),
    ("jazz", "critical", "really out there, like late Coltrane meets Schoenberg, no home key", None),
    ("blues", "quick", "Muddy Waters, one guitar, stomping foot", None),
    ("blues", "standard", "the fancy kind of blues Charlie Parker played, a new chord every two beats", 12),
    ("blues", "critical", "take the blues apart so that nobody recognises it, weird chords only", None),
    ("gospel", "quick", "Sunday morning song everyone can sing along to", None),
    ("gospel", "standard", "Kirk Franklin vamp that goes up a half step three times", None),
    ("gospel", "critical", "Jacob Collier style microshifts, every verse in a stranger key", 48),
    ("classical", "quick", "piano piece for a seven year old", 8),
    ("classical", "standard", "Bach chorale that wanders to the dominant, the relative minor and home", 16),
    ("classical", "critical", "twelve tone row, Second Viennese School", 24),
    ("neosoul", "quick", "lazy groove to study to", None),
    ("neosoul", "standard", "Hiatus Kaiyote: chords that never sit still", 16),
    ("neosoul", "critical", "each bar in a key that has nothing to do with the last one", 32),
    ("reggae", "quick", "beach bar on a Sunday", None),
    ("reggae", "standard", "reggae for jazz players who get bored with three chords", None),
    ("reggae", "critical", "dub from another planet, chords no human has heard", None),
    ("latin", "quick", "music for a salsa class, first lesson", None),
    ("latin", "standard", "Wave and Corcovado in one tune, with the same winding changes", 32),
    ("latin", "critical", "Hermeto Pascoal at his wildest, clashing keys at once", None),
    ("rnb", "quick", "late night drive, just vibes", 8),
    ("rnb", "standard", "big key change before the last chorus like Whitney", 32),
    ("rnb", "critical", "Frank Ocean's strangest song, chords that refuse to resolve through every key there is", 40),
)

IN_OTHER_WORDS: Final = tuple(Described(genre, words, band, bars) for genre, band, words, bars in _OTHERWISE)
