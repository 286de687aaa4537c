"""Many small networks: a search over rates, and bagging, beside scikit-learn's MLP."""

import warnings
from time import perf_counter

import numpy as np
from sklearn import neural_network
from sklearn.datasets import load_digits
from sklearn.ensemble import BaggingClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import GridSearchCV, train_test_split

import skdeep

RATES = [1e-4, 3e-4, 1e-3, 3e-3, 1e-2]
LIBRARIES = {"skdeep": skdeep, "sklearn": neural_network}
JOBS = (1, 2)


def network(library, hidden, epochs):
    """Return a classifier that trains for a fixed number of epochs, without penalty."""
    return LIBRARIES[library].MLPClassifier(
        hidden, alpha=0, max_iter=epochs, n_iter_no_change=np.inf, random_state=0
    )


def search(library, n_jobs, epochs):
    """Five rates times five folds."""
    grid = {"learning_rate_init": RATES}
    return GridSearchCV(network(library, (100,), epochs), grid, cv=5, n_jobs=n_jobs)


def bagging(library, n_jobs, epochs):
    """25 small networks."""
    small = network(library, (32,), epochs)
    return BaggingClassifier(small, n_estimators=25, n_jobs=n_jobs, random_state=0)


TASKS = {"search": search, "bagging": bagging}


def measure(model, split):
    """Fit; return the seconds it took and the accuracy on the test rows."""
    X_train, X_test, y_train, y_test = split
    start = perf_counter()
    model.fit(X_train, y_train)
    elapsed = perf_counter() - start
    return {"seconds": elapsed, "accuracy": float(model.score(X_test, y_test))}


def play(rounds, epochs, say=print):
    """Return the measurements; round -1 warms up, and starts the processes of the pool."""
    X, y = load_digits(return_X_y=True)
    split = train_test_split((X / 16).astype(np.float32), y, random_state=0)
    skdeep.set_kernels("auto")
    runs = []
    for number in range(-1, rounds):
        say(f"search and bagging, round {number + 1} of {rounds}")
        for task, make in TASKS.items():
            for n_jobs in JOBS:
                for library in LIBRARIES:
                    run = {"round": number, "task": task, "n_jobs": n_jobs, "library": library}
                    with warnings.catch_warnings():
                        warnings.simplefilter("ignore", ConvergenceWarning)
                        run.update(measure(make(library, n_jobs, epochs), split))
                    runs.append(run)
    return runs
