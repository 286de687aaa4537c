"""The objective of a fitted estimator as a function of its parameters."""

from dataclasses import replace

import numpy as np

from skdeep.inspection._estimators import network_estimator, transformed, transformed_targets
from skdeep.network import Network
from skdeep.network.prediction import block_rows
from skdeep.training import Validation


class EstimatorObjective:
    """What training minimises, on a copy of the network in double precision.

    The weighted mean loss of the data, class weights and label smoothing included, plus the
    penalty; no dropout and no noise.

    Parameters
    ----------
    estimator : estimator, or what holds one
    X, y : array-like
        The data as the estimator takes them.
    sample_weight : array-like of shape (n_samples,) or None

    Attributes
    ----------
    present : ndarray of shape (n_parameters,)
        The estimator's parameters.
    network : Network
        The copy.
    """

    def __init__(self, estimator, X, y, sample_weight=None):
        last = network_estimator(estimator)
        double = np.dtype(np.float64)
        X, y = transformed(estimator, X), transformed_targets(estimator, y)
        data = last._training_data(X, y, sample_weight, double)
        self.penalty = last._plan().training.penalty
        self.present = last._network.parameters.astype(np.float64)
        self.network = in_double(last._network.architecture, self.present.copy())
        self._data = Validation(data, None, block_rows(self.network), double)

    def __call__(self, parameters):
        """Return the objective at a flat vector of parameters."""
        self.network.parameters[...] = parameters
        with np.errstate(all="ignore"):  # far away anything may overflow
            loss, _ = self._data.loss(self.network)
            return loss + self.penalty.value(self.network.weights)

    def place(self, layer, index):
        """Return where a parameter lies in the flat vector.

        Parameters
        ----------
        layer : int
            The place in ``coefs_``, or ``intercepts_``.
        index : tuple of int, or int
            The place in the layer's ``coefs_``; an integer means one of its ``intercepts_``.
        """
        is_weight = isinstance(index, tuple)
        array = self._places("weight" if is_weight else "bias", layer)
        name = f"{'coefs_' if is_weight else 'intercepts_'}[{layer}]"
        try:
            return int(array[index])
        except (IndexError, TypeError) as error:
            raise ValueError(
                f"index must name one entry of {name}, of shape {array.shape}: a tuple of "
                f"integers for a weight, an integer for a bias; got {index!r}."
            ) from error

    def first_weight(self, layer):
        """Return the index of the first weight of a layer, whatever the shape of its weights."""
        return (0,) * self._places("weight", layer).ndim

    def _places(self, kind, layer):
        """Return the places of a layer's parameters of a kind in the flat vector."""
        places = in_double(self.network.architecture, np.arange(len(self.present), dtype=float))
        arrays = places.of_kind(kind)
        if not -len(arrays) <= layer < len(arrays):
            raise ValueError(f"layer must be one of the {len(arrays)} layers, got {layer!r}.")
        return arrays[layer]


def in_double(architecture, parameters):
    """Return a network of double precision with these parameters."""
    return Network(replace(architecture, dtype=np.dtype(np.float64)), parameters)


def parameter_name(layer, index):
    """Return what a parameter is called, as in ``coefs_[0][1, 2]``."""
    if isinstance(index, tuple):
        return f"coefs_[{layer}][{', '.join(map(str, index))}]"
    return f"intercepts_[{layer}][{index}]"
