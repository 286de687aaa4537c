"""Layers of one's own for single columns: levels that are looked up, and waves of numbers."""

from dataclasses import replace

import numpy as np
import pytest
from gradients import check_gradient
from life import LIFE
from numpy.testing import assert_array_equal

from skdeep import MLPRegressor
from skdeep.network import Branch, Layer, Parameter, Stage


class Embedding(Layer):
    """Replaces the number of a level, one column each, by a learnt row of a table."""

    def __init__(self, in_shape, n_levels, size):
        self.in_shape = in_shape
        self.n_levels, self.size = n_levels, size
        self.out_shape = (self.n_inputs * size,)

    def parameters(self):
        shape = (self.n_inputs * self.n_levels, self.size)
        return (Parameter("table", shape, "embedding"),)

    def initialise(self, rng):
        self.table[...] = rng.normal(0, 0.3, self.table.shape)

    def _rows(self, x):
        return x.astype(np.intp) + self.n_levels * np.arange(self.n_inputs)

    def infer(self, x):
        return self.table[self._rows(x)].reshape(len(x), -1)

    def forward(self, x, fresh):
        self.rows = self._rows(x)
        return self.infer(x)

    def backward(self, delta):
        self.d_table[...] = 0
        np.add.at(self.d_table, self.rows, delta.reshape(*self.rows.shape, self.size))


class Periodic(Layer):
    """Turns every number into sines and cosines of learnt frequencies."""

    def __init__(self, in_shape, size, spread):
        self.in_shape = in_shape
        self.size, self.spread = size, spread
        self.out_shape = (2 * self.n_inputs * size,)

    def parameters(self):
        return (Parameter("frequencies", (self.n_inputs, self.size), "embedding", rate=0.5),)

    def initialise(self, rng):
        self.frequencies[...] = rng.normal(0, self.spread, self.frequencies.shape)

    def _waves(self, x):
        angles = 2 * np.pi * x[:, :, None] * self.frequencies
        return np.concatenate([np.sin(angles), np.cos(angles)], axis=2)

    def infer(self, x):
        return self._waves(x).reshape(len(x), -1)

    def forward(self, x, fresh):
        self.x, self.waves = x, self._waves(x)
        return self.waves.reshape(len(x), -1)

    def backward(self, delta):
        d_sine, d_cosine = np.split(delta.reshape(self.waves.shape), 2, axis=2)
        sine, cosine = np.split(self.waves, 2, axis=2)
        d_angle = 2 * np.pi * (d_sine * cosine - d_cosine * sine)
        np.einsum("ijk,ij->jk", d_angle, self.x, out=self.d_frequencies)
        return np.einsum("ijk,jk->ij", d_angle, self.frequencies)


def _beside_the_others(columns, stage, n_features):
    """Return a stage that sends some columns through another one, and leaves the others."""
    others = [column for column in range(n_features) if column not in columns]
    return Stage(Branch, {"branches": ((columns, (stage,)), (others, ()))})


class EmbeddingRegressor(MLPRegressor):
    def _extend_architecture(self, architecture):
        levels = Stage(Embedding, {"n_levels": 7, "size": 3})
        branch = _beside_the_others([1, 3], levels, 5)
        return replace(architecture, stages=(branch, *architecture.stages))


class PeriodicRegressor(MLPRegressor):
    def _extend_architecture(self, architecture):
        branch = _beside_the_others([0], Stage(Periodic, {"size": 4, "spread": 1.0}), 5)
        return replace(architecture, stages=(branch, *architecture.stages))


RNG = np.random.default_rng(0)
X = RNG.normal(0, 1, (300, 5))
X[:, [1, 3]] = RNG.integers(0, 7, (300, 2))
EFFECTS = RNG.normal(0, 1, 7)
y = EFFECTS[X[:, 1].astype(int)] + np.sin(5 * X[:, 0]) + 0.3 * X[:, 2]
MODEL = {
    "hidden_layer_sizes": (16,),
    "activation": "tanh",
    "batch_size": 32,
    "max_iter": 5,
    "n_iter_no_change": np.inf,
    "learning_rate_init": 0.01,
    "random_state": 0,
}
BOTH = pytest.mark.parametrize("kind", [EmbeddingRegressor, PeriodicRegressor])


@BOTH
@pytest.mark.parametrize("check", LIFE)
@pytest.mark.usefixtures("kernels")
def test_it_lives(check, kind):
    check(kind(**MODEL), X, y)


@BOTH
def test_gradient(kind):
    check_gradient(kind(**MODEL).fit(X, y), X[:15], y[:15, None])


@BOTH
def test_it_learns_what_a_plain_network_does_not(kind):
    params = {**MODEL, "max_iter": 100}
    plain = MLPRegressor(**params).fit(X[:200], y[:200]).score(X[200:], y[200:])
    extended = kind(**params).fit(X[:200], y[:200]).score(X[200:], y[200:])
    assert extended > plain + 0.05


def test_levels_that_are_alike_share_a_row():
    model = EmbeddingRegressor(**MODEL).fit(X, y)
    (table,) = model._network.of_kind("embedding")
    assert table.shape == (14, 3)
    changed = X.copy()
    changed[:, 1] = 2
    before = model.predict(changed)
    table[2] += 1
    assert not np.array_equal(model.predict(changed), before)
    before = model.predict(changed)
    table[5] += 1  # no row has level 5 in this column
    assert_array_equal(model.predict(changed), before)
