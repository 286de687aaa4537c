"""The pictures of the range test and of the search."""

import pickle
import sys

import numpy as np
import pytest
from sklearn.datasets import load_diabetes
from sklearn.exceptions import FitFailedWarning
from sklearn.linear_model import Ridge

from skdeep import MLPRegressor
from skdeep.model_selection import CoarseToFineSearchCV, LearningRateRangeTest

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")
plt = pytest.importorskip("matplotlib.pyplot")

X, y = load_diabetes(return_X_y=True)
DATA = 20 * X, y


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def range_test():
    model = MLPRegressor((5,), optimizer="sgd", random_state=0)
    return LearningRateRangeTest(model, rates=[1e-3, 1e-2, 0.1, 1e30], random_state=0).fit(*DATA)


def search():
    metrics = ["r2", "neg_mean_squared_error"]
    return CoarseToFineSearchCV(Ridge(), "alpha", scoring=metrics, refit="r2").fit(*DATA)


def lines(ax):
    return {line.get_label(): line for line in ax.get_lines()}


def test_picture_of_the_range_test():
    test = range_test()
    assert test.plot() is test
    assert test.figure_ is test.ax_.figure
    assert (test.ax_.get_xscale(), test.ax_.get_xlabel()) == ("log", "learning rate")
    assert test.ax_.get_ylabel() == "training loss"
    assert test.score_ax_.get_ylabel() == "validation score"
    drawn = lines(test.ax_)
    np.testing.assert_array_equal(drawn["loss"].get_ydata(), test.losses_)
    np.testing.assert_array_equal(drawn["failed"].get_xdata(), [1e30])
    suggested = drawn[f"suggested rate {test.suggested_rate_:.2g}"]
    assert set(suggested.get_xdata()) == {test.suggested_rate_}
    np.testing.assert_array_equal(lines(test.score_ax_)["score"].get_ydata(), test.scores_)
    words = [text.get_text() for text in test.ax_.get_legend().get_texts()]
    assert sorted(words) == sorted([*drawn, "score"])


def test_the_picture_says_that_a_suggestion_is_doubtful():
    test = range_test()
    assert "suggested rate 0.1" in lines(test.plot().ax_)
    test.doubts_ = ["It is the highest."]
    assert "suggested rate 0.1, doubtful" in lines(test.plot().ax_)


def test_huge_losses_do_not_hide_the_others():
    test = range_test()
    test.losses_ = np.array([3.0, 2.0, 1.0, 1e12])
    bottom, top = test.plot().ax_.get_ylim()
    assert 0 < bottom < 1
    assert 3 < top < 5
    test.losses_ = np.array([1.0, 2.0, 3.0, 1e12])
    bottom, top = test.plot().ax_.get_ylim()
    assert bottom < 1
    assert 2 < top < 5


def test_picture_of_the_search():
    found = search()
    assert found.plot() is found
    assert found.figure_ is found.ax_.figure
    assert (found.ax_.get_xscale(), found.ax_.get_xlabel()) == ("log", "alpha")
    assert found.ax_.get_ylabel() == "mean test r2"
    words = [text.get_text() for text in found.ax_.get_legend().get_texts()]
    assert words == [f"best {found.best_params_['alpha']:.2g}", "coarse", "round 1"]
    curve = found.ax_.get_lines()[0]
    assert list(curve.get_xdata()) == sorted(found.cv_results_["param_alpha"])
    assert max(curve.get_ydata()) == found.best_score_
    label = found.plot(metric="neg_mean_squared_error").ax_.get_ylabel()
    assert label == "mean test neg_mean_squared_error"


def test_failed_values_of_the_search_are_marked():
    model = MLPRegressor((3,), optimizer="sgd", max_iter=2, n_iter_no_change=np.inf, random_state=0)
    found = CoarseToFineSearchCV(model, values=[1e-6, 1e-5, 1e30], n_rounds=0, cv=2)
    with pytest.warns(FitFailedWarning, match="1 of 3 values"):
        found.fit(*DATA)
    assert list(lines(found.plot().ax_)["failed"].get_xdata()) == [1e30]


def test_an_unknown_metric():
    with pytest.raises(ValueError, match="metric must be one of neg_mean_squared_error, r2"):
        search().plot(metric="accuracy")


@pytest.mark.parametrize("make", [range_test, search])
def test_axes_of_ones_own(make):
    _, (left, right) = plt.subplots(ncols=2)
    plotted = make().plot(ax=right)
    assert plotted.ax_ is right
    assert not left.get_lines()


@pytest.mark.parametrize("make", [range_test, search])
def test_axes_that_are_in_no_grid(make):
    figure = plt.figure()
    ax = figure.add_axes([0.1, 0.2, 0.5, 0.5])
    assert make().plot(ax=ax).figure_ is figure
    figure.canvas.draw()
    assert plt.get_fignums() == [figure.number]
    assert {tuple(np.round(ax.get_position().bounds, 9)) for ax in figure.axes} == {
        (0.1, 0.2, 0.5, 0.5)
    }


@pytest.mark.parametrize("make", [range_test, search])
def test_pictures_are_not_pickled(make):
    plotted = make()
    size = len(pickle.dumps(plotted))
    plotted.plot()
    assert len(pickle.dumps(plotted)) == size


@pytest.mark.parametrize("make", [range_test, search])
def test_without_matplotlib(make, monkeypatch):
    plotted = make()
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    with pytest.raises(ImportError, match=r'install it with: pip install "skdeep\[plot\]"'):
        plotted.plot()
