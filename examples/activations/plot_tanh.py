"""Tanh, whose outputs are centred on zero, learns faster than the sigmoid
=======================================================================

The outputs of sigmoid units are all positive; those of tanh units have a mean near 0, and slopes up
to four times as steep. The same network of three hidden layers learns the digits with each, with
plain mini-batch descent and the best of five learning rates (the lowest final loss, mean of 3
starts). With tanh it needed a fifth of the epochs. How much of that is due to centring, and how
much to steeper slopes, the comparison does not tell.
"""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits

from skdeep import MLPClassifier

RATES, EPOCHS, SEEDS = [0.03, 0.1, 0.3, 1.0, 3.0], 30, range(3)
X, y = load_digits(return_X_y=True)
X = X / 16


def train(activation, rate, seed):
    network = MLPClassifier((32, 32, 32), activation, optimizer="sgd", batch_size=32)
    network.set_params(learning_rate_init=rate, random_state=seed)
    return network.set_params(max_iter=EPOCHS, n_iter_no_change=np.inf).fit(X, y)


def first_outputs(network, function):
    """Return the outputs of the first hidden layer."""
    return function(X @ network.coefs_[0] + network.intercepts_[0])


functions = {"sigmoid": lambda x: 1 / (1 + np.exp(-x)), "tanh": np.tanh}
reached = {}
figure, (left, right) = plt.subplots(1, 2, figsize=(9, 4.5), layout="constrained")
for name, function in functions.items():
    runs = {rate: [train(name, rate, seed) for seed in SEEDS] for rate in RATES}
    rate = min(RATES, key=lambda rate: np.mean([network.loss_ for network in runs[rate]]))
    curve = np.mean([network.loss_curve_ for network in runs[rate]], axis=0)
    outputs = first_outputs(runs[rate][0], function)
    reached[name] = int(np.argmax(curve < 0.2)) + 1
    left.plot(range(1, EPOCHS + 1), curve, label=f"{name}, rate {rate:g}")
    right.hist(outputs.ravel(), bins=60, alpha=0.6, density=True, label=name, log=True)
    print(f"{name}, best rate: {rate}")
    print(f"{name}, epochs until the loss is 0.2: {reached[name]}")
    print(f"{name}, mean output of the first hidden layer: {outputs.mean():.2f}")
left.set(xlabel="epoch", ylabel="training loss (mean of 3)", yscale="log", title="loss")
right.set(xlabel="output of a unit", ylabel="density", title="outputs of the first hidden layer")
right.set_xticks([-1, -0.5, 0, 0.5, 1])
left.legend()
right.legend()
figure.suptitle(
    f"Tanh reaches a loss of 0.2 in {reached['tanh']} epochs, the sigmoid in {reached['sigmoid']}"
)
plt.show()
