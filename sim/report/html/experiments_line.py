"""How many natural experiments the model foretells, in one sentence beside the published figures."""

from __future__ import annotations

from typing import Any

from sim.config.folders import folders
from sim.report.html.change_cells import Writer
from sim.results.foretold import read_foretold


def foretold_sentence(config: dict[str, Any], writer: Writer) -> str:
    """The sentence, from the region's folder; that nothing was tested where its table is missing or of other care."""
    folder = folders().config(f"region/{config['region']['name']}")
    count, language = read_foretold(folder, config["care"]), writer.language
    if count is None:
        return language.translate("Whether this model foretells published natural experiments was not tested.")
    return language.translate(
        "The model foretells {told} of {number} published natural experiments ({kept_told} of the {kept} that were "
        "kept out of the fitting), {easily} of these {told} easily: their published range begins at or holds no "
        "change. {silent} others it cannot express.",
        told=count.foretold,
        number=count.experiments,
        kept=count.kept_out,
        kept_told=count.kept_out_foretold,
        easily=count.easily,
        silent=count.inexpressible,
    )


__all__ = ["foretold_sentence"]
