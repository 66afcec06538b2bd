"""Random networks that use units within units, hours, signals, several pools, shift rules and appointments."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import strategies as st
from networks import MIXED
from worlds import SAID, Offer, Plain, Sketch, exponential, minutes, need, responding, service, way

NAMES = ("s0", "s1", "s2", "s3")
PLACES = ("t0", "t1")
ALWAYS = "00:00-24:00"  # no shift ends
SHIFTS: tuple[str | Plain, ...] = (
    ALWAYS,
    "08:00-17:00",
    {"every_day": ["00:00-08:00", "08:00-16:00", "16:00-24:00"]},
    {
        "every_day": [
            {"hours": "06:00-14:00", "capacity_factor": 1},
            {"hours": "14:00-22:00", "capacity_factor": 0.5},
            {"hours": "22:00-06:00", "capacity_factor": 0.34},
        ]
    },
)
WHAT = st.sampled_from(["occupancy", "per_unit", "queue", "expected_wait"])
CLASSES = {"occupancy": [400, 1000], "per_unit": [500, 1500], "queue": [1, 4], "expected_wait": [1, 45]}


def time(draw: st.DrawFn) -> Plain:
    """A drawn time, or one that is a multiple of a quarter of an hour, so that many things happen in one second."""
    found: Plain = draw(st.sampled_from([exponential(40), *(minutes(15 * k) for k in range(6))]))
    return found


def ways(draw: st.DrawFn, j: int, mode: str, inside: bool) -> list[Plain]:
    """Ways to later services at once, while holding to earlier ones too, and to any after a delay."""
    made = [way(draw(st.sampled_from(NAMES)), 0.15, after=exponential(90)), way("exit", 0.25)]
    hows = ["at_once", "holding", *["within"] * 2 * inside] if mode != "outreach" else ["at_once"]
    for share in (0.4, 0.2):
        if j + 1 < len(NAMES):
            how, gives = draw(st.sampled_from(hows)), draw(st.sampled_from([None, "all"]))
            to = draw(
                st.sampled_from(NAMES[:j] + NAMES[j + 1 :] if how == "holding" and not inside else NAMES[j + 1 :])
            )
            made.append(way(to, share, how, gives_back=gives if how != "within" else None))
        elif draw(st.booleans()) and mode != "outreach":  # back, so that two may wait for each other's unit
            made.append(way(NAMES[-2], share, "holding"))
        else:
            made.append(way("exit", share))
    return made


def choices(j: int) -> st.SearchStrategy[Plain]:
    """How a site is chosen: the nearest, by luck, or by luck that is the same at every visit."""
    logit = {"rule": "logit", "per_min": 0.05}
    return st.sampled_from([{"rule": "nearest"}, logit, {**logit, "listed": f"list{j}"}])


@st.composite
def a_service_with_mechanisms(draw: st.DrawFn, j: int, inside: bool) -> Plain:
    """A service, everybody patient for a while only, so that no circle of waiting is without an end."""
    mode = draw(st.sampled_from(["walk_in", "booked", "remote", "outreach"] if j else ["walk_in", "walk_in", "booked"]))
    said: Plain = {"at_close": draw(st.sampled_from(["keep", "fallback"]))}
    team = mode == "outreach"
    if draw(st.booleans()):
        said["fallback"] = "call"
    if draw(st.integers(0, 2)) == 0:
        full = draw(st.sampled_from(["fallback", "next_site", "leave"]))
        said["queue_limit"] = {"waiting": draw(st.integers(0, 4)), "when_full": full, **SAID}
    for name in ("starts", "ends"):
        if not team and draw(st.integers(0, 3)) == 0:
            said[name] = draw(st.sampled_from(["office", "morning"]))
    if draw(st.integers(0, 3)) == 0:
        said["refuse"] = {"full": {"signal": draw(st.sampled_from(["now", "mean"])), "share": [0, 0.3, 1], **SAID}}
    if not team and draw(st.integers(0, 3)) == 0:
        said["not_before"] = {"all": {"time": time(draw), **SAID}}
    if mode == "booked" and draw(st.booleans()):
        then = {"again": way("s0", 0.5, after=exponential(60)), "call": way("call", 0.3), "no": way("exit", 0.2)}
        said["no_show"] = {"all": {"share": 0.3, "occupies": 0.4, "then": then, **SAID}}
    if draw(st.booleans()):
        said["initial"] = {"span_days": 0.2, "queue_days": draw(st.sampled_from([0, 0.05])), **SAID}
    made = service(
        time(draw), mode, then=ways(draw, j, mode, inside), patience=time(draw),
        leaves=[way("call", 0.5), way("exit", 0.5)], choice=draw(choices(j)),
        targets=draw(st.sampled_from([None, [0, 10, 60, 120, 240]])),
        **said,
    )  # fmt: skip
    answers = {"signal": draw(st.sampled_from(["now", "mean"]))}
    odds = {**answers, "step": "w0", "odds": [1, 2, 0.5]} if draw(st.booleans()) else None
    return responding(made, odds, {**answers, "factor": [1, 1.5, 0.7]} if draw(st.booleans()) else None)


@st.composite
def a_network_with_mechanisms(draw: st.DrawFn) -> Sketch:
    """Four services at one or two sites over two days, with many ties."""
    rule = draw(st.sampled_from(["finish", "fresh", "hand_over"]))
    inside = rule != "hand_over"  # units around others are not handed over
    services = {name: draw(a_service_with_mechanisms(j, inside)) for j, name in enumerate(NAMES)}
    sites: dict[str, dict[str, Offer]] = {place: {} for place in PLACES}
    for name, said in services.items():
        team = said["mode"] == "outreach"
        for place in draw(st.sampled_from([PLACES, PLACES[:1], PLACES])):
            spill = "" if team else draw(st.sampled_from(["", "", "more"]))
            units, staffed = draw(st.integers(1, 3)), draw(st.sampled_from(SHIFTS))
            sites[place][name] = Offer(
                units,
                draw(st.sampled_from(["00:00-24:00", "08:00-17:00"])),
                staffed=staffed,
                tour=team,
                overtime_h=draw(st.sampled_from([0, 0, 0, 1])) if staffed != ALWAYS else 0,
                keep_free=draw(st.sampled_from(["", "", "0 0 0 1 1"])) if units > 1 else "",
                further=f"{place}_more" if spill else "",
                spill_after_h=draw(st.sampled_from(["0", "0.25"])) if spill else "",
            )
    what = {name: draw(WHAT) for name in ("now", "mean")}
    signals = {
        name: {
            "of": draw(st.sampled_from(NAMES)),
            "what": kind,
            "over_h": int(name == "mean"),
            "classes": CLASSES[kind],
        }
        for name, kind in what.items()
    }
    ways_on = draw(st.sampled_from([[], ["s0", "s2"]]))
    at_hand = draw(st.sampled_from([{}, {"near": 0.4}]))
    ill = need({"s0": 0.7, "s1": 0.3}, rate=36_500, **MIXED)
    ill["first"]["all"]["at_hand"] = at_hand
    for name in ways_on if at_hand else []:
        services[name]["next"]["all"]["at_hand"] = draw(st.sampled_from([{}, at_hand]))
        services[name]["patience"]["all"]["at_hand"] = draw(st.sampled_from([{}, {"near": 0.7}]))
    services["near"] = service(draw(st.sampled_from([0, 15, 40])), choice={"rule": "nearest", **SAID}, fallback="call")
    sites["t0"]["near"] = Offer(1, draw(st.sampled_from([ALWAYS, "08:00-17:00"])), staffed=ALWAYS)
    nearness = {"near": {"per_km": {"3": -0.01}, **SAID}}
    waits = draw(st.sampled_from([{}, answers_to_waits(draw)]))
    return Sketch(
        {**services, "call": service(5, "remote", unlimited_at="self_care")},
        {place: {name: ruled(o, rule) for name, o in offers.items()} for place, offers in sites.items()},
        {"ill": ill},
        zones={"x": 500, "y": 500},
        travel={(a, b): draw(st.sampled_from([0, 15, 20])) for a in ("x", "y", *PLACES) for b in PLACES if a != b},
        end=date(2027, 3, 2),
        care={"signals": signals, "service_choice": {"nearness": nearness, "wait": waits, "ways_on": ways_on}},
        calendars={"office": "08:00-17:00", "morning": "06:00-11:00"},
        rooms={place: {f"{place}_more": Offer(draw(st.integers(1, 2)))} for place in PLACES},
    )


def answers_to_waits(draw: st.DrawFn) -> Plain:
    """First contacts that turn elsewhere where it is full."""
    utilities = st.sampled_from([[0, -0.5, -2], [0, 0, -4], [0, -1, -1]])
    said = {"3": draw(utilities), "4": draw(utilities)}
    return {s: {"signal": draw(st.sampled_from(["now", "mean"])), "by_acuity": said, **SAID} for s in NAMES[:2]}


def ruled(offer: Offer, rule: str) -> Offer:
    """An offer whose pool has a shift rule, where it may have one."""
    plain = offer.overtime_h or offer.staffed == ALWAYS or (offer.tour and rule == "hand_over")
    return offer if plain else replace(offer, shift_end=rule)


__all__ = ["a_network_with_mechanisms"]
