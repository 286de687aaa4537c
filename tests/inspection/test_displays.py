"""What all displays share: they draw, on axes of all kinds, for what holds a network."""

import pickle

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import clone
from sklearn.compose import TransformedTargetRegressor
from sklearn.datasets import load_diabetes
from sklearn.ensemble import BaggingClassifier
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skdeep import MLPClassifier, MLPRegressor, inspection
from skdeep.inspection import (
    ActivationDisplay,
    ActivationStatisticsDisplay,
    LearningRateDisplay,
    LossCurveSliceDisplay,
    LossSurfaceDisplay,
    OptimizerPathDisplay,
    TrainingHistoryDisplay,
    WeightImageDisplay,
    diagnose,
    record_path,
)
from skdeep.model_selection import CoarseToFineSearchCV

FROM_ESTIMATOR = {
    "history": lambda model, X, y, **how: TrainingHistoryDisplay.from_estimator(model, **how),
    "slice": lambda model, X, y, **how: LossCurveSliceDisplay.from_estimator(
        model, X, y, n_points=5, **how
    ),
    "surface": lambda model, X, y, **how: LossSurfaceDisplay.from_estimator(
        model, X, y, n_points=3, random_state=0, **how
    ),
    "statistics": lambda model, X, y, **how: ActivationStatisticsDisplay.from_estimator(
        model, X, **how
    ),
    "weights": lambda model, X, y, **how: WeightImageDisplay.from_estimator(
        model, image_shape=(1, X.shape[1]), **how
    ),
}
WITHOUT = {
    "activations": lambda **how: ActivationDisplay.from_names(["relu", "tanh", "maxout"], **how),
    "inits": lambda **how: ActivationStatisticsDisplay.from_inits(
        ["zeros", "he_normal"], activation="relu", hidden_layer_sizes=(8, 8), random_state=0, **how
    ),
    "rates": lambda **how: LearningRateDisplay.from_schedules(
        ["step", "cosine", "warmup", "constant"], epochs=3, steps_per_epoch=2, **how
    ),
    "paths": lambda **how: OptimizerPathDisplay.from_surface("plateau", n_steps=3, **how),
}
ALL = [*FROM_ESTIMATOR, *WITHOUT]
FEW_EPOCHS = {"max_iter": 2, "n_iter_no_change": np.inf, "random_state": 0}


@pytest.fixture(params=ALL)
def make(request, model, iris):
    """What makes a display, given ``ax`` or ``draw``."""
    if request.param in WITHOUT:
        return WITHOUT[request.param]
    return lambda **how: FROM_ESTIMATOR[request.param](model, *iris, **how)


def axes_of(display):
    return list(np.ravel(display.ax_))


def test_no_display_is_forgotten(model, iris):
    made = {type(FROM_ESTIMATOR[name](model, *iris, draw=False)) for name in FROM_ESTIMATOR}
    made |= {type(WITHOUT[name](draw=False)) for name in WITHOUT}
    assert {cls.__name__ for cls in made} == {n for n in inspection.__all__ if "Display" in n}


def test_a_display_is_drawn_when_it_is_made(make, plt):
    display = make()
    assert plt.get_fignums() == [display.figure_.number]
    assert all(ax.figure is display.figure_ for ax in axes_of(display))
    assert any(ax.has_data() for ax in axes_of(display))
    assert len(axes_of(display)) == 1 or display.axes_ is display.ax_
    display.figure_.canvas.draw()


def test_all_activations_are_drawn(plt):
    display = ActivationDisplay.from_registry()
    assert [ax.get_title() for ax in display.ax_] == list(display.values)
    assert not hasattr(ActivationDisplay.from_registry(draw=False), "ax_")


def test_plot_draws_again(make, plt):
    display = make()
    first, axes = display.figure_, axes_of(display)
    assert display.plot() is display
    assert display.figure_ is not first
    assert len(axes_of(display)) == len(axes)
    assert all(ax.figure is display.figure_ for ax in axes_of(display))
    _, ax = plt.subplots()
    assert display.plot(ax).figure_ is ax.figure


def test_without_drawing(make, plt):
    display = make(draw=False)
    assert plt.get_fignums() == []
    assert not hasattr(display, "ax_")
    display.plot()
    assert plt.get_fignums() == [display.figure_.number]
    with pytest.raises(ValueError, match="ax has no effect with draw=False"):
        make(draw=False, ax=display.ax_)


def assert_inside(display, box):
    """The axes of all panels, what is beside them excepted, lie in a box, and not on each other."""
    places = [ax.get_position() for ax in axes_of(display)]
    for place in places:
        assert box.x0 - 1e-9 <= place.x0 < place.x1 <= box.x1 + 1e-9
        assert box.y0 - 1e-9 <= place.y0 < place.y1 <= box.y1 + 1e-9
    for i, one in enumerate(places):
        assert not any(one.overlaps(other) for other in places[:i])


def test_one_given_axes_is_where_everything_goes(make, plt):
    figure, (left, right) = plt.subplots(1, 2)
    display = make(ax=right)
    assert display.figure_ is figure
    assert plt.get_fignums() == [figure.number]
    assert_inside(display, right.get_position())
    assert not left.has_data()


@pytest.mark.parametrize("layout", [None, "constrained"])
def test_axes_that_are_in_no_grid(make, plt, layout):
    figure = plt.figure(layout=layout)
    figure.add_subplot(2, 2, 1)  # matplotlib warns of a layout that has nothing to lay out
    place = figure.add_axes([0.1, 0.2, 0.6, 0.7])
    box = place.get_position()
    display = make(ax=place)
    figure.canvas.draw()
    assert display.figure_ is figure
    assert plt.get_fignums() == [figure.number]
    assert_inside(display, box)


def test_axes_within_axes(make, plt):
    figure, outer = plt.subplots()
    place = outer.inset_axes([0.5, 0.5, 0.4, 0.4])
    display = make(ax=place)
    figure.canvas.draw()
    outer = outer.get_position()
    box = type(outer).from_bounds(
        outer.x0 + 0.5 * outer.width,
        outer.y0 + 0.5 * outer.height,
        0.4 * outer.width,
        0.4 * outer.height,
    )
    assert_inside(display, box)


def test_panels_in_no_grid_share_their_scales(plt):
    display = WITHOUT["rates"](ax=plt.figure().add_axes([0.1, 0.1, 0.8, 0.8]))
    first, *others = display.axes_
    assert all(ax.get_xlim() == first.get_xlim() for ax in others)
    assert all(ax.get_ylim() == first.get_ylim() for ax in others)
    assert not display.axes_[1].yaxis.get_tick_params()["labelleft"]
    assert first.yaxis.get_tick_params()["labelleft"]


@pytest.mark.parametrize(("name", "n"), [("history", 4), ("statistics", 2)])
def test_a_list_of_axes_is_used_in_order(name, n, model, iris, plt):
    _, axes = plt.subplots(n)
    assert axes_of(FROM_ESTIMATOR[name](model, *iris, ax=list(axes))) == list(axes)


def test_too_few_axes(model, plt):
    with pytest.raises(ValueError, match=r"4 x 1 panels: .* or 4 of them; got 3"):
        TrainingHistoryDisplay.from_estimator(model, ax=plt.subplots(3)[1])


def test_options_of_the_drawing(model, iris, plt):
    weights = WeightImageDisplay.from_estimator(model, image_shape=(2, 2), cmap="PiYG")
    assert {image.get_cmap().name for image in weights.images_} == {"PiYG"}
    outputs = ActivationStatisticsDisplay.from_estimator(model, iris[0], bins=7)
    assert {len(bars) for bars in outputs.bars_["MLPClassifier"]} == {7}
    spread = ActivationStatisticsDisplay.from_inits(["normal"], hidden_layer_sizes=(4,), bins=9)
    assert len(spread.bars_["normal"][0]) == 9
    surface = LossSurfaceDisplay.from_estimator(model, *iris, n_points=3, kind="surface")
    assert surface.ax_.name == "3d"
    with pytest.raises(ValueError, match="kind must be one of"):
        LossSurfaceDisplay.from_estimator(model, *iris, kind="line")


def test_without_matplotlib(make, request, monkeypatch):
    display = make(draw=False)
    request.getfixturevalue("no_matplotlib")
    name = type(display).__name__
    for draw in (make, display.plot):
        with pytest.raises(ImportError, match=rf'{name} needs .*pip install "skdeep\[plot\]"'):
            draw()
    assert vars(make(draw=False)).keys() == vars(display).keys()
    with pytest.raises(ImportError, match="needs matplotlib"):
        TrainingHistoryDisplay.from_estimator(None)  # said before anything is computed


@pytest.mark.parametrize("name", FROM_ESTIMATOR)
def test_the_estimator_stays_as_it_is(name, model, iris):
    model = pickle.loads(pickle.dumps(model))
    before = pickle.dumps(model)
    FROM_ESTIMATOR[name](model, *iris, draw=False)
    assert pickle.dumps(model) == before


# -- what holds a network ----------------------------------------------------------------------


def shown(name, model, X, y):
    """Return the numbers that a display shows."""
    display = FROM_ESTIMATOR[name](model, X, y, draw=False)
    if name == "history":
        return display.history["loss"]
    if name == "statistics":
        return np.concatenate(next(iter(display.outputs.values())), axis=1)
    return display.images if name == "weights" else display.losses


@pytest.mark.parametrize("name", FROM_ESTIMATOR)
def test_a_pipeline_transforms_x(name, iris):
    X, y = iris
    pipeline = make_pipeline(StandardScaler(), MLPClassifier((4,), **FEW_EPOCHS))
    raw = 5 + 3 * X
    pipeline.fit(raw, y)
    inner = shown(name, pipeline[-1], pipeline[0].transform(raw), y)
    assert_array_equal(shown(name, pipeline, raw, y), inner)


@pytest.mark.parametrize("name", FROM_ESTIMATOR)
def test_a_search_shows_its_best_estimator(name, iris):
    X, y = 5 + 3 * iris[0], iris[1]
    model = make_pipeline(StandardScaler(), MLPClassifier((4,), **FEW_EPOCHS))
    for search in (
        GridSearchCV(model, {"mlpclassifier__alpha": [0.1, 1]}, cv=2),
        CoarseToFineSearchCV(model, values=[0.001, 0.01], n_rounds=0, cv=2),
        make_pipeline(StandardScaler(), GridSearchCV(model[-1], {"alpha": [0.1, 1]}, cv=2)),
    ):
        search.fit(X, y)
        if isinstance(search, GridSearchCV | CoarseToFineSearchCV):
            expected = shown(name, search.best_estimator_, X, y)
        else:
            best = search[-1].best_estimator_
            expected = shown(name, best, search[0].transform(X), y)
        assert_array_equal(shown(name, search, X, y), expected)


@pytest.mark.parametrize("name", FROM_ESTIMATOR)
def test_targets_are_transformed_as_for_the_network(name):
    X, y = load_diabetes(return_X_y=True)
    network = MLPRegressor((4,), target_scaling=None, **FEW_EPOCHS)
    search = GridSearchCV(network, {"alpha": [0.1]}, cv=2)
    for regressor in (network, make_pipeline(StandardScaler(), network), search):
        model = TransformedTargetRegressor(regressor, func=np.log, inverse_func=np.exp).fit(X, y)
        expected = shown(name, model.regressor_, X, np.log(y))
        assert_array_equal(shown(name, model, X, y), expected)


def test_a_slice_of_transformed_targets_is_the_objective():
    X, y = load_diabetes(return_X_y=True)
    network = MLPRegressor((), target_scaling=None, alpha=0.01, optimizer="lbfgs", max_iter=500)
    model = TransformedTargetRegressor(network, transformer=StandardScaler()).fit(X, y)
    display = LossCurveSliceDisplay.from_estimator(model, X, y, n_points=3, draw=False)
    scaled = (y - y.mean()) / y.std()
    residuals = model.regressor_.predict(X) - scaled
    penalty = 0.005 * (model.regressor_.coefs_[0] ** 2).sum()
    assert_allclose(display.present_loss, (residuals**2).mean() / 2 + penalty)
    outer, inner = diagnose(model, X, y), diagnose(model.regressor_, X, scaled)
    assert str(outer) == str(inner)


@pytest.mark.parametrize("name", FROM_ESTIMATOR)
@pytest.mark.parametrize(
    "wrap",
    [
        clone,
        lambda model: GridSearchCV(clone(model), {"alpha": [1]}),
        lambda model: TransformedTargetRegressor(clone(model)),
        lambda model: make_pipeline(StandardScaler(), clone(model)),
    ],
)
def test_not_fitted(name, wrap, model, iris):
    with pytest.raises(NotFittedError):
        FROM_ESTIMATOR[name](wrap(model), *iris)


@pytest.mark.parametrize("name", FROM_ESTIMATOR)
def test_a_search_that_keeps_no_estimator(name, model, iris):
    search = GridSearchCV(clone(model), {"alpha": [1]}, cv=2, refit=False).fit(*iris)
    with pytest.raises(NotFittedError, match=r"GridSearchCV keeps no .* refit=False; fit one with"):
        FROM_ESTIMATOR[name](search, *iris)


@pytest.mark.parametrize("name", FROM_ESTIMATOR)
@pytest.mark.parametrize(
    "other", [LogisticRegression(), BaggingClassifier(LogisticRegression(), 2)]
)
def test_not_ours(name, other, iris):
    other.fit(*iris)
    with pytest.raises(TypeError, match=rf"one of skdeep's estimators.*{type(other).__name__}"):
        FROM_ESTIMATOR[name](other, *iris)


@pytest.mark.parametrize("end", ["passthrough", StandardScaler(), None])
def test_a_pipeline_that_ends_in_something_else(end, model):
    with pytest.raises(TypeError, match=r"one of skdeep's estimators.*got Pipeline"):
        TrainingHistoryDisplay.from_estimator(make_pipeline(model, end))


# -- the way of training -----------------------------------------------------------------------


def test_record_path_equals_fit(iris):
    model = MLPClassifier((4,), random_state=0, max_iter=6, n_iter_no_change=np.inf)
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
