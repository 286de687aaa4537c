"""A network to look at: what it is made of, and what it costs
===========================================================

A dense network, a convolutional one with skip connections and an autoencoder for the same images of
8 x 8 pixels, none of them trained. The dense network has the most parameters. The convolutional one
has a third of them, but takes three times the multiplications, since each weight of a filter is
used at every place of the image. The decoder shares the weights of the encoder.
"""

import matplotlib.pyplot as plt
from sklearn.datasets import load_digits

from skdeep import Autoencoder, CNNClassifier, MLPClassifier
from skdeep.inspection import summary

X, y = load_digits(return_X_y=True)
convolutions = {"input_shape": (8, 8), "conv_layers": ((16, 3), (16, 3)), "pool_size": 2}
NETWORKS = {
    "dense": MLPClassifier((128, 64), dropout=0.2),
    "convolutional": CNNClassifier((32, 32), **convolutions, skip_connections=True),
    "autoencoder": Autoencoder((32, 8)),
}

figure, axes = plt.subplots(1, 3, figsize=(14, 4.4), layout="constrained")
for ax, (name, network) in zip(axes, NETWORKS.items(), strict=True):
    made = summary(network, X, y)
    made.plot(ax)
    print(f"{name}, parameters: {made.n_parameters:,}")
    print(f"{name}, multiplications a row: {made.multiplications:,}")
    print(f"{name}, memory of the parameters in bytes: {made.parameter_bytes:,}")
figure.suptitle("Convolutions share few weights among many places, and use each of them often")
plt.show()
