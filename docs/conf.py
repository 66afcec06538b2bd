"""The site of the documentation, by Sphinx: ``make docs`` leaves it in build/docs. No network is needed."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from sphinx.application import Sphinx

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
sys.path[:0] = [str(ROOT), str(DOCS)]  # the program beside this folder, wherever it is installed
from ways import without_charts  # noqa: E402

project = "careshift"
copyright = "The careshift developers"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.viewcode"]
exclude_patterns = ["examples"]
html_theme = "furo"
html_title = "careshift"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_show_sphinx = False
html_copy_source = False
smartquotes = False  # two hyphens begin an option
nitpicky = True
nitpick_ignore_regex = [
    ("py:.*", r"(?!sim\.).*"),  # other libraries are not looked up: that takes a network
    (
        "py:.*",
        r"sim\.(config\.schema|config\.world|config\.changes\.W$|engines\.audit|study\.progress).*",
    ),  # told by the reference page
]
myst_heading_anchors = 4
linkcheck_timeout = 30

autodoc_default_options = {
    "members": True,
    "undoc-members": True,
    "member-order": "bysource",
    "exclude-members": "model_config",
}
autodoc_typehints = "signature"
autodoc_preserve_defaults = True
python_use_unqualified_type_names = True

INCLUDED = re.compile(r"^```\{include\} (\S+)\n```$", re.MULTILINE)
LINK = re.compile(r"(\]\()([^)\s#]+)((?:#[^)\s]*)?\))")


def pages_of_files() -> dict[Path, str]:
    """Files from around the documentation that have a page in it: those that a page includes."""
    pages = DOCS.glob("around/*.md")
    return {(page.parent / name).resolve(): f"/around/{page.name}" for page in pages for name in _included(page)}


def _included(page: Path) -> list[str]:
    return INCLUDED.findall(page.read_text("utf-8"))


def relinked(text: str, folder: Path) -> str:
    """The text of a file in ``folder`` with its links as the site has them: to pages where there is one."""
    pages = pages_of_files()

    def link(match: re.Match[str]) -> str:
        opening, target, rest = match.groups()
        there = (folder / target).resolve()
        if re.match(r"[a-z]+:", target) or not there.exists():
            return match[0]
        inside = there.is_relative_to(DOCS)
        page = pages.get(there) or (f"/{there.relative_to(DOCS).as_posix()}" if inside else "")
        return f"{opening}{page}{rest}" if page else f"{opening}{_from_docs(there)}{rest}"

    return LINK.sub(link, text)


def _from_docs(there: Path) -> str:
    return f"/../{there.relative_to(ROOT).as_posix()}"


def with_pages(app: Sphinx, docname: str, source: list[str]) -> None:
    """Puts the files that a page includes into it, makes links fit the site, and tables of flow charts."""
    page = DOCS / f"{docname}.md"

    def text(match: re.Match[str]) -> str:
        file = (page.parent / match[1]).resolve()
        return relinked(file.read_text("utf-8"), file.parent)

    source[0] = without_charts(INCLUDED.sub(text, relinked(source[0], page.parent)))


def setup(app: Sphinx) -> None:
    """Connects the above."""
    app.connect("source-read", with_pages)
