"""Fully connected networks for classification and regression."""

from skdeep.estimators.blueprints import DenseBlueprint
from skdeep.estimators.docs import documented
from skdeep.estimators.supervised import NetworkClassifier, NetworkRegressor
from skdeep.estimators.views import store


@documented(score="the accuracy")
class MLPClassifier(NetworkClassifier):
    """Fully connected neural network for classification.

    Binary, multi-class and multi-label targets; the loss is the cross-entropy.

    Parameters
    ----------
    %(architecture)s
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

    See Also
    --------
    MLPRegressor : The same for regression.
    CNNClassifier : With convolution layers, for images and signals.

    Notes
    -----
    %(notes)s

    References
    ----------
    Goodfellow, Bengio and Courville (2016), "Deep learning", chapters 6 to 8.

    Examples
    --------
    >>> from sklearn.datasets import load_digits
    >>> from sklearn.model_selection import train_test_split
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.preprocessing import StandardScaler
    >>> from skdeep import MLPClassifier
    >>> X, y = load_digits(return_X_y=True)
    >>> X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
    >>> model = MLPClassifier((64,), dropout=0.2, max_iter=50, random_state=0)
    >>> pipeline = make_pipeline(StandardScaler(), model.set_params(n_iter_no_change=50))
    >>> pipeline.fit(X_train, y_train).score(X_test, y_test) > 0.95
    True
    """

    _blueprint_kind = DenseBlueprint

    def __init__(
        self,
        hidden_layer_sizes=(100,),
        activation="relu",
        *,
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
class MLPRegressor(NetworkRegressor):
    """Fully connected neural network for regression.

    One or several outputs; squared, absolute, Huber, Poisson and quantile loss.

    Parameters
    ----------
    %(architecture)s
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

    See Also
    --------
    MLPClassifier : The same for classification.
    CNNRegressor : With convolution layers, for images and signals.

    Notes
    -----
    %(notes)s

    References
    ----------
    Goodfellow, Bengio and Courville (2016), "Deep learning", chapters 6 to 8.

    Examples
    --------
    >>> from sklearn.datasets import load_diabetes
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.preprocessing import StandardScaler
    >>> from skdeep import MLPRegressor
    >>> X, y = load_diabetes(return_X_y=True)
    >>> model = MLPRegressor((20,), learning_rate_init=0.01, n_iter_no_change=200, random_state=0)
    >>> pipeline = make_pipeline(StandardScaler(), model).fit(X, y)
    >>> pipeline.score(X, y) > 0.5
    True
    """

    _blueprint_kind = DenseBlueprint

    def __init__(
        self,
        hidden_layer_sizes=(100,),
        activation="relu",
        *,
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
