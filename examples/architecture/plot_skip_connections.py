"""Skip connections: a network of 20 hidden layers learns with them, and hardly without
====================================================================================

A plain network of 20 hidden layers of 32 units does not learn digits with sigmoids, nor with tanh
at the larger of two rates, and stays behind with ReLU; the only setting in which it nearly keeps up
is tanh at the smaller rate. With skip connections the same network learns in all six settings, if
slowly with sigmoids at the smaller rate. Both have the same number of parameters, optimizer, rates
and seeds. Depth itself brings little on these small images: see one hidden layer, in grey.
"""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from skdeep import MLPClassifier

EPOCHS, SEEDS = 40, 3
ACTIVATIONS, RATES = ["relu", "tanh", "sigmoid"], [0.001, 0.01]
NETWORKS = {  # label: colour, parameters
    "plain": ("C3", {"hidden_layer_sizes": (32,) * 20}),
    "with skip connections": ("C0", {"hidden_layer_sizes": (32,) * 20, "skip_connections": True}),
    "one hidden layer": ("0.6", {"hidden_layer_sizes": (32,)}),
}

X, y = load_digits(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X / 16, y, stratify=y, random_state=0)


def accuracies(**params):
    """Return the accuracy on the test rows after every epoch, a column a seed."""
    network = MLPClassifier(max_iter=EPOCHS, n_iter_no_change=np.inf, **params)
    for seed in range(SEEDS):
        network.set_params(random_state=seed).fit(X_train, y_train, X_val=X_test, y_val=y_test)
        yield network.validation_scores_


figure, axes = plt.subplots(2, 3, sharex=True, sharey=True, figsize=(9, 5.5), layout="constrained")
print(f"Accuracy on {len(y_test)} test images after {EPOCHS} epochs, seeds 0 to {SEEDS - 1}:")
for row, rate in zip(axes, RATES, strict=True):
    for ax, activation in zip(row, ACTIVATIONS, strict=True):
        ax.set_title(f"{activation}, rate {rate:g}")
        for label, (colour, params) in NETWORKS.items():
            runs = accuracies(activation=activation, learning_rate_init=rate, **params)
            curves = np.column_stack(list(runs))
            lines = ax.plot(np.arange(1, EPOCHS + 1), curves, color=colour, linewidth=1.2)
            lines[0].set_label(label)
            scores = "  ".join(f"{score:.3f}" for score in curves[-1])
            print(f"{activation:8} rate {rate:<6g} {label:22} {scores}")

axes[0, 0].set_ylim(0, 1.02)
for ax in axes[-1]:
    ax.set_xlabel("epoch")
figure.supylabel("accuracy on test images")
handles, labels = axes[0, 0].get_legend_handles_labels()
figure.suptitle("20 hidden layers of 32 units on digits, Adam; a line a seed")
figure.legend(handles, labels, loc="outside lower center", ncols=3)
plt.show()
