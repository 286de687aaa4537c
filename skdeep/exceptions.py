"""The errors and warnings of skdeep beyond the usual ``ValueError`` and ``TypeError``."""

from sklearn import exceptions


class InconsistentVersionWarning(exceptions.InconsistentVersionWarning):
    """An estimator was unpickled by another version of skdeep than the one that made it.

    Parameters
    ----------
    estimator_name : str
        The name of its class.
    original_version : str
        The version that made it, or "unknown".
    current_version : str
        The version that reads it.

    Attributes
    ----------
    estimator_name, original_version, current_version
        As given. scikit-learn's names for the versions exist, too.

    Examples
    --------
    >>> import pickle, warnings
    >>> from skdeep import MLPClassifier
    >>> from skdeep.exceptions import InconsistentVersionWarning
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("error", InconsistentVersionWarning)
    ...     pickle.loads(pickle.dumps(MLPClassifier()))
    MLPClassifier()
    """

    def __init__(self, estimator_name: str, original_version: str, current_version: str) -> None:
        super().__init__(
            estimator_name=estimator_name,
            original_sklearn_version=original_version,
            current_sklearn_version=current_version,
        )
        self.original_version = original_version
        self.current_version = current_version

    def __str__(self):
        return (
            f"The {self.estimator_name} was pickled by version {self.original_version} of skdeep "
            f"and is read by version {self.current_version}: it may fail, or predict something "
            "else. Train it anew, or read it with the version that made it."
        )


class DivergenceError(ValueError):
    """Training met a loss, gradient or parameter that is not finite.

    The estimator is left as it was before the call: a model that was fitted before is kept.

    Parameters
    ----------
    what : str
        What was not finite, e.g. ``"the loss is nan"``.
    epoch : int
        The epoch (from 1) in which it happened.
    step : int
        The update (from 1, counted over all epochs) in which it happened.
    learning_rate : float
        The rate of that update.

    Attributes
    ----------
    epoch, step, learning_rate
        As given, for programs that want to react.

    Examples
    --------
    >>> from sklearn.datasets import load_diabetes
    >>> from skdeep import MLPRegressor
    >>> from skdeep.exceptions import DivergenceError
    >>> model = MLPRegressor(optimizer="sgd", learning_rate_init=1e6, random_state=0)
    >>> try:
    ...     model.fit(*load_diabetes(return_X_y=True))
    ... except DivergenceError as error:
    ...     print(error.epoch, error.learning_rate)
    1 1000000.0
    """

    def __init__(self, what: str, epoch: int, step: int, learning_rate: float) -> None:
        self.what = what
        self.epoch = epoch
        self.step = step
        self.learning_rate = learning_rate
        super().__init__(
            f"Training diverged in epoch {epoch}, step {step}, at learning rate "
            f"{learning_rate:g}: {what}. Remedies: lower learning_rate_init, scale the features "
            "(StandardScaler), leave target_scaling at 'standard' in a regression, set clip_norm, "
            "or choose a gentler init."
        )

    def __reduce__(self):
        # the default would pass the message alone, and fail to unpickle in a parallel search
        return type(self), (self.what, self.epoch, self.step, self.learning_rate)


class CheckpointError(ValueError):
    """A file from which a fit was to be resumed is not a checkpoint, or cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import skdeep
    >>> path = Path(tempfile.mkdtemp()) / "notes.txt"
    >>> _ = path.write_text("no checkpoint")
    >>> try:
    ...     skdeep.resume(path)
    ... except skdeep.exceptions.CheckpointError as error:
    ...     print(str(error).endswith("is not a checkpoint of skdeep."))
    True
    """
