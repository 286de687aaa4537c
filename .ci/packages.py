"""What is in the wheel and the source distribution of a folder, and whether the wheel works.

Usage: python packages.py FOLDER, outside the checkout, where the wheel is installed.
"""

import re
import sys
import tarfile
import zipfile
from pathlib import Path

import numpy as np

import skdeep

WANTED = [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "CITATION.cff",
    "LICENSE",
    "pyproject.toml",
    "docs/conf.py",
    "docs/guide/index.md",
    "docs/architecture.md",
    "docs/reference/index.rst",
    "examples/quickstart.py",
    "examples/GALLERY_HEADER.rst",
    "benchmarks/README.md",
    "benchmarks/results/speed.txt",
    "tests/conftest.py",
    "skdeep/py.typed",
]
UNWANTED = ("docs/_build", "docs/gallery", "docs/reference/generated", ".ci", ".venv")


def check_source(path):
    with tarfile.open(path) as archive:
        names = [name.partition("/")[2] for name in archive.getnames()]
    assert not (missing := set(WANTED) - set(names)), f"{path.name} lacks {missing}"
    assert not (extra := [name for name in names if name.startswith(UNWANTED)]), extra


def check_wheel(path):
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
    folders = {name.split("/")[0] for name in names}
    assert folders == {"skdeep", f"skdeep-{skdeep.__version__}.dist-info"}, folders
    assert "skdeep/py.typed" in names
    tests = [name for name in names if re.search(r"(^|/)(tests?/|test_)", name)]
    assert not tests, tests


def check_installed():
    assert "site-packages" in skdeep.__file__, skdeep.__file__
    X = np.random.default_rng(0).standard_normal((200, 3))
    y = np.where(X[:, 0] > 0, "right", "left")
    settings = {"learning_rate_init": 0.01, "max_iter": 50, "n_iter_no_change": np.inf}
    network = skdeep.MLPClassifier((8,), random_state=0, **settings).fit(X, y)
    assert network.score(X, y) > 0.95
    table = X.astype(object)
    table[:, 1] = np.where(X[:, 1] > 0, "up", "down")
    model = skdeep.TabularMLPClassifier(n_networks=1, effort=0.1, random_state=0)
    assert set(model.fit(table, y).predict(table)) == {"left", "right"}


def main():
    folder = Path(sys.argv[1])
    (source,), (wheel,) = folder.glob("*.tar.gz"), folder.glob("*.whl")
    check_source(source)
    check_wheel(wheel)
    check_installed()
    print(f"{source.name} and {wheel.name} are complete, and the wheel learns")


if __name__ == "__main__":
    main()
