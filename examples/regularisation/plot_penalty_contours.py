"""Why L1 gives zeros and L2 does not
==================================

Two weights, fitted with a penalty. At the optimum a contour of the loss touches one of the penalty:
for L2, a circle, somewhere beside the axes; for L1, a square, at a corner, where one weight is
exactly zero. On the right the same with 64 weights, one a pixel of the digits 3 and 8: L1 makes
most of them exactly zero ("lbfgs" treats it exactly), L2 none. Strong penalties cost accuracy.
"""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from skdeep import MLPClassifier, MLPRegressor

rng = np.random.default_rng(0)
X = rng.standard_normal((200, 2)) @ [[1.0, 0.4], [0.0, 0.8]]
y = X @ [1.0, 0.25] + 0.1 * rng.standard_normal(200)
linear = {"hidden_layer_sizes": (), "optimizer": "lbfgs", "max_iter": 1000, "tol": 1e-7}
a, b = np.meshgrid(np.linspace(-0.6, 1.3, 200), np.linspace(-0.7, 0.8, 200))
losses = np.mean((y - y.mean() - np.stack([a, b], -1) @ (X - X.mean(0)).T) ** 2, axis=-1) / 2

figure, axes = plt.subplots(1, 3, figsize=(11, 4.2), layout="constrained")
as_it_is = {"target_scaling": None, **linear}
free = MLPRegressor(alpha=0, **as_it_is).fit(X, y).coefs_[0].ravel()
for ax, (name, ratio) in zip(axes, {"L2": 0.0, "L1": 1.0}.items(), strict=False):
    w = MLPRegressor(alpha=0.6, l1_ratio=ratio, **as_it_is).fit(X, y).coefs_[0].ravel()
    print(f"{name}, the two weights: {w[0]:.4f}, {w[1]:.4f}")
    order = 1 if ratio else 2
    penalty = np.linalg.norm([a, b], axis=0, ord=order)
    level = np.linalg.norm(w, ord=order)
    touched = np.var(y - X @ w) / 2
    ax.contour(a, b, losses, levels=touched * np.array([0.1, 0.4, 1, 2, 4]), cmap="Blues_r")
    ax.contour(a, b, penalty, levels=[level], colors="C3", linewidths=2)
    ax.plot(*free, "x", color="black", label="without penalty")
    ax.plot(*w, "o", color="C3", label=f"with {name}")
    ax.grid(alpha=0.3)
    ax.set(xlabel="first weight", ylabel="second weight", aspect="equal")
    ax.set_title(f"{name}: touches {'at the corner' if ratio else 'beside the axes'}")
    ax.legend(loc="lower right", fontsize="small")

X, y = load_digits(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(
    X[np.isin(y, (3, 8))] / 16, y[np.isin(y, (3, 8))], random_state=0
)
alphas = [1e-4, 1e-3, 1e-2, 0.03, 0.1]
for name, ratio, colour in [("L2", 0.0, "C0"), ("L1", 1.0, "C3")]:
    models = [MLPClassifier(alpha=alpha, l1_ratio=ratio, **linear) for alpha in alphas]
    fits = [model.fit(X_train, y_train) for model in models]
    zeros = [np.count_nonzero(fit.coefs_[0] == 0) for fit in fits]
    scores = np.array([fit.score(X_test, y_test) for fit in fits])
    axes[2].plot(alphas, zeros, "o-", color=colour, label=f"{name}: weights at zero")
    axes[2].plot(alphas, 100 * scores, "s--", color=colour, label=f"{name}: accuracy (%)")
    print(f"{name}, alpha 0.001, weights at zero of 64: {zeros[1]}")
    print(f"{name}, alpha 0.001, accuracy on test images: {scores[1]:.3f}")
axes[2].set(xscale="log", xlabel="alpha", ylabel="number of weights, %", ylim=(-3, 150))
axes[2].legend(loc="upper center", fontsize="small", title="64 weights: digits 3 and 8")
figure.suptitle("The corners of L1 lie on the axes: weights become exactly zero")
plt.show()
