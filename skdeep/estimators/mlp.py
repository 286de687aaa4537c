"""Fully connected networks for classification and regression."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from skdeep.activations import Activation
from skdeep.augmentation import Augmentation
from skdeep.estimators.blueprints import DenseBlueprint
from skdeep.estimators.parameter_types import Scoring
from skdeep.estimators.supervised import NetworkClassifier, NetworkRegressor
from skdeep.estimators.views import store
from skdeep.initializers import Initializer
from skdeep.losses import Loss
from skdeep.optimizers import Optimizer
from skdeep.schedules import Schedule
from skdeep.training import Observer


class MLPClassifier(NetworkClassifier):
    """Fully connected neural network for classification.

    Binary, multi-class and multi-label targets; the loss is the cross-entropy.

    Parameters
    ----------
    hidden_layer_sizes : int or sequence of int, default=(100,)
        The number of units of each hidden layer. A single number means one hidden layer. ``()``
        means none, which leaves a linear model, or a logistic one in classification.
    activation : str, Activation or list of these, default="relu"
        The function that a hidden layer applies to its weighted sums. Give one for all hidden
        layers, or a list with one for each. The known names are "relu", "leaky_relu", "prelu",
        "elu", "selu", "maxout", "identity", "sigmoid" (also "logistic"), "tanh", "softplus",
        "gelu", "silu" and "mish". An object of :mod:`skdeep.activations` does the same with
        constants of your own, such as ``LeakyReLU(slope=0.1)``.
    init : str, Initializer or list of these, default="auto"
        How the weights start. Give one initializer for all layers, or a list with one for each
        layer, the output layer included. "auto" chooses what suits the activation: the start of He,
        of LeCun or of Glorot. Behind rectifiers, whose weights start larger, "auto" gives the
        output layer half of Glorot's spread, since the first outputs would otherwise be so large
        that training had to unlearn them; this does not hold under "lbfgs". The other names are
        "zeros", "constant", "normal", "uniform", "lecun_normal", "lecun_uniform", "glorot_normal",
        "glorot_uniform", "he_normal", "he_uniform" and "orthogonal". An object of
        :mod:`skdeep.initializers` does the same with constants of your own.
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
        hidden layers, or a list with one for each.
    input_dropout : float in [0, 1), default=0.0
        The share of inputs that are dropped at random in training.
    input_noise : float >= 0, default=0.0
        The standard deviation of Gaussian noise that is added to the inputs in training. It is
        drawn afresh for every batch.
    label_smoothing : float in [0, (k - 1)/k), default=0.0
        How far the targets of training move away from 0 and 1, so that the network does not become
        too sure of itself. With the value eps, the true one of k classes has the target 1 - eps,
        and each of the k - 1 others has eps / (k - 1). Where a row may have several labels, each
        label counts as two classes, so that k is 2.
    augmentation : str, Augmentation or None, default=None
        What makes new samples from the given ones, afresh for every batch. The known names are
        "random_shift", "random_rotation", "random_zoom", "random_flip", "gaussian_noise" and
        "mixup". An object of :mod:`skdeep.augmentation` does the same with constants of your own,
        and :class:`~skdeep.augmentation.Compose` applies several in turn. Augmentations of images
        have to know the shape of a row: see their ``image_shape``. None leaves the samples as they
        are.
    skip_connections : bool, default=False
        Whether hidden layers add their inputs to their outputs, x + f(x), as in residual networks
        (He et al. 2016, arXiv:1512.03385). This concerns the hidden layers whose outputs are shaped
        like those of the hidden layer before. With ``init="auto"`` the weights of n such layers
        start smaller by the factor sqrt(n), since the outputs would otherwise grow from layer to
        layer.
    class_weight : dict, list of dict, "balanced" or None, default=None
        The weights of the classes, which ``sample_weight`` is multiplied with. A dict holds them by
        class label; a class that it leaves out weighs 1, and it may name classes that are not in y,
        as a fold may lack one. "balanced" makes them inversely proportional to the frequencies of
        the classes. None weighs all classes alike. For multi-label targets each label has weights
        of its own where it is off and on: give a list with a dict such as {0: 1, 1: 5} for each
        label, or "balanced".
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
    scoring : str, callable, list or dict, default=None
        How validation is scored: a name or a callable, as in scikit-learn. None means the accuracy.
        A list of names, or a dict of names and callables, has an entry "validation_<name>" in
        ``history_`` for each; the first of them is the validation score.
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
    classes_ : ndarray of shape (n_classes,)
        The class labels in order. Where a row may have several labels, the numbers of the columns
        of y.
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
    MLPRegressor : The same for regression.
    CNNClassifier : With convolution layers, for images and signals.

    Notes
    -----
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
    Goodfellow, Bengio and Courville (2016), "Deep learning", chapters 6 to 8.

    Examples
    --------
    >>> from math import inf
    >>> from sklearn.datasets import load_digits
    >>> from sklearn.model_selection import train_test_split
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.preprocessing import StandardScaler
    >>> from skdeep import MLPClassifier
    >>> X, y = load_digits(return_X_y=True)
    >>> X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
    >>> model = MLPClassifier((64,), dropout=0.2, max_iter=50, random_state=0)
    >>> pipeline = make_pipeline(StandardScaler(), model.set_params(n_iter_no_change=inf))
    >>> pipeline.fit(X_train, y_train).score(X_test, y_test) > 0.95
    True
    """

    _blueprint_kind = DenseBlueprint

    def __init__(
        self,
        hidden_layer_sizes: int | Sequence[int] = (100,),
        activation: str | Activation | Sequence[str | Activation] = "relu",
        *,
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
        label_smoothing: float = 0.0,
        augmentation: str | Augmentation | None = None,
        skip_connections: bool = False,
        class_weight: dict[Any, Any] | Sequence[dict[Any, Any]] | Literal["balanced"] | None = None,
        tol: float = 1e-4,
        n_iter_no_change: int | float = 10,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        scoring: Scoring | None = None,
        warm_start: bool = False,
        dtype: Literal["auto", "float32", "float64"] = "auto",
        verbose: bool | int = False,
        callbacks: Sequence[Observer] | None = None,
        random_state: int | np.random.RandomState | None = None,
    ) -> None:
        store(self, locals())


class MLPRegressor(NetworkRegressor):
    """Fully connected neural network for regression.

    One or several outputs; squared, absolute, Huber, Poisson and quantile loss.

    Parameters
    ----------
    hidden_layer_sizes : int or sequence of int, default=(100,)
        The number of units of each hidden layer. A single number means one hidden layer. ``()``
        means none, which leaves a linear model, or a logistic one in classification.
    activation : str, Activation or list of these, default="relu"
        The function that a hidden layer applies to its weighted sums. Give one for all hidden
        layers, or a list with one for each. The known names are "relu", "leaky_relu", "prelu",
        "elu", "selu", "maxout", "identity", "sigmoid" (also "logistic"), "tanh", "softplus",
        "gelu", "silu" and "mish". An object of :mod:`skdeep.activations` does the same with
        constants of your own, such as ``LeakyReLU(slope=0.1)``.
    loss : str or Loss, default="squared_error"
        What training minimises. The known names are "squared_error", "absolute_error", "huber",
        "poisson" and "quantile", of which "squared_error" is half of the mean squared error. An
        object of :mod:`skdeep.losses` does the same with constants of your own, such as
        ``Quantile(quantile=0.9)``. ``Quantile([0.05, 0.5, 0.95])`` predicts three quantiles of one
        target, which never cross, by a column for each.
    target_scaling : "standard" or None, default="standard"
        Whether the network learns the targets in units of their own spread: mean and standard
        deviation of each output, weighted, over the rows of training, are taken off before training
        and put back in predictions. So the scale of y does not matter. Losses, ``alpha`` and
        constants of a loss such as Huber's ``delta`` are then in these units. ``partial_fit`` takes
        them from the first batch and keeps them. None learns the targets as they are, which losses
        with a link or a range of their own, such as "poisson", always do.
    init : str, Initializer or list of these, default="auto"
        How the weights start. Give one initializer for all layers, or a list with one for each
        layer, the output layer included. "auto" chooses what suits the activation: the start of He,
        of LeCun or of Glorot. Behind rectifiers, whose weights start larger, "auto" gives the
        output layer half of Glorot's spread, since the first outputs would otherwise be so large
        that training had to unlearn them; this does not hold under "lbfgs". The other names are
        "zeros", "constant", "normal", "uniform", "lecun_normal", "lecun_uniform", "glorot_normal",
        "glorot_uniform", "he_normal", "he_uniform" and "orthogonal". An object of
        :mod:`skdeep.initializers` does the same with constants of your own.
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
        hidden layers, or a list with one for each.
    input_dropout : float in [0, 1), default=0.0
        The share of inputs that are dropped at random in training.
    input_noise : float >= 0, default=0.0
        The standard deviation of Gaussian noise that is added to the inputs in training. It is
        drawn afresh for every batch.
    target_noise : float >= 0, default=0.0
        The standard deviation, in the units of y, of Gaussian noise that is added to the targets in
        training. It is drawn afresh for every batch.
    augmentation : str, Augmentation or None, default=None
        What makes new samples from the given ones, afresh for every batch. The known names are
        "random_shift", "random_rotation", "random_zoom", "random_flip", "gaussian_noise" and
        "mixup". An object of :mod:`skdeep.augmentation` does the same with constants of your own,
        and :class:`~skdeep.augmentation.Compose` applies several in turn. Augmentations of images
        have to know the shape of a row: see their ``image_shape``. None leaves the samples as they
        are.
    skip_connections : bool, default=False
        Whether hidden layers add their inputs to their outputs, x + f(x), as in residual networks
        (He et al. 2016, arXiv:1512.03385). This concerns the hidden layers whose outputs are shaped
        like those of the hidden layer before. With ``init="auto"`` the weights of n such layers
        start smaller by the factor sqrt(n), since the outputs would otherwise grow from layer to
        layer.
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
    scoring : str, callable, list or dict, default=None
        How validation is scored: a name or a callable, as in scikit-learn. None means R squared.
        A list of names, or a dict of names and callables, has an entry "validation_<name>" in
        ``history_`` for each; the first of them is the validation score.
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
    target_mean_, target_scale_ : ndarray of shape (n_outputs,)
        What is subtracted from each output for training, and what it is divided by then; 0 and 1
        without ``target_scaling``.
    n_features_in_ : int
        The number of inputs.
    feature_names_in_ : ndarray of str
        The names of the inputs. It exists only if X had names that are strings.

    See Also
    --------
    MLPClassifier : The same for classification.
    CNNRegressor : With convolution layers, for images and signals.

    Notes
    -----
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
    Goodfellow, Bengio and Courville (2016), "Deep learning", chapters 6 to 8.

    Examples
    --------
    >>> from math import inf
    >>> from sklearn.datasets import load_diabetes
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.preprocessing import StandardScaler
    >>> from skdeep import MLPRegressor
    >>> X, y = load_diabetes(return_X_y=True)
    >>> model = MLPRegressor((20,), learning_rate_init=0.01, n_iter_no_change=inf, random_state=0)
    >>> pipeline = make_pipeline(StandardScaler(), model).fit(X, y)
    >>> pipeline.score(X, y) > 0.5
    True
    """

    _blueprint_kind = DenseBlueprint

    def __init__(
        self,
        hidden_layer_sizes: int | Sequence[int] = (100,),
        activation: str | Activation | Sequence[str | Activation] = "relu",
        *,
        loss: str | Loss = "squared_error",
        target_scaling: Literal["standard"] | None = "standard",
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
        target_noise: float = 0.0,
        augmentation: str | Augmentation | None = None,
        skip_connections: bool = False,
        tol: float = 1e-4,
        n_iter_no_change: int | float = 10,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        scoring: Scoring | None = None,
        warm_start: bool = False,
        dtype: Literal["auto", "float32", "float64"] = "auto",
        verbose: bool | int = False,
        callbacks: Sequence[Observer] | None = None,
        random_state: int | np.random.RandomState | None = None,
    ) -> None:
        store(self, locals())
