"""On a cluster of Dask everything has the bits that it has at home, and threads keep to limits."""

import joblib
import models
import numpy as np
import pytest
import workers
from numpy.testing import assert_array_equal
from scipy.stats import loguniform
from sklearn.ensemble import BaggingClassifier
from sklearn.model_selection import GridSearchCV, RandomizedSearchCV, cross_validate
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from skdeep import (
    Autoencoder,
    CNNClassifier,
    MLPClassifier,
    TabularMLPClassifier,
    TabularMLPRegressor,
)
from skdeep.model_selection import CoarseToFineSearchCV, LearningRateRangeTest

distributed = pytest.importorskip("distributed")

X, WORDS, VALUES, TABLE = models.X, models.WORDS, models.VALUES, models.TABLE
MLP = MLPClassifier((4,), dropout=0.2, **models.SHORT)
PIPE = make_pipeline(StandardScaler(), MLP)
FEW = {"n_networks": 2, "effort": 0.01, "random_state": 0}


@pytest.fixture(scope="module")
def client():
    cluster = distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        dashboard_address="127.0.0.1:0",  # any free port: tests run side by side
        env={"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"},
    )
    with cluster, distributed.Client(cluster) as client:
        yield client


def cross_validated():
    folds = cross_validate(PIPE, X, WORDS, cv=3, return_train_score=True)
    return [folds["test_score"], folds["train_score"]]


def searched(search):
    search.fit(X, WORDS)
    best = search.best_estimator_.predict_proba(X)
    return [search.cv_results_["mean_test_score"], search.cv_results_["split1_test_score"], best]


def ranged():
    test = LearningRateRangeTest(PIPE, epochs=2, cv=2).fit(X, WORDS)
    return [test.losses_, test.scores_, test.suggested_range_]


def tabular(kind, y):
    model = kind(**FEW).fit(TABLE, np.tile(y, 2))
    return [model.network_weights_, *(member.coefs_[1] for member in model.networks_)]


def bagged(estimator):
    model = BaggingClassifier(estimator, 3, bootstrap=True, random_state=0)
    return [model.fit(X, WORDS).predict_proba(X)]


CNN = CNNClassifier((4,), input_shape=(4, 4), augmentation="random_shift", **models.SHORT)
LOSSES = {"mlpclassifier__alpha": loguniform(1e-4, 1)}
WORK = {
    "cross-validation": cross_validated,
    "grid": lambda: searched(GridSearchCV(PIPE, {"mlpclassifier__alpha": [0.1, 9.0]}, cv=2)),
    "random": lambda: searched(RandomizedSearchCV(PIPE, LOSSES, n_iter=3, cv=2, random_state=0)),
    "coarse to fine": lambda: searched(CoarseToFineSearchCV(PIPE, cv=2)),
    "range test": ranged,
    "bagging": lambda: bagged(MLP),
    "bagging of images": lambda: bagged(CNN),
    "table of classes": lambda: tabular(TabularMLPClassifier, WORDS),
    "table of values": lambda: tabular(TabularMLPRegressor, VALUES),
    "code": lambda: [cross_validate(Autoencoder((3,), **models.SHORT), X, cv=2)["test_score"]],
}


def n_executed(client):
    """Return how many tasks the workers have done so far."""
    return sum(client.run(lambda dask_worker: dask_worker.state.executed_count).values())


@pytest.mark.parametrize("name", WORK)
def test_the_bits_are_those_of_home(client, name):
    at_home = WORK[name]()
    before = n_executed(client)
    with joblib.parallel_config("dask"):
        away = WORK[name]()
    for one, two in zip(at_home, away, strict=True):
        assert_array_equal(one, two)
    assert all(np.isfinite(part).all() for part in away)
    assert n_executed(client) >= before + 2  # they were elsewhere, indeed


def test_threads_of_workers_keep_to_their_limit(client):
    assert client.submit(workers.threads_in_a_large_fit, pure=False).result() == (1, 1, 0)


def test_a_second_thread_works_where_it_may():
    # so that the test above can fail
    with threadpool_limits(2, user_api="blas"):
        allowed, within, started = workers.threads_in_a_large_fit()
    if allowed < 2:
        pytest.skip("BLAS has one thread on this machine")
    assert (within, started) == (1, 1)
