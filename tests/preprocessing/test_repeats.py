"""Numbers that repeat: which of them have a meaning of their own, and what it is."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import clone

from skdeep import TabularMLPClassifier, TabularMLPRegressor
from skdeep.preprocessing.level_means import FoldMeans, LevelMeans
from skdeep.preprocessing.repeats import Repeated
from skdeep.preprocessing.summaries import Summary
from skdeep.preprocessing.tables import Column

N = 4_000
rng = np.random.default_rng(0)
CODES = rng.integers(0, 100, N)
EFFECTS = rng.standard_normal(100)
NOISE = rng.standard_normal(N)


def column(values):
    values = np.asarray(values, dtype=np.float64)
    return Column(values, np.isnan(values), False)


def tell(values, targets):
    """Whether numbers, if they repeat, say more than their size."""
    one = column(values)
    summary = Summary.of(one, False)
    if not summary.repeats:
        return False
    levels = Repeated(summary, None)
    targets = np.asarray(targets, dtype=np.float64).reshape(len(one.values), -1)
    means = FoldMeans(levels.n_codes, targets.shape[1], 5)
    return levels.tell(means.add(levels.codes(one), np.arange(len(targets)) % 5, targets))


def test_codes_tell_more_than_their_size():
    assert tell(CODES, EFFECTS[CODES] + NOISE)
    assert tell(CODES / 7 - 1e6, EFFECTS[CODES] > 0.5)
    assert tell(CODES, np.column_stack([NOISE, 3 * EFFECTS[CODES]]))
    assert tell(np.where(rng.random(N) < 0.3, np.nan, CODES), EFFECTS[CODES] + NOISE)
    assert tell(CODES, EFFECTS[CODES])  # nothing else matters


@pytest.mark.parametrize(
    "targets",
    [
        NOISE,
        NOISE > 1,
        np.zeros(N),
        CODES * 1.0,
        CODES + NOISE,
        np.sin(CODES / 20) + NOISE,
        0.15 * EFFECTS[CODES] + NOISE,  # 2 % of what the smooth function leaves open
    ],
)
def test_smooth_functions_and_noise_tell_nothing(targets):
    assert not tell(CODES, targets)


def test_few_values_and_rare_ones_do_not_count():
    few = CODES % 32
    assert not tell(few, EFFECTS[few] + NOISE)
    rare = rng.integers(0, N // 7, N)
    assert not tell(rare, rng.standard_normal(N // 7)[rare])
    assert not tell(NOISE, NOISE)


def test_chance_seldom_has_a_meaning():
    found = [tell(rng.integers(0, 300, 3000), rng.standard_normal(3000)) for _ in range(200)]
    assert not any(found)


@pytest.mark.parametrize("noise", ["rare", "heavy"])
def test_rare_classes_and_heavy_tails_have_no_meaning(noise):
    """Many values have one row each, and the F distribution is not that of such noise."""
    found = 0
    for seed in range(60):
        local = np.random.default_rng(seed)
        values = np.minimum(local.zipf(1.5, N), 300)
        rare = local.random(N) < 0.002
        found += tell(values, rare if noise == "rare" else local.standard_cauchy(N))
    assert not found


def codes(values, among, most=None):
    return Repeated(Summary().add(column(among), False), most).codes(column(values))


def test_codes_are_places_among_the_values():
    among = [0.1, 0.1, -3, 1e300, 5, 5]
    assert_array_equal(codes([5, -3, 0.1, 1e300], among), [2, 0, 1, 3])
    assert_array_equal(codes(np.float32([0.1, 5]), among), [1, 2])
    assert_array_equal(codes([0.1, 5], np.float32(among[:3] + among[4:])), [1, 2])
    assert_array_equal(codes([5, np.nan], among), [2, -1])
    assert_array_equal(codes([5, np.nan], [*among, np.nan]), [2, 4])
    assert_array_equal(codes([-0.0, 0.0, 1e-300], [0.0, 1.0]), [0, 0, 0])


def test_codes_of_other_numbers_are_those_of_edges_behind_the_values():
    levels = Repeated(Summary().add(column([0, 0, 0, 10, 20, 30]), False), None)
    assert_array_equal(levels.edges, [0, 10, 20, 30])
    assert_array_equal(levels.codes(column([-1e308, 4, 6, 29, 1e308])), [4, 4, 5, 7, 7])
    assert_array_equal(levels.codes(column([np.nan])), -1)


def test_effects_are_those_of_a_mixed_model():
    """By hand, from variance components of all rows (the function is flat: it is fitted, too)."""
    counts = rng.integers(8, 40, 60)
    values = np.repeat(np.arange(60), counts)
    targets = (0.7 * rng.standard_normal(60))[values] + rng.standard_normal(len(values))
    summary = Summary.of(column(values), False)
    levels = Repeated(summary, None)
    means = LevelMeans.of(60, values, targets[:, None])
    table = levels.table(means)[:, 0]
    assert len(table) == 60 + len(levels.edges) + 1
    assert table[-1] == targets.mean()
    hats = np.array([np.interp(values, levels.edges, one) for one in np.eye(len(levels.edges))]).T
    alike = 0.1 * np.diff(np.eye(len(levels.edges)), axis=0)  # hardly counts
    inverse = np.linalg.inv(hats.T @ hats + alike.T @ alike)
    at_edges = inverse @ hats.T @ targets
    assert_allclose(at_edges, np.linalg.lstsq(hats, targets, rcond=None)[0], rtol=0.02, atol=1e-3)
    assert_allclose(table[60:-1], at_edges, rtol=1e-9)
    found = np.array([targets[values == value].mean() for value in range(60)])
    of_rows = np.square(targets - found[values]).sum() / (len(values) - 60)
    expected = np.interp(np.arange(60), levels.edges, at_edges)
    of_means = (counts * np.square(found - expected)).sum()
    of_means /= 60 - np.trace(inverse @ hats.T @ hats)
    n = (len(values) - (counts**2).sum() / len(values)) / 59
    variance = (of_means - of_rows) / n
    share = variance / (variance + of_rows / counts)
    assert_allclose(table[:60], expected + share * (found - expected), rtol=1e-9)
    assert share.max() < 0.97


def test_where_no_rows_tell_the_function_is_that_of_its_neighbourhood():
    """Edges between two frequent values may be far from all rows, as the last number may be."""
    frequent, others = np.repeat([100.0, 101.0], 300), np.r_[0:16, 200:216]
    values = np.concatenate([frequent, np.repeat(others, 2), [1e6]])
    levels = Repeated(Summary().add(column(values), False), None)
    targets = 1000 + np.random.default_rng(0).standard_normal((len(values), 1))
    table_of = LevelMeans.of(levels.n_codes, levels.codes(column(values))[:-1], targets[:-1])
    assert np.abs(levels.table(table_of) - 1000).max() < 6


def test_numbers_beyond_training_are_near_what_their_size_says():
    days = np.repeat(np.arange(0, 120, 2), 20)
    local = np.random.default_rng(1)
    effects = local.standard_normal(120)
    X = np.column_stack([days, local.standard_normal(len(days))])
    y = days / 10 + effects[days] + X[:, 1]
    model = TabularMLPRegressor(random_state=0, effort=0.5).fit(X, y)
    assert model._statistics.n_columns == 1
    between = np.column_stack([np.arange(1, 119, 2), np.zeros(59)])
    assert np.abs(model.predict(between) - between[:, 0] / 10).mean() < 1.5
    assert model.predict([[400, 0], [1e300, 0]]) == pytest.approx([12, 12], abs=3)


@pytest.mark.parametrize("first", [1e9, 2.0**60, 1.0, -1e308, 0.0, 1e-310])
def test_values_that_only_double_precision_tells_apart(first):
    among = 1e9 + np.arange(5) if first == 1e9 else adjacent(first, 40)
    assert_array_equal(codes(among, among), np.arange(len(among)))
    assert_array_equal(codes(among, among, most=1), np.zeros(len(among)))


def adjacent(first, n):
    """Return numbers of double precision, each the next one after the other."""
    numbers = [first]
    while len(numbers) < n:
        numbers.append(np.nextafter(numbers[-1], np.inf))
    return np.array(numbers)


def test_the_same_in_single_precision_counts_more_than_the_distance():
    among = [1.7e9, 1.7e9 + 70]  # numbers of single precision are 128 apart here
    assert_array_equal(codes(1.7e9 + np.array([60, 68, 127]), among), [0, 1, 1])
    assert_array_equal(codes([1.7e9 - 200], among), [2])


def table(n=900, seed=0):
    local = np.random.default_rng(seed)
    shops = local.integers(0, 60, n)
    X = np.column_stack([1000 + shops, local.standard_normal((n, 2))])
    return X, np.sin(37.0 * shops**2) + 0.5 * X[:, 1]


def test_an_estimator_learns_what_codes_mean():
    X, y = table()
    X_new, y_new = table(seed=1)
    model = TabularMLPRegressor(random_state=0, effort=0.5).fit(X, y)
    assert model._statistics.n_columns == 1
    assert model.score(X_new, y_new) > 0.95
    assert_allclose(model.predict(X_new), model.predict(X_new.astype(np.float32)), atol=1e-4)
    classifier = TabularMLPClassifier(random_state=0, effort=0.5)
    classifier.fit(X, np.digitize(y, [-0.5, 0.5]))
    assert classifier._statistics.n_columns == 2  # classes but the first
    assert classifier.score(X_new, np.digitize(y_new, [-0.5, 0.5])) > 0.9


def test_rows_of_weight_zero_have_no_say():
    X, y = table()
    weights = (np.arange(len(y)) % 3 > 0).astype(float)
    model = TabularMLPRegressor(random_state=0, effort=0.05)
    weighted = clone(model).fit(X, np.where(weights > 0, y, 1e3), sample_weight=weights)
    assert weighted._statistics.n_columns == 1
    kept = clone(model).fit(X[weights > 0], y[weights > 0])
    assert_array_equal(weighted._statistics._tables[0], kept._statistics._tables[0])
