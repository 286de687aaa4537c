"""Autoencoders: networks that learn to rebuild their inputs from a code."""

import numpy as np
from sklearn.base import ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils.validation import check_array, check_is_fitted

from skdeep.estimators import checks
from skdeep.estimators.base import BaseNetwork
from skdeep.estimators.blueprints import AutoencoderBlueprint
from skdeep.estimators.docs import documented
from skdeep.estimators.tasks import Reconstruction
from skdeep.estimators.views import store
from skdeep.network import prediction


@documented(score="minus the mean squared reconstruction error")
class Autoencoder(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseNetwork):
    """Neural network that learns a code from which the inputs can be rebuilt.

    The encoder's last layer gives the code. The decoder is the encoder's mirror image: layers of
    the same sizes and activations in the opposite order, and a last one without activation (but
    for the link of ``loss="cross_entropy"``, a sigmoid). With ``tied_weights`` its weights are the
    transpose of the encoder's, so that both learn the same numbers.

    Parameters
    ----------
    hidden_layer_sizes : int or sequence of int, default=(32,)
        Units of each layer of the encoder; the last is the size of the code.
    activation : str, Activation or list of these, default="relu"
        As in MLPClassifier; a list names those of the encoder, the code's last.
    tied_weights : bool, default=True
        Whether the decoder's weights are the transpose of the encoder's.
    loss : str or Loss, default="squared_error"
        "squared_error" (half the mean squared error), "cross_entropy" (mean over the features; the
        inputs must be in [0, 1]), or another loss of :mod:`skdeep.losses`.
    %(init)s
    %(descent)s
    %(regularisation)s
    %(augmentation)s
    %(stopping)s

    Attributes
    ----------
    %(attributes)s

    See Also
    --------
    sklearn.decomposition.PCA : The best linear code.

    Notes
    -----
    Lists of ``dropout`` and ``init`` name the encoder's layers; the decoder mirrors them. Weights
    that are shared start as the encoder's, count once in the penalty, and ``max_norm`` bounds them
    in the encoder. ``scoring`` is None or a callable, since there are no predictions. With
    ``input_noise`` or ``input_dropout`` the network learns to rebuild the clean inputs from spoilt
    ones (a denoising autoencoder). ``augmentation`` changes inputs and targets alike.

    %(notes)s

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
    ...                     n_iter_no_change=50, random_state=0)
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
        hidden_layer_sizes=(32,),
        activation="relu",
        *,
        tied_weights=True,
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
        augmentation=None,
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

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags

    def fit(self, X, y=None, sample_weight=None, *, X_val=None, sample_weight_val=None):
        """Learn to rebuild the inputs.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The inputs. An array in row order is used as it is, whatever its type.
        y : None
            Ignored; for pipelines.
        sample_weight : array-like of shape (n_samples,), default=None
            Weights of the rows; those of weight 0 are left out. Their scale does not matter.
        X_val : {array-like, sparse matrix} of shape (n_val, n_features), default=None
            Validation data of your own, in the place of the internal split.
        sample_weight_val : array-like of shape (n_val,), default=None
            Their weights.

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

    def partial_fit(self, X, y=None, sample_weight=None):
        """Train for one epoch on the given data, going on from where training stands.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The inputs.
        y : None
            Ignored.
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

    def transform(self, X):
        """Encode.

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
        X = self._checked(X)
        codes = prediction.through(self._network, X, 0, self._code + 1)
        return codes.astype(_floating(X.dtype, codes.dtype), copy=False)

    def inverse_transform(self, X):
        """Decode.

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
        if codes.shape[1] != self._n_features_out:
            raise ValueError(
                f"X has {codes.shape[1]} columns, but the codes have {self._n_features_out}."
            )
        checks.check_range(codes, self._network.dtype, "X")
        scores = prediction.through(self._network, codes, self._code + 1, None)
        rebuilt = self._task.decode(scores)
        return rebuilt.astype(_floating(codes.dtype, rebuilt.dtype), copy=False)

    def score(self, X, y=None, sample_weight=None):
        """Return minus the mean squared reconstruction error.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The inputs.
        y : None
            Ignored.
        sample_weight : array-like of shape (n_samples,), default=None
            Weights of the rows.

        Returns
        -------
        float
            The higher, the better; at most 0.
        """
        check_is_fitted(self)
        X = self._checked(X)
        weights = checks.check_weights(sample_weight, X, "sample_weight")
        return self._task.score(X, prediction.scores(self._network, X), weights)


def _floating(given, computed):
    """Return the type of results: that of the input if it is single or double precision."""
    return given if given in (np.float32, np.float64) else computed
