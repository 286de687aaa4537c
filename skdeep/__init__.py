"""Neural-network estimators for scikit-learn users."""

from skdeep._version import __version__
from skdeep.checkpoint import Checkpoint, resume
from skdeep.estimators import (
    Autoencoder,
    CNNClassifier,
    CNNRegressor,
    MLPClassifier,
    MLPRegressor,
    TabularMLPClassifier,
    TabularMLPRegressor,
)
from skdeep.kernels import get_kernels, set_kernels

__all__ = [
    "Autoencoder",
    "CNNClassifier",
    "CNNRegressor",
    "Checkpoint",
    "MLPClassifier",
    "MLPRegressor",
    "TabularMLPClassifier",
    "TabularMLPRegressor",
    "__version__",
    "get_kernels",
    "resume",
    "set_kernels",
]
