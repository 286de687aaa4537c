"""Weights of networks by hand, and the exponent of probabilities from a known one."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from skdeep.estimators.tabular.selection import (
    ROUNDS,
    HeldOut,
    best_exponent,
    ensemble_weights,
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


def held_out(kind, errors, n_rows=40, seed=0):
    """What a network, whose ends err so much, makes of rows of its own."""
    rng = np.random.default_rng(seed)
    targets = rng.standard_normal((n_rows, 1))
    predictions = np.array([targets + error * rng.standard_normal((n_rows, 1)) for error in errors])
    return HeldOut(predictions, targets, rng.uniform(0.5, 2, n_rows), kind)


def test_ends_are_weighed_half_by_their_own_rows_and_half_by_those_of_their_kind():
    parts = [held_out(kind, (1.0, 0.4, 0.5), seed=seed) for seed, kind in enumerate("abab")]
    of_ends, _ = ensemble_weights(parts, 2)
    for i, kind in enumerate("abab"):
        alike = [part for part, other in zip(parts, "abab", strict=True) if other == kind]
        shared = by_hand(
            np.concatenate([part.predictions for part in alike], axis=1),
            np.concatenate([part.targets for part in alike]),
            np.concatenate([part.weights for part in alike]),
        )
        assert_allclose(of_ends[i], (shared + by_hand(*parts[i][:3])) / 2)
    assert (of_ends[0] != of_ends[2]).any()


@pytest.mark.parametrize("power", [0, 2, 4])
def test_networks_are_weighed_by_the_risk_of_their_kind(power):
    parts = [
        held_out(kind, (error,), 200, seed)
        for seed, (kind, error) in enumerate([("a", 0.5), ("b", 1.0), ("a", 0.6)])
    ]
    _, of_networks = ensemble_weights(parts, power)
    risks = [
        np.average((part.predictions[0, :, 0] - part.targets[:, 0]) ** 2, weights=part.weights)
        for part in parts
    ]
    expected = np.array([(risks[0] + risks[2]) / 2, risks[1], (risks[0] + risks[2]) / 2]) ** -power
    assert_allclose(of_networks, expected / expected.sum())


def test_a_kind_without_error_takes_all():
    parts = [held_out("a", (0.0,)), held_out("b", (1.0,), seed=1), held_out("a", (0.0,), seed=2)]
    assert_array_equal(ensemble_weights(parts, 2)[1], [0.5, 0, 0.5])


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
