"""Convolutional networks for classification and regression of images and signals."""

from skdeep.estimators.blueprints import ConvolutionBlueprint
from skdeep.estimators.docs import documented
from skdeep.estimators.supervised import NetworkClassifier, NetworkRegressor
from skdeep.estimators.views import store


class _Convolutional:
    """Mixin: rows are maps, and convolution layers come first."""

    _blueprint_kind = ConvolutionBlueprint

    @property
    def input_shape_(self):
        """What a row holds: (height, width, channels), of signals (length, channels)."""
        shape = self._fitted("_network").architecture.map_shape
        return shape[1:] if shape[0] == 1 else shape


@documented(score="the accuracy")
class CNNClassifier(_Convolutional, NetworkClassifier):
    """Convolutional neural network for the classification of images and signals.

    Filters that look at a small part of the input slide over all of it: the same weights are
    used everywhere. Each convolution layer has an activation and pooling behind it; dense layers
    follow. In lists of activations, dropout and init the convolution layers come first; dropout
    acts on single numbers behind the pooling.

    Parameters
    ----------
    %(architecture)s
    %(convolution)s
    %(init)s
    %(descent)s
    %(regularisation)s
    %(label_smoothing)s
    %(augmentation)s
    %(skip_connections)s
    %(class_weight)s
    %(stopping)s

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        The class labels in order; for multi-label targets the columns' numbers.
    %(attributes)s
    input_shape_ : tuple of int
        What a row holds: (height, width, channels), of signals (length, channels).

    See Also
    --------
    CNNRegressor : The same for regression.
    MLPClassifier : Without convolution layers.

    Notes
    -----
    X has two dimensions as everywhere in scikit-learn, or three or four: then a row's shape is the
    ``input_shape``. Weights of convolution layers in ``coefs_`` have the shape (height, width,
    channels, filters), for signals (length, channels, filters).

    %(notes)s

    References
    ----------
    LeCun, Bottou, Bengio and Haffner (1998), "Gradient-based learning applied to document
    recognition", Proc. IEEE 86.

    Examples
    --------
    >>> from sklearn.datasets import load_digits
    >>> from sklearn.model_selection import train_test_split
    >>> from skdeep import CNNClassifier
    >>> X, y = load_digits(return_X_y=True)
    >>> X_train, X_test, y_train, y_test = train_test_split(X / 16, y, random_state=0)
    >>> model = CNNClassifier(
    ...     (32,), input_shape=(8, 8), conv_layers=((16, 3),), max_iter=20, n_iter_no_change=20,
    ...     learning_rate_init=0.005, random_state=0,
    ... )
    >>> model.fit(X_train, y_train).score(X_test, y_test) > 0.95
    True
    >>> model.coefs_[0].shape
    (3, 3, 1, 16)
    """

    def __init__(
        self,
        hidden_layer_sizes=(100,),
        activation="relu",
        *,
        input_shape=None,
        conv_layers=((32, 3),),
        pool_size=2,
        padding="same",
        pooling="max",
        init="auto",
        bias_init=0.0,
        optimizer="adam",
        learning_rate="constant",
        learning_rate_init=0.001,
        batch_size="auto",
        max_iter=200,
        shuffle=True,
        alpha=1e-4,
        l1_ratio=0.0,
        max_norm=None,
        clip_norm=None,
        dropout=0.0,
        input_dropout=0.0,
        input_noise=0.0,
        label_smoothing=0.0,
        augmentation=None,
        skip_connections=False,
        class_weight=None,
        tol=1e-4,
        n_iter_no_change=10,
        early_stopping=False,
        validation_fraction=0.1,
        scoring=None,
        warm_start=False,
        dtype="auto",
        verbose=False,
        random_state=None,
    ):
        store(self, locals())


@documented(score="R squared")
class CNNRegressor(_Convolutional, NetworkRegressor):
    """Convolutional neural network for the regression of images and signals.

    Filters that look at a small part of the input slide over all of it: the same weights are
    used everywhere. Each convolution layer has an activation and pooling behind it; dense layers
    follow. In lists of activations, dropout and init the convolution layers come first; dropout
    acts on single numbers behind the pooling.

    Parameters
    ----------
    %(architecture)s
    %(convolution)s
    %(loss)s
    %(init)s
    %(descent)s
    %(regularisation)s
    %(target_noise)s
    %(augmentation)s
    %(skip_connections)s
    %(stopping)s

    Attributes
    ----------
    %(attributes)s
    input_shape_ : tuple of int
        What a row holds: (height, width, channels), of signals (length, channels).

    See Also
    --------
    CNNClassifier : The same for classification.
    MLPRegressor : Without convolution layers.

    Notes
    -----
    X has two dimensions as everywhere in scikit-learn, or three or four: then a row's shape is the
    ``input_shape``. Weights of convolution layers in ``coefs_`` have the shape (height, width,
    channels, filters), for signals (length, channels, filters).

    %(notes)s

    References
    ----------
    LeCun, Bottou, Bengio and Haffner (1998), "Gradient-based learning applied to document
    recognition", Proc. IEEE 86.

    Examples
    --------
    The period of a noisy signal:

    >>> import numpy as np
    >>> from skdeep import CNNRegressor
    >>> rng = np.random.default_rng(0)
    >>> period, start = rng.uniform(4, 16, 1000), rng.uniform(0, 6, 1000)
    >>> X = np.sin(start[:, None] + 2 * np.pi * np.arange(48) / period[:, None])
    >>> X += rng.normal(0, 0.1, X.shape)
    >>> model = CNNRegressor((32,), conv_layers=((8, 7),), max_iter=30, n_iter_no_change=30,
    ...                      learning_rate_init=0.005, random_state=0)
    >>> model.fit(X[:800], period[:800]).score(X[800:], period[800:]) > 0.8
    True
    """

    def __init__(
        self,
        hidden_layer_sizes=(100,),
        activation="relu",
        *,
        input_shape=None,
        conv_layers=((32, 3),),
        pool_size=2,
        padding="same",
        pooling="max",
        loss="squared_error",
        init="auto",
        bias_init=0.0,
        optimizer="adam",
        learning_rate="constant",
        learning_rate_init=0.001,
        batch_size="auto",
        max_iter=200,
        shuffle=True,
        alpha=1e-4,
        l1_ratio=0.0,
        max_norm=None,
        clip_norm=None,
        dropout=0.0,
        input_dropout=0.0,
        input_noise=0.0,
        target_noise=0.0,
        augmentation=None,
        skip_connections=False,
        tol=1e-4,
        n_iter_no_change=10,
        early_stopping=False,
        validation_fraction=0.1,
        scoring=None,
        warm_start=False,
        dtype="auto",
        verbose=False,
        random_state=None,
    ):
        store(self, locals())
