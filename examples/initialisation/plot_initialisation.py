"""Three bad ways to start the weights, and a good one
===================================================

The outputs of eight layers of 64 tanh units on the digits, before training. From zeros all outputs
are zero. From weights that are too small they shrink by a factor a layer and vanish; from weights
that are too large most are near -1 or 1, where tanh is flat. A Gaussian divided by the root of the
number of inputs keeps a spread. The loss after 30 epochs follows: only the last start learns well.
"""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits
from sklearn.preprocessing import StandardScaler

from skdeep import MLPClassifier
from skdeep.initializers import Normal
from skdeep.inspection import ActivationStatisticsDisplay

SIZES, SHOWN = (64,) * 8, [0, 2, 4, 7]
STARTS = {
    "zeros": "zeros",
    "too small,\nN(0, 0.01²)": Normal(0.01),
    "too large,\nN(0, 1)": Normal(1.0),
    "right,\nN(0, 1/64)": "lecun_normal",
}
X, y = load_digits(return_X_y=True)
X = StandardScaler().fit_transform(X)

outputs, losses = {}, {}
for name, init in STARTS.items():
    display = ActivationStatisticsDisplay.from_inits(
        [init], X=X, hidden_layer_sizes=SIZES, random_state=0, draw=False
    )
    layers = display.outputs[str(init)]
    network = MLPClassifier(SIZES, "tanh", init=init, alpha=0, max_iter=30, random_state=0)
    network.set_params(n_iter_no_change=np.inf).fit(X, y)
    losses[name] = network.loss_curve_
    outputs[f"{name}\nloss {network.loss_:.2f}"] = [layers[i] for i in SHOWN]
    label = name.replace("\n", " ")
    print(f"{label}, standard deviation of the last layer's outputs: {layers[-1].std():.2g}")
    print(f"{label}, share of saturated outputs there: {np.mean(abs(layers[-1]) > 0.99):.2f}")
    print(f"{label}, loss after 30 epochs: {network.loss_:.3f}")

figure = plt.figure(figsize=(10, 5.2), layout="constrained")
left, right = figure.subfigures(1, 2, width_ratios=[5, 3])
ActivationStatisticsDisplay(outputs).plot(left.subplots(len(STARTS), len(SHOWN)))
for i, panel in zip(SHOWN, left.axes, strict=False):
    statistics = panel.get_title().splitlines()[-1]
    panel.set_title(f"layer {i + 1}\n{statistics}", fontsize="x-small")
ax = right.subplots()
for (name, curve), style in zip(losses.items(), ["-", ":", "--", "-"], strict=True):
    ax.plot(range(1, 31), curve, style, label=name.split(",")[0], linewidth=2)
ax.set(xlabel="epoch", ylabel="cross-entropy of the training", yscale="log")
ax.grid(alpha=0.3)
ax.legend()
figure.suptitle("Only weights of the right size keep the signal alive in every layer, and learn")
plt.show()
