"""Losses of one row, their gradients at the scores, and the link from scores to predictions."""

from skdeep.losses.base import Loss
from skdeep.losses.classification import (
    BinaryCrossEntropy,
    CrossEntropy,
    MeanBinaryCrossEntropy,
    TwoClassCrossEntropy,
    WeightedLabels,
)
from skdeep.losses.regression import (
    LOSSES,
    RECONSTRUCTION_LOSSES,
    AbsoluteError,
    Huber,
    Poisson,
    Quantile,
    SquaredError,
)

__all__ = [
    "LOSSES",
    "RECONSTRUCTION_LOSSES",
    "AbsoluteError",
    "BinaryCrossEntropy",
    "CrossEntropy",
    "Huber",
    "Loss",
    "MeanBinaryCrossEntropy",
    "Poisson",
    "Quantile",
    "SquaredError",
    "TwoClassCrossEntropy",
    "WeightedLabels",
]
