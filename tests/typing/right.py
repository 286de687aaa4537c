"""Code as users write it, in which a type checker must find nothing to complain about."""

from dataclasses import replace
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.base import clone
from sklearn.compose import TransformedTargetRegressor
from sklearn.datasets import load_diabetes, load_iris
from sklearn.metrics import make_scorer, mean_absolute_error
from sklearn.model_selection import GridSearchCV, cross_val_score, train_test_split
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

import skdeep
from skdeep import (
    Autoencoder,
    Checkpoint,
    CNNClassifier,
    CNNRegressor,
    MLPClassifier,
    MLPRegressor,
    TabularMLPClassifier,
    TabularMLPRegressor,
    resume,
)
from skdeep.activations import Activation, LeakyReLU, Maxout
from skdeep.augmentation import (
    Compose,
    GaussianNoise,
    ImageAugmentation,
    RandomRotation,
    RandomShift,
)
from skdeep.exceptions import DivergenceError
from skdeep.initializers import HeNormal, Initializer, Orthogonal
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
    summary,
)
from skdeep.losses import Loss, Quantile
from skdeep.model_selection import CoarseToFineSearchCV, LearningRateRangeTest
from skdeep.network import Architecture, Layer, Parameter, Stage
from skdeep.onnx import (
    Graph,
    register_activation,
    register_estimator,
    register_layer,
    register_loss,
    to_onnx,
)
from skdeep.optimizers import LBFGS, Adam, LineSearch, Momentum, Optimizer
from skdeep.preprocessing import PiecewiseLinearEncoder, SmoothScaler
from skdeep.schedules import Adaptive, Clock, Cosine, ExponentialDecay, Schedule, StepDecay, Warmup
from skdeep.streaming import fit_stream
from skdeep.training import Observer, Trainer


def parameters() -> None:
    """Everything that a parameter may be."""
    MLPClassifier()
    MLPClassifier(optimizer=Adam(), activation=["relu", Maxout()], batch_size="full")
    MLPClassifier(100, "tanh", optimizer="lbfgs", alpha=1, random_state=0)
    MLPClassifier((), learning_rate=Cosine(), learning_rate_init=0.1)
    MLPClassifier([50, 20], activation=("relu", LeakyReLU(slope=0.1)), dropout=[0.1, 0.2])
    MLPClassifier(init=HeNormal(), learning_rate=StepDecay(factor=0.5), batch_size=32)
    MLPClassifier(init=["he_normal", Orthogonal()], n_iter_no_change=np.inf, max_norm=3)
    MLPClassifier(class_weight="balanced", scoring="f1_macro", early_stopping=True, verbose=10)
    MLPClassifier(class_weight=[{0: 1, 1: 5}, {1: 2.5}])
    CNNClassifier(conv_layers=((16, 3, (2, 1)), (8, 3)), pool_size=[(1, 2), 1])
    steps = Compose([("shift", RandomShift(fill="nearest")), RandomShift(1, fill=0.5)])
    print(steps.named_steps["shift"])
    MLPClassifier(class_weight={"yes": 1, "no": 2.5}, augmentation=GaussianNoise(scale=0.1))
    MLPRegressor(loss=Quantile(quantile=0.9), optimizer=Momentum(momentum=0.5), target_noise=0.1)
    MLPClassifier(scoring=["accuracy", "f1_macro"], early_stopping=True)
    MLPRegressor(scoring={"r2": "r2", "error": lambda model, X, y: 0.0}, early_stopping=True)
    MLPRegressor(scoring=make_scorer(mean_absolute_error, greater_is_better=False))
    MLPRegressor(scoring=lambda estimator, X, y: -float(abs(estimator.predict(X) - y).max()))
    MLPRegressor(random_state=np.random.RandomState(0), dtype="float64", optimizer=LBFGS())
    CNNClassifier(32, input_shape=(8, 8), conv_layers=((16, 3), (32, (3, 3), 2)), pool_size=[2, 1])
    CNNRegressor(conv_layers=[[8, 7]], padding="valid", pooling="average")
    CNNClassifier(augmentation=Compose([RandomShift(), RandomRotation(max_angle=5)]))
    Autoencoder((64, 16), tied_weights=False, loss="cross_entropy", input_dropout=0.2)


def kinds_of_data() -> None:
    """Everything that data may be."""
    X, y = load_iris(return_X_y=True)
    MLPClassifier().fit(X, y)
    X = np.zeros((4, 3))
    y = np.array([0, 1, 0, 1])
    model = MLPClassifier(max_iter=1).fit(X, y)
    model.fit(X.astype(np.float32), y.astype(str), np.ones(4))
    model.fit([[0, 1.5], [2, 3]], ["a", "b"], sample_weight=[1, 2])
    model.fit(sparse.csr_matrix(X), y)
    model.fit(sparse.coo_array(X), y).predict(sparse.csc_array(X))
    model.fit(pd.DataFrame(X), pd.Series(y), X_val=X, y_val=y, sample_weight_val=np.ones(4))
    model.partial_fit(X, y, classes=[0, 1], sample_weight=None)
    CNNClassifier().fit(np.zeros((4, 8, 8)), y)
    MLPRegressor().fit(X, X).partial_fit(X, X)
    Autoencoder(2).fit(X).partial_fit(X)


def chains_and_results() -> None:
    """The types of results, and of what is left after fitting."""
    X, y = load_iris(return_X_y=True)
    classifier: MLPClassifier = MLPClassifier().fit(X, y)
    labels: np.ndarray = classifier.predict(X)
    probabilities: np.ndarray = classifier.predict_proba(X)
    logarithms: np.ndarray = MLPClassifier().fit(X, y).partial_fit(X, y).predict_log_proba(X)
    print(labels.shape, probabilities.mean(axis=0), np.exp(logarithms))
    print(float(classifier.score(X, y)), classifier.classes_.tolist())

    coder = Autoencoder(2).fit(X)
    code: np.ndarray = coder.transform(X)
    error: float = coder.score(X)
    rebuilt: np.ndarray = coder.inverse_transform(code)
    print(coder.fit_transform(X).shape, code.shape, rebuilt - X, error)
    print(coder.get_feature_names_out()[0])


def attributes() -> None:
    """Parameters and fitted attributes are known."""
    model = CNNRegressor().fit(*load_diabetes(return_X_y=True))
    print(model.alpha * 2, model.max_iter + 1, model.learning_rate_init / 10, model.target_noise)
    print(model.coefs_[0].shape, model.intercepts_[-1].mean(), model.loss_curve_[-1] - model.loss_)
    print(model.n_iter_, model.n_features_in_ + 1, model.history_["seconds"], model.out_activation_)
    print(model.validation_scores_, model.best_validation_score_, model.t_, model.n_layers_)
    print(model.input_shape_[0] + 1, model.input_shape, model.pool_size)
    model.coefs_[0][:] = 0
    model.coefs_[0] = np.zeros_like(model.coefs_[0])
    model.coefs_ = [2 * weights for weights in model.coefs_]
    model.intercepts_ = tuple(bias.tolist() for bias in model.intercepts_)
    model.alpha = 0.1
    model.optimizer = Adam()
    if not isinstance(model.activation, str):
        print(model.activation)


def checkpoints() -> None:
    """Callbacks, and what is resumed."""
    X, y = load_iris(return_X_y=True)
    model = MLPClassifier(callbacks=[Checkpoint("fit.checkpoint", every="10 min"), Observer()])
    print(model.fit(X, y).callbacks)
    print(model.set_callbacks().fit(X, y).n_iter_)
    print(resume("fit.checkpoint", X, y, sample_weight=np.ones(150)).n_iter_)


def tables() -> None:
    """Estimators that take tables as they are, and their transformers."""
    X = pd.DataFrame({"age": [22, None, 35, 54], "port": ["S", "C", None, "S"]})
    y = pd.Series(["no", "yes", "yes", "no"])
    TabularMLPClassifier()
    TabularMLPClassifier(categorical_features=["port"], n_networks=2, effort=0.1, n_jobs=-1)
    TabularMLPClassifier(categorical_features=[False, True], class_weight="balanced")
    TabularMLPClassifier(categorical_features=None, hidden_layer_sizes=64, dropout=0)
    TabularMLPRegressor(activation=["relu", Maxout()], hidden_layer_sizes=[32, 32], verbose=1)
    TabularMLPRegressor(learning_rate_init=0.005, weight_decay=0, dtype="float64", random_state=0)

    model: TabularMLPClassifier = TabularMLPClassifier().fit(X, y, np.ones(4))
    model.fit([[1, "a"], [2, None]], ["x", "y"]).fit(
        X, y, X_val=X, y_val=y, sample_weight_val=[1] * 4
    )
    print(model.predict(X).shape, model.predict_proba(X) + model.predict_log_proba(X))
    print(model.networks_[0].coefs_[0].shape, model.network_weights_.sum(), model.classes_.tolist())
    print(model.validation_score_ / 2, model.history_["loss"][-1], model.feature_names_in_[0])
    values: np.ndarray = TabularMLPRegressor().fit(X, [1.0, 2.0, 3.0, 4.0]).predict(X)
    print(values.mean(), diagnose(model, X, y), make_pipeline(model).fit(X, y))
    TrainingHistoryDisplay.from_estimator(model)
    print(SmoothScaler(clip=2).fit([[1.0], [2.0]]).transform([[3]]) / 2)
    print(PiecewiseLinearEncoder(n_bins=4).fit(X[["age"]]).get_feature_names_out()[0])


def among_other_tools() -> None:
    """Pipelines, searches and copies."""
    X, y = load_iris(return_X_y=True)
    X_train, X_test, y_train, y_test = train_test_split(X, y)
    pipeline = make_pipeline(StandardScaler(), MLPClassifier(optimizer=Adam(beta_2=0.99)))
    print(pipeline.fit(X_train, y_train).score(X_test, y_test))
    steps = Pipeline([("scale", StandardScaler()), ("network", MLPClassifier())])
    grid = {
        "network__optimizer": ["adam", Adam(beta_1=0.5), Momentum()],
        "network__batch_size": [32, "full"],
        "network__activation": ["relu", Maxout(pieces=3)],
    }
    search = GridSearchCV(steps, grid, n_jobs=2).fit(X, y)
    print(search.best_params_, search.best_score_)
    print(cross_val_score(clone(MLPClassifier()), X, y, cv=5).mean())
    print(MLPClassifier().set_params(alpha=0.1, optimizer=Adam()).get_params()["alpha"])


def pictures_and_searches() -> None:
    """What looks at estimators from outside."""
    X, y = load_iris(return_X_y=True)
    model = MLPClassifier().fit(X, y)
    pipeline = make_pipeline(StandardScaler(), MLPClassifier()).fit(X, y)
    diagnosis = diagnose(pipeline, X, y)
    for finding in diagnosis:
        print(finding.kind.upper(), finding.layer)
    print(len(diagnosis), diagnosis.layers[0].dead + 1, diagnosis.notes[:1])
    diagnosis.plot().figure_.savefig("diagnosis.png")
    TrainingHistoryDisplay.from_estimator(model).figure_.savefig("history.png")
    LossCurveSliceDisplay.from_estimator(pipeline, X, y, layer=1, index=3)
    path = record_path(model, X, y, epochs=3)
    surface = LossSurfaceDisplay.from_estimator(
        path.estimator, X, y, directions="path", path=path.parameters, draw=False
    )
    surface.plot(kind="surface").ax_.set_title("loss")
    figure = plt.figure()
    LossSurfaceDisplay.from_estimator(
        model, X, y, directions=[(0, (1, 2)), (1, 0)], span=2, ax=figure.add_subplot()
    )
    search_over = GridSearchCV(pipeline, {"mlpclassifier__alpha": [1]}).fit(X, y)
    TrainingHistoryDisplay.from_estimator(search_over, ax=[figure.add_subplot()] * 3)
    network = summary(TransformedTargetRegressor(MLPRegressor()).fit(X, y))
    print(network, network.layers[0].shape[0] + network.n_parameters, network.plot().figure_)
    print(summary(MLPClassifier(), X, y).layers[-1].name.upper())
    ActivationDisplay.from_names(["relu", Maxout(), Sine()], z=[-1.0, 1.0])
    ActivationStatisticsDisplay.from_inits(["normal", HeNormal()], X=X, bins=20)
    LearningRateDisplay.from_schedules([Cosine(), "step"], learning_rate_init=1)
    OptimizerPathDisplay.from_surface("ravine", [Adam(), "sgd"], learning_rate={"sgd": 1})
    images = WeightImageDisplay.from_estimator(model, image_shape=(2, 2), draw=False).images
    print(images.shape)
    model.named_parameters_["output/bias"][...] = 0
    print(model.named_parameters_["dense_0/weights"].shape)

    test: LearningRateRangeTest = LearningRateRangeTest(pipeline, rates=[0.01, 0.1]).fit(X, y)
    print(pipeline.set_params(**test.suggested_params_), test.plot().ax_)
    search = CoarseToFineSearchCV(model, "alpha", values=np.logspace(-5, 0, 6), refit=False)
    print(search.fit(X, y).best_params_)
    image = RandomShift(max_shift=1, image_shape=(8, 8)).sample(np.zeros((5, 64)), random_state=0)
    print(image.mean(), HeNormal(gain=2).sample((3, 4), 3, 4, np.random.default_rng(0)).std())
    try:
        model.fit(X, y)
    except DivergenceError as error:
        print(error.epoch + 1, error.learning_rate / 2)


def parts() -> None:
    """The parts, made and looked at one by one."""
    MLPClassifier(optimizer=Momentum(0.9, initial_momentum=0.5), learning_rate=Adaptive(patience=5))
    MLPClassifier(optimizer=LineSearch(factors=[0.1, 1]), learning_rate=Warmup("cosine", epochs=3))
    MLPClassifier(optimizer=LineSearch(np.logspace(-2, 2, 5)), learning_rate=Warmup(Cosine()))
    MLPRegressor(learning_rate=ExponentialDecay(k=0.1, per="epoch"), loss=Quantile(0.1))
    rate: float = StepDecay(every=2).rate(1.0, Clock(step=6, epoch=6, steps_per_epoch=1, epochs=9))
    scores: np.ndarray = Quantile().predict(np.zeros((3, 1)))
    print(rate, scores.shape, LeakyReLU().constants[0], Maxout().pieces + 1)
    skdeep.set_kernels("numpy")
    skdeep.set_kernels(skdeep.get_kernels())

    X, _ = load_iris(return_X_y=True)
    encoder = PiecewiseLinearEncoder(n_bins=8).fit(X)
    print(encoder.transform(X).shape, encoder.positions([[1, 2.5, 3, 4]]), encoder.edges_[0])
    print(SmoothScaler(clip=2).fit(pd.DataFrame(X)).transform(X).mean(axis=0))


class Sine(Activation):
    """An activation of one's own."""

    def forward(self, z, out, theta):
        np.sin(z, out=out)

    def backward(self, z, out, delta, theta, theta_gradient):
        delta *= np.cos(z)
        return delta


class Erase(ImageAugmentation):
    def transform(self, images, rng):
        images[:, rng.integers(images.shape[1])] = 0
        return images


class Sparse(Initializer):
    def sample(self, shape, fan_in, fan_out, rng):
        return rng.standard_normal(shape) * (rng.random(shape) < 0.1)


class LogCosh(Loss):
    out_activation = "identity"

    def evaluate(self, z, y, rows, delta):
        np.subtract(z, y, out=delta)
        rows[...] = np.log(np.cosh(delta)).mean(axis=1)
        np.tanh(delta, out=delta)
        delta /= z.shape[1]

    def predict(self, z):
        return 2 * z

    def check_targets(self, y):
        if y.min() < 0:
            raise ValueError("Negative targets cannot be learnt.")


class SignDescent(Optimizer):
    """An optimizer that remembers nothing."""

    rates = {"bias": 0.1}

    def _update(self, w, g, rate, t, scratch):
        np.sign(g, out=g)
        g *= rate
        w -= g


class Heavy(Optimizer):
    """An optimizer with a state, typed as far as its author cares."""

    slots = ("velocity",)
    needs_double = True

    def __init__(self, friction: float = 0.1) -> None:
        self.friction = friction

    def _update(self, w: np.ndarray, g: np.ndarray, rate: float, t: int, scratch, state) -> None:
        state.velocity *= 1 - self.friction
        state.velocity += rate * g
        w -= state.velocity

    def end_epoch(self, state, loss):
        state.last_loss = loss


class FactorAdam(Adam):
    kernel = "adam"
    rates = {"scale": 6.0}


class Triangle(Schedule):
    per = "step"

    def rate(self, initial, clock):
        return initial * (1 - abs(2 * clock.progress - 1))


class Gain(Layer):
    """A layer without annotations: its parameters are attributes that nobody declares."""

    def __init__(self, in_shape):
        self.in_shape = self.out_shape = in_shape

    def parameters(self):
        return (Parameter("gain", self.in_shape, "scale"),)

    def initialise(self, rng):
        self.gain[...] = 1

    def infer(self, x):
        return x * self.gain

    def forward(self, x, fresh):
        self.x = x
        return self.infer(x)

    def backward(self, delta):
        np.einsum("ij,ij->j", delta, self.x, out=self.d_gain)
        return delta * self.gain


class Shift(Layer):
    """A layer with annotations throughout."""

    shift: np.ndarray
    d_shift: np.ndarray

    def __init__(self, in_shape: tuple[int, ...], start: float = 0.0) -> None:
        self.in_shape = self.out_shape = in_shape
        self.start = start

    def parameters(self) -> tuple[Parameter, ...]:
        return (Parameter("shift", self.in_shape, "bias", rate=2.0),)

    def initialise(self, rng: np.random.Generator) -> None:
        self.shift[...] = self.start + rng.standard_normal(self.in_shape)

    def infer(self, x: np.ndarray) -> np.ndarray:
        return x + self.shift

    def forward(self, x: np.ndarray, fresh: bool) -> np.ndarray:
        return self.infer(x)

    def backward(self, delta: np.ndarray) -> np.ndarray | None:
        np.add.reduce(delta, axis=0, out=self.d_shift)
        return delta if self.gives_gradient else None


class StopBelow(Observer):
    """An observer without annotations."""

    def __init__(self, bound):
        self.bound = bound

    def end_epoch(self, trainer, values):
        return values["loss"] < self.bound and trainer.state.epoch > 3


class Snapshots(Observer):
    """An observer with annotations throughout."""

    def begin_fit(self, trainer: Trainer) -> None:
        self.taken: list[np.ndarray] = []

    def end_epoch(self, trainer: Trainer, values: dict[str, float]) -> None:
        self.taken.append(trainer.network.parameters.copy())
        print(trainer.plan.max_iter - trainer.state.epoch, len(trainer.data), values["seconds"])


class GainRegressor(MLPRegressor):
    def _extend_architecture(self, architecture):
        stages = (Stage(Gain), Stage(Shift, {"start": 0.5}), *architecture.stages)
        return replace(architecture, stages=stages)

    def _observers(self):
        return [StopBelow(0.5)]


class WatchedClassifier(MLPClassifier):
    def _extend_architecture(self, architecture: Architecture) -> Architecture:
        return replace(architecture, stages=(Stage(Gain), *architecture.stages))

    def _observers(self) -> list[Observer]:
        return [*super()._observers(), Snapshots(), StopBelow(0.1)]


def parts_of_ones_own() -> None:
    """Objects that follow the base classes."""
    MLPRegressor((20,), Sine(), optimizer="lbfgs", loss=LogCosh())
    MLPRegressor((20, 20), [Sine(), "tanh"], optimizer=Heavy(friction=0.2), init=Sparse())
    MLPClassifier(optimizer=SignDescent(), learning_rate=Triangle())
    CNNClassifier(optimizer=FactorAdam(beta_1=0.8), augmentation=Erase())
    X, y = load_diabetes(return_X_y=True)
    print(GainRegressor((8,), alpha=0).fit(X, y).predict(X).mean())
    print(WatchedClassifier((8,)).fit(X, np.asarray(y) > 100).classes_)


def streaming() -> None:
    """Data in pieces."""
    X, y = load_diabetes(return_X_y=True)
    fit_stream(MLPClassifier(), [(X, y)], epochs=2, classes=[0, 1], X_val=X, y_val=y)
    fit_stream(MLPClassifier(), "rows.parquet", target=["a", "b"], resume_from=Path("file"))


def sine_of(graph: Graph, activation: Sine, z: str, theta: np.ndarray) -> str:
    return graph.op("Sin", z)


def conversion() -> None:
    """To ONNX, with parts of one's own."""
    register_activation(Sine, sine_of, elementwise=True)
    register_layer(Gain, lambda graph, layer, x: graph.op("Mul", x, layer.gain))
    register_loss(LogCosh, lambda graph, loss, z: z)
    register_estimator(GainRegressor)
    X, y = load_diabetes(return_X_y=True)
    model = to_onnx(GainRegressor((8,)).fit(X, y), X[:1], target_opset=18)
    print(len(model.SerializeToString()))
