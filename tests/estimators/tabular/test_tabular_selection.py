"""Weights of networks by hand, and the exponent of probabilities from a known one."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from skdeep.estimators.tabular.selection import (
    ROUNDS,
    best_exponent,
    greedy_weights,
    sharpened,
)


def by_hand(predictions, targets, weights):
    """Add, round by round, the candidate that makes the mean best."""
    chosen = []
    for _ in range(ROUNDS):
        scores = []
        for k in range(len(predictions)):
            mean = np.mean([predictions[i] for i in [*chosen, k]], axis=0)
            scores.append(weights @ ((mean - targets) ** 2).sum(axis=1))
        chosen.append(int(np.argmin(scores)))
    return np.bincount(chosen, minlength=len(predictions)) / ROUNDS


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("seed", range(5))
def test_greedy_weights(seed, weighted):
    rng = np.random.default_rng(seed)
    targets = rng.standard_normal((30, 2))
    predictions = [targets + rng.normal(0, 1 + k, (30, 2)) / 2 for k in range(4)]
    weights = rng.uniform(0, 2, 30) if weighted else None
    found = greedy_weights(predictions, targets, weights)
    assert_allclose(
        found, by_hand(predictions, targets, np.ones(30) if weights is None else weights)
    )
    assert found.sum() == pytest.approx(1)
    assert found.min() >= 0


def test_greedy_weights_of_plain_cases():
    targets = np.array([[0.0], [1.0]])
    right, high, low = targets, targets + 1, targets - 1
    assert_array_equal(greedy_weights([high, right, low], targets), [0, 1, 0])
    assert_allclose(greedy_weights([high, low], targets), [0.5, 0.5])
    assert_array_equal(greedy_weights([low], targets), [1])
    # three parts of one and one of the other make up for its larger error
    found = greedy_weights([targets + 1, targets - 3], targets)
    assert found[0] == pytest.approx(0.75, abs=1 / ROUNDS)
    # the second row does not count
    one, other = np.array([[0.0], [9.0]]), np.array([[0.5], [1.0]])
    assert_array_equal(greedy_weights([one, other], targets, np.array([1.0, 0.0])), [1, 0])


def test_sharpened():
    p = np.array([[0.2, 0.3, 0.5], [0.0, 0.0, 1.0]])
    assert_allclose(sharpened(p, 1), p, atol=1e-11)
    squares = np.array([4, 9, 25]) / 38
    assert_allclose(sharpened(p, 2)[0], squares)
    assert (sharpened(p, 0.5)[0].max(), sharpened(p, 3)[0].max()) < (0.5, 1)
    assert (sharpened(p, 12) > 0).all()
    labels = np.array([[0.2, 0.9]])
    assert_allclose(sharpened(labels, 2, exclusive=False), [[4 / 68, 81 / 82]])
    assert_allclose(sharpened(labels, 1, exclusive=False), labels)


@pytest.mark.parametrize("exclusive", [True, False])
@pytest.mark.parametrize("exponent", [0.5, 1.0, 2.5])
def test_best_exponent_recovers_a_known_one(exponent, exclusive):
    rng = np.random.default_rng(0)
    if exclusive:
        true = rng.dirichlet([1, 1, 1], 20_000)
        targets = np.eye(3)[(true.cumsum(axis=1) < rng.random((20_000, 1))).sum(axis=1)]
    else:
        true = rng.uniform(0.02, 0.98, (20_000, 2))
        targets = (rng.random(true.shape) < true).astype(int)
    told = sharpened(true, 1 / exponent, exclusive)  # too sure of itself, or too timid
    assert best_exponent(told, targets, None, exclusive) == pytest.approx(exponent, rel=0.05)
    weights = np.ones(len(true))
    weighted = best_exponent(told, targets, weights, exclusive)
    assert weighted == pytest.approx(best_exponent(told, targets, None, exclusive))


def test_best_exponent_goes_by_the_rows_that_count():
    p = np.tile([0.3, 0.7], (20, 1))
    targets = np.eye(2)[[1] * 10 + [0] * 10]
    sure = best_exponent(p, targets, np.repeat([1.0, 0.0], 10))
    unsure = best_exponent(p, targets, np.repeat([0.0, 1.0], 10))
    assert unsure < 1 < sure < 13
    assert np.isfinite(best_exponent(np.eye(2), 1 - np.eye(2)))
