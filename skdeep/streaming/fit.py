"""Training on more data than memory holds: the one function that users call."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

from sklearn.pipeline import Pipeline

from skdeep import _constraints
from skdeep._constraints import Number
from skdeep._typing import ArrayLike, MatrixLike
from skdeep.estimators.base import BaseNetwork
from skdeep.estimators.tabular.base import TabularEstimator
from skdeep.streaming import networks, tabular
from skdeep.streaming.pipelines import train_pipeline
from skdeep.streaming.sources import Stream

CONSTRAINTS = {
    "epochs": Number(1, integer=True, others=(None,)),
    "shuffle_buffer": Number(0, integer=True),
}


@dataclass(frozen=True)
class Options:
    """What a user gives to ``fit_stream`` beside estimator and data; see there."""

    epochs: int | None
    classes: Any
    shuffle_buffer: int
    X_val: Any
    y_val: Any
    sample_weight_val: Any
    resume_from: Any


def fit_stream(
    estimator: Any,
    batches: Any,
    *,
    epochs: int | None = None,
    target: str | list[str] | None = None,
    classes: ArrayLike | None = None,
    shuffle_buffer: int = 100_000,
    X_val: MatrixLike | None = None,
    y_val: MatrixLike | None = None,
    sample_weight_val: ArrayLike | None = None,
    resume_from: str | os.PathLike[str] | None = None,
) -> Any:
    """Fit an estimator to data that come in pieces, which may be more than memory holds.

    This is the training of ``fit``, where an epoch is a pass over all pieces: for schedules, the
    history, stopping and ``callbacks``. A first pass counts rows and classes, and takes mean and
    spread of numeric targets. Then rows are drawn at random from a buffer, which the pieces refill.
    At most the buffer, a piece or two, and ``X_val`` are in memory; for tables also a sample.

    If the buffer has room for all rows, the result has the same bits as that of ``fit`` on all of
    them. If it has not, rows should not be sorted in the stream, as by class: only those that are
    in the buffer together are mixed.

    Parameters
    ----------
    estimator : estimator or Pipeline
        ``MLPClassifier``, ``MLPRegressor``, ``CNNClassifier``, ``CNNRegressor``, ``Autoencoder``,
        ``TabularMLPClassifier`` or ``TabularMLPRegressor``, or a pipeline with one at its end.
        Steps of a pipeline that have ``partial_fit`` learn from a pass of their own each, before
        all else; steps that learn nothing, and those within ``sklearn.frozen.FrozenEstimator``,
        need none.
    batches : object
        What gives the same pieces whenever it is iterated:

        - a list of pieces ``(X, y)`` or ``(X, y, sample_weight)``, arrays or frames, or of ``X``
          for an ``Autoencoder``;
        - a function, which is called for every pass, and returns an iterator over pieces; or any
          object that can be iterated several times;
        - the path of a Parquet file or of a folder of them, a dataset or table of pyarrow, a Dask
          DataFrame, or a LazyFrame of polars (``scan_parquet``, ``scan_csv``), with ``target``.
    epochs : int, default=None
        How many passes to train for, at most; it takes the place of ``max_iter``. None leaves it to
        that. The estimators for tables have no ``max_iter``, and go by the number of rows: there it
        is a multiple of 15, for each network.
    target : str or list of str, default=None
        The column, or columns, of the targets, where pieces are frames that hold them.
    classes : array-like of shape (n_classes,), default=None
        All classes. None takes those that the first pass finds.
    shuffle_buffer : int, default=100_000
        How many rows wait for their turn at a time. With 0, or the estimator's ``shuffle=False``,
        rows are taken in the order in which they come.
    X_val : {array-like, sparse matrix} of shape (n_val, n_features), default=None
        Validation data, which ``early_stopping`` needs here: no rows of a stream are held out, but
        for the estimators for tables.
    y_val : array-like of shape (n_val,) or (n_val, n_outputs), default=None
        The targets of ``X_val``.
    sample_weight_val : array-like of shape (n_val,), default=None
        Weights of the rows of ``X_val``.
    resume_from : str or Path, default=None
        A file that :class:`skdeep.Checkpoint` has written in a call that was killed. Given the same
        estimator, stream and options, training goes on from there, and ends with the bits of a
        call that was never killed. The estimator's parameters count, not those in the file; and
        what is at the head of a pipeline learns again. The estimators for tables have none.

    Returns
    -------
    estimator : object
        The estimator that was given, fitted.

    Raises
    ------
    TypeError
        If ``batches`` can be iterated once only, or a step of a pipeline cannot learn in parts.
    ValueError
        If a parameter or the data are wrong, pieces differ in their columns, or a pass gives
        another number of rows than the first. After an error the estimator is as it was before.
    ImportError
        If a package is missing that reads ``batches``.

    See Also
    --------
    skdeep.MLPClassifier.partial_fit : One epoch on a part of the data, for data that never end.

    Notes
    -----
    ``class_weight="balanced"`` goes by the classes of the whole stream. ``warm_start=True`` goes on
    from an earlier call. Optimizers that need all data at once ("lbfgs") cannot be used.

    A Parquet file is read a row group at a time, which should not be much larger than the buffer.

    ``TabularMLPClassifier`` and ``TabularMLPRegressor`` take pieces of raw tables. The names of
    columns, and whether these hold numbers or categories, are those of the first piece that has a
    value there; strings among numbers are an error later. If the buffer has room for all rows, one
    pass is all that there is. If not, it is given up, and the next one counts the levels of
    categories. Another draws a sample of as many rows as the buffer has, 10,000 at least, which
    is kept in memory: quantiles are those of the sample, and its share ``validation_fraction`` is
    held out from each network. Where columns have very many levels, one pass more takes the mean
    targets of the most frequent ones, up to 100,000; no row knows those of its own fold. Then each
    network has its passes, the first of which looks at the targets. The buffer holds encoded rows,
    in which every frequent level is a number. With ``n_jobs`` each process has a buffer of its own,
    and ``batches`` is pickled for it.

    Examples
    --------
    >>> import numpy as np
    >>> from skdeep import MLPClassifier
    >>> from skdeep.streaming import fit_stream
    >>> def pieces():
    ...     rng = np.random.default_rng(0)
    ...     for _ in range(10):
    ...         X = rng.normal(size=(200, 5))
    ...         yield X, X[:, 0] > X[:, 1]
    >>> model = fit_stream(MLPClassifier(random_state=0), pieces, epochs=5)
    >>> model.n_iter_, model.t_
    (5, 10000)
    """
    given = {"epochs": epochs, "shuffle_buffer": shuffle_buffer}
    _constraints.check("fit_stream", CONSTRAINTS, given)
    network = estimator.steps[-1][1] if isinstance(estimator, Pipeline) else estimator
    train, check = _way(network)
    stream = Stream(batches, target)
    epochs = None if epochs is None else int(epochs)
    validation = X_val, y_val, sample_weight_val
    options = Options(epochs, classes, int(shuffle_buffer), *validation, resume_from)
    check(network, options)
    if network is estimator:
        return train(network, stream, options)
    return train_pipeline(estimator, stream, options, train)


def _way(network):
    """Return the function that trains an estimator of this kind, and one that checks options."""
    if isinstance(network, BaseNetwork):
        return networks.train, networks.plan_of
    if isinstance(network, TabularEstimator):
        return tabular.train, tabular.check
    if isinstance(network, type):
        name = network.__name__
        raise TypeError(f"fit_stream was given the class {name}; write {name}().")
    raise TypeError(
        "fit_stream needs one of MLPClassifier, MLPRegressor, CNNClassifier, CNNRegressor, "
        "Autoencoder, TabularMLPClassifier and TabularMLPRegressor, or a Pipeline with one at its "
        f"end; got {type(network).__name__}."
    )
