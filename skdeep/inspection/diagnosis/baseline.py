"""What a model would lose that knows nothing of the inputs."""

import numpy as np
from scipy.optimize import minimize

from skdeep.training.batches import Loader, blocks


def constant_loss(loss, data, block):
    """Return the mean loss of the best constant scores.

    Parameters
    ----------
    loss : Loss
    data : Data
    block : int
        The rows that are looked at together.
    """
    loader = Loader(data, block, np.float64)

    def mean_loss(scores):
        total, gradient = 0.0, np.zeros(len(scores))
        for rows in blocks(data, block):
            batch = loader.load(rows)
            y = batch.y
            losses, delta = np.empty(len(y)), np.empty((len(y), len(scores)))
            loss.evaluate(np.tile(scores, (len(y), 1)), y, losses, delta)
            weights = np.ones(len(y)) if batch.weights is None else batch.weights
            total += weights @ losses
            gradient += weights @ delta
        return total / len(data), gradient / len(data)

    start = np.zeros(loss.n_scores(data.n_outputs))
    return float(minimize(mean_loss, start, jac=True, method="L-BFGS-B").fun)
