"""Items 2.1 to 2.4."""

from __future__ import annotations

from collections.abc import Iterable

from sim.report.html.lever_sentences import lever_sentence
from sim.report.markdown import bullets, paragraphs, table
from sim.report.stress_des.subject import Subject

FIRST = 0.005  # of a need's first contacts or of a service's ways on: smaller shares are left out of the diagram


def diagram(subject: Subject) -> str:
    """Item 2.1: the ways between services that the care model names, as a Mermaid diagram."""
    arrows = dict.fromkeys(_arrows(subject))
    lines = ["```mermaid", "flowchart LR", "  need([a need arises])", "  exit([exit])"]
    lines += [f'  {name}["{subject.names.service(name)}"]' for name in subject.world.care.services]
    return paragraphs(
        "An arrow is a way that an episode can take: from the need to the first contact, and from service to service. "
        "Broken arrows are taken by those who give up waiting. Ways with less than "
        f"{FIRST:.1%} in every rule are left out. `docs/model.md` has the diagram of the program.",
        "\n".join([*lines, *(f"  {arrow}" for arrow in arrows), "```"]),
    )


def _arrows(subject: Subject) -> list[str]:
    care = subject.world.care
    out = []
    for need in care.needs.values():
        out += [f"need --> {s}" for rule in need.first.values() for s, share in rule.to.items() if share >= FIRST]
    for name, service in care.services.items():
        steps = [step for rule in service.next.values() for step in rule.then.values()]
        out += [f"{name} --> {step.to}" for step in steps if step.probability >= FIRST]
        leavings = [step for patience in service.patience.values() for step in patience.then.values()]
        out += [f"{name} -.-> {step.to}" for step in leavings if step.probability >= FIRST]
        if not service.next:
            out.append(f"{name} --> exit")
    return out


def base_logic(_subject: Subject) -> str:
    """Item 2.2."""
    return paragraphs(
        "An episode (one need of one person at one time) goes through these steps; `docs/model.md`, sections 5 to 9, "
        "tells them in full.",
        bullets([
            "First contact: a service is drawn by need, age group and acuity.",
            "Site: drawn among the open sites that offer the service, by travel time; none open: the fallback service.",
            "Travel: to a walk-in service before the request; to a booked one when it starts; a team drives itself.",
            "Request: joins the queue of the site's pool.",
            "Waiting: until a unit is free, or until patience ends; who leaves goes where the pathway says.",
            "Service: the unit is occupied for a drawn time.",
            "Next: exit, another service at once, another while the unit is kept (boarding, blocked beds), or a "
            "follow-up from home after a delay.",
        ]),
    )  # fmt: skip


def scenario_logic(subject: Subject) -> str:
    """Item 2.3: the levers of each scenario in words."""
    parts = []
    for name in subject.world.study.scenarios:
        levers = subject.config["scenarios"][name]["levers"]
        lines = [
            f"`{key}`: {lever_sentence(lever, subject.names, subject.language)}."
            + (f" {note}" if (note := subject.language.words(lever["note"])) else "")
            for key, lever in levers.items()
        ]
        parts.append(f"`{name}`:\n\n" + (bullets(lines) if lines else "- the base model as it is."))
    return paragraphs(
        "A scenario is a list of levers on the base model, each with a ramp in time; logic that no lever names is that "
        "of the base model. Effect sizes are in item 3.3.",
        *parts,
    )


def algorithms(subject: Subject) -> str:
    """Item 2.4."""
    care, travel = subject.world.care, subject.world.region.travel
    minutes = (
        "read from a matrix that comes with the region"
        if travel.matrix_file
        else "great-circle distance times a detour factor by distance band, over a speed by distance band, with a time "
        "for access and penalties for ferries and bridges"
    )
    rows = [
        (f"`{name}`", service.choice.rule, f"{service.choice.per_min:g}" if service.choice.rule == "logit" else "")
        for name, service in care.services.items()
        if service.choice
    ]
    return paragraphs(
        bullets([
            "Choice of site: logit, probability proportional to exp(pull - disutility x minutes), or the nearest. If "
            f"the drawn site is closed the patient draws again, at most {care.redraws} times, then among the open "
            "ones.",
            f"Travel time: {minutes}.",
            "First contacts: the reference's shares times exp(change of utility), renormalised (pivot-point logit): "
            f"nearness of {_names(care.service_choice.nearness)}; wait of {_names(care.service_choice.wait)}.",
            "Arrivals: a Poisson number of potential episodes for each need and age group, spread over the hours by a "
            "profile of hour, weekday and month; a scenario keeps those whose stored level is below its factor.",
            "Teams: a visit starts only if the drive out and the visit, times the tour factor, fit the shift.",
            "Capacities that are no whole number alternate from day to day so that their mean is right.",
            "Quantiles of waits: Kaplan-Meier, leaving and the end of the run as censoring.",
        ]),
        table(("service", "choice of site", "disutility of a minute"), rows),
    )  # fmt: skip


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "no service"


__all__ = ["algorithms", "base_logic", "diagram", "scenario_logic"]
