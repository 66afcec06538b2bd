"""What is said of a lever that changes nothing in a study, and what was asked of its numbers before it ran."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.config.sentence import from_plain_data
from sim.model.codes import NoEffect
from sim.report.language import N_, Language

SENTENCES = {
    NoEffect.LATE: N_(
        "{scenario}: {lever} has no effect in this study: it begins {begins}, and the study ends {ends}."
    ),
    NoEffect.OFF: N_("{scenario}: {lever} has no effect in this study: its ramp or its effect sizes are 0."),
    NoEffect.NOBODY: N_(
        "{scenario}: {lever} has no effect in this study: nobody in it is whom it is about, or it is too small to move "
        "a whole unit."
    ),
}


def no_effect_lines(
    config: Mapping[str, Any], reasons: Mapping[str, Mapping[str, str]], language: Language
) -> list[str]:
    """A sentence for each lever without effect; ``reasons`` by scenario and lever, ``config`` as results have it."""
    lines = []
    for scenario, levers in reasons.items():
        for lever, reason in levers.items():
            ramp = config["scenarios"][scenario]["levers"][lever].get("ramp") or {}
            begins = next((day for day, share in sorted(ramp.items()) if share > 0), "")
            parts = {"scenario": scenario, "lever": lever, "begins": begins, "ends": config["study"]["end"]}
            lines.append(language.translate(SENTENCES[NoEffect(reason)], **parts))
    return lines


def question_lines(kept: Sequence[dict[str, Any]], language: Language) -> list[str]:
    """What was asked of numbers and levers before a study ran; ``kept`` as its manifest has it."""
    return [language.translate("Question: {text}", text=language.sentence(from_plain_data(one))) for one in kept]


__all__ = ["no_effect_lines", "question_lines"]
