"""Which kernels are used: chosen by name, named by components, never by their subclasses."""

import subprocess
import sys

import numpy as np
import pytest

import skdeep
from skdeep import kernels
from skdeep.activations import ReLU
from skdeep.kernels import reference, registry
from skdeep.losses import (
    LOSSES,
    BinaryCrossEntropy,
    CrossEntropy,
    MeanBinaryCrossEntropy,
    TwoClassCrossEntropy,
)
from skdeep.optimizers import OPTIMIZERS


class Mine(ReLU):
    """A subclass that may compute something else."""


@pytest.fixture(autouse=True)
def restored():
    yield
    skdeep.set_kernels("auto")


def test_numpy_has_no_compiled_kernels():
    skdeep.set_kernels("numpy")
    assert skdeep.get_kernels() == "numpy"
    assert kernels.fused(ReLU(), "forward") is kernels.twin("gather") is None


def test_numba_has_them_for_the_class_that_names_them():
    pytest.importorskip("numba")
    skdeep.set_kernels("numba")
    assert skdeep.get_kernels() == "numba"
    assert kernels.fused(ReLU(), "forward") is not None
    assert kernels.fused(Mine(), "forward") is None


def test_auto_is_numba_where_it_is_installed(monkeypatch):
    for installed in (True, False):
        module = object() if installed else None
        monkeypatch.setattr("skdeep.kernels.registry._compiled", lambda module=module: module)
        skdeep.set_kernels("auto")
        assert skdeep.get_kernels() == ("numba" if installed else "numpy")


def test_errors(monkeypatch):
    with pytest.raises(ValueError, match="Unknown kernels 'cuda'; known are auto, numpy, numba"):
        skdeep.set_kernels("cuda")
    monkeypatch.setitem(sys.modules, "skdeep.kernels.compiled", None)
    with pytest.raises(ImportError, match=r'pip install "skdeep\[fast\]"'):
        skdeep.set_kernels("numba")


def test_a_broken_numba_is_said_once_and_done_without(monkeypatch):
    pytest.importorskip("numba")
    monkeypatch.setitem(sys.modules, "skdeep.kernels.compiled", None)
    registry._compiled.cache_clear()
    with pytest.warns(UserWarning, match="Plain numpy is used"):
        assert skdeep.get_kernels() == "numpy"
    assert kernels.twin("gather") is None
    registry._compiled.cache_clear()


def test_every_kernel_that_is_named_exists():
    compiled = pytest.importorskip("skdeep.kernels.compiled")
    for parts, table in (("update", OPTIMIZERS), ("loss", LOSSES)):
        for cls in table.values():
            if vars(cls).get("kernel"):
                assert hasattr(compiled, f"{cls.kernel}_{parts}"), cls
    of_classes = CrossEntropy, BinaryCrossEntropy, TwoClassCrossEntropy, MeanBinaryCrossEntropy
    for cls in of_classes:
        assert kernels.fused(cls(), "loss") is not None, cls


def test_numba_is_imported_by_the_first_fit_and_not_before():
    pytest.importorskip("numba")
    code = """
import sys
import skdeep
model = skdeep.MLPClassifier((2,), max_iter=1, n_iter_no_change=9)
assert "numba" not in sys.modules
skdeep.set_kernels("numpy")
model.fit([[0.0], [1.0]], [0, 1]).predict([[0.5]])
assert "numba" not in sys.modules
skdeep.set_kernels("auto")
model.fit([[0.0], [1.0]], [0, 1])
assert "numba" in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_predictions_for_tables_do_without_numba():
    pytest.importorskip("numba")
    code = """
import sys
import numpy as np
import skdeep
skdeep.set_kernels("numpy")
X = np.random.default_rng(0).standard_normal((40, 3))
model = skdeep.TabularMLPRegressor(n_networks=2, effort=0.01).fit(X, X[:, 0])
skdeep.set_kernels("auto")
model.predict(X)
assert "numba" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_types_that_numba_does_not_know_are_gathered_by_numpy():
    for dtype in (np.float16, np.longdouble, ">f4"):
        assert kernels.gathering(np.zeros((2, 2), dtype)) is reference.gather
