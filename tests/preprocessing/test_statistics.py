"""Mean targets by level, for columns with very many levels."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.preprocessing import TargetEncoder

from skdeep.preprocessing.level_means import LevelMeans
from skdeep.preprocessing.statistics import StatisticsInParts, TargetStatistics
from skdeep.preprocessing.summaries import Summary
from skdeep.preprocessing.tables import Column

N = 3_000


def column(codes, missing=None, is_category=True):
    missing = np.zeros(len(codes), bool) if missing is None else missing
    return Column(np.asarray(codes).astype(str), missing, is_category)


def number(values):
    values = np.asarray(values, dtype=np.float64)
    return Column(values, np.isnan(values), False)


def many(seed=0, n_levels=300):
    """A column of many levels, and targets that depend on the level."""
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, n_levels, N)
    effects = rng.standard_normal(n_levels)
    return codes, effects, (effects[codes] + 0.1 * rng.standard_normal(N)).reshape(-1, 1)


def learnt(columns, targets, rows=None, is_category=None, seed=0):
    """Return statistics that have learnt from some rows, and the columns with them."""
    is_category = [one.is_category for one in columns] if is_category is None else is_category
    rows = np.arange(N) if rows is None else rows
    pairs = zip(columns, is_category, strict=True)
    summaries = [Summary.of(one.take(rows), kind) for one, kind in pairs]
    statistics = TargetStatistics(is_category, seed)
    return statistics, statistics.fit_transform(columns, rows, summaries, targets)


def test_means_by_level_stand_behind_the_table():
    codes, effects, targets = many()
    statistics, columns = learnt([column(codes)], targets)
    assert len(columns) == 2
    assert not columns[1].is_category
    assert statistics.n_columns == 1
    assert np.corrcoef(columns[1].values, effects[codes])[0, 1] > 0.98
    new = statistics.transform([column([5, 17, 99_999])])[1].values
    assert_allclose(new[:2], effects[[5, 17]], atol=0.3)
    assert new[2] == pytest.approx(targets.mean(), abs=1e-9)  # a level that training did not see


@pytest.mark.parametrize(("kind", "change"), [(column, 1e6), (number, 9)])
def test_a_row_does_not_know_its_own_target(kind, change):
    codes, _, targets = many()
    before = learnt([kind(codes)], targets)[1][1].values
    changed = targets.copy()
    changed[7] += change
    after = learnt([kind(codes)], changed)[1][1].values
    assert after[7] == before[7]
    others = np.flatnonzero(codes == codes[7])
    assert (after[others] > before[others]).any()


def test_few_levels_have_inputs_of_their_own():
    rng = np.random.default_rng(0)
    rare = np.where(rng.random(N) < 0.03, rng.integers(100, 400, N), rng.integers(0, 90, N))
    for codes in (rng.integers(0, 100, N), rare):
        columns = [column(codes)]
        statistics, found = learnt(columns, np.ones((N, 1)))
        assert found is columns
        assert statistics.n_columns == 0
        assert statistics.transform(columns) is columns


def test_only_some_rows_and_several_outputs():
    codes, _, targets = many()
    other = Column(np.linspace(0, 1, N), np.zeros(N, bool), False)
    targets = np.column_stack([targets, -targets])
    rows = np.arange(0, N, 2)
    _, columns = learnt([other, column(codes)], targets, rows)
    assert len(columns) == 4
    assert_array_equal(np.isnan(columns[2].values), np.arange(N) % 2 == 1)
    assert_allclose(columns[2].values[rows], -columns[3].values[rows])
    poisoned = targets.copy()
    poisoned[1::2] = 1e9
    _, again = learnt([other, column(codes)], poisoned, rows)
    assert_array_equal(again[2].values, columns[2].values)


def test_missing_values_are_a_level():
    codes, _, targets = many()
    missing = np.arange(N) % 10 == 0
    targets[missing] += 50
    statistics, _ = learnt([column(codes, missing)], targets)
    seen, gone = statistics.transform([column([1, 1], np.array([False, True]))])[1].values
    assert gone - seen > 40


# -- in parts ------------------------------------------------------------------------------------


def in_parts(columns, targets, size, seed=0):
    """Learn from a table cut into parts; return the statistics, and what transforms its rows."""
    is_category = [one.is_category for one in columns]
    statistics = TargetStatistics(is_category, seed)
    summaries = [Summary.of(*pair) for pair in zip(columns, is_category, strict=True)]
    parts = StatisticsInParts(statistics, summaries, targets.shape[1])
    for rows in np.split(np.arange(N), range(size, N, size)):
        parts.add([one.take(rows) for one in columns], rows, targets[rows])
    parts.end()
    return statistics, parts


def test_the_means_of_all_rows_are_those_of_a_whole_table():
    codes, _, targets = many()
    columns = [column(codes), column(codes // 2), number(codes), number(np.arange(N) // 20)]
    targets = np.column_stack([targets, targets**2])
    whole, _ = learnt(columns, targets)
    for size in (1, 700, N):
        statistics, _ = in_parts(columns, targets, size)
        assert statistics.n_columns == whole.n_columns == 6
        pairs = list(zip(whole.transform(columns), statistics.transform(columns), strict=True))
        for one, other in pairs[len(columns) :]:
            assert_allclose(one.values, other.values, rtol=1e-9)


@pytest.mark.parametrize(("kind", "change"), [(column, 1e6), (number, 9)])
def test_a_row_in_a_part_does_not_know_its_own_target(kind, change):
    codes, effects, targets = many()
    changed = targets.copy()
    changed[7] += change
    before, after = (
        in_parts([kind(codes)], of_rows, 500)[1].transform([kind(codes)], np.arange(N))
        for of_rows in (targets, changed)
    )
    assert after[1].values[7] == before[1].values[7]
    others = np.flatnonzero(codes == codes[7])
    assert (after[1].values[others] > before[1].values[others]).any()
    assert np.corrcoef(before[1].values, effects[codes])[0, 1] > 0.95


def test_folds_are_of_equal_size_and_go_by_the_seed():
    codes, _, targets = many()
    for seed in (0, 2**31 - 2):
        _, parts = in_parts([column(codes)], targets, N, seed)
        folds = parts._fold_of(np.arange(10_000))
        assert_allclose(np.bincount(folds.astype(int)), 2000, atol=150)
    one, other = (in_parts([column(codes)], targets, N, seed)[1] for seed in (0, 1))
    assert (one._fold_of(np.arange(50)) != other._fold_of(np.arange(50))).any()


def test_the_means_are_those_of_scikit_learn():
    codes, _, targets = many()
    table = LevelMeans.of(301, codes, targets).table()
    encoder = TargetEncoder(target_type="continuous").fit(codes[:, None], targets[:, 0])
    assert_array_equal(table[:, 0], encoder.transform(np.append(np.arange(301), -1)[:, None])[:, 0])
