"""Warnings point to the user's own line, whatever lies between it and the fit."""

import warnings

import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skdeep import Autoencoder, MLPClassifier
from skdeep.training import Observer

rng = np.random.default_rng(0)
X, y = rng.standard_normal((40, 3)), np.arange(40) % 2
FEW = {"max_iter": 2, "random_state": 0}


class Nothing(Observer):
    """Changes how many functions there are between."""


@pytest.mark.parametrize(
    "model",
    [
        MLPClassifier(**FEW),
        MLPClassifier(callbacks=[Nothing()], **FEW),
        Autoencoder((2,), **FEW),
        make_pipeline(StandardScaler(), MLPClassifier(**FEW)),
        GridSearchCV(MLPClassifier(**FEW), {"alpha": [0, 1]}, cv=2),
    ],
)
def test_a_fit_that_has_not_converged(model):
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        model.fit(X, y)
    assert found
    for warning in found:
        assert warning.category is ConvergenceWarning
        assert warning.filename == __file__


def test_values_that_single_precision_cannot_tell_apart():
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        MLPClassifier(**FEW).fit(X + 1e8, y)
    assert [warning.filename for warning in found] == [__file__] * 2


def test_a_module_can_be_ignored():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", module=__name__)
        MLPClassifier(**FEW).fit(X, y)
