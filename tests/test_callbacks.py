"""scikit-learn's callbacks are told of fits and epochs, by all estimators and searches."""

import pickle
import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import accuracy_score, r2_score
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skdeep import (
    Autoencoder,
    Checkpoint,
    CNNClassifier,
    CNNRegressor,
    MLPClassifier,
    MLPRegressor,
    TabularMLPClassifier,
    TabularMLPRegressor,
    _callbacks,
    resume,
)
from skdeep.model_selection import CoarseToFineSearchCV, LearningRateRangeTest
from skdeep.training import milestones

if _callbacks.CallbackSupportMixin is None:
    pytest.skip("scikit-learn has callbacks since 1.9", allow_module_level=True)

rng = np.random.default_rng(0)
X = rng.standard_normal((60, 4))
NAMES = np.array(["low", "middle", "high"])[np.digitize(X[:, 0], [-0.4, 0.4])]
VALUES = X @ rng.standard_normal(4) + 10
WEIGHTS = rng.uniform(0.5, 2, 60)
FEW = {"max_iter": 3, "n_iter_no_change": np.inf, "random_state": 0}
NETWORKS = [
    (MLPClassifier, NAMES),
    (MLPRegressor, VALUES),
    (CNNClassifier, NAMES),
    (CNNRegressor, VALUES),
    (Autoencoder, None),
]
TABLES = [(TabularMLPClassifier, NAMES), (TabularMLPRegressor, VALUES)]


@pytest.fixture
def _every_epoch_is_kept(monkeypatch):
    """Whatever the time that a copy takes, so that an interruption goes back to the last epoch."""
    monkeypatch.setattr(milestones, "SHARE", np.inf)


class Recording:
    """Notes what it is told; not passed on to the estimators within another."""

    def __init__(self, answers=()):
        self.told = []
        self.answers = answers  # (task, number) at whose end it asks to stop

    def _note(self, what, context, **given):
        self.told.append((what, context.task_name, context.task_id, given))

    def setup(self, estimator, context):
        self._note("setup", context, estimator=estimator, most=context.max_subtasks)

    def on_fit_task_begin(
        self, estimator, context, *, X=None, y=None, metadata=None, fitted_estimator=None
    ):
        self._note("begin", context, estimator=estimator, fitted=fitted_estimator)

    def on_fit_task_end(
        self, estimator, context, *, X=None, y=None, metadata=None, fitted_estimator=None
    ):
        data = {"X": X, "y": y, "metadata": metadata}
        self._note("end", context, estimator=estimator, fitted=fitted_estimator, **data)
        return (context.task_name, context.task_id) in self.answers

    def teardown(self, estimator, context):
        self._note("teardown", context, estimator=estimator)

    def __call__(self, what=None, task=None):
        """Return what was told, of a kind and of tasks of a name."""
        return [
            given
            for told, name, _, given in self.told
            if what in (None, told) and task in (None, name)
        ]

    @property
    def course(self):
        return [told[:3] for told in self.told]


class Everywhere(Recording):
    """The same, passed on to all estimators within another."""

    max_propagation_depth = None


class Failing(Recording):
    """Raises an error at a moment."""

    def __init__(self, moment, error=RuntimeError):
        super().__init__()
        self.moment, self.error = moment, error

    def _note(self, what, context, **given):
        super()._note(what, context, **given)
        if (what, context.task_name, context.task_id) == self.moment:
            raise self.error("by intention")


def course(n_epochs):
    """Return what a callback is told of a fit of so many epochs."""
    epochs = [(what, "epoch", i) for i in range(n_epochs) for what in ("begin", "end")]
    fit = [(what, "fit", 0) for what in ("setup", "begin", "end", "teardown")]
    return [*fit[:2], *epochs, *fit[2:]]


# -- a fit ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "y"), NETWORKS)
@pytest.mark.parametrize("optimizer", ["adam", "lbfgs"])
def test_a_fit_and_its_epochs_are_told_of(kind, y, optimizer):
    callback = Recording()
    model = kind(optimizer=optimizer, **FEW)
    assert model.set_callbacks(callback) is model
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(X, y)
    assert callback.course == course(3)
    assert callback("setup")[0]["most"] == 3
    assert all(given["estimator"] is model for given in callback())


@pytest.mark.parametrize(("kind", "y"), [*NETWORKS, *TABLES])
def test_callbacks_do_not_change_the_model(kind, y):
    params = FEW if (kind, y) in NETWORKS else {"n_networks": 2, "effort": 0.1, "random_state": 0}
    model, told = kind(**params), kind(**params).set_callbacks(Recording())
    pair = [m.fit(X, y) for m in (model, told)]
    outputs = [m.transform(X) if y is None else m.predict(X) for m in pair]
    np.testing.assert_array_equal(*outputs)
    assert set(vars(told)) - set(vars(model)) == {"_skl_callbacks"}


@pytest.mark.parametrize("optimizer", ["adam", "lbfgs"])
def test_a_callback_ends_training_by_true(optimizer):
    callback = Recording(answers=[("epoch", 1)])
    model = MLPRegressor(max_iter=50, optimizer=optimizer, random_state=0).set_callbacks(callback)
    model.fit(X, VALUES)  # and there is no warning
    assert model.n_iter_ == 2
    assert callback.course == course(2)
    np.testing.assert_array_equal(
        callback("end", "epoch")[-1]["fitted"].predict(X), model.predict(X)
    )


def test_data_are_those_of_the_user():
    callback = Recording()
    table = pd.DataFrame(X, columns=list("abcd"))
    model = MLPClassifier(early_stopping=True, **FEW).set_callbacks(callback)
    model.fit(table, NAMES, WEIGHTS)
    for given in callback("end"):
        assert given["X"] is table
        assert given["y"] is NAMES
        assert list(given["metadata"]) == ["sample_weight"]
        assert given["metadata"]["sample_weight"] is WEIGHTS
    callback.told.clear()
    MLPClassifier(**FEW).set_callbacks(callback).fit(X, NAMES, X_val=X[:9], y_val=NAMES[:9])
    assert [given["metadata"] for given in callback("end")] == [{}] * 4


@pytest.mark.parametrize(("kind", "y"), NETWORKS)
def test_the_fitted_estimator_is_the_one_that_an_end_of_training_would_leave(kind, y):
    callback = Recording()
    kind(early_stopping=True, **FEW).set_callbacks(callback).fit(X, y)
    shown = [given["fitted"] for given in callback("end", "epoch")]
    for epochs, fitted in enumerate(shown, 1):
        params = {**FEW, "max_iter": epochs}
        expected = kind(early_stopping=True, **params).fit(X, y)
        outputs = [m.transform(X) if y is None else m.predict(X) for m in (fitted, expected)]
        np.testing.assert_array_equal(*outputs)
        assert fitted.loss_curve_ == expected.loss_curve_
        assert fitted.n_iter_ == epochs
        assert len(pickle.dumps(fitted._state)) < 1.2 * len(pickle.dumps(expected._state))


def test_the_fitted_estimator_has_the_best_parameters():
    callback = Recording()
    scores = iter([0.9, 0.1, 0.2, 0.3])
    model = MLPClassifier(
        early_stopping=True, scoring=lambda *_: next(scores), learning_rate_init=0.1, **FEW
    ).set_callbacks(callback)
    model.fit(X, NAMES)
    first, second, third = (given["fitted"] for given in callback("end", "epoch"))
    np.testing.assert_array_equal(first.coefs_[0], third.coefs_[0])
    np.testing.assert_array_equal(first.coefs_[0], model.coefs_[0])
    assert (first.n_iter_, second.n_iter_, third.n_iter_) == (1, 2, 3)


def test_at_the_begin_of_an_epoch_the_estimator_is_that_of_the_end_of_the_last():
    callback = Recording()
    MLPRegressor(**FEW).set_callbacks(callback).fit(X, VALUES)
    begins = [given["fitted"].predict(X) for given in callback("begin", "epoch")]
    ends = [given["fitted"].predict(X) for given in callback("end", "epoch")]
    np.testing.assert_array_equal(begins[1:], ends[:-1])
    assert np.abs(begins[0] - ends[0]).max() > 0


def test_nothing_is_copied_unless_a_callback_asks_for_it(monkeypatch):
    class Plain:
        n_ends = 0

        def setup(self, estimator, context):
            pass

        def on_fit_task_begin(self, estimator, context):
            pass

        def on_fit_task_end(self, estimator, context):
            self.n_ends += 1

        def teardown(self, estimator, context):
            pass

    def refuse(*_):
        raise AssertionError

    callback = Plain()
    monkeypatch.setattr(MLPRegressor, "_in_memory_of_its_own", refuse)
    MLPRegressor(**FEW).set_callbacks(callback).fit(X, VALUES)
    assert callback.n_ends == 4


def test_a_fitted_estimator_has_no_names_of_an_earlier_fit():
    callback = Recording()
    model = MLPRegressor(**FEW).fit(pd.DataFrame(X, columns=list("abcd")), VALUES)
    model.set_callbacks(callback).fit(X, VALUES)
    assert not hasattr(callback("end", "epoch")[0]["fitted"], "feature_names_in_")
    callback("end", "epoch")[0]["fitted"].predict(X)  # else there were a warning


def test_a_fitted_estimator_can_be_trained_on_and_pickled():
    callback = Recording()
    model = MLPRegressor(warm_start=True, **FEW).set_callbacks(callback).fit(X, VALUES)
    second = callback("end", "epoch")[1]["fitted"].set_callbacks()
    second.set_params(max_iter=1).fit(X, VALUES)
    np.testing.assert_array_equal(second.predict(X), model.predict(X))
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(second)).predict(X), second.predict(X))


def test_a_warm_start_is_told_of_from_zero():
    callback = Recording()
    model = MLPRegressor(warm_start=True, **FEW).fit(X, VALUES)
    model.set_callbacks(callback).fit(X, VALUES)
    assert callback.course == course(3)
    assert len(model.loss_curve_) == 6


def test_partial_fit_tells_nothing():
    callback = Recording()
    MLPRegressor(random_state=0).set_callbacks(callback).partial_fit(X, VALUES)
    assert callback.told == []


def test_set_callbacks_without_any_takes_them_away():
    callback = Recording()
    model = MLPRegressor(**FEW).set_callbacks(callback).set_callbacks().fit(X, VALUES)
    assert callback.told == []
    assert "_skl_callbacks" not in vars(model)


def test_clones_keep_callbacks():
    callback = Recording()
    clone(MLPRegressor(**FEW).set_callbacks(callback)).fit(X, VALUES)
    assert callback.course == course(3)


@pytest.mark.usefixtures("_every_epoch_is_kept")
def test_a_resumed_fit_is_told_of(tmp_path):
    checkpoint = Checkpoint(tmp_path / "fit", every=1)
    whole = MLPRegressor(**FEW).fit(X, VALUES)
    failing = Failing(("begin", "epoch", 2), KeyboardInterrupt)
    model = MLPRegressor(callbacks=[checkpoint], **FEW).set_callbacks(failing)
    with pytest.raises(KeyboardInterrupt):
        model.fit(X, VALUES)
    assert resume(tmp_path / "fit").n_iter_ == 2
    later = resume(tmp_path / "fit", X, VALUES)
    np.testing.assert_array_equal(later.predict(X), whole.predict(X))
    (callback,) = later._skl_callbacks
    assert callback.course[-6:] == course(1)
    assert callback("setup")[-1]["most"] == 1


# -- errors and interruptions --------------------------------------------------------------------

MOMENTS = [
    ("setup", "fit", 0),
    ("begin", "fit", 0),
    ("begin", "epoch", 0),
    ("end", "epoch", 1),
    ("end", "fit", 0),
    ("teardown", "fit", 0),
]


@pytest.mark.parametrize("optimizer", ["adam", "lbfgs"])
@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_after_an_error_callbacks_are_torn_down_and_the_model_is_as_it_was(moment, optimizer):
    failing, other = Failing(moment), Recording()
    model = MLPRegressor(optimizer=optimizer, **FEW).fit(X, VALUES)
    model.set_callbacks(failing, other)
    before = dict(vars(model)), model.predict(X), dict(model.history_)
    with pytest.raises(RuntimeError, match="by intention"):
        model.fit(X, -VALUES)
    assert failing.course[-1] == ("teardown", "fit", 0)
    is_set_up = moment[0] != "setup"  # one that has not been set up is not torn down
    assert [told[:1] for told in other.course[-1:]] == ([("teardown",)] if is_set_up else [])
    assert vars(model) == before[0]
    np.testing.assert_array_equal(model.predict(X), before[1])
    assert model.history_ == before[2]
    model.set_callbacks().fit(X, -VALUES)  # and the next one goes well


@pytest.mark.parametrize("kind", [MLPClassifier, TabularMLPClassifier])
def test_after_bad_data_callbacks_are_torn_down(kind):
    callback = Recording()
    model = kind().set_callbacks(callback)
    with pytest.raises(ValueError, match=r"rows|samples|inconsistent"):
        model.fit(X, NAMES[:-1])
    assert [told[0] for told in callback.course] == ["setup", "begin", "teardown"]
    assert set(vars(model)) == {*model.get_params(deep=False), "_skl_callbacks"}


@pytest.mark.parametrize("kind", [MLPClassifier, TabularMLPClassifier])
def test_with_a_wrong_parameter_callbacks_are_not_even_set_up(kind):
    callback = Recording()
    with pytest.raises(ValueError, match="dropout"):
        kind(dropout=2).set_callbacks(callback).fit(X, NAMES)
    assert callback.told == []


@pytest.mark.usefixtures("_every_epoch_is_kept")
def test_after_an_interruption_callbacks_are_torn_down_and_the_model_is_kept():
    failing = Failing(("begin", "epoch", 2), KeyboardInterrupt)
    model = MLPRegressor(**FEW).set_callbacks(failing)
    with pytest.raises(KeyboardInterrupt):
        model.fit(X, VALUES)
    assert failing.course[-1] == ("teardown", "fit", 0)
    assert model.n_iter_ == 2
    shorter = MLPRegressor(**{**FEW, "max_iter": 2}).fit(X, VALUES)
    np.testing.assert_array_equal(model.predict(X), shorter.predict(X))
    assert not {"_callback_fit_ctx", "_skl_callbacks_to_teardown"} & set(vars(model))


# -- within others -------------------------------------------------------------------------------


def test_within_a_pipeline_an_autoencoder_and_a_network_are_told_of():
    callback = Everywhere()
    encoder, network = Autoencoder((3,), **FEW), MLPClassifier(**FEW)
    model = make_pipeline(StandardScaler(), encoder, network)
    model.set_callbacks(callback).fit(X, NAMES)
    epochs = callback("end", "epoch")
    assert [given["estimator"] for given in epochs] == [encoder] * 3 + [network] * 3
    assert [name for what, name, *_ in callback.course if what == "setup"] == ["fit"]
    assert epochs[0]["y"] is None
    for estimator in (encoder, network):
        assert not {"_skl_callbacks", "_parent_callback_ctx"} & set(vars(estimator))
        assert "_parent_callback_ctx" not in vars(epochs[-1]["fitted"])


def test_a_checkpoint_within_a_pipeline_knows_nothing_of_it(tmp_path):
    checkpoint = Checkpoint(tmp_path / "fit", every=1)
    network = MLPClassifier(callbacks=[checkpoint], **FEW)
    callback = Everywhere()
    callback.lock = (i for i in ())  # cannot be pickled
    pipeline = make_pipeline(StandardScaler(), network).set_callbacks(callback)
    with pytest.raises(TypeError, match="cannot be pickled"):
        pipeline.fit(X, NAMES)
    del callback.lock
    pipeline.fit(X, NAMES)
    assert "_parent_callback_ctx" not in vars(resume(tmp_path / "fit"))


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_scores_of_all_fits_of_a_grid_search_are_monitored(n_jobs):
    from sklearn.callback import ScoringMonitor

    monitor = ScoringMonitor(scoring=["accuracy", "neg_log_loss"])
    network = MLPClassifier(**FEW).set_callbacks(monitor)
    pipeline = make_pipeline(StandardScaler(), network)
    grid = {"mlpclassifier__learning_rate_init": [0.01, 0.1]}
    search = GridSearchCV(pipeline, grid, cv=2, n_jobs=n_jobs).fit(X, NAMES)
    rows = monitor.get_logs().data
    assert [row["task_name"] for row in rows].count("epoch") == (2 * 2 + 1) * 3
    last = max(rows, key=lambda row: (row["task_id_path"][:2] == (0, 1), row["task_id_path"]))
    assert last["accuracy"] == search.score(X, NAMES)


def test_scores_are_weighted_and_those_of_the_epochs():
    from sklearn.callback import ScoringMonitor

    monitor, callback = ScoringMonitor(scoring="r2"), Recording()
    MLPRegressor(**FEW).set_callbacks(monitor, callback).fit(
        X, VALUES, WEIGHTS, X_val=X, y_val=VALUES
    )
    rows = [row for row in monitor.get_logs().data if row["task_name"] == "epoch"]
    fitted = [given["fitted"] for given in callback("end", "epoch")]
    expected = [r2_score(VALUES, model.predict(X), sample_weight=WEIGHTS) for model in fitted]
    assert [row["r2"] for row in rows] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_a_progress_bar_reaches_its_end(n_jobs, capsys):
    pytest.importorskip("rich")
    from sklearn.callback import ProgressBar

    bar = ProgressBar(max_propagation_depth=None)
    grid = {"learning_rate_init": [0.01, 0.1]}
    search = GridSearchCV(MLPClassifier(**FEW), grid, cv=2, n_jobs=n_jobs).set_callbacks(bar)
    search.fit(X, NAMES)
    printed = capsys.readouterr().out
    assert printed.count("MLPClassifier - fit") == 5
    assert printed.count("100%") >= 6


@pytest.mark.parametrize("is_piped", [False, True])
def test_progress_and_scores_together(is_piped, capsys):
    pytest.importorskip("rich")
    from sklearn.callback import ProgressBar, ScoringMonitor

    bar, monitor = ProgressBar(max_propagation_depth=None), ScoringMonitor(scoring="accuracy")
    network = MLPClassifier(**FEW)
    if is_piped:
        model = make_pipeline(StandardScaler(), network.set_callbacks(monitor)).set_callbacks(bar)
    else:
        model = network.set_callbacks(bar, monitor)
    model.fit(X, NAMES)
    assert [row["task_name"] for row in monitor.get_logs().data].count("epoch") == 3
    printed = capsys.readouterr().out
    assert "MLPClassifier - fit" in printed
    assert "100%" in printed


# -- our searches, the range test and the tabular estimators -------------------------------------


def test_a_coarse_to_fine_search_passes_callbacks_on():
    callback = Everywhere()
    network = MLPClassifier(**FEW)
    search = CoarseToFineSearchCV(network, values=[0.01, 0.1], n_between=1, cv=2)
    search.set_callbacks(callback).fit(X, NAMES)
    n_fits = 2 * len(search.cv_results_["round"]) + 1
    ends = [(name, number) for what, name, number, _ in callback.told if what == "end"]
    assert [name for name, _ in ends].count("epoch") == 3 * n_fits
    assert [end for end in ends if end[0] in ("round", "search")] == [
        ("round", 0),
        ("round", 1),
        ("search", 0),
    ]
    owners = [type(given["estimator"]) for given in callback("end", "epoch")]
    assert set(owners) == {MLPClassifier}
    assert callback.course[-1] == ("teardown", "fit", 0)
    assert set(search.cv_results_["round"]) == {0, 1}


def test_a_coarse_to_fine_search_stops_after_a_round():
    callback = Recording(answers=[("round", 0)])
    search = CoarseToFineSearchCV(MLPClassifier(**FEW), values=[0.01, 0.1], n_rounds=3, cv=2)
    search.set_callbacks(callback).fit(X, NAMES)
    assert search.cv_results_["round"].tolist() == [0, 0]


@pytest.mark.parametrize("n_jobs", [1, 2])
@pytest.mark.filterwarnings("ignore:LearningRateRangeTest suggests")
def test_a_range_test_passes_callbacks_on(n_jobs):
    from sklearn.callback import ScoringMonitor

    monitor = ScoringMonitor(scoring="accuracy")
    network = MLPClassifier(random_state=0).set_callbacks(monitor)
    options = {"rates": [0.01, 0.1], "epochs": 2, "random_state": 0}
    callback = Everywhere() if n_jobs == 1 else Recording()
    test = LearningRateRangeTest(network, n_jobs=n_jobs, **options).set_callbacks(callback)
    test.fit(X, NAMES)
    rows = monitor.get_logs().data
    assert [row["task_name"] for row in rows].count("epoch") == 2 * 2
    assert callback("setup")[0]["estimator"] is test
    assert callback.course[-1] == ("teardown", "fit", 0)
    if n_jobs == 1:
        owners = [type(given["estimator"]) for given in callback("end", "fit")]
        assert owners == [MLPClassifier] * 2 + [GridSearchCV, LearningRateRangeTest]
        assert len(callback("end", "epoch")) == 2 * 2
    plain = LearningRateRangeTest(MLPClassifier(random_state=0), **options).fit(X, NAMES)
    np.testing.assert_array_equal(test.losses_, plain.losses_)


@pytest.mark.parametrize(("kind", "y"), TABLES)
def test_a_tabular_estimator_tells_of_its_networks_and_passes_callbacks_on(kind, y):
    params = {"n_networks": 2, "effort": 0.1, "random_state": 0}
    callback, everywhere = Recording(), Everywhere()
    model = kind(**params).set_callbacks(callback, everywhere).fit(X, y)
    ends = [(name, number) for what, name, number, _ in callback.told if what == "end"]
    assert ends == [("network", 0), ("network", 1), ("fit", 0)]
    n_epochs = [len(network.loss_curve_) for network in model.networks_]
    assert len(everywhere("end", "epoch")) == 2 * n_epochs[0]
    fitted = callback("end", "fit")[0]["fitted"]
    np.testing.assert_array_equal(fitted.predict(X), model.predict(X))


def test_scores_of_a_tabular_estimator_are_monitored_in_two_jobs():
    from sklearn.callback import ScoringMonitor

    monitor = ScoringMonitor(scoring="accuracy")
    model = TabularMLPClassifier(n_networks=2, effort=0.1, n_jobs=2, random_state=0)
    model.set_callbacks(monitor).fit(X, NAMES)
    (row,) = [row for row in monitor.get_logs().data if "accuracy" in row]
    assert row["accuracy"] == accuracy_score(NAMES, model.predict(X))


def test_a_callback_may_stop_the_networks_of_a_tabular_estimator():
    callback = Everywhere(answers=[("epoch", 1)])
    model = TabularMLPRegressor(n_networks=2, effort=0.1, random_state=0)
    model.set_callbacks(callback).fit(X, VALUES)
    assert {len(network.loss_curve_) for network in model.networks_} == {2}
    assert np.isfinite(model.predict(X)).all()


# -- what is no callback of scikit-learn's -------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (Recording, r"Recording is a class; write Recording\(...\)"),
        (Checkpoint("fit"), r"observer of skdeep's: .* MLPClassifier\(callbacks=\[...\]\)"),
        (3, "FitCallback protocol"),
    ],
)
def test_what_is_no_callback_is_refused(wrong, words):
    model = MLPClassifier()
    with pytest.raises(TypeError, match=words):
        model.set_callbacks(Recording(), wrong)
    assert "_skl_callbacks" not in vars(model)
