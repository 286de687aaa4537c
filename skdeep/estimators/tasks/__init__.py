"""What is learnt: one class for each kind of target."""

from skdeep.estimators.tasks.base import Task
from skdeep.estimators.tasks.classes import Classification
from skdeep.estimators.tasks.reconstruction import Reconstruction
from skdeep.estimators.tasks.values import Regression, SeveralQuantiles

__all__ = ["Classification", "Reconstruction", "Regression", "SeveralQuantiles", "Task"]
