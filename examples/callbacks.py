"""Callbacks of scikit-learn's kind: time left, a live plot, pruned trials, and a line per epoch
================================================================================================

Each is a few lines. All are given by ``set_callbacks``, which needs scikit-learn 1.9 or newer; the
last two need Optuna and MLflow (pip install optuna mlflow), and are left out where these are not
installed. What watches a network from inside, as Checkpoint does, is an observer instead: it is
given to the constructor, as ``callbacks=[...]``, and works with any version.
"""

import sys
import tempfile
from importlib.util import find_spec
from time import perf_counter

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from skdeep import MLPClassifier

if find_spec("sklearn.callback") is None:
    print("scikit-learn is older than 1.9: pip install -U scikit-learn")
    sys.exit()


class Callback:
    """Does nothing; a callback must have all four methods."""

    def setup(self, estimator, context):
        """Take note that a fit is about to begin."""

    def on_fit_task_begin(self, estimator, context):
        """Take note that the fit, or an epoch, begins."""

    def on_fit_task_end(self, estimator, context):
        """Take note that it ends; True stops training."""

    def teardown(self, estimator, context):
        """Take note that the fit is over, be it by an error."""


class TimeLeft(Callback):
    """Prints how far training is, and how long it will take."""

    def setup(self, estimator, context):
        self.start, self.n_epochs = perf_counter(), context.max_subtasks

    def on_fit_task_end(self, estimator, context):
        done = context.task_id + 1
        if context.task_name == "epoch" and done % 10 == 0:
            left = (perf_counter() - self.start) / done * (self.n_epochs - done)
            print(f"epoch {done} of {self.n_epochs}, at most {left:.1f} s left")


class LivePlot(Callback):
    """Draws the losses while training goes on."""

    def setup(self, estimator, context):
        self.figure, self.ax = plt.subplots()

    def on_fit_task_end(self, estimator, context, *, fitted_estimator=None):
        self.ax.clear()
        for name in ("loss", "validation_loss"):
            self.ax.plot(fitted_estimator.history_[name], label=name)
        self.ax.legend()
        plt.pause(0.001)  # lets the window draw; in a notebook, display(self.figure)


class Pruning(Callback):
    """Lets Optuna end the trials that are worse than others were after as many epochs."""

    def __init__(self, trial):
        self.trial = trial

    def on_fit_task_end(self, estimator, context, *, fitted_estimator=None):
        if context.task_name == "epoch":
            self.trial.report(fitted_estimator.validation_scores_[-1], context.task_id)
            if self.trial.should_prune():
                raise optuna.TrialPruned  # leaves the estimator as it was before the fit


class LogToMLflow(Callback):
    """Logs the history of every epoch in the active run."""

    def on_fit_task_end(self, estimator, context, *, fitted_estimator=None):
        if context.task_name == "epoch":
            last = {name: values[-1] for name, values in fitted_estimator.history_.items()}
            mlflow.log_metrics(last, step=context.task_id)


X, y = load_digits(return_X_y=True)
X, X_val, y, y_val = train_test_split(X / 16, y, random_state=0)
given = {"X_val": X_val, "y_val": y_val}
model = MLPClassifier(max_iter=30, n_iter_no_change=np.inf, random_state=0)
model.set_callbacks(TimeLeft(), LivePlot()).fit(X, y, **given)
print(f"accuracy {model.score(X_val, y_val):.3f}")

if find_spec("optuna"):
    import optuna

    def accuracy(trial):
        """Return the validation score of a trial."""
        rate = trial.suggest_float("learning_rate_init", 1e-5, 1, log=True)
        model.set_params(learning_rate_init=rate).set_callbacks(Pruning(trial))
        return model.fit(X, y, **given).validation_scores_[-1]

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    sampler = optuna.samplers.RandomSampler(seed=0)
    study = optuna.create_study(direction="maximize", sampler=sampler)
    study.optimize(accuracy, n_trials=20)
    pruned = sum(trial.state.name == "PRUNED" for trial in study.trials)
    print(f"Optuna: {study.best_value:.3f} with {study.best_params}, {pruned} of 20 trials pruned")

if find_spec("mlflow"):
    import mlflow

    with tempfile.TemporaryDirectory() as folder:
        mlflow.set_tracking_uri(f"sqlite:///{folder}/runs.db")
        with mlflow.start_run() as run:
            model.set_params(max_iter=5).set_callbacks(LogToMLflow()).fit(X, y, **given)
        epochs = mlflow.MlflowClient().get_metric_history(run.info.run_id, "validation_score")
        print("MLflow:", *[f"{epoch.step}: {epoch.value:.3f}" for epoch in epochs])
