"""Every learning-rate schedule at a glance
========================================

Each schedule of skdeep over 50 epochs of 20 updates, from the same initial rate of 0.1. Some
follow a formula of the step, some are planned over the whole training, and two watch its course;
these see a made-up training that stalls half way, which the display's documentation describes.
The constants are the defaults, so formulas with a small k hardly move in so short a training.
"""

import matplotlib.pyplot as plt

from skdeep.inspection import LearningRateDisplay

figure, ax = plt.subplots(figsize=(9, 7), layout="constrained")
display = LearningRateDisplay.from_schedules(epochs=50, steps_per_epoch=20, ax=ax)
figure.suptitle("The learning rate under every schedule, with learning_rate_init=0.1")
for name, rates in display.rates.items():
    print(f"{name}, first, highest and last rate: {rates[0]:.4f} {rates.max():.4f} {rates[-1]:.6f}")
plt.show()
