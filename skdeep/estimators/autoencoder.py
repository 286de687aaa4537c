"""Autoencoders: networks that learn to rebuild their inputs from a code."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import numpy as np
from sklearn.base import ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils.validation import check_array, check_is_fitted

from skdeep._typing import ArrayLike, MatrixLike, Self
from skdeep.activations import Activation
from skdeep.augmentation import Augmentation
from skdeep.estimators import checks
from skdeep.estimators.availability import available_if, learns_by_parts
from skdeep.estimators.base import BaseNetwork
from skdeep.estimators.blueprints import AutoencoderBlueprint
from skdeep.estimators.parameter_types import AutoencoderParameters
from skdeep.estimators.tasks import Reconstruction
from skdeep.estimators.views import store
from skdeep.initializers import Initializer
from skdeep.losses import Loss
from skdeep.network import prediction
from skdeep.optimizers import Optimizer
from skdeep.schedules import Schedule
from skdeep.training import Observer


class Autoencoder(
    ClassNamePrefixFeaturesOutMixin, TransformerMixin, AutoencoderParameters, BaseNetwork
):
    """Neural network that learns a code from which the inputs can be rebuilt.

    The last layer of the encoder gives the code. The decoder mirrors the encoder: its layers have
    the same sizes and activations in the opposite order. The very last layer has no activation, but
    for the link of ``loss="cross_entropy"``, a sigmoid. With ``tied_weights`` the weights of the
    decoder are the transpose of those of the encoder, so that both learn the same numbers.

    Parameters
    ----------
    hidden_layer_sizes : int or sequence of int, default=(32,)
        The number of units of each layer of the encoder. The last one is the size of the code.
    activation : str, Activation or list of these, default="relu"
        The function that a layer applies to its weighted sums, with the names and objects that
        :class:`MLPClassifier` knows. Give one for all layers, or a list with one for each layer of
        the encoder, of which the last belongs to the code.
    tied_weights : bool, default=True
        Whether the weights of the decoder are the transpose of those of the encoder.
    loss : str or Loss, default="squared_error"
        What training minimises. "squared_error" is half of the mean squared error. "cross_entropy"
        is the mean cross-entropy of the features, for inputs in [0, 1]. The other losses of
        :mod:`skdeep.losses` can be given by name or as objects: "absolute_error", "huber",
        "poisson" and "quantile".
    init : str, Initializer or list of these, default="auto"
        How the weights start. Give one initializer for all layers, or a list with one for each
        layer of the encoder, which the decoder mirrors. "auto" chooses what suits the activation:
        the start of He, of LeCun or of Glorot. Behind rectifiers, whose weights start larger,
        "auto" gives the output layer half of Glorot's spread, since the first outputs would
        otherwise be so large that training had to unlearn them; this does not hold under "lbfgs".
        The other names are "zeros", "constant", "normal", "uniform", "lecun_normal",
        "lecun_uniform", "glorot_normal", "glorot_uniform", "he_normal", "he_uniform" and
        "orthogonal". An object of :mod:`skdeep.initializers` does the same with constants of your
        own.
    bias_init : float, default=0.0
        The value at which the biases of the hidden layers start. A small positive one, such as
        0.01, keeps rectifiers from being dead at first.
    optimizer : str or Optimizer, default="adam"
        The rule by which training changes the parameters. The known names are "adam", "adamw",
        "nadam", "amsgrad", "adamax", "lion", "adagrad", "rmsprop", "adadelta", "sgd", "momentum",
        "nesterov", "line_search" and "lbfgs". An object of :mod:`skdeep.optimizers` does the same
        with constants of your own, such as ``Adam(beta_2=0.99)``. "lbfgs" works on all data at once
        and chooses its steps by itself: the learning rate, ``batch_size`` and ``shuffle`` do not
        apply to it, and options that it cannot deliver, such as dropout, are errors.
    learning_rate : str or Schedule, default="constant"
        The schedule, which says how the learning rate changes in the course of training. The known
        names are "constant", "step", "exponential", "inverse_time", "invscaling", "cosine",
        "cosine_log", "one_cycle", "warmup", "validation" and "adaptive". An object of
        :mod:`skdeep.schedules` does the same with constants of your own, such as
        ``StepDecay(factor=0.5)``.
    learning_rate_init : float > 0, default=0.001
        The learning rate that the schedule starts from. For "one_cycle" and "cosine_log" it is the
        peak, and for "warmup" the rate that the warm-up rises to.
    batch_size : int, "auto" or "full", default="auto"
        The number of rows in a mini-batch. "auto" means min(200, n_samples). "full" takes all rows
        at once, and so does any number above n_samples. The last batch of an epoch may be shorter
        than the others; it is used as well.
    max_iter : int >= 1, default=200
        The number of epochs, or of iterations for full-batch optimizers, after which training ends
        at the latest. A ConvergenceWarning tells if training ran into this limit. There is none
        with ``n_iter_no_change=inf`` (except under "lbfgs"), nor under a schedule that is planned
        over ``max_iter`` epochs, such as "cosine": there the limit is what was asked for.
    shuffle : bool, default=True
        Whether the rows are put into a new random order in every epoch.
    alpha : float >= 0, default=1e-4
        The strength of the penalty that keeps weights small. For every optimizer and batch size,
        training minimises ``loss + alpha * ((1 - l1_ratio) / 2 * ||W||^2 + l1_ratio * ||W||_1)``,
        where ``loss`` is the weighted mean loss, and W holds the weights but not the biases.
    l1_ratio : float in [0, 1], default=0.0
        The share of the L1 norm in the penalty. Only "lbfgs" makes weights exactly zero. The
        stochastic optimizers follow a subgradient, which leaves them close to zero.
    max_norm : float > 0 or None, default=None
        A bound on the Euclidean norm of the weights that lead into a unit. After every update
        longer ones are shortened to it. None means no bound.
    clip_norm : float > 0 or None, default=None
        A bound on the Euclidean norm of the whole gradient, that of the penalty included. A longer
        gradient is shortened to it. None means no bound.
    dropout : float in [0, 1) or list of these, default=0.0
        The share of hidden units that are dropped at random in training. Give one share for all
        hidden layers, or a list with one for each layer of the encoder, which the decoder mirrors.
    input_dropout : float in [0, 1), default=0.0
        The share of inputs that are dropped at random in training.
    input_noise : float >= 0, default=0.0
        The standard deviation of Gaussian noise that is added to the inputs in training. It is
        drawn afresh for every batch.
    augmentation : str, Augmentation or None, default=None
        What makes new samples from the given ones, afresh for every batch. The known names are
        "random_shift", "random_rotation", "random_zoom", "random_flip", "gaussian_noise" and
        "mixup". An object of :mod:`skdeep.augmentation` does the same with constants of your own,
        and :class:`~skdeep.augmentation.Compose` applies several in turn. Augmentations of images
        have to know the shape of a row: see their ``image_shape``. None leaves the samples as they
        are.
    tol : float >= 0, default=1e-4
        The least progress that counts: an epoch that brings less does not reset the count of
        ``n_iter_no_change``. "lbfgs" ends training when no component of the gradient is larger than
        this.
    n_iter_no_change : int >= 1 or inf, default=10
        Training stops after so many epochs in a row without progress: of the training loss, or with
        ``early_stopping`` of the validation score. ``numpy.inf`` means never before ``max_iter``.
        Under "lbfgs" this applies with ``early_stopping`` only.
    early_stopping : bool, default=False
        Whether to watch the score on validation data instead of the training loss, and to end with
        the model of the epoch that scored best.
    validation_fraction : float in (0, 1), default=0.1
        The share of the rows that is held out where validation is needed and ``X_val`` is not
        given. Classes keep their proportions.
    scoring : callable or dict, default=None
        How validation is scored: a callable as in scikit-learn, but no name, since an autoencoder
        makes no predictions. None means minus the mean squared reconstruction error. A dict of
        names and callables has an entry "validation_<name>" in ``history_`` for each; the first of
        them is the validation score.
    warm_start : bool, default=False
        Whether ``fit`` goes on from where training stands: from its parameters, optimizer state,
        schedule and random streams. After early stopping the model is that of the best epoch, but
        training goes on from the last one. A changed architecture is an error.
    dtype : "auto", "float32" or "float64", default="auto"
        The floating-point type of training and prediction. "auto" means single precision, but
        double precision under "lbfgs" and "line_search", which need it.
    verbose : bool or int, default=False
        Whether to print a line every epoch. A number n prints one every n epochs.
    callbacks : list of Observer or None, default=None
        What watches training, in addition to what the other parameters ask for:
        :class:`skdeep.Checkpoint`, or objects of your own subclasses of
        :class:`skdeep.training.Observer`.
    random_state : int, RandomState or None, default=None
        The seed of everything that is drawn: the starting weights, the order of the rows, masks,
        noise, augmentation and the validation split. The same seed gives the same bits on one
        machine.

    Attributes
    ----------
    coefs_ : list of ndarray
        The weights of each layer, of shape (n_inputs, n_units). These are live views: assigning
        into them changes the model. A later fit makes a new model with views of its own.
    intercepts_ : list of ndarray
        The biases of each layer, of shape (n_units,). These are live views as well.
    named_parameters_ : dict of str to ndarray
        Live views of all parameters, by the name of the layer and their own: "dense_0/weights",
        "output/bias" and so on, in the order of the layers. Beside those of ``coefs_`` and
        ``intercepts_`` they are what activations learn ("theta"), and what layers of your own
        declare. A layer has the name of its stage, or else its kind with a number.
    history_ : dict of str to list of float
        An entry for every epoch since the start, of which ``partial_fit`` keeps the newest 10,000;
        all others count in ``t_`` and the best values. "loss" is the mean of the
        objective over the epoch. "learning_rate" is that of the epoch's last update; for
        "line_search" it is the scheduled one, and for "lbfgs" the length of the step over the norm
        of the gradient. "gradient_norm" is the mean over the epoch, before clipping. "seconds" is
        the time that the epoch took. With validation there are also "validation_loss", which is
        without penalty, and "validation_score".
    n_iter_ : int
        The number of epochs of the last call of ``fit`` or ``partial_fit``; ``history_`` holds
        those of earlier ones, too.
    t_ : int
        The number of rows that training has seen since the start, repeats included.
    loss_ : float
        The objective of the last epoch: the last entry of ``loss_curve_``.
    best_loss_ : float
        The lowest objective of any epoch.
    loss_curve_ : list of float
        The objective of each epoch, the same as ``history_["loss"]``.
    validation_scores_ : list of float or None
        The validation score of each epoch, the same as ``history_["validation_score"]``. None
        without validation.
    best_validation_score_ : float or None
        The highest entry of ``validation_scores_``. None without validation.
    n_layers_ : int
        The number of layers, the input and the output layer included.
    n_outputs_ : int
        The number of output units.
    out_activation_ : str
        The name of the link from the scores of the last layer to predictions.
    n_features_in_ : int
        The number of inputs.
    feature_names_in_ : ndarray of str
        The names of the inputs. It exists only if X had names that are strings.

    See Also
    --------
    sklearn.decomposition.PCA : The best linear code.

    Notes
    -----
    Weights that are shared start as those of the encoder, count once in the penalty, and are
    bounded by ``max_norm`` as the encoder's. With ``input_noise`` or ``input_dropout`` the network
    learns to rebuild the clean inputs from spoilt ones: it is then a denoising autoencoder.
    ``augmentation`` changes inputs and targets alike.

    After a plain ``fit`` a pickle holds the parameters but not the state of the optimizer, so that
    it stays small; ``partial_fit`` on the loaded copy begins with a new optimizer state. After
    ``partial_fit``, or with ``warm_start=True``, the pickle holds the state as well, and training
    goes on exactly. "lbfgs" goes on from the parameters, but begins anew to approximate the
    curvature. Ctrl-C raises KeyboardInterrupt and keeps the model as it was when the last epoch had
    ended (if epochs take milliseconds, one of the last few): then, too, a pickle holds the state.
    In the first epoch it leaves the estimator as it was before the call. Other threads
    predict with the old model until a fit is done, and then with the new one.

    References
    ----------
    Hinton and Salakhutdinov (2006), "Reducing the dimensionality of data with neural networks",
    Science 313. Vincent, Larochelle, Bengio and Manzagol (2008), "Extracting and composing robust
    features with denoising autoencoders", ICML.

    Examples
    --------
    >>> from sklearn.datasets import load_digits
    >>> from skdeep import Autoencoder
    >>> X = load_digits().data / 16
    >>> model = Autoencoder((16,), activation="tanh", learning_rate_init=0.01, max_iter=50,
    ...                     n_iter_no_change=float("inf"), random_state=0)
    >>> model.fit_transform(X).shape
    (1797, 16)
    >>> rebuilt = model.inverse_transform(model.transform(X))
    >>> float(((rebuilt - X) ** 2).mean()) < 0.02
    True
    """

    _task_kind = Reconstruction
    _blueprint_kind = AutoencoderBlueprint

    def __init__(
        self,
        hidden_layer_sizes: int | Sequence[int] = (32,),
        activation: str | Activation | Sequence[str | Activation] = "relu",
        *,
        tied_weights: bool = True,
        loss: str | Loss = "squared_error",
        init: str | Initializer | Sequence[str | Initializer] = "auto",
        bias_init: float = 0.0,
        optimizer: str | Optimizer = "adam",
        learning_rate: str | Schedule = "constant",
        learning_rate_init: float = 0.001,
        batch_size: int | Literal["auto", "full"] = "auto",
        max_iter: int = 200,
        shuffle: bool = True,
        alpha: float = 1e-4,
        l1_ratio: float = 0.0,
        max_norm: float | None = None,
        clip_norm: float | None = None,
        dropout: float | Sequence[float] = 0.0,
        input_dropout: float = 0.0,
        input_noise: float = 0.0,
        augmentation: str | Augmentation | None = None,
        tol: float = 1e-4,
        n_iter_no_change: int | float = 10,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        scoring: Callable[..., float] | Mapping[str, Callable[..., float]] | None = None,
        warm_start: bool = False,
        dtype: Literal["auto", "float32", "float64"] = "auto",
        verbose: bool | int = False,
        callbacks: Sequence[Observer] | None = None,
        random_state: int | np.random.RandomState | None = None,
    ) -> None:
        store(self, locals())

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags

    def fit(
        self,
        X: MatrixLike,
        y: Any = None,
        sample_weight: ArrayLike | None = None,
        *,
        X_val: MatrixLike | None = None,
        sample_weight_val: ArrayLike | None = None,
    ) -> Self:
        """Learn to rebuild the inputs.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The inputs. An array is used as it is, whatever its type and order; batches are read
            fastest in row order (C).
        y : None
            Ignored. It is there because pipelines pass targets to every step.
        sample_weight : array-like of shape (n_samples,), default=None
            Weights of the rows; those of weight 0 are left out. Their scale does not matter.
        X_val : {array-like, sparse matrix} of shape (n_val, n_features), default=None
            Validation data of your own, which take the place of the internal split.
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
        return self._fit(X, None, sample_weight, (X_val, None, sample_weight_val))

    @available_if(learns_by_parts)
    def partial_fit(
        self, X: MatrixLike, y: Any = None, sample_weight: ArrayLike | None = None
    ) -> Self:
        """Train for one epoch on the given data, going on from where training stands.

        Every call counts as an epoch to schedules, so that ``max_iter`` should be the number of
        calls if ``learning_rate`` is planned over it. ``skdeep.streaming.fit_stream`` trains on
        data in pieces with an epoch for every pass.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The inputs.
        y : None
            Ignored. It is there because pipelines pass targets to every step.
        sample_weight : array-like of shape (n_samples,), default=None
            Weights of the rows; their scale within a call does not matter.

        Returns
        -------
        self : object
            The fitted estimator.

        Raises
        ------
        DivergenceError, ValueError, TypeError
            As in ``fit``; after an error the estimator is as it was before.
        """
        return self._fit_one_epoch(X, None, None, sample_weight)

    @property
    def _n_features_out(self):
        return self._network.chain[self._code].n_outputs

    @property
    def _code(self):
        """The place of the layer that gives the code."""
        return self._network.architecture.place("code")

    def transform(self, X: MatrixLike) -> np.ndarray:
        """Encode inputs: return what the last layer of the encoder makes of them.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The inputs.

        Returns
        -------
        ndarray of shape (n_samples, hidden_layer_sizes[-1])
            The codes, in X's floating type.
        """
        check_is_fitted(self)
        model = self._snapshot()
        X = model._checked(X)
        codes = prediction.through(model._network, X, 0, model._code + 1)
        return codes.astype(_floating(X.dtype, codes.dtype), copy=False)

    def inverse_transform(self, X: ArrayLike) -> np.ndarray:
        """Decode codes: return the inputs that the decoder rebuilds from them.

        Parameters
        ----------
        X : array-like of shape (n_samples, hidden_layer_sizes[-1])
            Codes.

        Returns
        -------
        ndarray of shape (n_samples, n_features)
            The inputs rebuilt, in the floating type of the codes.
        """
        check_is_fitted(self)
        codes = check_array(X, dtype="numeric", input_name="X", estimator=self)
        model = self._snapshot()
        if codes.shape[1] != model._n_features_out:
            raise ValueError(
                f"X has {codes.shape[1]} columns, but the codes have {model._n_features_out}."
            )
        checks.check_range(codes, model._network.dtype, "X")
        scores = prediction.through(model._network, codes, model._code + 1, None)
        rebuilt = model._task.decode(scores)
        return rebuilt.astype(_floating(codes.dtype, rebuilt.dtype), copy=False)

    def score(self, X: MatrixLike, y: Any = None, sample_weight: ArrayLike | None = None) -> float:
        """Return minus the mean squared reconstruction error.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The inputs.
        y : None
            Ignored. It is there because pipelines pass targets to every step.
        sample_weight : array-like of shape (n_samples,), default=None
            Weights of the rows.

        Returns
        -------
        float
            The higher, the better.
        """
        check_is_fitted(self)
        model = self._snapshot()
        X = model._checked(X)
        weights = checks.check_weights(sample_weight, X, "sample_weight")
        return model._task.score(model._judged(X), weights)

    def score_samples(self, X: MatrixLike) -> np.ndarray:
        """Return minus the mean squared reconstruction error of each row, to find outliers by.

        As in scikit-learn's detectors of outliers, the lowest values are the most unusual rows:
        those that the network, which has learnt to rebuild what it saw, rebuilds worst.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The inputs.

        Returns
        -------
        ndarray of shape (n_samples,)
            At most 0, in double precision. Their mean is the ``score``.

        Examples
        --------
        >>> import numpy as np
        >>> from skdeep import Autoencoder
        >>> angles = np.linspace(0, 2 * np.pi, 200)
        >>> X = np.column_stack([np.cos(angles), np.sin(angles), np.sin(angles)])
        >>> model = Autoencoder((2,), "identity", optimizer="lbfgs", random_state=0).fit(X)
        >>> usual, unusual = model.score_samples([[1, 0, 0], [0, 1, -1]])
        >>> bool(unusual < -0.5 < -0.01 < usual)
        True
        """
        check_is_fitted(self)
        model = self._snapshot()
        return model._judged(model._checked(X))

    def _judged(self, X):
        return prediction.reduced(
            self._network, X, lambda rows, scores: self._task.judge(X[rows], scores)
        )


def _floating(given, computed):
    """Return the type of results: that of the input if it is single or double precision."""
    return given if given in (np.float32, np.float64) else computed
