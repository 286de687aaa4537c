"""Raw tables: strings and gaps go in as they are, and a few networks share the work
=================================================================================

A made table: two classes that depend on smooth effects of numbers, one of them very skewed, and on
thirty towns; five percent of all cells are missing. In the mean over five splits the tabular
estimator was a little ahead of gradient boosting, and well ahead of a network behind the usual
preprocessing. It trains four networks and averages them as they were at several moments of their
training, weighted by what they predict on rows that were held out.
"""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.datasets import make_friedman1
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from threadpoolctl import threadpool_limits

from skdeep import MLPClassifier, TabularMLPClassifier

rng = np.random.default_rng(0)
numbers, values = make_friedman1(1500, n_features=6, noise=1.0, random_state=0)
town = rng.integers(30, size=1500)
values += 6 * np.sin(town) * numbers[:, 0]
numbers[:, 1] = np.exp(8 * numbers[:, 1])
X = pd.DataFrame(numbers).add_prefix("x").assign(town=town.astype(str))
X = X.mask(rng.random(X.shape) < 0.05).astype({"town": "category"})
y = np.where(values > np.median(values), "high", "low")

imputer = make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler())
one_hot = OneHotEncoder(handle_unknown="ignore"), make_column_selector("town")
usual = make_column_transformer((imputer, make_column_selector("x")), one_hot)
network = MLPClassifier(n_iter_no_change=np.inf, random_state=0)
models = {
    "MLPClassifier\nin a pipeline": make_pipeline(usual, network),
    "HistGradient-\nBoosting": HistGradientBoostingClassifier(random_state=0),
    "TabularMLP-\nClassifier": TabularMLPClassifier(random_state=0),
}
figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4.5), layout="constrained")
splits = [train_test_split(X, y, stratify=y, random_state=seed) for seed in range(5)]
for name, model in models.items():
    with threadpool_limits(1):
        scores = [model.fit(parts[0], parts[2]).score(parts[1], parts[3]) for parts in splits]
    print(f"{type(model).__name__}, accuracy: {np.mean(scores):.3f}")
    left.bar(name, np.mean(scores), alpha=0.5)
    left.plot([name] * len(scores), scores, "k.")
left.set(ylim=(0.7, None), ylabel="accuracy on test rows", title="five splits, and their mean")
moments = {}  # of each network, which is known by its seed
for network, weight in zip(model.networks_, model.network_weights_, strict=True):
    moments.setdefault(network.random_state, []).append((network, weight))
for number, kept in enumerate(moments.values(), 1):
    kind = "numbers in pieces" if kept[0][0].coefs_[0].ndim == 3 else "plain numbers"
    for moment, (_, weight) in enumerate(kept, 1):
        label = f"network {number}, {kind}, moment {moment}"
        right.barh(label, weight, color="C2", alpha=0.5)
right.set(xlabel="weight in the average", title="moments of the networks, last split")
right.invert_yaxis()
plt.show()
