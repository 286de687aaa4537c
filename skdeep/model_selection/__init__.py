"""Choosing the learning rate: a range test with a picture, and a search from coarse to fine."""

from skdeep.model_selection.coarse_to_fine import CoarseToFineSearchCV
from skdeep.model_selection.range_test import LearningRateRangeTest

__all__ = ["CoarseToFineSearchCV", "LearningRateRangeTest"]
