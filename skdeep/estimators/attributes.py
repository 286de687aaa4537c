"""The fitted attributes, with scikit-learn's names: all derived from network and training state."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.utils.validation import check_is_fitted

from skdeep.estimators.views import ParameterDict, ParameterList
from skdeep.network import Network


class FittedAttributes:
    """Mixin of the attributes of a fitted network; only the parameters can be assigned to."""

    def _fitted(self, name):
        check_is_fitted(self)
        return getattr(self, name)

    def _writable(self):
        """Return the network, in memory of its own if it is read-only."""
        network = self._fitted("_network")
        if not network.parameters.flags.writeable:  # such as those that joblib maps from a file
            self._network = network = Network(network.architecture, np.array(network.parameters))
        return network

    @property
    def coefs_(self) -> ParameterList:
        """Live views of the weights, (n_inputs, n_units) for each layer."""
        return ParameterList(self._writable().of_kind("weight"))

    @coefs_.setter
    def coefs_(self, values: Any) -> None:
        self.coefs_.replace(values)

    @property
    def intercepts_(self) -> ParameterList:
        """Live views of the biases, (n_units,) for each layer."""
        return ParameterList(self._writable().of_kind("bias"))

    @intercepts_.setter
    def intercepts_(self, values: Any) -> None:
        self.intercepts_.replace(values)

    @property
    def named_parameters_(self) -> ParameterDict:
        """Live views of all parameters, as "dense_0/weights" and "output/bias"."""
        return ParameterDict(self._writable().named_parameters)

    @named_parameters_.setter
    def named_parameters_(self, values: Any) -> None:
        self.named_parameters_.replace(values)

    @property
    def history_(self) -> dict[str, list[float]]:
        """A dict of equally long lists with an entry for every epoch since the start.

        ``partial_fit`` keeps the newest 10,000.
        """
        return self._fitted("_state").history

    @property
    def n_iter_(self) -> int:
        """Epochs (iterations, for full-batch optimizers) of the last fit."""
        state = self._fitted("_state")
        return state.epoch - state.earlier_epochs

    @property
    def t_(self) -> int:
        """Training rows seen since the start, repeats included."""
        return self._fitted("_state").samples

    @property
    def n_layers_(self) -> int:
        """Layers, the input and the output layer included."""
        return len(self._fitted("_network").weighted) + 1

    @property
    def n_outputs_(self) -> int:
        """Output units."""
        return self._fitted("_network").chain[-1].n_outputs

    @property
    def out_activation_(self) -> str:
        """The link from scores to predictions."""
        return self._fitted("_network").loss.out_activation

    @property
    def loss_curve_(self) -> list[float]:
        """The objective's mean over every epoch, as it was while training."""
        return self.history_.get("loss", [])

    @property
    def loss_(self) -> float:
        """The objective of the last epoch."""
        return self.loss_curve_[-1] if self.loss_curve_ else np.inf

    @property
    def best_loss_(self) -> float:
        """The lowest objective of an epoch."""
        return min([self._fitted("_state").lowest_loss, *self.loss_curve_])

    @property
    def validation_scores_(self) -> list[float] | None:
        """The validation score after every epoch (nan: not validated), or None."""
        return self.history_.get("validation_score")

    @property
    def best_validation_score_(self) -> float | None:
        """The highest validation score by the present scoring, or None without validation."""
        if self.validation_scores_ is None:
            return None
        stopping = self._state.stopping.state
        if stopping.watched != "loss":
            return stopping.best
        # nan: epochs without validation
        return float(np.fmax.reduce([self._state.highest_score, *self.validation_scores_]))
