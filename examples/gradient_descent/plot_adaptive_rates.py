"""Rates of their own help features that are rare
==============================================

A rare word has a gradient in few steps only, and plain descent leaves its weight too small.
Adagrad, RMSProp and Adam divide by the size of past gradients, so rare features take larger steps.
The data are made up: 2,000 texts of words drawn by Zipf's law, rarer ones with larger weights. Each
optimizer has the best of seven learning rates. All three beat plain descent, in training and on new
texts, and their weights come closer to the true proportion of rare to common words.
"""

import matplotlib.pyplot as plt
import numpy as np
from scipy.sparse import csr_array

from skdeep import MLPClassifier

NAMES, RATES = ["sgd", "adagrad", "rmsprop", "adam"], np.logspace(-2, 1, 7)
N_TEXTS, N_WORDS, EPOCHS = 2000, 300, 5
rng = np.random.default_rng(0)
share = np.minimum(0.5, 5 / np.arange(1, N_WORDS + 1))
words = rng.random((2 * N_TEXTS, N_WORDS)) < share
true_weights = rng.normal(size=N_WORDS) / np.sqrt(share)
X, y = csr_array(words.astype(float)), (words - share) @ true_weights > 0


def train(name, rate):
    network = MLPClassifier((), init="zeros", optimizer=name, learning_rate_init=rate, alpha=0)
    network.set_params(batch_size=32, max_iter=EPOCHS, n_iter_no_change=np.inf, random_state=0)
    return network.fit(X[:N_TEXTS], y[:N_TEXTS])


def sizes(weights):
    """Return mean absolute weights by tenths of the words; the commonest tenth's is 1."""
    means = np.array([np.abs(part).mean() for part in np.array_split(weights, 10)])
    return means / means[0]


figure, (left, right) = plt.subplots(1, 2, figsize=(9, 4.5), layout="constrained")
for name in NAMES:
    best = min((train(name, rate) for rate in RATES), key=lambda network: network.loss_)
    label = f"{name}, rate {best.learning_rate_init:.2g}"
    left.plot(range(1, EPOCHS + 1), best.loss_curve_, "o-", label=label)
    right.plot(range(1, 11), sizes(best.coefs_[0][:, 0]), "o-")
    print(f"{name}, training loss after {EPOCHS} epochs: {best.loss_:.3f}")
    print(f"{name}, accuracy on new texts: {best.score(X[N_TEXTS:], y[N_TEXTS:]):.3f}")
    print(f"{name}, weights, rarest over commonest: {sizes(best.coefs_[0][:, 0])[-1]:.2f}")
right.plot(range(1, 11), sizes(true_weights), "k:", label="true weights")
print(f"true weights, rarest over commonest: {sizes(true_weights)[-1]:.2f}")
left.set(xlabel="epoch", ylabel="training loss", xticks=range(1, EPOCHS + 1), title="loss")
right.set(xlabel="tenth of the words, from common to rare", title="size of the weights")
right.set(ylabel="mean |weight| (commonest tenth: 1)")
left.legend()
right.legend()
figure.suptitle("On sparse data plain descent lags behind, and its rare words' weights most")
plt.show()
