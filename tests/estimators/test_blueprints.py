"""Blueprints: which stages an estimator's parameters make, where shortcuts and dropout are."""

import numpy as np
import pytest

from skdeep import Autoencoder, CNNRegressor, MLPClassifier, MLPRegressor
from skdeep.initializers import Constant
from skdeep.losses import SquaredError
from skdeep.network import Network, Shortcut


def architecture(model, row_shape, n_outputs=3):
    """Return what an estimator's parameters describe for rows of a shape."""
    plan = model._plan()
    return plan.blueprint.architecture(row_shape, n_outputs, SquaredError(), plan.dtype)


def names(stages):
    """Return the classes of stages by name, those within shortcuts in a list."""
    return [
        names(stage.options["stages"]) if stage.kind is Shortcut else stage.kind.__name__
        for stage in stages
    ]


def bridged(found):
    """Return which parts of the chain are shortcuts."""
    return [stage.kind is Shortcut for stage in found.stages]


# -- shortcuts -------------------------------------------------------------------------------------


def check_shortcuts(model, row_shape, expected):
    """Compare which stages are shortcuts; where none is, asking for them is an error."""
    plain = architecture(model, row_shape)
    assert plain.n_shortcuts == 0
    model.set_params(skip_connections=True)
    if any(expected):
        found = architecture(model, row_shape)
        assert bridged(found) == expected
        assert found.n_shortcuts == sum(expected)
        assert Network(found).layout.size == Network(plain).layout.size
    else:
        assert bridged(plain) == expected
        with pytest.raises(ValueError, match="skip_connections=True has no effect"):
            architecture(model, row_shape)


@pytest.mark.parametrize(
    ("n_inputs", "widths", "expected"),
    [
        (4, (), [0]),
        (4, (4,), [0, 0]),
        (4, (4, 4), [0, 1, 0]),
        (5, (4, 4, 3, 3, 3), [0, 1, 0, 1, 1, 0]),
        (5, (4, 3, 4), [0, 0, 0, 0]),
        (3, (3, 3), [0, 1, 0]),
    ],
)
def test_dense_layers_of_equal_width_but_the_first(n_inputs, widths, expected):
    check_shortcuts(MLPRegressor(widths), (n_inputs,), expected)


def _layers(*layers, padding="same"):
    """Return parameters for convolution layers, given as (filters, stride, pool size)."""
    return {
        "conv_layers": [(n, 3, stride) for n, stride, _ in layers],
        "pool_size": [pool_size for *_, pool_size in layers],
        "padding": padding,
    }


@pytest.mark.parametrize(
    ("params", "widths", "expected"),
    [
        (_layers((2, 1, 1)), (), [0, 0]),
        (_layers((2, 1, 1), (2, 1, 1)), (), [0, 1, 0]),
        (_layers((2, 1, 1), (4, 1, 1), (4, 1, 1)), (), [0, 0, 1, 0]),
        (_layers((2, 1, 1), (2, 2, 1)), (), [0, 0, 0]),
        (_layers((2, 1, 1), (2, 1, 1), padding="valid"), (), [0, 0, 0]),
        (_layers((2, 1, 2), (2, 1, 1)), (), [0, 0, 1, 0]),
        (_layers((2, 1, 1), (2, 1, 2)), (), [0, 0, 0, 0]),
        (_layers((2, 1, 1)), (60, 60), [0, 0, 1, 0]),  # not between maps and units
    ],
)
def test_maps_of_equal_shape_but_the_first(params, widths, expected):
    check_shortcuts(CNNRegressor(widths, **params), (5, 6, 2), expected)


@pytest.mark.parametrize("init", ["auto", "he_normal"])
def test_shortcuts_start_damped_by_their_number_unless_users_say_how_to_start(init):
    found = architecture(MLPRegressor((4,) * 5, skip_connections=True, init=init), (3,))
    damping = [stage.options["damping"] for stage in found.stages if stage.kind is Shortcut]
    assert damping == [0.5 if init == "auto" else 1.0] * 4


# -- noise -----------------------------------------------------------------------------------------


def test_rates_belong_to_their_layers():
    noise = {"dropout": [0.25, 0.0, 0.5], "input_dropout": 0.2, "input_noise": 0.1}
    found = architecture(MLPRegressor((5, 6, 7), **noise), (100,))
    expected = "GaussianNoise Dropout Dense Dropout Dense Dense Dropout Dense"
    assert names(found.stages) == expected.split()
    rates = [stage.options["rate"] for stage in found.stages if "rate" in stage.options]
    assert rates == [0.2, 0.25, 0.5]
    layers = found.chain().layers
    widths = [layer.n_outputs for layer in layers if type(layer).__name__ == "Dropout"]
    assert widths == [100, 5, 7]


def test_without_rates_there_is_no_noise():
    assert names(architecture(MLPRegressor((5, 6)), (4,)).stages) == ["Dense"] * 3


def test_dropout_is_inside_of_shortcuts():
    model = MLPRegressor((4, 4), dropout=0.5, skip_connections=True)
    expected = ["Dense", "Dropout", ["Dense", "Dropout"], "Dense"]
    assert names(architecture(model, (4,)).stages) == expected


def test_dropout_comes_behind_pooling():
    maps = {"conv_layers": ((4, 3), (3, 2), (3, 2)), "pool_size": (2, 1, 1), "pooling": "average"}
    model = CNNRegressor((5,), **maps, dropout=[0.1, 0.2, 0.3, 0.4], skip_connections=True)
    found = architecture(model, (6, 8, 2))
    first = ["Convolution", "AveragePooling", "Dropout"]
    inner = ["Convolution", "Dropout"]
    assert names(found.stages) == [*first, *inner, inner, "Dense", "Dropout", "Dense"]
    dropout = [leaf for leaf in found.chain().leaves if type(leaf).__name__ == "Dropout"]
    assert [leaf.n_outputs for leaf in dropout] == [48, 36, 36, 5]


def test_an_autoencoder_mirrors_its_dropout():
    found = architecture(Autoencoder((5, 4, 2), dropout=[0.1, 0.0, 0.3]), (6,), 6)
    kinds = names(found.stages)
    assert kinds[:6] == ["Dense", "Dropout", "Dense", "Dense", "Dropout", "TiedDense"]
    assert kinds[6:] == ["TiedDense", "Dropout", "TiedDense"]
    rates = [stage.options["rate"] for stage in found.stages if "rate" in stage.options]
    assert rates == [0.1, 0.3, 0.1]


# -- names and starts ------------------------------------------------------------------------------


def test_output_and_code_are_called_so():
    assert architecture(MLPClassifier((5, 4)), (3,)).place("output") == 2
    found = architecture(Autoencoder((5, 2), input_noise=0.1, dropout=0.1), (6,), 6)
    assert (found.place("code"), found.place("output")) == (3, len(found.stages) - 1)


def test_biases_of_hidden_layers_alone_start_elsewhere():
    params = {"init": Constant(0.5), "bias_init": 0.25}
    for model in (MLPRegressor((4,), **params), Autoencoder((4,), tied_weights=False, **params)):
        network = Network(architecture(model, (3,)))
        network.initialise(np.random.default_rng(0))
        assert [np.unique(bias).tolist() for bias in network.of_kind("bias")] == [[0.25], [0.0]]
        assert (network.weights == 0.5).all()


def test_a_blueprint_serves_data_of_any_shape():
    blueprint = MLPRegressor((4, 4), dropout=0.1)._plan().blueprint
    for n_inputs in (3, 7):
        found = blueprint.architecture((n_inputs,), 2, SquaredError(), np.dtype(float))
        chain = found.chain()
        assert (chain.n_inputs, chain.n_outputs) == (n_inputs, 2)
