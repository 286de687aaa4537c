"""Kernels compiled by numba: each does in one pass what plain numpy does in several.

Importing this package fails where numba is missing, or is there but cannot compile.
"""

import numpy as np

from skdeep.kernels.compiled.layers import (
    identity_backward,
    identity_forward,
    leaky_relu_backward,
    leaky_relu_forward,
    prelu_backward,
    prelu_forward,
    relu_backward,
    relu_forward,
)
from skdeep.kernels.compiled.losses import (
    binary_cross_entropy_loss,
    cross_entropy_loss,
    mean_binary_cross_entropy_loss,
    squared_error_loss,
)
from skdeep.kernels.compiled.maps import (
    gather_patches,
    max_pool,
    max_unpool,
    mean_pool,
    mean_unpool,
    resample,
    scatter_patches,
)
from skdeep.kernels.compiled.pieces import piecewise_gradient, piecewise_map
from skdeep.kernels.compiled.rows import dropout, gather, one_hot
from skdeep.kernels.compiled.smooth import (
    elu_backward,
    elu_forward,
    gelu_backward,
    gelu_forward,
    mish_backward,
    mish_forward,
    sigmoid_backward,
    sigmoid_forward,
    silu_backward,
    silu_forward,
    softplus_backward,
    softplus_forward,
    tanh_backward,
    tanh_forward,
)
from skdeep.kernels.compiled.updates import (
    adadelta_update,
    adagrad_update,
    adam_update,
    adamax_update,
    amsgrad_update,
    lion_update,
    momentum_update,
    nadam_update,
    nesterov_update,
    rmsprop_update,
    sgd_update,
)

__all__ = [
    "adadelta_update",
    "adagrad_update",
    "adam_update",
    "adamax_update",
    "amsgrad_update",
    "binary_cross_entropy_loss",
    "cross_entropy_loss",
    "dropout",
    "elu_backward",
    "elu_forward",
    "gather",
    "gather_patches",
    "gelu_backward",
    "gelu_forward",
    "identity_backward",
    "identity_forward",
    "leaky_relu_backward",
    "leaky_relu_forward",
    "lion_update",
    "max_pool",
    "max_unpool",
    "mean_binary_cross_entropy_loss",
    "mean_pool",
    "mean_unpool",
    "mish_backward",
    "mish_forward",
    "momentum_update",
    "nadam_update",
    "nesterov_update",
    "one_hot",
    "piecewise_gradient",
    "piecewise_map",
    "prelu_backward",
    "prelu_forward",
    "relu_backward",
    "relu_forward",
    "resample",
    "rmsprop_update",
    "scatter_patches",
    "sgd_update",
    "sigmoid_backward",
    "sigmoid_forward",
    "silu_backward",
    "silu_forward",
    "softplus_backward",
    "softplus_forward",
    "squared_error_loss",
    "tanh_backward",
    "tanh_forward",
]

# whether the compiler works; nearly every training needs this kernel, for these types
gather(np.zeros((1, 1), np.float32), np.zeros(1, np.intp), np.zeros((1, 1), np.float32))
