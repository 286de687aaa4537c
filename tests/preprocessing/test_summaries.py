"""What columns hold, summed up in one go or in parts."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from skdeep.preprocessing import summaries
from skdeep.preprocessing.summaries import Summary
from skdeep.preprocessing.tables import Column, read_table

rng = np.random.default_rng(0)


def column(*values):
    """Read a column as tables are read."""
    return read_table([[value] for value in values])[0]


def parts(whole, n):
    return [whole.take(rows) for rows in np.array_split(np.arange(len(whole.values)), n)]


@pytest.mark.parametrize("n", [1, 2, 7, 60])
def test_parts_tell_what_the_whole_does(n):
    words = column(*np.where(rng.random(60) < 0.2, None, rng.choice(list("abcdef"), 60)))
    numbers = column(*np.where(rng.random(60) < 0.2, np.nan, rng.standard_normal(60)))
    for whole, is_category in ((words, True), (numbers, False), (numbers, True)):
        summary = Summary()
        for part in parts(whole, n):
            summary.add(part, is_category)
        summary.end(is_category)
        expected = Summary.of(whole, is_category)
        assert vars(summary).keys() == vars(expected).keys()
        for name, value in vars(expected).items():
            assert_array_equal(getattr(summary, name), value)
        assert summary.has_gaps
        assert summary.varies is not is_category


def test_numbers_become_strings_among_strings():
    summary = Summary.of(column(2, 1, 2), True).add(column("b", 2, None), True)
    assert_array_equal(summary.levels, ["1.0", "2.0", "b"])
    assert_array_equal(summary.counts, [1, 3, 1])
    other = Summary.of(column("b", 2, None), True).add(column(2, 1, 2), True)
    assert_array_equal(summary.levels, other.levels)
    assert_array_equal(summary.counts, other.counts)


def test_nothing_known():
    summary = Summary.of(column(None, None), True).add(column(None), False)
    assert (summary.n_known, summary.n_missing) == (0, 3)
    assert not summary.has_gaps
    assert not summary.varies


def test_of_very_many_levels_the_frequent_ones_are_kept(monkeypatch):
    monkeypatch.setattr(summaries, "MOST_COUNTED", 100)
    summary, n_rows = Summary(), 0
    for number in range(50):
        values = [*["often"] * 20, *[f"only here {number} {i}" for i in range(30)]]
        n_rows += len(values)
        summary.add(column(*values), True)
        assert len(summary.levels) <= 100
    assert summary.counts[summary.levels.tolist().index("often")] == 1000
    assert summary.n_known == n_rows


def test_of_very_many_numbers_only_the_range_is_kept(monkeypatch):
    monkeypatch.setattr(summaries, "MOST_NUMBERS", 100)
    few, many = Summary(), Summary()
    for number in range(50):
        few.add(column(*np.arange(100)), False)
        many.add(column(*(30 * number + np.arange(30))), False)
        assert len(many.levels) <= 100
    assert_array_equal(few.levels, np.arange(100))
    assert_array_equal(few.counts, 50)
    assert len(many.levels) == len(many.counts) == 0
    assert (many.low, many.high, many.n_known) == (0, 1499, 1500)


def test_numbers_that_do_not_repeat_are_not_kept():
    for values, n in ((np.arange(33), 33), (np.arange(32), 0), (np.arange(400), 0)):
        summary = Summary.of(column(*np.resize(values, 33 * 8)), False)
        assert len(summary.levels) == n
        assert summary.repeats == (n > 0)


def test_parts_are_joined():
    numbers, words, nothing = column(1, 2), column("a", 1), column(None)
    assert_array_equal(Column.joined([numbers, nothing]).values, [1, 2, np.nan])
    whole = Column.joined([numbers, words, nothing])
    assert_array_equal(whole.values[:4], ["1.0", "2.0", "a", "1.0"])
    assert_array_equal(whole.missing, [False] * 4 + [True])
