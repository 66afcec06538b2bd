"""What people call the things in a study: scenarios, places, services, levels, ages."""

from __future__ import annotations

from typing import Any

from sim.model.codes import AGE_GROUPS, PAYERS, STAGES, Origin
from sim.report.language import N_, Language

_LEVELS = (
    N_("Self-care"), N_("Primary care"), N_("Mobile team"), N_("Local hospital"), N_("Concentrated hospital"),
    N_("Home"),
)  # fmt: skip
_AGES = N_("Children, 0–17"), N_("18–64 years"), N_("65–79 years"), N_("80 years and older")
LEVEL_NAMES: dict[str, str] = dict(zip(STAGES, _LEVELS, strict=True))
AGE_NAMES: dict[str, str] = {
    **dict(zip(AGE_GROUPS, _AGES, strict=True)),
    "18plus": N_("18 years and older"),
    "65plus": N_("65 years and older"),
}
PAYER_NAMES: dict[str, str] = dict(zip(PAYERS, (N_("the region"), N_("the municipalities")), strict=True))
_ORIGINS = {
    Origin.FIRST: N_("first contact, as today"),
    Origin.SHIFTED: N_("first contact moved by the scenario"),
    Origin.INDUCED: N_("new, since care became easier to reach"),
    Origin.SWITCHED: N_("chose other care, since something else is open, near or soon"),
    Origin.FELL_BACK: N_("closed or failed elsewhere"),
    Origin.LEFT: N_("gave up waiting elsewhere"),
    Origin.REFERRED: N_("sent on at once"),
    Origin.FOLLOWED: N_("follow-up"),
    Origin.INITIAL: N_("there from the start"),
}
ORIGIN_NAMES = {origin.name.lower(): text for origin, text in _ORIGINS.items()}


class Names:
    """Names from the configuration, in the report's language; an id where there is no name."""

    def __init__(self, config: dict[str, Any], language: Language) -> None:
        self._config, self._language = config, language
        region = config["region"]
        self._towns = region.get("municipalities", {})
        self._sites = region.get("sites", {})

    @property
    def places(self) -> dict[str, dict[str, Any]]:
        """Sites by id, with name, kind, municipality, lat and lon."""
        return dict(self._sites)

    @property
    def signals(self) -> dict[str, dict[str, Any]]:
        """The care model's signals by name: of which service, and what is looked at."""
        return dict(self._config["care"].get("signals") or {})

    def profile(self, name: str) -> str:
        """A profile of arrivals: the needs that have it, since it has no label of its own; its name if none has."""
        needs = [need for need, record in self._config["care"]["needs"].items() if record["profile"] == name]
        return self._language.enumeration([self.need(need) for need in needs]) or name

    def people(self, code: str) -> int:
        """Residents of a municipality."""
        return int(self._towns[code]["people"]) if code in self._towns else 0

    def scenario(self, name: str) -> str:
        """A scenario's label."""
        return self._label(self._config["scenarios"], name)

    def service(self, name: str) -> str:
        """A service's label."""
        return self._label(self._config["care"]["services"], name)

    def need(self, name: str) -> str:
        """A need's label."""
        return self._label(self._config["care"]["needs"], name)

    def resource(self, name: str) -> str:
        """A resource's label."""
        return self._label(self._config["care"]["resources"], name)

    def site(self, name: str) -> str:
        """A site's name."""
        return str(self._sites[name]["name"]) if name in self._sites else name

    def municipality(self, code: str) -> str:
        """A municipality's name."""
        return str(self._towns[code]["name"]) if code in self._towns else code

    def level(self, name: str) -> str:
        """A level of care, or the home."""
        return self._language.translate(LEVEL_NAMES.get(name, name))

    def age(self, name: str) -> str:
        """An age group."""
        return self._language.translate(AGE_NAMES.get(name, name))

    def urgency(self, acuity: str) -> str:
        """An acuity, 1 is the most urgent."""
        return self._language.translate("urgency {acuity}", acuity=acuity)

    def payer(self, name: str) -> str:
        """Who pays."""
        return self._language.translate(PAYER_NAMES.get(name, name))

    def origin(self, name: str) -> str:
        """Why a contact was asked for."""
        return self._language.translate(ORIGIN_NAMES.get(name, name))

    def group(self, by: str, group: str) -> str:
        """A group of any kind of cut."""
        known = {
            "service": self.service, "need": self.need, "resource": self.resource, "site": self.site,
            "municipality": self.municipality, "level": self.level, "age_group": self.age, "age": self.age,
            "acuity": self.urgency, "payer": self.payer,
            "origin": self.origin,
        }  # fmt: skip
        return known[by](group) if by in known else group

    @staticmethod
    def within(name: str) -> str:
        """A name as it stands within a sentence: a small first letter, unless the word is an abbreviation."""
        return name if name[1:2].isupper() or not name else name[0].lower() + name[1:]

    def _label(self, part: dict[str, Any], name: str) -> str:
        return self._language.label(part[name]["label"]) if name in part else name


__all__ = ["AGE_NAMES", "LEVEL_NAMES", "ORIGIN_NAMES", "PAYER_NAMES", "Names"]
