"""Neural-network estimators for scikit-learn users."""

from skdeep.estimators import MLPClassifier, MLPRegressor

__version__ = "0.1.0"

__all__ = ["MLPClassifier", "MLPRegressor", "__version__"]
