"""A rate that falls may begin high
================================

The same network learns the digits with plain mini-batch descent from a learning rate of 1, which is
too high to keep: with a constant rate training breaks down. Every decay begins as high and learns
well. The best constant rate of four, 0.1, is shown for a fair comparison: three of the four decays
end with a lower validation loss than that, step decay does not. Means over 5 splits and starts.
Validation decay sees the rows that the loss is measured on; the others do not.
"""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from skdeep import MLPClassifier
from skdeep.schedules import ExponentialDecay, InverseTimeDecay, StepDecay, ValidationDecay

RUNS = {
    "constant, 1": ("constant", 1.0),
    "constant, 0.1": ("constant", 0.1),
    "step: half every 5 epochs": (StepDecay(), 1.0),
    "validation: half after a worse epoch": (ValidationDecay(), 1.0),
    "exponential, k = 0.1": (ExponentialDecay(k=0.1, per="epoch"), 1.0),
    "1/t, k = 0.5": (InverseTimeDecay(k=0.5, per="epoch"), 1.0),
}
X, y = load_digits(return_X_y=True)
X = X / 16


def histories(schedule, rate):
    """Return what is recorded by epoch: arrays of shape (5 seeds, 30 epochs)."""
    found = []
    for seed in range(5):
        X_train, X_val, y_train, y_val = train_test_split(X, y, random_state=seed)
        network = MLPClassifier((32,), optimizer="sgd", batch_size=16, random_state=seed)
        network.set_params(learning_rate=schedule, learning_rate_init=rate)
        network.set_params(max_iter=30, n_iter_no_change=np.inf)
        found.append(network.fit(X_train, y_train, X_val=X_val, y_val=y_val).history_)
    return {name: np.array([history[name] for history in found]) for name in found[0]}


figure, (rates, losses) = plt.subplots(1, 2, figsize=(9, 4.5), layout="constrained")
for label, (schedule, rate) in RUNS.items():
    history = histories(schedule, rate)
    epochs = np.arange(1, 31)
    style = {"linestyle": "--" if schedule == "constant" else "-", "label": label}
    rates.plot(epochs, np.median(history["learning_rate"], axis=0), **style)
    losses.plot(epochs, history["validation_loss"].mean(axis=0), **style)
    print(f"{label}, last validation loss: {history['validation_loss'][:, -1].mean():.3f}")
rates.set(xlabel="epoch", ylabel="learning rate (median of 5)", yscale="log", title="rate")
losses.set(xlabel="epoch", ylabel="validation loss (mean of 5)", yscale="log", title="loss")
figure.legend(*rates.get_legend_handles_labels(), loc="outside lower center", ncols=3)
figure.suptitle("A constant rate of 1 breaks down; rates that fall from 1 learn well")
plt.show()
