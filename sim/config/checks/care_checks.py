"""The care model across its parts: names, sums, who is covered by a rule, and circles that nobody leaves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from math import fsum

from sim.config.errors import Problem, unknown
from sim.config.schema.care import Care, FirstRule, NextRule, PatienceRule, Service
from sim.config.schema.pathway_rules import Rule, Step, When
from sim.config.sentence import Sentence
from sim.model.codes import ACUITY_NAMES, AGE_GROUPS

EXIT = "exit"
TOLERANCE = 1e-9
Class = tuple[str, str, str]  # need, age, acuity


def check_care(care: Care, file: str, offered: set[str] | None) -> list[Problem]:
    """Every problem of the care model; ``offered``: services that have a site (None: not known)."""
    problems: list[Problem] = []
    for name, service in care.services.items():
        problems += _service(care, name, service, file)
    for name in care.needs:
        problems += _need(care, name, file)
    problems += _whole_model(care, file)
    if offered is not None:
        problems += _siteless(care, file, offered)
    problems += circles(care, file)
    return problems


def sums_to_one(shares: Iterable[float], file: str, key: str) -> Iterator[Problem]:
    """Probabilities that do not sum to 1; they are never made to."""
    total = fsum(shares)
    if abs(total - 1) > TOLERANCE:
        yield Problem(file, key, f"{total:.12g}", "probabilities must sum to 1")


def _service(care: Care, name: str, service: Service, file: str) -> Iterator[Problem]:
    key = f"services.{name}"
    for part in ("duration", "patience", "next"):
        yield from check_rules(care, getattr(service, part), file, f"{key}.{part}")
    for rule, patience in service.patience.items():
        yield from check_steps(care, patience.then, file, f"{key}.patience.{rule}.then")
    for rule, after in service.next.items():
        yield from check_steps(care, after.then, file, f"{key}.next.{rule}.then")
    if service.fallback is not None and service.fallback not in care.services:
        yield unknown(file, f"{key}.fallback", service.fallback, "service", care.services)
    if service.targets is not None:
        for acuity in ACUITY_NAMES:
            if acuity not in service.targets.target_min:
                yield Problem(file, f"{key}.targets.target_min.{acuity}", "", "is missing")
    for limit in ("reach_min", "detour_min"):
        minutes = getattr(service.choice, limit, None)
        if minutes is not None and service.fallback is None:
            message = Sentence(
                "where no site is within reach somebody must know where to turn: give the service a fallback"
            )
            yield Problem(file, f"{key}.choice.{limit}", f"{minutes:g}", message)
    if service.unlimited_at is None and service.choice is None:
        yield Problem(file, f"{key}.choice", "", "is missing: only a service with unlimited_at has no site to choose")
    if service.unlimited_at is not None and service.queue_limit is not None:
        waiting = str(service.queue_limit.waiting)
        yield Problem(file, f"{key}.queue_limit", waiting, "a service with unlimited_at has no queue to limit")


def check_rules(care: Care, rules: Mapping[str, Rule], file: str, key: str, whole: bool = True) -> Iterator[Problem]:
    """The last rule has no condition, so that everybody is covered (if ``whole``); no other rule lacks one."""
    names = list(rules)
    for name in names:
        when = rules[name].when
        if when is not None:
            yield from check_when(when, file, f"{key}.{name}.when", care)
        if when is None and name != names[-1]:
            yield Problem(
                file,
                f"{key}.{name}",
                "",
                Sentence("without `when` it hides the rules after it ({names})", names=names[-1]),
            )
    if whole and names and rules[names[-1]].when is not None:
        yield Problem(file, f"{key}.{names[-1]}.when", "", "the last rule has no `when`: someone is covered by no rule")


def check_when(when: When, file: str, key: str, care: Care) -> Iterator[Problem]:
    """Needs that the care model lacks."""
    for need in when.needs or []:
        if need not in care.needs:
            yield unknown(file, f"{key}.needs", need, "need", care.needs)
    for part in ("needs", "ages", "acuity"):
        if getattr(when, part) == []:
            yield Problem(file, f"{key}.{part}", "", "an empty list fits nobody")


def check_steps(care: Care, steps: Mapping[str, Step], file: str, key: str) -> Iterator[Problem]:
    """Ways on that lead nowhere, delays where there are none or that lack, and shares that do not sum to 1."""
    for name, step in steps.items():
        if step.to != EXIT and step.to not in care.services:
            yield unknown(file, f"{key}.{name}.to", step.to, "service", [*care.services, EXIT])
        if (step.how == "follow_up") != (step.after is not None):
            message = Sentence("a follow_up, and only a follow_up, has a delay `after`")
            yield Problem(file, f"{key}.{name}.how", step.how, message)
    if steps:
        yield from sums_to_one((s.probability for s in steps.values()), file, key)


def _need(care: Care, name: str, file: str) -> Iterator[Problem]:
    need, key = care.needs[name], f"needs.{name}"
    for part in ("acuity", "first"):
        yield from check_rules(care, getattr(need, part), file, f"{key}.{part}")
    for rule, mix in need.acuity.items():
        yield from sums_to_one(mix.mix.values(), file, f"{key}.acuity.{rule}.mix")
        if mix.when is not None and mix.when.acuity is not None:
            yield Problem(file, f"{key}.acuity.{rule}.when.acuity", "", "acuity cannot depend on itself")
    for rule, first in need.first.items():
        yield from sums_to_one(first.to.values(), file, f"{key}.first.{rule}.to")
        for part, listed in (("to", first.to), ("at_hand", first.at_hand)):
            for service in listed:
                if service not in care.services:
                    yield unknown(file, f"{key}.first.{rule}.{part}", service, "service", care.services)
    if need.profile not in care.profiles:
        yield unknown(file, f"{key}.profile", need.profile, "profile", care.profiles)


def _whole_model(care: Care, file: str) -> Iterator[Problem]:
    for part in ("nearness", "wait", "ways_on"):
        for name in getattr(care.service_choice, part):
            if name not in care.services:
                yield unknown(file, f"service_choice.{part}.{name}", name, "service", care.services)
    for name, profile in care.profiles.items():
        for part in ("hour", "hour_weekend", "weekday", "month", "hour_of_week", "piecewise"):
            factors = getattr(profile, part)
            listed = factors.values() if isinstance(factors, dict) else factors
            if listed is not None and fsum(listed) <= 0:
                yield Problem(file, f"profiles.{name}.{part}", "", "must not be 0 all over")


def _siteless(care: Care, file: str, offered: set[str]) -> Iterator[Problem]:
    """Pathways to a service that no site offers and that is not without limit."""
    lacking = {s for s, service in care.services.items() if service.unlimited_at is None} - offered
    for key, service in _references(care):
        if service in lacking:
            message = Sentence("leads to a service that no site offers; give it an offer, or unlimited_at")
            yield Problem(file, key, service, message, "", ", ".join(sorted(offered & care.services.keys())))


def _references(care: Care) -> Iterator[tuple[str, str]]:
    for name, need in care.needs.items():
        for rule, first in need.first.items():
            yield from ((f"needs.{name}.first.{rule}.to", s) for s, share in first.to.items() if share > 0)
    for name, service in care.services.items():
        for part in ("next", "patience"):
            rules: dict[str, NextRule | PatienceRule] = getattr(service, part)
            for rule, what in rules.items():
                key = f"services.{name}.{part}.{rule}"
                yield from ((f"{key}.then.{k}.to", step.to) for k, step in what.then.items())
        if service.fallback is not None:
            yield f"services.{name}.fallback", service.fallback


def fits(when: When | None, who: Class) -> bool:
    """Whether a condition holds for a need, age and acuity."""
    if when is None:
        return True
    lists = (when.needs, when.ages, when.acuity)
    return all(listed is None or value in listed for listed, value in zip(lists, who, strict=True))


def classes(care: Care) -> list[Class]:
    """Every need, age and acuity."""
    return [(n, a, q) for n in care.needs for a in AGE_GROUPS for q in ACUITY_NAMES]


def _first_of(need_first: Mapping[str, FirstRule], who: Class) -> set[str]:
    rule = next((r for r in need_first.values() if fits(r.when, who)), None)
    return turned_to(rule) if rule is not None else set()


def turned_to(rule: FirstRule) -> set[str]:
    """The services at which those of a rule may begin."""
    return {s for listed in (rule.to, rule.at_hand) for s, share in listed.items() if share > 0}


def _onward(service: Service, who: Class) -> set[str]:
    """Where a patient of a class may go who was served, or who missed the appointment."""
    rule = next((r for r in service.next.values() if fits(r.when, who)), None)
    missed = next((r for r in service.no_show.values() if fits(r.when, who)), None)
    served = rule.leads_to() if rule is not None else {EXIT}
    if missed is None or missed.share == 0:
        return served
    return _ways(missed.then) | (served if missed.share < 1 else set())


def _ways(then: Mapping[str, Step]) -> set[str]:
    """Services that some go to; who has no way on goes home."""
    return {step.to for step in then.values() if step.probability > 0} or {EXIT}


def circles(care: Care, file: str) -> Iterator[Problem]:
    """Services that a patient can reach and from which no way leads to an exit; and circles of fallbacks."""
    reported: set[tuple[str, ...]] = set()
    for who in classes(care):
        ways = {name: _onward(service, who) for name, service in care.services.items()}
        reached = _reach(_first_of(care.needs[who[0]].first, who), ways)
        stuck = tuple(sorted(reached & ways.keys() - _leaving(ways)))
        if stuck and stuck not in reported:
            reported.add(stuck)
            message = Sentence(
                "routing circle without exit for {who}, {who_2}, acuity {who_3}: {names}",
                who=who[0],
                who_2=who[1],
                who_3=who[2],
                names=" > ".join(stuck),
            )
            yield Problem(file, f"services.{stuck[0]}.next", "", message)
    fallback = {name: {s.fallback} for name, s in care.services.items() if s.fallback is not None}
    for circle in _loops({k: {str(v) for v in names} for k, names in fallback.items()}):
        message = Sentence("fallback circle: {names}: with all closed nobody could leave it", names=" > ".join(circle))
        yield Problem(file, f"services.{circle[0]}.fallback", "", message)


def _reach(start: set[str], ways: Mapping[str, set[str]]) -> set[str]:
    services, new = set(start), set(start)
    while new:
        new = {to for s in new for to in ways.get(s, ())} - services
        services |= new
    return services


def _leaving(ways: Mapping[str, set[str]]) -> set[str]:
    """Services from which an exit can be reached; an unknown service counts as one (it is told elsewhere)."""
    out: set[str] = {s for s, to in ways.items() if EXIT in to or not to <= ways.keys()}
    while more := {s for s, to in ways.items() if s not in out and to & out}:
        out |= more
    return out


def _loops(ways: Mapping[str, set[str]]) -> Iterator[list[str]]:
    """Each circle once, found from its first name in the alphabet."""
    for start in sorted(ways):
        trails = [[start]]
        seen: set[str] = set()
        while trails:
            trail = trails.pop()
            for to in sorted(ways.get(trail[-1], ())):
                if to == start:
                    yield [*trail, start]
                elif to > start and to not in seen:
                    seen.add(to)
                    trails.append([*trail, to])
