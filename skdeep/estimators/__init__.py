"""Estimators: thin classes that check their input, assemble the parts and train."""

from skdeep.estimators.mlp import MLPClassifier, MLPRegressor

__all__ = ["MLPClassifier", "MLPRegressor"]
