"""Which rows each network learns from, and which are held out from it."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from skdeep.estimators.tabular.parts import folds


def rows_of(found):
    return [(fold.training.rows, fold.held_out.rows) for fold in found]


@pytest.mark.parametrize("fraction", [0.1, 0.2, 0.25, 0.5, 0.75])
@pytest.mark.parametrize("stratified", [False, True])
def test_every_network_has_rows_of_its_own_as_long_as_enough_are_left(fraction, stratified):
    y = np.arange(80) % 2
    n_folds = max(1, int(1 / fraction) - 1)
    found = rows_of(folds([], y, None, y if stratified else None, fraction, 0, n_folds))
    for training, held_out in found:
        assert_array_equal(np.sort(np.r_[training, held_out]), np.arange(80))
        assert len(held_out) == np.ceil(fraction * 80)
        if stratified:
            assert abs(y[held_out].mean() - 0.5) < 0.1
    every = np.concatenate([held_out for _, held_out in found])
    assert len(np.unique(every)) == len(every)


def test_more_networks_than_folds():
    found = rows_of(folds([], np.zeros(50), None, None, 0.2, 0, 12))
    assert {len(held_out) for _, held_out in found} == {10}
    assert len({tuple(held_out) for _, held_out in found}) == 12


def test_rows_of_weight_zero_are_in_no_part():
    weights = np.where(np.arange(60) % 3, 2.0, 0.0)
    for fold in folds([], np.arange(60.0), weights, None, 0.2, 0, 4):
        assert_array_equal(np.sort(np.r_[fold.training.rows, fold.held_out.rows] % 3 > 0), True)
        assert_array_equal(fold.training.weights, 2)
        assert_array_equal(fold.held_out.y, fold.held_out.rows)


def test_a_class_with_one_member_is_never_held_out():
    y = np.r_[np.arange(40) % 2, 2]
    for seed in range(5):
        for _, held_out in rows_of(folds([], y, None, y, 0.2, seed, 6)):
            assert 40 not in held_out


@pytest.mark.parametrize("n", range(2, 12))
def test_few_rows(n):
    y = np.arange(n) % 2
    for training, held_out in rows_of(folds([], y.astype(float), None, None, 0.2, 0, 4)):
        assert len(training)
        assert len(held_out)
    if n > 3:
        for training, held_out in rows_of(folds([], y, None, y, 0.2, 0, 4)):
            assert len(held_out)
            assert set(y[training]) == {0, 1}


def test_the_seed_decides():
    def drawn(seed):
        return rows_of(folds([], np.zeros(30), None, None, 0.2, seed, 2))[0][1]

    assert_array_equal(drawn(0), drawn(0))
    assert set(drawn(0)) != set(drawn(1))
