"""What all estimators share: check the input, assemble the parts, train, keep the result."""

import re
import warnings
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted

from skdeep.estimators import data as checks
from skdeep.estimators import prediction
from skdeep.estimators.attributes import FittedAttributes
from skdeep.estimators.refusals import check_augmentation, check_shortcuts
from skdeep.estimators.samples import check_sample, check_validation
from skdeep.estimators.scoring import check_scoring_of, split, validation_on
from skdeep.estimators.settings import assemble, constructor_of
from skdeep.losses import LOSSES
from skdeep.network import DenseArchitecture, Network
from skdeep.training import (
    Data,
    Stopping,
    Streams,
    Trainer,
    TrainingOptions,
    TrainingState,
)


class BaseNetwork(FittedAttributes, BaseEstimator):
    """Base class of skdeep's estimators.

    Subclasses say how targets are encoded (``_make_codec``, ``_numeric_targets``), which noise they
    bear (``_target_noise``), and what the network is made of (``_architecture``).
    """

    _losses = LOSSES
    _accept_sparse = "csr"
    _rebuilds = False  # whether the inputs are the targets

    _doc_link_module = "skdeep"
    _doc_link_template = "https://github.com/skdeep/skdeep#{estimator_name}"

    def _doc_link_url_param_generator(self):
        return {"estimator_name": type(self).__name__.lower()}

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = bool(self._accept_sparse)
        return tags

    def __sklearn_is_fitted__(self):
        return hasattr(self, "_network")

    def set_params(self, **params):
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

    def __getstate__(self):
        state = dict(super().__getstate__())
        if "_state" in state and not self._keeps_slots:
            state["_state"] = self._state.without_optimizer()
        return state

    # -- fitting -----------------------------------------------------------------------------

    def _fit(self, X, y, sample_weight, validation):
        """Train, given the data and the user's validation data (X, y, sample_weight)."""
        goes_on = bool(self.warm_start) and self.__sklearn_is_fitted__()
        with self._all_or_nothing(goes_on):
            settings = assemble(self)
            sample, codec = check_sample(self, X, y, sample_weight, settings)
            given = check_validation(self, *validation, codec, settings, sample)
            splits = self.early_stopping or settings.schedule.needs_validation
            check_scoring_of(self, given or splits)
            network, state = self._start(sample, codec, settings, goes_on)
            self._codec = codec
            rows, validation = None, None
            if given is not None:
                validation = validation_on(self, given, None, network, state)
            elif splits:
                rows, held = split(self, sample, state.streams.split)
                validation = validation_on(self, sample, held, network, state)
            why = self._train(network, state, settings, sample, rows, validation, self.max_iter)
            self._keeps_slots = bool(self.warm_start)
        if why is not None:
            self._warn(why, settings)
        return self

    def _fit_one_epoch(self, X, y, classes, sample_weight):
        goes_on = self.__sklearn_is_fitted__()
        with self._all_or_nothing(goes_on):
            settings = assemble(self)
            self._check_partial_fit(settings)
            codec = self._codec if goes_on else None
            sample, codec = check_sample(self, X, y, sample_weight, settings, classes, codec)
            network, state = self._start(sample, codec, settings, goes_on)
            self._codec = codec
            self._train(network, state, settings, sample, None, None, epochs=1)
            self._keeps_slots = True
        return self

    @contextmanager
    def _all_or_nothing(self, goes_on):
        """Leave the estimator as it was if anything is raised within."""
        before = dict(vars(self))
        if goes_on:
            parameters, restore = self._network.parameters.copy(), self._state.checkpoint()
        try:
            yield
        except BaseException:
            vars(self).clear()
            vars(self).update(before)
            if goes_on:
                self._network.parameters[...] = parameters
                restore()
            raise

    # -- checks ------------------------------------------------------------------------------

    def _check_partial_fit(self, settings):
        hindrances = {
            "optimizer": settings.optimizer.full_batch
            and "it needs all data at once; use a stochastic optimizer",
            "early_stopping": self.early_stopping
            and "no validation data lasts from call to call; set it to False",
            "learning_rate": settings.schedule.needs_validation
            and "it needs validation data; use another schedule",
            "scoring": self.scoring is not None and "nothing is validated; set it to None",
        }
        for name, why in hindrances.items():
            if why:
                raise ValueError(
                    f"partial_fit does not work with {name}={getattr(self, name)!r}: {why}."
                )

    # -- start, or go on ---------------------------------------------------------------------

    def _flat(self, X, known=()):
        """Return X with flat rows, and the shape of a row where that matters.

        Raises ValueError if rows have a shape, but not the ``known`` one.
        """
        return X, ()

    def _input_shape(self):
        """Return the shape of a row that is asked for, () for none."""
        return ()

    def _architecture(self, sample, codec, settings):
        """Return what the network is made of."""
        return DenseArchitecture(
            sample.X.shape[1],
            settings.hidden,
            codec.n_outputs,
            settings.loss or codec.loss,
            settings.dtype,
            bool(self.skip_connections),
        )

    def _start(self, sample, codec, settings, goes_on):
        """Return a network and the state of its training, new or to go on with."""
        if goes_on and not sample.shape:
            sample = replace(sample, shape=self._network.architecture.map_shape or ())
        architecture = self._architecture(sample, codec, settings)
        check_shortcuts(architecture)
        check_augmentation(settings.augmentation, sample.X, architecture.map_shape)
        stopping = Stopping(self.n_iter_no_change, self.tol, self._watched())
        parts = settings.optimizer, settings.schedule, stopping
        if goes_on:
            self._check_unchanged(architecture, codec)
            self._state.go_on_with(*parts, self._network.parameters)
            return self._network, self._state
        seed = int(check_random_state(self.random_state).randint(2**31 - 1))
        network, streams = Network(architecture), Streams(seed)
        damp = isinstance(self.init, str) and self.init == "auto"
        network.initialise(settings.initializers, float(self.bias_init), streams.init, damp)
        settings.optimizer.start(network.parameters)
        settings.schedule.start()
        return network, TrainingState(streams, *parts)

    def _watched(self):
        """Return what tells progress, in words that outlive a pickle: without addresses."""
        words = f"scoring={self.scoring!r}" if self.early_stopping else "loss"
        return re.sub(r" at 0x[0-9a-f]+", "", words, flags=re.IGNORECASE)

    def _check_unchanged(self, architecture, codec):
        before = {**self._network.architecture.describe(), "classes": self._codec.classes}
        after = {**architecture.describe(), "classes": codec.classes}
        for name, now in after.items():
            if not np.array_equal(now, before[name]):
                raise ValueError(
                    f"Training cannot go on with a changed network: {name} was {before[name]}, and "
                    f"is now {now}. To start anew, call fit with warm_start=False."
                )

    # -- training ----------------------------------------------------------------------------

    def _train(self, network, state, settings, sample, rows, validation, epochs):
        """Train, and keep the result; return why training ended, unless by itself."""
        weights, rows = checks.effective(sample.weights, rows, settings.dtype)
        noise, rng = self._target_noise(), state.streams.target_noise
        data = Data(sample.X, self._codec.targets(sample.targets, noise, rng), weights, rows)
        options = self._options(len(data), settings, network)
        why = Trainer(network, state, options, data, validation).run(epochs)
        self._network, self._state = network, state
        return why

    def _options(self, n, settings, network):
        if settings.optimizer.full_batch:
            batch_size = prediction.block_rows(network)
        else:
            batch_size = {"auto": 200, "full": n}.get(self.batch_size, self.batch_size)
        return TrainingOptions(
            penalty=settings.penalty,
            noise=settings.noise,
            augment=self._augment(settings.augmentation, network.architecture),
            batch_size=min(int(batch_size), n),
            shuffle=bool(self.shuffle),
            learning_rate_init=float(self.learning_rate_init),
            max_iter=int(self.max_iter),
            clip_norm=None if self.clip_norm is None else float(self.clip_norm),
            max_norm=None if self.max_norm is None else float(self.max_norm),
            early_stopping=bool(self.early_stopping),
            goes_on=bool(self.warm_start),
            tol=float(self.tol),
            verbose=int(self.verbose),
        )

    def _augment(self, augmentation, architecture):
        """Return a function that changes a batch in place, given it and a random generator."""
        if augmentation is None:
            return None

        def augment(batch, rng):
            augmentation.apply(batch, architecture.map_shape, rng)
            if self._rebuilds:
                with checks.naming(f"augmentation={augmentation}"):
                    architecture.loss.check_targets(batch.y)

        return augment

    def _warn(self, why, settings):
        full_batch = settings.optimizer.full_batch
        could_end = self.n_iter_no_change < self.max_iter or full_batch
        if could_end and not settings.schedule.has_horizon:
            remedy = "tol, or scale the data" if full_batch else "learning_rate_init, or tol"
            warnings.warn(
                f"Training ended {why} before it converged; raise max_iter, or {remedy}.",
                ConvergenceWarning,
                stacklevel=3,
            )

    # -- prediction --------------------------------------------------------------------------

    def _scores(self, X):
        """Return the outputs before the link, in the network's precision."""
        if not self.__sklearn_is_fitted__():  # scikit-learn's check costs as much as a prediction
            check_is_fitted(self)
        return prediction.scores(self._network, self._checked(X))

    def _checked(self, X):
        """Return X for a fitted network."""
        network = self._network
        return checks.check_features(self, X, network.dtype, network.architecture.map_shape)
