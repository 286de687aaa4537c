"""Classification of the rows of raw tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from sklearn.base import ClassifierMixin
from sklearn.metrics import accuracy_score
from sklearn.utils.validation import check_is_fitted

from skdeep._typing import MatrixLike
from skdeep.activations import Activation
from skdeep.estimators import checks
from skdeep.estimators.parameter_types import TabularClassifierParameters
from skdeep.estimators.tabular.base import TabularEstimator
from skdeep.estimators.tabular.members import ClassifierMember
from skdeep.estimators.tabular.selection import best_exponent, sharpened
from skdeep.estimators.tasks import Classification
from skdeep.estimators.tasks.classes import Labels
from skdeep.estimators.views import store


class TabularMLPClassifier(ClassifierMixin, TabularClassifierParameters, TabularEstimator):
    """A few networks that classify the rows of a raw table, without preprocessing or tuning.

    The table may hold numbers, strings, categories and gaps. Targets are binary, multi-class or
    multi-label.

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
    label_smoothing : float in [0, 1), default=0.1
        How far the targets of training move away from 0 and 1, so that the networks do not become
        too sure of themselves. With the value eps, the true one of k classes has the target
        1 - eps, and each of the k - 1 others has eps / (k - 1). Values that would make another
        class as likely as the true one are lowered. What the probabilities lose by it, they get
        back from the held-out rows.
    class_weight : dict, list of dict, "balanced" or None, default=None
        The weights of the classes, which ``sample_weight`` is multiplied with. A dict holds them by
        class label; a class that it leaves out weighs 1, and it may name classes that are not in y,
        as a fold may lack one. "balanced" makes them inversely proportional to the frequencies of
        the classes. None weighs all classes alike. Where a row may have several labels, it is a
        list with a dict for each of them, over 0 and 1, or "balanced".
    validation_fraction : float in (0, 1), default=0.2
        The share of the rows that is held out from each network, where ``X_val`` is not given. The
        held-out rows choose the weights; every network has others. Classes keep their proportions.
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
    classes_ : ndarray of shape (n_classes,)
        The class labels in order. Where a row may have several labels, the numbers of the columns
        of y.
    networks_ : list of MLPClassifier
        The networks that predict, fitted. They take the encoded table, not X itself. One training
        may have left several of them, each as it was at the end of another cycle of the schedule.
    network_weights_ : ndarray of shape (n_networks_kept,)
        Their weights in the average: positive numbers that sum to 1.
    validation_score_ : float
        The accuracy of the networks, each on the rows held out from it; with ``X_val``, that of
        their average there. A row weighs as its class does; where it has several labels, as these
        do on average.
    history_ : dict of str to list of float
        The course of training of the network that weighs most: an entry for every epoch, as in
        ``history_`` of :class:`MLPClassifier`.
    n_features_in_ : int
        The number of columns.
    feature_names_in_ : ndarray of str
        The names of the columns. It exists only if X had names that are strings.

    See Also
    --------
    TabularMLPRegressor : The same for regression.
    MLPClassifier : A single network for numbers, with everything in your hands.

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

    Where a row has one label, that is a class, the loss is the cross-entropy with softened targets;
    where it may have several, the same for each of them.

    Each network multiplies its inputs with learnt scales. Every other one also sees where each
    number lies among the quantiles of its column, through learnt piecewise-linear functions, which
    find thresholds easily (Gorishniy et al. 2022); a value that repeats often has an edge of its
    own among them. Training is by AdamW, with a learning rate that rises and falls in cycles of
    growing length, as in RealMLP (Holzmueller et al. 2024). The number of steps follows from the
    number of rows, within bounds.

    At the end of every cycle a copy of the network is kept. Some of the copies are chosen, one
    after the other and with repetition, so that their average has the least Brier score on held-out
    rows (Caruana et al. 2004); how often one is chosen is its weight. Half of it comes from the
    rows held out from the network, half from those of all networks of its kind. The networks
    themselves are weighted by the Brier score of their kind to the power of -2. Last, one exponent
    makes all probabilities surer or less sure, so that the log loss on the held-out rows is least
    (Guo et al. 2017); it is raised by up to a fifth, since an average of networks is less sure than
    each of them.

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

    Guo, Pleiss, Sun and Weinberger (2017), "On calibration of modern neural networks",
    arXiv:1706.04599.

    Examples
    --------
    >>> import pandas as pd
    >>> from skdeep import TabularMLPClassifier
    >>> X = pd.DataFrame(
    ...     {
    ...         "age": [22, 38, None, 35, 54, 2, 27, 14, 58, 20],
    ...         "cabin": ["A", "C", None, "C", "E", None, "B", None, "C", "B"],
    ...         "port": ["S", "C", "S", "S", "S", "Q", "C", "S", "S", "Q"],
    ...     }
    ... )
    >>> y = ["no", "yes", "no", "yes", "yes", "no", "yes", "no", "yes", "no"]
    >>> model = TabularMLPClassifier(n_networks=2, effort=0.1, random_state=0).fit(X, y)
    >>> model.predict(pd.DataFrame({"age": [30, None], "cabin": ["C", None], "port": ["S", "Q"]}))
    array(['yes', 'no'], dtype='<U3')
    """

    _member_kind = ClassifierMember
    _learning_rate = 0.004
    _least_steps_for_few = 500
    _risk_power = 2

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
        label_smoothing: float = 0.1,
        class_weight: dict[Any, Any] | Sequence[dict[Any, Any]] | Literal["balanced"] | None = None,
        validation_fraction: float = 0.2,
        dtype: Literal["auto", "float32", "float64"] = "auto",
        n_jobs: int | None = None,
        verbose: bool | int = False,
        random_state: int | np.random.RandomState | None = None,
    ) -> None:
        store(self, locals())

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = True
        return tags

    @property
    def classes_(self) -> np.ndarray:
        """The class labels in order; for multi-label targets the columns' numbers."""
        check_is_fitted(self)
        return self._task.classes

    # -- targets -------------------------------------------------------------------------------

    def _checked_targets(self, y, n_rows):
        """Return labels as an array, one entry or row for each row of X."""
        if y is None:
            owner = type(self).__name__
            raise ValueError(f"{owner} requires y to be passed, but the target y is None.")
        return checks.check_targets(np.zeros((n_rows, 1)), y, numeric=False)

    def _learn_targets(self, y, classes=None):
        """Remember what checked targets mean."""
        self._take_up(Classification.learn(None, y, None, classes))

    def _take_up(self, task):
        """Take over what the targets mean."""
        self._task = task
        task.warn_of_classes(self.class_weight)

    def _encode(self, y, name="y"):
        """Return checked targets encoded."""
        return self._task.encode(y, name)

    def _weights(self, sample_weight, y, name):
        """Return the weights of rows, those of their classes included, or None."""
        weights = super()._weights(sample_weight, y, name)
        if self.class_weight is not None and name == "sample_weight":
            self._weigh_classes(self._task.counts(y if weights is None else y[weights > 0]))
        weighed = self._of_rows(weights, y)
        if weighed is weights:
            return weights
        return checks.check_weights(weighed, np.empty((len(y), 0)), f"{name} times class_weight")

    def _weigh_classes(self, counts):
        """Learn the weights of the classes from how often each occurs."""
        self._class_weights = self._task.class_weights(self.class_weight, counts)

    def _of_rows(self, weights, y):
        """Return the weights of rows, those of their classes included, or None."""
        # a row may have labels that weigh much and others that do not
        if self.class_weight is None or self._has_labels:
            return weights
        of_classes = self._class_weights[y]
        return of_classes if weights is None else weights * of_classes

    def _output_weights(self, part):
        weights = super()._output_weights(part)
        if self.class_weight is None or not self._has_labels:
            return weights
        off, on = self._class_weights / max(self._class_weights.max(), 1e-300)
        of_labels = weights[:, None] * np.where(part.y, on, off)
        return of_labels if of_labels.any() else weights

    def _strata(self, y):
        """Return what the validation split keeps the proportions of."""
        return self._task.strata(y)

    def _member_params(self):
        """Return the label smoothing, which leaves the true class likeliest; weights of labels."""
        n = 2 if self._has_labels else len(self._task.classes)
        class_weight = self.class_weight if self._has_labels else None  # of classes: within rows'
        smoothing = min(self.label_smoothing, 0.9 * (n - 1) / n)
        return {"label_smoothing": smoothing, "class_weight": class_weight}

    def _member_targets(self, y):
        """Return the targets as the networks take them."""
        return y if self._has_labels else self._task.classes[y]

    def _member_classes(self):
        """Return the classes that the networks are told of beforehand, or None."""
        return None if self._has_labels else self._task.classes

    @property
    def _has_labels(self):
        """Whether a row may have several labels."""
        return isinstance(self._task, Labels)

    def _as_outputs(self, y):
        """Return targets in the shape of predictions."""
        return y if self._has_labels else np.eye(len(self._task.classes))[y]

    def _to_average(self, y):
        """Return what statistics by level are of: labels, or all classes but the first."""
        return y.astype(np.float64) if self._has_labels else self._as_outputs(y)[:, 1:]

    def _settle(self, y, extremes=None):
        """Learn nothing more from the targets."""

    # -- predictions ---------------------------------------------------------------------------

    def _member_predictions(self, member, X):
        """Return a member's probabilities of all classes; those it did not see have none."""
        probabilities = member.predict_proba(X)
        if self._has_labels or len(member.classes_) == len(self._task.classes):
            return probabilities
        out = np.zeros((len(X), len(self._task.classes)))
        out[:, np.searchsorted(self._task.classes, member.classes_)] = probabilities
        return out

    def _calibrate(self, predictions, targets, weights, factor):
        """Choose the exponent that makes probabilities honest on held-out rows."""
        exclusive = not self._has_labels
        self._exponent = factor * best_exponent(predictions, targets, weights, exclusive)

    def _score_of(self, predictions, targets, weights):
        """Return the accuracy of predictions."""
        true, most_likely = self._most_likely(targets), self._most_likely(predictions)
        weights = weights if weights.ndim == 1 else weights.mean(axis=1)
        return float(accuracy_score(true, most_likely, sample_weight=weights))

    def _most_likely(self, probabilities):
        """Return the codes of the most likely classes, or which labels are on."""
        return (probabilities > 0.5).astype(int) if self._has_labels else probabilities.argmax(1)

    def predict_proba(self, X: MatrixLike) -> np.ndarray:
        """Predict the probabilities of the classes.

        Parameters
        ----------
        X : {DataFrame, pyarrow Table, array-like} of shape (n_samples, n_features)
            The table, with the columns of training.

        Returns
        -------
        ndarray of shape (n_samples, n_classes)
            In the order of ``classes_``; for multi-label targets each label's probability. In
            double precision, from scores in that of the computation (``dtype``).
        """
        model = self._snapshot()
        mean = model._mean_prediction(X)
        return sharpened(mean, model._exponent, exclusive=not model._has_labels)

    def predict_log_proba(self, X: MatrixLike) -> np.ndarray:
        """Predict the logarithms of the probabilities.

        Parameters
        ----------
        X : {DataFrame, pyarrow Table, array-like} of shape (n_samples, n_features)
            The table, with the columns of training.

        Returns
        -------
        ndarray of shape (n_samples, n_classes)
            In the order of ``classes_``.
        """
        return np.log(self.predict_proba(X))

    def predict(self, X: MatrixLike) -> np.ndarray:
        """Predict the most likely labels.

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
        most_likely = model._most_likely(model._mean_prediction(X))
        return most_likely if model._has_labels else model._task.classes[most_likely]
