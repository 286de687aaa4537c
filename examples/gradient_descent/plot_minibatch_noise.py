"""Small batches: more updates an epoch, each with a noisier gradient
==================================================================

One network learns the digits with one row, 32 rows, or all rows an update, each with one of the
two best of seven learning rates. By epochs one row an update learns fastest, by seconds
mini-batches: an update with one row is hardly cheaper than with 32. The noise, that is the relative
error of a batch's gradient, falls like 1 / sqrt(batch size).
"""

from copy import deepcopy

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits

from skdeep import MLPClassifier

RATES, EPOCHS = {1: 0.03, 32: 0.3, "full": 1.0}, {1: 8, 32: 100, "full": 200}
X, y = load_digits(return_X_y=True)
X = X / 16
settings = {"optimizer": "sgd", "alpha": 0, "n_iter_no_change": np.inf, "random_state": 0}


def gradient(model, rows):
    """Return the gradient of the first weights: what a step of rate 1 subtracts from them."""
    return model.coefs_[0] - deepcopy(model).partial_fit(X[rows], y[rows]).coefs_[0]


def noise(model, size, rng):
    full = gradient(model, np.arange(len(X)))
    drawn = [gradient(model, rng.choice(len(X), size, replace=False)) for _ in range(20)]
    return np.sqrt(np.mean([np.sum((g - full) ** 2) for g in drawn])) / np.linalg.norm(full)


# before anything is timed: compiled kernels are loaded at their first use
start = MLPClassifier((32,), batch_size="full", learning_rate_init=1.0, **settings)
start.partial_fit(X, y, classes=np.unique(y))
figure, (by_epoch, by_second, by_size) = plt.subplots(1, 3, figsize=(11, 4.5), layout="constrained")
for size, rate in RATES.items():
    network = MLPClassifier((32,), batch_size=size, learning_rate_init=rate, **settings)
    network.set_params(max_iter=EPOCHS[size]).fit(X, y)
    seconds, label = np.cumsum(network.history_["seconds"]), f"{size}, rate {rate:g}"
    by_epoch.plot(range(1, EPOCHS[size] + 1), network.loss_curve_, label=label)
    by_second.plot(seconds, network.loss_curve_)
    reached = np.argmax(np.array(network.loss_curve_) < 0.3)
    until = f"{reached + 1} epochs, {seconds[reached]:.3f} s"
    print(f"batch {size}, until the loss is 0.3: {until}")

sizes, rng = [1, 4, 16, 64, 256], np.random.default_rng(0)
noises = [noise(start, size, rng) for size in sizes]
by_size.loglog(sizes, noises, "o-", sizes, noises[0] / np.sqrt(sizes), "k:")
by_size.legend(["measured", "1 / sqrt(batch size)"])
print(f"noise, power of the size: {np.polyfit(np.log(sizes), np.log(noises), 1)[0]:.2f}")

for ax, unit in ((by_epoch, "epoch"), (by_second, "seconds")):
    ax.set(xlabel=unit, ylabel="training loss", xscale="log", title=f"loss by {unit}")
by_size.set(xlabel="batch size", ylabel="relative error of the gradient", title="noise")
by_epoch.legend(title="batch size")
figure.suptitle("Small batches learn more an epoch; mini-batches learn most a second")
plt.show()
