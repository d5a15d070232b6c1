"""Which form a piece has: sections in bars, whole choruses first, the rest as intro, break and tag."""

from __future__ import annotations

import re
from functools import lru_cache
from random import Random
from types import MappingProxyType
from typing import Final, NamedTuple

from app.harmony.tables import FormRow, HarmonyTables, Planned, form_name, read_form
from app.theory.brief import Brief
from app.theory.chance import weighted
from app.theory.form import Form, Section

KINDS: Final = MappingProxyType(  # what a form calls a section → what players do there
    {
        "intro": "intro", "verse": "verse", "prechorus": "prechorus", "pre": "prechorus", "chorus": "chorus", "refrain": "chorus",
        "bridge": "bridge", "head": "head", "solo": "solo", "vamp": "vamp", "montuno": "vamp", "mambo": "solo", "coro": "chorus",
        "break": "break", "breakdown": "break", "tag": "tag", "coda": "tag", "outro": "tag", "ending": "ending", "hook": "chorus",
        "interlude": "break", "instrumental": "solo", "riddim": "vamp", "theme": "head", "trio": "bridge", "blues": "verse",
        "largo": "verse", "canto": "verse", "diana": "intro", "rap": "solo", "development": "bridge", "closing": "tag",
        "transition": "prechorus", "eight": "verse", "lament": "verse", "shout": "chorus", "drive": "vamp",
        "stanza": "verse", "variation": "solo",
    }
)  # fmt: skip
LETTERS: Final = MappingProxyType({"A": "verse", "B": "bridge", "C": "chorus", "D": "bridge", "S": "verse", "T": "bridge"})
NAMED: Final = MappingProxyType(  # forms known by a name → their sections
    {
        "rondo": "rondo: A8 B8 A8 C8 A8", "sonata": "sonata: A8 S8 B8 A8", "period": "period: A8", "vamp": "vamp: vamp8",
        "minuet and trio": "minuet and trio: A8 A8 T8 A8",
        "theme and variations": "theme and variations: theme8 variation8 variation8 variation8",
        "through-composed": "through-composed: A8 B8 C8 D8", "rhythm changes": "rhythm changes: A8 A8 B8 A8",
        "verse-chorus": "verse-chorus: verse8 chorus8", "ab": "AB: A8 B8", "aba": "ABA: A8 B8 A8",
    }
)  # fmt: skip
SELDOM: Final = 1 / 3  # share of all forms below which those that fit are not the usual ones
TINY: Final = 8  # bars of a form that is not played more than twice
SHORT: Final = frozenset({"intro", "prechorus", "tag", "ending", "break"})  # kinds that are four bars unless said
LISTED: Final = re.compile(r"(?:(\d{1,3})[- ]?bars?[- ](?:of )?)?([a-z]+)(?:[ :=(]*(\d{1,3})(?!\d))?([- ]?bar)?")
ORDINAL: Final = 4  # "verse 2" is the second one
OVER_CHANGES: Final = frozenset({"head", "verse", "chorus", "solo"})  # kinds that are played over the whole of a form's changes
SPARE: Final = MappingProxyType({1: (0, 1), 2: (2, 0), 3: (2, 1), 4: (4, 0), 5: (4, 1), 6: (4, 2), 7: (4, 3)})  # intro, tag


class Stretch(NamedTuple):
    """A section to be composed: what it repeats, and which time through it is."""

    label: str  # the recipe it is made by
    name: str
    kind: str
    bars: int
    chorus: int = 0
    closing: bool = False  # it ends a time through the form


class Plan(NamedTuple):
    """The stretches in order, and what a person should know about them."""

    name: str
    stretches: tuple[Stretch, ...]
    notes: tuple[str, ...] = ()

    @property
    def form(self) -> Form:
        """The same as a value of the result."""
        sections, bar = [], 0
        for stretch in self.stretches:
            sections.append(Section(stretch.name, stretch.kind, bar, stretch.bars, stretch.label))
            bar += stretch.bars
        return Form(self.name, tuple(sections))


def plan_form(brief: Brief, tables: HarmonyTables, chance: Random) -> Plan:
    """The form asked for, or one of the application's, laid over exactly the bars asked."""
    if brief.form:
        asked = asked_form(brief.form, brief.num_bars, tables)
        if asked is None:
            plan = _laid(_chosen(brief.num_bars, tables, chance), brief.num_bars, tables)
            return plan._replace(notes=(*plan.notes, f'form "{brief.form[:40]}": not a form known here; played as {plan.name}'))
        if sized(brief.form) or any(KINDS.get(section.label) in ("intro", "tag", "ending") for section in asked.sections):
            return _stretched(asked, brief.num_bars, tables, chance)
        return _laid(asked, brief.num_bars, tables)
    return _laid(_chosen(brief.num_bars, tables, chance), brief.num_bars, tables)


def asked_form(text: str, num_bars: int, tables: HarmonyTables) -> FormRow | None:
    """The form that words ask for: one of the application's by name, letters (`AABA`), a list of sections, or a blues."""
    plain = text.strip().lower()
    letters = re.fullmatch(r"[a-d]{2,9}", plain) is not None
    for row in tables.forms:
        if row.name.lower() == plain and not (letters and (num_bars % row.bars or not _lettered(row))):
            return row
    if plain in NAMED:
        return read_form(NAMED[plain])
    compact = re.sub(r"[\s,'\u2019-]", "", text.strip())
    if re.fullmatch(r"[A-D]{2,9}", compact):
        return _of_letters(compact, num_bars)
    if "blues" in plain:
        return _blues(plain, tables)
    if sections := listed(plain):
        return FormRow(form_name(sections), sections)
    number = re.match(r"(\d+)[- ]bar", plain)
    return FormRow(f"{number[1]}-bar", (Planned("A", int(number[1])),)) if number and int(number[1]) else None


def listed(text: str) -> tuple[Planned, ...]:
    """The sections that a text lists, each with its own length, that of its like before, or the usual."""
    usual: dict[str, int] = {}
    sections = []
    for label, bars in _lengths(text):
        usual[label] = bars or usual.get(label, 4 if KINDS[label] in SHORT else 8)
        sections.append(Planned(label, usual[label]))
    return tuple(sections)


def sized(text: str) -> bool:
    """Whether a section in a list was given a length."""
    return any(bars for _, bars in _lengths(text))


def _lengths(text: str) -> list[tuple[str, int]]:
    """The sections of a list with the lengths that are said, else 0; "verse 1, verse 2" only counts them."""
    found = [row for row in LISTED.findall(text.lower().replace("pre-chorus", "prechorus")) if row[1] in KINDS]
    count = any(before or unit or int(after or 0) >= ORDINAL for before, _, after, unit in found)
    return [(label, int(before or after or 0) if count else 0) for before, label, after, _ in found]


def _lettered(row: FormRow) -> bool:
    return all(len(section.label) == 1 for section in row.sections)


def _of_letters(letters: str, num_bars: int) -> FormRow:
    sizes = [size for size in (8, 16, 4, 12, 2) if num_bars % (size * len(letters)) == 0]
    size = sizes[0] if sizes else max(1, min(8, num_bars // len(letters)))
    return FormRow(letters, tuple(Planned(letter, size) for letter in letters))


def _blues(plain: str, tables: HarmonyTables) -> FormRow:
    number = re.search(r"\d+", plain)
    bars = int(number[0]) if number else 12
    own = [row for row in tables.forms if "blues" in row.name and row.bars == bars]
    return own[0] if own else FormRow(f"{bars}-bar blues", (Planned("blues" if bars != 8 else "eight", bars or 12),))


def _chosen(num_bars: int, tables: HarmonyTables, chance: Random) -> FormRow:
    """A form that fits: one whose multiple the bars are, else one that leaves the least, else a long one to cut.

    The more often a form would have to be played, the less it is chosen; where only forms fit that are seldom played, the
    usual ones are played too, with an intro or a tag.
    """
    near, weights = _near(num_bars, tables)
    return weighted(chance.random, near, weights)


@lru_cache(maxsize=256)
def _near(num_bars: int, tables: HarmonyTables) -> tuple[tuple[FormRow, ...], tuple[float, ...]]:
    """The forms to choose from, and how much each weighs."""
    every = tables.forms or (FormRow("A", (Planned("A", 8),)),)
    forms = tuple(row for row in every if not _tires(row, num_bars)) or every
    fitting = [row for row in forms if num_bars % row.bars == 0 and (row.bars >= TINY or row.bars * 2 >= num_bars)]
    shorter = [row for row in forms if row.bars < num_bars]
    rest = min((_over(row, num_bars) for row in shorter), default=0)
    leaving = [row for row in shorter if _over(row, num_bars) == rest]
    if fitting and (rest or sum(row.weight for row in fitting) >= SELDOM * sum(row.weight for row in forms)):
        leaving = fitting
    near = tuple(leaving or fitting or forms)
    return near, tuple(row.weight / max(1, num_bars // row.bars) for row in near)


def _tires(row: FormRow, num_bars: int) -> bool:
    """Whether it is one lettered section, no verse or blues, that would come more than twice."""
    labels = {section.label for section in row.sections if not section.optional}
    return len(labels) == 1 and len(min(labels)) == 1 and num_bars > 2 * row.bars


def _over(row: FormRow, num_bars: int) -> int:
    """Bars left beyond whole choruses, in steps of eight: an intro and a tag are no fault."""
    return (num_bars % row.bars) // 9


@lru_cache(maxsize=256)
def _laid(row: FormRow, num_bars: int, tables: HarmonyTables) -> Plan:
    """Whole times through the form, then what is left over: a bridge, an intro, a tag, a break."""
    times, rest = divmod(num_bars, row.bars)
    if not times:
        return _cut(row, num_bars, tables)
    bridge = next((section for section in row.sections if section.optional and section.bars <= rest), None)
    rest -= bridge.bars if bridge else 0
    intro, tag, middle = _spare(rest, tables.even)
    stretches = [Stretch("intro", "Intro", "intro", intro)] if intro else []
    last = times - 1
    for time in range(times):
        if time == last:
            stretches += _middle(row, middle, time)
        stretches += _once(row, time, times, tables.choruses, bridge if time == last else None)
    if tag:
        stretches.append(Stretch("tag", "Tag", "tag", tag, last, True))
    return Plan(row.name, _numbered(stretches), _about(row, times, (intro, middle, tag), tables))


def _spare(rest: int, even: bool) -> tuple[int, int, int]:
    """Bars of intro, tag and middle that sum to the rest."""
    if rest < 8:
        intro, tag = SPARE.get(rest, (0, 0))
        return intro, tag, 0
    if rest == 8:
        return 4, 4, 0
    intro = 8 if rest >= 16 else 4
    middle = 0 if rest - intro <= 4 else (rest - intro - 2) // 4 * 4
    tag = rest - intro - middle
    return (intro, tag, middle) if not even or intro % 2 == 0 else (intro - 1, tag + 1, middle)


def _middle(row: FormRow, bars: int, time: int) -> list[Stretch]:
    """The last bars of the form once more, before the last time through."""
    if not bars:
        return []
    return [
        Stretch(section.label, "Break" if index == 0 else "Interlude", "break", section.bars, time)
        for index, section in enumerate(_last_bars(row, bars))
    ]


def _last_bars(row: FormRow, bars: int) -> list[Planned]:
    kept: list[Planned] = []
    for section in reversed([section for section in row.sections if not section.optional]):
        if bars <= 0:
            break
        kept.insert(0, section._replace(bars=min(bars, section.bars)))
        bars -= section.bars
    if bars > 0:
        kept[0] = kept[0]._replace(bars=kept[0].bars + bars)
    return kept


def _once(row: FormRow, time: int, times: int, choruses: bool, bridge: Planned | None) -> list[Stretch]:
    """One time through. Choruses are a head, solos and a head; elsewhere a long piece has an instrumental verse or two."""
    planned = [section for section in row.sections if not section.optional]
    if choruses:
        part = _part(time, times)
        return _chorus(planned, part, "solo" if part.startswith("Solo") else "head", time, bridge if times > 1 else None)
    stretches = []
    for index, section in enumerate(planned):
        closing = index == len(planned) - 1
        if closing and bridge is not None and (times > 1 or index):
            stretches.append(Stretch(bridge.label, _title(bridge.label), _kind(bridge.label), bridge.bars, time))
        kind = _kind(section.label)
        if index == 0 and times > 4 and 0 < time < times - 1 and time % 3 == 2 and kind == "verse":
            kind = "solo"
        stretches.append(Stretch(section.label, _title(section.label), kind, section.bars, time, closing))
    return stretches


def _chorus(planned: list[Planned], part: str, kind: str, time: int, bridge: Planned | None = None) -> list[Stretch]:
    """A chorus of a part and its kind, say a head or a solo; a bridge before its last section where there is one to play."""
    stretches = []
    for index, section in enumerate(planned):
        closing = index == len(planned) - 1
        if closing and bridge is not None:
            stretches.append(Stretch(bridge.label, _title(bridge.label), _kind(bridge.label), bridge.bars, time))
        own = "bridge" if kind != "solo" and _kind(section.label) == "bridge" else kind
        stretches.append(Stretch(section.label, _named(section.label, part, len(planned)), own, section.bars, time, closing))
    return stretches


def _part(time: int, times: int) -> str:
    if times == 1:
        return "Head"
    return "Head" if time == 0 else "Out head" if time == times - 1 else f"Solo {time}" if times > 3 else "Solo"


def _named(label: str, part: str, sections: int) -> str:
    if not part:
        return _title(label)
    return part if sections == 1 else f"{part} {_title(label)}"


def _title(label: str) -> str:
    return label if len(label) == 1 else label.capitalize()


def _kind(label: str) -> str:
    return KINDS.get(label.lower(), LETTERS.get(label[:1].upper(), "verse"))


def _numbered(stretches: list[Stretch]) -> tuple[Stretch, ...]:
    """Names that occur more than once get a number: A1, A2, B, A3; Verse 1, Verse 2."""
    names = [stretch.name for stretch in stretches]
    seen: dict[str, int] = {}
    numbered = []
    for stretch in stretches:
        seen[stretch.name] = seen.get(stretch.name, 0) + 1
        gap = "" if stretch.name[-1].isupper() else " "
        many = names.count(stretch.name) > 1
        numbered.append(stretch._replace(name=f"{stretch.name}{gap}{seen[stretch.name]}") if many else stretch)
    return tuple(numbered)


def _cut(row: FormRow, num_bars: int, tables: HarmonyTables) -> Plan:
    """Fewer bars than the form has: its last bars."""
    planned = _last_bars(row, num_bars)
    part = "Head" if tables.choruses else ""
    stretches = []
    for index, section in enumerate(planned):
        kind = _kind(section.label)
        kind = kind if kind == "bridge" or not part else "head"
        name = _named(section.label, part, len(planned))
        stretches.append(Stretch(section.label, name, kind, section.bars, 0, index == len(planned) - 1))
    note = f"{row.name} has {row.bars} bars; {'this is its last' if num_bars == 1 else f'these are its last {num_bars}'}"
    return Plan(row.name, _numbered(stretches), (note,))


def _about(row: FormRow, times: int, spare: tuple[int, int, int], tables: HarmonyTables) -> tuple[str, ...]:
    intro, middle, tag = spare
    if not (tables.choruses or any(spare)):
        return ()
    words = (
        [f"{times} {'chorus' if times == 1 else 'choruses'} of {row.bars} bars"] if tables.choruses else [f"{row.name} x {times}"]
    )
    words += [
        f"{bars} {'bar' if bars == 1 else 'bars'} of {name}"
        for bars, name in ((intro, "intro"), (middle, "break"), (tag, "tag"))
        if bars
    ]
    return (f"{row.name}: " + ", ".join(words) if tables.choruses else ", ".join(words),)


def _stretched(row: FormRow, num_bars: int, tables: HarmonyTables, chance: Random) -> Plan:
    """A list of sections that is the whole piece: their lengths are scaled to the bars asked.

    Where choruses are played, a head, a verse and a solo of a form's length are that form: the same changes each time.
    """
    planned = list(row.sections)
    notes: tuple[str, ...] = ()
    if num_bars < len(planned):
        notes = (f"{num_bars} bars hold only the last {num_bars} of the {len(planned)} sections asked for",)
        planned = planned[-num_bars:]
    total = sum(section.bars for section in planned)
    sizes = [max(1, round(section.bars * num_bars / total / 2) * 2) for section in planned]
    if num_bars == total:
        sizes = [section.bars for section in planned]
    elif num_bars < 2 * len(planned):
        sizes = [1] * len(planned)
    _fit(sizes, num_bars)
    whole: dict[int, FormRow] = {}
    stretches: list[Stretch] = []
    for index, (section, bars) in enumerate(zip(planned, sizes, strict=True)):
        title, kind = _title(section.label), _kind(section.label)
        if tables.choruses and kind in OVER_CHANGES:
            form = whole.setdefault(bars, _chosen(bars, tables, chance))
            if bars % form.bars == 0:
                for _ in range(bars // form.bars):
                    stretches += _chorus([one for one in form.sections if not one.optional], title, kind, index)
                continue
        stretches.append(Stretch(section.label, title, kind, bars, 0, index == len(planned) - 1))
    return Plan(form_name(planned), _numbered(stretches), notes)


def _fit(sizes: list[int], num_bars: int) -> None:
    """Lengthen or shorten sections, the longest first, from the end, until they sum up."""
    while (missing := num_bars - sum(sizes)) != 0:
        longest = max(range(len(sizes)), key=lambda index: (sizes[index], index))
        step = missing if missing > 0 else max(missing, 1 - sizes[longest], -2)
        sizes[longest] += step
