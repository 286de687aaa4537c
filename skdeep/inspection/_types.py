"""Names for what the pictures take, said once for their signatures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from sklearn.compose import TransformedTargetRegressor
from sklearn.model_selection._search import BaseSearchCV
from sklearn.pipeline import Pipeline

from skdeep.estimators.base import BaseNetwork
from skdeep.estimators.tabular.base import TabularEstimator

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# quoted, since matplotlib is loaded by ``plot`` and not before
ManyAxes: TypeAlias = "Axes | Sequence[Axes] | np.ndarray | None"

NetworkLike: TypeAlias = (
    "BaseNetwork | TabularEstimator | Pipeline | BaseSearchCV | TransformedTargetRegressor"
)
