"""The loss along one parameter, and over two
==========================================

A network has thousands of parameters, and its loss can be looked at only in slices. Left: the loss
along one weight, after one epoch and after 300: training ends in the valley. Middle: the loss over
two weights. Right: over the plane in which training moved most, with its way. Along each weight of
the first layer the loss at the end is within one per cent of the lowest of its slice.
"""

import matplotlib.pyplot as plt
from sklearn.datasets import load_wine
from sklearn.preprocessing import StandardScaler

from skdeep import MLPClassifier
from skdeep.inspection import LossCurveSliceDisplay, LossSurfaceDisplay, record_path

X, y = load_wine(return_X_y=True)
X = StandardScaler().fit_transform(X)
network = MLPClassifier((8,), "tanh", alpha=0.01, learning_rate_init=0.01, random_state=0)
early = record_path(network, X, y, epochs=1)
late = record_path(network, X, y, epochs=300)


def excess(index):
    """Return by which share the present loss is above the lowest of the slice."""
    shown = LossCurveSliceDisplay.from_estimator(
        late.estimator, X, y, index=index, n_points=41, draw=False
    )
    return shown.present_loss / shown.losses.min() - 1


excesses = [excess((i, j)) for i in range(X.shape[1]) for j in range(8)]
print(f"largest excess of the loss over the lowest of a slice: {max(excesses):.2%}")

figure, axes = plt.subplots(1, 3, figsize=(14, 4.5), layout="constrained")
for path, epochs in ((early, 1), (late, 300)):
    shown = LossCurveSliceDisplay.from_estimator(
        path.estimator, X, y, index=(6, 1), span=4, ax=axes[0]
    )
    shown.line_.set_label(f"after epoch {epochs}")
    print(f"loss after epoch {epochs}: {shown.present_loss:.3f}")
axes[0].legend()
axes[0].set(title="along one weight", yscale="log")
LossSurfaceDisplay.from_estimator(
    late.estimator, X, y, directions=[(0, (6, 1)), (0, (9, 1))], span=4, ax=axes[1]
)
axes[1].set_title("over two weights")
LossSurfaceDisplay.from_estimator(
    late.estimator, X, y, directions="path", path=late.parameters, ax=axes[2]
)
axes[2].set_title("over the plane of training")
figure.suptitle("Training went downhill into a valley, along single weights and over two")
plt.show()
