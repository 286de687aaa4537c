"""What users have written themselves is converted once it is registered, and else refused."""

from dataclasses import replace

import numpy as np
import pytest
from agreement import OLDEST, check

from skdeep import CNNRegressor, MLPClassifier, MLPRegressor
from skdeep.activations import ELU, Activation, Maxout
from skdeep.losses import Loss, Poisson
from skdeep.network import Dense, FeatureScale, Layer, Parameter, Stage
from skdeep.onnx import register_activation, register_layer, register_loss, to_onnx

RNG = np.random.default_rng(0)
X = RNG.normal(size=(60, 6)).astype(np.float32)
BRIEF = {"max_iter": 2, "n_iter_no_change": np.inf, "random_state": 0}


def sine():
    """Return a new class, which nothing has registered yet."""

    class Sine(Activation):
        def forward(self, z, out, theta):
            np.sin(z, out=out)

        def backward(self, z, out, delta, theta, theta_gradient):
            delta *= np.cos(z)
            return delta

    return Sine


def test_an_activation_that_is_not_registered_says_how_to():
    model = MLPRegressor((5,), sine()(), **BRIEF).fit(X, X[:, 0])
    with pytest.raises(NotImplementedError) as raised:
        to_onnx(model)
    words = str(raised.value)
    assert "no ONNX operators for the activation Sine" in words
    assert "skdeep.onnx.register_activation(Sine, lambda graph, activation, z, theta: " in words


def test_the_example_of_the_message_works():
    kind = sine()
    register_activation(kind, lambda graph, activation, z, theta: graph.op("Sin", z))
    check(MLPRegressor((5,), kind(), dtype="float32", **BRIEF).fit(X, X[:, 0]), X)


@pytest.mark.parametrize("elementwise", [True, False])
def test_an_activation_over_maps(elementwise):
    kind = sine()

    def operators(graph, activation, z, theta):
        return graph.op("Sin", z)

    register_activation(kind, operators, elementwise=elementwise)
    model = CNNRegressor((5,), kind(), input_shape=(2, 3), conv_layers=((4, 2),) * 2, pool_size=1)
    model.set_params(**BRIEF).fit(X, X[:, 0])
    kinds = [node.op_type for node in check(model, X).graph.node]
    assert kinds.count("Transpose") == (2 if elementwise else 4)


def test_an_activation_that_trains_parameters():
    class Slopes(Activation):
        def n_parameters(self, n_units):
            return 2 * n_units

        def start_parameters(self, theta):
            theta[...] = np.linspace(-1, 1, len(theta))

        def forward(self, z, out, theta):
            left, right = theta.reshape(2, -1)
            np.copyto(out, z * np.where(z < 0, left, right))

        def backward(self, z, out, delta, theta, theta_gradient):
            theta_gradient[...] = 0
            return delta

    def operators(graph, activation, z, theta):
        left, right = theta.reshape(2, -1)
        parts = graph.op("Mul", graph.op("Min", z, 0.0), left)
        return graph.op("Add", parts, graph.op("Mul", graph.op("Max", z, 0.0), right))

    register_activation(Slopes, operators)
    layers = {"input_shape": (2, 3), "conv_layers": ((4, 2),)}
    check(CNNRegressor((5,), Slopes(), **layers, **BRIEF).fit(X, X[:, 0]), X)


def test_subclasses_count_as_their_base_unless_they_compute_something_else():
    class Steep(ELU):
        def __init__(self, a=3.0):
            super().__init__(a)

    class Wide(Maxout):
        def __init__(self, pieces=4):
            super().__init__(pieces)

    class Other(ELU):
        def forward(self, z, out, theta):
            super().forward(z, out, theta)
            out *= 2

    for kind in (Steep, Wide):
        check(MLPRegressor((5,), kind(), **BRIEF).fit(X, X[:, 0]), 2 * X)
    with pytest.raises(NotImplementedError, match="activation Other"):
        to_onnx(MLPRegressor((5,), Other(), **BRIEF).fit(X, X[:, 0]))
    register_activation(
        Other, lambda graph, activation, z, theta: graph.op("Mul", graph.op("Elu", z), 2.0)
    )
    check(MLPRegressor((5,), Other(), dtype="float32", **BRIEF).fit(X, X[:, 0]), 2 * X)


def test_an_operator_with_several_results():
    class Gated(Maxout):
        def forward(self, z, out, theta):
            value, gate = np.split(z, 2, axis=1)
            np.multiply(value, gate, out=out)

    def operators(graph, activation, z, theta):
        value, gate = graph.op_with_results(2, "Split", z, np.array([5, 5]), axis=1)
        return graph.op("Mul", value, gate)

    register_activation(Gated, operators)
    model = MLPRegressor((5,), Gated(), **BRIEF).fit(X, X[:, 0])
    check(model, X, OLDEST)


class Normalisation(Layer):
    """Running means and variances, as batch normalisation has them."""

    def __init__(self, in_shape, momentum=0.5):
        self.in_shape = self.out_shape = in_shape
        self.momentum = momentum

    def parameters(self):
        return (
            Parameter("mean", self.in_shape, "buffer"),
            Parameter("variance", self.in_shape, "buffer"),
        )

    def initialise(self, rng):
        self.variance[...] = 1

    def infer(self, x):
        return (x - self.mean) / np.sqrt(self.variance + 1e-5)

    def forward(self, x, fresh):
        self.mean[...] = self.momentum * self.mean + (1 - self.momentum) * x.mean(axis=0)
        self.variance[...] = self.momentum * self.variance + (1 - self.momentum) * x.var(axis=0)
        return self.infer(x)

    def backward(self, delta):
        return delta / np.sqrt(self.variance + 1e-5)


class NormalisedClassifier(MLPClassifier):
    """A network with a layer of one's own."""

    def _extend_architecture(self, architecture):
        first, *others = architecture.stages
        return replace(architecture, stages=(first, Stage(Normalisation), *others))


def test_a_layer():
    model = NormalisedClassifier((5,), **BRIEF).fit(X, X[:, 0] > 0)
    with pytest.raises(NotImplementedError, match=r"layer Normalisation.*register_layer\(Norm"):
        to_onnx(model)

    def operators(graph, layer, x):
        centred = graph.op("Sub", x, layer.mean)
        return graph.op("Div", centred, np.sqrt(layer.variance + 1e-5))

    register_layer(Normalisation, operators)
    check(model, X)


@pytest.mark.parametrize(
    ("kind", "method"), [(FeatureScale, "infer"), (Dense, "_infer_map")], ids=str
)
def test_a_layer_that_overrides_the_arithmetic_of_ours_is_refused(kind, method):
    own = type("Own", (kind,), {method: getattr(kind, method)})
    assert_known = replace_first(kind)
    check(assert_known, X)
    changed = type("Own", (kind,), {method: lambda self, *args: getattr(kind, method)(self, *args)})
    assert getattr(own, method) is getattr(kind, method)
    with pytest.raises(NotImplementedError, match="layer Own"):
        to_onnx(replace_first(changed))


def replace_first(kind):
    """Return a fitted network whose first layer is of a kind."""

    class Changed(MLPRegressor):
        def _extend_architecture(self, architecture):
            options = architecture.stages[0].options if issubclass(kind, Dense) else {}
            stages = (Stage(kind, options), *architecture.stages)
            return replace(architecture, stages=stages)

    return Changed((5,), **BRIEF).fit(X, X[:, 0])


def test_a_loss():
    class LogCosh(Loss):
        def evaluate(self, z, y, rows, delta):
            np.subtract(z, y, out=delta)
            rows[...] = np.log(np.cosh(delta)).mean(axis=1)
            np.tanh(delta, out=delta)

    class Squares(Poisson):
        def predict(self, z):
            return z * z

    check(MLPRegressor((5,), loss=LogCosh(), **BRIEF).fit(X, X[:, 0]), X)
    model = MLPRegressor((5,), loss=Squares(), **BRIEF).fit(X, X[:, 0] ** 2)
    with pytest.raises(NotImplementedError, match=r"loss Squares.*register_loss\(Squares"):
        to_onnx(model)
    register_loss(Squares, lambda graph, loss, z: graph.op("Mul", z, z))
    check(model, X)


@pytest.mark.parametrize("name", ["predict", "predict_proba"])
def test_an_estimator_that_predicts_in_its_own_way_is_refused(name):
    kind = type("Own", (MLPClassifier,), {name: lambda self, X: None})
    kind.__init__ = MLPClassifier.__init__
    model = kind((5,), **BRIEF).fit(X, X[:, 0] > 0)
    with pytest.raises(NotImplementedError, match=f"Own overrides {name},"):
        to_onnx(model)
