"""What words say about anything but harmony, playing, form and instruments: one table a kind.

Words are in lower case, in the singular and without hyphens, as reading folds them.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

MOODS: Final = MappingProxyType(
    {  # name → the mode it leans to when no key is said, the intensity it leans to, and words
        "dark": ("minor", 0.45, (
            "dark", "darker", "smoky", "moody", "brooding", "gloomy", "noir", "ominous", "sinister", "haunting", "haunted",
            "shadowy", "somber", "sombre", "menacing",
        )),
        "sad": ("minor", 0.35, (
            "sad", "sorrowful", "mournful", "melancholy", "melancholic", "heartbroken", "heartbreak", "tearful", "lonely",
            "lonesome", "wistful", "bittersweet", "plaintive", "weeping", "dolente", "mesto", "grieving",
        )),
        "mysterious": ("minor", 0.4, ("mysterious", "mystical", "enigmatic", "eerie", "exotic", "spooky")),
        "tense": ("minor", 0.65, (
            "tense", "suspenseful", "anxious", "nervous", "restless", "agitato", "agitated", "dramatic", "urgent",
        )),
        "bright": ("major", 0.6, (
            "bright", "brighter", "sunny", "shiny", "shimmering", "sparkling", "radiant", "breezy", "summery", "optimistic",
        )),
        "joyful": ("major", 0.7, (
            "joyful", "joyous", "happy", "cheerful", "celebratory", "jubilant", "exuberant", "feel good", "upbeat",
            "uplifting", "festive", "giocoso", "triumphant", "merry", "hopeful", "jolly",
        )),
        "tender": ("", 0.3, (
            "tender", "tenderly", "delicate", "intimate", "sweet", "gentle", "gently", "dolce", "lullaby", "touching",
            "fragile",
        )),
        "romantic": ("", 0.4, (
            "romantic", "love", "lovely", "sensual", "sexy", "sultry", "seductive", "passionate", "amoroso", "sensuous",
        )),
        "calm": ("", 0.3, (
            "calm", "peaceful", "serene", "relaxed", "relaxing", "tranquil", "tranquillo", "meditative", "restful",
            "soothing", "chill", "chilled", "chilled out", "mellow mood", "easygoing", "easy going", "quiet mood", "still",
        )),
        "mellow": ("", 0.35, (
            "mellow", "warm", "cozy", "cosy", "late night", "after hours", "midnight", "velvety", "silky", "rainy",
            "rainy day", "smooth",
        )),
        "dreamy": ("", 0.35, (
            "dreamy", "dreamlike", "ethereal", "floating", "floaty", "hazy", "spacey", "spacious", "ambient", "atmospheric",
            "misty", "celestial", "otherworldly",
        )),
        "driving": ("", 0.75, (
            "driving", "propulsive", "relentless", "pushing", "pumping", "insistent", "hard driving", "con moto", "con brio",
            "danceable", "dance", "party", "rollicking", "foot stomping",
        )),
        "aggressive": ("minor", 0.9, (
            "aggressive", "angry", "fierce", "raw", "wild", "furious", "furioso", "heavy hitting", "ferocious",
        )),
        "playful": ("major", 0.55, (
            "playful", "quirky", "whimsical", "humorous", "scherzando", "cheeky", "bouncy", "cute", "lighthearted",
            "light hearted", "fun", "funny",
        )),
        "nostalgic": ("", 0.4, (
            "nostalgic", "old school", "vintage", "retro", "reminiscent", "sentimental", "yearning", "longing", "old time",
            "old fashioned",
        )),
        "majestic": ("major", 0.75, (
            "majestic", "maestoso", "grand", "epic", "anthemic", "stately", "regal", "noble", "solemn", "triumphal",
            "ceremonial", "glorious",
        )),
        "soulful": ("", 0.5, (
            "soulful", "heartfelt", "emotional", "expressive", "espressivo", "cantabile", "lyrical", "spiritual", "prayerful",
            "reverent", "worshipful", "devotional", "deep",
        )),
        "funky": ("", 0.65, ("funky", "funk", "greasy", "gritty", "groovy", "dirty", "gutbucket", "grooving")),
        "cool": ("", 0.45, ("cool", "suave", "elegant", "classy", "understated", "sleek", "refined mood")),
    }
)  # fmt: skip

TEMPO_PLACES: Final = MappingProxyType(
    {  # place in the application's tempo range → words; 0 its slowest, 0.5 its own tempo, 1 its fastest
        0.0: (
            "very slow", "really slow", "super slow", "extremely slow", "as slow as possible", "crawling", "slowest",
            "dead slow",
        ),
        0.15: (
            "slow", "slowly", "slower", "slow tempo", "slow burning", "slow burn", "downtempo", "down tempo", "low tempo",
            "unhurried", "slowish",
        ),
        0.35: ("medium slow", "moderately slow", "slow medium", "not in a hurry"),
        0.5: (
            "medium", "mid tempo", "midtempo", "medium tempo", "moderate", "moderate tempo", "moderately", "steady tempo",
            "walking pace",
        ),
        0.7: ("medium up", "medium fast", "moderately fast", "medium up tempo", "medium bright", "bright tempo", "fairly fast"),
        0.8: ("up tempo", "uptempo", "lively", "brisk", "briskly", "quick", "quickly", "up swing"),
        0.88: ("fast", "fast tempo", "faster", "rapid", "speedy", "racing", "rapidly", "fast paced", "hurried"),
        1.0: (
            "very fast", "really fast", "super fast", "blazing", "breakneck", "extremely fast", "burning", "burner",
            "as fast as possible", "blistering", "fastest", "lightning fast", "frantic", "insanely fast",
        ),
    }
)  # fmt: skip
TEMPO_TERMS: Final = MappingProxyType(
    {  # Italian term → beats a minute, kept within the application's range
        "larghissimo": 24, "grave": 38, "largo": 48, "lento": 52, "larghetto": 62, "adagio": 68, "adagietto": 72, "andante": 84,
        "andantino": 92, "moderato": 110, "allegretto": 116, "allegro moderato": 118, "allegro": 138,
        "allegro ma non troppo": 126, "allegro assai": 148,
        "vivace": 162, "vivo": 160, "vivacissimo": 176, "allegrissimo": 174, "presto": 184,
        "prestissimo": 204,
    }
)  # fmt: skip

METRE_WORDS: Final = MappingProxyType(
    {
        "4/4": ("four four", "four four time", "four quarter", "common time", "in four", "in 4", "4 4 time"),
        "3/4": (
            "three four", "three four time", "three quarter time", "waltz", "waltz time", "waltzing", "waltzy",
            "triple meter", "triple metre", "triple time", "in three", "in 3", "waltz feel", "3 4 time",
        ),
        "2/4": ("two four", "two four time", "two quarter time", "2 4 time"),
        "5/4": ("five four", "five four time", "in five", "in 5", "5 4 time"),
        "6/8": ("six eight", "six eight time", "in six", "in 6", "6 8 time", "compound duple"),
        "7/8": ("seven eight", "seven eight time", "in seven", "in 7", "7 8 time"),
        "9/8": ("nine eight", "nine eight time", "in nine", "in 9", "9 8 time", "compound triple"),
        "12/8": ("twelve eight", "twelve eight time", "in twelve", "in 12", "12 8 time", "compound quadruple"),
    }
)  # fmt: skip
METRE_TAIL: Final = frozenset({"time", "feel", "meter", "metre", "groove", "beat", "rhythm", "signature"})  # "6/8 feel"
AFTER_A_COUNT: Final = frozenset(
    {"time", "feel", "meter", "metre", "with", "at", "and", "for", "please", "groove", "but", "on", "or"}
)  # what may follow "in five", where it counts beats

INTENSITY: Final = MappingProxyType(
    {  # 0 ... 1 → words
        0.1: ("pianissimo", "very soft", "very quiet", "whispering", "whispered", "barely there", "hushed"),
        0.25: (
            "soft", "softly", "quiet", "quietly", "subdued", "low key", "softer", "quieter", "low energy", "restrained",
            "light touch",
        ),
        0.35: ("light", "lightly", "mezzo piano", "mild", "subtle"),
        0.6: ("mezzo forte", "medium energy"),
        0.75: (
            "energetic", "strong", "lively energy", "energized", "energy", "full of energy", "forte", "punchy", "spirited",
            "hot",
        ),
        0.85: (
            "loud", "loudly", "louder", "powerful", "intense", "high energy", "hard", "hard hitting", "big", "fiery", "heavy",
            "explosive",
        ),
        1.0: (
            "fortissimo", "very loud", "very intense", "maximum energy", "very energetic", "full blast", "roaring", "all out",
        ),
    }
)  # fmt: skip
DENSITY: Final = MappingProxyType(
    {  # 0 ... 1 → words
        0.15: (
            "sparse", "sparsely", "minimal", "minimalist", "minimalistic", "bare", "stripped down", "stripped back",
            "skeletal", "very sparse",
        ),
        0.3: (
            "uncluttered", "open sounding", "airy", "roomy", "lots of space", "plenty of space", "few notes", "laid bare",
            "space",
        ),
        0.75: ("full", "rich", "thick", "layered", "lush", "fuller"),
        0.85: ("busy", "dense", "busier", "denser", "packed", "lots of notes", "active", "intricate rhythm", "notey"),
    }
)  # fmt: skip
SWING: Final = MappingProxyType(
    {  # 0 straight ... 1 hard, "own": the groove's own → words
        "0": (
            "straight", "straight eighth", "straight 8th", "straight sixteenth", "straight 16th", "straight feel",
            "even eighth", "even 8th", "straight time", "unswung", "straight groove",
        ),
        "0.35": (
            "light swing", "lightly swung", "slight swing", "slightly swung", "subtle swing", "gentle swing", "little swing",
            "a bit of swing", "soft swing",
        ),
        "0.6": (
            "swung", "swinging", "swingin", "swingy", "swing feel", "swing", "swing rhythm", "swung eighth", "swung 8th",
            "swung sixteenth", "swung 16th", "swing eighth", "swung feel",
        ),
        "0.7": ("shuffle feel", "shuffled", "shuffling", "shuffle", "triplet feel", "shuffle groove"),
        "0.9": ("hard swing", "hard swinging", "heavy swing", "heavily swung", "deep swing", "hard swung", "strong swing"),
        "own": ("straight ahead",),
    }
)  # fmt: skip
HUMANIZE: Final = MappingProxyType(
    {  # 0 the machine ... 1 the player → words
        "0": (
            "quantized", "quantised", "robotic", "mechanical", "machine like", "on the grid", "unhumanized",
            "perfectly in time",
        ),
        "0.3": ("tight", "tightly", "precise", "crisp"),
        "1": (
            "loose", "humanized", "humanised", "human feel", "human", "live feel", "live sounding", "organic", "natural feel",
            "sloppy",
        ),
    }
)  # fmt: skip
MODE_WORDS: Final = MappingProxyType(
    {  # a mode without a tonic → words
        "major": ("major", "major key", "in major", "major mode", "major tonality", "ionian", "dur", "major feel"),
        "minor": (
            "minor", "minor key", "in minor", "minor mode", "minor tonality", "aeolian", "natural minor", "harmonic minor",
            "melodic minor", "moll", "minor feel",
        ),
        "dorian": ("dorian", "dorian mode", "dorian vamp", "dorian minor"),
        "phrygian": ("phrygian", "phrygian mode", "phrygian dominant"),
        "lydian": ("lydian", "lydian mode"),
        "mixolydian": ("mixolydian", "mixolydian mode"),
        "locrian": ("locrian", "locrian mode"),
    }
)  # fmt: skip
NOT_A_MODE_BEFORE: Final = frozenset({  # "minor seventh" and "major ii" speak of chords
    "second", "third", "fourth", "fifth", "sixth", "seventh", "ninth", "eleventh", "2nd", "3rd", "4th", "5th", "6th", "7th",
    "9th", "7", "9", "6", "11", "13", "7ths", "chord", "triad", "interval", "ii", "iv", "v", "vi",
})  # fmt: skip

BALLAD: Final = (("tempo", "0.15"), ("mood", "tender"))  # what a ballad is where no application has the name

PASSED_OVER: Final = (  # what says nothing by itself, and would be misread word by word
    "lead sheet", "voice leading", "sustain pedal", "big band", "full band", "straight away", "straight into", "straight to",
    "straight in",
)  # fmt: skip
LIMITING: Final = (  # before a number, which then is the one to take
    "no longer than", "not longer than", "no more than", "not more than", "no shorter than", "not shorter than", "no less than",
    "no fewer than", "no faster than", "not faster than", "no slower than", "not slower than", "less than", "fewer than",
    "more than", "at most", "at least", "up to", "nothing over", "not over",
)  # fmt: skip
STOP_WORDS: Final = frozenset({
    "got", "gotta",
    "a", "an", "the", "this", "that", "these", "those", "some", "any", "all", "each", "every", "few", "several", "many",
    "much", "more", "most", "less", "least", "lot", "lots", "kind", "sort", "type", "bit", "little", "touch", "hint", "of",
    "in", "on", "at", "to", "from", "by", "for", "with", "into", "onto", "over", "under", "about", "around", "through",
    "throughout", "between", "within", "during", "after", "before", "until", "till", "as", "like", "and", "or", "nor", "but",
    "so", "then", "than", "also", "too", "very", "really", "quite", "rather", "pretty", "super", "extremely", "fairly",
    "somewhat", "just", "only", "even", "still", "while", "where", "when", "which", "who", "whose", "what", "how", "there",
    "here", "it", "its", "it's", "is", "are", "was", "were", "be", "been", "being", "am", "do", "does", "did", "done", "has",
    "have", "having", "had", "can", "could", "will", "would", "should", "may", "might", "must", "shall", "let", "lets",
    "let's", "i", "i'd", "i'm", "i'll", "me", "my", "mine", "we", "us", "our", "you", "your", "they", "them", "their", "he",
    "she", "his", "her", "please", "kindly", "thanks", "thank", "hello", "hi", "hey", "ok", "okay", "want", "wanting",
    "wanted", "need", "needs", "needed", "wish", "looking", "try", "trying", "give", "gimme", "get", "make",
    "makes", "making", "made", "create", "creates", "creating", "created", "generate", "generates", "generated", "generating",
    "write", "writes", "writing", "written", "compose", "composed", "play", "plays", "played", "playing", "add", "adds",
    "added", "adding", "include", "includes", "including", "included", "use", "uses", "used", "using", "put", "puts",
    "featuring", "feature", "features", "plus", "keep", "keeps", "kept", "go", "goes", "going", "gets", "start", "starts",
    "starting", "end", "ends", "begin", "begins", "beginning", "come", "comes", "set", "sets", "something", "anything",
    "everything", "thing", "things", "one", "ones", "piece", "pieces", "song", "songs", "track", "tracks", "tune", "tunes",
    "music", "musical", "number", "composition", "compositions", "progression", "progressions", "chord", "chords", "harmony",
    "harmonies", "harmonic", "harmonically", "arrangement", "arrangements", "instrumental", "jam", "groove", "grooves",
    "feel", "feels", "feeling", "vibe", "vibes", "style", "styles", "styled", "sound", "sounds", "sounding", "mood", "moods",
    "flavor", "flavour", "flavored", "inspired", "influenced", "influence", "ish", "esque", "based", "tempo", "bpm", "key",
    "mode", "modes", "bar", "bars", "measure", "measures", "beat", "beats", "time", "times", "meter", "metre", "signature",
    "rhythm", "rhythms", "rhythmic", "long", "short", "length", "minutes", "seconds", "part", "parts", "section", "sections",
    "form", "structure", "version", "backing", "accompaniment", "instrument", "instruments", "instrumentation", "ensemble",
    "band", "player", "players", "line", "lines", "pattern", "patterns", "figure", "figures", "concept", "concepts", "nice",
    "good", "great", "beautiful", "beautifully", "perfect", "perfectly", "proper", "classic", "typical", "traditionally",
    "authentic", "real", "new", "whole", "entire", "main", "middle", "top", "bottom", "left", "right", "hand", "hands",
    "first", "second", "third", "last", "final", "next", "again", "same", "other", "another", "both", "either", "neither",
    "always", "sometimes", "mostly", "mainly", "maybe", "perhaps", "possibly", "bring", "leave", "leaves", "moving", "move",
    "moves", "toward", "towards", "across", "along", "out", "off", "down", "upon", "per", "via", "near", "if", "because",
    "since", "not", "no", "without", "never", "don't", "dont", "doesn't", "won't", "shouldn't", "can't", "isn't", "nothing",
    "none", "avoid", "skip", "exclude", "omit", "minus", "except", "sans", "instead", "concert", "pitch", "approximately",
    "approx", "roughly", "ca", "circa", "background",
})  # fmt: skip
NEGATORS: Final = frozenset({
    "no", "not", "without", "never", "don't", "dont", "doesn't", "doesnt", "won't", "shouldn't", "can't", "isn't", "nothing",
    "none", "neither", "avoid", "avoiding", "skip", "exclude", "excluding", "omit", "minus", "except", "sans", "non", "hate",
    "nor", "ain't", "didn't", "aren't", "zero",
})  # fmt: skip
LESSENERS: Final = frozenset({"less", "fewer"})  # "less busy"
INSTEAD_OF: Final = frozenset({("instead", "of"), ("rather", "than")})
FAR_NEGATORS: Final = frozenset(("nothing", "don't", "dont", "never", "without", "avoid"))  # "don't want to hear any drums"
LIST_NEGATORS: Final = frozenset(
    {"without", "except", "minus", "avoid", "avoiding", "exclude", "excluding", "omit", "sans"}
)  # "without drums, bass and guitar"
UN_NEGATORS: Final = frozenset(
    {"but", "with", "just", "only", "yet", "however", "though", "although", "then", "featuring", "keep", "add", "plus"}
)
NEGATED_TAILS: Final = frozenset(("free", "less"))  # drum-free, drumless
ONLY_WORDS: Final = frozenset({"just", "only", "solely", "solo", "unaccompanied"})
ONLY_TAILS: Final = frozenset({"only", "alone"})
ONLY_A_TOUCH: Final = frozenset({"touch", "hint", "bit", "little", "few", "dash", "pinch", "enough"})
