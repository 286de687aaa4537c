"""Search a learning rate, bag ten networks and fit a regression, beside scikit-learn's MLP.

Both libraries get the same settings, the same splits and the same seed; the last row of the digits
uses what scikit-learn's MLP does not have. It takes about fifteen seconds.
"""

import warnings
from time import perf_counter

from sklearn import neural_network
from sklearn.compose import TransformedTargetRegressor
from sklearn.datasets import load_diabetes, load_digits
from sklearn.ensemble import BaggingClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import skdeep

# A search over rates tries slow ones too; that these run out of epochs is part of the result.
warnings.simplefilter("ignore", ConvergenceWarning)

LIBRARIES = [skdeep, neural_network]
RATES = [1e-4, 1e-3, 1e-2, 1e-1, 1]


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
        n_iter_no_change=100,
        random_state=0,
    )
    return make_pipeline(StandardScaler(), network)


def regression(library):
    """Predict a number, with inputs and targets scaled."""
    network = library.MLPRegressor(hidden_layer_sizes=(20,), random_state=0)
    pipeline = make_pipeline(StandardScaler(), network)
    return TransformedTargetRegressor(pipeline, transformer=StandardScaler())


def measure(model, X_train, X_test, y_train, y_test):
    """Fit the model; return its score on the test rows and the seconds that fitting took."""
    start = perf_counter()
    model.fit(X_train, y_train)
    seconds = perf_counter() - start
    return f"{model.score(X_test, y_test):12.3f} {seconds:5.1f} s"


def main():
    digits = train_test_split(*load_digits(return_X_y=True), random_state=0)
    diabetes = train_test_split(*load_diabetes(return_X_y=True), random_state=0)
    searches = [search(library) for library in LIBRARIES]
    rows = [
        ("digits, rate searched", searches, digits),
        ("digits, ten bagged", [bag(library) for library in LIBRARIES], digits),
        ("digits, with dropout", [with_dropout()], digits),
        ("diabetes, R squared", [regression(library) for library in LIBRARIES], diabetes),
    ]
    print(f"{'score, time of fitting':22}{'skdeep':>20}{'scikit-learn':>20}")
    for name, models, split in rows:
        print(f"{name:22}" + "".join(measure(model, *split) for model in models))

    print("\nThe accuracy of skdeep in cross-validation, by learning rate:")
    for rate, accuracy in zip(RATES, searches[0].cv_results_["mean_test_score"], strict=True):
        print(f"{rate:8g} {accuracy:8.3f}")
    print(f"\nAmong {len(digits[3])} test images a difference below 0.01 is chance.")


if __name__ == "__main__":
    main()
