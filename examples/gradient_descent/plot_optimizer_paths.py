"""No optimizer is the best on every surface
=========================================

A gentle slope, a ravine, a saddle point, a plateau and a surface with several minima; plain
descent, momentum, Nesterov's momentum, RMSProp and Adam from the same start (star), 100 steps each,
with the learning rates of OptimizerPathDisplay. RMSProp was lowest at the end on the gentle slope,
Nesterov's momentum in the ravine, Adam on the plateau (RMSProp left it first); plain descent came
last on these and stayed at the saddle point. Among several minima only momentum ran past the
nearest to a lower one, none to the lowest.
"""

import matplotlib.pyplot as plt

from skdeep.inspection import OptimizerPathDisplay

SURFACES = ["gentle_slope", "ravine", "saddle_point", "plateau", "several_minima"]
OPTIMIZERS = ["sgd", "momentum", "nesterov", "rmsprop", "adam"]

figure, axes = plt.subplots(2, 5, figsize=(13, 5.5), layout="constrained")
for surface, (top, bottom) in zip(SURFACES, axes.T, strict=True):
    display = OptimizerPathDisplay.from_surface(surface, OPTIMIZERS, ax=[top, bottom])
    top.set_title(surface.replace("_", " "))
    bottom.set_title("")
    bottom.get_legend().remove()
    heights = {name: heights[-1] for name, heights in display.heights.items()}
    print(f"{surface}, height after 100 steps:", *(f"{n} {h:.3g}" for n, h in heights.items()))
for ax in axes[:, 1:].flat:
    ax.set_ylabel("")
lines = [display.height_lines_[name] for name in OPTIMIZERS]
figure.legend(lines, OPTIMIZERS, loc="outside lower center", ncols=5)
figure.suptitle("Adaptive rates leave saddle and plateau first; momentum is quick in the ravine")
plt.show()
