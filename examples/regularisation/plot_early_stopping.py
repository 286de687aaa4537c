"""Early stopping returns the model of the best epoch
==================================================

With few, noisy data the training loss falls for ever, while the validation loss turns and rises.
``early_stopping`` watches the validation score, stops once 20 epochs brought nothing better,
and returns the weights of the best epoch: its score on the validation rows is that epoch's, not the
last one's, and on test rows it is better than that of the network trained to the end.
"""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits
from sklearn.metrics import log_loss
from sklearn.model_selection import train_test_split

from skdeep import MLPClassifier

EPOCHS = 200
X, y = load_digits(return_X_y=True)
X, X_test, y, y_test = train_test_split(X / 16, y, train_size=600, stratify=y, random_state=0)
rng = np.random.default_rng(0)
wrong = rng.random(len(y)) < 0.2
y = np.where(wrong, (y + rng.integers(1, 10, len(y))) % 10, y)  # a fifth of the labels is wrong
X_train, X_val, y_train, y_val = train_test_split(X, y, train_size=400, random_state=0)

settings = {"hidden_layer_sizes": (64,), "learning_rate_init": 0.003, "alpha": 0, "random_state": 0}
settings |= {"scoring": "neg_log_loss", "max_iter": EPOCHS}
validation = {"X_val": X_val, "y_val": y_val}
to_the_end = MLPClassifier(n_iter_no_change=np.inf, **settings)
to_the_end.fit(X_train, y_train, **validation)
stopped = MLPClassifier(early_stopping=True, n_iter_no_change=20, **settings)
stopped.fit(X_train, y_train, **validation)

losses = stopped.history_["validation_loss"]
best = int(np.argmin(losses)) + 1
returned = log_loss(y_val, stopped.predict_proba(X_val))
print(f"best epoch: {best}")
print(f"epochs until the stop: {stopped.n_iter_}")
print(f"validation loss of the best epoch: {losses[best - 1]:.4f}")
print(f"validation loss of the last epoch: {losses[-1]:.4f}")
print(f"validation loss of the returned model: {returned:.4f}")
print(f"accuracy on test images, stopped: {stopped.score(X_test, y_test):.3f}")
print(f"accuracy on test images, trained to the end: {to_the_end.score(X_test, y_test):.3f}")

figure, ax = plt.subplots(figsize=(8, 4.5), layout="constrained")
epochs = np.arange(1, EPOCHS + 1)
ax.plot(epochs, to_the_end.history_["loss"], label="training")
ax.plot(epochs, to_the_end.history_["validation_loss"], label="validation")
ax.plot(best, returned, "o", color="black", label=f"returned model: epoch {best}")
ax.axvline(stopped.n_iter_, color="grey", linestyle=":", label=f"stop after {stopped.n_iter_}")
ax.set(xlabel="epoch", ylabel="cross-entropy")
ax.grid(alpha=0.3)
ax.legend()
ax.set_title(f"The validation loss turns at epoch {best}: that model is returned")
plt.show()
