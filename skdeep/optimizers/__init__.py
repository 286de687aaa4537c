"""Optimizers: one class each, by name or as an object."""

from skdeep.optimizers.adam import Adam, Adamax, AdamW, AMSGrad, Lion, Nadam
from skdeep.optimizers.adaptive import Adadelta, Adagrad, RMSprop
from skdeep.optimizers.base import OPTIMIZERS, Optimizer
from skdeep.optimizers.descent import SGD, LineSearch, Momentum, Nesterov
from skdeep.optimizers.second_order import LBFGS

__all__ = [
    "LBFGS",
    "OPTIMIZERS",
    "SGD",
    "AMSGrad",
    "Adadelta",
    "Adagrad",
    "Adam",
    "AdamW",
    "Adamax",
    "LineSearch",
    "Lion",
    "Momentum",
    "Nadam",
    "Nesterov",
    "Optimizer",
    "RMSprop",
]
