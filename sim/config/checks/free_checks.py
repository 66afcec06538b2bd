"""Reads what may vary of a region and what was fitted, and holds both against the care model and the tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sim.config.errors import Problem, unknown
from sim.config.reading.free_parameter_files import FITTED, FREE, USUAL, FreeParts
from sim.config.reading.region_tables import Table
from sim.config.schema.care import Care
from sim.config.schema.free_parameters import (
    Capacity,
    FirstContact,
    Fitted,
    FreeParameter,
    FreeParameters,
    NeedRate,
    Pull,
    WayOn,
)
from sim.config.sentence import Sentence


def check_free(parts: FreeParts, care: Care, care_name: str, tables: Mapping[str, Table]) -> Iterator[Problem]:
    """Names that nothing has, factors that were fitted and may not vary, and factors outside their range."""
    if parts.free is not None and parts.free.care == care_name:
        for name, parameter in parts.free.parameters.items():
            yield from _names(parameter, f"{parts.folder}/{FREE}", f"parameters.{name}.acts_on", care, tables)
    if parts.fitted is not None:
        yield from _fitted_factors(parts.fitted, parts.free, f"{parts.folder}/{FITTED}")
    if parts.usual is not None and parts.usual.care == care_name:
        for service in parts.usual.wait.keys() - care.service_choice.wait.keys():
            message = Sentence("nobody minds the wait for it: run careshift usual-waits again, or delete the file")
            allowed = ", ".join(care.service_choice.wait)
            yield Problem(f"{parts.folder}/{USUAL}", f"wait.{service}", "", message, "", allowed)


def _names(parameter: FreeParameter, file: str, key: str, care: Care, tables: Mapping[str, Table]) -> Iterator[Problem]:
    acts_on = parameter.acts_on
    single = {"service": [acts_on.service]} if isinstance(acts_on, (FirstContact, WayOn, Pull)) else {}
    several = {k: getattr(acts_on, k, None) or [] for k in ("needs", "services", "to", "resources")}
    lists: dict[str, list[str]] = {"needs": list(care.needs), "resources": list(care.resources)}
    for part, names in {**single, **several}.items():
        allowed = lists.get(part, list(care.services))
        what = part.removesuffix("s") if part != "to" else "service"
        for name in names:
            if name not in allowed:
                yield unknown(file, f"{key}.{part}", name, what, allowed)
    if isinstance(acts_on, Pull):
        yield from _offer(acts_on, file, key, tables["offers"])
    if isinstance(acts_on, NeedRate):
        aged = {age for need in acts_on.needs if need in care.needs for age in care.needs[need].rate_per_1000_year}
        yield from (
            unknown(file, f"{key}.ages", a, "age group of these needs", aged)
            for a in acts_on.ages or []
            if a not in aged
        )
    if isinstance(acts_on, Capacity) and tables["pools"].readable:
        yield from (
            Problem(file, f"{key}.resources", resource, "no pool of the region is of this resource")
            for resource in acts_on.resources
            if resource in care.resources and resource not in tables["pools"].names("resource")
        )


def _offer(acts_on: Pull, file: str, key: str, offers: Table) -> Iterator[Problem]:
    if not offers.readable:
        return
    sites = [s for s, o in zip(offers.names("site"), offers.names("service"), strict=True) if o == acts_on.service]
    if acts_on.site not in sites:
        yield unknown(
            file, f"{key}.site", acts_on.site, Sentence("site that offers {service}", service=acts_on.service), sites
        )


def _fitted_factors(fitted: Fitted, free: FreeParameters | None, file: str) -> Iterator[Problem]:
    if free is None:
        yield Problem(
            file, "parameters", "", Sentence("there is no {free} that says what these factors are", free=FREE)
        )
        return
    if fitted.care != free.care:
        yield Problem(file, "care", fitted.care, Sentence("{free} is of another care model", free=FREE), "", free.care)
    for name, estimate in fitted.parameters.items():
        key = f"parameters.{name}"
        if name not in free.parameters:
            yield unknown(file, key, name, "free parameter", free.parameters)
            continue
        span = free.parameters[name].factor
        if not span.low <= estimate.factor <= span.high:
            message = Sentence("outside the evidence range: run careshift calibrate again")
            yield Problem(file, f"{key}.factor", str(estimate.factor), message, "", f"{span.low:g} to {span.high:g}")


__all__ = ["check_free"]
