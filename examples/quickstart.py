"""Learn a raw table, search a learning rate and bag ten networks, beside scikit-learn
===================================================================================

The table stands beside gradient boosting, the networks for digits beside scikit-learn's MLP with
the same settings, always on the same split; the last row uses what scikit-learn's MLP does not
have. It takes about fifteen seconds.
"""

import warnings
from time import perf_counter

import numpy as np
from sklearn import neural_network
from sklearn.compose import make_column_transformer
from sklearn.datasets import load_digits, make_friedman1
from sklearn.ensemble import BaggingClassifier, HistGradientBoostingClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OrdinalEncoder, StandardScaler
from threadpoolctl import threadpool_limits

import skdeep

# A search over rates tries slow ones too; that these run out of epochs is part of the result.
warnings.simplefilter("ignore", ConvergenceWarning)

LIBRARIES = [skdeep, neural_network]
RATES = [1e-4, 1e-3, 1e-2, 1e-1, 1]


def table(n=1500):
    """Make a table of numbers, the names of towns, and gaps; its classes depend on all of them."""
    rng = np.random.default_rng(0)
    numbers, values = make_friedman1(n, n_features=6, noise=1.0, random_state=0)
    towns = rng.integers(12, size=n)
    values += 6 * np.sin(towns) * numbers[:, 0]
    X = np.column_stack([numbers.astype(object), [f"town {i}" for i in towns]])
    X[rng.random(X.shape) < 0.05] = None
    return X, np.where(values > np.median(values), "high", "low")


def boosting():
    """Number the towns, since gradient boosting takes no strings."""
    numbered = make_column_transformer((OrdinalEncoder(), [6]), remainder="passthrough")
    trees = HistGradientBoostingClassifier(categorical_features=[0], random_state=0)
    return make_pipeline(numbered, trees)


def search(library):
    """Find the learning rate by cross-validation; one that fails only scores badly."""
    pipeline = make_pipeline(StandardScaler(), library.MLPClassifier((64,), random_state=0))
    return GridSearchCV(pipeline, {"mlpclassifier__learning_rate_init": RATES}, cv=3)


def bag(library):
    """Average ten networks, each trained on some of the rows and some of the pixels."""
    network = library.MLPClassifier((64,), random_state=0)
    ensemble = BaggingClassifier(
        network, n_estimators=10, max_samples=0.8, max_features=0.8, random_state=0
    )
    return make_pipeline(StandardScaler(), ensemble)


def with_dropout():
    """Drop half of the hidden units in training, and let the rate fall along a cosine."""
    network = skdeep.MLPClassifier(
        (64,),
        dropout=0.5,
        learning_rate="cosine",
        learning_rate_init=0.01,
        max_iter=100,
        n_iter_no_change=np.inf,
        random_state=0,
    )
    return make_pipeline(StandardScaler(), network)


def measure(model, X_train, X_test, y_train, y_test):
    """Fit the model; return its score on the test rows and the seconds that fitting took."""
    start = perf_counter()
    with threadpool_limits(1, "openmp"):  # trees on many threads are slow on a busy machine
        model.fit(X_train, y_train)
    seconds = perf_counter() - start
    return f"{model.score(X_test, y_test):12.3f} {seconds:5.1f} s"


def main():
    digits = train_test_split(*load_digits(return_X_y=True), random_state=0)
    towns = train_test_split(*table(), random_state=0)
    searches = [search(library) for library in LIBRARIES]
    rows = [
        ("table as it is", [skdeep.TabularMLPClassifier(random_state=0), boosting()], towns),
        ("digits, rate searched", searches, digits),
        ("digits, ten bagged", [bag(library) for library in LIBRARIES], digits),
        ("digits, with dropout", [with_dropout()], digits),
    ]
    print(f"{'score, time of fitting':22}{'skdeep':>20}{'scikit-learn':>20}")
    for name, models, split in rows:
        print(f"{name:22}" + "".join(measure(model, *split) for model in models))

    print("\nThe accuracy of skdeep in cross-validation, by learning rate:")
    for rate, accuracy in zip(RATES, searches[0].cv_results_["mean_test_score"], strict=True):
        print(f"{rate:8g} {accuracy:8.3f}")
    print(f"\nAmong {len(digits[3])} test images a difference below 0.01 is chance, and among")
    print(f"{len(towns[3])} test rows of the table one below 0.02.")


if __name__ == "__main__":
    main()
