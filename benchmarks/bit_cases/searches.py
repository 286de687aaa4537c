"""Cases around fits: scikit-learn's tools, searches and inspection."""

import numpy as np
from sklearn.ensemble import BaggingClassifier
from sklearn.model_selection import GridSearchCV, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from bit_cases.tools import (
    BINARY,
    DIGITS,
    NUMBERS,
    autoencoder,
    case,
    classifier,
    outcome,
    regressor,
)
from skdeep.inspection import (
    ActivationDisplay,
    ActivationStatisticsDisplay,
    LearningRateDisplay,
    LossCurveSliceDisplay,
    LossSurfaceDisplay,
    OptimizerPathDisplay,
    diagnose,
    record_path,
)
from skdeep.model_selection import CoarseToFineSearchCV, LearningRateRangeTest
from skdeep.optimizers import Momentum


@case("BaggingClassifier")
def _():
    bags = BaggingClassifier(classifier(), n_estimators=3, max_features=0.5, random_state=0)
    bags.fit(DIGITS.X, DIGITS.y)
    parts = {"predict_proba": bags.predict_proba(DIGITS.X_new)}
    for number, (model, columns) in enumerate(
        zip(bags.estimators_, bags.estimators_features_, strict=True)
    ):
        data = DIGITS._replace(X_new=DIGITS.X_new[:, columns])
        parts |= outcome(model, data, f"{number}: ")
    return parts


def search_outcome(search, data):
    """Fit a search; return its scores and its best model's outcome."""
    search.fit(data.X, data.y)
    results = search.cv_results_
    parts = {
        "best_params_": str(search.best_params_),
        "best_score_": search.best_score_,
        "scores": results["mean_test_score"],
        "deviations": results["std_test_score"],
    }
    return {**parts, **outcome(search.best_estimator_, data)}


@case("GridSearchCV")
def _():
    model = classifier(optimizer=Momentum(), max_iter=3, n_iter_no_change=np.inf)
    grid = {"optimizer__momentum": [0.5, 0.9], "learning_rate": ["step", "cosine"]}
    return search_outcome(GridSearchCV(model, grid, cv=3), DIGITS)


@case("CoarseToFineSearchCV")
def _():
    model = classifier(optimizer="sgd", max_iter=3)
    search = CoarseToFineSearchCV(model, values=[0.01, 0.1, 1.0, 1e6], scoring="neg_log_loss", cv=2)
    return search_outcome(search, DIGITS)


@case("LearningRateRangeTest")
def _():
    pipeline = make_pipeline(StandardScaler(), regressor(optimizer="momentum"))
    test = LearningRateRangeTest(pipeline, rates=[1e-3, 1e-2, 1e-1, 1e20], random_state=0)
    test.fit(NUMBERS.X, NUMBERS.y)
    names = ("rates_", "losses_", "scores_", "suggested_rate_")
    return {name: getattr(test, name) for name in names}


@case("cross_val_predict")
def _():
    pipeline = make_pipeline(StandardScaler(), classifier(early_stopping=True))
    return {
        method: cross_val_predict(pipeline, DIGITS.X, DIGITS.y, cv=3, method=method)
        for method in ("predict", "predict_proba")
    }


@case("diagnose")
def _():
    parts = {}
    for data, settings in ((DIGITS, {"bias_init": -2.0}), (BINARY, {"activation": "sigmoid"})):
        model = classifier(hidden_layer_sizes=(16, 12, 12), learning_rate_init=0.5, **settings)
        findings = diagnose(model.fit(data.X, data.y), data.X, data.y).findings
        name = next(iter(settings))
        parts[f"{name}: figures"] = [found.figure for found in findings]
        parts[f"{name}: words"] = str([str(found) for found in findings])
    return parts


@case("record_path")
def _():
    return {
        "classes": record_path(classifier(), DIGITS.X, DIGITS.y, epochs=3).parameters,
        "rebuilt": record_path(autoencoder(), DIGITS.X, epochs=3).parameters,
    }


def shown(display, prefix):
    """Return what a display shows."""
    parts = {}
    for name, value in vars(display).items():
        for key, entry in value.items() if isinstance(value, dict) else [("", value)]:
            parts[f"{prefix}{name} {key}"] = entry
    return parts


@case("displays")
def _():
    X, y = DIGITS.X, DIGITS.y
    model, tied = classifier(label_smoothing=0.1).fit(X, y), autoencoder().fit(X)
    way = record_path(model, X, y, epochs=4)
    on_way = {"directions": "path", "path": way.parameters, "n_points": 4}
    paths = OptimizerPathDisplay.from_surface("ravine", n_steps=30, draw=False)
    return {
        **shown(
            LossSurfaceDisplay.from_estimator(model, X, y, n_points=4, random_state=0, draw=False),
            "a: ",
        ),
        **shown(
            LossSurfaceDisplay.from_estimator(tied, X, n_points=4, random_state=0, draw=False),
            "b: ",
        ),
        **shown(
            LossSurfaceDisplay.from_estimator(way.estimator, X, y, **on_way, draw=False), "way: "
        ),
        **shown(
            LossCurveSliceDisplay.from_estimator(model, X, y, n_points=9, draw=False), "slice: "
        ),
        **{f"path {key}": value for key, value in paths.paths.items()},
        **{f"height {key}": value for key, value in paths.heights.items()},
        **shown(ActivationDisplay.from_registry(draw=False), "activation: "),
        **shown(
            LearningRateDisplay.from_schedules(epochs=10, steps_per_epoch=5, draw=False), "rate: "
        ),
        "outputs": [
            np.asarray(layer)
            for layers in ActivationStatisticsDisplay.from_estimator(
                model, X, draw=False
            ).outputs.values()
            for layer in layers
        ],
    }
