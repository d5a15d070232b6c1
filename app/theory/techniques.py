"""Names of harmonic techniques, of ways to play and of forms: one canonical name each, with the words people use for it.

Words are lower case, without hyphens and in the singular: reading takes "II-V-I", "ii v i" and plurals alike.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

TECHNIQUES: Final = MappingProxyType(
    {  # canonical name → words
        "secondary dominant": ("secondary dominant", "applied dominant", "v of v", "v/v", "tonicization", "tonicisation"),
        "ii-V": ("ii v", "ii v i", "ii v 1", "ii7 v7", "ii7 v7 i", "2 5", "2 5 1", "251", "two five", "two five one"),
        "secondary ii-V": (
            "secondary ii v", "extended ii v", "ii v insertion", "secondary two five", "ii v of", "related ii v",
        ),
        "tritone substitution": (
            "tritone substitution", "tritone substitute", "tritone sub", "tri tone sub", "tri tone substitution", "tritone",
            "sub v", "subv", "subv7", "flat five substitution", "substitute dominant",
        ),
        "backdoor": (
            "backdoor", "back door", "backdoor dominant", "backdoor progression", "backdoor cadence", "backdoor ii v",
            "backdoor resolution", "backdoor substitution", "back door progression", "back door cadence", "bvii7",
        ),
        "passing diminished": (
            "passing diminished", "passing diminished chord", "passing diminished seventh", "diminished passing chord",
            "passing dim", "diminished passing", "diminished walk up", "passing chord", "diminished", "diminished chord",
            "diminished seventh",
        ),
        "common-tone diminished": (
            "common tone diminished", "common tone diminished seventh", "common tone dim", "auxiliary diminished",
        ),
        "modal interchange": (
            "modal interchange", "borrowed chord", "modal mixture", "mode mixture", "parallel minor", "minor iv",
            "minor four", "minor four chord", "iv minor", "borrowing", "borrowed harmony", "minor subdominant",
        ),
        "chromatic mediant": ("chromatic mediant", "mediant", "mediant shift", "third relation", "chromatic third"),
        "planing": (
            "planing", "parallel chord", "parallel harmony", "parallelism", "constant structure", "parallel motion", "planed",
        ),
        "line cliche": (
            "line cliche", "cliche line", "chromatic line", "chromatic inner line", "descending chromatic line",
            "descending line", "james bond line",
        ),
        "lament bass": (
            "lament bass", "lament", "descending tetrachord", "chromatic lament", "descending bass line", "descending bass",
        ),
        "andalusian cadence": ("andalusian cadence", "andalusian", "phrygian cadence", "phrygian half cadence"),
        "pedal point": (
            "pedal point", "pedal tone", "bass pedal", "pedal bass", "pedal", "drone", "tonic pedal", "dominant pedal",
        ),
        "Coltrane changes": (
            "coltrane change", "coltrane", "coltrane cycle", "coltrane matrix", "coltrane substitution", "giant step",
            "giant steps change", "major third cycle", "cycle of major third", "multi tonic", "three tonic",
        ),
        "altered dominant": (
            "altered dominant", "altered chord", "altered", "altered harmony", "altered v", "alt chord", "alt dominant",
            "7alt", "v7alt", "altered seventh", "altered tension", "altered scale", "altered dominant chord",
            "altered dominant seventh",
        ),
        "modulation": (
            "modulation", "modulate", "modulating", "modulated", "key change", "change key", "changing key", "change of key",
            "pivot chord", "pivot modulation", "pivot", "tonal shift", "new key", "shift key",
        ),
        "step-up modulation": (
            "truck driver modulation", "truck driver key change", "truck driver", "key change up", "step up modulation",
            "gear change", "half step up", "half step modulation", "half step key change", "whole step up", "up a half step",
            "up a whole step", "up a semitone", "up a tone", "up a step", "step up key change", "key change up a step",
            "key change up a half step",
        ),
        "suspension": (
            "suspension", "suspended chord", "suspended", "sus chord", "sus", "sus4", "sus2", "9sus4", "13sus4",
            "sus dominant",
        ),
        "deceptive cadence": ("deceptive cadence", "deceptive", "deceptive resolution", "interrupted cadence", "false cadence"),
        "plagal cadence": (
            "plagal cadence", "plagal", "amen", "amen cadence", "amen ending", "plagal ending", "plagal amen",
            "plagal amen ending",
        ),
        "half cadence": ("half cadence", "imperfect cadence", "half close"),
        "authentic cadence": ("authentic cadence", "perfect cadence", "perfect authentic cadence", "full close"),
        "Neapolitan": ("neapolitan", "neapolitan sixth", "neapolitan 6th", "neapolitan chord", "neapolitan sixth chord"),
        "augmented sixth": (
            "augmented sixth", "augmented 6th", "aug sixth", "aug 6th", "italian sixth", "german sixth", "french sixth",
            "augmented sixth chord", "augmented 6th chord", "italian 6th", "german 6th", "french 6th",
        ),
        "Picardy third": ("picardy third", "picardy", "picardy 3rd", "picardy ending", "tierce de picardie"),
        "cadential six-four": ("cadential six four", "cadential 6 4", "cadential 64", "cadential 6/4"),
        "sequence": ("sequence", "sequential", "harmonic sequence", "descending sequence", "ascending sequence"),
        "circle of fifths": (
            "circle of fifth", "circle of 5th", "cycle of fifth", "cycle of 5th", "descending fifth", "falling fifth",
            "circle progression", "fifths sequence", "sequence of fifth", "sequence by fifth",
        ),
        "turnaround": (
            "turnaround", "turn around", "turnback", "i vi ii v", "1 6 2 5", "one six two five", "i vi ii v i", "1625",
            "3 6 2 5", "iii vi ii v", "3 6 2 5 1", "iii vi ii v i",
        ),
        "quick change": ("quick change", "quick iv", "quick four"),
        "quartal harmony": (
            "quartal", "quartal harmony", "quartal chord", "quartal voicing", "stacked fourth", "fourth chord",
            "so what chord", "so what voicing", "in fourth", "voiced in fourth",
        ),
        "upper structure": ("upper structure", "upper structure triad", "upper structure chord", "polychord"),
        "slash chord": ("slash chord", "inversion", "chord inversion", "inverted chord"),
        "walk-up": ("walk up", "walkup", "bass walk up", "2 5 1 walk up", "chromatic walk up", "walk down", "walkdown"),
        "side-slip": (
            "side slip", "sideslip", "side slipping", "side stepping", "chromatic side slip", "slip chord", "chromatic slip",
            "half step slip",
        ),
        "chromatic approach": (
            "chromatic approach", "approach chord", "chromatic approach chord", "chromatic passing chord", "chromaticism",
        ),
        "extended chords": (
            "extended chord", "extended harmony", "extension", "chord extension", "ninth", "ninth chord", "9th", "9th chord",
            "eleventh", "11th", "thirteenth", "13th", "13th chord", "upper extension", "lush chord", "rich chord",
            "jazzy chord", "rich harmony", "lush harmony", "rich harmonies", "lush harmonies", "extended harmonies", "maj9",
            "m9", "m11", "add9",
        ),
        "reharmonization": (
            "reharmonization", "reharmonisation", "reharmonized", "reharmonised", "reharm", "reharmed", "chord substitution",
            "substitution", "reharmonize", "reharmonise",
        ),
    }
)  # fmt: skip

PLAIN: Final = frozenset(
    {  # techniques that every beginner plays: asking for one makes nothing harder
        "ii-V", "turnaround", "plagal cadence", "half cadence", "authentic cadence", "suspension", "pedal point", "quick change",
        "slash chord", "walk-up",
    }
)  # fmt: skip

PLAYING: Final = MappingProxyType(
    {  # canonical name → the role it needs ("" for none of its own), and words
        "brushes": ("drums", (
            "brush", "brushes", "brushed", "brushwork", "brushed drum", "brushed snare", "brushes on the snare",
        )),
        "cross-stick": ("drums", (
            "cross stick", "crossstick", "side stick", "sidestick", "rim click", "rimclick", "rim shot", "rimshot",
        )),
        "four on the floor": ("drums", (
            "four on the floor", "4 on the floor", "four to the floor", "4 to the floor", "four on floor",
        )),
        "half-time": ("", ("half time", "halftime", "half time feel", "half time groove")),
        "double-time": ("", ("double time", "doubletime", "double time feel")),
        "ghost notes": ("drums", ("ghost note", "ghosted note", "ghosted snare", "ghost snare")),
        "drum fills": ("drums", ("drum fill", "fill", "big fill")),
        "hi-hat rolls": ("drums", ("hi hat roll", "hihat roll", "hat roll", "triplet hat", "rolling hat", "rolling hi hat")),
        "claps": ("drums", ("hand clap", "handclap", "clap", "clapping")),
        "finger snaps": ("drums", ("finger snap", "fingersnap", "snap")),
        "tambourine": ("drums", ("tambourine",)),
        "backbeat": ("drums", ("backbeat", "back beat", "heavy backbeat")),
        "walking bass": ("bass", (
            "walking bass", "walking bass line", "walking bassline", "bass walking", "walking", "walk the bass", "bass walk",
        )),
        "two-feel": ("bass", ("two feel", "2 feel", "in two feel", "in 2 feel", "two beat", "in two", "in 2", "two beat feel")),
        "slap bass": ("bass", ("slap bass", "slapped bass", "slap and pop")),
        "bass riff": ("bass", ("bass riff", "riff bass", "bass ostinato", "ostinato bass")),
        "808": ("bass", ("808", "808 bass", "808s", "sub bass", "808 sub")),
        "tumbao": ("bass", ("tumbao", "bass tumbao")),
        "montuno": ("keys", ("montuno", "piano montuno", "guajeo")),
        "boogie": ("", ("boogie", "boogie woogie", "boogie bass", "boogie pattern", "boogie figure")),
        "arco": ("", ("arco", "bowed", "bowed bass")),
        "pizzicato": ("", ("pizzicato", "pizz", "plucked")),
        "tremolo": ("", ("tremolo",)),
        "legato": ("", ("legato",)),
        "staccato": ("", ("staccato", "short notes")),
        "fingerpicking": ("guitar", (
            "fingerpicked", "fingerpicking", "finger picking", "finger picked", "fingerstyle", "finger style",
        )),
        "palm mute": ("guitar", ("palm mute", "palm muted", "palm muting", "muted guitar")),
        "slide": ("guitar", ("slide guitar", "bottleneck", "slide")),
        "wah": ("guitar", ("wah", "wah wah", "wah guitar")),
        "four-to-the-bar": ("guitar", ("four to the bar", "freddie green", "4 to the bar")),
        "skank": ("", ("skank", "skanking", "guitar skank", "offbeat chop", "chop", "upstroke")),
        "bubble": ("organ", ("bubble", "organ bubble", "bubbling organ", "bubbling")),
        "organ swells": ("organ", ("organ swell", "swell", "leslie")),
        "rootless voicings": ("keys", ("rootless voicing", "rootless", "rootless chord", "bill evans voicing")),
        "shell voicings": ("keys", ("shell voicing", "shell", "shell chord", "guide tone", "guide tones")),
        "block chords": ("keys", ("block chord", "locked hand", "locked hands", "block voicing")),
        "spread voicings": ("keys", ("spread voicing", "open voicing", "wide voicing")),
        "close voicings": ("keys", ("close voicing", "closed voicing", "tight voicing")),
        "drop-2 voicings": ("", ("drop 2", "drop two", "drop 2 voicing", "drop two voicing")),
        "stride": ("keys", ("stride", "stride piano")),
        "Alberti bass": ("", ("alberti", "alberti bass", "alberti figuration")),
        "arpeggios": ("", ("arpeggio", "arpeggiated", "broken chord", "arpeggiated chord")),
        "comping": ("", ("comping", "comp")),
        "charleston": ("keys", ("charleston", "charleston rhythm")),
        "off-beats": ("", ("offbeat", "off beat", "on the offbeat")),
        "syncopation": ("", ("syncopated", "syncopation", "syncopate")),
        "call and response": ("", ("call and response", "call & response", "call response")),
        "stop time": ("", ("stop time", "stoptime")),
        "riffs": ("", ("riff", "riffing", "shout riff")),
        "trading fours": ("", ("trading four", "trade four", "trading 4s")),
        "laid back": ("", ("laid back", "behind the beat", "lay back", "laidback", "dragging", "drunken", "lazy feel", "lazy")),
        "on top": ("", ("on top of the beat", "ahead of the beat", "pushing the beat")),
        "rushed": ("", ("rushed", "rushed snare")),
        "rubato": ("", ("rubato", "tempo rubato", "free time", "out of time")),
        "ritardando": ("", ("ritardando", "rit", "ritard", "rallentando", "slow down at the end", "slowing down at the end")),
        "build": ("", (
            "build", "building", "build up", "buildup", "crescendo", "gradually louder", "get louder", "gets louder",
            "getting louder", "louder and louder", "growing", "grows", "get bigger", "gets bigger", "getting bigger",
        )),
        "die away": ("", (
            "diminuendo", "decrescendo", "die away", "dies away", "dying away", "get quieter", "gets quieter",
            "getting quieter", "gradually softer", "gradually quieter", "wind down", "winds down", "winding down", "morendo",
        )),
        "fade out": ("", ("fade out", "fades out", "fadeout", "fading out", "fade away", "fades away", "fade")),
        "clave 3-2": ("", (
            "3 2 clave", "clave 3 2", "3 2 son clave", "three two clave", "son clave 3 2", "3:2 clave", "forward clave",
        )),
        "clave 2-3": ("", (
            "2 3 clave", "clave 2 3", "2 3 son clave", "two three clave", "son clave 2 3", "2:3 clave", "reverse clave",
        )),
        "rumba clave": ("", ("rumba clave", "3 2 rumba clave", "2 3 rumba clave")),
        "bossa clave": ("", ("bossa clave",)),
        "drop-outs": ("", ("drop out", "dropout", "drops out", "breakdown")),
        "echo": ("", ("echo", "delay", "dub echo", "space echo", "reverb")),
    }
)  # fmt: skip

FORMS: Final = MappingProxyType(
    {  # canonical name → bars of once through (0: not fixed), and words
        "AABA": (32, ("aaba", "32 bar aaba", "32 bar song form", "song form", "american songbook form", "standard form")),
        "ABAC": (32, ("abac",)),
        "ABAB": (0, ("abab",)),
        "AABB": (0, ("aabb",)),
        "AAB": (0, ("aab", "bar form")),
        "ABA": (0, ("aba", "ternary", "ternary form", "da capo", "da capo form", "three part form")),
        "AB": (0, ("binary", "binary form", "two part form", "rounded binary", "rounded binary form")),
        "12-bar blues": (12, (
            "12 bar blues", "twelve bar blues", "12 bar form", "twelve bar form", "blues form", "blues progression",
        )),
        "8-bar blues": (8, ("8 bar blues", "eight bar blues", "8 bar form", "eight bar form")),
        "16-bar blues": (16, ("16 bar blues", "sixteen bar blues")),
        "rhythm changes": (32, ("rhythm change", "i got rhythm", "i got rhythm change", "anthropology change")),
        "verse-chorus": (0, ("verse chorus form", "verse and chorus form", "pop form", "verse chorus song", "song structure")),
        "period": (0, ("period", "antecedent consequent", "antecedent and consequent", "question and answer")),
        "minuet and trio": (0, ("minuet and trio", "trio and da capo", "with a trio")),
        "ABACA": (0, ("abaca", "rondo", "rondo form")),
        "sonata": (0, ("sonata form", "sonata allegro form", "sonata allegro")),
        "theme and variations": (0, (
            "theme and variation", "variation form", "variations on a theme", "theme with variation", "theme and two variation",
            "theme and three variation", "theme and four variation", "theme and 2 variation", "theme and 3 variation",
            "theme and 4 variation",
        )),
        "through-composed": (0, ("through composed", "through composed form")),
        "vamp": (0, (
            "vamp", "two chord vamp", "one chord vamp", "loop", "four chord loop", "two chord loop", "looped", "looping",
        )),
    }
)  # fmt: skip

SECTIONS: Final = MappingProxyType(
    {  # kinds of `app.theory.form.Section` → words
        "intro": ("intro", "introduction", "opening"),
        "verse": ("verse", "stanza"),
        "prechorus": ("prechorus", "pre chorus"),
        "chorus": ("chorus", "choruses", "refrain", "hook", "shout chorus"),
        "bridge": ("bridge", "middle eight", "middle 8", "b section", "release"),
        "head": ("head", "theme", "main theme"),
        "solo": ("solo section", "improvisation", "solo chorus"),
        "break": ("break", "breaks", "interlude"),
        "tag": ("tag", "tag ending"),
        "ending": ("ending", "outro", "coda", "big ending", "big finish"),
    }
)
