"""Linear models trained by hand in plain numpy, beside the same through an estimator."""

import numpy as np

from skdeep import MLPRegressor
from skdeep.initializers import Initializer


class State:
    """The optimizer's memory: whatever was not set yet is zero."""

    def __init__(self):
        self.losses = []

    def __getattr__(self, name):
        return 0.0


class LinearBatch:
    """Loss and gradient of a linear model on some rows; records where gradients were taken."""

    def __init__(self, X, y, alpha=0.1, l1_ratio=0.0, clip_norm=None):
        self.X, self.y = X, y.reshape(len(y), -1)
        self.n_weights = X.shape[1] * self.y.shape[1]
        self.l2, self.l1 = alpha * (1 - l1_ratio), alpha * l1_ratio
        self.clip_norm = clip_norm
        self.is_weight = np.arange(self.n_weights + self.y.shape[1]) < self.n_weights
        self.decays = self.is_weight.astype(float)  # what decays, and how much
        self.visited, self.norms = [], []

    def scores(self, w):
        weights = w[: self.n_weights].reshape(self.X.shape[1], -1)
        return self.X @ weights + w[self.n_weights :]

    def loss(self, w):
        weights = w[: self.n_weights]
        penalty = self.l2 / 2 * np.sum(weights**2) + self.l1 * np.sum(np.abs(weights))
        return self.data_loss(self.scores(w)) + penalty

    def gradient(self, w):
        residual = self.residual(self.scores(w))
        g = np.concatenate([(self.X.T @ residual).ravel(), residual.sum(axis=0)])
        g += np.where(self.is_weight, self.l2 * w + self.l1 * np.sign(w), 0)
        norm = np.linalg.norm(g)
        self.visited.append(self.loss(w))
        self.norms.append(norm)
        return g if self.clip_norm is None else g * min(1, self.clip_norm / norm)


class SquaredError(LinearBatch):
    def data_loss(self, z):
        return np.mean((z - self.y) ** 2) / 2

    def residual(self, z):
        return (z - self.y) / z.size


class Logistic(LinearBatch):
    def data_loss(self, z):
        return np.mean(np.log(1 + np.exp(z)) - self.y * z)

    def residual(self, z):
        return (1 / (1 + np.exp(-z)) - self.y) / len(z)


class Start(Initializer):
    """The given weights."""

    def __init__(self, values=None):
        self.values = values

    def sample(self, shape, fan_in, fan_out, rng):
        return self.values


def train_by_hand(rule, batches, start, rates, epochs, project=lambda w: w, **constants):
    """Return the parameters after some epochs, and the losses and gradient norms of the epochs."""
    w, s, t = np.append(start.ravel(), np.zeros(start.shape[1])), State(), 0
    sizes = [len(batch.X) for batch in batches]
    for _ in range(epochs):
        for batch in batches:
            t += 1
            w = project(rule(batch, s, w, rates(t), t, **constants))
        s.losses.append(np.average([batch.visited[-1] for batch in batches], weights=sizes))
    return w, s.losses, np.mean([batch.norms for batch in batches], axis=0)


def data(n_outputs=2, n=27):
    rng = np.random.default_rng(3)
    X = rng.normal(size=(n, 3))
    y = X @ rng.normal(size=(3, n_outputs)) + 0.5 + 0.3 * rng.normal(size=(n, n_outputs))
    return X, y, rng.normal(size=(3, n_outputs))


def fit(cls, X, y, start, epochs, **params):
    fixed = {"shuffle": False, "dtype": "float64", "init": Start(start), "n_iter_no_change": np.inf}
    fixed |= {"target_scaling": None} if issubclass(cls, MLPRegressor) else {}
    params = {"alpha": 0.1, "learning_rate_init": 0.05, "batch_size": "full", **params}
    return cls((), max_iter=epochs, **fixed, **params).fit(X, y)


def assert_same(model, by_hand):
    parameters, losses, norms = by_hand
    w = np.append(model.coefs_[0].ravel(), model.intercepts_[0])
    np.testing.assert_allclose(w, parameters, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(model.history_["loss"], losses, rtol=1e-12)
    np.testing.assert_allclose(model.history_["gradient_norm"], norms, rtol=1e-12, atol=1e-14)
