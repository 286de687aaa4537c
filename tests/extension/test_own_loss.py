"""A loss of one's own with its own link: Gamma deviance, predictions exp(z)."""

import numpy as np
import pytest
from gradients import check_gradient
from life import LIFE
from numpy.testing import assert_allclose
from sklearn.linear_model import GammaRegressor

from skdeep import MLPRegressor
from skdeep.losses import Loss


class GammaDeviance(Loss):
    """Half the Gamma deviance, log(mu / y) + y / mu - 1 with mu = exp(z)."""

    out_activation = "exp"

    def evaluate(self, z, y, rows, delta):
        ratio = y * np.exp(-z)
        rows[...] = (ratio - np.log(ratio) - 1).mean(axis=1)
        delta[...] = (1 - ratio) / z.shape[1]

    def predict(self, z):
        return np.exp(z)

    def check_targets(self, y):
        if y.min() <= 0:
            raise ValueError("The Gamma deviance needs targets above 0.")


RNG = np.random.default_rng(0)
X = RNG.normal(0, 1, (200, 3))
MEAN = np.exp(0.5 + X @ [0.4, -0.3, 0.2])
y = RNG.gamma(4, MEAN / 4)
MODEL = {
    "hidden_layer_sizes": (8,),
    "activation": "tanh",
    "loss": GammaDeviance(),
    "batch_size": 32,
    "max_iter": 5,
    "n_iter_no_change": np.inf,
    "learning_rate_init": 0.01,
    "random_state": 0,
}


@pytest.mark.parametrize("check", LIFE)
@pytest.mark.usefixtures("kernels")
def test_it_lives(check):
    check(MLPRegressor(**MODEL), X, y)


def test_gradient():
    check_gradient(MLPRegressor(**MODEL).fit(X, y), X[:12], y[:12, None])


def test_a_linear_model_is_scikit_learns():
    params = {**MODEL, "hidden_layer_sizes": (), "optimizer": "lbfgs", "alpha": 0.1}
    params |= {"learning_rate_init": 0.001, "batch_size": "auto", "max_iter": 500, "tol": 1e-8}
    model = MLPRegressor(**params).fit(X, y)
    reference = GammaRegressor(alpha=0.1, tol=1e-8, max_iter=1000).fit(X, y)
    assert_allclose(model.coefs_[0].ravel(), reference.coef_, atol=1e-5)
    assert_allclose(model.predict(X), reference.predict(X), rtol=1e-5)
    assert model.out_activation_ == "exp"


def test_its_own_refusal():
    with pytest.raises(ValueError, match="Gamma deviance needs targets above 0"):
        MLPRegressor(**MODEL).fit(X, y - 10)
