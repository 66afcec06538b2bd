"""Where configurations lie: the user's own folders first, then those that come with the program."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Folders:
    """Folders that may hold a file, the first that has it wins."""

    configs: tuple[Path, ...]
    scenarios: tuple[Path, ...]

    def config(self, relative: str) -> Path:
        """A file or folder of ``configs``; if none has it, where it would be."""
        return _first(self.configs, relative)

    def config_names(self, group: str) -> list[str]:
        """Names of the YAML files of a group, sorted."""
        return _names([folder / group for folder in self.configs])

    def region_names(self) -> list[str]:
        """Names of the regions, sorted."""
        paths = (path for folder in self.configs for path in (folder / "region").glob("*/region.yaml"))
        return sorted({path.parent.name for path in paths})

    def scenario(self, name: str) -> Path:
        """The file of a scenario; if none has it, where it would be."""
        return _first(self.scenarios, f"{name}.yaml")

    @property
    def own_world(self) -> bool:
        """Whether the user's folder has a world of its own, with a study to begin with."""
        return (self.configs[0] / "config.yaml").is_file() and len(self.configs) > 1

    def replaced_scenario(self, name: str, path: Path) -> bool:
        """Whether another file takes the place of a scenario that comes with the program."""
        return _other(self.scenarios[-1] / f"{name}.yaml", path)

    def replaced_config(self, relative: str) -> bool:
        """Whether the user's own takes the place of a file or folder of ``configs`` that comes with the program."""
        return _other(self.configs[-1] / relative, self.config(relative))

    def scenario_names(self) -> list[str]:
        """Names of the scenarios, sorted."""
        return _names(self.scenarios)


def folders(root: Path | None = None) -> Folders:
    """The folders of a root alone, or (no root) those of the working directory and of the program."""
    if root is not None:
        bases = [Path(root).resolve()]
    else:
        shipped = PACKAGE / "_data" if (PACKAGE / "_data").is_dir() else PACKAGE.parent
        bases = list(dict.fromkeys([Path.cwd().resolve(), shipped]))
    return Folders(tuple(b / "configs" for b in bases), tuple(b / "scenarios" for b in bases))


def display_path(path: Path) -> str:
    """How messages call a file: from the working directory if it lies there, else in full."""
    try:
        return path.relative_to(Path.cwd().resolve()).as_posix()
    except ValueError:
        return path.as_posix()


def _first(bases: tuple[Path, ...], relative: str) -> Path:
    return next((b / relative for b in bases if (b / relative).exists()), bases[-1] / relative)


def _other(shipped: Path, used: Path) -> bool:
    return shipped.exists() and shipped.resolve() != used.resolve()


def _names(bases: list[Path] | tuple[Path, ...]) -> list[str]:
    return sorted({path.stem for base in bases for path in base.glob("*.yaml")})
