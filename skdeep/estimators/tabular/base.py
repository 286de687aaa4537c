"""What the tabular estimators share: read the table, encode it, train networks, weigh them."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils import check_random_state
from sklearn.utils.validation import _check_feature_names, _check_n_features, check_is_fitted

from skdeep import _constraints
from skdeep._callbacks import TakesCallbacks
from skdeep._constraints import Number, OneOf, Seed
from skdeep._plain import PlainState, Vocabulary
from skdeep._typing import ArrayLike, MatrixLike, Self
from skdeep._version import Versioned
from skdeep.estimators import checks
from skdeep.estimators.blueprints import layers
from skdeep.estimators.constants import check_constants
from skdeep.estimators.draft import Drafted
from skdeep.estimators.overview import NetworkView
from skdeep.estimators.plain import NETWORKS
from skdeep.estimators.tabular.columns import are_categories, check_finite, table_of
from skdeep.estimators.tabular.members import ClassifierMember, Inlet, RegressorMember
from skdeep.estimators.tabular.parts import Fold, Part, folds
from skdeep.estimators.tabular.selection import HeldOut, ensemble_weights, pooled, sureness
from skdeep.estimators.tabular.training import (
    Lesson,
    Recipe,
    n_epochs,
    seeds,
    shared_params,
    sizes_for,
    trained,
)
from skdeep.preprocessing import PiecewiseLinearEncoder, SmoothScaler
from skdeep.preprocessing.encoding import Levels, TableEncoder
from skdeep.preprocessing.repeats import Repeated
from skdeep.preprocessing.statistics import TargetStatistics
from skdeep.preprocessing.summaries import Summary

N_BINS = 32
CONSTRAINTS = {
    "n_networks": Number(1, integer=True),
    "effort": Number(0, closed="neither"),
    "learning_rate_init": Number(0, closed="neither", others=(None,)),
    "weight_decay": Number(0),
    "batch_size": Number(1, integer=True),
    "dropout": Number(0, 1, closed="left"),
    "label_smoothing": Number(0, 1, closed="left"),
    "validation_fraction": Number(0, 1, closed="neither"),
    "dtype": OneOf(("auto", "float32", "float64")),
    "verbose": Number(0, integer=True, others=(False, True)),
    "random_state": Seed(),
}
_PARTS = ClassifierMember, RegressorMember, Inlet, TableEncoder, TargetStatistics, Levels, Repeated
_PARTS += SmoothScaler, PiecewiseLinearEncoder


class TabularEstimator(Versioned, PlainState, NetworkView, Drafted, TakesCallbacks, BaseEstimator):
    """Base class of the estimators for raw tables.

    Subclasses say which networks they train and how (``_member_kind``, ``_learning_rate``,
    ``_least_steps_for_few``), how much better networks count (``_risk_power``), how targets are
    learnt and predictions put together.
    """

    _doc_link_module = "skdeep"
    _doc_link_template = (
        "https://github.com/skdeep/skdeep/blob/main/docs/estimators.md#{estimator_name}"
    )

    _vocabulary = Vocabulary({**NETWORKS.classes, **{cls.__name__: cls for cls in _PARTS}})
    _learning_rate = 0.01
    _constraints = CONSTRAINTS  # by which searches know their bounds

    def _doc_link_url_param_generator(self):
        return {"estimator_name": type(self).__name__.lower()}

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.categorical = True
        tags.input_tags.string = True
        return tags

    def __sklearn_is_fitted__(self):
        return hasattr(self, "networks_")

    def fit(
        self,
        X: MatrixLike,
        y: MatrixLike,
        sample_weight: ArrayLike | None = None,
        *,
        X_val: MatrixLike | None = None,
        y_val: MatrixLike | None = None,
        sample_weight_val: ArrayLike | None = None,
    ) -> Self:
        """Train the networks, and choose their weights.

        Parameters
        ----------
        X : {DataFrame, pyarrow Table, array-like} of shape (n_samples, n_features)
            The table as it is: numbers and categories, gaps included.
        y : array-like of shape (n_samples,) or (n_samples, n_outputs)
            The targets.
        sample_weight : array-like of shape (n_samples,), default=None
            Weights of the rows; those of weight 0 are left out. Their scale does not matter.
        X_val : {DataFrame, pyarrow Table, array-like} of shape (n_val, n_features), default=None
            Validation data of your own, which take the place of the internal split: they choose the
            networks' weights.
        y_val : array-like of shape (n_val,) or (n_val, n_outputs), default=None
            The targets of ``X_val``.
        sample_weight_val : array-like of shape (n_val,), default=None
            Weights of the rows of ``X_val``.

        Returns
        -------
        self : object
            The fitted estimator.

        Raises
        ------
        DivergenceError
            If the loss, a gradient or a parameter is not finite.
        ValueError, TypeError
            If a parameter or the data are wrong. After an error the estimator is as it was before.
        """
        with self._draft() as draft:
            draft._check_parameters()

            def learn(tasks):
                draft._fit(X, y, sample_weight, (X_val, y_val, sample_weight_val), tasks)
                return draft, None

            self._telling(learn, draft.n_networks, X, y, sample_weight, in_turn=False)
        return self

    def _check_parameters(self):
        params = self.get_params(deep=False)
        known = {name: rule for name, rule in CONSTRAINTS.items() if name in params}
        _constraints.check(type(self).__name__, known, params)
        _check_sizes(type(self).__name__, self.hidden_layer_sizes)
        dtype = np.dtype("float32" if self.dtype == "auto" else self.dtype)
        check_constants(type(self).__name__, params, dtype, CONSTRAINTS)

    def _fit(self, X, y, sample_weight, validation, tasks):
        """Train, given the data and the user's validation data (X, y, sample_weight)."""
        columns = self._columns(X, reset=True)
        self._is_category = self._categories_among(columns)
        self._check_finite(columns)
        y = self._checked_targets(y, len(columns[0].values))
        self._learn_targets(y)
        self._fit_table(columns, self._encode(y), sample_weight, validation, tasks)

    def _fit_table(self, columns, y, sample_weight, validation, tasks, epochs=None):
        """Train, given checked columns and encoded targets."""
        weights = self._weights(sample_weight, y, "sample_weight")
        split_seed, *network_seeds = self._seeds()
        self._settle(y if weights is None else y[weights > 0])
        columns = self._learn_table(columns, y, weights, split_seed)
        parts = self._folds(columns, y, weights, validation, split_seed)
        recipe = self._recipe(len(parts[0].training.rows), epochs)
        held_out = [fold.held_out for fold in parts]
        is_shared = validation[0] is not None
        self._train(recipe, network_seeds, map(self._lesson, parts), held_out, is_shared, tasks)

    def _seeds(self):
        """Return the seed of the split, and one for each network."""
        return seeds(check_random_state(self.random_state), self.n_networks + 1)

    # -- data ----------------------------------------------------------------------------------

    def _columns(self, X, reset):
        """Return the columns of a table, their names and number checked."""
        columns = table_of(X)
        _check_feature_names(self, X, reset=reset)
        if reset:
            self.n_features_in_ = len(columns)
        elif len(columns) != self.n_features_in_:
            _check_n_features(self, np.empty((1, len(columns))), reset=False)
        return columns

    def _categories_among(self, columns):
        """Return which columns hold categories, by the parameters and what is in the columns."""
        names = getattr(self, "feature_names_in_", None)
        return are_categories(self.categorical_features, columns, names)

    def _check_finite(self, columns):
        """Raise ValueError for infinity, or strings, among the numbers."""
        check_finite(columns, self._is_category, getattr(self, "feature_names_in_", None))

    def _weights(self, sample_weight, y, name):
        """Return the weights of rows, or None."""
        return checks.check_weights(sample_weight, np.empty((len(y), 0)), name)

    def _folds(self, columns, y, weights, validation, seed):
        """Return what each network is trained on, and judged by."""
        X_val, y_val, sample_weight_val = validation
        if (X_val is None) != (y_val is None):
            missing = "X_val" if X_val is None else "y_val"
            raise ValueError(f"X_val and y_val go together, but {missing} is not given.")
        if X_val is None:
            if sample_weight_val is not None:
                raise ValueError("sample_weight_val is given, but X_val and y_val are not.")
            if len(y) < 2:
                raise ValueError("n_samples=1 is too few: there must be rows to validate on.")
            strata, fraction = self._strata(y), self.validation_fraction
            return folds(columns, y, weights, strata, fraction, seed, self.n_networks)
        with checks.naming("X_val"):
            columns_val = self._columns(X_val, reset=False)
            self._check_finite(columns_val)
        with checks.naming("y_val"):
            y_val = self._checked_targets(y_val, len(columns_val[0].values))
        y_val = self._encode(y_val, "y_val")
        weights_val = self._weights(sample_weight_val, y_val, "sample_weight_val")
        held_out = Part.of(self._statistics.transform(columns_val), y_val, weights_val)
        return [Fold(Part.of(columns, y, weights), held_out)] * self.n_networks

    def _learn_table(self, columns, y, weights, seed):
        """Learn how the table becomes inputs; return its columns, those of statistics with them."""
        rows = Part.of(columns, y, weights).rows
        pairs = zip(columns, self._is_category, strict=True)
        summaries = [Summary.of(column.take(rows), kind) for column, kind in pairs]
        self._statistics = TargetStatistics(self._is_category, seed)
        columns = self._statistics.fit_transform(columns, rows, summaries, self._to_average(y))
        self._learn_inputs(columns, rows, summaries)
        return columns

    def _learn_inputs(self, columns, rows, summaries):
        """Learn to encode columns; the summaries tell what the first of them hold in all rows."""
        is_category = [*self._is_category, *[False] * self._statistics.n_columns]
        self._encoder = TableEncoder(is_category, N_BINS).fit(columns, rows, summaries)

    # -- training ------------------------------------------------------------------------------

    def _train(self, recipe, network_seeds, lessons, held_out, is_shared, tasks):
        """Train each network by its lesson, and keep what predicts the rows held out best."""
        told = [tasks.part("network", number) for number in range(self.n_networks)]
        networks = list(
            trained(recipe, network_seeds, lessons, told, self.n_jobs, int(self.verbose))
        )
        judged = [
            self._judged(ends, part, recipe.in_pieces(number))
            for number, (ends, part) in enumerate(zip(networks, held_out, strict=True))
        ]
        self._weigh(networks, judged, is_shared)

    def _lesson(self, fold):
        """Return what trains a network on the rows of a fold."""
        columns, rows, y, weights = fold.training
        return Lesson(self._encoder.transform(columns, rows), self._member_targets(y), weights)

    def _judged(self, ends, part, kind):
        """Return what a network makes of the rows held out from it."""
        X = self._encoder.transform(part.columns, part.rows)
        predictions = np.array([self._member_predictions(end, X) for end in ends])
        weights = self._output_weights(part)
        return HeldOut(predictions, self._as_outputs(part.y), weights, kind)

    def _output_weights(self, part):
        """Return the weights of rows, or of each of their outputs, in judging networks."""
        return np.ones(len(part.y)) if part.weights is None else part.weights

    def _weigh(self, networks, held_out, is_shared):
        """Keep what predicts held-out rows best, and learn how sure it may be."""
        of_ends, of_networks = ensemble_weights(held_out, self._risk_power)
        chances = of_ends * of_networks[:, None]
        kept = np.argwhere(chances > 0)
        self.networks_ = [networks[number][end] for number, end in kept]
        self.network_weights_ = chances[chances > 0]
        means = [
            part._replace(predictions=part.mean(weights))
            for part, weights in zip(held_out, of_ends, strict=True)
        ]
        factor = sureness(len(networks))
        if is_shared:  # all networks predict the same rows, so that their average can be judged
            total = np.tensordot(of_networks, [part.predictions for part in means], axes=1)
            means, factor = [means[0]._replace(predictions=total)], 1.0
        predictions, targets, weights = pooled(means)
        self._calibrate(predictions, targets, weights, factor)
        self.validation_score_ = self._score_of(predictions, targets, weights)

    def _recipe(self, n_rows, epochs=None):
        """Return how each network is trained on so many rows, perhaps for epochs of the user's."""
        rate = self.learning_rate_init or self._learning_rate
        shared = shared_params(
            n_rows,
            epochs or n_epochs(n_rows, self.batch_size, self.effort, self._least_steps_for_few),
            rate,
            self.weight_decay,
            self.batch_size,
            hidden_layer_sizes=sizes_for(self.hidden_layer_sizes, n_rows),
            activation=self.activation,
            dtype=self.dtype,
            **self._member_params(),
        )
        encoder = self._encoder
        has_positions = encoder.n_numbers > 0
        dropout = self.dropout if np.size(self.hidden_layer_sizes) else 0.0
        return Recipe(self._member_kind, shared, encoder.n_inputs, N_BINS, has_positions, dropout)

    # -- prediction ----------------------------------------------------------------------------

    def _encoded(self, X):
        """Return the inputs of the networks for a table."""
        check_is_fitted(self)
        columns = self._columns(X, reset=False)
        self._check_finite(columns)
        return self._encoder.transform(self._statistics.transform(columns))

    def _mean_prediction(self, X):
        """Return the weighted average of the networks' predictions."""
        inputs = self._encoded(X)
        total = 0.0
        for weight, member in zip(self.network_weights_, self.networks_, strict=True):
            total = total + weight * self._member_predictions(member, inputs)
        return total

    @property
    def history_(self) -> dict[str, list[float]]:
        """The history of the network that weighs most."""
        check_is_fitted(self)
        return self._heaviest.history_

    @property
    def _heaviest(self):
        """The network that weighs most."""
        return self.networks_[int(np.argmax(self.network_weights_))]

    # -- to be said by subclasses --------------------------------------------------------------

    _member_kind: Any
    _least_steps_for_few: int
    _risk_power: float

    def _member_params(self):
        """Return parameters of the members beside those that all tabular estimators share."""
        return {}


def _check_sizes(owner, given):
    if not (isinstance(given, str) and given == "auto"):
        layers.sizes(owner, given, others=', or "auto"')
