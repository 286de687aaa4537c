"""The gradient of an extended network against central differences."""

from dataclasses import replace

import central_differences
import numpy as np

from skdeep.network import Backprop, Network
from skdeep.optimizers import SGD
from skdeep.penalties import Penalty
from skdeep.training.batches import Batch
from skdeep.training.objective import Objective


def check_gradient(fitted, x, y):
    """Compare the gradient of a fitted estimator's network, at other parameters, on some rows.

    Parameters
    ----------
    fitted : estimator
    x : ndarray of shape (n_rows, n_features)
    y : ndarray of shape (n_rows, n_outputs)
        The targets as the loss wants them.
    """
    architecture = replace(fitted._network.architecture, dtype=np.dtype(float))

    def make(seed):
        network = Network(architecture)
        rng = np.random.default_rng(seed)
        network.trained[...] = rng.normal(0, 0.5, network.trained.size)
        network.parameters[network.layout.n_trained :] = 1  # running variances are positive
        backprop = Backprop(network, len(x), streams=None)
        objective = Objective(backprop, Penalty(0.1, 0.05), SGD())
        objective.batch = Batch(x, y, rng.uniform(0.5, 2, len(x)), len(x))
        return objective

    central_differences.check_gradient(make)
