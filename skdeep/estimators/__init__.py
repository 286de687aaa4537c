"""Estimators: thin classes that check their input, assemble the parts and train."""

from skdeep.estimators.autoencoder import Autoencoder
from skdeep.estimators.cnn import CNNClassifier, CNNRegressor
from skdeep.estimators.mlp import MLPClassifier, MLPRegressor
from skdeep.estimators.tabular import TabularMLPClassifier, TabularMLPRegressor

__all__ = [
    "Autoencoder",
    "CNNClassifier",
    "CNNRegressor",
    "MLPClassifier",
    "MLPRegressor",
    "TabularMLPClassifier",
    "TabularMLPRegressor",
]
