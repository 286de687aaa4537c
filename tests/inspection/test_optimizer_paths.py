"""Test surfaces against central differences, and the ways of real optimizers on them."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from skdeep.inspection import OptimizerPathDisplay
from skdeep.inspection.surfaces import SURFACES
from skdeep.optimizers import OPTIMIZERS, Adam, AdamW, Momentum

STOCHASTIC = [name for name, cls in OPTIMIZERS.items() if not cls.full_batch]
NAMES = ["gentle_slope", "ravine", "saddle_point", "plateau", "several_minima"]


def test_names():
    assert list(SURFACES) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_gradients(name):
    surface = SURFACES[name]
    x, y = np.random.default_rng(0).uniform(-3, 3, (2, 20))
    h = 1e-6
    dx, dy = surface.gradient(x, y)
    assert_allclose(dx, (surface.value(x + h, y) - surface.value(x - h, y)) / 2 / h, atol=1e-6)
    assert_allclose(dy, (surface.value(x, y + h) - surface.value(x, y - h)) / 2 / h, atol=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_formulas(name):
    words = SURFACES[name].formula.replace("²", "**2").replace("⁴", "**4")
    for factor in ("16", "5", "2"):
        words = words.replace(f"{factor} x", f"{factor} * x").replace(
            f"{factor} y", f"{factor} * y"
        )
    value = eval(words, {"x": 0.7, "y": -1.3, "exp": np.exp})
    assert_allclose(SURFACES[name].value(0.7, -1.3), value)


@pytest.mark.parametrize("name", NAMES)
def test_all_optimizers_start_together_and_stay_in_sight(name):
    display = OptimizerPathDisplay.from_surface(name, draw=False)
    left, right, bottom, top = SURFACES[name].window
    assert list(display.paths) == STOCHASTIC
    for label, path in display.paths.items():
        assert path.shape == (101, 2)
        assert_array_equal(path[0], SURFACES[name].start)
        assert_allclose(display.heights[label], SURFACES[name].value(*path.T))
        inside = (path >= (left, bottom)) & (path <= (right, top))
        assert inside.all(), label
        # the plateau may hold somebody back, but nobody climbs
        assert display.heights[label][-1] < display.heights[label][0], label


def test_paths_are_the_rules():
    display = OptimizerPathDisplay.from_surface(
        "ravine",
        ["sgd", Momentum(momentum=0.5)],
        learning_rate=0.1,
        start=(2, 1),
        n_steps=5,
        draw=False,
    )
    w, v, u = np.array([2.0, 1.0]), np.array([2.0, 1.0]), np.zeros(2)
    curvatures = np.array([0.02, 2.0])
    for t in range(1, 6):
        w = w - 0.1 * curvatures * w
        u = 0.5 * u + 0.1 * curvatures * v
        v = v - u
        assert_allclose(display.paths["sgd"][t], w)
        assert_allclose(display.paths["Momentum(momentum=0.5)"][t], v)


def test_steps_are_counted_and_decay_acts():
    display = OptimizerPathDisplay.from_surface(
        "ravine",
        ["adam", AdamW(weight_decay=0.5)],
        learning_rate=0.1,
        start=(2, 1),
        n_steps=5,
        draw=False,
    )
    for path, decay in zip(display.paths.values(), (0.0, 0.5), strict=True):
        w, m, v = np.array([2.0, 1.0]), np.zeros(2), np.zeros(2)
        for t in range(1, 6):
            g = np.array([0.02, 2.0]) * w
            m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
            step = m / (1 - 0.9**t) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
            w = w * (1 - 0.1 * decay) - 0.1 * step
            assert_allclose(path[t], w)


@pytest.mark.parametrize("name", STOCHASTIC)
def test_a_rate_of_ones_own(name):
    display = OptimizerPathDisplay.from_surface(
        "plateau", [name, "sgd"], learning_rate={name: 0.3}, n_steps=2, draw=False
    )
    assert display.learning_rates[name] == 0.3
    if name != "sgd":
        assert display.learning_rates["sgd"] == SURFACES["plateau"].rate


def test_the_pictures_tell_their_points():
    heights = {name: OptimizerPathDisplay.from_surface(name, draw=False).heights for name in NAMES}
    last = {name: {o: h[-1] for o, h in of.items()} for name, of in heights.items()}
    assert last["gentle_slope"]["sgd"] > 10 * last["gentle_slope"]["momentum"]
    assert last["ravine"]["sgd"] > 10 * last["ravine"]["nesterov"]
    assert last["saddle_point"]["sgd"] > -0.05 > -0.2 > last["saddle_point"]["adam"]
    assert last["plateau"]["sgd"] > 0.9 > 0.1 > last["plateau"]["rmsprop"]
    assert last["several_minima"]["momentum"] < last["several_minima"]["sgd"] - 5


def test_an_object_is_not_changed():
    optimizer = Adam()
    OptimizerPathDisplay.from_surface("ravine", [optimizer], n_steps=2, draw=False)
    assert vars(optimizer) == vars(Adam())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("hill",), "Unknown surface 'hill'; known are gentle_slope, plateau, ravine"),
        (("ravine", ["adamm"]), "Unknown optimizer 'adamm'; known are"),
        (("ravine", ["lbfgs"]), "lbfgs works on all data at once"),
    ],
)
def test_refusals(arguments, words):
    with pytest.raises(ValueError, match=words):
        OptimizerPathDisplay.from_surface(*arguments, draw=False)


def test_no_steps():
    with pytest.raises(ValueError, match="n_steps must be at least 1, got 0"):
        OptimizerPathDisplay.from_surface(n_steps=0, draw=False)


def test_a_diverging_path_can_be_drawn(plt):
    display = OptimizerPathDisplay.from_surface(
        "ravine", ["sgd", "adam"], learning_rate=5.0, draw=False
    )
    display.plot()
    display.figure_.canvas.draw()
    assert display.axes_[0].get_xlim() == SURFACES["ravine"].window[:2]
    assert display.axes_[1].get_ylim()[1] < 2
    assert_array_equal(np.transpose(display.lines_["sgd"].get_data()), display.paths["sgd"])
    assert_array_equal(display.height_lines_["adam"].get_ydata(), display.heights["adam"])
