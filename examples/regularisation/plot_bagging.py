"""Bagging: the more networks are averaged, the less their predictions vary
========================================================================

Sixty-four networks, each trained on a bootstrap sample of the training rows, are averaged in groups
of 1, 2, 4, ... From group to group the predictions vary less, almost like 1 / size; the test error
falls with it, and levels off at what all networks get wrong together. In classification the
accuracy rises likewise. Most of the gain comes from the first eight networks.
"""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits, make_friedman1
from sklearn.ensemble import BaggingClassifier, BaggingRegressor
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import scale

from skdeep import MLPClassifier, MLPRegressor

N, SIZES = 64, np.array([1, 2, 4, 8, 16, 32])
settings = {"learning_rate_init": 0.01, "max_iter": 60, "n_iter_no_change": np.inf}


def grouped(predictions, size):
    """Average the predictions of the networks in groups."""
    return predictions.reshape(N // size, size, *predictions.shape[1:]).mean(axis=1)


X, y = map(scale, make_friedman1(1200, noise=2.0, random_state=0))
network = MLPRegressor((32,), batch_size=32, **settings)
bag = BaggingRegressor(network, N, random_state=0).fit(X[:200], y[:200])
predictions = np.array([member.predict(X[200:]) for member in bag.estimators_])
variances = [grouped(predictions, size).var(axis=0, ddof=1).mean() for size in SIZES]
errors = [np.mean((grouped(predictions, size) - y[200:]) ** 2) for size in SIZES]

X, y = load_digits(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(
    X / 16, y, train_size=200, stratify=y, random_state=0
)
network = MLPClassifier((32,), **settings)
bag = BaggingClassifier(network, N, random_state=0).fit(X_train, y_train)
votes = np.array([member.predict_proba(X_test) for member in bag.estimators_])
scores = [np.mean(grouped(votes, size).argmax(axis=2) == y_test) for size in SIZES]

for size, variance, error, score in zip(SIZES, variances, errors, scores, strict=True):
    print(f"{size} networks, variance: {variance:.4f}, error: {error:.3f}, accuracy: {score:.3f}")
figure, (left, right) = plt.subplots(1, 2, figsize=(9, 4.5), layout="constrained")
left.plot(SIZES, variances, "o-", label="variance between groups")
left.plot(SIZES, variances[0] / SIZES, ":", color="grey", label="that of one network / size")
left.plot(SIZES, errors, "s-", label="mean squared error on test rows")
left.set(title="regression", yscale="log", ylabel="in units of the target's variance")
left.legend(fontsize="small")
right.plot(SIZES, scores, "s-C2")
right.set(title="classification of digits", ylabel="accuracy on test images")
for ax in (left, right):
    ax.set_xscale("log", base=2)
    ax.set_xticks(SIZES, SIZES)
    ax.set_xlabel("networks averaged")
    ax.grid(alpha=0.3)
figure.suptitle("Averaging networks takes away their variance, and with it errors")
plt.show()
