"""The public name, and that loading it is light."""

import doctest
import inspect
import subprocess
import sys

import skdeep.streaming
from skdeep.streaming import fit, fit_stream


def test_names():
    assert skdeep.streaming.__all__ == ["fit_stream"]
    given = {
        name: parameter.default
        for name, parameter in inspect.signature(fit_stream).parameters.items()
        if parameter.kind is parameter.KEYWORD_ONLY
    }
    assert given == {
        "epochs": None,
        "target": None,
        "classes": None,
        "shuffle_buffer": 100_000,
        "X_val": None,
        "y_val": None,
        "sample_weight_val": None,
        "resume_from": None,
    }


def test_the_example():
    failed, attempted = doctest.testmod(fit)
    assert (failed, attempted > 3) == (0, True)


def test_loading_it_is_light():
    code = (
        "import sys, sklearn.neural_network; before = set(sys.modules)\n"
        "import skdeep.streaming; print(*sys.modules.keys() - before)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {"pyarrow", "polars", "dask"}.isdisjoint(run.stdout.split())
