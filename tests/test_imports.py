"""Who may import whom: data flows one way, and importing the package stays light."""

import ast
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

import skdeep

ROOT = Path(skdeep.__file__).parent
NUMERIC = {"numpy", "scipy"}
HEAVY = {
    "dask",
    "llvmlite",
    "matplotlib",
    "numba",
    "onnx",
    "pandas",
    "polars",
    "pyarrow",
    "skl2onnx",
    "torch",
}
ANY = None


class Rule(NamedTuple):
    """What a unit, that is a module or a folder right below skdeep, may import.

    ``outside`` holds other packages, or modules of them; ``ours`` maps units to the names that
    may be imported from them, ANY for all. The standard library and the unit itself are free.
    """

    outside: set
    ours: dict


TYPING = {"_typing": ANY}
REGISTRY = {"_component": ANY, "_constraints": ANY, **TYPING}
LEAF = Rule(NUMERIC | {"sklearn.base"}, {**REGISTRY, "kernels": ANY})

RULES = {
    "_typing": Rule(NUMERIC | {"typing_extensions"}, {}),
    "_constraints": Rule(NUMERIC, {}),
    "_random": Rule(NUMERIC, {}),
    "_plain": Rule(NUMERIC, TYPING),
    "_warnings": Rule({"joblib", "sklearn"}, {}),
    "_component": Rule(NUMERIC | {"sklearn.base"}, {"_constraints": ANY}),
    "_callbacks": Rule({"sklearn"}, {**TYPING, "training": {"Observer"}}),
    "_version": Rule(set(), {"exceptions": ANY}),
    "exceptions": Rule({"sklearn.exceptions"}, {}),
    "kernels": Rule(NUMERIC | {"threadpoolctl"}, {}),
    "activations": LEAF,
    "augmentation": LEAF,
    "initializers": LEAF,
    "losses": LEAF,
    "optimizers": LEAF,
    "penalties": LEAF,
    "schedules": LEAF,
    "network": Rule(
        NUMERIC,
        {
            "kernels": ANY,
            "activations": {"Activation", "Identity"},
            "initializers": {"Initializer"},
            "losses": {"Loss"},
        },
    ),
    "training": Rule(
        NUMERIC,
        {
            "_component": {"State"},
            "kernels": ANY,
            "network": ANY,
            "penalties": ANY,
            "exceptions": ANY,
            "augmentation": {"Augmentation"},
            "optimizers": {"Optimizer"},
            "schedules": {"Clock", "Schedule"},
        },
    ),
    "estimators": Rule(
        NUMERIC | {"sklearn", "threadpoolctl", "joblib"},
        {
            **LEAF.ours,
            "_callbacks": ANY,
            "_random": ANY,
            "_plain": ANY,
            "_warnings": ANY,
            "activations": ANY,
            "augmentation": ANY,
            "initializers": ANY,
            "losses": ANY,
            "optimizers": ANY,
            "penalties": ANY,
            "preprocessing": ANY,
            "schedules": ANY,
            "network": ANY,
            "training": ANY,
            "checkpoint": {"Checkpoint"},
            "exceptions": ANY,
            "_version": ANY,
        },
    ),
    "inspection": Rule(
        NUMERIC | {"sklearn"},
        {
            **TYPING,
            "_constraints": ANY,
            "estimators": ANY,
            "activations": ANY,
            "initializers": ANY,
            "losses": ANY,
            "optimizers": ANY,
            "schedules": ANY,
            "penalties": ANY,
            "network": ANY,
            "training": ANY,
        },
    ),
    "model_selection": Rule(
        NUMERIC | {"sklearn", "joblib"},
        {
            **REGISTRY,
            "_callbacks": ANY,
            "_random": ANY,
            "_version": ANY,
            "_warnings": ANY,
            "exceptions": ANY,
        },
    ),
    "onnx": Rule(
        NUMERIC | {"sklearn"},
        {
            "__init__": ANY,
            "estimators": ANY,
            "activations": ANY,
            "losses": ANY,
            "network": ANY,
            "preprocessing": ANY,
        },
    ),
    "checkpoint": Rule(
        NUMERIC, {**TYPING, "_warnings": ANY, "exceptions": ANY, "training": {"Observer"}}
    ),
    "streaming": Rule(
        NUMERIC | {"sklearn"},
        {
            **TYPING,
            "_constraints": ANY,
            "_warnings": ANY,
            "checkpoint": {"SameData", "read"},
            "estimators": ANY,
            "exceptions": ANY,
            "preprocessing": ANY,
            "training": ANY,
        },
    ),
    "preprocessing": Rule(NUMERIC | {"sklearn"}, {"_constraints": ANY, "_version": ANY, **TYPING}),
    "__init__": Rule(
        set(), {"_version": ANY, "checkpoint": ANY, "estimators": ANY, "kernels": ANY}
    ),
}


class Import(NamedTuple):
    """One imported name: ``from module import name``, or ``import module`` without a name."""

    module: str
    name: str | None
    on_loading: bool
    line: int


def imports(source):
    """Yield every import of a module.

    Those inside functions wait until these are called, and those for type checkers for ever.
    """
    tree = ast.parse(source)
    waiting = {id(n) for part in ast.walk(tree) if _waits(part) for n in ast.walk(part)}
    for node in ast.walk(tree):
        on_loading = id(node) not in waiting
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, None, on_loading, node.lineno)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            for alias in node.names:
                yield Import(module, alias.name, on_loading, node.lineno)


def _waits(part):
    if isinstance(part, ast.If):
        return isinstance(part.test, ast.Name) and part.test.id == "TYPE_CHECKING"
    return isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))


def resolve(found):
    """Turn ``from skdeep import kernels`` into the module skdeep.kernels without a name."""
    if found.module == "skdeep" and found.name is not None:
        return found._replace(module=f"skdeep.{found.name}", name=None)
    return found


def violations(unit, source, file=""):
    """Return a message for every import that breaks the unit's rule."""
    return [
        f"{file}:{found.line}: {unit} must not {words}"
        for found in map(resolve, imports(source))
        if (words := _objection(unit, found, file))
    ]


def _objection(unit, found, file):
    package = found.module.split(".")[0]
    if found.module.startswith("."):
        return f"import {found.module} relatively"
    if package in sys.stdlib_module_names:
        return None
    if package == "skdeep":
        return _objection_to_ours(unit, found)
    if package in HEAVY:
        return _objection_to_heavy(unit, found, file)
    if {found.module, package, f"{found.module}.{found.name}"} & RULES[unit].outside:
        return None
    return f"import {found.module}"


def _objection_to_ours(unit, found):
    parts = found.module.split(".")
    other = parts[1] if len(parts) > 1 else "__init__"
    if other == unit:
        return None
    if other not in RULES[unit].ours:
        return f"import skdeep.{other}"
    names = RULES[unit].ours[other]
    if names is not ANY and found.name not in names:
        return f"import {found.name or 'everything'} from skdeep.{other}, only {sorted(names)}"
    return None


def _objection_to_heavy(unit, found, file):
    package = found.module.split(".")[0]
    if package in ("llvmlite", "numba"):  # the compiled kernels, which nothing loads at once
        return None if file.startswith("kernels/compiled") else f"import {package}"
    return f"import {found.module} while it is loaded" if found.on_loading else None


def files():
    return [path.relative_to(ROOT).as_posix() for path in sorted(ROOT.rglob("*.py"))]


def unit_of(file):
    return file.split("/")[0].removesuffix(".py")


@pytest.mark.parametrize("file", files())
def test_imports_keep_the_rules(file):
    unit = unit_of(file)
    assert unit in RULES, f"skdeep/{file} has no place yet: give {unit!r} a rule in RULES"
    assert violations(unit, (ROOT / file).read_text(), file) == []


@pytest.mark.parametrize(
    ("unit", "source"),
    [
        ("optimizers", "from skdeep.schedules import Constant"),
        ("losses", "from skdeep import activations"),
        ("activations", "import skdeep.network.layers"),
        ("schedules", "from sklearn.utils import check_array"),
        ("penalties", "import sklearn"),
        ("kernels", "from skdeep._component import Component"),
        ("kernels", "from skdeep import penalties"),
        ("kernels", "from numba import njit"),
        ("network", "from skdeep.activations import ReLU"),
        ("network", "from skdeep.activations import ACTIVATIONS"),
        ("network", "import skdeep.losses"),
        ("network", "from skdeep.training import Data"),
        ("network", "from skdeep.estimators import MLPClassifier"),
        ("training", "from skdeep.estimators.base import BaseNetwork"),
        ("training", "from skdeep import MLPClassifier"),
        ("training", "from skdeep.optimizers import Adam"),
        ("training", "def f():\n    from skdeep.schedules import Cosine"),
        ("estimators", "import pandas"),
        ("estimators", "try:\n    import matplotlib.pyplot as plt\nexcept ImportError:\n    pass"),
        ("estimators", "class C:\n    import matplotlib"),
        ("estimators", "def f():\n    import numba"),
        ("estimators", "if not TYPE_CHECKING:\n    import pandas"),
        ("estimators", "from . import mlp"),
        ("estimators", "import requests"),
    ],
)
def test_a_broken_rule_is_noticed(unit, source):
    assert len(violations(unit, source)) == 1


@pytest.mark.parametrize(
    ("unit", "source"),
    [
        ("optimizers", "import math\nimport numpy as np\nfrom scipy.optimize import minimize"),
        ("losses", "from sklearn.base import clone\nfrom sklearn import base"),
        ("optimizers", "from skdeep.optimizers.base import Optimizer\nfrom skdeep import kernels"),
        ("network", "from skdeep.activations import Activation, Identity"),
        ("estimators", "def plot():\n    import matplotlib.pyplot as plt"),
        ("estimators", "if TYPE_CHECKING:\n    from matplotlib.axes import Axes"),
    ],
)
def test_what_is_allowed_passes(unit, source):
    assert violations(unit, source) == []


def test_compiled_kernels_alone_may_import_numba():
    assert violations("kernels", "from numba import njit", "kernels/compiled.py") == []


def module_of(file):
    return ".".join(["skdeep", *file.removesuffix(".py").split("/")]).removesuffix(".__init__")


def graph(sources, waiting=False):
    """Return the modules that each module imports while it is loaded; or ``waiting`` ones, too."""
    edges = {}
    for module, source in sources.items():
        edges[module] = {
            # a name may itself be a module: from skdeep.kernels import reference
            name if (name := f"{found.module}.{found.name}") in sources else found.module
            for found in map(resolve, imports(source))
            if found.on_loading or waiting
        } & sources.keys() - {module}
    return edges


def test_no_import_cycles():
    sources = {module_of(file): (ROOT / file).read_text() for file in files()}
    TopologicalSorter(graph(sources)).prepare()
    # nor for type checkers, or within functions: modules in a circle cannot be understood apart
    TopologicalSorter(graph(sources, waiting=True)).prepare()


def test_an_import_cycle_is_noticed():
    sources = {
        "skdeep.a": "from skdeep.b import x",
        "skdeep.b": "from skdeep import c",
        "skdeep.c": "import skdeep.a",
    }
    with pytest.raises(CycleError):
        TopologicalSorter(graph(sources)).prepare()


def test_importing_the_package_is_light():
    # scikit-learn itself imports pandas where it is installed
    code = (
        "import sys, sklearn.neural_network; before = set(sys.modules)\n"
        "import skdeep; print(*sys.modules.keys() - before)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "skdeep" in run.stdout.split()
    assert HEAVY.isdisjoint(run.stdout.split())
