"""Which parameters an estimator has, for type checkers and editors.

Constructors keep their arguments by one call of ``store``, which tells a type checker nothing.
These mixins say what is then there. They hold annotations and no values, so that they change
nothing at run time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import numpy as np

from skdeep.activations import Activation
from skdeep.augmentation import Augmentation
from skdeep.initializers import Initializer
from skdeep.losses import Loss
from skdeep.optimizers import Optimizer
from skdeep.schedules import Schedule
from skdeep.training import Observer

Scoring = str | Callable[..., float] | Sequence[str] | Mapping[str, str | Callable[..., float]]


class NetworkParameters:
    """What every estimator has."""

    hidden_layer_sizes: int | Sequence[int]
    activation: str | Activation | Sequence[str | Activation]
    init: str | Initializer | Sequence[str | Initializer]
    bias_init: float
    optimizer: str | Optimizer
    learning_rate: str | Schedule
    learning_rate_init: float
    batch_size: int | Literal["auto", "full"]
    max_iter: int
    shuffle: bool
    alpha: float
    l1_ratio: float
    max_norm: float | None
    clip_norm: float | None
    dropout: float | Sequence[float]
    input_dropout: float
    input_noise: float
    augmentation: str | Augmentation | None
    tol: float
    n_iter_no_change: int | float
    early_stopping: bool
    validation_fraction: float
    warm_start: bool
    dtype: Literal["auto", "float32", "float64"]
    verbose: bool | int
    callbacks: Sequence[Observer] | None
    random_state: int | np.random.RandomState | None

    # scikit-learn sets these two in ``fit``
    n_features_in_: int
    feature_names_in_: np.ndarray


class _SupervisedParameters(NetworkParameters):
    skip_connections: bool
    scoring: Scoring | None


class ClassifierParameters(_SupervisedParameters):
    """What classifiers have beside."""

    label_smoothing: float
    class_weight: dict[Any, Any] | Sequence[dict[Any, Any]] | Literal["balanced"] | None


class RegressorParameters(_SupervisedParameters):
    """What regressors have beside."""

    loss: str | Loss
    target_scaling: Literal["standard"] | None
    target_noise: float


class AutoencoderParameters(NetworkParameters):
    """What autoencoders have beside."""

    tied_weights: bool
    loss: str | Loss
    scoring: Callable[..., float] | Mapping[str, Callable[..., float]] | None


class ConvolutionParameters:
    """What networks with convolution layers have beside."""

    input_shape: Sequence[int] | None
    conv_layers: Sequence[Sequence[int | Sequence[int]]]
    pool_size: int | Sequence[int | Sequence[int]]
    padding: Literal["same", "valid"]
    pooling: Literal["max", "average"]


class TabularParameters:
    """What estimators for raw tables have."""

    categorical_features: Any
    n_networks: int
    effort: float
    hidden_layer_sizes: int | Sequence[int] | Literal["auto"]
    activation: str | Activation | Sequence[str | Activation]
    learning_rate_init: float | None
    weight_decay: float
    batch_size: int
    dropout: float
    validation_fraction: float
    dtype: Literal["auto", "float32", "float64"]
    n_jobs: int | None
    verbose: bool | int
    random_state: int | np.random.RandomState | None

    network_weights_: np.ndarray
    validation_score_: float
    n_features_in_: int
    feature_names_in_: np.ndarray


class TabularClassifierParameters(TabularParameters):
    """What those for classification have beside."""

    label_smoothing: float
    class_weight: dict[Any, Any] | Sequence[dict[Any, Any]] | Literal["balanced"] | None

    networks_: list[Any]


class TabularRegressorParameters(TabularParameters):
    """What those for regression have beside."""

    networks_: list[Any]
