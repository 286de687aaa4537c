"""Checkpoints: a fit that is killed can be resumed, and ends with the bits of one never killed."""

from __future__ import annotations

import io
import os
import pickle
import re
from contextlib import suppress
from numbers import Integral
from pathlib import Path
from time import monotonic
from typing import Any
from zlib import crc32

from skdeep._typing import ArrayLike, MatrixLike
from skdeep._warnings import warn
from skdeep.exceptions import CheckpointError
from skdeep.training import Observer

_MAGIC = b"skdeep checkpoint "
_FORMAT = 1
_TRAILER = 12  # bytes: the length of what was pickled, and its checksum
_UNITS = {"s": 1, "min": 60, "h": 3600}


class Checkpoint(Observer):
    """Writes all that a fit needs to be resumed into a file, every so often.

    Give it to an estimator among its ``callbacks``. :func:`skdeep.resume` goes on from the file,
    and on the same data ends with the same bits as a fit that was never killed. It is written
    between two epochs, and once more when training ends or is interrupted.

    A file is replaced as a whole: at whatever moment the process is killed, the file is the last
    checkpoint or the one before. If it cannot be written, since the disk is full or the folder must
    not be written to, there is a warning and training goes on.

    Parameters
    ----------
    path : str or Path
        The file; one for each fit that is to be resumed. A fit begins anew and replaces what is
        there, once it has something to write.
    every : str or int, default="10 min"
        A time, such as "30 s", "10 min" or "2 h", or a number of epochs. The end of the first epoch
        after that time is waited for.

    See Also
    --------
    skdeep.resume : Goes on from the file.

    Notes
    -----
    The file holds the estimator as a pickle, its ``callbacks`` included: everything in it must be
    picklable, and a file must be trusted before it is resumed from. ``partial_fit`` writes nothing,
    as the estimator can be saved between its calls.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from sklearn.datasets import load_iris
    >>> import skdeep
    >>> X, y = load_iris(return_X_y=True)
    >>> path = Path(tempfile.mkdtemp()) / "fit.checkpoint"
    >>> model = skdeep.MLPClassifier(
    ...     max_iter=20, n_iter_no_change=float("inf"),
    ...     callbacks=[skdeep.Checkpoint(path, every=5)],
    ... )
    >>> model = skdeep.resume(path, X, y) if path.exists() else model.fit(X, y)
    >>> model.n_iter_, path.exists()
    (20, True)
    """

    def __init__(self, path: str | os.PathLike[str], every: str | int = "10 min") -> None:
        self.path = path
        self.every = every
        self._pace()

    def __repr__(self) -> str:
        return f"Checkpoint({os.fspath(self.path)!r}, every={self.every!r})"

    def _pace(self):
        """Return seconds and epochs between two checkpoints, one of them None."""
        every = self.every
        if isinstance(every, Integral) and not isinstance(every, bool) and every >= 1:
            return None, int(every)
        match = (
            re.fullmatch(r"(\d+(?:\.\d+)?) *(s|min|h)", every) if isinstance(every, str) else None
        )
        if match is None or float(match[1]) == 0:
            raise ValueError(
                'Checkpoint: every must be a time, such as "30 s", "10 min" or "2 h", or a number '
                f"of epochs >= 1; got {every!r}."
            )
        return float(match[1]) * _UNITS[match[2]], None

    def begin_fit(self, trainer: Any) -> None:
        """Make sure that there will be something to write, and a place to write it to."""
        if trainer.preview is None:
            return
        writer = _Writer(Path(self.path), trainer.data.marks(), *self._pace())
        trainer.memory[self] = writer
        writer.try_out(trainer)

    def between_epochs(self, trainer: Any) -> None:
        """Write a checkpoint if the time has come."""
        writer = trainer.memory.get(self)
        if writer is not None and writer.is_due(trainer):
            writer.write(trainer)

    def end_fit(self, trainer: Any) -> None:
        """Write what is kept; after an error nothing is."""
        writer = trainer.memory.get(self)
        if writer is not None and trainer.is_usable:
            writer.write(trainer)


class _Writer:
    """What a checkpoint knows of one fit: when it wrote, and whether it has warned."""

    def __init__(self, path, marks, seconds, epochs):
        self.path, self.marks = path, marks
        self.seconds, self.epochs = seconds, epochs
        self.part = path.with_name(path.name + ".part")
        self.last = monotonic()
        self.has_warned = False

    def try_out(self, trainer):
        """Raise TypeError if the estimator cannot be pickled; warn of a place that is no good."""
        try:
            pickle.dump(self._content(trainer), _Checked(None), protocol=5)
        except (pickle.PicklingError, AttributeError, TypeError) as error:
            raise TypeError(
                f"A checkpoint cannot be written, as the estimator cannot be pickled ({error}): "
                "functions, callbacks and objects of your own must be defined in a module, and not "
                "within functions or as lambdas."
            ) from error
        self._attempt(lambda: self.part.open("wb").close())
        self._clean_up()

    def is_due(self, trainer):
        """Return whether it is time to write."""
        if self.epochs is not None:
            state = trainer.state
            return (state.epoch - state.earlier_epochs) % self.epochs == 0
        return monotonic() - self.last >= self.seconds

    def write(self, trainer):
        """Replace the file; warn, once a fit, if that fails."""
        self._attempt(lambda: self._replace(self._content(trainer)))
        self.last = monotonic()

    def _content(self, trainer):
        return {"estimator": trainer.preview(), "marks": self.marks}

    def _replace(self, content):
        with self.part.open("wb") as file:
            file.write(_MAGIC + b"%d\n" % _FORMAT)
            checked = _Checked(file)
            pickle.dump(content, checked, protocol=5)
            file.write(checked.trailer())
            file.flush()
            os.fsync(file.fileno())
        os.replace(self.part, self.path)
        _sync_folder(self.path.parent)

    def _attempt(self, action):
        try:
            action()
        except OSError as error:
            self._clean_up()
            if not self.has_warned:
                self.has_warned = True
                warn(
                    f"The checkpoint {str(self.path)!r} cannot be written ({error}); training goes "
                    "on, and it will be tried again."
                )

    def _clean_up(self):
        with suppress(OSError):  # of a folder that is no good there is a warning already
            self.part.unlink(missing_ok=True)


class _Checked(io.RawIOBase):
    """Hands on to a file what is written, and knows its length and checksum."""

    def __init__(self, file):
        self.file, self.length, self.checksum = file, 0, 0

    def write(self, data):
        self.checksum = crc32(data, self.checksum)
        self.length += memoryview(data).nbytes
        if self.file is not None:
            self.file.write(data)
        return memoryview(data).nbytes

    def trailer(self):
        """Return what ends the file, so that a truncated one is told."""
        return self.length.to_bytes(8, "little") + self.checksum.to_bytes(4, "little")


def _sync_folder(folder):
    """Make sure that a new name in a folder outlasts a crash, where the system can do that."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class SameData(Observer):
    """Compares the data of a resumed fit with those that it was begun with."""

    def __init__(self, marks: dict[str, Any]) -> None:
        self.marks = marks

    def begin_fit(self, trainer: Any) -> None:
        """Raise ValueError for data of another shape, and warn of other values."""
        now = trainer.data.marks()
        if now["shape"] != self.marks["shape"]:
            raise ValueError(
                f"A fit is resumed on the data that it was begun with: X had the shape "
                f"{self.marks['shape']}, but now has {now['shape']}."
            )
        if now != self.marks:
            warn(
                "These are not the data that the fit was begun with: X, y or weights have other "
                "values. It goes on, but will not end as it would have."
            )


def resume(
    path: str | os.PathLike[str],
    X: MatrixLike | None = None,
    y: MatrixLike | None = None,
    sample_weight: ArrayLike | None = None,
    *,
    X_val: MatrixLike | None = None,
    y_val: MatrixLike | None = None,
    sample_weight_val: ArrayLike | None = None,
) -> Any:
    """Return the estimator of a checkpoint; given its data, train it to the end first.

    Without data the estimator is as an interruption would have left it: it predicts with the model
    so far (under early stopping the best), and ``warm_start=True`` goes on from the last epoch.

    With data the fit goes on as if nothing had happened, for those of its ``max_iter`` epochs that
    are missing, and writes further checkpoints to the path that it was begun with. On the same
    data, with the same versions and kernels, the result has the same bits as that of a fit that was
    never killed ("lbfgs" goes on from its parameters, but begins anew to approximate the
    curvature). A fit that had come to its end is returned as it is.

    Parameters
    ----------
    path : str or Path
        A file that :class:`skdeep.Checkpoint` has written. Like every pickle it can run any code:
        resume from files that you trust.
    X, y, sample_weight, X_val, y_val, sample_weight_val
        What the estimator's ``fit`` was given.

    Returns
    -------
    estimator
        Of the class that was trained.

    Raises
    ------
    CheckpointError
        If the file is not a checkpoint, is damaged, or was written by a newer version.
    ValueError, TypeError
        If the data have another shape or other classes.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from sklearn.datasets import load_iris
    >>> import skdeep
    >>> X, y = load_iris(return_X_y=True)
    >>> path = Path(tempfile.mkdtemp()) / "fit.checkpoint"
    >>> model = skdeep.MLPClassifier(
    ...     max_iter=20, n_iter_no_change=float("inf"), random_state=0,
    ...     callbacks=[skdeep.Checkpoint(path, every=5)],
    ... )
    >>> whole = model.fit(X, y)
    >>> skdeep.resume(path).n_iter_
    20
    >>> bool((skdeep.resume(path, X, y).predict(X) == whole.predict(X)).all())
    True
    """
    content = read(path)
    model = content["estimator"]
    model._settle_best()
    given = {"y": y, "sample_weight": sample_weight, "X_val": X_val, "y_val": y_val}
    given["sample_weight_val"] = sample_weight_val
    if X is None:
        named = [name for name, value in given.items() if value is not None]
        if named:
            raise ValueError(f"{named[0]} is given, but X is not; give the data of the whole fit.")
        return model
    if model._state.is_finished:
        return model
    validation = X_val, y_val, sample_weight_val
    watching = [SameData(content["marks"])]
    return model._fit(X, y, sample_weight, validation, resumes=True, watching=watching)


def read(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Return what a checkpoint holds."""
    raw = Path(path).read_bytes()
    head, _, body = raw.partition(b"\n")
    if not head.startswith(_MAGIC) or not head[len(_MAGIC) :].isdigit():
        raise CheckpointError(f"{str(path)!r} is not a checkpoint of skdeep.")
    number = int(head[len(_MAGIC) :])
    if number > _FORMAT:
        raise CheckpointError(
            f"{str(path)!r} was written by a newer version of skdeep, in format {number}; this one "
            f"reads format {_FORMAT}."
        )
    pickled, trailer = body[:-_TRAILER], body[-_TRAILER:]
    checked = _Checked(None)
    checked.write(pickled)
    if checked.trailer() != trailer:
        raise CheckpointError(f"{str(path)!r} is damaged: truncated, or changed since.")
    try:
        return pickle.loads(pickled)
    except (AttributeError, ImportError) as error:
        raise CheckpointError(
            f"{str(path)!r} holds objects whose code is not found here ({error}): import the "
            "modules, or define the classes, that the fit was begun with."
        ) from error
