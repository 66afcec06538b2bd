"""Items 2.5.1 to 2.5.5."""

from __future__ import annotations

from typing import Any

from sim.config.schema.care import Service
from sim.model.codes import Mode
from sim.report.html.rule_phrases import rule_phrase
from sim.report.markdown import bullets, paragraphs, table
from sim.report.stress_des.subject import Subject

MODES = {
    Mode.WALK_IN: "the patient travels there, then queues",
    Mode.BOOKED: "the patient queues at home and comes when it is their turn",
    Mode.REMOTE: "nobody travels",
    Mode.OUTREACH: "a team travels to the patient",
}


def entities(subject: Subject) -> str:
    """Item 2.5.1."""
    care = subject.world.care
    return paragraphs(
        "One kind: the episode. Its attributes: need, zone of residence (with its municipality), age group "
        "(0-17, 18-64, 65-79, 80 and over), acuity (1, the most urgent, to 5), the second at which it begins, and a "
        "key "
        "from which all its luck follows. On its way it makes contacts, each with service, site, pool, reason, times "
        "of "
        "request, start, end and release, and outcome. Staff are not entities: they are the units of pools.",
        table(
            ("need", "name", "profile of arrivals"),
            [(f"`{name}`", need.label.en, f"`{need.profile}`") for name, need in care.needs.items()],
        ),
    )


def activities(subject: Subject) -> str:
    """Item 2.5.2."""
    care, config = subject.world.care, subject.config["care"]["services"]
    rows = []
    for name, service in care.services.items():
        times = "; ".join(_rule(subject, key, rule) for key, rule in config[name]["duration"].items())
        ways = "; ".join(_rule(subject, key, rule) for key, rule in config[name]["next"].items())
        rows.append((f"`{name}`", service.label.en, MODES[Mode[service.mode.upper()]], times, ways or "exit"))
    return paragraphs(
        "Each service is an activity. Rules are tried in their order; the first that fits the patient is used.",
        table(("service", "name", "how they meet", "time it takes", "ways on"), rows),
        table(("service", "hours, refusal and appointments"), _mechanisms(subject)),
        table(("signal", "what is known", "classes begin at"), _signals(subject)),
    )


def _rule(subject: Subject, key: str, rule: dict[str, Any]) -> str:
    return f"{key}: {rule_phrase(rule, subject.names, subject.language)}"


def resources(subject: Subject) -> str:
    """Item 2.5.3."""
    pools, offers = subject.world.region.pools, subject.world.region.offers
    rows = []
    for name, resource in subject.world.care.resources.items():
        mine = pools[pools["resource"] == name]
        names = set(mine["pool"])
        pairs = zip(offers["service"].astype(str), offers["pool"].astype(str), strict=True)
        used = sorted({service for service, pool in pairs if names & set(pool.split())})
        units = f"{mine['capacity'].sum():,.1f}".removesuffix(".0")
        row = (f"`{name}`", resource.unit.en, len(mine), units, int(mine["surge"].sum()), _code(used))
        rows.append(row)
    return paragraphs(
        f"{len(subject.model.pools)} pools of units, each with a calendar; units are those that are open in a shift, "
        "surge is used once they are taken and costs nothing.",
        table(("resource", "unit", "pools", "units", "surge", "used by"), rows),
    )


def _code(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "none"


def queues(subject: Subject) -> str:
    """Item 2.5.4."""
    config = subject.config["care"]["services"]
    rows = []
    for name, service in subject.world.care.services.items():
        if service.unlimited_at:
            continue
        record = config[name]
        order = (
            rule_phrase(record["targets"], subject.names, subject.language)
            if record["targets"]
            else "first come, first served"
        )
        patience = "; ".join(_rule(subject, key, rule) for key, rule in record["patience"].items())
        rows.append((f"`{name}`", order, patience or "nobody leaves", _closing(service), _limit(service)))
    return paragraphs(
        "One queue a pool, across its services, in the order of request time plus the target wait of the acuity; ties "
        "by request, then by episode. All targets 0 is first come, first served. Patients who leave renege; nobody "
        + ("jockeys, balking is in item 2.5.2" if _refusing(subject) else "balks or jockeys")
        + ", and who would be one too many where a queue has a limit is turned away.",
        table(("service", "target wait", "patience", "at closing time", "limit"), rows),
    )


def _refusing(subject: Subject) -> bool:
    return any(service.refuse for service in subject.world.care.services.values())


def _mechanisms(subject: Subject) -> list[tuple[str, str]]:
    """What services say of hours, refusal and appointments, those alone that say something."""
    rows = []
    for name, service in subject.config["care"]["services"].items():
        hours = [f"{part} in the hours of `{service[part]}`" for part in ("starts", "ends") if service[part]]
        rules = [
            f"{what}: {'; '.join(_rule(subject, key, rule) for key, rule in service[part].items())}"
            for part, what in (("refuse", "turns away"), ("not_before", "not before"), ("no_show", "missed"))
            if service[part]
        ]
        if hours or rules:
            rows.append((f"`{name}`", ". ".join([*hours, *rules])))
    return rows


def _signals(subject: Subject) -> list[tuple[str, str, str]]:
    return [
        (
            f"`{name}`",
            f"{s.what} of `{s.of}`" + (f", mean of {s.over_h} h" if s.over_h else ""),
            ", ".join(map(str, s.classes)),
        )
        for name, s in subject.world.care.signals.items()
    ]


def _closing(service: Service) -> str:
    instead = f"`{service.fallback}`" if service.fallback else "none"
    return "the queue stays" if service.at_close == "keep" else f"turned away, fallback {instead}"


def _limit(service: Service) -> str:
    limit = service.queue_limit
    return f"{limit.waiting} waiting" if limit is not None and limit.waiting is not None else "none"


def entry_and_exit(subject: Subject) -> str:
    """Item 2.5.5."""
    region = subject.world.region
    left_out = [label.en for label in region.file.left_out]
    return paragraphs(
        f"Episodes enter in {len(region.zones)} zones in {len(region.municipalities)} municipalities, by a Poisson "
        "process whose rate changes from hour to hour (drawn as a Poisson number, each placed by the profile). They "
        "leave by exit after a service, by leaving a queue for nothing, or unserved where no site is open and no "
        "service stands in; episodes that are under way at the end of the run are marked open. Those present at its "
        "start enter then (item 4.1).",
        f"Users from outside: {region.file.users_from_outside.en}",
        "Outside the model: "
        + (subject.language.enumeration(left_out) if left_out else "nothing that the region names")
        + ".",
        "First contacts:",
        bullets(
            f"{subject.names.need(name)}: "
            + "; ".join(
                _rule(subject, key, rule) for key, rule in subject.config["care"]["needs"][name]["first"].items()
            )
            for name in subject.world.care.needs
        ),
    )


__all__ = ["activities", "entities", "entry_and_exit", "queues", "resources"]
