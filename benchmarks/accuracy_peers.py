"""Peers of other packages: boosting by LightGBM and CatBoost, RealMLP-TD and TabM by pytabkit."""

import logging

import numpy as np
from accuracy_contestants import OWN, Contestant
from sklearn.impute import SimpleImputer


class LightGBM(Contestant):
    """LightGBM, told which columns are categorical."""

    key, label = "lightgbm", "LightGBM"
    needs = ("lightgbm",)

    def build(self, X):
        """Return it with its default settings."""
        import lightgbm

        make = self.of_kind(lightgbm, "LGBM")
        return make(random_state=self.seed, n_jobs=self.threads, verbose=-1)

    def fit(self, X, y):
        """Learn; the mask is an argument of fit."""
        columns = np.flatnonzero(self.categorical).tolist()
        self.model = self.build(X).fit(X, y, categorical_feature=columns)


class CatBoost(Contestant):
    """CatBoost, which takes categories as integers in a data frame."""

    key, label = "catboost", "CatBoost"
    needs = ("catboost", "pandas")

    def build(self, X):
        """Return it with its default settings."""
        import catboost

        return self.of_kind(catboost, "CatBoost")(
            cat_features=np.flatnonzero(self.categorical).tolist(),
            random_seed=self.seed,
            thread_count=self.threads,
            verbose=False,
            allow_writing_files=False,
        )

    def _frame(self, X):
        import pandas as pd

        columns = {
            j: np.nan_to_num(X[:, j], nan=-1).astype(int) if self.categorical[j] else X[:, j]
            for j in range(X.shape[1])
        }
        return pd.DataFrame(columns)

    def fit(self, X, y):
        """Learn from the data frame."""
        self.model = self.build(X).fit(self._frame(X), y)

    def predict(self, X):
        """Return classes or numbers."""
        return super().predict(self._frame(X))

    def predict_proba(self, X, classes):
        """Return probabilities of all classes."""
        return super().predict_proba(self._frame(X), classes)


class Pytabkit(Contestant):
    """A network of pytabkit on one split into rows to train and to validate with.

    It takes no gaps in numbers: they get the median.
    """

    needs = ("pytabkit", "torch")
    network = ""

    def build(self, X):
        """Return it with its default settings."""
        import pytabkit

        for name in ("pytorch_lightning", "lightning.pytorch"):
            logging.getLogger(name).setLevel(logging.ERROR)
        make = self.of_kind(pytabkit, self.network)
        return make(n_cv=1, device="cpu", random_state=self.seed, n_threads=self.threads)

    def fit(self, X, y):
        """Learn; the mask is an argument of fit."""
        self.medians = SimpleImputer(strategy="median", keep_empty_features=True)
        numbers = ~self.categorical
        if numbers.any():
            self.medians.fit(X[:, numbers])
        self.model = self.build(X).fit(self._filled(X), y, cat_indicator=self.categorical)

    def _filled(self, X):
        numbers = ~self.categorical
        X = X.copy()
        if numbers.any():
            X[:, numbers] = self.medians.transform(X[:, numbers])
        return X

    def predict(self, X):
        """Return classes or numbers."""
        return super().predict(self._filled(X))

    def predict_proba(self, X, classes):
        """Return probabilities of all classes."""
        return super().predict_proba(self._filled(X), classes)


class RealMLP(Pytabkit):
    """RealMLP-TD (Holzmueller et al. 2024)."""

    key, label = "realmlp", "RealMLP-TD"
    network = "RealMLP_TD_"


class TabM(Pytabkit):
    """TabM (Gorishniy et al. 2024)."""

    key, label = "tabm", "TabM"
    network = "TabM_D_"


ALL = [*OWN, LightGBM, CatBoost, RealMLP, TabM]


def installed(keys=None, say=print):
    """Return the contestants that can run here, and say which of those asked for cannot."""
    chosen = [kind for kind in ALL if keys is None or kind.key in keys]
    for kind in chosen:
        if kind.missing():
            say(f"{kind.label} is left out: not installed is {kind.missing()[0]}.")
    return [kind for kind in chosen if not kind.missing()]
