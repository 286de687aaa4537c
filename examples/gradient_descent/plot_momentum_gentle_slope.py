"""Momentum gathers speed on gentle slopes
=======================================

On a gentle slope the gradient is small, and so is every step of plain gradient descent. Momentum
adds the steps up: while they point the same way the step grows, up to 1 / (1 - 0.9) = 10 times.
Both start at the same point with the same learning rate. Momentum was several times faster; it also
ran past the minimum once, and came back.
"""

import matplotlib.pyplot as plt
import numpy as np

from skdeep.inspection import OptimizerPathDisplay

RATE, N_STEPS = 0.1, 350

figure, axes = plt.subplots(1, 2, figsize=(9, 4.5), layout="constrained")
display = OptimizerPathDisplay.from_surface(
    "gentle_slope", ["sgd", "momentum"], learning_rate=RATE, n_steps=N_STEPS, ax=axes
)
steps = {}
for name, path in display.paths.items():
    heights = display.heights[name]
    # the height oscillates under momentum: count until it stays low
    steps[name] = int(np.flatnonzero(heights > heights[0] / 1000)[-1]) + 1
    lengths = np.linalg.norm(np.diff(path, axis=0), axis=1)
    print(f"{name}, steps until a thousandth of the first loss: {steps[name]}")
    print(f"{name}, longest step over the first: {lengths.max() / lengths[0]:.2f}")

axes[1].set(yscale="log", ylim=(1e-4, 3), xlabel="step", ylabel="loss", title="loss by step")
axes[1].axhline(display.heights["sgd"][0] / 1000, color="grey", linestyle=":")
axes[1].text(110, 9e-4, "a thousandth of the first", color="grey")
axes[1].legend(loc="upper right")
figure.suptitle(
    f"On a gentle slope momentum needs {steps['momentum']} steps where plain descent needs "
    f"{steps['sgd']}"
)
plt.show()
