"""From files and overrides to a checked world, all that is wrong being said at once.

Hydra composes the plain keys of study and execution; the region, the care model and the scenarios are data, read
as text and judged by pydantic.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from hydra import compose, initialize
from hydra.core.config_store import ConfigStore
from hydra.core.global_hydra import GlobalHydra
from hydra.errors import HydraException
from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException

from sim.config.assemble import COMMAND_LINE, Composed, world
from sim.config.changes import vary
from sim.config.errors import ConfigErrors, Problem, comma_list, nearest, unknown
from sim.config.folders import Folders, display_path, folders
from sim.config.hydra_words import in_quotes
from sim.config.reading.parts import (
    ScenarioFile,
    read_scenario,
    scenario_of,
)
from sim.config.reading.typed import as_text
from sim.config.reading.yaml_text import Refused, Text, read_yaml
from sim.config.schema.scenario import Scenario
from sim.config.schema.study_design import Execution, Study
from sim.config.sentence import Sentence
from sim.config.typed_overrides import GROUPS, apart_from_changes, plain_overrides
from sim.config.world import World, resolved

HYDRA_FOLDERS = {  # for ``python -m sim``: what Hydra writes lies among the results
    "run": {"dir": "${results}/hydra/${name}/${now:%Y-%m-%d_%H-%M-%S}"},
    "sweep": {
        "dir": "${results}/hydra/${name}/${now:%Y-%m-%d_%H-%M-%S}",
        "subdir": "${hydra.job.num}_${scenario.name}",
    },
}
NOUNS = {"study": Sentence("study"), "execution": Sentence("execution")}
MODELS: dict[str, type[Study | Execution]] = {"study": Study, "execution": Execution}


def load_study(
    overrides: Sequence[str] = (), root: Path | None = None, files: Sequence[Path] = (), fitted: bool = True
) -> World:
    """The world of a study, read and checked.

    ``overrides`` are as on the command line (``study=vgr_first``, ``replications=8``, ``start=2027-10-04``,
    ``scenarios=[baseline,near_care]``). ``root`` is a folder with ``configs`` and ``scenarios``; without it those
    of the working directory come first and those of the program after. ``files`` are further scenarios, wherever
    they lie, each under the name of its file; they join the study's. An override of what lies within a scenario or
    another part (``near_care.levers.more_physicians.scale.value=0.03``, ``care.needs.injury...=33``) is a change, as
    ``sim.config.changes`` tells. ``fitted`` False: the region as its tables say,
    without the factors of its ``fitted.yaml``. Raises ``ConfigErrors`` with all that is wrong.
    """
    where = folders(root)
    problems: list[Problem] = []
    keys, changes = apart_from_changes(overrides, problems)
    composed = _composition(where, keys, problems)
    if composed is None:
        raise ConfigErrors(problems)
    scenario_files = [read_scenario(Path(path), Path(path).stem, problems) for path in files]
    own_scenarios = {
        one.name: replace(one, path=path) for one, path in zip(scenario_files, files, strict=True) if one is not None
    }
    listed = composed.keys.get("scenarios")  # missing where a file was cut short
    if isinstance(listed, list):
        composed.keys["scenarios"] = [*listed, *(name for name in own_scenarios if name not in listed)]
    return with_typed(world(where, composed, own_scenarios, problems, fitted), changes)


def with_typed(found_world: World, changes: Mapping[str, Text]) -> World:
    """The world with the changes of a command line in force. Raises ``ConfigErrors``."""
    return vary(found_world, changes, COMMAND_LINE) if changes else found_world


def load_composed(
    config: Mapping[str, object], root: Path | None = None, choices: Mapping[str, str] | None = None
) -> World:
    """The world of what Hydra composed for ``python -m sim``: keys of study and execution, one ``scenario``.

    Its study is the study's baseline (its first scenario) and that scenario. ``changes`` among the keys are what is
    typed of what lies within a part. ``choices``: the file of each group, so that the world can tell what differs from
    it. Raises ``ConfigErrors``.
    """
    where = folders(root)
    problems: list[Problem] = []
    keys = {str(key): as_text(value) for key, value in config.items()}
    typed_changes = keys.pop("changes", {})
    words = [str(one) for one in typed_changes.values()] if isinstance(typed_changes, dict) else []
    changes = apart_from_changes(words, problems)[1]
    own_scenarios: dict[str, ScenarioFile] = {}
    chosen = keys.pop("scenario", None)
    if isinstance(chosen, dict):
        name = str(chosen.pop("name", "scenario"))
        if (scenario_file := scenario_of(chosen, name, f"scenario {name}", problems)) is not None:
            own_scenarios[name] = scenario_file
        listed = keys.get("scenarios")
        first = [n for n in (listed[:1] if isinstance(listed, list) else []) if n != name]
        keys["scenarios"] = [*first, name]
    nodes = {group: _group_node(where, group, name, problems) for group, name in (choices or {}).items()}
    before = {key: value for node in nodes.values() for key, value in node.items() if key != "scenarios"}
    composed = Composed(keys, dict.fromkeys(GROUPS, "config"), frozenset(), before)
    return with_typed(world(where, composed, own_scenarios, problems), changes)


def load_scenario_file(path: Path) -> Scenario:
    """One scenario file, judged alone, nothing inherited. Raises ``ConfigErrors``."""
    problems: list[Problem] = []
    scenario_file = read_scenario(Path(path), Path(path).stem, problems)
    if problems or scenario_file is None:
        raise ConfigErrors(problems)
    return scenario_file.scenario


def register_scenarios(root: Path | None = None) -> list[str]:
    """Registers ``config``, studies, executions and every scenario with Hydra, for ``python -m sim``.

    A scenario is a node of the group ``scenario`` under the key ``scenario``, with its name. Returns the names
    of the scenarios. Raises ``ConfigErrors`` if a file cannot be read.
    """
    where = folders(root)
    problems: list[Problem] = []
    store = ConfigStore.instance()
    choices = _defaults(where, problems)
    for group in GROUPS:
        for name in where.config_names(group):
            node = _group_node(where, group, name, problems)
            store.store(name=name, node=node, group=group, package="_global_")
    names = where.scenario_names()
    for name in names:
        path = where.scenario(name)
        try:
            node = read_yaml(path, display_path(path), defaults=True)
        except Refused as refused:
            problems += refused.problems
            continue
        if "defaults" in node:  # Hydra would compose by this key; here it means inheritance
            inherited, own = node.pop("defaults"), node.get("inherits", [])
            node["inherits"] = [*inherited, *own] if isinstance(inherited, list) else inherited
        store.store(name=name, node={"scenario": {**node, "name": name}}, group="scenario", package="_global_")
    if problems:
        raise ConfigErrors(problems)
    defaults: list[Any] = [{"scenario": "baseline"}, *({g: n} for g, n in choices.items()), "_self_"]
    store.store(name="config", node={"defaults": defaults, "hydra": HYDRA_FOLDERS})
    return names


def _composition(where: Folders, overrides: list[str], problems: list[Problem]) -> Composed | None:
    """The keys of study and execution with overrides; None, with the reasons, if they cannot be composed."""
    choices = _defaults(where, problems)
    values = plain_overrides(overrides, problems)
    choices |= {group: value for group in GROUPS if isinstance(value := values.get(group), str)}
    nodes = {group: _group_node(where, group, choices[group], problems) for group in GROUPS if group in choices}
    if sorted(nodes) != sorted(GROUPS) or not all(nodes.values()):
        return None
    try:
        keys = _compose(choices, nodes, [f"{key}={in_quotes(value)}" for key, value in values.items()])
    except (HydraException, OmegaConfBaseException, ValueError) as error:
        problems.append(Problem(COMMAND_LINE, " ".join(overrides), "", str(error).splitlines()[0]))
        return None
    files = {group: display_path(where.config(f"{group}/{choices[group]}.yaml")) for group in GROUPS}
    before = {key: value for node in nodes.values() for key, value in node.items()}
    return Composed(keys, files, frozenset(key.split(".")[0] for key in values), before, choices)


def _defaults(where: Folders, problems: list[Problem]) -> dict[str, str]:
    """Which study and execution ``config.yaml`` names."""
    path = where.config("config.yaml")
    try:
        data = read_yaml(path, display_path(path), defaults=True)
    except Refused as refused:
        problems += refused.problems
        return {}
    choices: dict[str, str] = {}
    listed = data.pop("defaults", [])
    for item in listed if isinstance(listed, list) else []:
        if isinstance(item, dict):
            choices |= {k: v for k, v in item.items() if isinstance(v, str)}
    if data or sorted(choices) != sorted(GROUPS):
        problems.append(
            Problem(display_path(path), "defaults", "", "must name one study and one execution, and nothing else")
        )
    return choices


def _group_node(where: Folders, group: str, name: str, problems: list[Problem]) -> dict[str, Text]:
    """A study or execution file as text, with the defaults of what it does not say."""
    if name not in where.config_names(group):
        problems.append(unknown(COMMAND_LINE, group, name, NOUNS[group], where.config_names(group)))
        return {}
    path = where.config(f"{group}/{name}.yaml")
    try:
        data = read_yaml(path, display_path(path))
    except Refused as refused:
        problems += refused.problems
        return {}
    fields = MODELS[group].model_fields
    for key in [k for k in data if k not in fields]:
        del data[key]
        problems.append(
            Problem(display_path(path), key, "", "unknown key", nearest(key, list(fields)), comma_list(list(fields)))
        )
    defaults = {k: as_text(f.default) for k, f in fields.items() if not f.is_required()}
    return {**defaults, **data}


def _compose(choices: dict[str, str], nodes: dict[str, dict[str, Text]], overrides: list[str]) -> dict[str, Text]:
    with _own_hydra() as store:
        for group, node in nodes.items():
            store.store(name=choices[group], node=node, group=group, package="_global_")
        store.store(name="config", node={"defaults": [{g: n} for g, n in choices.items()]})
        config = compose("config", overrides=overrides)
    plain = OmegaConf.to_container(config, resolve=False)
    assert isinstance(plain, dict)
    return {str(key): as_text(value) for key, value in plain.items()}


@contextmanager
def _own_hydra() -> Iterator[ConfigStore]:
    """Hydra's two singletons as if unused, put back afterwards: loading works within an application too."""
    store, running = ConfigStore.instance(), GlobalHydra.instance()
    repo, outer = store.repo, running.hydra
    store.repo = {k: v for k, v in repo.items() if k not in (*GROUPS, "config.yaml")}
    running.hydra = None
    try:
        with initialize(config_path=None, version_base="1.3"):
            yield store
    finally:
        store.repo = repo
        GlobalHydra.instance().hydra = outer


__all__ = [
    "COMMAND_LINE",
    "load_composed",
    "load_scenario_file",
    "load_study",
    "plain_overrides",
    "register_scenarios",
    "resolved",
]
