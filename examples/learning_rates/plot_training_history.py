"""Reading a training: its history, and what diagnose makes of it
==============================================================

Every fit records loss, score, learning rate and gradient norm by epoch. Two networks learn the
digits, with the default rate of 0.001 and with 0.1. The history of the second is restless: the loss
jumps up again and again. diagnose sees that, and what the history does not show: many units are
dead. It names a lower rate as the remedy. About the first network it finds nothing to say.
"""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from skdeep import MLPClassifier
from skdeep.inspection import TrainingHistoryDisplay, diagnose

X, y = load_digits(return_X_y=True)
X_train, X_val, y_train, y_val = train_test_split(X / 16, y, random_state=0)

figure, axes = plt.subplots(4, 2, figsize=(10, 7), layout="constrained", sharex=True)
for rate, column in zip((0.001, 0.1), axes.T, strict=True):
    network = MLPClassifier((64, 64), learning_rate_init=rate, max_iter=40, random_state=0)
    network.set_params(n_iter_no_change=np.inf)
    network.fit(X_train, y_train, X_val=X_val, y_val=y_val)
    diagnosis = diagnose(network, X_train, y_train)
    TrainingHistoryDisplay.from_estimator(network, ax=column)
    found = sorted({finding.kind for finding in diagnosis}) or ["nothing conspicuous"]
    column[0].set_title(f"rate {rate}: {', '.join(found)}")
    print(f"rate {rate}, validation accuracy: {network.validation_scores_[-1]:.3f}")
    print(f"rate {rate}, findings: {len(diagnosis)}")
    for finding in diagnosis:
        print(f"- {finding}")
for ax in axes[:, 1]:
    ax.set_ylabel("")
figure.suptitle("A good rate and one that is too high: the histories, and what diagnose finds")
plt.show()
