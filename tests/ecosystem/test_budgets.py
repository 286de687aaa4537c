"""Searches that train few candidates long, and learning block by block."""

import models
import numpy as np
import pytest
from numpy.testing import assert_array_equal
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.model_selection import HalvingGridSearchCV

from skdeep import MLPClassifier

X, CODES = models.X, models.CODES


def test_epochs_are_the_resource_of_a_halving_search():
    network = MLPClassifier((4,), n_iter_no_change=np.inf, random_state=0)
    search = HalvingGridSearchCV(
        network,
        {"learning_rate_init": [1e-6, 1e-5, 1e-2]},
        resource="max_iter",
        min_resources=5,
        max_resources=45,
        factor=3,
        cv=2,
        random_state=0,
    ).fit(X, CODES)
    assert (search.n_resources_, search.n_candidates_) == ([5, 15], [3, 1])
    assert search.best_params_ == {"learning_rate_init": 1e-2, "max_iter": 15}
    assert search.best_estimator_.n_iter_ == 15


def test_incremental_is_a_loop_of_partial_fit():
    wrappers = pytest.importorskip("dask_ml.wrappers")
    array = pytest.importorskip("dask.array")
    network = MLPClassifier((4,), random_state=0)
    blocks = array.from_array(X, chunks=(20, 16)), array.from_array(CODES, chunks=20)
    model = wrappers.Incremental(network, shuffle_blocks=False, assume_equal_chunks=True)
    model.fit(*blocks, classes=[0, 1])
    for start in range(0, 80, 20):
        rows = slice(start, start + 20)
        network.partial_fit(X[rows], CODES[rows], classes=[0, 1])
    assert_array_equal(model.estimator_.predict_proba(X), network.predict_proba(X))
    assert model.estimator_.history_["loss"] == network.history_["loss"]
    assert len(network.history_["loss"]) == 4
