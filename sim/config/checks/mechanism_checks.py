"""Units within units, hours of starting and ending, signals and responses, appointments: what services say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sim.config.checks.at_hand_checks import check_at_hand
from sim.config.checks.care_checks import EXIT, check_rules, check_steps
from sim.config.errors import Problem, unknown
from sim.config.schema.care import Care, Service
from sim.config.schema.pathway_rules import Step
from sim.config.schema.responses import Signal
from sim.config.sentence import Sentence

KEEPS = ("holding", "within")
GIVES_BACK = {  # where one may not say what
    "follow_up": "gives back everything",
    "within": "gives back nothing until the end",
    "carried": "gives back the team's unit when it is at its base",
}


def check_mechanisms(care: Care, file: str, offered: set[str] | None) -> Iterator[Problem]:
    """Every problem of them; ``offered``: services that have a site (None: not known)."""
    for name, signal in care.signals.items():
        yield from _signal(care, signal, file, f"signals.{name}.of", offered)
    for name, near in care.service_choice.nearness.items():
        choice = care.services[name].choice if name in care.services else None
        if near.closed and near.within_min is None and (choice is None or choice.reach_min is None):
            message = Sentence("is missing: without it a site that opens anywhere would be open to everybody")
            yield Problem(file, f"service_choice.nearness.{name}.within_min", "", message)
    for name, waited in care.service_choice.wait.items():
        for acuity, utilities in waited.by_acuity.items():
            key = f"service_choice.wait.{name}"
            yield from _class_numbers(care, waited.signal, utilities, file, key, f"by_acuity.{acuity}")
    yield from check_at_hand(care, file)
    for name, service in care.services.items():
        key = f"services.{name}"
        yield from _ways_on(care, service, file, key)
        yield from _responses(care, service, file, key)
        yield from _appointments(care, service, file, key)
        yield from _places(service, file, key)


def _signal(care: Care, signal: Signal, file: str, key: str, offered: set[str] | None) -> Iterator[Problem]:
    if signal.of not in care.services:
        yield unknown(file, key, signal.of, "service", care.services)
        return
    if care.services[signal.of].unlimited_at is not None:
        yield Problem(file, key, signal.of, "a service with unlimited_at has no pool whose signal could be read")
    elif offered is not None and signal.of not in offered:
        allowed = ", ".join(sorted(offered & care.services.keys()))
        yield Problem(file, key, signal.of, "no site offers this service, so there is nothing to read", "", allowed)


def _ways_on(care: Care, service: Service, file: str, key: str) -> Iterator[Problem]:
    for rule, after in service.next.items():
        for name, step in after.then.items():
            yield from _kept_units(service, step, file, f"{key}.next.{rule}.then.{name}")
            yield from carried_ways(care, service, step.how, step.to, file, f"{key}.next.{rule}.then.{name}.how")
    for part in ("patience", "no_show"):
        for rule, one in getattr(service, part).items():
            for name, step in one.then.items():
                yield from _nothing_held(step, file, f"{key}.{part}.{rule}.then.{name}")


def _kept_units(service: Service, step: Step, file: str, key: str) -> Iterator[Problem]:
    """Ways that keep a unit, and ways that say what is given back."""
    if step.gives_back is not None and step.to == EXIT:
        yield Problem(file, f"{key}.gives_back", step.gives_back, "who exits gives back everything: leave it out")
    elif step.gives_back is not None and step.how in GIVES_BACK:
        message = Sentence("{how} {gives_back}: leave it out", how=step.how, gives_back=GIVES_BACK[step.how])
        yield Problem(file, f"{key}.gives_back", step.gives_back, message)
    if step.how in KEEPS and step.to == EXIT:
        yield Problem(file, f"{key}.how", step.how, "who exits keeps no unit", "", "at_once")
    elif step.how in KEEPS and service.mode == "outreach":
        yield Problem(file, f"{key}.how", step.how, "a team's unit cannot be kept", "", "at_once, follow_up")


def carried_ways(care: Care, service: Service, how: str, to: str, file: str, key: str) -> Iterator[Problem]:
    """A way on that is carried, between services where nobody drives or nobody arrives."""
    if how != "carried":
        return
    if service.mode != "outreach":
        message = Sentence("only the team of an outreach service can carry a patient; here {mode}", mode=service.mode)
        yield Problem(file, key, how, message, "", "at_once, holding, follow_up, within")
    sites = {name: one for name, one in care.services.items() if one.unlimited_at is None}
    walk_in = sorted(name for name, one in sites.items() if one.mode == "walk_in")
    if to == EXIT or (to in care.services and to not in walk_in):
        message = Sentence("a patient is carried to the site of a walk_in service; {to} is none", to=to)
        yield Problem(file, key, how, message, "", f"to {', '.join(walk_in)}; or at_once, follow_up")


def _nothing_held(step: Step, file: str, key: str) -> Iterator[Problem]:
    """Ways of those who were not served."""
    if step.how in KEEPS:
        yield Problem(file, f"{key}.how", step.how, "who was not served keeps no unit", "", "at_once, follow_up")
    if step.how == "carried":
        yield Problem(file, f"{key}.how", step.how, "no team is with who was not served", "", "at_once, follow_up")
    if step.gives_back == "own":
        yield Problem(file, f"{key}.gives_back", "own", "who leaves gives back everything: leave it out")


def _responses(care: Care, service: Service, file: str, key: str) -> Iterator[Problem]:
    yield from check_rules(care, service.refuse, file, f"{key}.refuse", whole=False)
    for rule, refuse in service.refuse.items():
        yield from _class_numbers(care, refuse.signal, refuse.share, file, f"{key}.refuse.{rule}", "share")
    for rule, duration in service.duration.items():
        if (length := duration.response) is not None:
            yield from _class_numbers(
                care, length.signal, length.factor, file, f"{key}.duration.{rule}.response", "factor"
            )
    for rule, after in service.next.items():
        if (way := after.response) is not None:
            yield from _class_numbers(care, way.signal, way.odds, file, f"{key}.next.{rule}.response", "odds")
            yield from _step(after.then, way.step, file, f"{key}.next.{rule}.response.step")


def _class_numbers(
    care: Care, signal: str, numbers: Sequence[float], file: str, key: str, part: str
) -> Iterator[Problem]:
    """A response and the signal that it reads: one number for each class."""
    if not care.signals:
        yield Problem(file, f"{key}.signal", signal, "the care model declares no `signals`")
        return
    if signal not in care.signals:
        yield unknown(file, f"{key}.signal", signal, "signal", care.signals)
        return
    size = len(care.signals[signal].classes) + 1
    if len(numbers) != size:
        message = Sentence(
            "has {number} numbers where signal {signal} has {size} classes, one more than its thresholds",
            number=len(numbers),
            signal=signal,
            size=size,
        )
        yield Problem(file, f"{key}.{part}", ", ".join(f"{n:g}" for n in numbers), message)


def _step(then: Mapping[str, Step], step: str, file: str, key: str) -> Iterator[Problem]:
    if step not in then:
        yield unknown(file, key, step, "way on", then)
    elif then[step].probability in (0, 1):
        who = "nobody goes" if then[step].probability == 0 else "everybody goes"
        yield Problem(file, key, step, Sentence("{who} this way, so its odds change nothing", who=who))


def _appointments(care: Care, service: Service, file: str, key: str) -> Iterator[Problem]:
    yield from check_rules(care, service.not_before, file, f"{key}.not_before", whole=False)
    yield from check_rules(care, service.no_show, file, f"{key}.no_show", whole=False)
    for rule, missed in service.no_show.items():
        yield from check_steps(care, missed.then, file, f"{key}.no_show.{rule}.then")
    if service.no_show and service.mode != "booked":
        yield Problem(file, f"{key}.no_show", service.mode, "only a booked patient can stay away", "", "mode: booked")


def _places(service: Service, file: str, key: str) -> Iterator[Problem]:
    """What needs a site and a queue, and what a team cannot do."""
    for part in ("starts", "ends", "refuse", "not_before"):
        if getattr(service, part) and service.unlimited_at is not None:
            yield Problem(file, f"{key}.{part}", "", "a service with unlimited_at has neither site nor queue")
        elif getattr(service, part) and service.mode == "outreach" and part in ("starts", "ends"):
            yield Problem(
                file, f"{key}.{part}", "", "a team's hours are those of its pool: an outreach service has none"
            )
    if service.choice is not None and service.choice.rule == "nearest_idle" and service.unlimited_at is not None:
        message = Sentence("a service with unlimited_at has no pool whose units could be idle")
        yield Problem(file, f"{key}.choice.rule", "nearest_idle", message, "", "logit, nearest")
    limit = service.queue_limit
    if limit is not None and limit.waiting is None and not service.refuse:
        message = Sentence("is missing: without it, and without `refuse`, nobody is turned away for want of room")
        yield Problem(file, f"{key}.queue_limit.waiting", "", message)


__all__ = ["carried_ways", "check_mechanisms"]
