"""What decides on a training: the scale of the inputs, and a strong penalty."""

import numpy as np
from scipy.sparse import issparse

from skdeep.network import Network

LARGEST, SMALLEST = 10.0, 0.01  # of root mean squares; those of standardised columns are 1
PULL = 0.5  # the penalty's gradient over the loss's


def are_scaled(X):
    """Return whether the columns of X are about as large as if they were standardised."""
    if issparse(X):
        squares = np.asarray(X.astype(np.float64).power(2).mean(axis=0)).ravel()
    else:
        with np.errstate(over="ignore"):
            squares = np.einsum("ij,ij->j", X, X, dtype=np.float64) / len(X)
    size = float(np.sqrt(squares.max()))
    return size == 0 or SMALLEST < size < LARGEST


def holds_down(penalty, network, gradients, constant_loss):
    """Return whether the penalty decides on the weights, and the data hardly do.

    It does where it pulls at them about as strongly as the loss or more, and is so strong that
    weights as large as those that training starts with would cost more than a constant model.

    Parameters
    ----------
    penalty : Penalty
    network : Network
        The trained network.
    gradients : list of ndarray
        The gradients of the loss at the weights.
    constant_loss : float
        The loss of the best constant.
    """
    fresh = Network(network.architecture)
    fresh.initialise(np.random.default_rng(0))
    if penalty.value(fresh.weights) <= constant_loss:
        return False
    pull = np.zeros(network.weights.shape)
    penalty.add_gradient(network.weights.astype(np.float64), pull, np.empty_like(pull))
    loss_pull = np.sqrt(sum(float(np.square(g, dtype=np.float64).sum()) for g in gradients))
    return float(np.linalg.norm(pull)) > PULL * loss_pull
