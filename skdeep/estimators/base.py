"""What all estimators share: check the input, assemble the parts, train, keep the result."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import contextmanager
from functools import partial
from math import inf
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted

from skdeep._callbacks import TakesCallbacks, without_tasks
from skdeep._plain import PlainState
from skdeep._typing import Self
from skdeep._version import Versioned
from skdeep._warnings import warn
from skdeep.estimators import checks, refusals
from skdeep.estimators.attributes import FittedAttributes
from skdeep.estimators.blueprints import DenseBlueprint
from skdeep.estimators.blueprints.layers import DROPOUT
from skdeep.estimators.draft import Drafted
from skdeep.estimators.endings import warn_of_spent_schedule
from skdeep.estimators.foreign import ExplainsNames
from skdeep.estimators.overview import NetworkView
from skdeep.estimators.plain import NETWORKS
from skdeep.estimators.plan import CONSTRAINTS, constructor_of, make_plan
from skdeep.estimators.samples import Intake
from skdeep.estimators.scoring import validation_on
from skdeep.estimators.tasks import Task
from skdeep.network import Architecture, Network, prediction
from skdeep.training import Observer, Trainer, TrainingState
from skdeep.training.stalls import doubt

REMEMBERED = 10_000  # epochs that the history keeps under partial_fit, which may go on for ever


class BaseNetwork(
    Versioned,
    PlainState,
    NetworkView,
    Drafted,
    ExplainsNames,
    FittedAttributes,
    TakesCallbacks,
    BaseEstimator,
):
    """Base class of skdeep's estimators.

    Subclasses say what is learnt (``_task_kind``) and how their parameters describe a network
    (``_blueprint_kind``). Users' own subclasses may override ``_extend_architecture``, to change
    the network, and ``_observers``, to watch its training.
    """

    _vocabulary = NETWORKS
    _task_kind: type[Task]
    _blueprint_kind: type[DenseBlueprint]
    _constraints = {**CONSTRAINTS, "dropout": DROPOUT}  # by which searches know their bounds

    _doc_link_module = "skdeep"
    _doc_link_template = (
        "https://github.com/skdeep/skdeep/blob/main/docs/estimators.md#{estimator_name}"
    )

    def _doc_link_url_param_generator(self):
        return {"estimator_name": type(self).__name__.lower()}

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = bool(self._blueprint_kind.inputs_kind.accept_sparse)
        return tags

    def __sklearn_is_fitted__(self):
        return hasattr(self, "_network")

    def set_params(self, **params: Any) -> Self:
        """Set parameters, nested ones as ``optimizer__beta_2``.

        Parameters
        ----------
        **params : dict
            Names and values; a nested name needs an object, not a name, in its first part.

        Returns
        -------
        self : object
            The estimator.

        Raises
        ------
        ValueError
            If a parameter is unknown, or nested in one that is given by name.
        """
        if (message := self._explain(params)) is not None:
            raise ValueError(message)
        for name in params:
            part, nested, constant = name.partition("__")
            value = params.get(part, getattr(self, part, None))
            if nested and (value is None or isinstance(value, str)):
                what = "" if value is None else " is a name"
                raise ValueError(
                    f"{name} cannot be set while {part}={value!r}{what}; pass an object, e.g. "
                    f"{part}={constructor_of(part, value)}({constant}=...)."
                )
        return super().set_params(**params)

    def _bare_state(self):
        state = super()._bare_state()
        if "_state" in state and not state["_keeps_slots"]:
            state["_state"] = state["_state"].without_optimizer()
        return state

    # -- to be overridden by users ---------------------------------------------------------------

    def _extend_architecture(self, architecture: Architecture) -> Architecture:
        """Return the architecture to train, given the one that the parameters describe.

        Override it to add stages, e.g. ``replace(architecture, stages=...)``; see
        :class:`skdeep.network.Layer` for an example.
        """
        return architecture

    def _observers(self) -> Sequence[Observer]:
        """Return the observers that watch training in addition to the built-in ones.

        Override it to add some; see :class:`skdeep.training.Observer` for an example.
        """
        return []

    # -- fitting -----------------------------------------------------------------------------

    def _plan(self):
        # not get_params: the constructor of a user's subclass may have fewer parameters
        params = {name: value for name, value in vars(self).items() if name[0] != "_"}
        return make_plan(type(self).__name__, params, self._task_kind, self._blueprint_kind)

    def _intake(self, plan):
        inputs = plan.blueprint.inputs(self, plan.dtype)
        return Intake(inputs, self._task_kind, plan)

    def _fit(self, X, y, sample_weight, validation, resumes=False, watching=()):
        """Train, given the data and the user's validation data (X, y, sample_weight).

        ``resumes`` says that a fit that was cut off goes on, and ``watching`` holds observers.
        """
        with self._draft() as draft:
            plan = draft._plan()
            max_epochs = plan.training.max_iter - (self.n_iter_ if resumes else 0)

            def learn(tasks):
                told = [*watching, *tasks.observers]
                warning = draft._learn(plan, X, y, sample_weight, validation, resumes, told)
                return draft, warning

            if self.warm_start and not resumes:
                self._warn_of_spent_schedule(plan, by_pieces=False)
            warning = self._telling(learn, max_epochs, X, y, sample_weight)
        if warning is not None:
            warn(warning, ConvergenceWarning)
        return self

    def _learn(self, plan, X, y, sample_weight, validation, resumes, watching):
        """Train by a plan; return a warning if training has not converged, or None."""
        goes_on = resumes or (bool(self.warm_start) and self.__sklearn_is_fitted__())
        intake = self._intake(plan)
        sample = intake.sample(X, y, sample_weight)
        given = intake.validation(*validation, sample)
        refusals.check_scoring_is_used(plan.scoring, given is not None or plan.splits)
        network, state = self._start(sample, plan, goes_on, resumes)
        rows, held_out = self._split(sample, given, plan, state)
        self._settle(sample, rows, goes_on)
        validation = self._validation(given, sample, held_out, plan, network, state)
        data = sample.data(plan.dtype, rows, plan.target_noise, state.streams.target_noise)
        return self._train_to_the_end(network, state, plan, data, validation, watching)

    def _train_to_the_end(self, network, state, plan, data, validation, watching):
        """Train for the epochs that a plan has left; return a warning if that was not enough."""
        epochs = plan.training.max_iter - (state.epoch - state.earlier_epochs)
        watching = [*self._observers(), *plan.callbacks, *watching]
        preview = partial(self._as_fitted, network, state)
        trainer = Trainer(network, state, plan.training, data, validation, watching, preview)
        warning = self._train(trainer, epochs)
        self._keeps_slots = plan.training.goes_on
        return warning

    def _fit_one_epoch(self, X, y, classes, sample_weight):
        """Train for one epoch, from where training has come to if the estimator is fitted."""
        with self._draft() as draft:
            plan = draft._plan()
            self._warn_of_spent_schedule(plan, by_pieces=True)
            draft._learn_one_epoch(plan, X, y, classes, sample_weight)
        self._state.forget(REMEMBERED)
        return self

    def _warn_of_spent_schedule(self, plan, by_pieces):
        if self.__sklearn_is_fitted__():
            warn_of_spent_schedule(plan.training, self._state, self.learning_rate, by_pieces)

    def _learn_one_epoch(self, plan, X, y, classes, sample_weight):
        goes_on = self.__sklearn_is_fitted__()
        refusals.check_partial_fit(vars(self), plan)
        task = self._task if goes_on else None
        sample = self._intake(plan).sample(X, y, sample_weight, classes, task)
        network, state = self._start(sample, plan, goes_on)
        self._settle(sample, None, goes_on)
        data = sample.data(plan.dtype, None, plan.target_noise, state.streams.target_noise)
        watching = [*self._observers(), *plan.callbacks]
        self._train(Trainer(network, state, plan.training, data, None, watching), epochs=1)

    @contextmanager
    def _nothing_left_behind(self):
        state = vars(self).get("_state")  # shares its history with copies, as these may be long
        names = () if state is None else tuple(state.history)
        try:
            yield
        except BaseException:
            if state is not None:
                state.trim(names)
            raise

    def _kept(self, before):
        if vars(self).get("_state") is before.get("_state"):
            return None
        return (
            f"training was interrupted; the model is kept as it was after epoch {self.n_iter_}, "
            "with all that training needs to go on from there (warm_start=True, or partial_fit)"
        )

    # -- start, or go on ---------------------------------------------------------------------

    def _start(self, sample, plan, goes_on, same_fit=False):
        """Return a network and the state of its training, new or copies to go on with."""
        architecture = self._architecture(sample, plan, goes_on)
        refusals.check_augmentation(plan.training.augmentation, sample.X, architecture.map_shape)
        if goes_on:
            self._check_unchanged(architecture, sample.task, plan)
            network = Network(architecture, np.array(self._network.parameters))
            state = self._state.copied()
            state.go_on_with(plan.training, network.trained, same_fit)
            return network, state
        seed = int(check_random_state(plan.random_state).randint(2**31 - 1))
        network = Network(architecture)
        state = TrainingState.started(seed, plan.training, network.trained)
        network.initialise(state.streams.init)
        return network, state

    def _architecture(self, sample, plan, goes_on):
        """Return the architecture for a sample, as the parameters and users' subclasses ask for."""
        shape, blueprint, task = sample.shape, plan.blueprint, sample.task
        if goes_on and not shape:
            shape = self._network.architecture.map_shape or ()
        row_shape = blueprint.row_shape(shape, sample.X.shape[1])
        loss = plan.loss or sample.loss(plan.target_noise)
        described = blueprint.architecture(row_shape, task.n_outputs, loss, plan.dtype)
        return self._extend_architecture(described)

    def _check_unchanged(self, architecture, task, plan):
        """Raise ValueError if the network or the task differs from the trained one."""
        self._task.check_same_classes(task)
        before = {**self._network.architecture.describe(), **self._task.describe()}
        after = {**architecture.describe(), **task.describe(), **task.asked(plan)}
        for name in before | after:
            was, now = before.get(name, "none"), after.get(name, "none")
            if not np.array_equal(now, was):
                raise ValueError(
                    f"Training cannot go on with a changed network: {name} was {was}, and "
                    f"is now {now}. To start anew, call fit with warm_start=False."
                )

    # -- training ----------------------------------------------------------------------------

    def _split(self, sample, given, plan, state):
        """Return the rows to train on, None for all, and those held out for validation or None."""
        if given is not None or not plan.splits:
            return None, None
        return checks.split(
            sample.X.shape[0],
            sample.weights,
            sample.task.strata(sample.encoded),
            plan.validation_fraction,
            state.streams.split,
        )

    def _settle(self, sample, rows, goes_on):
        """Let the task learn from the rows to train on, or take over what one before has learnt."""
        if goes_on:
            sample.task.follow(self._task)
        else:
            sample.task.settle(sample.encoded, sample.weights, rows)
        self._task = sample.task

    def _validation(self, given, sample, held_out, plan, network, state):
        """Return the validation on the user's data or on the rows held out, or None."""
        if given is None and held_out is None:
            return None

        def preview():
            trial = self._as_fitted(network, state)
            vars(trial).pop("feature_names_in_", None)  # X was turned into an array already
            return trial

        # most scorers are not defined for a single class
        scoring = None if sample.task.is_certain else plan.scoring
        return validation_on(given or sample, held_out, network, scoring, preview)

    def _train(self, trainer, epochs):
        """Train, and keep the result; return a warning if training has not converged, or None."""
        self._keeps_slots = True
        try:
            why = trainer.run(epochs)
        finally:
            if trainer.is_usable:
                self._network, self._state = trainer.network, trainer.state
        return doubt(trainer) if why is None else _unless_planned(why, trainer.plan)

    def _as_fitted(self, network, state):
        """Return the estimator as it would be with a network and its state, to go on with."""
        twin = self._snapshot()
        without_tasks(vars(twin))
        twin._network, twin._state, twin._keeps_slots = network, state, True
        return twin

    def _in_memory_of_its_own(self, goes_on):
        """Turn a preview into the model that an end of training would leave, and return it."""
        network, state = self._network, self._state
        self._network = Network(network.architecture, np.array(network.parameters))
        self._state = (state if goes_on else state.without_optimizer()).apart()
        self._state.settle_best(self._network.parameters, goes_on)
        self._keeps_slots = goes_on
        return self

    def _settle_best(self):
        """Make the best model of a training that was cut off the model."""
        self._state.settle_best(self._network.parameters, goes_on=True)

    def _training_data(self, X, y, sample_weight=None, dtype=None):
        """Return data as training sees them, without what is drawn at random.

        Parameters
        ----------
        X, y, sample_weight : array-like
            As ``fit`` takes them.
        dtype : numpy.dtype
            The type of the weights; None for that of the network.
        """
        plan = self._plan()
        sample = self._intake(plan).sample(X, y, sample_weight, task=self._task)
        return sample.data(dtype or plan.dtype, None, self._task.steady_noise(plan.target_noise))

    # -- prediction --------------------------------------------------------------------------

    def _scores(self, X):
        """Return the outputs before the loss's link, in the network's precision."""
        self._check_is_fitted()
        return prediction.scores(self._network, self._checked(X))

    def _check_is_fitted(self):
        if not self.__sklearn_is_fitted__():  # scikit-learn's check costs as much as a prediction
            check_is_fitted(self)

    def _checked(self, X):
        """Return X, checked as inputs of the fitted network."""
        architecture = self._network.architecture
        inputs = self._blueprint_kind.inputs_kind(self, architecture.dtype)
        return inputs.check(X, architecture.map_shape or ())


def _unless_planned(why, plan):
    """Return a warning of a training that ended too early, if it could have ended by itself."""
    full_batch = plan.optimizer.full_batch
    could_end = plan.stopping.patience < inf or full_batch
    if could_end and not plan.schedule.has_horizon:
        remedy = (
            "tol, or scale X, in a regression y too"
            if full_batch
            else "learning_rate_init, or tol. If max_iter epochs are what you want, set "
            "n_iter_no_change=inf"
        )
        return f"Training ended {why} before it converged; raise max_iter, or {remedy}."
    return None
