"""Saturated sigmoid units stop learning, and positive inputs make gradients one-sided
===================================================================================

Left: the units of four networks that start with small to huge weights. The more rows a unit is
saturated on (output below 0.01 or above 0.99), the less its weights move in five epochs: the slope
of the sigmoid is almost zero there. Right: where all inputs of a unit are positive, as those from a
sigmoid layer are, all its gradients share the sign of its error. The weights rise together or
fall together, and the way to one up and one down is a zigzag. Centred inputs are free of that.
"""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits

from skdeep import MLPClassifier
from skdeep.initializers import Normal

digits, target = load_digits(return_X_y=True)
digits = digits / 16
pairs = np.random.default_rng(0).random((60, 2))


def saturation_and_movement(spread):
    """Return each unit's share of saturated rows after an epoch, and how far it moves in five."""
    network = MLPClassifier((64,), "sigmoid", init=[Normal(spread), "auto"], optimizer="sgd")
    network.set_params(learning_rate_init=0.3, batch_size=32, alpha=0, random_state=0)
    network.partial_fit(digits, target, classes=np.unique(target))
    before = network.coefs_[0].copy()
    saturated = abs(digits @ before + network.intercepts_[0]) > np.log(99)
    for _ in range(5):
        network.partial_fit(digits, target)
    return saturated.mean(axis=0), np.linalg.norm(network.coefs_[0] - before, axis=0)


def steps(inputs):
    """Return the weights of one unit after every row, from zero."""
    unit = MLPClassifier((), optimizer="sgd", init="zeros", learning_rate_init=1.0, alpha=0)
    above, weights = inputs[:, 0] > inputs[:, 1], [np.zeros(2)]
    for i in range(len(inputs)):
        unit.partial_fit(inputs[i : i + 1], above[i : i + 1], classes=[False, True])
        weights.append(unit.coefs_[0][:, 0].copy())
    return np.array(weights)


figure, (left, right) = plt.subplots(1, 2, figsize=(9, 4.5), layout="constrained")
for spread in (0.3, 1, 3, 10):
    saturated, moved = saturation_and_movement(spread)
    left.plot(saturated, moved, "o", alpha=0.6, label=f"spread {spread} at the start")
    print(f"spread {spread}, saturated: {saturated.mean():.2f}, distance moved: {moved.mean():.2f}")
for name, inputs in {"positive inputs": pairs, "centred inputs": pairs - 0.5}.items():
    path = steps(inputs)
    same_way = np.mean(np.prod(np.diff(path, axis=0), axis=1) > 0)
    right.plot(*path.T, ".-", linewidth=1, label=f"{name}, {same_way:.0%} of steps one-sided")
    print(f"{name}, steps that move both weights the same way: {same_way:.0%}")
left.set(xlabel="share of rows that saturate the unit", ylabel="distance its weights move")
right.set(xlabel="first weight", ylabel="second weight", ylim=(-5, 0.6))
left.legend()
right.legend(loc="lower left", fontsize="small")
figure.suptitle("Saturated units hardly move; positive inputs make the weights zigzag")
plt.show()
