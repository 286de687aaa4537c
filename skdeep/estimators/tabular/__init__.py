"""Estimators that take raw tables: preprocessing, a few networks, and their weighted average."""

from skdeep.estimators.tabular.classifier import TabularMLPClassifier
from skdeep.estimators.tabular.regressor import TabularMLPRegressor

__all__ = ["TabularMLPClassifier", "TabularMLPRegressor"]
