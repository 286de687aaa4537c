"""Noise on the inputs of a linear model is an L2 penalty
======================================================

With Gaussian noise of deviation s on the inputs, a linear model minimises on average the squared
error plus s^2 ||w||^2. Ridge regression adds its penalty to the sum over n rows, so the same
penalty is n s^2 there. A network without hidden layers, trained with noise, met the coefficients of
the ridge for every s. What distance remains is the chance of a finite number of noisy epochs.
"""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_diabetes
from sklearn.linear_model import Ridge
from sklearn.preprocessing import scale

from skdeep import MLPRegressor

NOISES = [0.1, 0.2, 0.4, 0.8, 1.6]
data = load_diabetes()
X, y = scale(data.data), scale(data.target)
network = MLPRegressor(
    (),
    optimizer="sgd",
    learning_rate="cosine",
    learning_rate_init=0.05,
    batch_size=50,
    alpha=0,
    max_iter=2000,
    n_iter_no_change=np.inf,
    random_state=0,
)
fits = []
for noise in NOISES:
    fits.append(network.set_params(input_noise=noise).fit(X, y).coefs_[0].ravel().copy())
    ridge = Ridge(len(X) * noise**2).fit(X, y).coef_
    print(f"noise {noise}, norm of the ridge coefficients: {np.linalg.norm(ridge):.3f}")
    print(f"noise {noise}, distance of the network's: {np.linalg.norm(fits[-1] - ridge):.4f}")

figure, ax = plt.subplots(figsize=(8, 4.5), layout="constrained")
grid = np.geomspace(0.08, 2.0, 100)
paths = [Ridge(len(X) * noise**2).fit(X, y).coef_ for noise in grid]
ax.set_prop_cycle(color=plt.colormaps["tab10"].colors)
lines = ax.plot(grid, paths)
ax.set_prop_cycle(color=plt.colormaps["tab10"].colors)
ax.plot(NOISES, fits, "o", markeredgecolor="black")
ax.plot([], "o", color="white", markeredgecolor="black", label="network with input noise s")
ax.plot([], color="black", label="ridge, penalty n s²")
for line, name in zip(lines, data.feature_names, strict=True):
    line.set_label(name)
ax.axhline(0, color="grey", linewidth=0.6)
ax.set(xscale="log", xlabel="s, standard deviation of the noise", ylabel="coefficient")
ax.set_xticks(NOISES, NOISES)
ax.minorticks_off()
ax.legend(loc="center left", bbox_to_anchor=(1.01, 0.5), fontsize="small")
ax.set_title("A linear network trained with input noise finds the ridge coefficients")
plt.show()
