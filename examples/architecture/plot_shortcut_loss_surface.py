"""The loss surface of a deep network, with and without skip connections
=====================================================================

Twenty layers of 32 ReLU units, trained on the digits, and their loss over a plane of two random
directions, scaled unit by unit to the size of the weights (Li et al. 2018). Without skip
connections the network sits in a narrow pit; with them in a wide bowl. Over 3 networks each,
10 % of the plane were better than guessing with skip connections, below 1 % without, and the median
loss on the plane was 20 times lower.
"""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LogNorm
from sklearn.datasets import load_digits

from skdeep import MLPClassifier
from skdeep.inspection import LossSurfaceDisplay

GUESSING, SEEDS = np.log(10), 3
X, y = load_digits(return_X_y=True)
X = X / 16


def surface(skip_connections, seed):
    network = MLPClassifier((32,) * 20, skip_connections=skip_connections, alpha=0, max_iter=60)
    network.set_params(n_iter_no_change=np.inf, random_state=seed).fit(X, y)
    return LossSurfaceDisplay.from_estimator(
        network, X[:300], y[:300], n_points=31, random_state=seed, draw=False
    )


figure, axes = plt.subplots(1, 2, figsize=(9, 4.5), sharey=True, layout="constrained")
levels = np.logspace(-3, 6, 28)
for ax, skip in zip(axes, [False, True], strict=True):
    displays = [surface(skip, seed) for seed in range(SEEDS)]
    name = "with skip connections" if skip else "plain"
    below = np.mean([display.losses < GUESSING for display in displays])
    print(f"{name}, loss of the trained network: {np.mean([d.centre_loss for d in displays]):.4f}")
    print(f"{name}, share of the plane that is better than guessing: {below:.3f}")
    print(f"{name}, median loss on the plane: {np.median([d.losses for d in displays]):.3g}")
    shown = displays[0]
    picture = ax.contourf(shown.first, shown.second, shown.losses, levels=levels, norm=LogNorm())
    ax.contour(shown.first, shown.second, shown.losses, levels=[GUESSING], colors="white")
    ax.plot(0, 0, "*", color="white", markeredgecolor="black", markersize=12)
    ax.set(xlabel=shown.names[0], aspect="equal")
    ax.set_title(f"{name}: {below:.1%} of the plane")
axes[0].set_ylabel(shown.names[1])
figure.colorbar(picture, ax=axes, label="loss", ticks=np.logspace(-3, 6, 10))
figure.suptitle("Skip connections widen the basin that is better than guessing (white line)")
plt.show()
