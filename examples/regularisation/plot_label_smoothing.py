"""Label smoothing against wrong labels
====================================

Of the training labels of the digits a share is replaced by random other classes. Without
smoothing the network is taught to be certain of them. With soft targets its accuracy on clean test
images was higher at every share, by up to 2 points. The price: its probabilities are less certain
than they should be, so the log loss on right labels was worse. Averages of 5 seeds.
"""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits
from sklearn.metrics import log_loss
from sklearn.model_selection import train_test_split

from skdeep import MLPClassifier

NOISE = [0.0, 0.1, 0.2, 0.3, 0.4]
SMOOTHINGS = [0.0, 0.1, 0.3]
SEEDS = 5
X, y = load_digits(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X / 16, y, stratify=y, random_state=0)


def with_wrong_labels(y, share, rng):
    """Replace a share of the labels by one of the other nine."""
    wrong = rng.random(len(y)) < share
    return np.where(wrong, (y + rng.integers(1, 10, len(y))) % 10, y)


def measure(share, smoothing):
    """Return accuracy and log loss on clean test rows, averaged over the seeds."""
    results = []
    for seed in range(SEEDS):
        labels = with_wrong_labels(y_train, share, np.random.default_rng(seed))
        network = MLPClassifier((128,), label_smoothing=smoothing, learning_rate_init=0.005)
        network.set_params(max_iter=40, n_iter_no_change=np.inf, random_state=seed)
        probabilities = network.fit(X_train, labels).predict_proba(X_test)
        results.append((network.score(X_test, y_test), log_loss(y_test, probabilities)))
    return np.mean(results, axis=0)


figure, axes = plt.subplots(1, 2, figsize=(9, 4.5), layout="constrained")
for smoothing in SMOOTHINGS:
    accuracy, loss = np.transpose([measure(share, smoothing) for share in NOISE])
    axes[0].plot(NOISE, accuracy, "o-", label=f"smoothing {smoothing}")
    axes[1].plot(NOISE, loss, "o-", label=f"smoothing {smoothing}")
    for share, *values in zip(NOISE, accuracy, loss, strict=True):
        print(
            f"smoothing {smoothing}, {share:.0%} wrong, accuracy and log loss: "
            f"{values[0]:.3f}, {values[1]:.3f}"
        )
axes[0].set_ylabel("accuracy on test images with right labels")
axes[1].set_ylabel("log loss on them")
for ax in axes:
    ax.set_xlabel("share of wrong labels in training")
    ax.grid(alpha=0.3)
    ax.legend()
figure.suptitle("Label smoothing: better accuracy with wrong labels, but timid probabilities")
plt.show()
