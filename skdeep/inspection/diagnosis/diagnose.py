"""From a fitted estimator and data to a diagnosis."""

from __future__ import annotations

from skdeep._typing import MatrixLike
from skdeep.inspection._types import NetworkLike
from skdeep.inspection.diagnosis.evidence import gather
from skdeep.inspection.diagnosis.finding import without_consequences
from skdeep.inspection.diagnosis.history import SHORTEST, history_findings
from skdeep.inspection.diagnosis.layers import layer_findings
from skdeep.inspection.diagnosis.report import Diagnosis


def diagnose(estimator: NetworkLike, X: MatrixLike, y: MatrixLike | None = None) -> Diagnosis:
    """Look for what commonly goes wrong with a network, and say what to do about it.

    The data pass through the fitted network; the history of its training is read. A finding that
    another one explains is left out: dead units, for example, explain underfitting.

    Parameters
    ----------
    estimator : estimator
        A fitted estimator of skdeep, a pipeline that ends in one, or a search or a
        TransformedTargetRegressor around one.
    X : {array-like, sparse matrix} of shape (n_samples, n_features)
        The inputs, best those of the training.
    y : array-like of shape (n_samples,) or (n_samples, n_outputs), default=None
        Their targets; an autoencoder needs none. Without them gradients and underfitting cannot be
        judged.

    Returns
    -------
    Diagnosis
        With ``layers``, ``findings`` and ``plot()``.

    Raises
    ------
    NotFittedError
        If the estimator is not fitted.
    TypeError
        If it is no estimator of skdeep.
    ValueError
        If X or y do not suit it.

    Notes
    -----
    The kinds of findings, and what makes them:

    - ``equal_units``: more than 50 % of a hidden layer's units have the incoming weights of another
      unit (relative difference up to 1e-4). Such units stay the same [1]_, section 8.4.
    - ``saturated_units``: more than 50 % of a hidden layer's outputs lie within 0.5 % of the range
      of a limit of the activation, as ``|tanh| > 0.99``; a layer in saturation hardly learns [2]_.
    - ``dead_units``: more than 40 % of a hidden layer's units are zero on all rows, the share that
      [3]_ names for rates that are too high.
    - ``large_weights``: the median norm of a hidden unit's incoming weights is above 8, twice the
      largest of the usual bounds of max-norm regularisation, 3 to 4 [4]_.
    - ``vanishing_gradients``, ``exploding_gradients``: the gradient of the first layer's weights is
      below 1/1000 or above 1000 times the last layer's. In [2]_ the slow networks' layers are apart
      by factors of ten to a hundred.
    - ``divergence``: the loss ends above 1.1 times its first value.
    - ``rate_too_high``: the loss climbed above 1.5 times its first value.
    - ``oscillation``: it rises by more than 10 % in more than 15 % of the epochs; 30 % in training
      with dropout or other noise.
    - ``rate_too_low``: the last tenth of the epochs brings more than 8 % of the fall. At a low rate
      the loss falls along a line [3]_, and a line gives 10 %. Not where the loss also rose, by more
      than 10 % of the fall.
    - ``plateau``: over more than 10 epochs, and 10 % of all, the loss fell by less than 1 % of its
      whole fall, and by more than 20 % of it later.
    - ``overfitting``: with validation data, the validation loss (median of the last five epochs)
      ends more than 20 % above its minimum while the training loss fell; this is the generalisation
      loss of [5]_, which stops training at 1 to 5 %. Not where early stopping kept the best model.
    - ``underfitting``: the loss on the data is less than 2 % below that of the best constant, or
      above it. A penalty is to blame if it pulls at the weights more than half as strongly as the
      loss does, and would exceed the constant's loss if they were as large as at the start.

    Where the columns of X have root mean squares above 10, or all below 0.01, scaling comes first.

    Thresholds without a source were set by measurement, far from the figures of healthy networks
    on scikit-learn's data sets. The history is judged from 10 epochs on. The gradients are those of
    the mean loss without penalty; the ratio of an update to the weights should be about 1e-3 [3]_.

    References
    ----------
    .. [1] Goodfellow, Bengio and Courville (2016), "Deep learning".
    .. [2] Glorot and Bengio (2010), "Understanding the difficulty of training deep feedforward
       neural networks", AISTATS.
    .. [3] Karpathy, notes of the course CS231n, Stanford: "Neural networks 1" (activations) and
       "Neural networks 3" (babysitting the learning process).
    .. [4] Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov (2014), "Dropout", JMLR 15.
    .. [5] Prechelt (1998), "Early stopping - but when?".

    Examples
    --------
    >>> from sklearn.datasets import load_wine
    >>> from sklearn.preprocessing import scale
    >>> from skdeep import MLPClassifier
    >>> from skdeep.inspection import diagnose
    >>> X, y = load_wine(return_X_y=True)
    >>> X = scale(X)
    >>> model = MLPClassifier((20,), bias_init=-20, learning_rate_init=0.01, random_state=0)
    >>> for finding in diagnose(model.fit(X, y), X, y):
    ...     print(finding.kind, finding.layer)
    dead_units 1
    """
    evidence = gather(estimator, X, y)
    findings = layer_findings(evidence) + history_findings(evidence)
    kept = without_consequences(findings, evidence.is_held_down, evidence.is_scaled)
    return Diagnosis(evidence.layers, kept, _notes(evidence))


def _notes(evidence):
    """Return what could not be looked at."""
    notes = []
    if evidence.loss is None:
        notes.append("Without y, gradients and underfitting could not be judged.")
    if len(evidence.history.get("loss", ())) < SHORTEST:
        notes.append(f"Training of fewer than {SHORTEST} epochs was not judged.")
    elif "validation_loss" not in evidence.history:
        notes.append("Without validation data, overfitting could not be judged.")
    return notes
