"""The forms of each voicing policy: which tones of a chord, in which order from below. Knows no register.

Forms and spacings after the voicings in pitches of Octet's idiom dossiers (rootless A and B, shells, stacks of fourths, spreads).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple

from app.theory.chord import Chord
from app.theory.key import Key
from app.theory.scale import chord_scale

Form = tuple[int, ...]  # semitones above the root, rising from the lowest note (which lies within 0-11)
LEAST_BODY: Final = 3  # notes a chord should have


class Tones(NamedTuple):
    """A chord's tones by what they do, in semitones above the root (None where it has none), and how many are to sound."""

    family: str
    tensions: tuple[int, ...]
    voices: int
    third: int | None
    fifth: int | None
    seventh: int | None
    ninth: int | None  # with colour: what stands for the root
    body: int | None  # with colour: what stands for the fifth: an altered fifth, the 13th, the 11th


@lru_cache(maxsize=4096)
def forms(chord: Chord, policy: str, voices: int, key: Key | None) -> tuple[Form, ...]:
    """The forms of a chord in a policy, the preferred first. With a key, colour that fits the key may be added where
    the policy has colour (rootless, spread, quartal, gospel)."""
    tones = tones_of(chord, key if policy in COLOURED else None, voices)
    made = POLICIES[policy](tones)
    return tuple(dict.fromkeys(form for form in made if form)) or _close(tones)


def tones_of(chord: Chord, key: Key | None, voices: int) -> Tones:
    """The tones of a chord, coloured from the key where one is given."""
    ninth, body = _ninth(chord, key), _body(chord, key)
    return Tones(chord.family, chord.tensions, voices, chord.third, chord.fifth, chord.seventh, ninth, body)


def _ninth(chord: Chord, key: Key | None) -> int | None:
    """The ninth the chord names; else, with colour, the one the key has there, for chords with a seventh; else its eleventh."""
    named = [tone for tone in chord.tensions if tone in (13, 14, 15)]
    if named:
        return named[-1] - 12
    if key is None or chord.seventh is None or chord.family in ("hdim", "dim", "aug"):
        return None
    if chord.family == "dom" and chord.fifth != 7:
        return None
    if chord.family == "dom" and (20 in chord.tensions or _falls_to_minor(chord, key)):
        return None
    scale = _scale(chord, key)
    eleventh = chord.family == "min" and 5 in scale  # a iii has no ninth of the key, but an eleventh
    return 2 if 2 in scale else 5 if eleventh else None


def _body(chord: Chord, key: Key | None) -> int | None:
    """What sounds in the fifth's place: the alteration, 13 or 11 that the chord names; on plain dominants, with colour, 13."""
    if chord.fifth in (6, 8):
        return chord.fifth
    for tension, tone in ((18, 6), (20, 8), (21, 9), (17, 5)):
        if tension in chord.tensions and tone != chord.third and tone != chord.seventh:
            return tone
    plain = key is not None and chord.family == "dom" and not chord.tensions
    if key is not None and plain and 9 in _scale(chord, key) and not _falls_to_minor(chord, key):
        return 9
    return chord.fifth


def _scale(chord: Chord, key: Key) -> set[int]:
    """The chord's scale in semitones above its root."""
    return {(pc - chord.root_pc) % 12 for pc in chord_scale(chord, key)}


def _falls_to_minor(chord: Chord, key: Key) -> bool:
    """Whether the key has a minor chord a fifth below: such a dominant takes only the alterations its symbol names."""
    scale = {(key.tonic_pc + step - chord.root_pc) % 12 for step in key.scale}
    return 5 in scale and 8 in scale and 9 not in scale


def stack(tones: Iterable[int | None]) -> Form:
    """The tones in that order, each above the one before; those that are None or already there are left out."""
    form: list[int] = []
    for tone in tones:
        if tone is None or (form and any((tone - other) % 12 == 0 for other in form)):
            continue
        low = form[-1] + 1 if form else 0
        form.append(low + (tone - low) % 12)
    return tuple(form)


def _rotations(tones: Iterable[int | None]) -> list[Form]:
    """Every inversion in close position."""
    order = sorted({tone % 12 for tone in tones if tone is not None})
    return [stack(order[index:] + order[:index]) for index in range(len(order))]


def _own(tones: Tones, voices: int) -> list[int]:
    """The chord's own tones, the most telling first, at most so many."""
    colour = [tone % 12 for tone in tones.tensions]
    order = [tones.third, tones.seventh, *colour, 0, tones.fifth] if colour else [tones.third, tones.seventh, 0, tones.fifth]
    if tones.family == "dim" or tones.fifth in (6, 8):
        order = [tones.third, tones.seventh, tones.fifth, *colour, 0]
    kept = [tone for tone in dict.fromkeys(order) if tone is not None]
    return kept[: max(2, voices)]


def _close(tones: Tones) -> tuple[Form, ...]:
    own = _own(tones, tones.voices)
    made = _rotations(own)
    if tones.voices > len(own) and len(own) == LEAST_BODY:  # a fourth voice doubles the lowest note, never a third
        made = [(*form, form[0] + 12) for form in made if form[0] != tones.third] + made
    return tuple(made)


def _rootless(tones: Tones) -> list[Form]:
    if tones.seventh is None or tones.third is None or tones.family == "dim":
        return _triad_forms(tones)
    ninth = 0 if tones.ninth is None else tones.ninth
    third, body, seventh = tones.third, tones.body, tones.seventh
    if tones.voices <= LEAST_BODY:
        return [stack((third, seventh, ninth)), stack((seventh, third, body))]
    return [stack((third, body, seventh, ninth)), stack((seventh, ninth, third, body))]


def _triad_forms(tones: Tones) -> list[Form]:
    """Triads, sixths and diminished sevenths in close position, with the ninth they name instead of the root."""
    if tones.seventh is None and tones.ninth is not None:
        return _rotations((tones.third, tones.fifth, tones.ninth))
    return _rotations(_own(tones, max(tones.voices, LEAST_BODY)))


def _shell(tones: Tones) -> list[Form]:
    third = tones.third if tones.third is not None else tones.fifth
    other = tones.seventh if tones.seventh is not None else tones.fifth
    if tones.seventh is None and tones.voices < LEAST_BODY:
        other = 0
    if tones.voices < LEAST_BODY:
        return [stack((third, other)), stack((other, third))]
    return [stack((0, third, other)), stack((0, other, third))]


def _four(tones: Tones) -> list[int | None]:
    """Four tones to drop: the ninth the chord names stands for the root."""
    low = tones.ninth if tones.ninth is not None else 0
    return [low, tones.third, tones.body, tones.seventh]


def _dropped(place: int) -> Callable[[Tones], list[Form]]:
    def drop(tones: Tones) -> list[Form]:
        made = []
        for form in _rotations(_four(tones)):
            if len(form) < place + 1:
                made.append(_opened(form))
                continue
            dropped = form[-place] - 12
            rest = form[:-place] + form[len(form) - place + 1 :]
            made.append(_grounded((dropped, *rest)))
        return made

    return drop


def _opened(form: Form) -> Form:
    """A close triad with its middle note an octave up."""
    if len(form) < LEAST_BODY:
        return form
    return _grounded((form[0], *sorted((form[1] + 12, *form[2:]))))


def _grounded(form: Form) -> Form:
    """The same form with its lowest note within 0-11."""
    shift = form[0] // 12 * 12
    return tuple(tone - shift for tone in form)


QUARTAL: Final = MappingProxyType(
    {  # family → stacks of fourths (with a third on top where it must be), the preferred first
        "min": ((0, 5, 10, 3), (5, 10, 3, 7), (10, 3, 7, 2), (0, 5, 10, 3, 7)),
        "maj": ((4, 9, 2, 7), (11, 4, 9, 2), (9, 2, 7, 4)),
        "dom": ((10, 4, 9, 2), (4, 10, 2, 7), (10, 4, 9, 0)),
        "sus": ((7, 0, 5, 10), (5, 10, 2, 7), (0, 5, 10, 2), (10, 5, 9, 2)),
        "hdim": ((10, 3, 6, 0), (0, 6, 10, 3)),
    }
)


def _quartal(tones: Tones) -> list[Form]:
    if any(tone in tones.tensions for tone in (13, 15, 20)) or (tones.fifth in (6, 8) and tones.family != "hdim"):
        return _spread(tones)
    rows = QUARTAL.get(tones.family, ())
    needed = {tone for tone in (tones.third, tones.seventh) if tone is not None}
    made = [stack(row[: max(tones.voices, LEAST_BODY)]) for row in rows]
    if tones.family == "min" and tones.seventh in (9, 11):
        made = [stack((tones.third, tones.seventh, 2, 7)), stack((tones.seventh, tones.third, 7, 2))]
    strange = {11} if tones.seventh == 9 else set()
    fitting = [form for form in made if needed <= {tone % 12 for tone in form} and not strange & {tone % 12 for tone in form}]
    return fitting or _spread(tones)


def _spread(tones: Tones) -> list[Form]:
    third, seventh, ninth, body = tones.third, tones.seventh, tones.ninth, tones.body
    if third is None or seventh is None:
        opened = [_opened(form) for form in _rotations((0, third, tones.fifth))]
        top = [stack((third, tones.fifth, ninth)), *(stack((0, tones.fifth, third, ninth)),)] if ninth is not None else []
        return top + opened
    colour = ninth if ninth is not None else 0
    made = [stack((third, seventh, colour, body)), stack((seventh, third, body, colour)), stack((seventh, third, colour, body))]
    made.append(stack((third, seventh, body, colour)))
    return [form[: max(tones.voices, LEAST_BODY)] for form in made]


def _open(tones: Tones) -> list[Form]:
    if tones.seventh is None:
        return [_opened(form) for form in _rotations(_own(tones, LEAST_BODY))]
    made = _dropped(2)(tones)
    return [stack((0, tones.fifth, tones.third, tones.seventh)), stack((0, tones.seventh, tones.third, tones.fifth)), *made]


def _triad(tones: Tones) -> list[Form]:
    if tones.seventh is None:
        return _rotations(_own(tones, LEAST_BODY))
    return _rotations((tones.third, tones.body if tones.body in (6, 8) else tones.fifth, tones.seventh))


def _power(tones: Tones) -> list[Form]:
    fifth = tones.fifth or 7
    return [(0, fifth, 12)] if tones.voices >= LEAST_BODY else [(0, fifth)]


def _octaves(tones: Tones) -> list[Form]:
    """The octave with the chord inside: 1-3-5-1 and its inversions; with two voices bare octaves."""
    own = _own(tones, max(LEAST_BODY, min(tones.voices - 1, 4)))
    if tones.voices <= 2:
        return [(tone % 12, tone % 12 + 12) for tone in own]
    return [(*form, form[0] + 12) for form in _rotations(own)]


def _gospel(tones: Tones) -> list[Form]:
    """The right hand: three or four notes close, the ninth standing for the root where there is a seventh."""
    if tones.seventh is None:
        return list(_close(tones._replace(voices=max(tones.voices, LEAST_BODY))))
    low = tones.ninth if tones.ninth is not None else 0
    made = _rotations((tones.third, tones.body, tones.seventh, low))
    spread = stack((tones.seventh, tones.third, tones.body, low))
    return [*made, spread]


COLOURED: Final = frozenset({"rootless", "spread", "quartal", "gospel"})
POLICIES: Final = MappingProxyType(
    {
        "rootless": _rootless,
        "shell": _shell,
        "drop2": _dropped(2),
        "drop3": _dropped(3),
        "quartal": _quartal,
        "spread": _spread,
        "close": _close,
        "open": _open,
        "triad": _triad,
        "power": _power,
        "octaves": _octaves,
        "gospel": _gospel,
    }
)
