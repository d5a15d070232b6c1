"""Sections that the words ask for or refuse: an intro, a tag or a break in bars beyond whole choruses, a bridge from the form."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random
from types import MappingProxyType
from typing import Final

from app.harmony.forms import KINDS, LETTERS, Plan, Stretch, plan_form
from app.harmony.tables import FormRow, HarmonyTables
from app.theory.brief import Brief

ADDED: Final = MappingProxyType({"intro": 4, "break": 4, "tag": 4})  # kinds that stand beside the form, and their bars
OTHER_END: Final = MappingProxyType({"intro": "tag", "tag": "intro"})
LONG_END: Final = 8  # bars that an intro or a tag may have
SHORT_PIECE: Final = 16  # bars below which what is added has half as many
PLAYED: Final = ("head", "verse", "chorus", "bridge", "vamp")  # kinds that may be played as a solo
OF_A_FORM: Final = ("verse", "prechorus", "chorus", "bridge")


def plan_piece(brief: Brief, tables: HarmonyTables, chance: Random) -> Plan:
    """The form over exactly the bars asked, with the sections that are wanted and without those that are not."""
    plan = _planned(brief, tables, chance)
    return _with_solo(plan) if "solo" in brief.with_sections and not _has(plan, ("solo",)) else plan


def _planned(brief: Brief, tables: HarmonyTables, chance: Random) -> Plan:
    wanted = [kind for kind in ADDED if kind in brief.with_sections]
    refused = [kind for kind in ADDED if kind in brief.without_sections]
    forms = tables.forms if brief.form else _forms(brief, tables)
    chosen = tables if forms is tables.forms else tables._replace(forms=forms)
    if not wanted:
        return _without(plan_form(brief, chosen, chance), refused, tables.even)
    state = chance.getstate()
    plan = plan_form(brief, chosen, chance)
    own = dict(brief.section_bars)
    if (brief.form or brief.bars_asked) and _has(plan, wanted) and not own:
        return _without(plan, refused, tables.even)
    share = 1 if brief.num_bars >= max(SHORT_PIECE, 2 * sum(ADDED[kind] for kind in wanted)) else 2
    sizes = {kind: own.get(kind, ADDED[kind] // share) for kind in wanted}
    rest = brief.num_bars - sum(sizes.values())
    if rest < sum(sizes.values()):
        return plan._replace(notes=(*plan.notes, f"{brief.num_bars} bars have no room for {_listed(wanted)}"))
    if brief.form and brief.bars_asked:
        inner = _last_bars(plan, rest)
    else:
        chance.setstate(state)
        inner = plan_form(brief._replace(num_bars=rest), chosen, chance)
    return _with(_without(inner, refused, tables.even), sizes)


def _last_bars(plan: Plan, bars: int) -> Plan:
    """The last bars of a plan."""
    kept: list[Stretch] = []
    for stretch in reversed(plan.stretches):
        if bars > 0:
            kept.insert(0, stretch._replace(bars=min(bars, stretch.bars)))
            bars -= stretch.bars
    return plan._replace(stretches=tuple(kept))


def _has(plan: Plan, kinds: Iterable[str]) -> bool:
    return {stretch.kind for stretch in plan.stretches} >= set(kinds)


def _with_solo(plan: Plan) -> Plan:
    """The plan with a section between the first and the last as a solo; one of fewer sections stays as it is."""
    inner = [index for index, one in enumerate(plan.stretches[:-1]) if index and one.kind in PLAYED]
    if not inner:
        return plan
    at = inner[len(inner) // 2]
    stretches = [one._replace(kind="solo", name="Solo") if index == at else one for index, one in enumerate(plan.stretches)]
    return plan._replace(stretches=tuple(stretches))


def _with(plan: Plan, sizes: dict[str, int]) -> Plan:
    """The plan with sections of these sizes around it; of one that it has already the bars go to the other end, or it grows."""
    stretches = list(plan.stretches)
    for kind, bars in sizes.items():
        _to_the_other_end(stretches, kind, sizes)
        at = next((index for index, stretch in enumerate(stretches) if stretch.kind == kind), None)
        if at is not None:
            stretches[at] = stretches[at]._replace(bars=stretches[at].bars + bars)
        elif kind == "intro":
            stretches.insert(0, Stretch(kind, "Intro", kind, bars))
        elif kind == "tag":
            stretches.append(Stretch(kind, "Tag", kind, bars, stretches[-1].chorus, True))
        else:
            stretches.insert(_before_the_last(stretches), _break(stretches, bars))
    said = _listed([f"{bars} bars of {kind}" for kind, bars in sizes.items()])
    return Plan(plan.name, tuple(stretches), (*plan.notes, f"{said}, as asked"))


def _to_the_other_end(stretches: list[Stretch], kind: str, sizes: dict[str, int]) -> None:
    """An intro or a tag that is there of itself, where one of another size is wanted, gives its bars to the other of the two."""
    other = OTHER_END.get(kind, "")
    own = next((index for index, one in enumerate(stretches) if one.kind == kind), None)
    taker = next((index for index, one in enumerate(stretches) if one.kind == other), None)
    if own is None or taker is None or other in sizes or stretches[own].bars + stretches[taker].bars > LONG_END:
        return
    stretches[taker] = stretches[taker]._replace(bars=stretches[taker].bars + stretches[own].bars)
    del stretches[own]


def _before_the_last(stretches: list[Stretch]) -> int:
    """Where the last time through begins; in a piece of one, where its last section does."""
    last = stretches[-1].chorus
    starts = [index for index, stretch in enumerate(stretches) if stretch.chorus == last and stretch.kind not in ADDED]
    return starts[0] if last and starts else starts[-1] if starts else len(stretches)


def _break(stretches: list[Stretch], bars: int) -> Stretch:
    after = stretches[min(_before_the_last(stretches), len(stretches) - 1)]
    return Stretch(after.label, "Break", "break", bars, after.chorus)


def _without(plan: Plan, refused: list[str], even: bool) -> Plan:
    """The plan with the bars of unwanted sections in those around the form that may stay; where none may, it is told."""
    stretches = list(plan.stretches)
    notes: list[str] = []
    for stretch in [stretch for stretch in stretches if stretch.kind in refused and len(stretches) > 1]:
        stretches.remove(stretch)
        taker = next((kind for kind in ("tag", "intro") if kind not in refused and not (even and stretch.bars % 2)), "")
        if not taker:
            stretches = list(plan.stretches)
            notes = [f"{stretch.kind}: these bars are no whole choruses without it"]
            break
        stretches = list(_with(Plan(plan.name, tuple(stretches)), {taker: stretch.bars}).stretches)
    if stretches == list(plan.stretches):
        return plan._replace(notes=(*plan.notes, *notes))
    return Plan(plan.name, tuple(stretches), (f"{plan.name}, without {_listed(refused)}",))


def _forms(brief: Brief, tables: HarmonyTables) -> tuple[FormRow, ...]:
    """The application's forms with the sections that are wanted and without those that are not, as far as there are any."""
    forms = tables.forms
    for kind in OF_A_FORM:
        if kind in brief.with_sections:
            forms = tuple(whole for form in forms if (whole := _whole(form, kind)) is not None) or forms
        if kind in brief.without_sections:
            bare = tuple(_bare(form, kind) for form in forms)
            forms = tuple(form for form in bare if kind not in _kinds(form)) or forms
    return forms


def _whole(form: FormRow, kind: str) -> FormRow | None:
    """The form when it has a section of a kind; where that is optional, it comes before the last section is played once more."""
    planned = tuple(one for one in form.sections if not one.optional)
    if any(_kind(one.label) == kind for one in planned):
        return form
    own = next((one for one in form.sections if _kind(one.label) == kind), None)
    return own and form._replace(sections=(*planned, own._replace(optional=False), planned[-1]))


def _bare(form: FormRow, kind: str) -> FormRow:
    """The form without optional sections of a kind."""
    return form._replace(sections=tuple(one for one in form.sections if not one.optional or _kind(one.label) != kind))


def _kinds(form: FormRow) -> set[str]:
    return {_kind(section.label) for section in form.sections}


def _kind(label: str) -> str:
    return KINDS.get(label.lower(), LETTERS.get(label[:1].upper(), "verse"))


def _listed(names: list[str]) -> str:
    return " and ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else "".join(names)
