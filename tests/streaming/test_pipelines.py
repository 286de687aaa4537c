"""Pipelines on streams: steps learn in a pass of their own, and nothing is lost by an error."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.compose import ColumnTransformer
from sklearn.decomposition import PCA
from sklearn.exceptions import ConvergenceWarning
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    MinMaxScaler,
    Normalizer,
    QuantileTransformer,
    StandardScaler,
)

from skdeep import MLPClassifier, MLPRegressor
from skdeep.streaming import fit_stream
from skdeep.training import Observer

rng = np.random.default_rng(0)
X = 100 + 50 * rng.standard_normal((300, 4))
Y = (X[:, 0] > 90).astype(int)
PIECES = [(X[i : i + 70], Y[i : i + 70]) for i in range(0, 300, 70)]
ANY = {"max_iter": 3, "n_iter_no_change": np.inf, "random_state": 0, "dtype": "float64"}


def network(**params):
    return MLPClassifier((5,), **{**ANY, **params})


@pytest.mark.parametrize(
    "steps",
    [
        (StandardScaler(),),
        (MinMaxScaler(), StandardScaler()),
        (Normalizer(), "passthrough", StandardScaler()),
        (FrozenEstimator(QuantileTransformer(n_quantiles=20).fit(X)),),
    ],
    ids=str,
)
def test_the_same_as_in_memory(steps):
    validation = X[:50], Y[:50]
    pipeline = make_pipeline(*steps, network(early_stopping=True))
    assert fit_stream(pipeline, PIECES, X_val=validation[0], y_val=validation[1]) is pipeline
    # steps are cloned, as in a pipeline with memory: those that were given learn nothing
    assert not any(hasattr(step, "n_samples_seen_") for step in steps)
    whole = make_pipeline(*steps)
    Z = whole.fit_transform(X)
    alone = network(early_stopping=True).fit(
        Z, Y, X_val=whole.transform(validation[0]), y_val=validation[1]
    )
    assert_allclose(alone._network.parameters, pipeline[-1]._network.parameters, rtol=1e-6)
    assert_allclose(alone.validation_scores_, pipeline[-1].validation_scores_)
    assert_array_equal(pipeline.predict(X), alone.predict(Z))


def test_passes():
    begun = []

    def batches():
        begun.append(1)
        return iter(PIECES)

    fit_stream(make_pipeline(MinMaxScaler(), Normalizer(), StandardScaler(), network()), batches)
    # each scaler has a pass; the normalizer looks at the first piece; counting; three epochs
    assert len(begun) == 2 + 1 + 1 + 3


@pytest.mark.parametrize(
    "step", [PCA(2), QuantileTransformer(), ColumnTransformer([("a", StandardScaler(), [0])])]
)
def test_a_step_that_cannot_learn_in_parts(step):
    pipeline = make_pipeline(StandardScaler(), step, network())
    with pytest.raises(TypeError, match=f"a {type(step).__name__}, has no partial_fit.*Frozen"):
        fit_stream(pipeline, PIECES)


def test_what_does_not_end_in_a_network():
    with pytest.raises(TypeError, match="with one at its end; got LogisticRegression"):
        fit_stream(make_pipeline(StandardScaler(), LogisticRegression()), PIECES)


def test_refusals_come_before_the_first_pass():
    def batches():
        raise AssertionError("was read")

    with pytest.raises(ValueError, match="optimizer='lbfgs'"):
        fit_stream(make_pipeline(StandardScaler(), network(optimizer="lbfgs")), batches)


@pytest.mark.parametrize(
    ("number", "piece", "words"),
    [
        (2, (X[:5, :3], Y[:5]), "piece 2: X has 3 features"),
        (1, (np.where(X[:5] == X[2, 1], np.nan, X[:5]), Y[:5]), "piece 1: .*NaN"),
    ],
)
def test_after_an_error_the_pipeline_is_as_it_was(number, piece, words):
    pipeline = fit_stream(make_pipeline(StandardScaler(), network()), PIECES)
    before = pipeline.predict_proba(X)
    wrong = [*PIECES[:number], piece, *PIECES[number:]]
    with pytest.raises(ValueError, match=words):
        fit_stream(pipeline, [(10 * x, y) for x, y in wrong])
    assert_array_equal(pipeline.predict_proba(X), before)
    with pytest.raises(ValueError, match="gave no rows"):
        fit_stream(pipeline, [])


class Interrupt(Observer):
    def __init__(self, epoch):
        self.epoch = epoch

    def begin_epoch(self, trainer):
        if trainer.state.epoch == self.epoch:
            raise KeyboardInterrupt


@pytest.mark.parametrize("epoch", [0, 2])
def test_interruptions(epoch):
    pipeline = fit_stream(make_pipeline(StandardScaler(), network()), PIECES)
    before = pipeline.predict_proba(X)
    pipeline[-1].set_params(callbacks=[Interrupt(epoch)])
    moved = [(x + 1000, y) for x, y in PIECES]
    with pytest.raises(KeyboardInterrupt):
        fit_stream(pipeline, moved)
    if epoch == 0:
        assert_array_equal(pipeline.predict_proba(X), before)
    else:  # the network and the steps belong together
        n_kept = pipeline[-1].n_iter_
        assert n_kept in (1, 2)
        whole = fit_stream(make_pipeline(StandardScaler(), network()), moved, epochs=n_kept)
        assert_array_equal(pipeline.predict_proba(X), whole.predict_proba(X))


def test_the_warning_points_to_the_user():
    pipeline = make_pipeline(StandardScaler(), network(n_iter_no_change=10))
    with pytest.warns(ConvergenceWarning) as found:
        fit_stream(pipeline, PIECES)
    assert found[0].filename == __file__


def test_regression():
    y = 1e5 + 1e4 * X[:, 0]
    pieces = [(X[i : i + 70], y[i : i + 70]) for i in range(0, 300, 70)]
    params = {**ANY, "max_iter": 100, "learning_rate_init": 0.01}
    pipeline = make_pipeline(StandardScaler(), MLPRegressor((20,), **params))
    assert fit_stream(pipeline, pieces).score(X, y) > 0.95
