"""Dead ReLUs: units that are zero on all of the data, whose weights get no gradient
=================================================================================

A rate that is too high throws units there, and biases that start far below zero put them there; a
leaky ReLU has none. A start of the biases at 0.01 is meant to keep units alive: here it changed
next to nothing against 0, in dead units or accuracy; 0.5 halved the few dead ones. Digits, two
layers of 64 units, averages of 5 seeds.
"""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from skdeep import MLPClassifier
from skdeep.inspection import diagnose

RATES = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3]
BIASES = [-2.0, -1.0, -0.5, 0.0, 0.01, 0.5]
SEEDS = 5
X, y = load_digits(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X / 16, y, stratify=y, random_state=0)


def measure(**params):
    """Return the share of dead hidden units and the accuracy after training, over the seeds."""
    results = []
    for seed in range(SEEDS):
        network = MLPClassifier((64, 64), random_state=seed, n_iter_no_change=np.inf)
        network.set_params(max_iter=15, **params).fit(X_train, y_train)
        dead = [layer.dead for layer in diagnose(network, X_train).layers[:-1]]
        results.append((np.mean(dead), network.score(X_test, y_test)))
    return np.mean(results, axis=0)


relu = np.array([measure(learning_rate_init=rate) for rate in RATES])
leaky = np.array([measure(learning_rate_init=rate, activation="leaky_relu") for rate in RATES])
biased = np.array([measure(bias_init=bias) for bias in BIASES])
for label, values, measured in [("rate", RATES, relu), ("bias", BIASES, biased)]:
    for value, (dead, accuracy) in zip(values, measured, strict=True):
        print(f"{label} {value:g}, dead share and accuracy: {dead:.3f}, {accuracy:.3f}")
print(f"leaky ReLU at rate {RATES[-1]}, accuracy: {leaky[-1, 1]:.3f}")

figure, (left, right) = plt.subplots(1, 2, figsize=(9, 4.5), sharey=True, layout="constrained")
left.plot(RATES, 100 * relu[:, 0], "o-C3", label="ReLU: dead units")
left.plot(RATES, 100 * relu[:, 1], "s--C3", label="ReLU: accuracy")
left.plot(RATES, 100 * leaky[:, 0], "o-C0", label="leaky ReLU: dead units")
left.plot(RATES, 100 * leaky[:, 1], "s--C0", label="leaky ReLU: accuracy")
left.set(xscale="log", xlabel="learning rate (Adam)", ylabel="%", title="a rate too high kills")
places = np.arange(len(BIASES))
right.bar(places - 0.2, 100 * biased[:, 0], 0.4, color="C3", label="dead units")
right.bar(places + 0.2, 100 * biased[:, 1], 0.4, color="C7", label="accuracy")
right.set_xticks(places, [f"{bias:g}" for bias in BIASES])
right.set(xlabel="start of the biases (rate 0.001)", title="so do biases far below zero")
right.set_ylim(0, 118)
left.legend(loc="center left", fontsize="small")
right.legend(loc="upper right", ncols=2, fontsize="small")
figure.suptitle("Dead units get no gradient: too many of them, and nothing is learnt")
plt.show()
