"""Line search makes the learning rate almost irrelevant
=====================================================

At each step line search tries five rates from a hundredth to a hundred times the given one, on
the same gradient, and keeps the update with the lowest loss. From a given rate of 0.003 on up to 10
it ends about equally well, where plain descent learns nothing or breaks down unless the rate is
right. The price: five evaluations of the loss more each step, without another gradient; with this
small network an epoch takes about eight times as long. With its best rate, plain descent ended
lower than line search.
"""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits

from skdeep import MLPClassifier

RATES, EPOCHS, SEEDS = np.logspace(-4, 1, 11), 10, range(3)
X, y = load_digits(return_X_y=True)
X = X / 16


def train(optimizer, rate, seed):
    """Return the loss after training, and the mean seconds of an epoch."""
    network = MLPClassifier((32,), optimizer=optimizer, learning_rate_init=rate, batch_size=64)
    network.set_params(max_iter=EPOCHS, n_iter_no_change=np.inf, dtype="float64", random_state=seed)
    history = network.fit(X, y).history_
    return history["loss"][-1], np.median(history["seconds"])


figure, ax = plt.subplots(figsize=(8, 4.5), layout="constrained")
cost = {}
for name, label in {"sgd": "plain descent", "line_search": "line search"}.items():
    runs = np.array([[train(name, rate, seed) for seed in SEEDS] for rate in RATES])
    losses, cost[name] = runs[..., 0].mean(axis=1), np.median(runs[..., 1])
    ax.plot(RATES, losses, "o-", label=label)
    good = RATES[losses < 0.3]
    print(f"{label}, lowest loss: {losses.min():.3f} at the rate {RATES[losses.argmin()]:.3g}")
    print(f"{label}, rates that reach a loss of 0.3: {good.min():.3g} to {good.max():.3g}")
print(f"time of an epoch, line search over plain: {cost['line_search'] / cost['sgd']:.1f}")
ax.axhline(np.log(10), color="grey", linestyle=":")
ax.text(RATES[0], 2.6, "the loss of guessing", color="grey")
ax.set(xscale="log", yscale="log", xlabel="learning rate that is given")
ax.set(ylabel=f"training loss after {EPOCHS} epochs (mean of 3)")
ax.set_title("Line search learns from nearly any rate, plain descent only near the right one")
ax.legend()
plt.show()
