"""Diagnoses: every disease gives its own finding and no other, healthy networks give none."""

import numpy as np
import pytest
import scipy.sparse as sp
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits, load_wine
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler, scale

from skdeep import Autoencoder, CNNClassifier, MLPClassifier, MLPRegressor
from skdeep.initializers import Normal
from skdeep.inspection import Diagnosis, Finding, diagnose

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

RNG = np.random.default_rng(0)
X_DIGITS, Y_DIGITS = scale(load_digits().data[:600]), load_digits().target[:600]
NOISE = RNG.standard_normal((200, 5))
VALUES = NOISE @ [1.0, 2.0, 3.0, 0.0, 0.0]
NOISY_CLASSES = NOISE[:, 0] + RNG.standard_normal(200) > 0
SQUARE = RNG.uniform(-1, 1, (400, 2))
XOR = SQUARE[:, 0] * SQUARE[:, 1] > 0
PLAIN = {"random_state": 0, "max_iter": 40, "n_iter_no_change": np.inf}

DIGITS = (X_DIGITS, Y_DIGITS)
DISEASES = {
    "zeros": ("equal_units", MLPClassifier((20,), "tanh", init="zeros", **PLAIN), *DIGITS),
    "constant": ("equal_units", MLPClassifier((20,), init="constant", **PLAIN), *DIGITS),
    "huge init": (
        "saturated_units",
        MLPClassifier((50,), "tanh", init=[Normal(scale=2.0), "auto"], **PLAIN),
        *DIGITS,
    ),
    "negative bias": ("dead_units", MLPClassifier((50,), bias_init=-20.0, **PLAIN), *DIGITS),
    "deep sigmoids": (
        "vanishing_gradients",
        MLPClassifier((30,) * 6, "sigmoid", init="normal", **PLAIN),
        *DIGITS,
    ),
    "a first layer far smaller than the others": (
        "exploding_gradients",
        MLPClassifier(
            (32,) * 3,
            "identity",
            init=[Normal(scale=1e-4), "orthogonal", "orthogonal", Normal(scale=1.0)],
            **{**PLAIN, "learning_rate_init": 1e-9, "max_iter": 3, "n_iter_no_change": np.inf},
        ),
        *DIGITS,
    ),
    "large weights": (
        "large_weights",
        MLPClassifier((30,), init=[Normal(scale=6.0), "auto"], **PLAIN),
        NOISE,
        NOISY_CLASSES,
    ),
    "growing loss": (
        "divergence",
        MLPRegressor(
            (), optimizer="sgd", batch_size="full", learning_rate_init=2.0, random_state=0,
            max_iter=15,
        ),
        NOISE,
        VALUES,
    ),
    "jumping loss": (
        "oscillation",
        MLPClassifier((), batch_size=20, learning_rate_init=10.0, **PLAIN),
        NOISE,
        NOISY_CLASSES,
    ),
    "low rate": ("rate_too_low", MLPClassifier((50,), learning_rate_init=1e-6, **PLAIN), *DIGITS),
    "linear": ("underfitting", MLPClassifier((), learning_rate_init=0.1, **PLAIN), SQUARE, XOR),
    "huge alpha": ("underfitting", MLPClassifier((50,), alpha=10.0, random_state=0), *DIGITS),
}  # fmt: skip


def kinds(diagnosis):
    return {found.kind for found in diagnosis.findings}


@pytest.mark.parametrize(("kind", "model", "X", "y"), DISEASES.values(), ids=DISEASES.keys())
def test_a_disease_gives_its_finding_and_no_other(kind, model, X, y):
    diagnosis = diagnose(model.fit(X, y), X, y)
    assert kinds(diagnosis) == {kind}
    assert diagnosis
    for found in diagnosis:
        assert isinstance(found, Finding)
        assert found.remedy
        assert (found.layer is None) == ("layer" not in found.message)
        below = kind in ("underfitting", "vanishing_gradients")
        assert (found.figure < found.threshold) == below


def test_overfitting():
    rng = np.random.default_rng(0)
    X = rng.standard_normal((120, 20))
    y = X[:, 0] + 2 * rng.standard_normal(120) > 0
    data, held = (X[:60], y[:60]), {"X_val": X[60:], "y_val": y[60:]}
    model = MLPClassifier(learning_rate_init=0.01, **PLAIN).fit(*data, **held)
    (found,) = diagnose(model, *data)
    values = model.history_["validation_loss"]
    assert found.kind == "overfitting"
    assert found.figure == pytest.approx(np.median(values[-5:]) / min(values) - 1)
    assert "early_stopping=True" in found.remedy
    model.set_params(early_stopping=True).fit(*data, **held)
    assert "overfitting" not in kinds(diagnose(model, *data))


SETS = {
    "digits": (MLPClassifier, *load_digits(return_X_y=True)),
    "breast_cancer": (MLPClassifier, *load_breast_cancer(return_X_y=True)),
    "wine": (MLPClassifier, *load_wine(return_X_y=True)),
    "diabetes": (MLPRegressor, *load_diabetes(return_X_y=True)),
}


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("early_stopping", [False, True])
@pytest.mark.parametrize("name", [*SETS, "diabetes, y scaled"])
def test_healthy_networks_give_no_finding(name, early_stopping, seed):
    cls, X, y = SETS[name.split(",")[0]]
    y = scale(y) if "scaled" in name else y
    model = cls(early_stopping=early_stopping, random_state=seed)
    if "scaled" in name:
        model.set_params(target_scaling=None)
    pipeline = make_pipeline(StandardScaler(), model).fit(X, y)
    diagnosis = diagnose(pipeline, X, y)
    assert not diagnosis, str(diagnosis)
    assert "Nothing conspicuous." in str(diagnosis)


def test_early_stopping_that_came_too_early():
    X, y = load_wine(return_X_y=True)
    X = scale(X)
    # the validation score does not move at first, and the model of the first epoch is kept
    model = MLPClassifier(early_stopping=True, random_state=2).fit(X, y)
    (found,) = diagnose(model, X, y)
    assert found.kind == "rate_too_low"
    assert "n_iter_no_change" in found.remedy


@pytest.fixture(scope="module")
def fitted():
    X, y = load_wine(return_X_y=True)
    X = scale(X)
    return MLPClassifier((20, 10), ["tanh", "relu"], **PLAIN).fit(X, y), X, y


CURVES = {
    "a line": (np.linspace(2, 1, 50), {"rate_too_low"}),
    "an exponential": (np.exp(-np.arange(50) / 5) + 0.1, set()),
    "a plateau": (np.r_[2.0, [1.5] * 30, 1.5 * 0.8 ** np.arange(30)], {"plateau"}),
    "a last plateau": (np.r_[2 * 0.8 ** np.arange(30), [0.002] * 30], set()),
    "ups and downs": (np.tile([1.0, 1.2], 20), {"divergence"}),
    "falling ups and downs": (np.tile([1.0, 1.2], 20) * 0.97 ** np.arange(40), {"oscillation"}),
    "a climb": (np.r_[1.0, 2.0, 0.9 ** np.arange(40)], {"rate_too_high"}),
    "growth": (1.2 ** np.arange(12), {"divergence"}),
    "short": (1.2 ** np.arange(9), set()),
}  # fmt: skip


@pytest.mark.parametrize(("loss", "expected"), CURVES.values(), ids=CURVES.keys())
def test_curves(fitted, monkeypatch, loss, expected):
    model, X, y = fitted
    monkeypatch.setattr(model._state, "history", {"loss": list(loss)})
    assert kinds(diagnose(model, X, y)) == expected


def test_figures_of_layers(fitted):
    model, X, y = fitted
    first, second, last = diagnose(model, X, y).layers
    hidden = np.tanh(X @ model.coefs_[0] + model.intercepts_[0])
    outputs = np.maximum(0, hidden @ model.coefs_[1] + model.intercepts_[1])
    assert first.mean == pytest.approx(hidden.mean(), abs=1e-6)
    assert first.spread == pytest.approx(hidden.std(), rel=1e-5)
    assert first.saturated == pytest.approx((np.abs(hidden) > 0.99).mean())
    assert np.isnan(first.dead)
    sizes = np.sqrt((outputs**2).mean(axis=0))
    offsets = outputs.mean(axis=0) / np.where(sizes > 0, sizes, 1)
    assert second.offset == pytest.approx(offsets.mean(), rel=1e-5)
    assert second.dead == (outputs == 0).all(axis=0).mean()
    assert np.isnan(second.saturated)
    norms = np.linalg.norm(model.coefs_[1], axis=0)
    assert second.unit_norm == pytest.approx(np.median(norms), rel=1e-5)
    assert second.largest_weight == pytest.approx(np.abs(model.coefs_[1]).max())
    errors = (model.predict_proba(X) - np.eye(3)[y]) / len(y)
    gradient = np.linalg.norm(outputs.T @ errors)
    assert last.gradient_norm == pytest.approx(gradient, rel=1e-4)
    assert last.gradient_ratio == pytest.approx(
        gradient / np.linalg.norm(model.coefs_[2]), rel=1e-4
    )
    assert last.is_output
    assert np.isnan(last.dead)


def test_blocks_of_rows_add_up(fitted, monkeypatch):
    model, X, y = fitted
    whole = diagnose(model, X, y).layers
    monkeypatch.setattr("skdeep.network.prediction.block_rows", lambda network: 50)
    for one, other in zip(whole, diagnose(model, X, y).layers, strict=True):
        for name, value in vars(one).items():
            if not isinstance(value, str):
                assert getattr(other, name) == pytest.approx(value, rel=1e-4, nan_ok=True)


def test_dead_share_and_remedies():
    model = MLPClassifier((50,), **PLAIN).fit(*DIGITS)
    model.intercepts_[0][:31] = -1e3
    (found,) = diagnose(model, *DIGITS)
    assert (found.kind, found.layer, found.figure, found.threshold) == ("dead_units", 1, 0.62, 0.4)
    assert str(found) == (
        "62% of the units of layer 1 are dead, that is zero on all rows: lower learning_rate_init "
        "(now 0.001), or bias_init=0.01, or activation='leaky_relu'"
    )
    model.set_params(optimizer="lbfgs", bias_init=0.01)
    assert diagnose(model, *DIGITS).findings[0].remedy == "activation='leaky_relu'"


def test_the_estimator_stays_as_it_is(fitted):
    model, X, y = fitted
    before = model._network.parameters.copy()
    diagnose(model, X, y)
    np.testing.assert_array_equal(model._network.parameters, before)


def test_without_targets(fitted):
    model, X, _ = fitted
    diagnosis = diagnose(model, X)
    assert all(np.isnan(layer.gradient_norm) for layer in diagnosis.layers)
    assert "Without y" in str(diagnosis)
    assert diagnosis.plot().axes_[2].texts[0].get_text() == "not known without y"


def test_convolution_and_shortcuts():
    X, y = load_digits(return_X_y=True)
    X, y = X[:300] / 16, y[:300]
    filters = {"input_shape": (8, 8), "conv_layers": ((8, 3),)}
    model = CNNClassifier((32,), learning_rate_init=0.01, **filters, **PLAIN).fit(X, y)
    diagnosis = diagnose(model, X, y)
    assert not diagnosis
    assert diagnosis.layers[0].n_units == 8
    model.intercepts_[0][:4] = -1e3
    assert diagnose(model, X, y).layers[0].dead == 0.5
    model = MLPClassifier((16, 16, 16), skip_connections=True, **PLAIN).fit(X, y)
    layers = diagnose(model, X, y).layers
    assert len(layers) == 4
    assert layers[-1].mean == pytest.approx(model._scores(X).mean(), rel=1e-4)


def test_an_autoencoder_needs_no_targets():
    X = load_digits().data[:300] / 16
    encoder, decoder = diagnose(Autoencoder((16,), **PLAIN).fit(X), X).layers
    assert encoder.gradient_norm > 0
    assert np.isnan(decoder.gradient_norm)  # tied to the encoder


def test_report(fitted):
    model, X, y = fitted
    diagnosis = Diagnosis(
        diagnose(model, X, y).layers, [Finding("k", 1, 2.0, 1.0, "a < b", "c")], ["d"]
    )
    assert (len(diagnosis), bool(diagnosis)) == (1, True)
    assert "- a < b: c\n(d)" in str(diagnosis)
    assert "a &lt; b: <b>c</b>" in diagnosis._repr_html_()
    assert diagnosis._repr_html_().count("<tr>") == 4
    assert "2" not in repr(diagnosis)


def test_plot(fitted):
    plt = pytest.importorskip("matplotlib.pyplot")
    diagnosis = diagnose(*fitted).plot()
    assert len(diagnosis.axes_) == 3
    ratios = [layer.gradient_ratio for layer in diagnosis.layers]
    np.testing.assert_allclose(diagnosis.axes_[2].lines[0].get_ydata(), ratios)
    _, axes = plt.subplots(1, 3)
    assert diagnosis.plot(axes).axes_[0] is axes[0]
    plt.close("all")


def test_bad_calls(fitted):
    model, X, y = fitted
    with pytest.raises(TypeError, match="skdeep's estimators"):
        diagnose(LogisticRegression(), X, y)
    with pytest.raises(NotFittedError):
        diagnose(MLPClassifier(), X, y)
    with pytest.raises(ValueError, match="13 features"):
        diagnose(model, X[:, :5], y)
    with pytest.raises(ValueError, match="unseen"):
        diagnose(model, X, y + 1)


def test_pipelines_within_pipelines():
    X, y = DIGITS
    network = MLPClassifier((5,), max_iter=2, n_iter_no_change=np.inf, random_state=0)
    nested = make_pipeline(MinMaxScaler(), make_pipeline(StandardScaler(), network)).fit(X, y)
    seen = nested[-1][:-1].transform(nested[:-1].transform(X))
    assert str(diagnose(nested, X, y)) == str(diagnose(nested[-1][-1], seen, y))


# -- scale and penalty -----------------------------------------------------------------------------

DIABETES = load_diabetes(return_X_y=True)


@pytest.mark.parametrize("factor", [1e3, 1e5])
@pytest.mark.parametrize("convert", [np.asarray, sp.csr_array])
def test_worse_than_a_constant_on_unscaled_inputs(factor, convert):
    X, y = convert(factor * scale(DIABETES[0])), DIABETES[1]
    model = MLPRegressor((50,), random_state=0, max_iter=20, n_iter_no_change=np.inf).fit(X, y)
    (found,) = (one for one in diagnose(model, X, y) if one.kind == "underfitting")
    rebuilt = (model.predict(X) - model.target_mean_) / model.target_scale_
    loss = 0.5 * np.mean(np.square((y - model.target_mean_) / model.target_scale_ - rebuilt))
    assert f"is worse, {loss / 0.5:.3g} times that of the best constant, 0.5" in found.message
    assert "hardly" not in found.message
    np.testing.assert_allclose(found.figure, 1 - loss / 0.5, rtol=1e-3)
    assert found.remedy.startswith("standardise the features, or lower learning_rate_init")
    assert "target" not in found.remedy  # scaled already


def test_scaling_comes_first_in_what_else_is_found_on_unscaled_inputs():
    X, y = scale(DIABETES[0]) * 1e3, DIABETES[1]
    model = MLPRegressor((50,), learning_rate_init=0.1, target_scaling=None, **PLAIN).fit(X, y)
    diagnosis = diagnose(model, X, y)
    assert "underfitting" in kinds(diagnosis) or model.score(X, y) > 0
    for found in diagnosis:
        assert found.remedy.startswith("standardise the features")
        if found.kind in ("underfitting", "oscillation", "divergence", "rate_too_high"):
            assert "target_scaling='standard'" in found.remedy


@pytest.mark.parametrize("alpha", [10.0, 100.0, 1000.0])
@pytest.mark.parametrize("max_iter", [20, 200])
@pytest.mark.parametrize("l1_ratio", [0.0, 0.5])
def test_a_penalty_that_is_too_strong_though_it_still_falls(alpha, max_iter, l1_ratio):
    options = {"max_iter": max_iter, "n_iter_no_change": np.inf, "random_state": 0}
    model = MLPClassifier((100,), alpha=alpha, l1_ratio=l1_ratio, **options).fit(*DIGITS)
    (found,) = diagnose(model, *DIGITS)
    assert found.kind == "underfitting"
    assert "as the penalty holds the weights down" in found.message
    assert found.remedy == f"lower alpha (now {alpha!r})"


def test_a_penalty_of_the_usual_strength_is_not_blamed():
    model = MLPClassifier((), learning_rate_init=0.1, **PLAIN).fit(SQUARE, XOR)
    (found,) = diagnose(model, SQUARE, XOR)
    assert "penalty" not in found.message


def test_targets_that_are_scaled_already_are_not_to_be_scaled_by_hand():
    X, y = scale(DIABETES[0]), DIABETES[1]
    for target_scaling in ("standard", None):
        model = MLPRegressor((), learning_rate_init=1e-6, target_scaling=target_scaling, **PLAIN)
        remedies = "; ".join(one.remedy for one in diagnose(model.fit(X, y), X, y))
        assert ("target_scaling='standard'" in remedies) == (target_scaling is None)
        assert "the targets too" not in remedies
