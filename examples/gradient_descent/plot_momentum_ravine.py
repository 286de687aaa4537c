"""In a ravine, momentum cancels the zigzag and gathers speed along the floor
==========================================================================

The surface x^2 / 100 + y^2 is a hundred times steeper across than along. With the highest rate that
the walls allow, plain descent jumps from wall to wall and creeps along the floor. With momentum
the jumps cancel and the small steps along the floor add up. Each optimizer gets the best of 40
learning rates: momentum needed half the steps. At one rate of 0.2 for both it is ten times faster.
"""

import matplotlib.pyplot as plt
import numpy as np

from skdeep.inspection import OptimizerPathDisplay

NAMES = ["sgd", "momentum"]
RATES = np.linspace(0.025, 1.0, 40)


def steps_needed(heights):
    """Count the steps until the loss stays below a thousandth of the first."""
    high = ~(heights <= heights[0] / 1000)
    return int(np.flatnonzero(high)[-1]) + 1


runs = [
    OptimizerPathDisplay.from_surface("ravine", NAMES, learning_rate=rate, n_steps=1000, draw=False)
    for rate in RATES
]
counts = {name: [steps_needed(run.heights[name]) for run in runs] for name in NAMES}
best = {name: RATES[np.argmin(counts[name])] for name in NAMES}
for name in NAMES:
    print(f"{name}, steps with its best rate {best[name]:.3g}: {min(counts[name])}")
    print(f"{name}, steps with the rate {RATES[7]:.3g}: {counts[name][7]}")

figure, axes = plt.subplots(1, 2, figsize=(9, 4.5), layout="constrained")
OptimizerPathDisplay.from_surface("ravine", NAMES, learning_rate=best, n_steps=60, ax=axes)
axes[1].remove()
ax = figure.add_subplot(1, 2, 2)
for name in NAMES:
    ax.plot(RATES, counts[name], ".-", label=name)
ax.set(
    xlabel="learning rate",
    ylabel="steps (at most 1000)",
    yscale="log",
)
ax.set(title="steps to a thousandth of the loss", ylim=(20, 1100))
ax.legend()
ax.grid(alpha=0.3)
figure.suptitle(
    f"In a ravine momentum needs {min(counts['momentum'])} steps where plain descent needs "
    f"{min(counts['sgd'])}"
)
plt.show()
