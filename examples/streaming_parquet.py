"""A Parquet file that may be larger than memory: training on it, and going on after a kill
===========================================================================================

It needs pyarrow: pip install pyarrow
"""

import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skdeep import Checkpoint, MLPClassifier
from skdeep.streaming import fit_stream

if find_spec("pyarrow") is None:
    print("pyarrow is not installed: pip install pyarrow")
    sys.exit()

import pyarrow as pa
import pyarrow.parquet as pq

folder = Path(tempfile.mkdtemp())
names = [f"x{j}" for j in range(10)]
centres = np.random.default_rng(0).normal(scale=30, size=(10, 10))


def rows(rng, n_rows, label):
    """Return a table of rows of one class (None: of all)."""
    y = rng.integers(10, size=n_rows) if label is None else np.full(n_rows, label)
    X = centres[y] + rng.normal(scale=30, size=(n_rows, 10)) + 1000
    return pa.table([*X.T, y], names=[*names, "label"])


# As files often are, it is sorted in parts: a row group holds one class only.
rng = np.random.default_rng(1)
groups = [rows(rng, 3000, number % 10) for number in range(30)]
with pq.ParquetWriter(folder / "rows.parquet", groups[0].schema) as writer:
    for group in groups:
        writer.write_table(group)
test = rows(rng, 5000, None)
X_test, y_test = test.drop_columns(["label"]), test["label"].to_numpy()

# The scaler learns in a pass of its own, then every epoch is a pass. 50,000 rows are in memory.
options = {"target": "label", "epochs": 4, "shuffle_buffer": 50_000}
checkpoint = Checkpoint(folder / "fit.checkpoint", every=1)
network = MLPClassifier(
    (64,), learning_rate="cosine", learning_rate_init=0.01, random_state=0, callbacks=[checkpoint]
)
model = make_pipeline(StandardScaler(), network)
fit_stream(model, folder / "rows.parquet", **options)
print(f"fit_stream:  accuracy {model.score(X_test, y_test):.3f}")

# Without a buffer, the network forgets one class while it learns the next.
by_parts = MLPClassifier((64,), learning_rate_init=0.01, random_state=0)
scaler = model[0]
for _ in range(4):
    for group in groups:
        X, y = scaler.transform(group.drop_columns(["label"])), group["label"].to_numpy()
        by_parts.partial_fit(X, y, classes=np.arange(10))
accuracy = by_parts.score(scaler.transform(X_test), y_test)
print(f"partial_fit: accuracy {accuracy:.3f}")

# Had the process been killed, this would go on from the last epoch that it wrote.
again = fit_stream(model, folder / "rows.parquet", resume_from=checkpoint.path, **options)
print(f"epochs {again[-1].n_iter_}, rows seen {again[-1].t_}")
