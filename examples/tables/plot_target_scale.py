"""The scale of a target: whether it is in thousands or in millions must not matter
================================================================================

R squared on test rows, as one and the same target, of spread 1, is multiplied by factors from
0.001 to a million. Learnt in units of its own spread (target_scaling="standard", the default) it is
predicted equally well at every scale. Learnt as it is, a small target drowns in the first outputs
of the network, and a large one is never reached in 200 epochs: that is what happens with
target_scaling=None, and in scikit-learn's MLPRegressor, which knows nothing else.
"""

import warnings

import matplotlib.pyplot as plt
import numpy as np
from sklearn import neural_network
from sklearn.datasets import make_friedman1
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import scale

import skdeep

warnings.simplefilter("ignore", ConvergenceWarning)  # that is what is shown
FACTORS = 10.0 ** np.arange(-3, 7)
X, y = make_friedman1(1000, noise=1.0, random_state=0)
X_train, X_test, y_train, y_test = train_test_split(scale(X), y / y.std(), random_state=0)
models = {
    'skdeep, target_scaling="standard"': skdeep.MLPRegressor(random_state=0),
    "skdeep, target_scaling=None": skdeep.MLPRegressor(target_scaling=None, random_state=0),
    "scikit-learn": neural_network.MLPRegressor(random_state=0),
}

figure, ax = plt.subplots(figsize=(7, 4.5), layout="constrained")
for (name, model), style in zip(models.items(), ["o-", "s--", "^:"], strict=True):
    scores = [
        model.fit(X_train, y_train * factor).score(X_test, y_test * factor) for factor in FACTORS
    ]
    print(f"{name}, R squared:", *(f"{score:.2f}" for score in scores))
    ax.plot(FACTORS, np.maximum(scores, -1.0), style, label=name)
ax.axhline(0, color="grey", lw=0.8)
ax.annotate("no better than the mean", (2e3, 0.02), color="grey", va="bottom")
ax.set(xscale="log", xlabel="factor on the target", ylabel="R squared (-1 stands for all below)")
ax.set_title("A target is learnt equally well at every scale, once it is scaled")
ax.grid(alpha=0.3)
ax.legend(loc=(0.5, 0.62))
plt.show()
