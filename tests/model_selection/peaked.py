"""An estimator whose best rate is known, and a look at what a search has tried."""

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin


class Peaked(ClassifierMixin, BaseEstimator):
    """Scores highest at a known rate; fails above a limit."""

    def __init__(self, rate=1.0, peak=0.03, limit=np.inf):
        self.rate = rate
        self.peak = peak
        self.limit = limit

    def fit(self, X, y):
        if self.rate > self.limit:
            raise ValueError(f"diverged at rate {self.rate}")
        self.classes_ = np.unique(y)
        return self

    def score(self, X, y):
        return -abs(np.log10(self.rate / self.peak))


def tried(search, number=None):
    results = search.cv_results_
    rounds = results["round"]
    (name,) = search.best_params_
    return [
        params[name]
        for params, its_round in zip(results["params"], rounds, strict=True)
        if number in (None, its_round)
    ]
