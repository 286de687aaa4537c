"""The transformers of tables: scikit-learn's checks, formulas, names, types, missing values."""

import pickle
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import clone
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import parametrize_with_checks

from skdeep import MLPRegressor
from skdeep.preprocessing import PiecewiseLinearEncoder, SmoothScaler

TRANSFORMERS = [SmoothScaler(), PiecewiseLinearEncoder(), PiecewiseLinearEncoder(n_bins=3)]
every_transformer = pytest.mark.parametrize("transformer", TRANSFORMERS, ids=str)
LARGEST = np.finfo(float).max


@parametrize_with_checks(TRANSFORMERS)
def test_check(estimator, check):
    check(estimator)


def _numbers(n=200, seed=0):
    """Return columns that are normal, skewed, of few values, and with gaps."""
    rng = np.random.default_rng(seed)
    X = np.column_stack(
        [
            rng.standard_normal(n),
            rng.lognormal(0, 3, n),
            rng.integers(0, 3, n),
            np.where(rng.random(n) < 0.3, np.nan, rng.uniform(5, 6, n)),
        ]
    )
    X[:3, :3] = [[1e6, 1e12, 50], [-1e6, 1e-9, -50], [0, 0, 0]]
    return X


# -- SmoothScaler ------------------------------------------------------------------------------


@pytest.mark.parametrize("clip", [0.5, 3.0])
def test_formula_of_the_scaler(clip):
    X = _numbers()
    scaler = SmoothScaler(clip=clip).fit(X)
    first, median, third = np.nanquantile(X, [0.25, 0.5, 0.75], axis=0)
    assert_allclose(scaler.center_, median)
    assert_allclose(scaler.scale_, third - first)
    z = (X - median) / (third - first)
    expected = z / np.sqrt(1 + (z / clip) ** 2)
    assert_allclose(scaler.transform(X), np.nan_to_num(expected), rtol=1e-12, atol=1e-300)
    assert np.abs(scaler.transform(X)).max() <= clip


def test_scale_where_quartiles_agree():
    X = np.zeros((9, 3))
    X[:, 1] = 7
    X[0], X[8, 1] = [3, 5, 0], 13
    scaler = SmoothScaler().fit(X)
    assert_array_equal(scaler.center_, [0, 7, 0])
    assert_array_equal(scaler.scale_, [1.5, 4, 1])  # half the range, and 1 for a constant
    assert not scaler.transform(X)[:, 2].any()
    z = 3 / 1.5
    assert scaler.transform(X)[0, 0] == pytest.approx(z / np.sqrt(1 + (z / 3) ** 2))


def test_outliers_keep_their_order():
    x = np.sort(np.random.default_rng(0).standard_cauchy(500) ** 3).reshape(-1, 1)
    scaled = SmoothScaler().fit_transform(x).ravel()
    assert (np.diff(scaled) >= 0).all()
    assert np.diff(scaled[np.abs(scaled) < 2.9]).min() > 0


# -- PiecewiseLinearEncoder --------------------------------------------------------------------


def _edges(known, n_bins):
    """The edges in plain words: values with a bin's share of the rows, quantiles of the rest."""
    full = sorted(v for v in set(known) if np.mean(known == v) >= 1 / n_bins)
    rest = known[~np.isin(known, full)]
    shares = np.linspace(0, 1, n_bins + 1 - len(full))
    return np.unique([*full, *(np.quantile(rest, shares) if rest.size else [])])


@pytest.mark.parametrize("n_bins", [1, 4, 16])
def test_formula_of_the_encoder(n_bins):
    X = _numbers()
    encoder = PiecewiseLinearEncoder(n_bins).fit(X)
    expected, places = [], []
    for j in range(X.shape[1]):
        known = X[~np.isnan(X[:, j]), j]
        edges = _edges(known, n_bins)
        assert_allclose(encoder.edges_[j], edges)
        x = np.where(np.isnan(X[:, j]), np.median(known), X[:, j])
        pieces = [(x - low) / (high - low) for low, high in pairwise(edges)]
        expected += [np.clip(piece, 0, 1) for piece in pieces]
        places.append(sum(np.clip(piece, 0, 1) for piece in pieces))
    assert_allclose(encoder.transform(X), np.transpose(expected), rtol=1e-9, atol=1e-12)
    assert_allclose(encoder.positions(X), np.transpose(places), rtol=1e-9, atol=1e-12)


def test_a_value_that_fills_a_bin_is_an_edge_and_takes_no_others_bins():
    tail = np.arange(1.0, 101)
    x = np.r_[np.zeros(900), tail].reshape(-1, 1)
    (edges,) = PiecewiseLinearEncoder(10).fit(x).edges_
    assert_allclose(edges, [0, *np.quantile(tail, np.linspace(0, 1, 10))])
    levels = np.repeat([1.0, 2.0, 5.0, 7.0], [5, 3, 9, 3]).reshape(-1, 1)
    assert_array_equal(PiecewiseLinearEncoder(16).fit(levels).edges_[0], [1, 2, 5, 7])
    assert_array_equal(PiecewiseLinearEncoder(4).fit(levels).edges_[0], [1, 2, 4.5, 5, 7])
    assert_array_equal(PiecewiseLinearEncoder(1).fit(levels).edges_[0], [1, 7])


@pytest.mark.parametrize("n_bins", [1, 2, 3, 7, 16])
def test_there_are_never_more_bins_than_asked_for(n_bins):
    rng = np.random.default_rng(n_bins)
    for spread in (1, 3, 10, 1000):
        X = rng.integers(0, spread, (200, 5)).astype(float)
        for edges in PiecewiseLinearEncoder(n_bins).fit(X).edges_:
            assert 2 <= len(edges) <= max(n_bins, 1) + 1
            assert (np.diff(edges) > 0).all() or spread == 1


def test_features_fill_up_one_after_the_other():
    X = _numbers()
    encoder = PiecewiseLinearEncoder(8).fit(X)
    ends = np.cumsum([len(edges) - 1 for edges in encoder.edges_])[:-1]
    for part in np.split(encoder.transform(X), ends, axis=1):
        assert ((part >= 0) & (part <= 1)).all()
        assert (np.diff(part, axis=1) <= 0).all()
        assert (((part > 0) & (part < 1)).sum(axis=1) <= 1).all()


def test_numbers_beyond_the_edges_are_at_the_ends():
    encoder = PiecewiseLinearEncoder(4).fit(np.arange(9.0).reshape(-1, 1))
    assert_array_equal(encoder.edges_[0], [0, 2, 4, 6, 8])
    assert_array_equal(
        encoder.positions([[-5.0], [0], [3], [8], [1e300]]).ravel(), [0, 0, 1.5, 4, 4]
    )


def test_columns_of_few_values():
    X = np.column_stack([np.full(17, 3.0), np.arange(17) % 2])
    encoder = PiecewiseLinearEncoder(16).fit(X)
    assert [edges.tolist() for edges in encoder.edges_] == [[3, 3], [0, 1]]
    assert_array_equal(encoder.transform([[3, 0], [2, 1], [4, 0.25]]), [[0, 0], [0, 1], [1, 0.25]])
    assert encoder.get_feature_names_out().tolist() == ["x0_bin0", "x1_bin0"]


def test_a_threshold_is_a_linear_function():
    rng = np.random.default_rng(0)
    X = rng.standard_normal((2000, 1))
    y = (X.ravel() > np.quantile(X, 0.5)).astype(float)
    linear = MLPRegressor((), optimizer="lbfgs", random_state=0)
    model = make_pipeline(PiecewiseLinearEncoder(16), clone(linear)).fit(X, y)
    assert model.score(X, y) > 0.95
    assert linear.fit(X, y).score(X, y) < 0.7


# -- both --------------------------------------------------------------------------------------


@every_transformer
def test_missing_values(transformer):
    X = _numbers()
    X[:, 1] = np.nan
    transformer = clone(transformer).fit(X)
    out = transformer.transform(X)
    assert np.isfinite(out).all()
    medians = np.nan_to_num(np.nanmedian(X[:, [0, 2, 3]], axis=0))
    row = np.array([[medians[0], 0, *medians[1:]]])
    assert_array_equal(transformer.transform(np.full((1, 4), np.nan)), transformer.transform(row))


@every_transformer
def test_types(transformer):
    X = _numbers()
    fitted = clone(transformer).fit(X)
    single = fitted.transform(X.astype(np.float32))
    assert single.dtype == np.float32
    assert fitted.transform(X).dtype == np.float64
    assert fitted.transform(np.ones((2, 4), int)).dtype == np.float64
    assert_allclose(single, fitted.transform(X), rtol=1e-4, atol=1e-5)
    of_single = clone(transformer).fit(X.astype(np.float32)).transform(X.astype(np.float32))
    assert of_single.dtype == np.float32
    assert_allclose(of_single, single, rtol=1e-4, atol=1e-4)


def test_large_numbers_in_single_precision_are_not_mixed_up():
    X = np.float32(2**23) + np.arange(5, dtype=np.float32).reshape(-1, 1)
    small = np.arange(5, dtype=np.float32).reshape(-1, 1)
    for transformer in TRANSFORMERS:
        assert_allclose(transformer.fit_transform(X), transformer.fit_transform(small), rtol=1e-6)


@every_transformer
def test_names_and_set_output(transformer):
    X = pd.DataFrame(_numbers(), columns=["a", "b", "c", "d"])
    transformer = clone(transformer).set_output(transform="pandas").fit(X)
    out = transformer.transform(X)
    assert out.columns.tolist() == transformer.get_feature_names_out().tolist()
    assert {name[0] for name in out} == set(X)
    assert out.index.equals(X.index)
    assert_array_equal(out, clone(transformer).set_output(transform="default").fit(X).transform(X))
    if isinstance(transformer, PiecewiseLinearEncoder):
        assert out.columns[:3].tolist() == ["a_bin0", "a_bin1", "a_bin2"]
    with pytest.raises(ValueError, match="input_features is not equal to feature_names_in_"):
        transformer.get_feature_names_out(["e", "f", "g", "h"])


@every_transformer
@pytest.mark.parametrize(
    "column",
    [
        [-LARGEST, 0, LARGEST],
        [-LARGEST, -LARGEST, LARGEST, LARGEST],
        [0, 1, LARGEST],
        [1e-320, 2e-320, 0],
        [0, 0, 0, 5e-324],
        [1e300, -1e300, 0, 1e-300, np.nan],
    ],
    ids=str,
)
def test_the_largest_and_the_least_numbers(transformer, column):
    transformer = clone(transformer)
    X = np.reshape(column, (-1, 1))
    out = transformer.fit(X).transform(X)
    order = np.argsort(X[:, 0])[: np.isfinite(X).sum()]
    assert np.isfinite(out).all()
    assert (np.diff(out[order].sum(axis=1)) >= 0).all()
    assert np.isfinite(transformer.transform([[LARGEST], [-LARGEST], [0.0], [5e-324]])).all()


@every_transformer
def test_infinity_is_refused(transformer):
    X = _numbers()
    X[3, 2] = np.inf
    with pytest.raises(ValueError, match="infinity"):
        clone(transformer).fit(X)
    fitted = clone(transformer).fit(_numbers())
    with pytest.raises(ValueError, match="infinity"):
        fitted.transform(X)


@every_transformer
def test_pickles_and_inputs_left_alone(transformer):
    X = _numbers()
    before = X.copy()
    fitted = clone(transformer).fit(X)
    out = fitted.transform(X)
    assert_array_equal(X, before)
    assert_array_equal(pickle.loads(pickle.dumps(fitted)).transform(X), out)
    frozen = X.copy()
    frozen.flags.writeable = False
    assert_array_equal(clone(transformer).fit(frozen).transform(frozen), out)


@pytest.mark.parametrize(
    ("transformer", "error", "words"),
    [
        (SmoothScaler(clip=0), ValueError, r"SmoothScaler: clip must be a number in \(0, inf\)"),
        (SmoothScaler(clip="3"), TypeError, r"clip must be a number in \(0, inf\), got '3' of"),
        (PiecewiseLinearEncoder(n_bins=0), ValueError, r"n_bins must be an integer in \[1, inf\)"),
        (PiecewiseLinearEncoder(n_bins=2.0), TypeError, r"n_bins must be an integer in \[1, inf\)"),
    ],
)
def test_wrong_parameters(transformer, error, words):
    with pytest.raises(error, match=words):
        transformer.fit(_numbers())
