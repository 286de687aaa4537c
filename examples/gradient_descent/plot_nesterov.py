"""Nesterov's look-ahead brakes before it overshoots
=================================================

Momentum takes the gradient where it stands and notices a rising slope only when it is on it.
Nesterov's momentum takes the gradient where the momentum leads, and so begins to brake one step
earlier. On one and the same slope and rate both run past the minimum; Nesterov's overshoots less
and settles sooner, the more so the higher the rate. At very low rates there is no difference.
"""

import matplotlib.pyplot as plt
import numpy as np

from skdeep.inspection import OptimizerPathDisplay

NAMES, RATES, N_STEPS = ["momentum", "nesterov"], np.logspace(-2, 0, 15), 100


def run(rate):
    return OptimizerPathDisplay.from_surface(
        "gentle_slope", NAMES, learning_rate=rate, n_steps=N_STEPS, draw=False
    )


def overshoot(path):
    """Return how far beyond the minimum at x = 0, as a share of the way to it."""
    return max(0.0, path[:, 0].max()) / -path[0, 0]


def settling(path):
    """Return the number of steps until x stays within a tenth of the way."""
    return int(np.flatnonzero(abs(path[:, 0]) > abs(path[0, 0]) / 10)[-1]) + 1


high = run(RATES[-1]).paths
runs = [run(rate).paths for rate in RATES]
figure, (left, right) = plt.subplots(1, 2, figsize=(9, 4.5), layout="constrained")
for name in NAMES:
    left.plot(high[name][:, 0], label=name)
    right.plot(RATES, [overshoot(paths[name]) for paths in runs], ".-", label=name)
    print(f"{name}, overshoot at rate 1: {overshoot(high[name]):.2f}")
    print(f"{name}, steps to settle at rate 1: {settling(high[name])}")
left.axhline(0, color="grey", linestyle=":")
left.set(xlabel="step", ylabel="x (the minimum is at 0)", title="a run at rate 1")
right.set(xlabel="learning rate", xscale="log", ylabel="overshoot, share of the way")
right.set_title("overshoot by learning rate")
for ax in (left, right):
    ax.legend()
    ax.grid(alpha=0.3)
figure.suptitle(
    f"Overshoot at rate 1: {overshoot(high['momentum']):.0%} of the way with momentum, "
    f"{overshoot(high['nesterov']):.0%} with Nesterov's"
)
plt.show()
