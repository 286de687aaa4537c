"""A layer of one's own: a learnt scale for each feature, with rates of their own by kind."""

from dataclasses import replace

import numpy as np
import pytest
from gradients import check_gradient
from life import LIFE
from numpy.testing import assert_allclose
from sklearn.datasets import load_diabetes
from sklearn.preprocessing import StandardScaler

from skdeep import MLPRegressor
from skdeep.network import Layer, Parameter, Stage
from skdeep.optimizers import Adam


class FeatureScale(Layer):
    """Multiplies every feature by a learnt number."""

    def __init__(self, in_shape):
        self.in_shape = self.out_shape = in_shape

    def parameters(self):
        return (Parameter("scale", self.in_shape, "scale"),)

    def initialise(self, rng):
        self.scale[...] = 1

    def infer(self, x):
        return x * self.scale

    def forward(self, x, fresh):
        self.x = x
        return x * self.scale

    def backward(self, delta):
        np.einsum("ij,ij->j", delta, self.x, out=self.d_scale)
        return delta * self.scale


class FactorAdam(Adam):
    """Adam with faster scales and slower biases."""

    kernel = "adam"
    rates = {"scale": 6.0, "bias": 0.1}


class ScaledRegressor(MLPRegressor):
    def _extend_architecture(self, architecture):
        return replace(architecture, stages=(Stage(FeatureScale), *architecture.stages))


X, y = load_diabetes(return_X_y=True)
X, y = StandardScaler().fit_transform(X)[:200], (y[:200] - 150) / 75
MODEL = {
    "hidden_layer_sizes": (8,),
    "activation": "tanh",
    "optimizer": FactorAdam(),
    "batch_size": 32,
    "max_iter": 5,
    "n_iter_no_change": np.inf,
    "random_state": 0,
}


@pytest.mark.parametrize("check", LIFE)
@pytest.mark.usefixtures("kernels")
def test_it_lives(check):
    check(ScaledRegressor(**MODEL), X, y)


def test_gradient():
    check_gradient(ScaledRegressor(**MODEL).fit(X, y), X[:12], y[:12, None])


@pytest.mark.parametrize(("optimizer", "rates"), [(Adam(), (1, 1)), (FactorAdam(), (6, 0.1))])
@pytest.mark.usefixtures("kernels")
def test_rates_of_their_own(optimizer, rates):
    # the first step of Adam moves every parameter by its rate
    params = {**MODEL, "optimizer": optimizer, "batch_size": "full", "max_iter": 1}
    model = ScaledRegressor(**params | {"dtype": "float64", "learning_rate_init": 0.01}).fit(X, y)
    (scale,) = model._network.of_kind("scale")
    assert_allclose(np.abs(scale - 1), 0.01 * rates[0], rtol=1e-3)
    assert_allclose(np.abs(model.intercepts_[0]), 0.01 * rates[1], rtol=1e-3)


def test_scales_are_no_coefs_and_no_intercepts():
    model = ScaledRegressor(**MODEL).fit(X, y)
    assert [coefs.shape for coefs in model.coefs_] == [(10, 8), (8, 1)]
    assert [intercepts.shape for intercepts in model.intercepts_] == [(8,), (1,)]
    (scale,) = model._network.of_kind("scale")
    assert scale.shape == (10,)
    assert np.abs(scale - 1).max() > 0.01


def test_another_layer_is_no_warm_start():
    model = ScaledRegressor(**MODEL, warm_start=True).fit(X, y)
    plain = MLPRegressor(**MODEL, warm_start=True)
    vars(plain).update(vars(model))
    with pytest.raises(ValueError, match="FeatureScale was"):
        plain.fit(X, y)
