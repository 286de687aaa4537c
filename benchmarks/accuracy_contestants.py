"""Whose accuracy is measured: networks in a pipeline, forests, boosting, and our tabular networks.

All have their default settings. Peers of other packages are in ``accuracy_peers``.
"""

from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

import numpy as np
from sklearn import ensemble, neural_network
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

import skdeep

MOST_CATEGORIES = 255  # that scikit-learn's boosting takes in a column


class Contestant:
    """One way to learn from one table.

    Attributes
    ----------
    key, label : str
    needs : tuple of str
        The packages it comes from, the most telling one first.
    kinds : tuple of str
        What it is measured on.
    stands_in : str or None
        Whose classification it shares; it is measured on regression only.
    """

    key = label = ""
    needs = ()
    kinds = ("classification", "regression")
    stands_in = None

    def __init__(self, table, seed, threads):
        self.categorical = table.categorical
        self.kind = table.kind
        self.seed = seed
        self.threads = threads
        self.model = None

    @classmethod
    def missing(cls):
        """Return what is not installed."""
        return [name for name in cls.needs if find_spec(name) is None]

    @classmethod
    def version(cls):
        """Return the version of its package."""
        name = cls.needs[0]
        try:
            return version({"sklearn": "scikit-learn"}.get(name, name))
        except PackageNotFoundError:  # it is on the path, but not installed
            return import_module(name).__version__

    def of_kind(self, module, name):
        """Return a module's classifier or regressor."""
        suffix = "Classifier" if self.kind == "classification" else "Regressor"
        return getattr(module, name + suffix)

    def build(self, X):
        """Return the estimator, not fitted."""
        raise NotImplementedError

    def fit(self, X, y):
        """Learn, preprocessing included."""
        self.model = self.build(X).fit(X, y)

    def predict(self, X):
        """Return classes or numbers."""
        return np.ravel(self.model.predict(X))

    def predict_proba(self, X, classes):
        """Return probabilities of all classes; those never seen have none."""
        probabilities = np.zeros((len(X), classes))
        probabilities[:, np.asarray(self.model.classes_, int)] = self.model.predict_proba(X)
        return probabilities


class Tabular(Contestant):
    """Our estimator for tables, on the raw table."""

    key, label = "tabular", "skdeep, tabular"
    needs = ("skdeep",)

    @classmethod
    def missing(cls):
        """It is newer than this benchmark."""
        return [] if hasattr(skdeep, "TabularMLPClassifier") else ["skdeep's TabularMLPClassifier"]

    def build(self, X):
        """Return it with nothing but the mask."""
        make = self.of_kind(skdeep, "TabularMLP")
        return make(categorical_features=self.categorical, random_state=self.seed)


def prepared(categorical):
    """Return a careful user's preprocessing for a network."""
    numbers = make_pipeline(
        SimpleImputer(strategy="median", keep_empty_features=True), StandardScaler()
    )
    codes = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    return ColumnTransformer(
        [
            ("numbers", numbers, np.flatnonzero(~categorical)),
            ("codes", codes, np.flatnonzero(categorical)),
        ]
    )


class Plain(Contestant):
    """Our plain network in the careful user's pipeline."""

    key, label = "mlp", "skdeep, plain"
    needs = ("skdeep",)
    module = skdeep

    def build(self, X):
        """Return the pipeline."""
        network = self.of_kind(self.module, "MLP")(random_state=self.seed)
        return make_pipeline(prepared(self.categorical), network)


class PlainScaled(Plain):
    """The same, with a standardised target."""

    key, label = "mlp-scaled", "skdeep, plain, y scaled"
    kinds = ("regression",)
    stands_in = "mlp"

    def build(self, X):
        """Return the pipeline behind a transformed target."""
        return TransformedTargetRegressor(super().build(X), transformer=StandardScaler())


class Sklearn(Plain):
    """scikit-learn's network in the same pipeline."""

    key, label = "sklearn-mlp", "scikit-learn, MLP"
    needs = ("sklearn",)
    module = neural_network


class SklearnScaled(Sklearn, PlainScaled):
    """The same, with a standardised target."""

    key, label = "sklearn-mlp-scaled", "scikit-learn, MLP, y scaled"
    kinds = ("regression",)
    stands_in = "sklearn-mlp"


class Boosting(Contestant):
    """scikit-learn's gradient boosting, told which columns are categorical."""

    key, label = "hgb", "HistGradientBoosting"
    needs = ("sklearn",)

    def build(self, X):
        """Return it; columns of more categories than it takes are numbers to it."""
        few = [
            is_categorical and len(np.unique(column[~np.isnan(column)])) <= MOST_CATEGORIES
            for is_categorical, column in zip(self.categorical, X.T, strict=True)
        ]
        make = self.of_kind(ensemble, "HistGradientBoosting")
        return make(categorical_features=np.array(few), random_state=self.seed)


class Forest(Contestant):
    """A random forest on numbers without gaps, and codes."""

    key, label = "forest", "RandomForest"
    needs = ("sklearn",)

    def build(self, X):
        """Return the pipeline."""
        codes = OrdinalEncoder(
            handle_unknown="use_encoded_value", unknown_value=-1, encoded_missing_value=-2
        )
        filled = SimpleImputer(strategy="median", keep_empty_features=True)
        columns = ColumnTransformer(
            [
                ("numbers", filled, np.flatnonzero(~self.categorical)),
                ("codes", codes, np.flatnonzero(self.categorical)),
            ]
        )
        make = self.of_kind(ensemble, "RandomForest")
        return make_pipeline(columns, make(n_jobs=self.threads, random_state=self.seed))


OWN = [Tabular, Plain, PlainScaled, Sklearn, SklearnScaled, Boosting, Forest]
