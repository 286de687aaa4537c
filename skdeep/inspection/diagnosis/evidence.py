"""All that a diagnosis rests on, computed once."""

from dataclasses import dataclass

from skdeep.inspection._estimators import network_estimator, transformed, transformed_targets
from skdeep.inspection.diagnosis.baseline import constant_loss
from skdeep.inspection.diagnosis.measure import layer_statistics, loss_and_gradients
from skdeep.inspection.diagnosis.scales import are_scaled, holds_down
from skdeep.network.prediction import block_rows
from skdeep.penalties import Penalty


@dataclass(frozen=True)
class Evidence:
    """What is known of a fitted network.

    Parameters
    ----------
    estimator : BaseNetwork
    layers : list of LayerStatistics
    history : dict of str to list
    loss, constant_loss : float or None
        The mean loss on the data, without penalty, and that of the best constant; None without
        targets.
    is_scaled : bool
        Whether the columns of the inputs are about as large as if they were standardised.
    is_held_down : bool
        Whether the penalty rather than the loss decides on the weights.
    """

    estimator: object
    layers: list
    history: dict
    loss: float | None
    constant_loss: float | None
    is_scaled: bool = True
    is_held_down: bool = False


def gather(estimator, X, y):
    """Run the data through a fitted network; return the evidence.

    Parameters
    ----------
    estimator : estimator, or what holds one
    X : array-like
    y : array-like or None
    """
    last = network_estimator(estimator)
    network = last._network
    X, y = transformed(estimator, X), transformed_targets(estimator, y)
    if y is None and not last._task.targets_are_inputs:
        X = last._checked(X)
        layers = layer_statistics(network, X)
        return Evidence(last, layers, last.history_, None, None, are_scaled(X))
    data = last._training_data(X, y)
    loss, gradients = loss_and_gradients(network, data)
    trivial = constant_loss(network.loss, data, min(len(data), block_rows(network)))
    layers = layer_statistics(network, data.X, gradients)
    is_held_down = holds_down(penalty_of(last), network, gradients, trivial)
    return Evidence(last, layers, last.history_, loss, trivial, are_scaled(data.X), is_held_down)


def penalty_of(estimator):
    """Return the penalty that an estimator trains with."""
    return Penalty.elastic_net(float(estimator.alpha), float(estimator.l1_ratio))
