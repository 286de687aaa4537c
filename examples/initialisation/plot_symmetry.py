"""Units that start equal stay equal: the symmetry problem
=======================================================

If all weights of a network start at the same value, the units of a layer compute the same and get
the same gradient, in every step. However long it trains, a layer of 16 units remains one unit,
copied 16 times. From zeros nothing but the output's biases moves. Random weights break the
symmetry. Shown are the outputs of the 16 units of the first layer on 60 images after training.
"""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from skdeep import MLPClassifier
from skdeep.initializers import Constant
from skdeep.inspection import ActivationStatisticsDisplay, diagnose

STARTS = {"all zero": "zeros", "all 0.1": Constant(0.1), "random": "auto"}

X, y = load_digits(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X / 16, y, stratify=y, random_state=0)
figure, axes = plt.subplots(1, 3, figsize=(8, 4.5), sharey=True, layout="constrained")
for ax, (name, init) in zip(axes, STARTS.items(), strict=True):
    network = MLPClassifier((16, 16), "tanh", init=init, learning_rate_init=0.01, max_iter=30)
    network.set_params(n_iter_no_change=np.inf, random_state=0).fit(X_train, y_train)
    layers = diagnose(network, X_train, y_train).layers[:-1]
    equal = np.mean([layer.equal for layer in layers])
    accuracy = network.score(X_test, y_test)
    print(f"{name}, share of hidden units equal to another after training: {equal:.2f}")
    print(f"{name}, accuracy on test images: {accuracy:.3f}")
    display = ActivationStatisticsDisplay.from_estimator(network, X_test[:60], draw=False)
    outputs = next(iter(display.outputs.values()))[0]
    picture = ax.imshow(outputs, cmap="RdBu_r", vmin=-1, vmax=1, aspect="auto")
    ax.set(title=f"start: {name}\naccuracy {accuracy:.2f}", xlabel="unit of the first layer")
axes[0].set_ylabel("image")
figure.colorbar(picture, ax=axes, label="output of the unit")
figure.suptitle("Units that start equal stay equal: 16 of them are worth no more than one")
plt.show()
