"""The reference: a page for each public module, made of what its ``__all__`` lists.

Nothing has to be entered by hand. Every folder and file of skdeep whose name has no underscore is
public, but for those named here; a public name without a place in the reference is a warning.
"""

import importlib
import inspect
import pkgutil
import re
from pathlib import Path

from sphinx.util import logging

import skdeep

logger = logging.getLogger(__name__)
INTERNAL = {"checkpoint", "kernels", "penalties"}  # what users need of them is in skdeep itself
KINDS = {
    "Classes": inspect.isclass,
    "Functions": inspect.isfunction,
    "Names": lambda value: isinstance(value, dict),  # a registry
}


def modules():
    """Return {name: module} of skdeep and its public modules."""
    found = sorted(module.name for module in pkgutil.iter_modules(skdeep.__path__))
    public = [name for name in found if not name.startswith("_") and name not in INTERNAL]
    names = ["skdeep", *(f"skdeep.{name}" for name in public)]
    return {name: importlib.import_module(name) for name in names}


def public_names(module):
    """Return {name: value} of what a module offers."""
    own = [key for key, value in vars(module).items() if inspect.getmodule(value) is module]
    listed = getattr(module, "__all__", [key for key in own if not key.startswith("_")])
    return {name: getattr(module, name) for name in listed if not name.startswith("__")}


def contents():
    """Return {module: {name: value}}, each value in the first module that offers it."""
    found, seen = {}, set()
    for path, module in modules().items():
        names = {k: v for k, v in public_names(module).items() if id(v) not in seen}
        seen |= {id(value) for value in names.values()}
        if names:
            found[path] = names
    return found


def page(path, names):
    """Return the page of a module."""
    introduction = inspect.getdoc(importlib.import_module(path))
    parts = [f"{path}\n{'=' * len(path)}", introduction, f".. currentmodule:: {path}"]
    for title, is_kind in KINDS.items():
        members = [name for name, value in names.items() if is_kind(value)]
        if members and title == "Names":
            parts += [registry(name, names[name]) for name in members]
        elif members:
            rows = "\n".join(f"   {name}" for name in sorted(members, key=str.lower))
            parts.append(f"{title}\n{'-' * len(title)}")
            parts.append(f".. autosummary::\n   :toctree: generated\n\n{rows}")
    return "\n\n".join(parts) + "\n"


def registry(name, table):
    """Return what a table of names holds."""
    rows = "\n".join(
        f'   * - ``"{key}"``\n     - :class:`{cls.__name__}`' for key, cls in table.items()
    )
    head = f".. list-table::\n   :header-rows: 1\n\n   * - name\n     - class\n{rows}"
    said = f".. py:data:: {name}\n\n   The classes by the names under which estimators know them."
    return f"{said}\n\n{head}"


def write(app, config):
    """Write the pages that have changed, and take away those of what is gone."""
    folder = Path(app.srcdir, "reference")
    pages = {folder / f"{path}.rst": page(path, names) for path, names in contents().items()}
    stubs = {
        folder / "generated" / f"{path}.{name}.rst"
        for path, names in contents().items()
        for name in names
    }
    for file in {*folder.glob("**/skdeep*.rst")} - set(pages) - stubs:
        file.unlink()
    for file, text in pages.items():
        if not file.exists() or file.read_text() != text:
            file.write_text(text)


def find(app):
    """Let autosummary see pages that an earlier build did not have."""
    app.env.find_files(app.config, app.builder)


def complain(app, env):
    """Warn of public names that the reference does not know."""
    known = env.get_domain("py").objects
    for path, names in contents().items():
        for name in names:
            if f"{path}.{name}" not in known:
                logger.warning("%s.%s is public, but not in the reference", path, name)


def unlink(app, what, name, obj, options, lines):
    """Turn references of inherited docstrings to scikit-learn's own pages into their text."""
    text = "\n".join(lines)
    text = re.sub(r":(?:term|ref|doc):`~?([^`<]*?)(?:\s*<[^`>]*>)?`", r"``\1``", text)
    lines[:] = text.split("\n")


def setup(app):
    """Listen to the build."""
    app.connect("config-inited", write)
    app.connect("builder-inited", find, priority=400)
    app.connect("env-check-consistency", complain)
    app.connect("autodoc-process-docstring", unlink)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
