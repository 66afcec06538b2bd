"""One line a lever: on whom and on what it acts, and from when."""

from __future__ import annotations

from collections.abc import Iterator

from sim.compile.acted_on import ActedOn, ActedUnits, acted_on
from sim.config.world import World
from sim.model.tables import Model
from sim.report.language import N_, Language
from sim.report.names import Names

NEEDS = ("demand", "enrolment")  # kinds that are about episodes
CONTACTS = {
    "shift": N_("{number} first contacts a day with {services}"),
    "pathway": N_("{number} contacts a day that go on from {services}"),
    **dict.fromkeys(NEEDS, N_("{number} episodes a day")),
}
ONE_SITE = N_("{resource} at 1 site ({before} become {after})")
MANY_SITES = N_("{resource} at {sites} sites ({before} become {after})")
WHOLE = N_("{after}, in whole units {whole}")
OTHERS = N_("{number} contacts a day with {services}")
SHOWN = 3  # services by name


def acted_on_lines(world: World, name: str, models: tuple[Model, Model], names: Names, language: Language) -> list[str]:
    """A sentence for each lever of a scenario that is in force; ``models``: the scenario's, and the baseline's."""
    levers = world.scenarios[name].levers
    return [
        language.translate(
            "{scenario}: {lever} acts on {what} from {day}.",
            scenario=name, lever=key, what=language.enumeration(parts), day=found.begins,
        )
        for key, found in acted_on(world, name, *models).items()
        if (parts := list(_parts(found, levers[key].kind, names, language)))
    ]  # fmt: skip


def _parts(found: ActedOn, kind: str, names: Names, language: Language) -> Iterator[str]:
    yield from (_units(one, names, language) for one in found.units)
    if found.enrolled:
        yield language.translate("{number} people enrolled", number=language.number(found.enrolled, 0))
    if found.services or kind in NEEDS:
        listed = [names.within(names.service(one)) for one in found.services[:SHOWN]]
        more = len(found.services) - len(listed)
        listed += [language.translate("{number} more", number=more)] if more else []
        text = CONTACTS.get(kind, OTHERS)
        number = language.number(found.contacts)
        yield language.translate(text, number=number, services=language.enumeration(listed))


def _units(one: ActedUnits, names: Names, language: Language) -> str:
    before, after = _few_digits(one.before, language), _few_digits(one.after, language)
    if one.whole is not None:
        after = language.translate(WHOLE, after=after, whole=language.number(one.whole, 0))
    return language.translate(
        ONE_SITE if one.sites == 1 else MANY_SITES,
        resource=names.within(names.resource(one.resource)),
        sites=one.sites,
        before=before,
        after=after,
    )


def _few_digits(units: float, language: Language) -> str:
    """Units with one decimal where there are any."""
    return language.plain(round(units, 1))


__all__ = ["acted_on_lines"]
