"""Validation: the split or the user's data, the score, patience, the best model, the history."""

import re
import warnings

import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import (
    accuracy_score,
    balanced_accuracy_score,
    f1_score,
    log_loss,
    make_scorer,
    r2_score,
)

from skdeep import Autoencoder, MLPClassifier, MLPRegressor
from skdeep.estimators import checks

rng = np.random.default_rng(0)
X, X_VAL = rng.standard_normal((120, 4)), rng.standard_normal((50, 4))
VALUES = X[:, 0] * X[:, 1] + 0.3 * rng.standard_normal(120)
V_VAL = X_VAL[:, 0] * X_VAL[:, 1] + 0.3 * rng.standard_normal(50)
LABELS, Y_VAL = (VALUES > 0).astype(int), (V_VAL > 0).astype(int)
OWN = {"X_val": X_VAL, "y_val": Y_VAL}
ANY = {"max_iter": 30, "n_iter_no_change": np.inf, "batch_size": 16, "random_state": 0}
KEYS = ["loss", "learning_rate", "gradient_norm", "validation_loss", "validation_score", "seconds"]


def classifier(**params):
    return MLPClassifier((12,), **{**ANY, "learning_rate_init": 0.02, **params})


@pytest.fixture
def splits(monkeypatch):
    """The splits that are made, as (training rows, validation rows)."""
    made, split = [], checks.split

    def recorded(*args):
        made.append(split(*args))
        return made[-1]

    monkeypatch.setattr(checks, "split", recorded)
    return made


# -- the best model --------------------------------------------------------------------------


def test_the_best_epoch_is_returned_with_own_data():
    model = classifier(early_stopping=True).fit(X, LABELS, **OWN)
    scores = model.history_["validation_score"]
    assert model.best_validation_score_ == max(scores) > scores[-1]
    assert model.score(X_VAL, Y_VAL) == max(scores)
    best = int(np.argmax(scores)) + 1
    np.testing.assert_array_equal(
        model.coefs_[0], classifier(max_iter=best).fit(X, LABELS).coefs_[0]
    )
    assert model.n_iter_ == 30


def test_the_best_epoch_is_returned_with_a_split(splits):
    model = classifier(early_stopping=True, validation_fraction=0.3).fit(X, LABELS)
    ((train, held),) = splits
    assert model.score(X[held], LABELS[held]) == model.best_validation_score_
    assert model.best_validation_score_ > model.validation_scores_[-1]
    assert sorted([*train, *held]) == list(range(120))
    assert len(held) == 36
    assert model.t_ == 84 * 30


def test_the_best_regressor_is_returned():
    model = MLPRegressor((12,), early_stopping=True, learning_rate_init=0.2, **ANY)
    model.fit(X, VALUES, X_val=X_VAL, y_val=V_VAL)
    scores = model.history_["validation_score"]
    assert max(scores) > scores[-1]
    assert r2_score(V_VAL, model.predict(X_VAL)) == pytest.approx(max(scores), abs=1e-5)


def test_without_early_stopping_the_last_epoch_is_returned():
    model = classifier().fit(X, LABELS, **OWN)
    assert model.score(X_VAL, Y_VAL) == model.validation_scores_[-1] < model.best_validation_score_
    np.testing.assert_array_equal(model.coefs_[0], classifier().fit(X, LABELS).coefs_[0])


@pytest.mark.parametrize("early_stopping", [False, True])
def test_the_best_full_batch_iterate_is_returned(early_stopping):
    model = classifier(optimizer="lbfgs", early_stopping=early_stopping, tol=1e-9)
    with pytest.warns(match="max_iter=30"):
        model.fit(X, LABELS, **OWN)
    assert len(model.validation_scores_) == model.n_iter_ == 30
    expected = max(model.validation_scores_) if early_stopping else model.validation_scores_[-1]
    assert model.score(X_VAL, Y_VAL) == expected
    assert model.validation_scores_[-1] < max(model.validation_scores_)


# -- patience --------------------------------------------------------------------------------


def scripted(scores):
    """A scorer that gives these numbers in turn, and the last one for ever."""
    left = list(scores)
    return lambda estimator, X, y: left.pop(0) if len(left) > 1 else left[0]


@pytest.mark.parametrize("optimizer", ["adam", "lbfgs"])
@pytest.mark.parametrize(
    ("scores", "patience", "epochs"),
    [
        ([0.5, 0.4], 1, 2),
        ([0.5, 0.4], 3, 4),
        ([0.5, 0.4, 0.6, 0.6], 2, 5),
        ([0.5, 0.52, 0.54, 0.54], 2, 5),  # a rise by less than tol is none, but rises add up
        ([0.5, 0.5, 0.5, 0.7, 0.1], 3, 7),
    ],
)
def test_training_stops_after_so_many_epochs_without_progress(optimizer, scores, patience, epochs):
    model = classifier(early_stopping=True, scoring=scripted(scores), n_iter_no_change=patience)
    model.set_params(optimizer=optimizer, tol=0.01 if optimizer == "adam" else 0)
    model.fit(X, LABELS)
    assert model.n_iter_ == epochs
    assert model.best_validation_score_ == max(scores)


def test_progress_is_more_than_tol():
    scores = [0.5, 0.505, 0.509, 0.515, 0.515]
    model = classifier(early_stopping=True, scoring=scripted(scores), n_iter_no_change=3, tol=0.1)
    assert model.fit(X, LABELS).n_iter_ == 4
    assert model.best_validation_score_ == 0.515


def test_patience_without_validation_watches_the_loss():
    model = classifier(learning_rate_init=1e-9, n_iter_no_change=4)
    with pytest.warns(ConvergenceWarning, match="below the resolution of the parameters"):
        model.fit(X, LABELS)
    assert model.n_iter_ == 5
    assert model.validation_scores_ is model.best_validation_score_ is None
    assert "validation_loss" not in model.history_


@pytest.mark.parametrize(
    "watched", [{"early_stopping": False}, {"scoring": scripted(range(-20, 0))}]
)
def test_patience_begins_anew_when_something_else_is_watched(watched):
    model = classifier(early_stopping=True, warm_start=True, max_iter=5).fit(X, LABELS)
    # an accuracy was watched, above all that comes now: to go by it would be to stop at once
    model.set_params(**watched, n_iter_no_change=2, tol=0, learning_rate_init=1e-4, max_iter=20)
    with pytest.warns(match="max_iter=20"):
        model.fit(X, LABELS)
    assert model.n_iter_ == 20


# -- the user's own data, scoring and weights -----------------------------------------------


@pytest.mark.parametrize("params", [{"early_stopping": True}, {"learning_rate": "validation"}])
def test_own_data_take_the_place_of_the_split(params, splits):
    model = classifier(**params).fit(X, LABELS, **OWN)
    assert splits == []
    assert model.t_ == 120 * model.n_iter_
    classifier(**params).fit(X, LABELS)
    assert len(splits) == 1


def test_no_split_where_nothing_is_validated(splits):
    classifier(learning_rate="adaptive").fit(X, LABELS)
    assert splits == []


def last(model, sample_weight_val=None):
    """Return the model after one epoch, and its validation score."""
    model.set_params(max_iter=1).fit(X, LABELS, **OWN, sample_weight_val=sample_weight_val)
    return model, model.validation_scores_[-1]


SCORERS = {
    "balanced_accuracy": balanced_accuracy_score,
    "f1": f1_score,
    make_scorer(f1_score, pos_label=0): lambda y, p: f1_score(y, p, pos_label=0),
    (lambda model, X, y: -float(np.sum(model.predict(X) != y))): lambda y, p: -np.sum(y != p),
    None: accuracy_score,
}


@pytest.mark.parametrize(("scoring", "metric"), SCORERS.items())
def test_scoring_by_name_or_callable(scoring, metric):
    model, score = last(classifier(scoring=scoring))
    assert score == metric(Y_VAL, model.predict(X_VAL))


def test_scoring_by_probabilities():
    model, score = last(classifier(scoring="neg_log_loss"))
    assert score == pytest.approx(-model.history_["validation_loss"][-1], rel=1e-6)


@pytest.mark.parametrize("scoring", [None, "accuracy"])
def test_validation_weights_count(scoring):
    weights = rng.random(50)
    model, score = last(classifier(scoring=scoring), weights)
    expected = accuracy_score(Y_VAL, model.predict(X_VAL), sample_weight=weights)
    assert score == pytest.approx(expected)
    proba = model.predict_proba(X_VAL)[np.arange(50), Y_VAL]
    expected = np.average(-np.log(proba), weights=weights)
    assert model.history_["validation_loss"][-1] == pytest.approx(expected, rel=1e-5)


def test_weights_of_the_split_count(splits):
    weights = rng.random(120)
    model = classifier(early_stopping=True).fit(X, LABELS, sample_weight=weights)
    held = splits[0][1]
    score = model.score(X[held], LABELS[held], sample_weight=weights[held])
    assert model.best_validation_score_ == pytest.approx(score)


SEVERAL = {
    "list": ["balanced_accuracy", "neg_log_loss"],
    "tuple": ("balanced_accuracy", "neg_log_loss"),
    "dict": {
        "balanced_accuracy": lambda model, X, y: balanced_accuracy_score(y, model.predict(X)),
        "neg_log_loss": "neg_log_loss",
    },
}


@pytest.mark.parametrize("scoring", SEVERAL.values(), ids=SEVERAL)
def test_several_scores_are_kept_of_every_epoch(scoring):
    model, score = last(classifier(scoring=scoring))
    expected = balanced_accuracy_score(Y_VAL, model.predict(X_VAL))
    assert score == expected == model.history_["validation_balanced_accuracy"][-1]
    loss = log_loss(Y_VAL, model.predict_proba(X_VAL))
    assert model.history_["validation_neg_log_loss"] == [pytest.approx(-loss)]
    names = ["validation_balanced_accuracy", "validation_neg_log_loss"]
    assert list(model.history_) == [*KEYS[:-1], *names, "seconds"]


def test_weights_count_in_several_scores():
    weights = rng.random(50)
    model, _ = last(classifier(scoring=["accuracy", "f1"]), weights)
    expected = f1_score(Y_VAL, model.predict(X_VAL), sample_weight=weights)
    assert model.history_["validation_f1"] == [pytest.approx(expected)]


@pytest.mark.parametrize("optimizer", ["adam", "lbfgs"])
def test_the_first_of_several_scores_decides(optimizer):
    rising, falling = (scripted(values) for values in (range(9), range(9, 0, -1)))
    params = {"early_stopping": True, "n_iter_no_change": 2, "max_iter": 6, "optimizer": optimizer}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        first = classifier(scoring={"a": rising, "b": falling}, **params).fit(X, LABELS)
        scoring = {"b": scripted(range(9, 0, -1)), "a": scripted(range(9))}
        second = classifier(scoring=scoring, **params).fit(X, LABELS)
    assert (first.n_iter_, second.n_iter_) == (6, 3)
    assert first.best_validation_score_ == 5
    assert first.history_["validation_b"] == [9, 8, 7, 6, 5, 4]
    assert second.validation_scores_ == second.history_["validation_b"] == [9, 8, 7]


def test_only_the_first_of_several_scores_may_not_be_nan():
    scores = {"a": scripted(range(9)), "b": lambda *_: np.nan}
    model, _ = last(classifier(scoring=scores))
    assert np.isnan(model.history_["validation_b"]).all()
    with pytest.raises(ValueError, match="scoring gave nan"):
        last(classifier(scoring=dict(reversed(scores.items()))))


def test_scores_may_be_added_where_training_goes_on():
    params = {"early_stopping": True, "warm_start": True, "max_iter": 2}
    model = classifier(scoring="accuracy", **params).fit(X, LABELS)
    best = model.best_validation_score_
    model.set_params(scoring=["accuracy", "f1"]).fit(X, LABELS)
    is_missing = np.isnan(model.history_["validation_f1"])
    assert is_missing.tolist() == [True, True, False, False]
    assert model.best_validation_score_ >= best  # it is still the accuracy that is watched
    model.set_params(scoring=["f1", "accuracy"]).fit(X, LABELS)
    assert model.best_validation_score_ == max(model.history_["validation_f1"][4:])


def test_several_scores_of_an_autoencoder():
    scores = {"a": lambda model, X, y: model.score(X), "b": lambda model, X, y: 3}
    model = Autoencoder((2,), scoring=scores, **{**ANY, "max_iter": 2}).fit(X, X_val=X_VAL)
    assert model.history_["validation_b"] == [3, 3]
    assert model.validation_scores_[-1] == pytest.approx(model.score(X_VAL))
    with pytest.raises(ValueError, match="needs predictions"):
        model.set_params(scoring={"a": "r2"}).fit(X, X_val=X_VAL)


def test_scoring_of_string_labels():
    names = np.array(["no", "yes"])
    scoring = make_scorer(f1_score, pos_label="yes")
    model = classifier(scoring=scoring, max_iter=1)
    model.fit(X, names[LABELS], X_val=X_VAL, y_val=names[Y_VAL])
    expected = f1_score(names[Y_VAL], model.predict(X_VAL), pos_label="yes")
    assert model.validation_scores_ == [expected]


# -- the split ------------------------------------------------------------------------------


def test_the_split_keeps_the_proportions(splits):
    y = np.repeat([0, 1, 2, 3], [60, 30, 20, 10])
    classifier(early_stopping=True, validation_fraction=0.2).fit(X, y)
    ((train, held),) = splits
    assert np.bincount(y[held]).tolist() == [12, 6, 4, 2]
    assert np.bincount(y[train]).tolist() == [48, 24, 16, 8]


@pytest.mark.parametrize("fraction", [0.05, 0.1, 0.5])
def test_classes_with_one_member_stay_in_training(fraction, splits):
    y = np.where(np.arange(120) < 110, LABELS, np.arange(120))
    model = classifier(early_stopping=True, validation_fraction=fraction, max_iter=1).fit(X, y)
    ((train, held),) = splits
    assert set(y[train]) == set(y) == set(model.classes_)
    assert set(y[held]) == {0, 1}


def test_rows_without_weight_are_in_neither_part(splits):
    weights = (np.arange(120) % 3 > 0).astype(float)
    classifier(early_stopping=True, max_iter=1).fit(X, LABELS, sample_weight=weights)
    ((train, held),) = splits
    assert sorted([*train, *held]) == np.flatnonzero(weights).tolist()


def test_the_split_is_the_same_when_training_goes_on(splits):
    model = classifier(early_stopping=True, warm_start=True).fit(X, LABELS)
    model.fit(X, LABELS)
    np.testing.assert_array_equal(splits[0][1], splits[1][1])
    classifier(early_stopping=True, random_state=1).fit(X, LABELS)
    assert not np.array_equal(splits[0][1], splits[2][1])


# -- history and verbose --------------------------------------------------------------------


@pytest.mark.parametrize("optimizer", ["adam", "line_search", "lbfgs"])
@pytest.mark.parametrize("validated", [False, True])
def test_history_has_an_entry_an_epoch(optimizer, validated):
    model = classifier(optimizer=optimizer, max_iter=4, tol=1e-9)
    with pytest.warns() if optimizer == "lbfgs" else np.errstate():
        model.fit(X, LABELS, **(OWN if validated else {}))
    keys = KEYS if validated else [key for key in KEYS if "validation" not in key]
    assert sorted(model.history_) == sorted(keys)
    assert {len(entries) for entries in model.history_.values()} == {4}
    assert all(type(entry) is float for entries in model.history_.values() for entry in entries)
    assert min(model.history_["seconds"]) > 0


def test_history_stays_equally_long_when_validation_comes_and_goes():
    model = classifier(max_iter=2, warm_start=True).fit(X, LABELS).fit(X, LABELS, **OWN)
    model.fit(X, LABELS).partial_fit(X, LABELS)
    assert {len(entries) for entries in model.history_.values()} == {7}
    scores = np.array(model.history_["validation_score"])
    assert np.flatnonzero(~np.isnan(scores)).tolist() == [2, 3]
    assert model.best_validation_score_ == max(scores[2:4])


@pytest.mark.parametrize("optimizer", ["adam", "lbfgs"])
def test_verbose_prints_a_line_an_epoch(optimizer, capsys):
    model = classifier(optimizer=optimizer, verbose=True, early_stopping=True, n_iter_no_change=3)
    model.fit(X, LABELS)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == model.n_iter_
    number = r"([-+.\de]+)"
    pattern = f"epoch +{number}  loss {number}  validation score {number}  rate {number}  .+ s"
    for i, line in enumerate(lines):
        epoch, loss, score, rate = map(float, re.fullmatch(pattern, line).groups())
        assert epoch == i + 1
        assert loss == pytest.approx(model.history_["loss"][i], abs=1e-6)
        assert score == pytest.approx(model.history_["validation_score"][i], abs=1e-4)
        assert rate == pytest.approx(model.history_["learning_rate"][i], rel=1e-2)


def test_verbose_every_so_many_epochs(capsys):
    classifier(verbose=10).fit(X, LABELS)
    lines = capsys.readouterr().out.splitlines()
    assert [int(line.split()[1]) for line in lines] == [10, 20, 30]
    classifier().fit(X, LABELS)
    assert capsys.readouterr().out == ""
