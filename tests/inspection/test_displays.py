"""What all displays share: axes, figures, artists, pipelines, a missing matplotlib."""

import pickle

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skdeep import MLPClassifier
from skdeep.inspection import (
    ActivationDisplay,
    ActivationStatisticsDisplay,
    LearningRateDisplay,
    LossCurveSliceDisplay,
    LossSurfaceDisplay,
    OptimizerPathDisplay,
    TrainingHistoryDisplay,
    WeightImageDisplay,
    record_path,
)

FROM_ESTIMATOR = {
    "history": lambda model, X, y: TrainingHistoryDisplay.from_estimator(model),
    "slice": lambda model, X, y: LossCurveSliceDisplay.from_estimator(model, X, y, n_points=5),
    "surface": lambda model, X, y: LossSurfaceDisplay.from_estimator(
        model, X, y, n_points=3, random_state=0
    ),
    "statistics": lambda model, X, y: ActivationStatisticsDisplay.from_estimator(model, X),
    "weights": lambda model, X, y: WeightImageDisplay.from_estimator(model),
}
WITHOUT = {
    "activations": lambda: ActivationDisplay.from_names(["relu", "tanh", "maxout"]),
    "inits": lambda: ActivationStatisticsDisplay.from_inits(
        ["zeros", "he_normal"], activation="relu", hidden_layer_sizes=(8, 8), random_state=0
    ),
    "rates": lambda: LearningRateDisplay.from_schedules(epochs=3, steps_per_epoch=2),
    "paths": lambda: OptimizerPathDisplay.from_surface("plateau", n_steps=3),
}
ALL = [*FROM_ESTIMATOR, *WITHOUT]


@pytest.fixture
def display(request, model, iris):
    name = request.param
    return FROM_ESTIMATOR[name](model, *iris) if name in FROM_ESTIMATOR else WITHOUT[name]()


def _axes(display):
    return list(np.ravel(getattr(display, "axes_", getattr(display, "ax_", None))))


@pytest.mark.parametrize("display", ALL, indirect=True)
def test_plot_makes_a_figure_and_keeps_it(display, plt):
    assert display.plot() is display
    assert all(ax.figure is display.figure_ for ax in _axes(display))
    assert plt.get_fignums() == [display.figure_.number]
    display.figure_.canvas.draw()


@pytest.mark.parametrize("display", ALL, indirect=True)
def test_one_given_axes_is_where_everything_goes(display, plt):
    figure, (left, right) = plt.subplots(1, 2)
    display.plot(ax=right)
    assert display.figure_ is figure
    assert plt.get_fignums() == [figure.number]
    box = right.get_position()
    for ax in _axes(display):
        place = ax.get_position()
        assert box.x0 - 1e-9 <= place.x0
        assert place.x1 <= box.x1 + 1e-9
    assert not left.has_data()


@pytest.mark.parametrize(
    ("display", "n"), [("history", 4), ("statistics", 2)], indirect=["display"]
)
def test_a_list_of_axes_is_used_in_order(display, n, plt):
    _, axes = plt.subplots(n)
    assert _axes(display.plot(ax=list(axes))) == list(axes)


@pytest.mark.parametrize("display", ["history"], indirect=True)
def test_too_few_axes(display, plt):
    with pytest.raises(ValueError, match=r"4 x 1 panels: .* or 4 of them; got 3"):
        display.plot(ax=plt.subplots(3)[1])


@pytest.mark.parametrize("display", ALL, indirect=True)
def test_without_matplotlib(display, no_matplotlib):
    name = type(display).__name__
    with pytest.raises(ImportError, match=rf'{name}.plot needs .*pip install "skdeep\[plot\]"'):
        display.plot()


@pytest.mark.parametrize("name", FROM_ESTIMATOR)
def test_the_estimator_stays_as_it_is(name, model, iris):
    model = pickle.loads(pickle.dumps(model))
    before = pickle.dumps(model)
    FROM_ESTIMATOR[name](model, *iris)
    assert pickle.dumps(model) == before


@pytest.mark.parametrize("name", FROM_ESTIMATOR)
def test_a_pipeline_transforms_x(name, iris, plt):
    X, y = iris
    pipeline = make_pipeline(StandardScaler(), MLPClassifier((4,), max_iter=2, n_iter_no_change=2))
    raw = 5 + 3 * X
    pipeline.fit(raw, y)
    inner = FROM_ESTIMATOR[name](pipeline[-1], pipeline[0].transform(raw), y)
    outer = FROM_ESTIMATOR[name](pipeline, raw, y)
    for attribute in ("losses", "images", "history"):
        if hasattr(inner, attribute):
            assert_array_equal(getattr(outer, attribute), getattr(inner, attribute))
    if name == "statistics":
        outputs = outer.outputs["MLPClassifier"][0], inner.outputs["MLPClassifier"][0]
        assert_array_equal(*outputs)


@pytest.mark.parametrize("name", FROM_ESTIMATOR)
def test_not_fitted(name, model, iris):
    with pytest.raises(NotFittedError):
        FROM_ESTIMATOR[name](clone(model), *iris)


@pytest.mark.parametrize("name", FROM_ESTIMATOR)
def test_not_ours(name, iris):
    other = LogisticRegression().fit(*iris)
    with pytest.raises(TypeError, match=r"one of skdeep's estimators.*LogisticRegression"):
        FROM_ESTIMATOR[name](other, *iris)


def test_record_path_equals_fit(iris):
    model = MLPClassifier((4,), random_state=0, max_iter=6, n_iter_no_change=10)
    pipeline = make_pipeline(StandardScaler(), model)
    path = record_path(pipeline, *iris, epochs=6)
    model.fit(StandardScaler().fit_transform(iris[0]), iris[1])
    assert path.parameters.shape == (6, model._network.parameters.size)
    assert_array_equal(path.parameters[-1], model._network.parameters)
    assert_array_equal(
        path.estimator.predict(iris[0]),
        path.estimator[-1].predict(path.estimator[0].transform(iris[0])),
    )
    assert len(np.unique(path.parameters, axis=0)) == 6
    with pytest.raises(ValueError, match="epochs must be at least 1, got 0"):
        record_path(pipeline, *iris, epochs=0)


def test_record_path_of_labels(iris):
    labels = np.column_stack([iris[1] == 0, iris[1] == 1, iris[0][:, 0] > 0]).astype(int)
    assert len(record_path(MLPClassifier((3,)), iris[0], labels, epochs=2).parameters) == 2
