"""What columns may hold, and which of them are categories."""

import warnings

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_array_equal
from raw_tables import ESTIMATORS, outputs, small, table, task

from skdeep import TabularMLPClassifier, TabularMLPRegressor

every_estimator = pytest.mark.parametrize("cls", ESTIMATORS)

# -- categorical_features ----------------------------------------------------------------------


def test_all_ways_of_naming_categories_agree():
    X, y, _ = table()
    ways = [
        ["color", "rooms", "owned"],
        ("owned", "rooms", "color"),
        np.array(["color", "rooms", "owned"]),
        pd.Index(["color", "rooms", "owned"]),
        [1, 2, 3],
        [-1, -2, -3],
        np.array([1, 2, 3]),
        [False, True, True, True],
        np.array([False, True, True, True]),
    ]
    asked = [small(TabularMLPClassifier, categorical_features=way).fit(X, y) for way in ways]
    for model in asked[1:]:
        assert_array_equal(outputs(model, X), outputs(asked[0], X))
    by_type = small(TabularMLPClassifier).fit(X, y)  # where rooms are numbers
    assert (outputs(by_type, X) != outputs(asked[0], X)).any()
    as_strings = X.astype({"rooms": "str"})
    model = small(TabularMLPClassifier).fit(as_strings, y)
    assert_array_equal(outputs(model, as_strings), outputs(asked[0], X))


@pytest.mark.parametrize("categorical_features", [None, [], [False, False]])
def test_no_categories(categorical_features):
    X, y, _ = table()
    numbers = X[["size", "rooms"]]
    model = small(TabularMLPClassifier, categorical_features=categorical_features).fit(numbers, y)
    expected = small(TabularMLPClassifier).fit(numbers, y)
    assert_array_equal(outputs(model, numbers), outputs(expected, numbers))


@pytest.mark.parametrize(
    ("asked", "error", "words"),
    [
        (["colour"], ValueError, "names ['colour'], but the columns are ['size', 'color', 'rooms'"),
        ([1, 4], ValueError, "categorical_features holds [4], but there are 4 columns"),
        ([-5], ValueError, "categorical_features holds [-5], but there are 4 columns"),
        ([True, False], ValueError, "as a mask must have 4 entries, one for each column; got 2"),
        (["color", 3], TypeError, "names, numbers or booleans, one kind only; got ['color', 3]"),
        ([1.0], TypeError, "names, numbers or booleans, one kind only; got [1.0]"),
        ("color", TypeError, "or a list of names, of numbers or of booleans; got 'color'"),
        (1, TypeError, "or a list of names, of numbers or of booleans; got 1"),
        (None, ValueError, "column 'color' holds strings, but is not among categorical_features"),
        (["owned"], ValueError, "column 'color' holds strings, but is not among categorical_feat"),
    ],
)
def test_wrong_categories_are_refused(asked, error, words, refused):
    X, y, _ = table()
    model = small(TabularMLPClassifier, categorical_features=asked)
    refused(model, lambda: model.fit(X, y), error, words)


def test_names_that_two_columns_have():
    X = pd.DataFrame([["a", 1.0, "b"], ["b", 2.0, "a"]] * 10, columns=["c", "x", "c"])
    model = small(TabularMLPClassifier, categorical_features=["c"])
    try:
        model.fit(X, [0, 1] * 10)
    except ValueError:  # scikit-learn, since 1.9, which names the columns
        return
    assert_array_equal(model.predict(X), [0, 1] * 10)


# -- missing values ----------------------------------------------------------------------------


@every_estimator
def test_missing_values_anywhere(cls):
    X, y = task(cls)
    X = X.astype(object).mask(np.random.default_rng(0).random(X.shape) < 0.4)
    model = small(cls).fit(X, y)
    assert np.isfinite(outputs(model, X)).all()
    empty = X.iloc[:2].mask(np.ones((2, 4), bool))
    first, second = outputs(model, empty)
    assert_array_equal(first, second)


@every_estimator
def test_missing_values_only_at_prediction(cls):
    X, y = task(cls)
    full = X.dropna()
    model = small(cls).fit(full, np.asarray(y)[X.notna().all(axis=1)])
    assert np.isfinite(outputs(model, X)).all()
    # a missing number counts as the median, a missing category as an unknown one
    row = full.iloc[[0]].astype({"color": object})
    gap, median = row.assign(size=np.nan), row.assign(size=model._encoder._scaler.center_[0])
    assert_array_equal(outputs(model, gap), outputs(model, median))
    gap, unknown = row.assign(color=None), row.assign(color="mauve")
    assert_array_equal(outputs(model, gap), outputs(model, unknown))


def test_a_row_that_lacks_everything_may_have_columns_of_objects():
    X, y, _ = table()
    model = small(TabularMLPClassifier).fit(X, y)
    row = pd.DataFrame([{"size": None, "color": None, "rooms": None, "owned": None}])
    assert row.dtypes.tolist() == [object] * 4
    assert np.isfinite(outputs(model, row)).all()


def test_gaps_tell_something():
    rng = np.random.default_rng(0)
    gaps = rng.random(200) < 0.5
    X = pd.DataFrame({"a": np.where(gaps, np.nan, rng.standard_normal(200))})
    assert small(TabularMLPClassifier).fit(X, gaps).score(X, gaps) == 1
    X = pd.DataFrame({"a": np.where(gaps, np.nan, 3.0)})  # known values are constant
    assert small(TabularMLPClassifier).fit(X, gaps).score(X, gaps) == 1
    X = pd.DataFrame({"a": np.where(gaps, None, "b")})
    assert small(TabularMLPClassifier).fit(X, gaps).score(X, gaps) == 1


# -- categories --------------------------------------------------------------------------------


@every_estimator
def test_unseen_categories(cls):
    X, y = task(cls)
    model = small(cls).fit(X, y)
    unseen = X.assign(color=["mauve", "taupe"] * 45)
    assert np.isfinite(outputs(model, unseen)).all()
    assert_array_equal(outputs(model, unseen), outputs(model, X.assign(color="puce")))


def test_ten_thousand_categories():
    rng = np.random.default_rng(0)
    n = 20_000
    codes = rng.zipf(1.3, n) % 10_000
    X = pd.DataFrame({"a": [f"level {code}" for code in codes], "b": rng.standard_normal(n)})
    y = (codes == codes.min()) ^ (X["b"] > 2)
    params = {"n_networks": 1, "effort": 0.01, "hidden_layer_sizes": (8,)}
    model = small(TabularMLPClassifier, **params).fit(X, y)
    assert model.networks_[0].coefs_[0].shape == (102, 8)  # 100 levels, b, the mean of y
    assert model.score(X, y) > 0.9
    unique = pd.DataFrame({"a": [f"row {i}" for i in range(n)], "b": X["b"]})
    assert np.isfinite(outputs(small(TabularMLPClassifier, **params).fit(unique, y), unique)).all()


@every_estimator
def test_levels_too_many_for_inputs_are_learnt_by_their_mean_target(cls):
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 1000, 6_000)
    effects = rng.choice([-1.0, 1.0], 1000)
    X = pd.DataFrame({"code": [f"code {code}" for code in codes], "x": rng.standard_normal(6_000)})
    y = effects[codes] if cls is TabularMLPRegressor else np.where(effects[codes] > 0, "yes", "no")
    params = {"n_networks": 1, "effort": 0.1, "hidden_layer_sizes": (8,)}
    model = small(cls, **params).fit(X[:5_000], y[:5_000])
    assert model.score(X[5_000:], y[5_000:]) > 0.7
    own = small(cls, **params).fit(X[:4_000], y[:4_000], X_val=X[4_000:5_000], y_val=y[4_000:5_000])
    assert own.validation_score_ > 0.7


def test_long_texts_are_levels_like_others():
    texts = ["x" * 50_000 + "a", "x" * 50_000 + "b"]
    X = pd.DataFrame({"text": texts * 30})
    model = small(TabularMLPClassifier).fit(X, [0, 1] * 30)
    assert_array_equal(model.predict(X), [0, 1] * 30)
    assert len(str(vars(model._encoder._levels[0]))) < 1000


# -- numbers -----------------------------------------------------------------------------------


def test_constant_empty_and_duplicate_columns_do_no_harm():
    X, y, _ = table()
    nothing = pd.DataFrame(
        {"one": 1.0, "word": "a", "empty": np.nan, "none": None, "yes": True}, index=X.index
    )
    more = pd.concat([X, nothing], axis=1)
    expected = outputs(small(TabularMLPClassifier).fit(X, y), X)
    model = small(TabularMLPClassifier).fit(more, y)
    assert_array_equal(outputs(model, more), expected)
    later = more.assign(one=2.0, word="b", empty=5.0, none="c", yes=False)
    assert_array_equal(outputs(model, later), expected)
    twice = pd.concat([X, X.add_prefix("other ")], axis=1)
    assert small(TabularMLPClassifier).fit(twice, y).score(twice, y) > 0.7


def test_a_table_of_nothing_predicts_the_most_frequent():
    X = pd.DataFrame({"one": 1.0, "empty": np.nan}, index=range(40))
    y = np.arange(40) % 4 == 0
    model = small(TabularMLPClassifier, effort=0.5).fit(X, y)
    assert not model.predict(X).any()
    assert_array_equal(model.predict_proba(X)[:, 1].round(1), model.predict_proba(X)[0, 1].round(1))
    values = small(TabularMLPRegressor).fit(X, y * 10.0).predict(X)
    assert np.ptp(values) < 1e-6
    assert 0 <= values[0] <= 10


@every_estimator
def test_heavy_tails(cls):
    rng = np.random.default_rng(0)
    a = rng.standard_cauchy(200) ** 5
    a[:4] = 1e300, -1e300, 1.7e308, -1.7e308
    X = pd.DataFrame({"a": a, "tiny": rng.standard_normal(200) * 1e-300, "zero": a * 0})
    y = (a > 0) if cls is TabularMLPClassifier else np.sign(a)
    model = small(cls, effort=0.3).fit(X, y)
    assert model.score(X, y) > 0.8
    assert np.isfinite(outputs(model, X * 0 + 1.7e308)).all()


def test_digits_of_large_numbers_are_not_lost():
    seconds = 1.7e9 + np.arange(200.0)  # single precision could not tell them apart
    X, y = pd.DataFrame({"seconds": seconds}), np.arange(200) >= 100
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert small(TabularMLPClassifier).fit(X, y).score(X, y) > 0.95


@pytest.mark.parametrize("value", [np.inf, -np.inf])
@every_estimator
def test_infinity_is_refused_by_the_name_of_its_column(cls, value, refused):
    X, y = task(cls)
    bad = X.assign(size=np.where(X.index == 3, value, X["size"]))
    model = small(cls)
    refused(model, lambda: model.fit(bad, y), ValueError, "contains infinity in column 'size'")
    model.fit(X, y)
    refused(model, lambda: model.predict(bad), ValueError, "contains infinity in column 'size'")
    numbers = X[["rooms", "size"]].to_numpy()
    numbers[5, 1] = value
    model = small(cls)
    refused(model, lambda: model.fit(numbers, y), ValueError, "contains infinity in column 1")


def test_strings_where_numbers_were_learnt_are_refused(refused):
    X, y, _ = table()
    model = small(TabularMLPClassifier).fit(X, y)
    bad = X.assign(rooms="three")
    refused(model, lambda: model.predict(bad), ValueError, "column 'rooms' holds strings, but num")


def test_numbers_where_strings_were_learnt_are_unknown_levels():
    X, y, _ = table()
    model = small(TabularMLPClassifier).fit(X, y)
    assert_array_equal(outputs(model, X.assign(color=3.5)), outputs(model, X.assign(color="mauve")))
