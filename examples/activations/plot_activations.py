"""Every activation, with its derivative
=====================================

What flows back through a unit is multiplied by the derivative. That of the sigmoid is never above
1/4 and fades on both sides, that of tanh reaches 1 but fades as well; rectifiers have 1 on the
right, and differ in what they let through on the left. ReLU lets nothing through. Maxout is shown
with the two maps -z and z.
"""

import matplotlib.pyplot as plt

from skdeep.inspection import ActivationDisplay

display = ActivationDisplay.from_registry()
for name, slopes in display.derivatives.items():
    print(f"{name}, largest slope: {slopes.max():.2f}")
    print(f"{name}, slope at -4 and at 4: {slopes[0]:.2g}, {slopes[-1]:.2g}")
for panel in display.axes_:
    panel.set_xticks([-4, 0, 4])
display.figure_.set_size_inches(10, 6)
display.figure_.supxlabel("z, the weighted sum of a unit's inputs")
display.figure_.supylabel("the unit's output f(z), and its slope f'(z)")
display.figure_.suptitle(
    "Sigmoid and tanh fade on both sides; rectifiers keep a slope of about 1 on the right"
)
plt.show()
