"""Regression on the rows of raw tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from sklearn.base import RegressorMixin
from sklearn.metrics import r2_score

from skdeep._typing import MatrixLike
from skdeep.activations import Activation
from skdeep.estimators import checks
from skdeep.estimators.parameter_types import TabularRegressorParameters
from skdeep.estimators.tabular.base import TabularEstimator
from skdeep.estimators.tabular.members import RegressorMember
from skdeep.estimators.views import store

_FAR = 1e100  # a distance, in units of the spread, whose square is finite


class TabularMLPRegressor(RegressorMixin, TabularRegressorParameters, TabularEstimator):
    """A few networks that predict numbers from the rows of a raw table.

    The table may hold numbers, strings, categories and gaps, and needs no preprocessing. Targets
    are one number a row or several.

    Parameters
    ----------
    categorical_features : "from_dtype", list or None, default="from_dtype"
        Which columns hold categories. "from_dtype" goes by their types: strings, booleans and the
        categorical types of the libraries are categories, numbers are not, and a column of Python
        objects is one of numbers if all of its values are. Otherwise give a list of names, of
        numbers of columns, or of booleans, one for each column. None means that all columns hold
        numbers.
    n_networks : int >= 1, default=4
        The number of networks to train. By turns they see plain numbers, and numbers in pieces
        beside them. Two are enough to have one of each kind.
    effort : float > 0, default=1.0
        A factor on the number of training steps. Time grows with it in proportion; 0.25 is good for
        a first look, 2 may gain a little more accuracy.
    hidden_layer_sizes : int, sequence of int or "auto", default="auto"
        The number of units of each hidden layer of each network. A single number means one hidden
        layer. "auto" means three layers: of 64 units below 1,500 rows to train on, else of 128.
    activation : str, Activation or list of these, default="silu"
        The function that a hidden layer applies to its weighted sums. Give one for all hidden
        layers, or a list with one for each. The known names are "relu", "leaky_relu", "prelu",
        "elu", "selu", "maxout", "identity", "sigmoid" (also "logistic"), "tanh", "softplus",
        "gelu", "silu" and "mish". An object of :mod:`skdeep.activations` does the same with
        constants of your own, such as ``LeakyReLU(slope=0.1)``.
    learning_rate_init : float > 0 or None, default=None
        The highest learning rate, for layers of 256 inputs; others learn faster or slower, as suits
        their width. None means a rate that was good on many tables, which is higher in regression
        than in classification.
    weight_decay : float >= 0, default=0.0
        The share of the weights that every step takes off, times the learning rate, so that they
        stay small. It fades out in the second half of training.
    batch_size : int >= 1, default=128
        The number of rows in a mini-batch.
    dropout : float in [0, 1), default=0.0
        The share of hidden units that are dropped at random in training, in half of the networks:
        the second and third of every four. It fades out like ``weight_decay``. On the average of a
        hundred tables neither of the two made predictions better.
    validation_fraction : float in (0, 1), default=0.2
        The share of the rows that is held out from each network, where ``X_val`` is not given. The
        held-out rows choose the weights; every network has others, drawn at random.
    dtype : "auto", "float32" or "float64", default="auto"
        The floating-point type of training and prediction. "auto" means single precision. In it,
        the prediction for a row may differ in the last digits with the rows around it.
    n_jobs : int or None, default=None
        How many networks are trained at the same time, in processes of their own. None means
        one, unless ``joblib.parallel_config`` says otherwise, and -1 means one for each processor.
    verbose : bool or int, default=False
        Whether to print a line for every network that is trained.
    random_state : int, RandomState or None, default=None
        The seed of everything that is drawn: the starting weights, the order of the rows, the units
        that are dropped and which rows are held out. The same seed gives the same bits on one
        machine, with any ``n_jobs``.

    Attributes
    ----------
    networks_ : list of MLPRegressor
        The networks that predict, fitted. They take the encoded table, not X itself. One training
        may have left several of them, each as it was at the end of another cycle of the schedule.
    network_weights_ : ndarray of shape (n_networks_kept,)
        Their weights in the average: positive numbers that sum to 1.
    validation_score_ : float
        R squared of the networks, each on the rows held out from it; with ``X_val``, that of their
        average there, or nan if it has only one row.
    history_ : dict of str to list of float
        The course of training of the network that weighs most: an entry for every epoch, as in
        ``history_`` of :class:`MLPRegressor`.
    n_features_in_ : int
        The number of columns.
    feature_names_in_ : ndarray of str
        The names of the columns. It exists only if X had names that are strings.

    See Also
    --------
    TabularMLPClassifier : The same for classification.
    MLPRegressor : A single network for numbers, with everything in your hands.

    Notes
    -----
    X may be a data frame of pandas or polars, a pyarrow table, or an array. Numbers are scaled by
    median and quartiles, and what lies far out is bounded smoothly; gaps take the place of the
    median, beside an input that tells of them. Categories get an input for each of their most
    frequent levels, a missing value being a level of its own where training has seen one; rarer and
    unknown levels leave these inputs zero. Where the 100 most frequent levels leave out more than a
    twentieth of the rows, the mean target in the row's level (for classes: their shares) is a
    number beside them, taken over other rows than its own and without weights (Micci-Barreca 2001).
    A number that repeats, such as a code, a year or a reading of an hour, may mean more than its
    size says. It does where an effect of each value, beside a piecewise-linear function of the
    number, lessens the squared error on rows that it was not learnt from: by 3 % of what the
    function leaves open, or by what it leaves open in 100 rows if that is less, but 0.5 % at least.
    The function and the effect, drawn towards zero as in a mixed model (Searle et al. 1992) and
    taken over other rows, are then an input too; numbers that training has not seen have the
    function alone. A column must have 33 to 16,384 values for that, and eight rows of each on
    average.
    Columns that are constant or empty in training have no effect, but gaps in a constant one have.
    Infinity and times are errors that name the column.

    The loss is the squared error. Targets are learnt in units of their own spread, so that their
    scale does not matter, and predictions stay within the range of the targets in training.

    Each network multiplies its inputs with learnt scales. Every other one also sees where each
    number lies among the quantiles of its column, through learnt piecewise-linear functions, which
    find thresholds easily (Gorishniy et al. 2022); a value that repeats often has an edge of its
    own among them. Training is by AdamW, with a learning rate that rises and falls in cycles of
    growing length, as in RealMLP (Holzmueller et al. 2024). The number of steps follows from the
    number of rows, within bounds.

    At the end of every cycle a copy of the network is kept. Some of the copies are chosen, one
    after the other and with repetition, so that their average has the least squared error on
    held-out rows (Caruana et al. 2004); how often one is chosen is its weight. Half of it comes
    from the rows held out from the network, half from those of all networks of its kind. The
    networks themselves are weighted by the squared error of their kind to the power of -4.

    ``validation_score_`` is that of single networks on rows that chose their weights: the average
    of all, on new rows, is mostly better. A pickle holds the networks and the encoding of the
    table, and no rows of it. These estimators write no checkpoints; Ctrl-C raises
    KeyboardInterrupt and leaves them as they were before the call. More rows than memory holds are
    for :func:`skdeep.streaming.fit_stream`.

    References
    ----------
    Holzmueller, Grinsztajn and Steinwart (2024), "Better by default: strong pre-tuned MLPs and
    boosted trees on tabular data", arXiv:2407.04491.

    Gorishniy, Rubachev and Babenko (2022), "On embeddings for numerical features in tabular deep
    learning", arXiv:2203.05556.

    Caruana, Niculescu-Mizil, Crew and Ksikes (2004), "Ensemble selection from libraries of models",
    ICML.

    Micci-Barreca (2001), "A preprocessing scheme for high-cardinality categorical attributes in
    classification and prediction problems", SIGKDD Explorations 3.

    Searle, Casella and McCulloch (1992), "Variance components", Wiley.

    Examples
    --------
    >>> import pandas as pd
    >>> from skdeep import TabularMLPRegressor
    >>> X = pd.DataFrame(
    ...     {
    ...         "rooms": [2, 3, None, 5, 4, 1, 3, 2, 6, 4],
    ...         "heating": ["gas", "gas", "oil", None, "gas", "oil", "gas", "oil", None, "gas"],
    ...     }
    ... )
    >>> y = [210e3, 290e3, 180e3, 520e3, 390e3, 95e3, 300e3, 170e3, 610e3, 400e3]
    >>> model = TabularMLPRegressor(n_networks=2, effort=0.1, random_state=0).fit(X, y)
    >>> low, high = model.predict(pd.DataFrame({"rooms": [1, 5], "heating": ["oil", None]}))
    >>> bool(low < high)
    True
    """

    _member_kind = RegressorMember
    _learning_rate = 0.01
    _least_steps_for_few = 1000
    _risk_power = 4

    def __init__(
        self,
        *,
        categorical_features: Any = "from_dtype",
        n_networks: int = 4,
        effort: float = 1.0,
        hidden_layer_sizes: int | Sequence[int] | Literal["auto"] = "auto",
        activation: str | Activation | Sequence[str | Activation] = "silu",
        learning_rate_init: float | None = None,
        weight_decay: float = 0.0,
        batch_size: int = 128,
        dropout: float = 0.0,
        validation_fraction: float = 0.2,
        dtype: Literal["auto", "float32", "float64"] = "auto",
        n_jobs: int | None = None,
        verbose: bool | int = False,
        random_state: int | np.random.RandomState | None = None,
    ) -> None:
        store(self, locals())

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags

    # -- targets -------------------------------------------------------------------------------

    def _learn_targets(self, y):
        """Remember what checked targets are like."""
        self._n_outputs = 1 if y.ndim == 1 else y.shape[1]
        floats = np.dtype(np.float32), np.dtype(np.float64)
        self._out_dtype = y.dtype if y.dtype in floats else np.dtype(np.float64)

    def _encode(self, y, name="y"):
        """Return checked targets as they are."""
        n_outputs = 1 if y.ndim == 1 else y.shape[1]
        if n_outputs != self._n_outputs:
            raise ValueError(
                f"{name} must have {self._n_outputs} outputs as in training, got {n_outputs}."
            )
        return y

    def _checked_targets(self, y, n_rows):
        """Return numbers as an array, a vector for one output."""
        if y is None:
            owner = type(self).__name__
            raise ValueError(f"{owner} requires y to be passed, but the target y is None.")
        y = checks.check_targets(np.zeros((n_rows, 1)), y, numeric=True)
        if y.dtype.kind not in "fiub":
            raise ValueError(f"y must hold numbers for a regression, got type {y.dtype}.")
        return y.ravel() if y.ndim == 2 and y.shape[1] == 1 else y

    def _of_rows(self, weights, y):
        """Return the weights of rows as they are."""
        return weights

    def _strata(self, y):
        """Return None: the validation split is drawn at random."""
        return

    def _member_targets(self, y):
        """Return the targets as the networks take them."""
        return y

    def _member_classes(self):
        """Return None: there are no classes."""
        return

    def _settle(self, y, extremes=None):
        """Remember range, middle and spread of the targets, whose extremes may not be in y."""
        y = y.reshape(len(y), -1).astype(np.float64)
        self._low, self._high = extremes or (y.min(axis=0), y.max(axis=0))
        self._middle = self._low / 2 + self._high / 2  # distances from it never overflow
        size = np.maximum(np.abs(self._low), np.abs(self._high))
        spread = (y / np.where(size > 0, size, 1.0)).std(axis=0) * size
        self._spread = np.where(spread > 0, spread, 1.0)

    def _as_outputs(self, y):
        """Return targets in the shape and the units of predictions."""
        return self._scaled(y.reshape(len(y), self._n_outputs).astype(np.float64))

    def _to_average(self, y):
        """Return what statistics by level are of."""
        return self._as_outputs(y)

    def _scaled(self, values):
        """Return values in units of the spread, seen from the middle of their range."""
        with np.errstate(over="ignore"):  # validation targets may lie anywhere
            scaled = (values - self._middle) / self._spread
        return np.clip(scaled, -_FAR, _FAR)

    # -- predictions ---------------------------------------------------------------------------

    def _member_predictions(self, member, X):
        """Return a member's predictions, within the range of the targets, in units of spread."""
        values = member.predict(X).reshape(len(X), -1).astype(np.float64)
        return self._scaled(np.clip(values, self._low, self._high))

    def _values(self, mean):
        """Return the average of predictions in the units of the targets."""
        values = np.clip(mean * self._spread + self._middle, self._low, self._high)
        values = values.astype(self._out_dtype, copy=False)
        return values.ravel() if self._n_outputs == 1 else values

    def _calibrate(self, predictions, targets, weights, factor):
        """Leave predictions as they are."""

    def _score_of(self, predictions, targets, weights):
        """Return R squared of predictions, all in units of the spread."""
        if len(targets) < 2:
            return float("nan")
        return float(r2_score(targets, predictions, sample_weight=weights))

    def predict(self, X: MatrixLike) -> np.ndarray:
        """Predict numbers, within the range of the training targets.

        Parameters
        ----------
        X : {DataFrame, pyarrow Table, array-like} of shape (n_samples, n_features)
            The table, with the columns of training.

        Returns
        -------
        ndarray of shape (n_samples,) or (n_samples, n_outputs)
            Labels, or values of the floating type that y had in training.
        """
        model = self._snapshot()
        return model._values(model._mean_prediction(X))
