"""Items 4.1 to 4.3."""

from __future__ import annotations

from sim.config.variants import trips_vary
from sim.report.markdown import paragraphs, table
from sim.report.stress_des.subject import Subject
from sim.study.plan import plan, runs_of

PARTED = (
    " The runs without assumptions, less the baseline in the same replications, tell how much of an effect comes out "
    "of the model's mechanisms; the rest is put in. They are in no range of the assumptions."
)


def initialisation(subject: Subject) -> str:
    """Item 4.1."""
    study = subject.world.study
    rows = [
        (f"`{name}`", f"{s.initial.span_days:g}", f"{s.initial.queue_days:g}", s.initial.source)
        for name, s in subject.world.care.services.items()
        if s.initial
    ]
    start = (
        "At its start, patients in service and in queues are drawn at random from each scenario's expected flows (the "
        "equilibrium without waiting); the days are how far back their requests lie, and how many of the last days "
        "wait:"
        if rows
        else "It starts empty."
    )
    return paragraphs(
        f"Non-terminating, with a warm-up of {study.warm_up_days} days that is simulated and not measured. Its length "
        "is "
        "a choice that every run judges: MSER-5 on the hourly number present, for each service and for each hospital's "
        "emergency room and wards, and a test whether the number still moves over the window; stations for which the "
        "warm-up is too short, or whose offered load is 1 or more, are named after a run and in the report.",
        start,
        table(("service", "days back", "of these waiting", "source"), rows),
    )


def run_length(subject: Subject) -> str:
    """Item 4.2."""
    study, model = subject.world.study, subject.model
    hours = (model.horizon - model.window_start) // 3600
    return (
        f"{study.start} to {study.end}, local time of {subject.world.region.file.timezone}: a window of {hours:,} "
        "hours "
        f"after {model.window_start // 3600:,} hours of warm-up. The unit of time is the second, of distance the metre."
    )


def estimation(subject: Subject) -> str:
    """Item 4.3."""
    study = subject.world.study
    points = plan(subject.world)
    runs, parted = runs_of(points), runs_of([point for point in points if point.variant == "mechanism"])
    ends = runs - parted - study.replications * len(study.scenarios)
    worlds = study.worlds if len(study.scenarios) > 1 else 0
    return paragraphs(
        f"{study.replications} independent replications of each of {len(study.scenarios)} scenarios"
        + (f", and {ends} runs with the effect sizes at low and high{_trips(subject)}" if ends else "")
        + (f", and {parted} runs of scenarios without the levers that are assumptions" if parted else "")
        + f": {runs} runs"
        + (f", and one of each scenario in {worlds} worlds drawn by Latin hypercube" if worlds else "")
        + ". The number is a choice; `careshift precision` tells from the results which half-width "
        "it "
        "gives for each headline measure and scenario, and how many replications a wanted half-width would take.",
        "Scenarios are compared in pairs with common random numbers: the t interval is that of the differences, "
        "replication "
        "by replication. Luck (replications) and assumptions (the runs at the ends of ranges, and in drawn worlds) are "
        "shown apart and never mixed." + (PARTED if parted else ""),
    )


def _trips(subject: Subject) -> str:
    """That trips are varied too, where they are."""
    return " and with all trips short and long" if trips_vary(subject.world.region.travel) else ""


__all__ = ["estimation", "initialisation", "run_length"]
