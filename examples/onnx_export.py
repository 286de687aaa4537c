"""A model that predicts without Python: from a raw table to ONNX, and back by onnxruntime
=======================================================================================

It needs more packages: ``pip install "skdeep[onnx]"``.
"""

import numpy as np
import pandas as pd
from onnxruntime import InferenceSession
from sklearn.model_selection import train_test_split

from skdeep import TabularMLPClassifier
from skdeep.onnx import to_onnx

rng = np.random.default_rng(0)
houses = pd.DataFrame(
    {
        "area": rng.lognormal(4.5, 0.4, 1000).round(),
        "town": rng.choice(["Bern", "Lyon", "Ulm", None], 1000),
        "built": np.where(rng.random(1000) < 0.2, np.nan, rng.integers(1900, 2020, 1000)),
    }
)
factor = houses["town"].map({"Bern": 3.0, "Lyon": 2.0, "Ulm": 1.0}).fillna(2.0)
price = houses["area"] * factor + (houses["built"].fillna(1950) - 1900)
level = np.where(price > price.median(), "dear", "cheap")

X, X_test, y, y_test = train_test_split(houses, level, random_state=0)
model = TabularMLPClassifier(n_networks=2, effort=0.25, random_state=0).fit(X, y)

# The file holds everything: scaling, gaps, categories, the networks and their average.
converted = to_onnx(model, X)
file = converted.SerializeToString()
session = InferenceSession(file)
print("inputs: ", *[f"{value.name} {value.type}" for value in session.get_inputs()])
print("outputs:", *[f"{value.name} {value.type}" for value in session.get_outputs()])
print(f"{len(file) / 1024:.0f} KiB, {len(converted.graph.node)} operators")

# One input for each column; "" takes the place of a missing string.
columns = {
    "area": X_test[["area"]].to_numpy(),
    "town": X_test[["town"]].astype(object).fillna("").to_numpy(dtype=object),
    "built": X_test[["built"]].to_numpy(),
}
labels, probabilities = session.run(["label", "probabilities"], columns)
print(f"accuracy of onnxruntime {np.mean(labels == y_test):.3f}, {model.score(X_test, y_test):.3f}")
difference = np.abs(probabilities - model.predict_proba(X_test)).max()
assert difference < 1e-6, difference
print("probabilities agree to 1e-6")
