"""Noise and mixup: their distributions, and what a mixture means to a loss."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from skdeep.augmentation import GaussianNoise, Mixup
from skdeep.losses import BinaryCrossEntropy, CrossEntropy, SquaredError
from skdeep.training.batches import Batch


def _stream(seed=0):
    return np.random.Generator(np.random.SFC64(seed))


# noise


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_noise(dtype):
    X = np.full((500, 200), 3, dtype)
    noise = GaussianNoise(0.5).sample(X, random_state=0) - X
    assert noise.dtype == dtype
    assert noise.mean() == pytest.approx(0, abs=0.01)
    assert noise.std() == pytest.approx(0.5, rel=0.01)
    assert (abs(noise) < 0.5).mean() == pytest.approx(0.6827, abs=0.01)
    assert GaussianNoise().transform(X, _stream()).dtype == dtype
    assert_array_equal(GaussianNoise(0).sample(X), X)


# mixup


def _mixture(n, alpha=0.7, weights=None, seed=0):
    """A batch whose inputs are one-hot, so that they tell who is mixed with whom, and how much."""
    rng = np.random.default_rng(seed)
    given = None if weights is None else weights.copy()
    y = rng.dirichlet(np.ones(3), n)
    batch = Batch(np.eye(n), y.copy(), given, n)
    Mixup(alpha).apply(batch, None, _stream(seed))
    return batch, y, given


def test_mixup_mixes_pairs_by_one_share_a_row():
    batch, y, _ = _mixture(50)
    assert_allclose(batch.x.sum(axis=1), 1)
    assert ((batch.x > 0).sum(axis=1) <= 2).all()
    assert_allclose(batch.y, batch.x @ y)
    assert batch.weights is None
    partners = np.delete(batch.x, np.s_[:: 50 + 1]).reshape(50, 49)
    assert (partners.max(axis=1) > 0).sum() > 40
    # each row is the partner of one row: what it has of itself is drawn afresh for each
    assert len(np.unique(np.diag(batch.x))) > 40


@pytest.mark.parametrize("alpha", [0.2, 1.0, 4.0])
def test_shares_are_beta(alpha):
    n = 20_000
    batch = Batch(np.arange(n, dtype=float)[:, None], np.ones((n, 1)), np.ones(n), n)
    stream = _stream()
    partners = _stream().permutation(n)
    Mixup(alpha).apply(batch, None, stream)
    moved = partners != np.arange(n)
    step = (partners - np.arange(n))[moved]
    share = 1 - (batch.x[moved, 0] - np.arange(n)[moved]) / step
    assert share.mean() == pytest.approx(0.5, abs=0.02)
    assert share.var() == pytest.approx(1 / (4 * (2 * alpha + 1)), rel=0.03)


def _loss(loss, z, y):
    rows, delta = np.empty(len(z)), np.empty_like(z)
    loss.evaluate(z.copy(), y, rows, delta)
    return rows, delta


@pytest.mark.parametrize("loss", [CrossEntropy(), BinaryCrossEntropy(), SquaredError()])
@pytest.mark.parametrize("weighted", [False, True])
def test_a_mixture_stands_for_both_targets(loss, weighted):
    n = 30
    weights = np.random.default_rng(1).exponential(size=n) if weighted else np.ones(n)
    batch, y, _ = _mixture(n, weights=weights if weighted else None)
    parts = batch.x * weights  # what each row of the data has in each mixture
    total = batch.weights if weighted else np.ones(n)
    assert_allclose(total, parts.sum(axis=1))
    z = np.random.default_rng(2).normal(0, 3, (n, 3))
    losses, gradients = _loss(loss, z, batch.y)
    unmixed = [_loss(loss, z, np.tile(target, (n, 1))) for target in y]
    expected = np.einsum("ij,jik->ik", parts, [gradient for _, gradient in unmixed])
    assert_allclose(total[:, None] * gradients, expected, atol=1e-12)
    if not isinstance(loss, SquaredError):  # linear in the target: its value, too
        assert_allclose(total * losses, np.einsum("ij,ji->i", parts, [rows for rows, _ in unmixed]))


def test_weights_of_the_caller_stay():
    weights = np.random.default_rng(0).random(20).astype(np.float32)
    batch, _, given = _mixture(20, weights=weights)
    assert_array_equal(given, weights)
    assert batch.weights is not given
    assert batch.weights.dtype == np.float32


def test_rows_without_weight():
    weights = np.repeat([0.0, 2.0], [15, 5])
    batch, y, _ = _mixture(20, weights=weights)
    assert np.isfinite(batch.y).all()
    assert (batch.weights == 0).any()
    # a target without weight has no part in a mixture that has some
    for row, target, weight in zip(batch.x, batch.y, batch.weights, strict=True):
        kept = np.flatnonzero(row * weights)
        if weight > 0 and len(kept) == 1:
            assert_allclose(target, y[kept[0]])


def test_inputs_that_are_their_own_targets_are_mixed_once():
    x = np.random.default_rng(0).standard_normal((20, 4))
    batch, alone = Batch(x.copy(), None, None, 20), Batch(x.copy(), np.ones((20, 1)), None, 20)
    batch.y = batch.x
    Mixup(1.0).apply(batch, None, _stream())
    Mixup(1.0).apply(alone, None, _stream())
    assert batch.y is batch.x
    assert_array_equal(batch.x, alone.x)


@pytest.mark.parametrize("alpha", [1e-9, 1e9])
def test_extreme_mixtures_are_finite(alpha):
    batch, _, _ = _mixture(20, alpha, weights=np.ones(20))
    assert_allclose(batch.x.sum(axis=1), 1)
    assert_allclose(batch.y.sum(axis=1), 1)
    assert_allclose(batch.weights, 1)
