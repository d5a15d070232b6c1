"""How hard harmony is that words ask for: every form of each word, by kind, and what each kind weighs."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

COMPLEXITY: Final = MappingProxyType(
    {  # kind → its weight, and every form of its words
        "simple": (-1, (
            "simple", "simply", "simpler", "simplest", "simplicity", "simplistic", "simplified", "basic", "basically", "basics",
            "easy", "easily", "easier", "easiest", "beginner", "elementary", "plain", "plainly", "straightforward",
            "uncomplicated", "rudimentary", "simplify", "barebones", "bare bones", "diatonic", "three chord", "two chord",
            "one chord", "childlike", "easygoing", "easy going", "effortless", "effortlessly", "unfussy", "unadorned",
            "no frills", "stripped down", "stripped back", "pared down", "foolproof", "novice", "starter", "first lesson",
            "first timer", "sing along", "singalong", "campfire", "nursery", "toddler", "for kids", "for children",
        )),
        "medium": (1, (
            "sophisticated", "sophistication", "sophisticatedly", "advanced", "detailed", "detail", "complex", "complexity",
            "complexly", "intricate", "intricately", "elaborate", "elaborately", "complicated", "rich harmony", "refined",
            "challenging", "ambitious", "intermediate", "nuanced", "involved", "fancy", "fancier", "fanciest", "crunchy",
            "crunchier", "crunch", "lush", "lusher", "colourful", "colorful", "colourfully", "colorfully", "winding",
            "meandering", "wandering", "wander", "restless", "restlessly", "never sit still", "never stand still",
            "ever changing", "constantly changing", "tricky", "trickier", "trickiest", "clever", "cleverly", "quirky",
            "quirkier", "offbeat", "adventurous", "adventurously", "surprising", "surprisingly", "unexpected", "unexpectedly",
            "inner voice", "inner line", "moving voice", "dense harmony", "dense chord", "thick chord", "thick voicing",
            "fat chord", "rich chord", "richer chord", "juicy", "spicy", "spicier", "jazzy harmony", "jazzy chord", "reharm",
            "reharmonized", "reharmonised", "reharmonization", "reharmonisation", "angular", "angularly", "jagged", "jaggedly",
            "contrapuntal", "counterpoint", "chord every two beats", "chord every beat", "chord on every beat",
            "bored with three chord", "more than three chord",
        )),
        "complex": (2, (
            "experimental", "experimentally", "experiment", "experimentation", "avant garde", "avantgarde", "innovative",
            "innovatively", "innovation", "unconventional", "groundbreaking", "ground breaking", "radical", "atonal",
            "atonality", "polytonal", "polytonality", "bitonal", "boundary pushing", "cutting edge", "virtuosic", "virtuoso",
            "futuristic", "progressive", "weird", "weirder", "weirdest", "weirdly", "weirdness", "strange", "stranger",
            "strangest", "strangely", "bizarre", "bizarrely", "freaky", "crazy", "crazier", "craziest", "insane", "insanely",
            "wild", "wilder", "wildest", "wildly", "far out", "out there", "way out", "outlandish", "otherworldly",
            "other worldly", "unearthly", "another planet", "outer space", "alien", "surreal", "psychedelic", "mind bending",
            "mindbending", "mind blowing", "mindblowing", "unpredictable", "unpredictably", "unheard of", "never heard before",
            "no human has heard", "nobody has heard", "dissonant", "dissonantly", "dissonance", "discordant", "clashing",
            "clash", "cluster", "tone cluster", "free jazz", "third stream", "modernist", "expressionist", "deconstructed",
            "deconstruct", "deconstruction", "take apart", "refuse to resolve", "never resolve", "never resolving",
            "unresolved", "revolutionary", "extreme", "extremely complex", "stranger key", "distant key", "remote key",
            "far key", "faraway key", "unrelated key",
        )),
        "beyond keys": (4, (
            "twelve tone", "12 tone", "twelvetone", "dodecaphonic", "dodecaphony", "tone row", "serialism", "serialist",
            "serial music", "second viennese school", "second viennese", "schoenberg", "webern", "boulez", "stockhausen",
            "xenakis", "cecil taylor", "late coltrane", "microtonal", "microtone", "microtonality", "pantonal", "polytonally",
            "no home key", "no key at all", "no key center", "no key centre", "no tonal center", "no tonal centre",
            "no tonality", "no tonic", "no center", "no centre", "without a key", "without any key", "without a key center",
            "without a key centre", "without a tonal center", "without a tonal centre", "without a tonic", "without tonality",
            "keyless", "outside any key", "two keys at once", "several keys at once", "keys at once", "clashing keys",
            "every key there is", "new key every bar", "another key every bar", "different key every bar", "each bar in a key",
            "every bar in a key", "each bar in another key", "every bar in another key", "each bar in a different key",
            "every bar in a different key", "microshift", "micro modulation",
        )),
    }
)  # fmt: skip
COMPLEXITY_WEIGHTS: Final = MappingProxyType(
    {
        "base": 4,
        "negated": -1,  # "not too complex", "nothing experimental": a wish for the opposite
        "negated simple": 1,
        "techniques": 1,
        "bars over 16": 1,
        "bars over 32": 2,
        "characters over 100": 1,
    }
)
