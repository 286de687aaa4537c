"""scikit-learn's callbacks: estimators tell those that they are given by ``set_callbacks``.

This module alone knows of ``sklearn.callback``, which scikit-learn has since 1.9 and which is still
experimental. With an older scikit-learn nothing is told, and ``set_callbacks`` says what it needs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

import sklearn

from skdeep._typing import Self
from skdeep.training import Observer

try:
    from sklearn.callback import CallbackSupportMixin, with_callbacks
except ImportError:  # scikit-learn < 1.9
    CallbackSupportMixin = None

    def with_callbacks(method):
        """Return the method: there are no callbacks to tear down."""
        return method


if TYPE_CHECKING:  # not scikit-learn's, of which type checkers know nothing: it would allow all

    class _Support:
        """What the mixin below builds on."""
else:
    _Support = CallbackSupportMixin or object


def without_tasks(attributes: dict[str, Any]) -> dict[str, Any]:
    """Take the task that an estimator is fitted as out of its attributes, and return them."""
    attributes.pop("_parent_callback_ctx", None)
    return attributes


class NoTasks:
    """The tasks of a fit that no callback is told of."""

    observers: tuple[Observer, ...] = ()

    def part(self, name: str, number: int | None = None, **options: Any) -> NoTasks:
        """Return a task within this one."""
        return self

    def begin(self) -> NoTasks:
        """Begin the task."""
        return self

    def end(self) -> bool:
        """End the task; return whether a callback asks to stop."""
        return False

    def passed_on_to(self, estimator: Any) -> Any:
        """Return a context in which an estimator is fitted as the task; here it does nothing."""
        return nullcontext()

    def as_argument(self) -> dict[str, Any]:
        """Return the argument by which scikit-learn's functions are given the task."""
        return {}


class Tasks:
    """The tasks of a fit, which callbacks are told of.

    Parameters
    ----------
    estimator : estimator
        What is fitted.
    context : CallbackContext
        scikit-learn's description of the task.
    data : dict
        The arguments X, y and metadata of the callbacks' methods; without any the callbacks are
        not told of data.
    """

    def __init__(self, estimator: Any, context: Any, data: dict[str, Any] | None = None) -> None:
        self.estimator = estimator
        self.context = context
        self.data = data or {}

    @property
    def observers(self) -> tuple[Observer, ...]:
        """What must watch the training of a network, whose epochs are the tasks."""
        return (_Epochs(self),)

    def begin(self, fitted: Callable[[], dict[str, Any]] | None = None) -> Tasks:
        """Tell that the task begins; ``fitted`` returns the attributes of a fitted estimator."""
        self.context.call_on_fit_task_begin(**self._told(fitted))
        return self

    def end(self, fitted: Callable[[], dict[str, Any]] | None = None) -> bool:
        """Tell that the task ends; return whether a callback asks to stop."""
        return bool(self.context.call_on_fit_task_end(**self._told(fitted)))

    def part(self, name: str, number: int | None = None, **options: Any) -> Tasks:
        """Return a task within this one, which has yet to begin.

        It has a number if it need not wait for those before it.
        """
        return Tasks(self.estimator, self.context.subcontext(name, number, **options), self.data)

    @contextmanager
    def passed_on_to(self, estimator: Any) -> Iterator[None]:
        """Pass callbacks on to an estimator, whose fit is the task."""
        with self.context.propagate_callback_context(estimator):
            self.begin()
            yield
        self.end()

    def as_argument(self) -> dict[str, Any]:
        """Return the argument by which scikit-learn's functions are given the task."""
        return {"callback_ctx": self.context}

    def _told(self, fitted):
        # scikit-learn makes its copy of the estimator look fitted by setting attributes; all at
        # once, since some of an earlier fit may be gone
        attributes = None if fitted is None else lambda: {"__dict__": without_tasks(fitted())}
        return {
            "estimator": self.estimator,
            **self.data,
            "reconstruction_attributes": attributes,
        }


class _Epochs(Observer):
    """Tells callbacks of epochs; a callback that answers True ends training.

    Parameters
    ----------
    fit : Tasks
        The fit that the epochs belong to.
    """

    def __init__(self, fit):
        self.fit = fit

    def begin_epoch(self, trainer):
        """Tell that an epoch begins."""
        # an iteration of a full-batch optimizer is told of when it has already ended
        is_over = trainer.plan.optimizer.full_batch
        epoch = self.fit.part("epoch")
        trainer.memory[self] = epoch.begin(None if is_over else _fitted_by(trainer))

    def end_epoch(self, trainer, values):
        """Tell that the epoch ends."""
        return trainer.memory[self].end(_fitted_by(trainer))


def _fitted_by(trainer):
    """Return a function for the attributes of the estimator as if training ended now."""
    return lambda: vars(trainer.preview()._in_memory_of_its_own(trainer.plan.goes_on))


class TakesCallbacks(_Support):
    """Mixin of estimators that tell scikit-learn's callbacks how a fit proceeds."""

    def set_callbacks(self, *callbacks: Any) -> Self:
        """Set scikit-learn's callbacks, which are told of every fit and of its epochs.

        They are those of :mod:`sklearn.callback`, such as ``ProgressBar`` and ``ScoringMonitor``,
        or objects with the same methods. Observers of skdeep, such as ``Checkpoint``, are not
        given here but to the constructor, as its parameter ``callbacks``.

        Parameters
        ----------
        *callbacks : objects that follow sklearn.callback.FitCallback
            What takes the place of the callbacks set before; none at all takes these away.

        Returns
        -------
        self : object
            The estimator.

        Raises
        ------
        ImportError
            If scikit-learn is older than 1.9.
        TypeError
            If one of them is no callback of scikit-learn's kind.
        """
        if CallbackSupportMixin is None:
            raise ImportError(
                f"{type(self).__name__}.set_callbacks needs scikit-learn 1.9 or newer, here is "
                f"{sklearn.__version__}; the constructor's parameter callbacks takes observers of "
                "skdeep with any version."
            )
        for callback in callbacks:
            _refuse_what_is_ours(type(self).__name__, callback)
        return super().set_callbacks(*callbacks)

    @with_callbacks
    def _telling(self, learn, n_tasks, X, y=None, sample_weight=None, in_turn=True):
        """Tell callbacks of a fit.

        Parameters
        ----------
        learn : callable
            Does the work, given the Tasks of the fit. It returns the fitted estimator, which need
            not be this one (None: there is none to show), and a result.
        n_tasks : int
            The epochs, or other parts, that the fit has at most.
        X, y, sample_weight : array-like
            The data as the user gave them.
        in_turn : bool
            Whether each part begins when the one before it has ended.

        Returns
        -------
        object
            The result.
        """
        if not vars(self).get("_skl_callbacks"):
            return learn(NoTasks())[1]
        metadata = {} if sample_weight is None else {"sample_weight": sample_weight}
        data = {"X": X, "y": y, "metadata": metadata}
        context = self._init_callback_context(max_subtasks=n_tasks, sequential_subtasks=in_turn)
        tasks = Tasks(self, context, data).begin()
        fitted, result = learn(tasks)
        tasks.end(None if fitted is None else lambda: dict(vars(fitted)))
        return result


def _refuse_what_is_ours(owner, callback):
    """Raise TypeError for an observer of skdeep's, and for a class in the place of an object."""
    if isinstance(callback, type):
        raise TypeError(
            f"{owner}.set_callbacks takes objects, but {callback.__name__} is a class; write "
            f"{callback.__name__}(...)."
        )
    if isinstance(callback, Observer):
        raise TypeError(
            f"{owner}.set_callbacks takes callbacks of scikit-learn's kind, but {callback!r} is an "
            f"observer of skdeep's: give it to the constructor, {owner}(callbacks=[...])."
        )
